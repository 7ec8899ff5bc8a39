"""What a mail about neglected measures says, frozen at the moment it was decided, so that a retry says the same."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime

import msgspec

from services.alerts.domain.evaluation.given import Given, beside_earlier
from services.alerts.domain.neglect.finding import Neglect, Neglected
from services.alerts.domain.plan.plan import Plan
from shared.contracts.evaluations import Evaluation
from shared.language.language import Language

NEGLECTED = "neglected"
"""Why such a mail is sent, as the outbox knows it."""
ANSWERED: frozenset[Neglect] = frozenset({"evaluable", "answered_otherwise"})
"""What is told with the answers."""


class NeglectedNotice(msgspec.Struct, frozen=True, kw_only=True):
    """One measure: its title by language, its owner as a mail speaks of them, and the unit it is of, if of one.

    ``answers`` are those to whether it helped, of one that is over.
    """

    title: dict[str, str]
    owner: str
    neglect: Neglect
    since: date | None = None
    due: date | None = None
    unit_name: str | None = None
    answers: tuple[Evaluation, ...] = ()


class NeglectLetter(msgspec.Struct, frozen=True, kw_only=True):
    """What one plan has to tell one recipient of its measures on a day; it travels as JSON in the outbox."""

    id: str
    plan: str
    plan_title: dict[str, str]
    language: Language
    time_zone: str
    today: date
    decided: datetime
    link: str
    measures: tuple[NeglectedNotice, ...]


def letter(
    plan: Plan,
    who: str,
    told: Sequence[Neglected],
    units: Mapping[str, str],
    when: tuple[date, datetime],
    link: str,
    given: Mapping[str, Sequence[Sequence[Given]]] | None = None,
) -> NeglectLetter:
    """What a recipient is told on a day; ``units`` are names of units, ``given`` the answers by measure and metric."""
    today, decided = when
    about = "|".join((plan.id, who, today.isoformat(), *(one.key for one in told)))
    return NeglectLetter(
        id=f"neglected_{hashlib.sha256(about.encode()).hexdigest()[:20]}",
        plan=plan.id,
        plan_title=plan.title,
        language=plan.language,
        time_zone=plan.time_zone,
        today=today,
        decided=decided,
        link=link,
        measures=tuple(_notice(plan, one, units, (given or {}).get(one.measure, ())) for one in told),
    )


def _notice(plan: Plan, one: Neglected, units: Mapping[str, str], given: Sequence[Sequence[Given]]) -> NeglectedNotice:
    measure = plan.measures[one.measure]
    owner = plan.recipients.get(measure.owner)
    return NeglectedNotice(
        title=measure.title,
        owner=owner.name if owner else measure.owner,
        neglect=one.neglect,
        since=one.since,
        due=measure.due,
        unit_name=units.get(measure.unit, measure.unit) if measure.unit else None,
        answers=tuple(beside_earlier(some[-1].answer, some[:-1]) for some in given) if one.neglect in ANSWERED else (),
    )
