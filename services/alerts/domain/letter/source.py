"""The mail about a source to its contact, in words."""

import re
from collections.abc import Iterable, Mapping, Sequence
from zoneinfo import ZoneInfo

import msgspec

from services.alerts.domain.letter.message import Detail, Message, Tone
from services.alerts.domain.source.notice import SourceNotice, SourceReason
from shared.contracts.sources import KindReported
from shared.language import numbers as written
from shared.language.language import Language
from shared.language.phrase import capitalised, one_line, phrase, shortened

LONGEST_NAME = 80
TONES: dict[SourceReason, Tone] = {"source_late": "alert", "source_still_late": "alert", "source_back": "good"}
"""Any other is early."""


class SourceWords(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that mails about sources say in one language, but for names and numbers."""

    badge: dict[SourceReason, str]
    subject: dict[SourceReason, str]
    headline: dict[SourceReason, str]
    lead: dict[SourceReason, str]
    where: str
    and_: str
    kinds: dict[str, str]
    cadence: dict[str, str]
    silent: str
    dropped: str
    units: str
    to_do: str
    do: dict[SourceReason, str]
    open: str
    decided: str
    why_me: str


SV = SourceWords(
    badge={
        "source_late": "Källsystem har tystnat",
        "source_still_late": "Påminnelse: källsystem tyst",
        "source_back": "Källsystem är tillbaka",
        "source_units": "Okänd enhet",
        "source_volume": "Ovanligt få uppgifter",
    },
    subject={
        "source_late": "{source} har tystnat: {kinds}",
        "source_still_late": "{source} är fortfarande tyst, försenat sedan {since}: {kinds}",
        "source_back": "{source} lämnar uppgifter igen",
        "source_units": "{source} nämner {n} [enhet|enheter] som ingen har definierat",
        "source_volume": "Ovanligt få uppgifter från {source}: {kinds}",
    },
    headline={
        "source_late": "{source} har tystnat",
        "source_still_late": "{source} är fortfarande tyst",
        "source_back": "{source} är tillbaka",
        "source_units": "{source} nämner {n} [okänd enhet|okända enheter]",
        "source_volume": "Ovanligt få uppgifter från {source}",
    },
    lead={
        "source_late": (
            "Det har inte kommit några uppgifter om {kinds} så ofta som {source} ska lämna dem. Tills de kommer visas"
            " värden som bygger på dem som inaktuella, och larm om dem avslutas inte."
        ),
        "source_still_late": (
            "Uppgifter om {kinds} från {source} är försenade sedan {since}. Värden som bygger på dem är inaktuella, och"
            " larm om dem avslutas inte."
        ),
        "source_back": "Uppgifterna kommer igen. Värdena är aktuella, och larm avslutas som vanligt.",
        "source_units": (
            "Händelser från {source} gäller {n} [enhet|enheter] som inte finns i organisationen. Ofta är det en"
            " felskrivning. Det som lämnats räknas för hela kommunen, men inte i någon förvaltning eller enhet ovanför."
        ),
        "source_volume": (
            "Från {source} kom mindre än en femtedel av vad som är vanligt en sådan veckodag. Kanske har en del av"
            " överföringen fallit bort."
        ),
    },
    where="Källsystem",
    and_=" och ",
    kinds={
        "employment": "anställningar",
        "leaving": "avgångar",
        "absence": "frånvaro",
        "milestone": "introduktion och samtal",
        "time": "arbetad tid",
        "caseload": "ärenden",
        "assignment": "inhyrd personal",
        "vacancy": "vakanser",
        "incident": "tillbud",
        "pulse": "pulsmätningar",
        "cost": "kostnader",
        "handover": "byten av handläggare",
        "bonus": "tillägg",
    },
    cadence={
        "daily": "varje dag",
        "working days": "varje arbetsdag",
        "weekly": "varje vecka",
        "monthly": "varje månad",
        "D": "minst var {n}:e dag",
        "W": "minst var {n}:e vecka",
        "M": "minst var {n}:e månad",
    },
    silent="Senast {fresh_until}. Lämnas {often}, och skulle ha kommit senast {due}.",
    dropped="{events} händelser {day}, mot {usual} en vanlig sådan veckodag.",
    units="Enheter",
    to_do="Vad du kan göra",
    do={
        "source_late": "Se efter att överföringen går. Skicka det som saknas: värdena rättas då av sig själva.",
        "source_still_late": "Se efter att överföringen går. Skicka det som saknas: värdena rättas då av sig själva.",
        "source_units": "Rätta händelserna, eller låt enheten definieras (hr.unit.defined.v1).",
        "source_volume": "Jämför med vad {source} själv säger sig ha skickat, och skicka det som saknas.",
    },
    open="Larmen",
    decided="Bedömt {decided}.",
    why_me="Du får detta för att {contact} är kontakt för {source} i registret över källsystem.",
)

EN = SourceWords(
    badge={
        "source_late": "Source has fallen silent",
        "source_still_late": "Reminder: source silent",
        "source_back": "Source is back",
        "source_units": "Unknown unit",
        "source_volume": "Unusually few events",
    },
    subject={
        "source_late": "{source} has fallen silent: {kinds}",
        "source_still_late": "{source} is still silent, late since {since}: {kinds}",
        "source_back": "{source} delivers again",
        "source_units": "{source} names {n} [unit|units] that nobody has defined",
        "source_volume": "Unusually few events from {source}: {kinds}",
    },
    headline={
        "source_late": "{source} has fallen silent",
        "source_still_late": "{source} is still silent",
        "source_back": "{source} is back",
        "source_units": "{source} names {n} unknown [unit|units]",
        "source_volume": "Unusually few events from {source}",
    },
    lead={
        "source_late": (
            "Nothing has come about {kinds} as often as {source} is to tell of it. Until it does, values that rest on"
            " it are shown as stale, and alerts about them do not end."
        ),
        "source_still_late": (
            "What {source} is to tell of {kinds} is late since {since}. Values that rest on it are stale, and alerts"
            " about them do not end."
        ),
        "source_back": "Events arrive again. Values are up to date, and alerts end as usual.",
        "source_units": (
            "Events of {source} are about {n} [unit that is|units that are] not in the organisation. Often a unit is"
            " misspelt. What was told counts for the whole municipality, but in no department or unit above."
        ),
        "source_volume": (
            "From {source} came less than a fifth of what is usual on such a weekday. Perhaps a part of the transfer"
            " was lost."
        ),
    },
    where="Source",
    and_=" and ",
    kinds={
        "employment": "employments",
        "leaving": "leavers",
        "absence": "absence",
        "milestone": "introductions and talks",
        "time": "hours worked",
        "caseload": "caseloads",
        "assignment": "agency staff",
        "vacancy": "vacancies",
        "incident": "incidents",
        "pulse": "pulse surveys",
        "cost": "costs",
        "handover": "handovers",
        "bonus": "bonuses",
    },
    cadence={
        "daily": "every day",
        "working days": "every working day",
        "weekly": "every week",
        "monthly": "every month",
        "D": "at least every {n} days",
        "W": "at least every {n} weeks",
        "M": "at least every {n} months",
    },
    silent="Last on {fresh_until}. Delivered {often}, and due by {due}.",
    dropped="{events} events on {day}, against {usual} on such a weekday.",
    units="Units",
    to_do="What you can do",
    do={
        "source_late": "See that the transfer works. Send what is missing: values are put right by themselves.",
        "source_still_late": "See that the transfer works. Send what is missing: values are put right by themselves.",
        "source_units": "Correct the events, or have the unit defined (hr.unit.defined.v1).",
        "source_volume": "Compare with what {source} itself says it has sent, and send what is missing.",
    },
    open="The alerts",
    decided="Decided {decided}.",
    why_me="You get this because {contact} is the contact of {source} in the registry of sources.",
)
WORDS: dict[Language, SourceWords] = {"sv": SV, "en": EN}
_LENGTH = re.compile(r"P?(\d+)([dDWM])")


def source_message(notice: SourceNotice, language: Language) -> Message:
    """The mail for the source's contact; raises KeyError for an unknown time zone."""
    words, reason = WORDS[language], notice.reason
    numbers = {"n": float(len(notice.units))}
    texts = _texts(notice, language)

    def say(pattern: str) -> str:
        return phrase(pattern, numbers, texts)

    rows = [_row(kind, words, language) for kind in notice.kinds]
    if notice.units:
        rows.append(Detail(words.units, ", ".join(shortened(one_line(unit), LONGEST_NAME) for unit in notice.units)))
    if reason in words.do:
        rows.append(Detail(words.to_do, say(words.do[reason])))
    return Message(
        language=language,
        subject=say(words.subject[reason]),
        tone=TONES.get(reason, "early"),
        badge=words.badge[reason],
        severity="",
        plan_title="",
        headline=say(words.headline[reason]),
        where=words.where,
        lead=say(words.lead[reason]),
        figure=None,
        rows=tuple(rows),
        measures_title="",
        tasks=(),
        no_measure="",
        link=notice.link,
        open=words.open,
        small_print=(say(words.decided), say(words.why_me)),
    )


def _texts(notice: SourceNotice, language: Language) -> Mapping[str, str]:
    return {
        "source": shortened(one_line(notice.source), LONGEST_NAME),
        "contact": one_line(notice.contact),
        "kinds": kinds([kind.kind for kind in notice.kinds], language),
        "n": str(len(notice.units)),
        "since": written.day(notice.since, language),
        "decided": written.moment(notice.decided, ZoneInfo(notice.time_zone), language),
    }


def kinds(names: Iterable[str], language: Language) -> str:
    """Kinds of events in words; what this release does not know, as it is written."""
    words = WORDS[language]
    return _listed([words.kinds.get(name, one_line(name)) for name in names], words)


def _listed(names: Sequence[str], words: SourceWords) -> str:
    return words.and_.join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def _row(kind: KindReported, words: SourceWords, language: Language) -> Detail:
    label = capitalised(words.kinds.get(kind.kind, one_line(kind.kind)))
    if kind.drop:
        day, usual = written.day(kind.drop.day, language), written.plain(kind.drop.usual, language)
        return Detail(label, words.dropped.format(events=kind.drop.events, day=day, usual=usual))
    days = {
        name: written.day(day, language) if day else "–"
        for name, day in (("fresh_until", kind.fresh_until), ("due", kind.due))
    }
    return Detail(label, words.silent.format(**days, often=_often(kind.cadence, words)))


def _often(cadence: str, words: SourceWords) -> str:
    """How often, in words; what this release does not know, as it is written."""
    if cadence in words.cadence:
        return words.cadence[cadence]
    found = _LENGTH.fullmatch(cadence)
    return words.cadence[found[2].upper()].format(n=found[1]) if found else one_line(cadence)
