"""``python -m services.metrics``."""

import gc

from services.metrics.app import metrics
from services.metrics.settings import MetricsSettings
from shared.kit import allocator
from shared.kit.process import run

BETWEEN_COLLECTIONS = (50_000, 20, 100)
"""Folding makes many short-lived objects and no cycles: with Python's own thresholds a third of the time goes into
looking for some."""

if __name__ == "__main__":
    allocator.settle()
    gc.set_threshold(*BETWEEN_COLLECTIONS)
    run("metrics", MetricsSettings, metrics, lambda settings: settings.stadga_metrics_port)
