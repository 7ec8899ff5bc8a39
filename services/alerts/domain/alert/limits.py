"""Whether an alert begins or ends because the plan's limit has moved, and not the value."""

from services.alerts.domain.alert.observation import number
from services.alerts.domain.alert.occasion import MailReason, MovedLimit
from services.alerts.domain.alert.standing import Transition
from services.alerts.domain.alert.telling import Subject, View
from services.alerts.domain.plan.plan import Limit
from shared.contracts.metrics import MetricValue


def moved(subject: Subject, last: View | None) -> MovedLimit | None:
    """The limit an alert was ``last`` judged by, where the plan's version of now has another for the same values."""
    target = subject.target
    if last is None or (last.metric, last.occupation) != (target.metric, subject.plan.occupation_of(target)):
        return None
    before = Limit(last.side, last.threshold)
    return MovedLimit(side=before.side, threshold=before.value, value=last.value) if before != target.breach else None


def blamed(subject: Subject, step: Transition, measured: MetricValue, before: MovedLimit | None) -> MailReason | None:
    """What a step is mailed for if it is the limit that has moved; None if it is not, or not alone.

    A value past the limit of now and not of before begins an alert; one that is not past that of now any more ends it.
    """
    value = number(measured)
    if before is None or value is None or step.episode is None:
        return None
    was, is_now = Limit(before.side, before.threshold).passed(value), subject.target.breach.passed(value)
    if step.mail in {"hold_met", "expected_breach"}:
        return step.mail if is_now and not was else None
    if is_now or step.episode.spell.kind != "breach" or step.old not in {"firing", "recovering"}:
        return None
    return "limit_moved" if step.reason == "plan_changed" or (step.reason == "resolved" and was) else None
