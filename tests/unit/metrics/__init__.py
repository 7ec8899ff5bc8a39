"""The metrics service's domain: facts, kernels and published values, without any I/O."""
