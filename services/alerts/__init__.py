"""The alerts service: holds the action plan, compares it with the metrics and tells the right person."""
