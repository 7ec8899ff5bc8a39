"""What is said of a control chart, on paper and on the board: its rules, what is usual, what is known since a start."""

from datetime import date
from typing import Literal

import msgspec

from shared.contracts.catalogue import Direction
from shared.language.language import Language
from shared.language.numbers import Numbers, day
from shared.language.phrase import phrase
from shared.statistics.special_causes import RUN, Signal
from shared.statistics.verdict import ENOUGH, Verdict

Reading = Literal["improvement", "concern", "neutral"]
LimitKind = Literal["own", "carried", "redrawn"]
"""Whether limits are drawn from the months they judge, from those before a start, or anew after a change."""


class ChartWords(msgspec.Struct, frozen=True, kw_only=True):
    """The patterns of one language."""

    usual: str
    carried: str
    redrawn: str
    no_limits: str
    ordinary: str
    causes: dict[Signal, str]
    readings: dict[Reading, str]
    since: str
    shift: dict[bool, str]
    trend: dict[bool, str]
    turns: dict[Reading, str]
    """How a change goes on to be read; what is neither better nor worse is not read at all."""
    none: str
    too_few: str
    too_alike: str
    means: str
    outside: str


SWEDISH = ChartWords(
    usual="Normal variation: mellan {low} och {high}. Medelvärde: {mean}.",
    carried="Normal variation före starten, som månaderna efter bedöms mot: mellan {low} och {high}. "
    "Medelvärde: {mean}.",
    redrawn="Normal variation, omräknad efter starten eftersom den nya nivån står kvar efter {enough} månader: mellan "
    "{low} och {high}. Medelvärde: {mean}.",
    no_limits="Det finns ännu inga två månader i rad att bedöma normal variation efter.",
    ordinary="inom normal variation",
    causes={
        Signal("outside", True): "över den övre gränsen",
        Signal("outside", False): "under den nedre gränsen",
        Signal("trend", True): "minst 7 månader, var och en högre än den förra",
        Signal("trend", False): "minst 7 månader, var och en lägre än den förra",
        Signal("two_of_three", True): "2 av 3 månader i rad nära den övre gränsen",
        Signal("two_of_three", False): "2 av 3 månader i rad nära den nedre gränsen",
        Signal("shift", True): "minst 7 månader i rad över medelvärdet",
        Signal("shift", False): "minst 7 månader i rad under medelvärdet",
    },
    readings={"improvement": "bättre", "concern": "sämre", "neutral": "något har förändrats"},
    since="Sedan {start}: {found} {means}",
    shift={
        True: "en ny nivå{turn}, {run} månader i rad över det tidigare medelvärdet.",
        False: "en ny nivå{turn}, {run} månader i rad under det tidigare medelvärdet.",
    },
    trend={
        True: "på väg uppåt{turn}, {run} månader, var och en högre än den förra.",
        False: "på väg nedåt{turn}, {run} månader, var och en lägre än den förra.",
    },
    turns={"improvement": " till det bättre", "concern": " till det sämre", "neutral": ""},
    none="ingen bestående förändring syns.",
    too_few="för få månader för ett svar: det krävs {enough} före och {needed} efter.",
    too_alike="för få månader för ett svar: varje månad före liknar den förra, så det krävs {needed} i rad efter.",
    means="Medelvärde före {before} ({known_before}\N{NO-BREAK SPACE}[månad|månader]), "
    "efter {after} ({known_after}\N{NO-BREAK SPACE}[månad|månader]).",
    outside=" Utanför gränserna: {outside} [månad|månader] efter starten.",
)

ENGLISH = ChartWords(
    usual="Normal variation: between {low} and {high}. Mean: {mean}.",
    carried="Normal variation before the start, which the months since are judged by: between {low} and {high}. "
    "Mean: {mean}.",
    redrawn="Normal variation, drawn anew since the start because the new level stands after {enough} months: between "
    "{low} and {high}. Mean: {mean}.",
    no_limits="There are not yet two months in a row to tell normal variation from.",
    ordinary="within normal variation",
    causes={
        Signal("outside", True): "above the upper limit",
        Signal("outside", False): "below the lower limit",
        Signal("trend", True): "7 months or more, each higher than the one before",
        Signal("trend", False): "7 months or more, each lower than the one before",
        Signal("two_of_three", True): "2 of 3 months in a row close to the upper limit",
        Signal("two_of_three", False): "2 of 3 months in a row close to the lower limit",
        Signal("shift", True): "7 months or more in a row above the mean",
        Signal("shift", False): "7 months or more in a row below the mean",
    },
    readings={"improvement": "better", "concern": "worse", "neutral": "something changed"},
    since="Since {start}: {found} {means}",
    shift={
        True: "a new level{turn}, {run} months in a row above the mean of before.",
        False: "a new level{turn}, {run} months in a row below the mean of before.",
    },
    trend={
        True: "on its way up{turn}, {run} months, each higher than the one before.",
        False: "on its way down{turn}, {run} months, each lower than the one before.",
    },
    turns={"improvement": " for the better", "concern": " for the worse", "neutral": ""},
    none="no lasting change can be seen.",
    too_few="too few months for an answer: it takes {enough} before and {needed} since.",
    too_alike="too few months for an answer: each month before is like the last one, so it takes {needed} in a row "
    "since.",
    means="Mean before {before} ({known_before}\N{NO-BREAK SPACE}[month|months]), "
    "since {after} ({known_after}\N{NO-BREAK SPACE}[month|months]).",
    outside=" Outside the limits: {outside} [month|months] since the start.",
)

WORDS: dict[Language, ChartWords] = {"sv": SWEDISH, "en": ENGLISH}


def reading(direction: Direction, *, upwards: bool) -> Reading:
    """Whether it is good that a metric which should go in a direction is, or went, up (or else down)."""
    if direction == "neutral":
        return "neutral"
    return "improvement" if upwards == (direction == "higher_is_better") else "concern"


def read(verdict: Verdict, direction: Direction) -> Reading | None:
    """Whether what is known since a start is good; None where no change is known."""
    return None if verdict.upwards is None else reading(direction, upwards=verdict.upwards)


def usual(low: float, mean: float, high: float, number: Numbers, kind: LimitKind) -> str:
    """What is normal in the last phase of a chart, whose limits are drawn from ``low`` to ``high``."""
    words = WORDS[number.language]
    pattern = {"own": words.usual, "carried": words.carried, "redrawn": words.redrawn}[kind]
    return pattern.format(low=number(low), high=number(high), mean=number(mean), enough=ENOUGH)


def sentence(verdict: Verdict, start: date, direction: Direction, number: Numbers) -> str:
    """What is known since a start, with the means and numbers of months before and since it."""
    words = WORDS[number.language]
    counts = {"known_before": verdict.before.known, "known_after": verdict.after.known, "outside": verdict.outside}
    texts = {name: f"{count}" for name, count in counts.items()} | {
        "before": number(verdict.before.mean),
        "after": number(verdict.after.mean),
        "start": day(start, number.language),
        "run": f"{verdict.run}",
        "enough": f"{ENOUGH}",
        "needed": f"{verdict.needed}",
    }
    turn = read(verdict, direction)
    texts["turn"] = words.turns[turn] if turn else ""
    texts["found"] = phrase(_found(verdict, words), counts, texts)
    texts["means"] = phrase(words.means, counts, texts)
    return phrase(words.since, counts, texts)


def _found(verdict: Verdict, words: ChartWords) -> str:
    outside = words.outside if verdict.outside else ""
    if verdict.upwards is not None:
        return (words.shift if verdict.kind == "shift" else words.trend)[verdict.upwards]
    if verdict.kind == "none":
        return words.none + outside
    return (words.too_alike if verdict.needed > RUN else words.too_few) + outside
