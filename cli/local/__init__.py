"""Everything on one machine: Kafka, PostgreSQL, a mailbox and the services; and the demo."""
