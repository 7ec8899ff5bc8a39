"""Who is told while nobody takes an alert on, and that no order of snoozes and acknowledgements loses an ending."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from services.alerts.domain.handling.following import Going, Today, follow
from services.alerts.domain.handling.handled import Handled, handled, misdated, objection
from services.alerts.domain.handling.handling import Handling, Order
from services.alerts.domain.plan.plan import EscalationStep, Target
from shared.calendar.working_days import is_working_day, working_day_after, working_days_between
from shared.contracts.alerts import HandlingKind
from tests.unit.alerts.stories import target

FRIDAY, GOOD_FRIDAY, MIDSUMMER_EVE = date(2026, 3, 27), date(2026, 4, 3), date(2026, 6, 19)
STEPS = (EscalationStep(2, ("head",)), EscalationStep(7, ("director",)))
ESCALATING = replace(target(), escalate=STEPS, remind=30)
EPISODE = "ep_1"
DAY = timedelta(1)


def row(
    kind: HandlingKind, day: date, until: date | None = None, episode: str | None = EPISODE, to: tuple[str, ...] = ()
) -> Handling:
    """Something that Eva did on a day."""
    at = datetime.combine(day, datetime.min.time(), UTC)
    name = f"{kind}/{day}/{until}"
    return Handling(key=name, kind=kind, episode=episode, by="eva", at=at, day=day, until=until, note="skäl", to=to)


def lived(of: Target, first: date, last: date, acts: Sequence[Handling] = (), ends: date = date.max) -> list[Handling]:
    """All rows after days of an alert that is told of on the first of them and ends on another."""
    rows: list[Handling] = []
    for number in range((last - first).days + 1):
        day = first + DAY * number
        rows += [one for one in acts if one.day == day]
        going = Going(EPISODE, first, ("hr",)) if day < ends else None
        rows += follow(of, going, rows, Today(day, datetime.combine(day, datetime.min.time(), UTC)))
    return rows


def told(rows: Sequence[Handling]) -> list[tuple[str, str, tuple[str, ...]]]:
    """What the service did, when, and who was told."""
    return [(one.day.isoformat()[5:], one.kind, one.to) for one in rows if one.by == "stadga"]


@pytest.mark.parametrize(
    ("first", "second", "seventh"),
    [
        (FRIDAY, "03-31", "04-09"),
        (GOOD_FRIDAY, "04-08", "04-15"),
        (MIDSUMMER_EVE, "06-23", "06-30"),
        (date(2026, 12, 23), "12-29", "01-08"),  # Christmas, New Year's Eve and Day, Epiphany
    ],
)
def test_days_off_do_not_count(first: date, second: str, seventh: str) -> None:
    """Two and seven working days after what fires before, or on, a holiday."""
    of = replace(ESCALATING, remind=None)
    assert told(lived(of, first, first + DAY * 30)) == [
        (second, "escalated", ("head",)),
        (seventh, "escalated", ("director",)),
    ]


def test_a_reminder_waits_for_a_working_day() -> None:
    """Thirty days after the Friday is a Sunday; the next is thirty days after the Monday."""
    of = replace(ESCALATING, escalate=())
    assert told(lived(of, FRIDAY, FRIDAY + DAY * 62)) == [
        ("04-27", "reminded", ("hr",)),
        ("05-27", "reminded", ("hr",)),
    ]


def test_who_has_it_is_not_escalated_to_others_but_reminded() -> None:
    """Until the day it ends; then working days are counted from there."""
    rows = lived(ESCALATING, FRIDAY, date(2026, 5, 15), [row("acknowledged", FRIDAY, date(2026, 5, 11))])
    assert told(rows) == [("04-27", "reminded", ("hr",)), ("05-13", "escalated", ("head",))]


def test_a_day_that_is_missed_is_made_up_for() -> None:
    """The service was away for a month: every step, and one reminder."""
    rows = follow(ESCALATING, Going(EPISODE, FRIDAY, ("hr",)), [], Today(date(2026, 4, 30), datetime.now(UTC)))
    assert [one.kind for one in rows] == ["escalated", "escalated", "reminded"]


def test_nobody_was_told_nobody_is_reminded() -> None:
    """A mail that waits is not told yet."""
    assert follow(ESCALATING, Going(EPISODE, None, ()), [], Today(date(2026, 5, 30), datetime.now(UTC))) == []


DAYS = st.integers(0, 40).map(lambda number: FRIDAY + DAY * number)
ACTS = st.lists(
    st.tuples(st.sampled_from(("acknowledged", "unacknowledged", "snoozed", "awakened")), DAYS, st.integers(1, 20)),
    max_size=6,
    unique_by=lambda act: (act[0], act[1]),
)


@given(acts=ACTS, ends=DAYS)
def test_no_order_of_acts_keeps_a_snooze_for_ever(acts: list[tuple[HandlingKind, date, int]], ends: date) -> None:
    """Every snooze ends by its own day, and from then on mails that waited go: an ending, too, is told.

    Nobody is turned to while somebody has the alert, while it is snoozed, on its last day or later, or twice for one
    step; and every step is of a working day's distance.
    """
    given_rows = [row(kind, day, day + DAY * length) for kind, day, length in acts]
    last = FRIDAY + DAY * 70
    rows = lived(ESCALATING, FRIDAY, last, given_rows, ends)
    assert handled(rows, EPISODE, last).snoozed is None
    assert len({one.key for one in rows}) == len(rows)
    for place, one in enumerate(rows):
        before = handled(rows[:place], EPISODE, one.day)
        if one.kind in {"escalated", "reminded"}:
            assert one.day < ends
            assert before.snoozed is None
        if one.kind == "escalated":
            assert before.acknowledged is None
    for one in rows:
        if one.kind == "snoozed" and one.until:
            over = [other for other in rows if other.day <= one.until and other.kind in {"awakened", "snooze_ended"}]
            later = [other for other in rows if other.kind == "snoozed" and other.day >= one.day and other is not one]
            assert [other for other in over if other.day >= one.day] or later


def test_what_can_be_done_when() -> None:
    """A row by row of what is refused, and why."""
    nothing: list[Handling] = []
    assert (
        objection(Order("acknowledged"), nothing, None, FRIDAY)
        == "the alert does not fire: there is nothing to take on"
    )
    assert objection(Order("acknowledged"), nothing, EPISODE, FRIDAY) is None
    assert objection(Order("unacknowledged"), nothing, EPISODE, FRIDAY) == "nobody has acknowledged the alert"
    assert objection(Order("awakened"), [row("snoozed", FRIDAY, FRIDAY + DAY)], None, FRIDAY) is None
    assert objection(Order("awakened"), [row("snoozed", FRIDAY, FRIDAY + DAY)], None, FRIDAY + DAY)
    assert objection(Order("commented"), nothing, None, FRIDAY) is None
    assert misdated(FRIDAY, FRIDAY)
    assert misdated(FRIDAY + DAY * 367, FRIDAY)
    assert misdated(FRIDAY + DAY * 366, FRIDAY) is None


def test_an_acknowledgement_ends_with_its_episode() -> None:
    """So does an assignment; comments stay."""
    rows = [row("acknowledged", FRIDAY), row("assigned", FRIDAY, to=("head",)), row("commented", FRIDAY)]
    now = handled(rows, EPISODE, FRIDAY)
    assert (now.acknowledged is not None, now.assigned, now.comments) == (True, "head", 1)
    assert handled(rows, "ep_2", FRIDAY) == Handled(comments=1)


@given(day=st.dates(date(2005, 1, 1), date(2100, 1, 1)), number=st.integers(0, 30))
def test_working_days_are_counted_as_they_are_added(day: date, number: int) -> None:
    """There and back."""
    later = working_day_after(day, number)
    assert working_days_between(day, later) == number
    assert number == 0 or is_working_day(later)
