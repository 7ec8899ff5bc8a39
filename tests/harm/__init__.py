"""Harm on a running stack: a million hostile inputs (``make harm``), an hour of load with outages (``make load``)."""
