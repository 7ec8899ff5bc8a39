"""For which days values are published: those that late data restates, and those of which something is known ahead."""

RESTATED_DAYS = 28
"""Values of the last 28 days are restated when late data arrives, so no hold of a plan can be longer."""

HORIZONS = (30, 60, 90)
"""The days ahead for which what is already known is published."""
