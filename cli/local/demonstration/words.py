"""The words of the demo, in both languages."""

from collections.abc import Mapping
from typing import NamedTuple

from shared.language.language import Language


class DemoWords(NamedTuple):
    """Of its story, its bars, its tables, and the mail it ends with."""

    story: str
    published: str
    counted: str
    events: str
    waiting: str
    state: str
    values: str
    town: str
    rates: str
    days: str
    health: str
    hidden: str
    alerts: str
    columns: tuple[str, ...]
    limits: str
    chance: Mapping[bool | None, str]
    at_least: str
    mail: str
    to: str
    look: str
    board: str
    mails: str
    doors: str


WORDS: Mapping[Language, DemoWords] = {
    "sv": DemoWords(
        story="\nTre år med {people} personer i {units} enheter, berättade av händelser (till och med {last}):",
        published="skickat",
        counted="räknat",
        events="{n} händelser",
        waiting="väntar på larmen",
        state="{firing} larm, {mails} mejl skickade, {unsent} att skicka, {unread} värden att läsa, {due} att pröva",
        values="Nyckeltal den {day}",
        town="kommunen",
        rates="Andelar: {over}. Inom parentes: det spann som slumpen lämnar öppet (95 %).",
        days="över 365 dagar",
        health="av hälsa över de tolv månaderna till {until}",
        hidden="dolt: tio personer eller färre",
        alerts="{n} larm",
        columns=("enhet", "mått", "värde", "gräns", "slutar vid", "sedan", "slump?"),
        limits="Gränser: {plan}. Slump: om den ensam kan förklara att gränsen är passerad.",
        chance={True: "nej", False: "möjligt", None: "inte bedömt"},
        at_least="minst sedan {since}",
        mail="Mejlet",
        to="till {to}",
        look="Se mer här",
        board="tavlan",
        mails="mejl",
        doors="De tre har också /schema och /metrics.",
    ),
    "en": DemoWords(
        story="\nThree years of {people} people in {units} units, told by events (to {last}):",
        published="published",
        counted="counted",
        events="{n} events",
        waiting="waiting for the alerts",
        state="{firing} firing, {mails} mails sent, {unsent} to send, {unread} values to read, {due} alerts to judge",
        values="Key metrics on {day}",
        town="the municipality",
        rates="Rates: {over}. In brackets: the range chance leaves open (95 %).",
        days="over 365 days",
        health="of health over the twelve months to {until}",
        hidden="hidden: ten people or fewer",
        alerts="{n} alerts fire",
        columns=("unit", "metric", "value", "limit", "ends at", "since", "chance?"),
        limits="Limits: {plan}. Chance: whether it alone can explain the breach.",
        chance={True: "no", False: "possible", None: "not judged"},
        at_least="at least {since}",
        mail="The e-mail",
        to="to {to}",
        look="Where to look",
        board="the board",
        mails="mails",
        doors="The three also have /schema and /metrics.",
    ),
}
