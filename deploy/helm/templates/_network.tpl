{{/* Egress to somewhere at some ports; the context has `ports` and `to`. */}}
{{- define "stadga.outward" -}}
- ports:
    {{- range .ports }}
    - port: {{ . }}
      protocol: TCP
    {{- end }}
  {{- with .to }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}

{{/* Names are looked up over either protocol; behind its Service the server of OpenShift listens at 5353. */}}
{{- define "stadga.names" -}}
- ports:
    {{- range list 53 5353 }}
    - port: {{ . }}
      protocol: UDP
    - port: {{ . }}
      protocol: TCP
    {{- end }}
{{- end }}

{{/* A part's policy. The context has `root`, `name`, `inward`: who may come by the port's name, and `outward`. */}}
{{- define "stadga.network" -}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  {{- include "stadga.metadata" (list .root .name) | nindent 2 }}
spec:
  podSelector:
    matchLabels:
      {{- include "stadga.selector" (list .root .name) | nindent 6 }}
  policyTypes: [Ingress, Egress]
  {{- $inward := list }}
  {{- range $port, $from := .inward }}
  {{- /* An empty list would be everybody. */}}
  {{- if $from }}
  {{- $inward = append $inward (dict "from" $from "ports" (list (dict "port" $port "protocol" "TCP"))) }}
  {{- end }}
  {{- end }}
  ingress:
    {{- toYaml $inward | nindent 4 }}
  egress:
    {{- include "stadga.names" . | nindent 4 }}
    {{- range .outward }}
    {{- include "stadga.outward" . | nindent 4 }}
    {{- end }}
{{- end }}
