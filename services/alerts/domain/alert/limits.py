"""Whether an alert begins or ends because the plan's limit has moved, and not the value."""

from services.alerts.domain.alert.observation import Glimpse, number
from services.alerts.domain.alert.occasion import MailReason, MovedLimit
from services.alerts.domain.alert.standing import Episode, Standing, Transition
from services.alerts.domain.alert.telling import Subject, View
from services.alerts.domain.plan.plan import Limit, limit
from shared.contracts.metrics import MetricValue


def moved(subject: Subject, last: View | None) -> MovedLimit | None:
    """The limit an alert was ``last`` judged by, where the plan's version of now has another for the same values."""
    target = subject.target
    named = (target.metric, subject.plan.occupation_of(target), *target.part)
    if last is None or (last.metric, last.occupation, last.gender, last.age) != named:
        return None
    before = limit(last.side, last.threshold)
    if before is None or target.breach is None or before == target.breach:
        return None
    return MovedLimit(side=before.side, threshold=before.value, value=last.value)


def waits(
    subject: Subject, was: Standing, now: Standing, seen: Glimpse | None, before: MovedLimit | None
) -> MovedLimit | None:
    """The limit of before, of a breach that waits for its hold because the limit has moved."""
    if now.state != "pending":
        return None
    if (was.state, was.since) == (now.state, now.since):
        return was.moved
    return before if before and seen and _only_now(subject, seen.measured, before) else None


def _only_now(subject: Subject, measured: MetricValue, before: MovedLimit) -> bool:
    """Whether a value is past the limit of now, and was not past that of before."""
    value = number(measured)
    return value is not None and _past(subject, value) and not _limit(before).passed(value)


def _limit(before: MovedLimit) -> Limit:
    return Limit(before.side, before.threshold)


def blamed(subject: Subject, step: Transition, measured: MetricValue, before: MovedLimit | None) -> MailReason | None:
    """What a step is mailed for if it is the limit that has moved; None if it is not, or not alone.

    A value past the limit of now and not of before begins an alert; one that is not past that of now any more ends it.
    """
    if before is None or step.episode is None:
        return None
    if step.mail in {"hold_met", "expected_breach"}:
        return step.mail if _only_now(subject, measured, before) else None
    return "limit_moved" if _ended(subject, step.episode, step, number(measured), before) else None


def _ended(subject: Subject, episode: Episode, step: Transition, value: float | None, before: MovedLimit) -> bool:
    """Whether a breach that fired is over with a value that the limit of now lets pass, and not by its own return."""
    if value is None or episode.spell.kind != "breach" or step.old not in {"firing", "recovering"}:
        return False
    by_limit = step.reason == "plan_changed" or (step.reason == "resolved" and _limit(before).passed(value))
    return by_limit and not _past(subject, value)


def _past(subject: Subject, value: float) -> bool:
    breach = subject.target.breach
    return breach is not None and breach.passed(value)
