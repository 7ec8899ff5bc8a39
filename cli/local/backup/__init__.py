"""What ``stadga backup`` and ``stadga restore`` do: everything that cannot be made again, as one folder."""
