"""The tests: unit and contract start nothing; integration and e2e use real Kafka, PostgreSQL and SMTP."""
