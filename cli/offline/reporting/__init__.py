"""`stadga report`: statutory reports, from event logs or from the running metrics service."""
