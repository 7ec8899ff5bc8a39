"""A rehearsal: plans judged on an event log, by the domains of the services, without Kafka or PostgreSQL."""
