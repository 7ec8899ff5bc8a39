"""Helm, run by tests: it makes manifests of the chart in deploy/helm."""
