"""Asking services for the messages they put aside."""
