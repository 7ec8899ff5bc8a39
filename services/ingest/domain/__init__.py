"""What ingest decides, purely: is this a valid event, whom does it name, and what travels on."""
