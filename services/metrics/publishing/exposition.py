"""Business metrics as Prometheus reads them: rendered when values change, served as bytes."""

from collections.abc import Iterable, Mapping

from prometheus_client import CollectorRegistry, generate_latest

from services.metrics.domain.sums.groups import Group
from services.metrics.domain.values.sheet import Published
from shared.contracts.metrics import ALL, HORIZONS
from shared.contracts.prometheus import AHEAD, BUSINESS, Gauge
from shared.contracts.tenants import ALONE, Tenant

TODAY, LATER = "today", "later"
Family = tuple[str, str]
"""When, and a metric's name."""

FAMILIES: Mapping[Family, Gauge] = {
    **{(TODAY, name): gauge for name, gauge in BUSINESS.items()},
    **{(LATER, name): gauge for name, gauge in AHEAD.items()},
}
HEADS = {f: f"# HELP {gauge.name} {gauge.help}\n# TYPE {gauge.name} gauge\n".encode() for f, gauge in FAMILIES.items()}

BLOCK = 2_000
"""Groups whose lines are rendered together: what one group changes costs no more than that."""


class Exposition:
    """Today's values of every group, and those ahead of each unit, as text; what others are not shown has no series.

    Values are taken in and rendered beside the event loop, those of a shard by one evaluator at a time; a scrape takes
    what was last rendered.
    """

    def __init__(self, registry: CollectorRegistry, tenant: Tenant = ALONE) -> None:
        """Process metrics come from ``registry``, after the business ones, which say whose they are."""
        self._registry, self._tenant = registry, tenant
        self._pages: dict[int, Pages] = {}

    def clear(self, shard: int = 0) -> None:
        """Forget all values of a shard: this replica no longer evaluates it, or starts anew.

        A thread that is still at work for an evaluation that was ended goes on with pages that nobody reads.
        """
        self._pages.pop(shard, None)

    def pages(self, shard: int = 0) -> "Pages":
        """What to take a shard's values into, until all are forgotten."""
        return self._pages.setdefault(shard, Pages(self._tenant))

    def business(self) -> list[bytes]:
        """The business metrics alone, in parts."""
        rendered = [pages.rendered for _, pages in sorted(self._pages.items())]
        found = []
        for family, head in HEADS.items():
            if parts := [part for one in rendered for part in one.get(family, ())]:
                found += [head, *parts]
        return found

    def scraped(self) -> list[bytes]:
        """Everything a scrape gets."""
        return [*self.business(), generate_latest(self._registry)]


class Pages:
    """The values of one evaluation, and what was last rendered of them."""

    def __init__(self, tenant: Tenant = ALONE) -> None:
        """No values."""
        self._whose = f'tenant="{tenant.name}",' if tenant.name else ""
        self._numbers: dict[Group, int] = {}
        self._lines: dict[Family, dict[int, dict[tuple[int, int], bytes]]] = {family: {} for family in FAMILIES}
        self._empty: set[int] = set()
        self._stale: set[tuple[Family, int]] = set()
        self._texts: dict[Family, dict[int, bytes]] = {family: {} for family in FAMILIES}
        self.rendered: dict[Family, list[bytes]] = {}

    def update(self, values: Iterable[Published], today: int) -> None:
        """Take in values; of days that Prometheus does not show, none."""
        for p in values:
            ahead = p.as_of - today
            labels = f'{self._whose}unit="{_escaped(p.group.unit)}",occupation="{_escaped(p.group.occupation)}"'
            if not ahead:
                self._take(TODAY, p, ahead, f"{{{labels}}}")
            elif ahead in HORIZONS and p.group.occupation == ALL:
                self._take(LATER, p, ahead, f'{{{labels},days="{ahead}"}}')

    def empty(self, groups: Iterable[Group]) -> None:
        """These groups and no others are shown no more, though there are values of them: nobody is in them."""
        now = {self._numbers[group] for group in groups if group in self._numbers}
        turned = {number // BLOCK for number in now ^ self._empty}
        self._stale |= {(f, block) for f, blocks in self._lines.items() for block in turned & blocks.keys()}
        self._empty = now

    def _take(self, when: str, p: Published, ahead: int, labels: str) -> None:
        number = self._numbers.setdefault(p.group, len(self._numbers))
        for name, value in p.metrics.items():
            if (family := (when, name)) in FAMILIES:
                lines = self._lines[family].setdefault(number // BLOCK, {})
                self._stale.add((family, number // BLOCK))
                if value.value is None:
                    lines.pop((number, ahead), None)
                else:
                    lines[number, ahead] = f"{FAMILIES[family].name}{labels} {value.value!r}\n".encode()

    def render(self) -> None:
        """Make what a scrape gets, anew where it changed."""
        for family, block in self._stale:
            lines = self._lines[family][block]
            self._texts[family][block] = b"".join(line for (n, _), line in lines.items() if n not in self._empty)
        self._stale = set()
        self.rendered = {family: list(texts.values()) for family, texts in self._texts.items() if any(texts.values())}


def _escaped(label: str) -> str:
    return label.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
