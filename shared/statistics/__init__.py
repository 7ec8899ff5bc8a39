"""Statistics that more than one service needs, as pure functions."""
