"""Whole journeys through the running product."""
