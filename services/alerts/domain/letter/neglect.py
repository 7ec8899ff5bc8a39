"""The mail about neglected measures of a plan, in words."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

import msgspec

from services.alerts.domain.evaluation.telling import text
from services.alerts.domain.letter.facts import title
from services.alerts.domain.letter.message import Detail, Message
from services.alerts.domain.neglect.finding import Neglect
from services.alerts.domain.neglect.notice import NeglectedNotice, NeglectLetter
from shared.contracts.catalogue import BY_NAME
from shared.language import numbers as written
from shared.language.language import Language
from shared.language.phrase import capitalised, one_line, phrase, shortened

LONGEST_NAME = 80


class NeglectWords(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that mails about measures say in one language, but for names and numbers."""

    badge: str
    subject: str
    headline: str
    where: str
    lead: str
    said: dict[Neglect, str]
    answered: str
    undecided_late: str
    owner: str
    open: str
    decided: str
    why_me: str


SV = NeglectWords(
    badge="Planens åtgärder",
    subject="{n} [åtgärd|åtgärder] att ta ställning till: {plan_title}",
    headline="{n} [åtgärd|åtgärder] att ta ställning till",
    where="Handlingsplanens åtgärder",
    lead=(
        "Det här handlar om vad planen säger ska göras, inte om något värde. Anmäl att en åtgärd är påbörjad,"
        " genomförd eller inställd, eller ändra den i planen, så påminns du inte om den mer."
    ),
    said={
        "overdue": "Skulle ha varit klar den {due}, för {days} [dag|dagar] sedan.",
        "trial_over": "Provtiden är slut sedan den {since}: dags att utvärdera.",
        "undecided": "Väntar på budgetbeslut, och ska vara klar den {due}.",
        "moves_nothing": "Inget mål i planen visar om den hjälper: nämn den vid ett mål.",
        "evaluable": "Månaderna efter är slut och kända sedan den {since}: på planens sida finns svaret på om den"
        " hjälpte. Anmäl den som utvärderad när ni har läst det.",
        "answered_otherwise": "Svaret på om den hjälpte är ett annat sedan den {since}: uppgifter har kommit sent,"
        " eller rättats.",
    },
    answered="Månaderna efter är slut och kända sedan den {since}. Anmäl den som utvärderad när ni har läst svaret.",
    undecided_late="Väntar fortfarande på budgetbeslut.",
    owner="Ansvarig: {owner}.",
    open="Visa planen",
    decided="{plan}, bedömt den {decided} ({zone}).",
    why_me="Skickas automatiskt av Stadga till planens mottagare {recipient}, som ansvarar för åtgärd eller plan.",
)
EN = NeglectWords(
    badge="Actions of the plan",
    subject="{n} [action|actions] to decide about: {plan_title}",
    headline="{n} [action|actions] to decide about",
    where="What the action plan says shall be done",
    lead=(
        "This is about what the plan says shall be done, not about any value. Report an action as started, done or"
        " cancelled, or change it in the plan, and you are reminded of it no more."
    ),
    said={
        "overdue": "Was to be done by {due}, {days} [day|days] ago.",
        "trial_over": "Its trial has been over since {since}: time to evaluate it.",
        "undecided": "Awaits a decision on its budget, and is to be done by {due}.",
        "moves_nothing": "No target of the plan shows whether it helps: name it at a target.",
        "evaluable": "The months after are over, and known since {since}: the plan's page has the answer to whether it"
        " helped. Report it as evaluated once you have read it.",
        "answered_otherwise": "The answer to whether it helped is another since {since}: events came late, or were put"
        " right.",
    },
    answered="The months after are over, and known since {since}. Report it as evaluated once you have read the"
    " answer.",
    undecided_late="Still awaits a decision on its budget.",
    owner="Owner: {owner}.",
    open="See the plan",
    decided="{plan}, decided on {decided} ({zone}).",
    why_me="Sent automatically by Stadga to the plan's recipient {recipient}, who answers for action or plan.",
)
WORDS: dict[Language, NeglectWords] = {"sv": SV, "en": EN}


def neglect_message(told: NeglectLetter, recipient: str, language: Language) -> Message:
    """The mail to a recipient of the plan; raises KeyError for an unknown time zone."""
    words = WORDS[language]
    measures: dict[str, list[NeglectedNotice]] = {}
    for one in told.measures:
        measures.setdefault(_name(one, told, language), []).append(one)
    plan_title = title(told.plan_title, language, told.language)
    numbers = {"n": float(len(measures))}
    texts = {
        "n": str(len(measures)),
        "plan_title": plan_title,
        "plan": one_line(told.plan),
        "decided": written.moment(told.decided, ZoneInfo(told.time_zone), language),
        "zone": told.time_zone,
        "recipient": one_line(recipient),
    }
    return Message(
        language=language,
        subject=phrase(words.subject, numbers, texts),
        tone="early",
        badge=words.badge,
        severity="",
        plan_title=plan_title,
        headline=phrase(words.headline, numbers, texts),
        where=words.where,
        lead=words.lead,
        figure=None,
        rows=tuple(row for name, some in measures.items() for row in _rows(name, some, told, language)),
        measures_title="",
        tasks=(),
        no_measure="",
        link=told.link,
        open=words.open,
        small_print=tuple(phrase(pattern, {}, texts) for pattern in (words.decided, words.why_me)),
    )


def _name(one: NeglectedNotice, told: NeglectLetter, language: Language) -> str:
    name = title(one.title, language, told.language)
    return f"{name} ({shortened(one_line(one.unit_name), LONGEST_NAME)})" if one.unit_name else name


def _rows(name: str, some: list[NeglectedNotice], told: NeglectLetter, language: Language) -> Iterator[Detail]:
    """A measure, and below it the answers to whether it helped, as its page says them."""
    yield Detail(name, " ".join(_said(some, told, WORDS[language], language)))
    answers = {answer.metric: text(answer, language) for one in some for answer in one.answers}
    for metric, said in answers.items():
        sentences = (f"{said.verdict}. {said.lead}", *said.care, *said.numbers)
        yield Detail(capitalised(getattr(BY_NAME[metric], language)), " ".join(sentences))


def _said(some: list[NeglectedNotice], told: NeglectLetter, words: NeglectWords, language: Language) -> Iterator[str]:
    """What is neglected about one measure, and who answers for it."""
    for one in some:
        late = (told.today - one.due).days if one.due else 0
        days = {"due": one.due, "since": one.since}
        texts = {name: written.day(day, language) for name, day in days.items() if day}
        yield phrase(_pattern(one, words, late), {"days": late}, {**texts, "days": written.plain(late, language)})
    yield words.owner.format(owner=one_line(some[0].owner))


def _pattern(one: NeglectedNotice, words: NeglectWords, late: int) -> str:
    if one.neglect == "undecided" and late > 0:
        return words.undecided_late
    return words.answered if one.neglect == "evaluable" and one.answers else words.said[one.neglect]
