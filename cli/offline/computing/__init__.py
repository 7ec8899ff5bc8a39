"""`stadga compute`: the domain of the metrics service on a file, without Kafka or PostgreSQL."""
