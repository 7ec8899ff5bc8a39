{{/* A job before the services are installed or upgraded. The context has `root`, `name`, `args`, `groups`. */}}
{{- define "stadga.job" -}}
apiVersion: batch/v1
kind: Job
metadata:
  {{- include "stadga.metadata" (list .root .name) | nindent 2 }}
  annotations:
    helm.sh/hook: pre-install,pre-upgrade
    # One that failed stays, with its log, until the next attempt.
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
spec:
  # Kafka or PostgreSQL may come up after the job.
  backoffLimit: 6
  template:
    metadata:
      labels:
        {{- include "stadga.labels" (list .root .name) | nindent 8 }}
    spec:
      {{- include "stadga.pod" .root | nindent 6 }}
      restartPolicy: Never
      containers:
        - name: {{ .name }}
          {{- include "stadga.container" .root | nindent 10 }}
          args:
            {{- toYaml .args | nindent 12 }}
          env:
            {{- include "stadga.environment" .groups | nindent 12 }}
          resources:
            requests: { cpu: 100m, memory: 128Mi }
            limits: { memory: 512Mi }
          volumeMounts:
            - name: tmp
              mountPath: /tmp
            {{- include "stadga.mounts" .groups | nindent 12 }}
      volumes:
        - name: tmp
          emptyDir: {}
        {{- include "stadga.volumes" .groups | nindent 8 }}
{{- end }}
