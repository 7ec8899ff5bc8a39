"""What a chart says, for readers who have never seen one: a filled table of words per language, and what is told of a
chart with them: title, what is normal, what each colour and shape means, and what to be careful with.
"""

from collections.abc import Iterator
from datetime import date
from statistics import fmean

import msgspec
from babel.dates import format_date

from cli.offline.charting.document import Document, Phase, Point, Special
from cli.offline.charting.sources import source_in
from services.metrics.domain.sums.catalogue import FORMULAS
from services.metrics.domain.sums.kernels import LEVEL
from shared.contracts.catalogue import BY_NAME, Metric
from shared.contracts.metrics import ALL
from shared.language import charts
from shared.language.language import Language
from shared.language.numbers import LOCALES, Numbers, day, month
from shared.statistics.special_causes import Signal


class ChartWords(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a picture says in one language, apart from names and numbers."""

    everywhere: str
    title: str
    span: str
    how_to_read: str

    mean: str
    mean_before: str
    upper: str
    lower: str
    earlier: str
    after: str
    plan_starts: str
    known_from: str

    ordinary: str
    few: str
    hidden: str
    absent: str
    special: str

    provisional: str
    on_trial: str
    on_trial_between: str
    unlimited: str
    by_month: str
    standing: str
    rare: str
    foot: str


ENGLISH = ChartWords(
    everywhere="the whole municipality",
    title="{metric}: {where}",
    span="{first} to {last}, one point a month",
    how_to_read="Grey points go up and down as they always do: do not look for a cause of each. "
    "Coloured points are hardly chance: find out what happened.",
    mean="mean {value}",
    mean_before="mean before\nthe start\n{value}",
    upper="upper limit of\nnormal variation\n{value}",
    lower="lower limit of\nnormal variation\n{value}",
    earlier="until then:\nmean {mean}\nnormal {low} to {high}",
    after="since the start:\nmean {mean}",
    plan_starts="the plan starts\n{day}",
    known_from="known from\n{day}",
    ordinary="a month within normal variation",
    few="hollow: a value that few people or events stand behind",
    hidden="hidden, so that nobody can be recognised",
    absent="no value: there was nothing to measure",
    special="{cause}: {reading}",
    provisional="Provisional: more is being taken in than is published. Nothing is to be acted on yet.",
    on_trial="Trial limits: drawn from {count} months, they may still move. 12 are needed to rely on them.",
    on_trial_between="Trial limits from {first} to {last}: drawn from {count} months, they may still move. 12 are "
    "needed to rely on them.",
    unlimited="No limits from {first} to {last}: no two months in a row have a value.",
    by_month="Each value is of one month. Twelve months together make the value of a year.",
    standing="Each value is how things stood on the last day of its month. What stays for long keeps points on one "
    "side of the mean: look first at those outside the limits.",
    rare="Fewer than one event a month: months in a row without any are to be expected, whatever their colour.",
    foot="Stadga, control chart (XmR): mean ± 2.66 × mean moving range. Definition {definition}. Source of the metric: "
    "{source}. Source of the rules: NHS England, Making Data Count. Events until {known_to}.",
)

SWEDISH = ChartWords(
    everywhere="hela kommunen",
    title="{metric}: {where}",
    span="{first} till {last}, en punkt per månad",
    how_to_read="Grå punkter går upp och ned som de brukar: leta inte efter en orsak till var och en. "
    "Färgade punkter är knappast slump: ta reda på vad som hände.",
    mean="medelvärde {value}",
    mean_before="medelvärde\nföre starten\n{value}",
    upper="övre gräns för\nnormal variation\n{value}",
    lower="nedre gräns för\nnormal variation\n{value}",
    earlier="dessförinnan:\nmedelvärde {mean}\nnormalt {low} till {high}",
    after="efter starten:\nmedelvärde {mean}",
    plan_starts="planen börjar\n{day}",
    known_from="känt från\n{day}",
    ordinary="en månad inom normal variation",
    few="ofylld: ett värde som få personer eller händelser står bakom",
    hidden="dolt, så att ingen ska kunna kännas igen",
    absent="värde saknas: det fanns inget att mäta",
    special="{cause}: {reading}",
    provisional="Preliminärt: mer är på väg in än vad som är publicerat. Agera inte på det ännu.",
    on_trial="Preliminära gränser: de bygger på {count} månader och kan flytta sig. Det krävs 12 för att lita på dem.",
    on_trial_between="Preliminära gränser från {first} till {last}: de bygger på {count} månader och kan flytta sig. "
    "Det krävs 12 för att lita på dem.",
    unlimited="Inga gränser från {first} till {last}: inga två månader i rad har ett värde.",
    by_month="Varje värde gäller en månad. Tolv månader tillsammans blir årets värde.",
    standing="Varje värde visar läget månadens sista dag. Det som består länge håller punkterna kvar på samma sida om "
    "medelvärdet: se först på dem utanför gränserna.",
    rare="Färre än en händelse i månaden: flera månader i rad utan någon är att vänta, vilken färg de än har.",
    foot="Stadga, styrdiagram (XmR): medelvärde ± 2,66 × genomsnittlig förändring mellan månader. Definition "
    "{definition}. Nyckeltalets källa: {source}. Reglernas källa: NHS England, Making Data Count. "
    "Händelser till och med {known_to}.",
)

WORDS: dict[Language, ChartWords] = {"sv": SWEDISH, "en": ENGLISH}


def short_month(value: date, language: Language) -> str:
    """A month where room is short: ``mars``, ``okt.``."""
    return str(format_date(value, "LLL", locale=LOCALES[language]))


class LegendEntry(msgspec.Struct, frozen=True):
    """What one kind of coloured point means."""

    what: Special
    text: str


class Text(msgspec.Struct, frozen=True):
    """All words of a chart in one language."""

    title: str
    span: str
    usual: str
    since: tuple[str, ...]
    """What is known since each plan's start."""
    how_to_read: str
    legend: tuple[LegendEntry, ...]
    remarks: tuple[str, ...]
    foot: str


def numbers(chart: Document, language: Language) -> Numbers:
    """How to write the values of a chart: with two decimals where the band of normal variation is narrow."""
    metric = BY_NAME[chart.metric]
    widths = [p.limits.upper - p.limits.lower for p in chart.phases if p.limits]
    scale = 100 if metric.unit == "ratio" else 1
    return Numbers(metric.unit, language, 2 if widths and min(widths) * scale < 1 else 1)


def text(chart: Document, language: Language) -> Text:
    """The words of a chart."""
    words, metric, number = WORDS[language], BY_NAME[chart.metric], numbers(chart, language)
    return Text(
        title=words.title.format(metric=_capital(getattr(metric, language)), where=_where(chart, words)),
        span=words.span.format(
            first=_month(chart.points[0].month, language), last=_month(chart.points[-1].month, language)
        ),
        usual=_usual(chart, number),
        since=_since(chart, number),
        how_to_read=words.how_to_read,
        legend=_legend(chart, words, language),
        remarks=tuple(_remarks(chart, words, metric, language)),
        foot=words.foot.format(
            definition=metric.definition,
            source=source_in(metric.source, language),
            known_to=day(chart.known_to, language),
        ),
    )


def _where(chart: Document, words: ChartWords) -> str:
    unit = words.everywhere if chart.unit == ALL else chart.unit_name
    return unit if chart.occupation == ALL else f"{unit}, {chart.occupation}"


def _usual(chart: Document, number: Numbers) -> str:
    """What is normal now: in the last phase."""
    phase = chart.phases[-1]
    if not (limits := phase.limits):
        return charts.WORDS[number.language].no_limits
    redrawn = bool(chart.since) and chart.since[-1].verdict.redrawn
    kind: charts.LimitKind = "carried" if phase.carried else "redrawn" if redrawn else "own"
    return charts.usual(limits.shown_lower, limits.mean, limits.shown_upper, number, kind)


def _since(chart: Document, number: Numbers) -> tuple[str, ...]:
    direction = BY_NAME[chart.metric].direction
    return tuple(charts.sentence(one.verdict, one.plan_start, direction, number) for one in chart.since)


def _legend(chart: Document, words: ChartWords, language: Language) -> tuple[LegendEntry, ...]:
    """Each kind of special point that there is, once, in the order of the first of each."""
    found = dict.fromkeys(point.special for point in chart.points if point.special)
    return tuple(LegendEntry(special, _meaning(special, words, language)) for special in found)


def _meaning(special: Special, words: ChartWords, language: Language) -> str:
    said = charts.WORDS[language]
    rule = said.causes[Signal(special.cause, special.direction == "up")]
    return words.special.format(cause=rule, reading=said.readings[special.reading])


def _remarks(chart: Document, words: ChartWords, metric: Metric, language: Language) -> Iterator[str]:
    """What to be careful with, the gravest first."""
    if chart.provisional:
        yield words.provisional
    yield from _on_limits(chart, words, language)
    yield from _on_values(chart, words, metric)


def _on_limits(chart: Document, words: ChartWords, language: Language) -> list[str]:
    return [remark for phase in chart.phases if (remark := _on_phase(phase, chart, words, language))]


def _on_phase(phase: Phase, chart: Document, words: ChartWords, language: Language) -> str | None:
    first, last = _month(phase.first, language), _month(phase.last, language)
    if not phase.limits:
        return words.unlimited.format(first=first, last=last)
    if not phase.on_trial or phase.carried:
        return None
    pattern = words.on_trial if len(chart.phases) == 1 else words.on_trial_between
    return pattern.format(count=phase.drawn_from, first=first, last=last)


def _on_values(chart: Document, words: ChartWords, metric: Metric) -> list[str]:
    remarks = []
    if metric.interval == "poisson" and metric.unit == "ratio":
        remarks.append(words.by_month)
    if all(kernel == LEVEL for _, kernel in FORMULAS[metric.name].reads):
        remarks.append(words.standing)
    if metric.interval == "poisson" and _rare(chart.points):
        remarks.append(words.rare)
    return remarks


def _rare(points: tuple[Point, ...]) -> bool:
    """Below one event a month most months may have none, and the mean lies above most months."""
    events = [point.numerator for point in points if point.numerator is not None]
    return bool(events) and fmean(events) < 1


def _month(name: str, language: Language) -> str:
    return month(date.fromisoformat(f"{name}-01"), language)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
