"""Measures of a plan that nobody has seen to in time, and what their owners are told."""
