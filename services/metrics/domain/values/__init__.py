"""From sums to values: what is published, and how it was restated."""
