"""The yearly disclosure of sickness absence, from event logs instead of the database of the metrics service."""

from collections.abc import Iterable, Mapping
from datetime import date

from services.metrics.domain.coverage.coverage import Coverage
from services.metrics.domain.disclosure import staff
from services.metrics.domain.facts.entry import Entry
from services.metrics.domain.facts.tally import Fact
from services.metrics.domain.reports.sickness import BY, MEASURES, disclosure, period, times
from services.metrics.domain.sums.groups import Roster
from services.metrics.domain.sums.tree import Trees
from services.metrics.domain.values.answer import AnswerDays, answer
from shared.contracts.sickness import Disclosure


def disclose(
    facts: Iterable[Fact],
    definitions: Mapping[str, Iterable[Entry]],
    year: int,
    unit: str,
    as_of: date,
    coverage: Coverage | None = None,
) -> Disclosure:
    """The disclosure of a unit as known on a day, from all facts, every unit's definitions, and who tells since when.

    Raises DisclosureError.
    """
    asked = period(year, as_of)
    trees = Trees(definitions)
    place = trees.on(asked.last.toordinal())
    roster = Roster(place, BY)
    read = (fact for fact in facts if fact.measure in MEASURES | staff.MEASURES)
    found = answer(read, roster, trees, place, AnswerDays(asked.days, asked.window, asked.periods), coverage=coverage)
    return disclosure(asked, unit, place, times(found))
