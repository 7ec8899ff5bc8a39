"""What each worker was paid in a year: gross, by the hour of full time, basic and variable pay apart.

Pay is kept in SEK a month at full time. Divided by the hours of a month at full time (165 by the agreement AB) it is
pay by the hour; every figure of the report is a quotient of pay and pay, in which these hours cancel out.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from services.metrics.domain.coverage.completeness import PLACE
from services.metrics.domain.coverage.coverage import ALWAYS, Coverage
from services.metrics.domain.coverage.kinds import Kind
from services.metrics.domain.facts.cell import UNKNOWN
from services.metrics.domain.facts.entry import ReadEntry
from services.metrics.domain.facts.period import periods
from services.metrics.domain.facts.service import Active, rank
from services.metrics.domain.facts.tally import millionths
from shared.contracts.events import Grade
from shared.language.refusal import SaidError

EARLIEST, LATEST = 1900, 2200


class PayGapError(SaidError):
    """There is no such report; the sentence says why."""


class Category(NamedTuple):
    """Whose work is equal or of equal value: by a name that events give, else by occupation and grade."""

    name: str | None
    occupation: str | None = None
    grade: Grade | None = None


class Worker(NamedTuple):
    """Where somebody worked last in the year, and the pay of an average hour, in millionths of SEK a month."""

    unit: str
    gender: str
    occupation: str
    category: Category
    basic: int
    variable: int

    @property
    def pay(self) -> int:
        """All of it."""
        return self.basic + self.variable


class Workforce(NamedTuple):
    """Those whose pay is known, and how many had a monthly-paid post in the year but no pay that is known."""

    paid: list[Worker]
    without_pay: int


class Post(NamedTuple):
    """A monthly-paid employment on days of the year, with its terms; ``hours`` weighs it: days times share of full
    time."""

    last: int
    hours: int
    active: Active


def days(year: int, today: date) -> tuple[int, int]:
    """The first and the last day of a year that is over; raises PayGapError for another."""
    if not EARLIEST <= year <= LATEST:
        raise PayGapError(
            f"{year} är inget år mellan {EARLIEST} och {LATEST}",
            f"{year} is not a year between {EARLIEST} and {LATEST}",
        )
    if today.year <= year:
        raise PayGapError(
            f"{year} är inte slut den {today}: om lön sägs något av hela år",
            f"{year} is not over on {today}: pay is told of whole years",
        )
    return date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()


def check(found: Workforce, year: int, coverage: Coverage | None) -> None:
    """Raise PayGapError where nobody is paid, or employments of some unit are not known from the first day on."""
    if not found.paid:
        raise PayGapError(
            f"ingen är känd som har haft månadslön under {year}", f"nobody is known to have had monthly pay in {year}"
        )
    units = {worker.unit for worker in found.paid}
    since = max(int(coverage.of_unit(unit)[PLACE[Kind.EMPLOYMENT]]) for unit in units) if coverage else ALWAYS
    if since > date(year, 1, 1).toordinal():
        day = date.fromordinal(since)
        raise PayGapError(
            f"anställningar är kända från och med {day}, vilket inte är hela {year}",
            f"employments are known from {day} on, which is not all of {year}",
        )


def workforce(people: Iterable[tuple[str, Sequence[ReadEntry]]], first: int, last: int) -> Workforce:
    """Everybody with a monthly-paid employment on any of the days, from each one's events of employments."""
    found, without = list[Worker](), 0
    for ref, told in people:
        posts = list(_posts(told, ref, first, last))
        worker = _worker([post for post in posts if post.hours and post.active.terms.monthly_pay])
        if worker:
            found.append(worker)
        without += bool(posts) and worker is None
    return Workforce(found, without)


def _posts(told: Sequence[ReadEntry], ref: str, first: int, last: int) -> Iterator[Post]:
    for period in periods(told, ref).found:
        for piece in period.interval.pieces:
            begin, end = max(piece.first, first), min(piece.last, last)
            if begin <= end and piece.terms.form != "hourly":
                hours = (end - begin + 1) * millionths(piece.terms.fte)
                yield Post(end, hours, Active(period, piece.terms))


def _worker(posts: Sequence[Post]) -> Worker | None:
    if not posts:
        return None
    terms = min(posts, key=_foremost).active.terms
    hours = sum(post.hours for post in posts)
    basic = sum(post.hours * millionths(post.active.terms.monthly_pay or 0) for post in posts)
    variable = sum(post.hours * millionths(post.active.terms.variable_pay or 0) for post in posts)
    category = Category(terms.category) if terms.category else Category(None, terms.occupation, terms.grade)
    gender = terms.gender or UNKNOWN
    pay = round(Fraction(basic, hours)), round(Fraction(variable, hours))
    return Worker(terms.unit, gender, terms.occupation, category, *pay)


def _foremost(post: Post) -> tuple[object, ...]:
    """The post of the last day first; of several that day the permanent ones, then as ever."""
    return -post.last, post.active.terms.form != "permanent", rank(post.active)
