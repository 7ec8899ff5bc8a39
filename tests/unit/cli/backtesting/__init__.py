"""Backtests, compared with the same judged on every day from books made as the metrics service makes them."""
