"""Backtests, compared with the same judged on every day from boards made as the metrics service makes them."""
