"""From facts to sums: kernels, groups, the unit tree, periods, and the formulas of metrics."""
