"""A plausible HR event log of a municipality's social services, the same for the same seed.

``simulate`` in ``cli.simulation.log`` is the way in. Reality (who is hired, falls ill, resigns) is drawn month by
month; what the source systems make of it (late, wrong, twice) is drawn from a stream of its own in ``reporter``, so
the hostility of the log does not change what happened.
"""
