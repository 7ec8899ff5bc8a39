"""A backtest as tables to read, as JSON, or as a picture."""

from collections.abc import Iterator, Sequence

import msgspec
from rich.console import RenderableType
from rich.table import Table

from cli.terminal import harmless, harmless_json
from services.alerts.domain.backtest.document import FLAP_DAYS, Backtest, RecipientWeek, TargetSum, TestedPlan
from services.alerts.domain.backtest.words import WORDS, BacktestWords
from shared.language.language import Language
from shared.language.numbers import often
from shared.language.phrase import phrase

SHOWN = 40
"""Alerts of a plan that a table lists."""


def as_json(found: Backtest) -> str:
    """One JSON document."""
    return harmless_json(msgspec.json.encode(found)).decode()


def as_png(found: Backtest, language: Language) -> bytes:
    """A picture of when there were alerts, and of the mails."""
    from cli.offline.backtesting.picture import png  # noqa: PLC0415  (few need it, and it is slow to load)

    return png(found, language)


def as_tables(found: Backtest, language: Language) -> Iterator[RenderableType]:
    """What each target gave, of all plans beside each other; then each plan's alerts and mails."""
    words = WORDS[language]
    yield _targets(found, words, language)
    for plan in found.plans:
        yield harmless(words.title.format(name=plan.name, first=found.first, last=found.last, units=plan.units))
        yield _alerts(plan, words) if plan.alerts else words.nobody
        if (more := len(plan.alerts) - SHOWN) > 0:
            yield words.more.format(count=more)
        if count := len(plan.unjudged):
            yield phrase(words.unjudged, {"n": count}, {"n": str(count)})
        if plan.left_out:
            yield harmless(words.left_out.format(targets=", ".join(plan.left_out)))
        if plan.weeks:
            yield _mails(plan, (found.last - found.first).days + 1, words, language)
    yield "\n".join(_notes(found, words))


def _notes(found: Backtest, words: BacktestWords) -> Iterator[str]:
    yield from (note.format(flap_days=FLAP_DAYS) for note in words.notes)
    yield words.chance_note
    if found.loaded and found.loaded > found.first:
        yield words.loaded.format(loaded=found.loaded)
    if found.described and found.described > found.first:
        yield words.described.format(described=found.described)
    if found.present:
        yield words.present.format(metrics=", ".join(found.present))


def _targets(found: Backtest, words: BacktestWords, language: Language) -> Table:
    table = Table(title=words.targets)
    table.add_column(words.target)
    headings = (words.alerts, words.open, words.flaps, words.days, words.chance, words.warnings)
    for plan in found.plans:
        for n, heading in enumerate(headings):
            name = harmless(plan.name) if len(found.plans) > 1 and n == 0 else ""
            table.add_column(f"{name}\n{heading}" if len(found.plans) > 1 else heading, justify="right")
    sums = [{one.target: one for one in plan.targets} for plan in found.plans]
    for target in dict.fromkeys(name for some in sums for name in some):
        cells = (_cells(one, language) if (one := some.get(target)) else ("–",) * len(headings) for some in sums)
        table.add_row(harmless(target), *(cell for some in cells for cell in some))
    return table


def _cells(one: TargetSum, language: Language) -> Sequence[str]:
    chance = "–" if one.chance is None else often(one.chance, language)
    return *map(str, (one.alerts, one.open, one.flaps, one.days)), chance, str(one.warnings)


def _alerts(plan: TestedPlan, words: BacktestWords) -> Table:
    table = Table()
    for heading in (words.raised, words.closed, words.days, words.target, words.unit, words.kind, words.since):
        table.add_column(heading, no_wrap=heading in {words.raised, words.closed, words.since})
    for one in plan.alerts[:SHOWN]:
        kind = words.kinds[one.kind] + (f", {words.flap}" if one.flap else "")
        closed = str(one.closed) if one.closed else words.goes_on
        since = str(one.since) if one.kind == "breach" else ""
        table.add_row(
            str(one.raised), closed, str(one.days), harmless(one.target), harmless(one.unit_name), kind, since
        )
    return table


def _mails(plan: TestedPlan, days: int, words: BacktestWords, language: Language) -> Table:
    table = Table(title=words.mails)
    for heading in (words.recipient, words.total, words.mean, words.most, words.week):
        table.add_column(heading, justify="left" if heading in {words.recipient, words.week} else "right")
    for recipient in dict.fromkeys(one.recipient for one in plan.weeks):
        weeks = [one for one in plan.weeks if one.recipient == recipient]
        total, most = sum(one.mails for one in weeks), _most(weeks)
        table.add_row(harmless(recipient), str(total), often(total * 7 / days, language), str(most.mails), most.week)
    return table


def _most(weeks: Sequence[RecipientWeek]) -> RecipientWeek:
    return max(weeks, key=lambda one: one.mails)
