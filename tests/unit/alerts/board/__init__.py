"""Tests of the board's pages."""
