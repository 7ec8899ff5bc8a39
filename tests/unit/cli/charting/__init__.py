"""`stadga chart`."""
