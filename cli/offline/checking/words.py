"""What is said of a sound plan, in Swedish and in English."""

from typing import NamedTuple

from services.alerts.domain.letter.en import EN
from services.alerts.domain.letter.sv import SV
from services.alerts.domain.letter.words import MailWords
from services.alerts.domain.plan.plan import By, Decision, RuleKind, Severity, Side
from services.alerts.domain.plan.silence import Cause
from shared.language.language import Language


class CheckingWords(NamedTuple):
    """Texts of one language; those with fields in braces are filled in."""

    targets: tuple[str, str, str, str, str]
    measures: tuple[str, str, str, str, str]
    every_unit: str
    every_occupation: str
    known_from: str
    in_unit: str
    severity: dict[Severity, str]
    by: dict[By, str]
    watched: str
    settles: str
    side: dict[Side, str]
    lasts: str
    rule: dict[RuleKind, str]
    way: dict[bool, str]
    """Of a rule: upwards, or not."""
    since: str
    decision: dict[Decision, str]
    due: str
    trial: str
    warning: str
    silent: dict[Cause, str]
    letter: MailWords
    """Of the parts of a group."""


WORDS: dict[Language, CheckingWords] = {
    "sv": CheckingWords(
        targets=("mål", "överträdelse", "upphör", "framåtblick", "besked till"),
        measures=("åtgärd", "ansvarig", "när", "kostnad, kr", "ska påverka"),
        every_unit="alla enheter",
        every_occupation="alla yrken",
        known_from="; känt från {day}",
        in_unit="{target} i {unit}",
        severity={"info": "information", "warning": "varning", "critical": "kritiskt"},
        by={"unit": "enhet för enhet", "total": "som helhet"},
        watched="bevakas från {day}",
        settles="stillatid {seconds} s",
        side={"above": "över", "below": "under"},
        lasts="i {days} d",
        rule={"shift": "ny nivå", "trend": "trend", "beyond": "månad utanför det normala"},
        way={True: "uppåt", False: "nedåt"},
        since="{rule} {way}, räknat från {day}",
        decision={"none": "", "pending": "väntar på beslut", "decided": "beslutad"},
        due="senast {day}",
        trial="på prov {began}till {last}",
        warning="varning: {said}",
        silent={
            "watch_from": "{name}: ingen får mejl före {until}, dagen då bevakningen börjar (watch_from)",
            "since": "{name}: inget bedöms före {until}: regeln gäller månaderna från den dagen (since)",
            "known_from": "{name}: inget bedöms före {until}: uppgifter är kända från {known_from} (known_from),"
            " och ett värde för {days} dagar är inte helt tidigare",
        },
        letter=SV,
    ),
    "en": CheckingWords(
        targets=("target", "breach", "clear", "look ahead", "tells"),
        measures=("measure", "owner", "when", "cost, SEK", "should move"),
        every_unit="every unit",
        every_occupation="every occupation",
        known_from="; known from {day}",
        in_unit="{target} in {unit}",
        severity={"info": "info", "warning": "warning", "critical": "critical"},
        by={"unit": "by unit", "total": "by total"},
        watched="watched from {day}",
        settles="settles in {seconds} s",
        side={"above": "above", "below": "below"},
        lasts="for {days} d",
        rule={"shift": "shift", "trend": "trend", "beyond": "beyond"},
        way={True: "up", False: "down"},
        since="{rule} {way} since {day}",
        decision={"none": "", "pending": "awaits a decision", "decided": "decided"},
        due="due {day}",
        trial="on trial {began}to {last}",
        warning="warning: {said}",
        silent={
            "watch_from": "{name}: nobody is mailed before {until}, the day that watching begins (watch_from)",
            "since": "{name}: nothing is judged before {until}: its rule is about the months since that day (since)",
            "known_from": "{name}: nothing is judged before {until}: data is known from {known_from} (known_from),"
            " and a value over {days} days is not whole earlier",
        },
        letter=EN,
    ),
}
