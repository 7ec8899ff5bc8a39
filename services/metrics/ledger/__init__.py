"""The ledger of facts in PostgreSQL: its statements, and reading it."""
