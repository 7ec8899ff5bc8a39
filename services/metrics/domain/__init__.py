"""Record → facts → kernels: from a subject's events to additive deltas by day, and from those to every metric."""
