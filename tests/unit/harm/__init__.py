"""Tests of the programs that do harm and load: what they judge by."""
