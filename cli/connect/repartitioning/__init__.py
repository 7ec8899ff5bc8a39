"""What ``stadga topics repartition`` does."""
