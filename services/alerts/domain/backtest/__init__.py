"""A backtest: every alert that a plan would have raised, judged day by day on values as they were known then."""
