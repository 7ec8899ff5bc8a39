"""Business metrics as Prometheus reads them: rendered when values change, served as bytes."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, generate_latest

from services.metrics.domain.board import Published
from shared.contracts.prometheus import BUSINESS


class Exposition:
    """Today's values of every group as text; what is not shown to others has no series."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Process metrics come from ``registry``, after the business ones."""
        self._registry = registry
        self._lines: dict[str, dict[str, bytes]] = {name: {} for name in BUSINESS}
        self._heads = {
            name: f"# HELP {g.name} {g.help}\n# TYPE {g.name} gauge\n".encode() for name, g in BUSINESS.items()
        }
        self._rendered: bytes | None = b""

    def clear(self) -> None:
        """Forget all values: this replica no longer evaluates, or starts anew."""
        self._lines = {name: {} for name in BUSINESS}
        self._rendered = None

    def update(self, today: Iterable[Published]) -> None:
        """Take in values as of today."""
        for p in today:
            labels = f'{{unit="{_escaped(p.group.unit)}",occupation="{_escaped(p.group.occupation)}"}}'
            for name, value in p.metrics.items():
                if value.value is None:
                    self._lines[name].pop(labels, None)
                else:
                    self._lines[name][labels] = f"{BUSINESS[name].name}{labels} {value.value!r}\n".encode()
        self._rendered = None

    def business(self) -> bytes:
        """The business metrics alone."""
        if self._rendered is None:
            parts = (self._heads[name] + b"".join(lines.values()) for name, lines in self._lines.items() if lines)
            self._rendered = b"".join(parts)
        return self._rendered

    def render(self) -> bytes:
        """Everything a scrape gets."""
        return self.business() + generate_latest(self._registry)


def _escaped(label: str) -> str:
    return label.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
