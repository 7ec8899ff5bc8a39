"""Days on which people are at work."""
