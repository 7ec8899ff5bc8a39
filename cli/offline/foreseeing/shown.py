"""What the evaluations of a plan could show, in sentences, before anybody relies on them."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from cli.offline.foreseeing.weekly import Foreseen
from cli.offline.foreseeing.words import WORDS
from services.alerts.domain.alert.observation import SeriesKey
from services.alerts.domain.evaluation.foresight import Foresight, History, foresight
from services.alerts.domain.evaluation.told import is_counted
from services.alerts.domain.evaluation.windows import windows
from services.alerts.domain.plan.plan import Action, Evaluate, Plan, Unit
from shared.contracts.catalogue import BY_NAME
from shared.language.language import Language
from shared.language.numbers import amount, day


class _Asked(NamedTuple):
    measure: Action
    how: Evaluate
    metric: str


def shown(plan: Plan, known: Foreseen, language: Language) -> Iterator[str]:
    """A sentence or two for each measure and metric."""
    for measure in plan.measures.values():
        if measure.evaluate and measure.id in known.compared:
            for metric in measure.evaluate.metrics:
                yield _said(_Asked(measure, measure.evaluate, metric), plan.occupation, known, language)


def _said(of: _Asked, occupation: str, known: Foreseen, language: Language) -> str:
    measure, asked, metric = of
    words, told = WORDS[language], BY_NAME[metric]
    name = told.sv if language == "sv" else told.en
    if not is_counted(told):
        return words.no_count.format(measure=measure.id, metric=name)
    places = known.compared[measure.id]
    own, beside = (_histories(units, occupation, metric, known) for units in (places.acted, places.compared))
    found = foresight(asked, told, own, beside)
    if found is None:
        return words.rate_unknown.format(measure=measure.id, metric=name)
    said = words.shown.format(
        measure=measure.id,
        metric=name,
        size=amount(found.size, "count", language),
        events=amount(found.events, "count", language),
        before=asked.before,
        after=asked.after,
        seen=_seen(found, language),
    )
    return f"{said} {_worth(found, asked, language)}"


def _histories(units: Sequence[Unit], occupation: str, metric: str, known: Foreseen) -> list[History]:
    return [known.history.get(SeriesKey(unit.id, occupation, metric), ()) for unit in units]


def _seen(found: Foresight, language: Language) -> str:
    words = WORDS[language]
    if found.seen is None:
        return words.no_change
    pattern = words.fall if found.seen < 1 else words.rise
    return pattern.format(share=amount(abs(found.seen - 1), "ratio", language))


def _worth(found: Foresight, asked: Evaluate, language: Language) -> str:
    words = WORDS[language]
    smallest = amount(asked.smallest, "ratio", language)
    if found.worth:
        return words.enough.format(smallest=smallest)
    if found.months is None:
        return words.join.format(smallest=smallest)
    until = windows(replace(asked, after=found.months)).after[-1]
    return words.wait.format(smallest=smallest, months=found.months, until=day(until, language))
