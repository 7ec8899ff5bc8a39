"""Commands that compute from files, without any service."""
