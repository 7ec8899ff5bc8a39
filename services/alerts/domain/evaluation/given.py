"""Answers as they were given: late events change the months, and so what is said of them."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from msgspec.structs import replace

from services.alerts.domain.evaluation.windows import Windows, first_day
from shared.contracts.evaluations import EarlierAnswer, Evaluation


class Given(NamedTuple):
    """What was answered on a day, without the values of each month."""

    day: date
    answer: Evaluation


def kept(answer: Evaluation) -> Evaluation:
    """What is kept of an answer: all that is said of it, and not what a picture is drawn from."""
    return replace(answer, months=[], lines=[], earlier=[])


def differs(answer: Evaluation, other: Evaluation) -> bool:
    """Whether something else is said; up to when the months are known is not."""
    return kept(answer) != replace(kept(other), known_to=answer.known_to)


def beside_earlier(answer: Evaluation, given: Sequence[Given]) -> Evaluation:
    """An answer with those to the same question that said another thing, the oldest first.

    Of groups that are hidden now nothing is told that was said before.
    """
    if "small_group" in answer.because:
        return answer
    other = [one for one in given if _same(one.answer, answer) and differs(one.answer, answer)]
    return replace(
        answer,
        earlier=[EarlierAnswer(one.day, one.answer.verdict, one.answer.kind, one.answer.effect) for one in other],
    )


def answers_to(answer: Evaluation, units: Sequence[str], months: Windows) -> bool:
    """Whether it answers what is asked of these units and months."""
    asked = first_day(months.before[0]), months.before[-1], first_day(months.after[0]), months.after[-1]
    windows = answer.before.first, answer.before.last, answer.after.first, answer.after.last
    return answer.units == list(units) and windows == asked


def turned(given: Sequence[Given]) -> bool:
    """Whether the latest answer has another verdict than the one before it, of the same question."""
    if len(given) < 2:
        return False
    before, now = (one.answer for one in given[-2:])
    return _same(before, now) and before.verdict != now.verdict


def _same(answer: Evaluation, other: Evaluation) -> bool:
    asked = [(one.metric, one.units, one.occupation, one.before, one.after, one.expect) for one in (answer, other)]
    return asked[0] == asked[1]
