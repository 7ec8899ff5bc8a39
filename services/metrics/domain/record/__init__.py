"""Which events hold, and how a record changes with each batch."""
