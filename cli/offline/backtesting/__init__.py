"""A backtest: every alert that plans would have raised on a log, judged day by day as the services would have."""
