"""The public contract: every message that crosses a service boundary, and the topics they travel on."""
