"""``GET /v1/anomalies`` of metrics: events that fit the contract and contradict what else is known."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta


class Why(msgspec.Struct, frozen=True):
    """What is wrong, and what to do, in Swedish and in English."""

    sv: str
    en: str


IN_FUTURE = "recorded_in_future"

WHY: dict[str, Why] = {
    "restated": Why(
        "Två händelser säger samma sak olika, och ingen av dem säger att den rättar den andra: den senast registrerade"
        " gäller. Dra tillbaka den som är fel.",
        "Two events say the same thing differently, and neither says that it corrects the other: the one recorded last"
        " holds. Retract the one that is wrong.",
    ),
    "change_without_start": Why(
        "En ändring av något som aldrig började: början saknas, eller ändringen har fel nummer.",
        "A change of something that never began: its start is missing, or the change has a wrong reference.",
    ),
    "end_without_start": Why(
        "Ett slut på något som aldrig började: början saknas, eller slutet har fel nummer.",
        "An end of something that never began: its start is missing, or the end has a wrong reference.",
    ),
    "end_before_start": Why("Slutet ligger före början: rätta en av dem.", "The end is before the start: correct one."),
    "absence_outside_employment": Why(
        "Frånvaro från en anställning som inte finns de dagarna: den räknas inte. Rätta anställningens nummer eller"
        " dagarna.",
        "Absence from an employment that is not there on those days: it is not counted. Correct the employment's"
        " reference or the days.",
    ),
    "bonus_outside_employment": Why(
        "Tillägg en dag utan anställning: det räknas inte. Rätta dagen, eller anställningens första och sista dag.",
        "A bonus on a day without an employment: it is not counted. Correct the day, or the employment's first and"
        " last day.",
    ),
    "hours_outside_employment": Why(
        "Timmar på dagar utan anställning: de räknas inte. Rätta dagarna, eller anställningens första och sista dag.",
        "Hours on days without an employment: they are not counted. Correct the days, or the employment's first and"
        " last day.",
    ),
    "hours_above_24_a_day": Why(
        "Fler timmar än dagarna har: de räknas som de står. Leta efter en rad två gånger eller en siffra för mycket.",
        "More hours than the days have: they are counted as they stand. Look for a row told twice or a digit too many.",
    ),
    "posts_above_full_time": Why(
        "Anställningar på samma gång som tillsammans är mer än heltid: avsluta den som inte gäller.",
        "Employments at the same time that are more than full time together: end the one that does not hold.",
    ),
    "in_closed_unit": Why(
        "En anställning i en enhet som är stängd: flytta den till enheten som tog över.",
        "An employment in a unit that is closed: move it to the unit that took over.",
    ),
    IN_FUTURE: Why(
        "Registrerat senare än i morgon: det vinner över allt som sägs om samma sak till dess. Se efter vilken källas"
        " klocka eller datum som är fel, och dra tillbaka det.",
        "Recorded after tomorrow: it wins over all that is said of the same until then. See which source's clock or"
        " date is wrong, and retract it.",
    ),
}
"""What each kind that is counted in a record means; none of them tells of health."""


class AnomalousEvent(msgspec.Struct, frozen=True):
    """An event that has a part in an anomaly."""

    source: str
    id: Annotated[str, Meta(description="as its source sent it", examples=["hr-2026-000123"])]
    type: str
    recorded: Annotated[datetime, Meta(description="when its source recorded it")]


class AnomalySample(msgspec.Struct, frozen=True):
    """One subject's anomalies of a kind, without what its events say."""

    kind: Annotated[str, Meta(examples=["absence_outside_employment"])]
    subject: Annotated[
        str,
        Meta(
            description="person/ and the pseudonym, or another subject",
            examples=["person/p_abcdefghijklmnopqrstuvwxyz"],
        ),
    ]
    units: Annotated[list[str], Meta(description="the units that its events name, of all days")]
    count: int
    events: Annotated[
        list[AnomalousEvent],
        Meta(description="those without which it would not be so; of a very large record none may be found"),
    ]


class AnomalyKind(msgspec.Struct, frozen=True):
    """How many anomalies of a kind there are, of all units, and what it means."""

    kind: str
    count: int
    why: Why


class Anomalies(msgspec.Struct, frozen=True):
    """The kinds that there are any of, and samples; with ``next`` as ``after`` the question goes on.

    ``kinds`` count the whole municipality, and are told to whoever sees all of it.
    """

    kinds: list[AnomalyKind]
    samples: list[AnomalySample]
    next: Annotated[str | None, Meta(description="null: there are no more")]
