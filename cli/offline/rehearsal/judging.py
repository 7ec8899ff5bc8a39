"""Plans judged on published values, as the alerts service would the first time it hears of them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import NamedTuple

from cli.offline.rehearsal.months import months
from cli.offline.rehearsal.parts import parts
from cli.offline.rehearsal.values import WINDOW, RehearsedValues
from services.alerts.domain.alert.judged import Judgement
from services.alerts.domain.alert.judgement import AlertRecord, Setting, judge
from services.alerts.domain.alert.months import Month, observations, wanted
from services.alerts.domain.alert.observation import Observation, SeriesKey
from services.alerts.domain.alert.parts import wanted as of_parts
from services.alerts.domain.alert.promises import Promise, every
from services.alerts.domain.alert.standing import Alert
from services.alerts.domain.letter.message import Message, message
from services.alerts.domain.plan.places import Places
from services.alerts.domain.plan.plan import EVERYONE, Plan, Version
from shared.language.language import Language

EVENING = time(18, tzinfo=UTC)
ACTIVE = frozenset({"firing", "recovering"})


class Rehearsed(NamedTuple):
    """An alert that is told of: whom for, what came of it, and the mail, in one language."""

    alert: Alert
    outcome: Judgement
    mail: Message


def judged(plans: Iterable[Plan], values: RehearsedValues, today: date) -> Mapping[Alert, Judgement]:
    """Where every alert of these plans, running side by side, stands on ``today``."""
    decided = datetime.combine(today, EVENING)
    versions = {plan.id: Version(plan, 1, f"{plan.id}.yaml", plan.id, decided, decided) for plan in plans}
    at = Setting(today, today, decided, _link)
    places = Places(values.units.values())
    kept = months(values.ledger, wanted(versions, places), today)
    values = values._replace(series={**values.series, **parts(values.ledger, of_parts(versions, places), today)})
    return {
        alert: judge(alert, one, AlertRecord(None, (), _observed(one, values, kept), lambda _episode: (), WINDOW), at)
        for alert, one in every(versions, places).items()
        if one.target.part == EVERYONE or one.series in {**values.series, **kept}
    }


def _observed(
    one: Promise, values: RehearsedValues, kept: Mapping[SeriesKey, Sequence[Month]]
) -> Sequence[Observation]:
    """What is judged of a promise: months by a rule, else days."""
    if one.target.rule:
        return observations(one.target.rule, kept.get(one.series, ()), one.version.plan.known_from)
    return values.series.get(one.series, ())


def firing(outcomes: Mapping[Alert, Judgement], language: Language) -> list[Rehearsed]:
    """The alerts that fire, each with the first mail about it."""
    return [
        Rehearsed(alert, outcome, message(mail.occasion, mail.recipient, language))
        for alert, outcome in outcomes.items()
        if outcome.view.state in ACTIVE
        for mail in outcome.mails[:1]
    ]


def _link(plan: str, _target: str, unit: str, _episode: str) -> str:
    return f"/v1/alerts?plan={plan}&unit={unit}"
