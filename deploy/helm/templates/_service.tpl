{{/* A service: its Deployment, its address in the cluster and its budget. The context has `root`, `name`, `port`,
`groups` of settings, `environment` of its own, `files`: ConfigMaps by the folder's name, and `doors`: further ports by
their names. */}}
{{- define "stadga.service" -}}
{{- $part := list .root .name }}
{{- $values := index .root.Values .name }}
apiVersion: apps/v1
kind: Deployment
metadata:
  {{- include "stadga.metadata" $part | nindent 2 }}
spec:
  {{- if not (dig "autoscaling" "enabled" false $values) }}
  replicas: {{ $values.replicas }}
  {{- end }}
  # A new pod is ready before an old one stops.
  strategy:
    rollingUpdate: { maxUnavailable: 0, maxSurge: 1 }
  selector:
    matchLabels:
      {{- include "stadga.selector" $part | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "stadga.labels" $part | nindent 8 }}
    spec:
      {{- include "stadga.pod" .root | nindent 6 }}
      # What is under way ends in a minute at the most.
      terminationGracePeriodSeconds: 75
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              {{- include "stadga.selector" $part | nindent 14 }}
      containers:
        - name: {{ .name }}
          {{- include "stadga.container" .root | nindent 10 }}
          args: [python, -m, services.{{ .name }}]
          ports:
            - name: http
              containerPort: {{ .port }}
            {{- range $name, $port := .doors }}
            - name: {{ $name }}
              containerPort: {{ $port }}
            {{- end }}
          env:
            - name: STADGA_HOST
              value: 0.0.0.0
            - name: STADGA_HOSTS
              value: {{ include "stadga.hosts" . | quote }}
            - name: STADGA_LOG
              value: json
            {{- range $name, $value := .environment }}
            - name: {{ $name }}
              value: {{ $value | quote }}
            {{- end }}
            {{- include "stadga.environment" .groups | nindent 12 }}
          {{- include "stadga.probes" . | nindent 10 }}
          lifecycle:
            # Until nobody sends requests here any more.
            preStop:
              sleep: { seconds: 5 }
          resources:
            {{- toYaml $values.resources | nindent 12 }}
          volumeMounts:
            - name: tmp
              mountPath: /tmp
            {{- range .files }}
            - name: {{ . }}
              mountPath: /etc/stadga/{{ . }}
              readOnly: true
            {{- end }}
            {{- include "stadga.mounts" .groups | nindent 12 }}
      volumes:
        - name: tmp
          emptyDir: {}
        {{- $release := .root.Release.Name }}
        {{- range .files }}
        - name: {{ . }}
          configMap:
            name: {{ $release }}-{{ . }}
        {{- end }}
        {{- include "stadga.volumes" .groups | nindent 8 }}
---
apiVersion: v1
kind: Service
metadata:
  {{- include "stadga.metadata" $part | nindent 2 }}
spec:
  selector:
    {{- include "stadga.selector" $part | nindent 4 }}
  ports:
    - name: http
      port: {{ .port }}
      targetPort: http
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  {{- include "stadga.metadata" $part | nindent 2 }}
spec:
  maxUnavailable: 1
  # One that does not work keeps no node from being emptied.
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "stadga.selector" $part | nindent 6 }}
{{- end }}

{{/* Every name of the service inside the cluster, and those that people use. */}}
{{- define "stadga.hosts" -}}
{{- $name := printf "%s-%s" .root.Release.Name .name }}
{{- $space := printf "%s.%s" $name .root.Release.Namespace }}
{{- $known := list $name $space (printf "%s.svc" $space) (printf "%s.svc.cluster.local" $space) }}
{{- concat $known .root.Values.hosts | join "," }}
{{- end }}
