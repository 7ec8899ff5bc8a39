"""Tests on real Kafka, PostgreSQL and SMTP."""
