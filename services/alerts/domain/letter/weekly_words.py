"""The words of the weekly summary; one filled table per language. Every text is a pattern for ``phrase``."""

from typing import Literal

import msgspec

from services.alerts.domain.weekly.weekly import Kind
from shared.language.language import Language

Part = Kind | Literal["overdue", "late"]
"""What a part of the summary is about: alerts of one kind, actions past their due day, data that is late."""
Ended = Literal["resolved", "data_corrected", "plan_changed"]


class WeeklyWords(msgspec.Struct, frozen=True, kw_only=True):
    """Everything weekly summaries say in one language, apart from names and numbers."""

    badge: str
    subject: str
    quiet_subject: str
    counted: dict[Part, str]
    quiet_headline: str
    unwatched_subject: str
    unwatched_headline: str
    lead: str
    quiet_lead: str
    unwatched_lead: str
    unacknowledged: str
    watches: str
    unjudged: str
    title: dict[Part, str]
    beyond: str
    within: str
    hidden: str
    unknown: str
    since: str
    since_at_least: str
    ahead: str
    ahead_hidden: str
    ended: dict[Ended, str]
    lasted: str
    now: str
    nobody: str
    taken: str
    taken_until: str
    assigned: str
    snoozed: str
    action: str
    source: str
    source_due: str
    more: str
    leave: str


SV = WeeklyWords(
    badge="Veckosammanfattning",
    subject="Veckan: {counts} – {plan_title}",
    quiet_subject="Veckan: inget larm, inget nytt – {plan_title}",
    counted={
        "new": "{n} [nytt larm|nya larm]",
        "going": "{n} [larm som pågår|larm som pågår]",
        "ahead": "{n} [förvarning|förvarningar]",
        "ended": "{n} [avslutat larm|avslutade larm]",
        "overdue": "{n} [försenad åtgärd|försenade åtgärder]",
        "late": "{n} [källsystem som dröjer|källsystem som dröjer]",
    },
    quiet_headline="Inget larm och inget nytt",
    unwatched_subject="Veckan: inget bevakas än – {plan_title}",
    unwatched_headline="Inget bevakas än",
    unwatched_lead="Stadga bevakar inget löfte åt dig än: ingen enhet som planens mål gäller är känd.",
    lead="Så ser det ut den {today}, med det som har hänt sedan den {since}.",
    quiet_lead=(
        "Inget larm pågår, inget har börjat eller slutat sedan den {since}, inget väntas, ingen åtgärd är försenad, och"
        " så vitt Stadga vet dröjer inget källsystem."
    ),
    unacknowledged="{n} av larmen har ingen kvitterat.",
    watches="Stadga bevakar {watched} [löfte|löften] i {units} [enhet|enheter] åt dig.",
    unjudged="{n} av dem har inget tal att bedöma just nu.",
    title={
        "new": "Nya larm",
        "going": "Larm som pågår",
        "ahead": "Väntas framöver",
        "ended": "Avslutade larm",
        "overdue": "Försenade åtgärder",
        "late": "Uppgifter som dröjer",
    },
    beyond="{metric} {value}, {side} gränsen {limit}",
    within="{metric} {value}, inte längre {side} gränsen {limit}, men larmet kvarstår",
    hidden="{metric}: gruppen är för liten för att värdet ska få visas, men larmet kvarstår",
    unknown="{metric}: det finns inget värde just nu, men larmet kvarstår",
    since="i {days} [dag|dagar], sedan den {day}",
    since_at_least="i minst {days} [dag|dagar], sedan åtminstone den {day}",
    ahead="{metric} väntas bli {value} den {day}, {side} gränsen {limit}",
    ahead_hidden="{metric} väntas hamna {side} gränsen {limit} den {day}",
    ended={
        "resolved": "{metric}: åter inom planen den {day}",
        "data_corrected": "{metric}: återtaget den {day}, uppgifter har rättats",
        "plan_changed": "{metric}: slut den {day}, planen har ändrats",
    },
    lasted="efter {days} [dag|dagar]",
    now="nu {value}",
    nobody="Ingen har kvitterat larmet.",
    taken="{by} har kvitterat larmet.",
    taken_until="{by} har kvitterat larmet, till den {day}.",
    assigned="Tilldelat {who}.",
    snoozed="Pausat till den {day}.",
    action="{title}: skulle vara klar den {day}, för {days} [dag|dagar] sedan. Ansvarig: {owner}",
    source="{source}: {kinds}",
    source_due="{source}: {kinds}, skulle ha kommit senast den {day}",
    more="och {n} till",
    leave="Avsluta veckosammanfattningen",
)

EN = WeeklyWords(
    badge="Weekly summary",
    subject="The week: {counts} – {plan_title}",
    quiet_subject="The week: no alert, nothing new – {plan_title}",
    counted={
        "new": "{n} [new alert|new alerts]",
        "going": "{n} [alert that goes on|alerts that go on]",
        "ahead": "{n} [advance warning|advance warnings]",
        "ended": "{n} [alert that is over|alerts that are over]",
        "overdue": "{n} [overdue action|overdue actions]",
        "late": "{n} [late source|late sources]",
    },
    quiet_headline="No alert and nothing new",
    unwatched_subject="The week: nothing is watched yet – {plan_title}",
    unwatched_headline="Nothing is watched yet",
    unwatched_lead="Stadga watches no promise for you yet: no unit that the plan's targets are about is known.",
    lead="This is how things stand on {today}, with what has happened since {since}.",
    quiet_lead=(
        "No alert goes on, none has begun or ended since {since}, nothing is expected, no action is overdue, and"
        " as far as Stadga knows no source is late."
    ),
    unacknowledged="Nobody has acknowledged {n} of the alerts.",
    watches="Stadga watches {watched} [promise|promises] in {units} [unit|units] for you.",
    unjudged="{n} of them [has|have] no number to be judged on right now.",
    title={
        "new": "New alerts",
        "going": "Alerts that go on",
        "ahead": "Expected ahead",
        "ended": "Alerts that are over",
        "overdue": "Overdue actions",
        "late": "Data that is late",
    },
    beyond="{metric} {value}, {side} the limit of {limit}",
    within="{metric} {value}, no longer {side} the limit of {limit}, but the alert goes on",
    hidden="{metric}: the group is too small for its value to be shown, but the alert goes on",
    unknown="{metric}: there is no value right now, but the alert goes on",
    since="for {days} [day|days], since {day}",
    since_at_least="for at least {days} [day|days], at least since {day}",
    ahead="{metric} is expected to be {value} on {day}, {side} the limit of {limit}",
    ahead_hidden="{metric} is expected to be {side} the limit of {limit} on {day}",
    ended={
        "resolved": "{metric}: back within the plan on {day}",
        "data_corrected": "{metric}: withdrawn on {day}, data was corrected",
        "plan_changed": "{metric}: over on {day}, the plan has changed",
    },
    lasted="after {days} [day|days]",
    now="now {value}",
    nobody="Nobody has acknowledged it.",
    taken="{by} has acknowledged it.",
    taken_until="{by} has acknowledged it, until {day}.",
    assigned="Assigned to {who}.",
    snoozed="Snoozed until {day}.",
    action="{title}: was to be done by {day}, {days} [day|days] ago. Owner: {owner}",
    source="{source}: {kinds}",
    source_due="{source}: {kinds}, due by {day}",
    more="and {n} more",
    leave="End the weekly summary",
)
WORDS: dict[Language, WeeklyWords] = {"sv": SV, "en": EN}
