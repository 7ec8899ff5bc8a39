"""The three services: each talks with the others through Kafka and HTTP alone."""

from services.compiled import prefer

prefer()
