{{/* Groups of settings as environment variables; the context is a list of groups. Numbers as they were written: Helm
reads them as floating-point ones. */}}
{{- define "stadga.environment" -}}
{{- range . }}
{{- range $name, $value := .settings }}
- name: {{ $name }}
  value: {{ kindIs "string" $value | ternary $value (toJson $value) | quote }}
{{- end }}
{{- range $name, $from := .secretSettings }}
- name: {{ $name }}
  valueFrom:
    secretKeyRef: {{- toYaml $from | nindent 6 }}
{{- end }}
{{- range $name, $from := .secretFiles }}
- name: {{ $name }}
  value: {{ include "stadga.folder" $name }}/{{ $from.key }}
{{- end }}
{{- end }}
{{- end }}

{{- define "stadga.folder" -}}
/etc/stadga/{{ include "stadga.volume" . }}
{{- end }}

{{- define "stadga.volume" -}}
{{ . | lower | replace "_" "-" }}
{{- end }}

{{/* Whole folders are mounted: a file mounted by itself stays as it was when its Secret or ConfigMap changes. */}}
{{- define "stadga.volumes" -}}
{{- range . }}
{{- with .certificates }}
- name: certificates
  secret:
    secretName: {{ . }}
    defaultMode: 0440
{{- end }}
{{- range $name, $from := .secretFiles }}
- name: {{ include "stadga.volume" $name }}
  secret:
    secretName: {{ $from.name }}
    defaultMode: 0440
    items:
      - key: {{ $from.key }}
        path: {{ $from.key }}
{{- end }}
{{- end }}
{{- end }}

{{- define "stadga.mounts" -}}
{{- range . }}
{{- if .certificates }}
- name: certificates
  mountPath: /etc/stadga/certificates
  readOnly: true
{{- end }}
{{- range $name, $from := .secretFiles }}
- name: {{ include "stadga.volume" $name }}
  mountPath: {{ include "stadga.folder" $name }}
  readOnly: true
{{- end }}
{{- end }}
{{- end }}
