"""What employments contribute: stocks, joiners and leavers, moves, tenure and what each stay makes due."""

from collections.abc import Sequence
from itertools import pairwise

from services.metrics.domain.facts.career import Stay, between
from services.metrics.domain.facts.cell import FOREVER, Cell
from services.metrics.domain.facts.interval import Piece
from services.metrics.domain.facts.measures import FIRST_ENTRY_BIN, FIRST_PAY_BIN, Measure, pay_bin
from services.metrics.domain.facts.period import Period
from services.metrics.domain.facts.service import Active, CareerDays, cell, rank, stays, turns
from services.metrics.domain.facts.tally import ONE, Tally, millionths
from shared.contracts.events import EmploymentStarted

YEAR = 365
CHECK_IN_AFTER = 60
DUE = ((Measure.introduction_due, 90), (Measure.mentor_due, 14))
"""What a new employee is due, and within how many days; it then counts for a year."""

LEAVERS = {"own_request": Measure.leavers_own_request, "retirement": Measure.leavers_retirement}
JOINERS = {
    "agency": Measure.joiners_agency,
    "referral": Measure.joiners_referral,
    "trainee": Measure.joiners_trainee,
}
SURVIVAL = {
    "referral": (Measure.starters_matured_referral, Measure.starters_survived_referral),
    "trainee": (Measure.starters_matured_trainee, Measure.starters_survived_trainee),
}
GRADES = {"senior": Measure.senior, "trainee": Measure.trainees}
PAID = {"f": (Measure.paid_women, Measure.pay_women), "m": (Measure.paid_men, Measure.pay_men)}
MOST_POSTS = ONE + ONE // 4
"""More of full time than this is hardly one person's: an employment told twice, or an end that is missing."""


def contribute(periods: Sequence[Period], service: Sequence[CareerDays], tally: Tally) -> None:
    """Everything that follows from employments alone, and from the days on which they are in force."""
    for period in periods:
        for piece in period.interval.pieces:
            if piece.terms.form != "hourly":
                _post(Active(period, piece.terms), piece, tally)
    for d in service:
        if d.home.terms.form == "fixed_term":
            here = cell(d.home, d.first)
            tally.span(here, Measure.fixed_term_headcount, d.first, d.last)
            if d.home.terms.role == "staff":
                tally.span(here, Measure.led_besides, d.first, d.last)
    tally.anomaly("posts_above_full_time", any(_posts(d) > MOST_POSTS for d in service))
    for stay in stays(service):
        _stay(stay, between(service, stay.first, stay.last), tally)


def _posts(d: CareerDays) -> int:
    """All monthly-paid posts together, in millionths of full time."""
    return sum(millionths(a.terms.fte) for a in d.active if a.terms.form != "hourly")


def _post(a: Active, piece: Piece[EmploymentStarted], tally: Tally) -> None:
    fte = millionths(a.terms.fte)
    for first, after in pairwise(turns(piece)):
        at = cell(a, first)
        tally.span(at, Measure.fte, first, after - 1, fte)
        tally.span(at, Measure.scheduled_fte, first, after - 1, fte)
        if a.terms.case_holder:
            tally.span(at, Measure.case_holder_fte, first, after - 1, fte)


def _stay(stay: Stay, service: Sequence[CareerDays], tally: Tally) -> None:
    mains = [(d, d.main, cell(d.main, d.first)) for d in service if d.main]
    _join(stay, mains[0][1], mains[0][2], tally)
    for d, main, here in mains:
        _present(d, main, here, stay, tally)
    for (_, _, old), (d, main, new) in pairwise(mains):
        _move(old, new, main, d.first, tally)
    if stay.last < FOREVER:
        last, _, here = mains[-1]
        tally.point(here, _reason(last, stay.last), stay.last + 1)


def _present(d: CareerDays, main: Active, here: Cell, stay: Stay, tally: Tally) -> None:
    terms = main.terms
    tally.span(here, Measure.headcount, d.first, d.last)
    tally.span(here, Measure.managers if terms.role == "manager" else Measure.reports, d.first, d.last)
    if grade := GRADES.get(terms.grade):
        tally.span(here, grade, d.first, d.last)
    if terms.monthly_pay:
        tally.span(here, FIRST_PAY_BIN + pay_bin(terms.monthly_pay), d.first, d.last)
        _paid(d, terms, here, tally)
    tally.span(here, Measure.tenured, max(d.first, stay.first + YEAR), d.last)
    tally.span(here, Measure.stayed, d.first + YEAR, min(d.last + YEAR, stay.last))
    tally.span(here, Measure.check_in_due, max(d.first, stay.first + CHECK_IN_AFTER), d.last)
    for measure, within in DUE:
        due = stay.first + within + 1
        tally.span(here, measure, max(d.first, due), min(d.last, due + YEAR - 1))


def _paid(d: CareerDays, terms: EmploymentStarted, here: Cell, tally: Tally) -> None:
    """Exact pay with its variable part, of women and of men."""
    if here.gender in PAID:
        count, pay = PAID[here.gender]
        tally.span(here, count, d.first, d.last)
        amount = millionths(terms.monthly_pay or 0) + millionths(terms.variable_pay or 0)
        tally.span(here, pay, d.first, d.last, amount)


def _join(stay: Stay, main: Active, here: Cell, tally: Tally) -> None:
    tally.point(here, Measure.joiners, stay.first)
    if how := JOINERS.get(main.terms.hired_from):
        tally.point(here, how, stay.first)
    if main.terms.monthly_pay:
        tally.point(here, FIRST_ENTRY_BIN + pay_bin(main.terms.monthly_pay), stay.first)
    if stay.first + YEAR < FOREVER:
        for due, done in ((Measure.starters_matured, Measure.starters_survived), *_of_interest(main)):
            tally.point(here, due, stay.first + YEAR)
            if stay.last >= stay.first + YEAR:
                tally.point(here, done, stay.first + YEAR)


def _of_interest(main: Active) -> list[tuple[Measure, Measure]]:
    """Whose staying is promised by itself: who joined by referral; trainees by grade, or hired after a traineeship."""
    ways = {main.terms.hired_from, main.terms.grade} & SURVIVAL.keys()
    return [SURVIVAL[way] for way in sorted(ways)]


def _move(old: Cell, new: Cell, main: Active, on: int, tally: Tally) -> None:
    if old.unit != new.unit:
        if on in main.period.reorganised:
            return
        tally.point(old, Measure.moved_out, on)
        if on in main.period.rotated:
            tally.point(old, Measure.rotated_out, on)
        tally.point(new, Measure.moved_in, on)
    elif old.occupation != new.occupation:
        tally.point(new, Measure.occupation_changes, on)


def _reason(last: CareerDays, on: int) -> Measure:
    """The reason of the employment that ended that day; of several, of the one that would have been main."""
    ended = [a for a in last.active if a.terms.form == "permanent" and _ends(a, on)]
    if not ended:
        return Measure.leavers_other
    return LEAVERS.get(min(ended, key=rank).period.interval.end.reason, Measure.leavers_other)


def _ends(a: Active, on: int) -> bool:
    interval = a.period.interval
    return interval.last == on and interval.end is not None
