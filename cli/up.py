"""``stadga up``: the local stack and the services, until Ctrl-C."""


def up() -> None:
    """Start Kafka, PostgreSQL, the mailbox and the services."""
