"""Tests of what ingest accepts, replaces and refuses."""
