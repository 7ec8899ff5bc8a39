"""The public side of every metric: its name, what it means, of whom it is told and how chance is judged.

Formulas live in the metrics service; the table is what other services and documents may know.
"""

from shared.contracts.catalogue.disclosure import Disclosure
from shared.contracts.catalogue.metric import Direction, Interval, Metric, Unit
from shared.contracts.catalogue.staff import STAFF
from shared.contracts.catalogue.work import WORK

__all__ = ["BY_NAME", "METRICS", "Direction", "Disclosure", "Interval", "Metric", "Unit"]

METRICS = (*STAFF, *WORK)
"""In the order that documents list them."""

BY_NAME: dict[str, Metric] = {m.name: m for m in METRICS}
