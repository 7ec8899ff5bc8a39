"""What a chart says in words: title, what is normal, what each colour and shape means, and what to be careful with."""

from datetime import date
from statistics import fmean

import msgspec

from cli.offline.charting.document import Document, Phase, Point, Special
from cli.offline.charting.words import WORDS, Words, month
from services.metrics.domain.sums.catalogue import FORMULAS, reads
from services.metrics.domain.sums.kernels import LEVEL
from shared.contracts.catalogue import BY_NAME, Metric
from shared.contracts.metrics import ALL
from shared.language.language import Language
from shared.language.numbers import amount, day
from shared.statistics.special_causes import Signal


class Entry(msgspec.Struct, frozen=True):
    """What one kind of coloured point means."""

    what: Special
    text: str


class Text(msgspec.Struct, frozen=True):
    """All words of a chart in one language."""

    title: str
    span: str
    usual: str
    how_to_read: str
    legend: tuple[Entry, ...]
    remarks: tuple[str, ...]
    foot: str


class Numbers(msgspec.Struct, frozen=True):
    """Values of a chart as its readers write them, all to the same number of decimals."""

    language: Language
    metric: Metric
    places: int

    def __call__(self, value: float) -> str:
        """With the unit: ``6,2 %``."""
        return amount(value, self.metric.unit, self.language, self.places)


def numbers(chart: Document, language: Language) -> Numbers:
    """How to write the values of a chart: with two decimals where the band of normal variation is narrow."""
    metric = BY_NAME[chart.metric]
    widths = [p.limits.upper - p.limits.lower for p in chart.phases if p.limits]
    scale = 100 if metric.unit == "ratio" else 1
    return Numbers(language, metric, 2 if widths and min(widths) * scale < 1 else 1)


def text(chart: Document, language: Language) -> Text:
    """The words of a chart."""
    words, metric = WORDS[language], BY_NAME[chart.metric]
    return Text(
        title=words.title.format(metric=_capital(getattr(metric, language)), where=_where(chart, words)),
        span=words.span.format(
            first=_month(chart.points[0].month, language), last=_month(chart.points[-1].month, language)
        ),
        usual=_usual(chart, words, numbers(chart, language)),
        how_to_read=words.how_to_read,
        legend=_legend(chart, words),
        remarks=(*_on_limits(chart, words, language), *_on_values(chart, words, metric)),
        foot=words.foot.format(
            definition=metric.definition, source=metric.source, known_to=day(chart.known_to, language)
        ),
    )


def _where(chart: Document, words: Words) -> str:
    unit = words.everywhere if chart.unit == ALL else chart.unit_name
    return unit if chart.occupation == ALL else f"{unit}, {chart.occupation}"


def _usual(chart: Document, words: Words, number: Numbers) -> str:
    """What is normal now: in the last phase."""
    phase = chart.phases[-1]
    if not phase.limits:
        return words.no_limits
    pattern = words.usual if len(chart.phases) == 1 else words.usual_since
    return pattern.format(
        low=number(phase.limits.shown_lower),
        high=number(phase.limits.shown_upper),
        mean=number(phase.limits.mean),
        since=_month(phase.first, number.language),
    )


def _legend(chart: Document, words: Words) -> tuple[Entry, ...]:
    """Each kind of special point that there is, once, in the order of the first of each."""
    found = dict.fromkeys(point.special for point in chart.points if point.special)
    return tuple(Entry(special, _meaning(special, words)) for special in found)


def _meaning(special: Special, words: Words) -> str:
    rule = words.causes[Signal(special.cause, special.direction == "up")]
    return words.special.format(cause=rule, reading=words.readings[special.reading])


def _on_limits(chart: Document, words: Words, language: Language) -> list[str]:
    return [remark for phase in chart.phases if (remark := _on_phase(phase, chart, words, language))]


def _on_phase(phase: Phase, chart: Document, words: Words, language: Language) -> str | None:
    first, last = _month(phase.first, language), _month(phase.last, language)
    if not phase.limits:
        return words.unlimited.format(first=first, last=last)
    if not phase.on_trial:
        return None
    pattern = words.on_trial if len(chart.phases) == 1 else words.on_trial_between
    return pattern.format(count=phase.values, first=first, last=last)


def _on_values(chart: Document, words: Words, metric: Metric) -> list[str]:
    remarks = []
    if metric.interval == "poisson" and metric.unit == "ratio":
        remarks.append(words.by_month)
    if all(kernel == LEVEL for _, kernel in reads(FORMULAS[metric.name])):
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
