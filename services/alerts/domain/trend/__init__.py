"""Targets without a limit: the control chart of a unit's months says whether there is a breach."""
