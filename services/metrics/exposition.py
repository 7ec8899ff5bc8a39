"""Business metrics as Prometheus reads them: rendered when values change, served as bytes."""

from collections.abc import Iterable, Mapping

from prometheus_client import CollectorRegistry, generate_latest

from services.metrics.domain.board import AHEAD as DAYS_AHEAD
from services.metrics.domain.board import Published
from shared.contracts.metrics import ALL
from shared.contracts.prometheus import AHEAD, BUSINESS, Gauge

TODAY, LATER = "today", "later"
FAMILIES: Mapping[tuple[str, str], Gauge] = {
    **{(TODAY, name): gauge for name, gauge in BUSINESS.items()},
    **{(LATER, name): gauge for name, gauge in AHEAD.items()},
}


class Exposition:
    """Today's values of every group, and those ahead of each unit, as text; what others are not shown has no series.

    Values are taken in and rendered beside the event loop, by one evaluator at a time; a scrape takes what was last
    rendered.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        """Process metrics come from ``registry``, after the business ones."""
        self._registry = registry
        self.clear()

    def clear(self) -> None:
        """Forget all values: this replica no longer evaluates, or starts anew."""
        self._lines: dict[tuple[str, str], dict[str, bytes]] = {family: {} for family in FAMILIES}
        self._stale: set[tuple[str, str]] = set()
        self._rendered: dict[tuple[str, str], bytes] = {}

    def update(self, values: Iterable[Published], today: int) -> None:
        """Take in values; of days that Prometheus does not show, none."""
        for p in values:
            ahead = p.as_of - today
            labels = f'unit="{_escaped(p.group.unit)}",occupation="{_escaped(p.group.occupation)}"'
            if not ahead:
                self._take(TODAY, p, f"{{{labels}}}")
            elif ahead in DAYS_AHEAD and p.group.occupation == ALL:
                self._take(LATER, p, f'{{{labels},days="{ahead}"}}')

    def _take(self, when: str, p: Published, labels: str) -> None:
        for name, value in p.metrics.items():
            family = when, name
            if (lines := self._lines.get(family)) is None:
                continue
            self._stale.add(family)
            if value.value is None:
                lines.pop(labels, None)
            else:
                lines[labels] = f"{FAMILIES[family].name}{labels} {value.value!r}\n".encode()

    def render(self) -> None:
        """Make what a scrape gets of the families that changed."""
        rendered = self._rendered | {family: _text(FAMILIES[family], self._lines[family]) for family in self._stale}
        self._rendered = {family: rendered[family] for family in FAMILIES if rendered.get(family)}
        self._stale = set()

    def business(self) -> list[bytes]:
        """The business metrics alone, a part for each family."""
        return list(self._rendered.values())

    def scraped(self) -> list[bytes]:
        """Everything a scrape gets."""
        return [*self.business(), generate_latest(self._registry)]


def _text(gauge: Gauge, lines: Mapping[str, bytes]) -> bytes:
    head = f"# HELP {gauge.name} {gauge.help}\n# TYPE {gauge.name} gauge\n".encode()
    return head + b"".join(lines.values()) if lines else b""


def _escaped(label: str) -> str:
    return label.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
