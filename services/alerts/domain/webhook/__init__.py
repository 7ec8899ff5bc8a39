"""Notices for other systems: where they are sent, and what they say."""
