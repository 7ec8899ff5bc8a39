"""The weekly summary of a recipient: when it is written, and what it tells."""
