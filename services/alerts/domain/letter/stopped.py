"""The mail about a recipient that mails do not reach, in words."""

from zoneinfo import ZoneInfo

import msgspec

from services.alerts.domain.bounce.notice import StoppedNotice
from services.alerts.domain.letter.facts import title
from services.alerts.domain.letter.message import Detail, Message
from shared.language import numbers as written
from shared.language.language import Language
from shared.language.phrase import one_line


class StoppedWords(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that such mails say in one language, but for names."""

    badge: str
    subject: str
    where: str
    lead: str
    said: str
    to_do: str
    do: str
    open: str
    decided: str
    why_me: str


SV = StoppedWords(
    badge="Adressen tar inte emot",
    subject="Mejl till {name} kommer inte fram",
    where="Handlingsplanens mottagare",
    lead="Ett mejl till {name} kom tillbaka. Inga fler larm skickas dit förrän det är rättat.",
    said="E-postservern svarade",
    to_do="Det här behöver göras",
    do="Skriv in rätt adress i planen, eller be driften öppna adressen igen när den har rättats.",
    open="Visa planen",
    decided="{plan}, den {decided} ({zone}).",
    why_me="Skickas automatiskt av Stadga till planens mottagare {recipient}, som ansvarar för planen.",
)
EN = StoppedWords(
    badge="The address takes no mail",
    subject="Mail to {name} does not arrive",
    where="Recipients of the action plan",
    lead="A mail to {name} came back. No more alerts are sent there before that is mended.",
    said="The mail server answered",
    to_do="What needs to be done",
    do="Put the right address into the plan, or ask operations to open the address again once it is mended.",
    open="See the plan",
    decided="{plan}, on {decided} ({zone}).",
    why_me="Sent automatically by Stadga to the plan's recipient {recipient}, who answers for the plan.",
)
WORDS: dict[Language, StoppedWords] = {"sv": SV, "en": EN}


def stopped_message(told: StoppedNotice, recipient: str, language: Language) -> Message:
    """The mail to the responsible of the plan; raises KeyError for an unknown time zone."""
    words = WORDS[language]
    texts = {
        "name": one_line(told.name),
        "plan": one_line(told.plan),
        "decided": written.moment(told.decided, ZoneInfo(told.time_zone), language),
        "zone": told.time_zone,
        "recipient": one_line(recipient),
    }
    subject = words.subject.format(**texts)
    return Message(
        language=language,
        subject=subject,
        tone="early",
        badge=words.badge,
        severity="",
        plan_title=title(told.plan_title, language, told.language),
        headline=subject,
        where=words.where,
        lead=words.lead.format(**texts),
        figure=None,
        rows=(Detail(words.said, one_line(told.why)), Detail(words.to_do, words.do)),
        measures_title="",
        tasks=(),
        no_measure="",
        link=told.link,
        open=words.open,
        small_print=(words.decided.format(**texts), words.why_me.format(**texts)),
    )
