"""Disclosure control: which groups are suppressed in which months, and why."""
