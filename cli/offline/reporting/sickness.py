"""The yearly disclosure of sickness absence, from event logs instead of the database of the metrics service."""

from collections.abc import Iterable, Mapping
from datetime import date

from services.metrics.domain.disclosure import staff
from services.metrics.domain.disclosure.decisions import hidden_of
from services.metrics.domain.disclosure.told import told_of_all
from services.metrics.domain.facts.entry import Entry
from services.metrics.domain.facts.tally import Fact
from services.metrics.domain.reports.sickness import BY, MEASURES, disclosure, period, times
from services.metrics.domain.sums.groups import Roster
from services.metrics.domain.sums.kernels import total
from services.metrics.domain.sums.tree import Trees
from shared.contracts.sickness import Disclosure


def disclose(
    facts: Iterable[Fact], definitions: Mapping[str, Iterable[Entry]], year: int, unit: str, as_of: date
) -> Disclosure:
    """The disclosure of a unit as known on a day, from all facts and every unit's definitions.

    Raises DisclosureError.
    """
    asked = period(year, as_of)
    trees = Trees(definitions)
    place = trees.on(asked.last.toordinal())
    roster = Roster(place, BY)
    columns = roster.columns(f for f in facts if f.measure in MEASURES | staff.MEASURES)
    sums = total(columns, roster.belongs, len(roster.groups), asked.days, asked.window)
    hidden = hidden_of(roster, columns, trees, place, asked.periods)
    told = told_of_all(columns, roster.belongs, asked.periods, hidden)
    return disclosure(asked, unit, place, times(list(roster.groups), sums, told))
