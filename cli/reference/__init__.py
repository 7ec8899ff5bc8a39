"""The page of metrics: every number, written from the code that computes it."""
