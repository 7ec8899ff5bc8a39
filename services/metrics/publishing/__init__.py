"""What the metrics service publishes: values that changed, on one replica at a time."""
