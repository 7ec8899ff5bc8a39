"""The action plan: its text read, its faults, what it promises for which unit."""
