"""``docs/metrics.md``, written from the catalogue, the formulas and the measures."""

from collections.abc import Iterable, Iterator

from cli.reference.formulas import formula
from cli.reference.measures import WORDS, kind
from services.metrics.domain.disclosure.suppression import BY_MONTH, FALLS_WITH, FEW_ANSWERS, SMALL_GROUP
from services.metrics.domain.facts.measures import FIRST_ENTRY_BIN, FIRST_PAY_BIN, NORM, Measure, is_detail
from services.metrics.domain.values.valuation import FEW
from shared.contracts.catalogue import METRICS, Direction, Interval, Metric
from shared.contracts.catalogue.described import UNITS
from shared.contracts.catalogue.disclosure import ByMonth
from shared.contracts.metrics import HORIZONS, RESTATED_DAYS

INTERVALS: dict[Interval, str] = {"none": "–", "poisson": "Garwood", "binomial": "Clopper–Pearson"}
BETTER: dict[Direction, str] = {"lower_is_better": "lower", "higher_is_better": "higher", "neutral": "–"}

INTRODUCTION = f"""\
# Metrics

Every number Stadga publishes, and how it comes about. Written from the code by `make docs`; a test fails when the two
differ. Words of the trade are in the [glossary](glossary.md), the events that are counted in [events.md](events.md).

A value is of a *group* (a unit with everything below it; one occupation, or all) on a *day*. It carries its definition
id, numerator, denominator, and the 95 % interval where one is defined. `GET /v1/metrics` answers for any group, day and
window. `workforce.metrics`, and so the alerts, get the values of today, of the {RESTATED_DAYS} days before when late
events restate them, and what is already known of the days
{", ".join(map(str, HORIZONS[:-1]))} and {HORIZONS[-1]} ahead.

*Health* and *pulses* are told of whole months only: of the twelve that ended with the last month before the day,
whatever the day (`until` is the last of their days), or of each month by itself. They are told of no other window and
of no day ahead.
[For whoever works here](for-medarbetare.md) says why, and what it protects from.

In a formula, what *happens* (leavers, hours, costs) is counted over the window: the 365 days up to and including the
day, unless another is asked for; of health and pulses, over the twelve months. *Average* is over the same days. What
*holds* (people, posts, cases) is so on that day. FTE are full-time equivalents. A person counts once, in the main
employment, so sums over units are exact.

A window is so many days, or `12m`: from the same date a year before, which is not of it, to the day. That is 366 days
where a 29 February lies between, so that yearly figures share no day and leave none out.

An *employment has periods*: whoever comes back under the same employment begins another. A *sick day* is one on which
any monthly-paid employment in force has a sick extent above zero, by the absences that name it and those that name
none. Sick days are one *spell* where only Saturdays and Sundays lie between them; these add no sick time, and count
when the 60th day is looked for. *Who stayed* was among the permanent staff 365 days before and has been ever since: of
the cell of that day, so that a unit whose people all moved elsewhere in the municipality has lost nobody.

A definition id ends in a number: the next one whenever the same events come to another value. What changed stands in
the [changelog](../CHANGELOG.md).

The *norm* is the number of case points that are a normal load at full time: {NORM:.0f} (Göteborg model, Nässjö
version), or what `STADGA_POINTS_NORM` or `--norm` says.

*Pay* is SEK a month at full time. A quantile is the pay of the person at rank n·p, rounded up, or halfway to the next
person where n·p is whole (Hyndman and Fan, 1996, definition 2; the median is the usual one). It is taken from bins one
per cent wide, at the geometric middle of each, and so within 0.5 % of the true one. The denominator of a median says
how many people stand behind it.

Intervals are exact: Garwood's for a count over an exposure, Clopper and Pearson's for a share. There is none where what
is counted is not independent (one sick spell is many days), or where there is no chance to speak of.

| status | meaning |
|---|---|
| `final` | a value |
| `low_reliability` | a value with an interval, over a denominator below {FEW}: one more changes it by a tenth |
| `not_applicable` | there is nothing to divide by; never shown as 0 |
| `suppressed` | *health* of {SMALL_GROUP} people or fewer in a month it is of, or giving it away (SFS 2002:1065) |
| `suppressed` | a *pulse* that {FEW_ANSWERS} or fewer answered in a month it is of, or giving it away |
| `suppressed` | any other, of a smaller group than it is *told of*: a person could be recognised |
| `incomplete` | it reaches back before what it is made of is known: no number, but `known_from` and `complete_from` |
| `not_reported` | no source tells of what it is made of |

The smallest group that each metric is *told of* stands beside it, with the reason. Whoever may see everything can ask
with `stadga compute --min-group 0`, which keeps no limit but those of pay.
"""

METRICS_HEAD = """
## Metrics

| metric, definition | English, *Swedish* | formula | unit | better | interval | told of | source |
|---|---|---|---|---|---|---|---|
"""

MEASURES_HEAD = """
## Measures

What formulas are made of; `stadga compute --measures` shows them, except the *details*, which some metrics and
`stadga report sickness` read. A measure *holds* from a day on, *happens* on a day, or adds so much *per day*. Each is
kept by unit, occupation, gender and age band. One that would give a metric away is *hidden with* it.

| measure | in formulas | counts | | hidden with |
|---|---|---|---|---|
"""

PAY = f"""
Besides, `pay_bin_K` holds the permanent staff, and `entry_pay_bin_K` counts the joiners, whose monthly pay at full time
lies in bin K = ⌊ln pay ÷ ln 1.01⌋. They are hidden with `{FALLS_WITH[FIRST_PAY_BIN]}` and
`{FALLS_WITH[FIRST_ENTRY_BIN]}`.
"""


def page() -> str:
    """The whole page."""
    rows = [*_lines(METRICS_HEAD, map(_metric, METRICS)), *_lines(MEASURES_HEAD, map(_measure, Measure))]
    return INTRODUCTION + "".join(rows) + PAY


def _lines(head: str, rows: Iterable[str]) -> Iterator[str]:
    yield head
    yield from (f"{row}\n" for row in rows)


def _metric(metric: Metric) -> str:
    name = f"`{metric.name}`" + _mark(metric.by_month) + ("" if metric.alertable else " *no alerts*")
    cells = (
        f"{name}<br>`{metric.definition}`",
        f"{metric.en},<br>*{metric.sv}*",
        formula(metric.name),
        _unit(metric),
        BETTER[metric.direction],
        INTERVALS[metric.interval],
        f"{metric.disclosure.en}.<br>*{metric.disclosure.sv}.*",
        metric.source,
    )
    return f"| {' | '.join(cells)} |"


def _unit(metric: Metric) -> str:
    """What is counted per somebody or something may be more than one for each, so it is no share."""
    return "rate" if metric.unit == "ratio" and metric.interval == "poisson" else UNITS[metric.unit]


def _mark(kind: ByMonth | None) -> str:
    return f" *{kind.name.lower()}*" if kind else ""


def _measure(measure: Measure) -> str:
    words = WORDS[measure]
    name = f"`{measure.name}`" + _mark(BY_MONTH.get(measure))
    name += " *detail*" if is_detail(measure) else ""
    with_metric = f"`{FALLS_WITH[measure]}`" if measure in FALLS_WITH else "–"
    return f"| {name} | {words.name} | {words.counts} | {kind(measure)} | {with_metric} |"
