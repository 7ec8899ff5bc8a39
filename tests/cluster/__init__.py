"""A Kubernetes of the tests' own, without machines: its API server and its store, and Helm."""
