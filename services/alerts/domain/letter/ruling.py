"""What is said of a target without a limit: its condition, what its control chart tells, and what is usual."""

from datetime import date
from typing import NamedTuple

import msgspec

from services.alerts.domain.letter.turn import Turn, TurnText
from services.alerts.domain.plan.plan import RuleKind
from services.alerts.domain.trend.finding import Ruled
from shared.contracts.catalogue import BY_NAME
from shared.language import charts
from shared.language.charts import Reading
from shared.language.language import Language
from shared.language.numbers import Numbers, day, decimals, month
from shared.language.phrase import capitalised, phrase
from shared.statistics.verdict import ENOUGH

RAISED: tuple[Turn, ...] = ("raised", "raised_at_once", "raised_before")
GOES_ON: tuple[Turn, ...] = ("escalated", "snooze_ended", "reminded")


class RuleWords(msgspec.Struct, frozen=True, kw_only=True):
    """The patterns of one language; ``turns`` are those of mails that speak of a limit otherwise."""

    towards: dict[Reading, tuple[str, str]]
    """Downwards and upwards, by how that is to be read."""
    condition: dict[RuleKind, str]
    news: dict[RuleKind, str]
    found: dict[RuleKind, tuple[str, str]]
    gone: dict[RuleKind, str]
    few: str
    usual: str
    gaps: str
    value_is: str
    chance: str
    mean: str
    rule: str
    turns: dict[Turn, TurnText]


_SV_WHY = ("{found_first}.", "{value_is}.", "{usual}", "{gaps}")
_EN_WHY = ("{found_first}.", "{value_is}.", "{usual}", "{gaps}")

SV = RuleWords(
    towards={
        "concern": (" till det sämre", " till det sämre"),
        "improvement": (" till det bättre", " till det bättre"),
        "neutral": (" nedåt", " uppåt"),
    },
    condition={
        "shift": "larm vid en ny nivå{towards}, räknat från den {rule_since}",
        "trend": "larm vid en trend{towards}, räknat från den {rule_since}",
        "beyond": "larm vid en månad utanför det normala{towards}, räknat från den {rule_since}",
    },
    news={
        "shift": "en ny nivå{towards}",
        "trend": "en trend{towards}",
        "beyond": "en månad utanför det normala{towards}",
    },
    found={
        "shift": (
            "{run} månader i rad, från {first}, under medelvärdet {mean} före den {rule_since}",
            "{run} månader i rad, från {first}, över medelvärdet {mean} före den {rule_since}",
        ),
        "trend": (
            "{run} månader, från {first}, var och en lägre än den förra",
            "{run} månader, från {first}, var och en högre än den förra",
        ),
        "beyond": ("månaden ligger under den nedre gränsen {lower}", "månaden ligger över den övre gränsen {upper}"),
    },
    gone={
        "shift": "ingen ny nivå{towards} syns längre",
        "trend": "ingen trend{towards} syns längre",
        "beyond": "månaden ligger inom det normala",
    },
    few="för få månader för ett svar: det krävs {enough} före den {rule_since} och {needed} efter",
    usual=(
        "Normal variation före den {rule_since} är mellan {lower} och {upper} med medelvärdet {mean},"
        " ur {before} [månad|månader]."
    ),
    gaps="{hidden} [månad|månader] sedan dess saknar tal och räknas inte.",
    value_is="I {month} var värdet {value}",
    chance="Knappast. Enhetens styrdiagram visar mer än vanlig variation, och det ger slumpen ensam sällan.",
    mean="Medelvärde före",
    rule="Planens regel",
    turns={
        **dict.fromkeys(
            RAISED,
            TurnText(
                "{unit}: {metric} – {news}{only}",
                "{news_first}: {metric}",
                _SV_WHY,
            ),
        ),
        "raised_fallen_back": TurnText(
            "{unit}: {metric} – larm enligt planen{only}", "Larm enligt planen: {metric}", ("{value_is}.", "{usual}")
        ),
        "escalated": TurnText(
            "Ingen har kvitterat larmet på {unattended} [arbetsdag|arbetsdagar]: {unit}, {metric}{only}",
            "Ett larm som ingen har kvitterat: {metric}",
            (
                "Larmet gick till {told_to} den {told_on}, och ingen har kvitterat det på {unattended}"
                " [arbetsdag|arbetsdagar]. Därför kommer det till dig, så som planen säger.",
                "Larmet är tilldelat {assigned}.",
                *_SV_WHY,
            ),
        ),
        "snooze_ended": TurnText(
            "Pausen är slut och larmet kvarstår: {unit}, {metric}{only}",
            "Larmet kvarstår efter pausen: {metric}",
            ("{by} pausade larmet till den {by_until}, med skälet ”{note}”.", *_SV_WHY),
        ),
        "reminded": TurnText(
            "Påminnelse, larmet har pågått i {lasted} [dag|dagar]: {unit}, {metric}{only}",
            "Larmet pågår fortfarande: {metric}",
            (*_SV_WHY, "{taken}", "Larmet är tilldelat {assigned}."),
        ),
        "resolved": TurnText(
            "Larmet är över: {unit}, {metric} – {gone}{only}",
            "Larmet är över: {metric}",
            ("{gone_first}.", "{value_is}.", "Larmet varade från den {since} till den {ended}.", "{usual}"),
        ),
        "resolved_then_beyond": TurnText(
            "Larmet är över, men {news} syns igen: {unit}, {metric}{only}",
            "Larmet är över, men {news} syns igen: {metric}",
            _SV_WHY,
        ),
        "corrected": TurnText(
            "Larm återtaget, uppgifter har rättats: {unit}, {metric}{only}",
            "Larm återtaget: {metric}",
            (
                "Uppgifter har rättats, och med de rättade månaderna finns det inget skäl till larmet.",
                "Du behöver inte göra något.",
                "Tidigare mejl om det gäller inte längre.",
                "{usual}",
            ),
        ),
        "corrected_but_beyond": TurnText(
            "Larm återtaget, uppgifter har rättats: {unit}, {metric}{only}",
            "Larm återtaget: {metric}",
            ("Uppgifter har rättats. Tidigare mejl om larmet gäller inte längre.", *_SV_WHY),
        ),
    },
)

EN = RuleWords(
    towards={
        "concern": (" for the worse", " for the worse"),
        "improvement": (" for the better", " for the better"),
        "neutral": (" downwards", " upwards"),
    },
    condition={
        "shift": "alert on a new level{towards}, counted from {rule_since}",
        "trend": "alert on a trend{towards}, counted from {rule_since}",
        "beyond": "alert on a month outside what is usual{towards}, counted from {rule_since}",
    },
    news={
        "shift": "a new level{towards}",
        "trend": "a trend{towards}",
        "beyond": "a month outside what is usual{towards}",
    },
    found={
        "shift": (
            "{run} months in a row, from {first}, below the mean before {rule_since}, {mean}",
            "{run} months in a row, from {first}, above the mean before {rule_since}, {mean}",
        ),
        "trend": (
            "{run} months, from {first}, each lower than the one before",
            "{run} months, from {first}, each higher than the one before",
        ),
        "beyond": ("the month is below the lower limit of {lower}", "the month is above the upper limit of {upper}"),
    },
    gone={
        "shift": "a new level{towards} can no longer be seen",
        "trend": "a trend{towards} can no longer be seen",
        "beyond": "the month is within what is usual",
    },
    few="too few months for an answer: it takes {enough} before {rule_since} and {needed} since",
    usual=(
        "Normal variation before {rule_since} is between {lower} and {upper} with a mean of {mean},"
        " from {before} [month|months]."
    ),
    gaps="{hidden} [month|months] since then [has|have] no number and [is|are] not counted.",
    value_is="In {month} the value was {value}",
    chance="Hardly. The unit's control chart shows more than usual variation, and chance alone seldom makes that.",
    mean="Mean before",
    rule="The plan's rule",
    turns={
        **dict.fromkeys(
            RAISED,
            TurnText(
                "{unit}: {metric} – {news}{only}",
                "{news_first}: {metric}",
                _EN_WHY,
            ),
        ),
        "raised_fallen_back": TurnText(
            "{unit}: {metric} – alert under the plan{only}",
            "Alert under the plan: {metric}",
            ("{value_is}.", "{usual}"),
        ),
        "escalated": TurnText(
            "Nobody has acknowledged the alert for {unattended} working [day|days]: {unit}, {metric}{only}",
            "An alert that nobody has acknowledged: {metric}",
            (
                "The alert went to {told_to} on {told_on}, and nobody has acknowledged it for {unattended}"
                " working [day|days]. So it comes to you, as the plan says.",
                "The alert is assigned to {assigned}.",
                *_EN_WHY,
            ),
        ),
        "snooze_ended": TurnText(
            "The snooze is over and the alert goes on: {unit}, {metric}{only}",
            "The alert goes on after the snooze: {metric}",
            ("{by} snoozed the alert until {by_until}, for the reason “{note}”.", *_EN_WHY),
        ),
        "reminded": TurnText(
            "Reminder, the alert has gone on for {lasted} [day|days]: {unit}, {metric}{only}",
            "The alert still goes on: {metric}",
            (*_EN_WHY, "{taken}", "The alert is assigned to {assigned}."),
        ),
        "resolved": TurnText(
            "The alert is over: {unit}, {metric} – {gone}{only}",
            "The alert is over: {metric}",
            ("{gone_first}.", "{value_is}.", "The alert lasted from {since} to {ended}.", "{usual}"),
        ),
        "resolved_then_beyond": TurnText(
            "The alert is over, but {news} can be seen again: {unit}, {metric}{only}",
            "The alert is over, but {news} can be seen again: {metric}",
            _EN_WHY,
        ),
        "corrected": TurnText(
            "Alert withdrawn, data corrected: {unit}, {metric}{only}",
            "Alert withdrawn: {metric}",
            (
                "Data has been corrected, and with the corrected months there is no reason for this alert.",
                "There is nothing you need to do.",
                "Earlier mail about it no longer applies.",
                "{usual}",
            ),
        ),
        "corrected_but_beyond": TurnText(
            "Alert withdrawn, data corrected: {unit}, {metric}{only}",
            "Alert withdrawn: {metric}",
            ("Data has been corrected. Earlier mail about the alert no longer applies.", *_EN_WHY),
        ),
    },
)

WORDS: dict[Language, RuleWords] = {"sv": SV, "en": EN}


class Judged(NamedTuple):
    """What a rule tells of a metric, and how its numbers are written."""

    ruled: Ruled
    metric: str
    number: Numbers

    @property
    def words(self) -> RuleWords:
        """Those of the reader's language."""
        return WORDS[self.number.language]

    def texts(self) -> dict[str, str]:
        """What the patterns of a mail may say; ``found`` only of a breach, ``gaps`` only where there are any."""
        said = {"condition": self._say(self.words.condition), "news": self._say(self.words.news)}
        if self.ruled.told == "breach":
            found = self.words.found[self.ruled.kind][self.ruled.upwards]
            said["found"] = self._filled(found)
        else:
            said["gone"] = self._say(self.words.gone)
        if self.ruled.mean is not None:
            said["usual"] = self._filled(self.words.usual)
        if self.ruled.hidden:
            said["gaps"] = self._filled(self.words.gaps)
        firsts = {f"{name}_first": capitalised(text) for name, text in said.items()}
        return {**said, **firsts, "rule_since": day(self.ruled.since, self.number.language)}

    def status(self) -> str:
        """What the chart tells now, in half a sentence."""
        if self.ruled.told == "unknown":
            return self._filled(self.words.few)
        texts = self.texts()
        return texts.get("found") or texts["gone"]

    def condition(self) -> str:
        """What the plan says, in half a sentence."""
        return self._say(self.words.condition)

    def line(self, value: float | None) -> str:
        """The value and what the chart tells now."""
        return f"{self.number(value)}: {self.status()}"

    def chance(self) -> str:
        """Whether it can be chance: said of a breach."""
        return self.words.chance

    def _say(self, patterns: dict[RuleKind, str]) -> str:
        return self._filled(patterns[self.ruled.kind])

    def _filled(self, pattern: str, more: dict[str, str] | None = None) -> str:
        ruled, number = self.ruled, self.number
        direction = BY_NAME[self.metric].direction if self.metric in BY_NAME else "neutral"
        reading = charts.reading(direction, upwards=ruled.upwards)
        counts = {"run": ruled.run, "before": ruled.before, "hidden": ruled.hidden, "needed": ruled.needed}
        texts = {name: f"{count}" for name, count in counts.items()} | {
            "towards": self.words.towards[reading][ruled.upwards],
            "rule_since": day(ruled.since, number.language),
            "first": _month(ruled.first, number.language),
            "mean": number(ruled.mean),
            "lower": number(ruled.lower),
            "upper": number(ruled.upper),
            "enough": f"{ENOUGH}",
        }
        return phrase(pattern, counts, texts | (more or {}))


def numbers(ruled: Ruled, metric: str, value: float | None, language: Language) -> Numbers:
    """How to write a value beside what its chart tells."""
    unit = BY_NAME[metric].unit if metric in BY_NAME else "count"
    others = [one for one in (value, ruled.mean, ruled.lower, ruled.upper) if one is not None]
    return Numbers(unit, language, decimals(unit, [], others))


def _month(last: date | None, language: Language) -> str:
    return month(last, language) if last else ""


def month_of(on: date, language: Language) -> dict[str, str]:
    """The month that a value is of, and that it is counted over."""
    name = month(on, language)
    return {"month": name, "span": name, "period": name}
