"""The OpenAPI documents: what every operation has in common, examples, and the events that a request may hold."""
