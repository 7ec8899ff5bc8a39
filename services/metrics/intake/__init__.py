"""From Kafka to the ledger: events are folded into records, records into facts."""
