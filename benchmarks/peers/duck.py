"""The job as a batch in DuckDB; run by an interpreter of its own, which has the library.

``python -m benchmarks.peers.duck LOG DATABASE FACTS``: a file of events, JSON a line, becomes a table in a database
that is kept, and that a file of comma-separated values.
"""

import sys
from pathlib import Path

import duckdb


def main(log: str, database: str, facts: str) -> None:
    """Run the batch."""
    with duckdb.connect(database) as connection:
        connection.execute("set timezone = 'UTC'")
        for statement in connection.extract_statements(Path(__file__).with_name("facts.sql").read_text()):
            connection.execute(statement, {"log": log} if statement.named_parameters else None)
        connection.table("facts").write_csv(facts)


if __name__ == "__main__":
    main(*sys.argv[1:])
