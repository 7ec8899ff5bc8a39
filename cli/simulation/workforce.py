"""What is true in the simulated municipality: units, the people in them, open posts, assignments."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from cli.simulation.chance import Chance
from cli.simulation.conditions import ORDINARY, Conditions
from cli.simulation.organisation import Office
from cli.simulation.reporter import Reporter
from cli.simulation.seasons import Month
from cli.simulation.trouble import Onset
from shared.contracts.events import AbsenceKind, Data, Form, Gender, Grade, HiredFrom, Role

Milestone = Literal["introduction_started", "introduction_completed", "mentor_assigned", "check_in_held"]
FAR = date(2200, 1, 1).toordinal()


@dataclass(slots=True)
class Absence:
    """An absence whose end lies beyond the month it began in; ``steps`` are the changes of extent still to come."""

    ref: str
    kind: AbsenceKind
    last: int
    extent: float
    steps: list[tuple[int, float]]
    announced: bool


@dataclass(slots=True, eq=False)
class Person:
    """Someone employed, or about to be. Days are ordinals; ``experience`` is years in the trade before ``started``."""

    ref: str
    occupation: str
    started: int
    born: int
    gender: Gender
    experience: float
    retires: int
    pay: int
    frailty: float
    overtime: float
    next_check_in: int
    hired_from: HiredFrom = "external"
    form: Form = "permanent"
    fte: float = 1
    role: Role = "staff"
    grade: Grade = "regular"
    case_holder: bool = False
    contract_until: int = FAR
    leaves: int = FAR
    moving: bool = False
    vacation_until: int = 0
    absence: Absence | None = None
    absences: int = 0
    away: float = 0
    cases: float = 0
    planned: list[tuple[int, Milestone]] = field(default_factory=list)

    @property
    def subject(self) -> str:
        """The subject of the person's events."""
        return f"person/{self.ref}"

    def settled(self, day: int) -> bool:
        """Permanent, past the first two months, and neither leaving nor moving."""
        return self.form == "permanent" and self.leaves == FAR and not self.moving and self.started <= day - 60

    def years(self, day: int) -> float:
        """Years in the trade on a day."""
        return self.experience + (day - self.started) / 365


@dataclass(slots=True, eq=False)
class Assignment:
    """A consultant, someone from the central pool or a student in a unit, until the day ``last``."""

    ref: str
    kind: Literal["agency", "pool", "student"]
    occupation: str
    fte: float
    last: int
    hourly_cost: int = 0
    post: "Vacancy | None" = None


@dataclass(slots=True, eq=False)
class Vacancy:
    """A vacant post and who covers it.

    This round of recruiting counts from the day ``opened``, entered on the day ``known``; the post has been vacant
    since the day ``since``.
    """

    ref: str
    occupation: str
    fte: float
    opened: int
    known: int
    since: int
    cover: Assignment | None = None


@dataclass(slots=True, eq=False)
class SimulatedUnit:
    """A unit: ``calm`` is how things stand there without its troubles, ``conditions`` how they stand this month."""

    ref: str
    name: str
    office: Office
    people: dict[Person, None] = field(default_factory=dict)
    vacancies: list[Vacancy] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    manager: Person | None = None
    calm: Conditions = ORDINARY
    onsets: tuple[Onset, ...] = ()
    conditions: Conditions = ORDINARY
    handed_over: int = 0

    @property
    def subject(self) -> str:
        """The subject of the unit's events."""
        return f"unit/{self.ref}"


@dataclass(slots=True)
class Move:
    """Someone changes unit from a day on, in an occupation."""

    person: Person
    origin: SimulatedUnit
    target: SimulatedUnit
    occupation: str
    day: int


@dataclass(slots=True)
class Town:
    """The municipality in one month, and the two things everything in it needs: chance and someone who reports."""

    chance: Chance
    reporter: Reporter
    units: list[SimulatedUnit]
    month: Month
    moves: list[Move] = field(default_factory=list)
    references: int = 0

    def new_ref(self) -> str:
        """A reference never used before; no two digits meet in it, so that none looks like an identity number."""
        self.references += 1
        rest, text = self.references * 7_368_787 % 17_576_000, ""
        for alphabet in ("abcdefghijklmnopqrstuvwxyz", "0123456789") * 3:
            rest, place = divmod(rest, len(alphabet))
            text += alphabet[place]
        return text

    def report(self, subject: str, data: Data, day: int) -> None:
        """Something happened that the source systems learn of on a day."""
        self.reporter.report(subject, data, day)

    def some_day(self) -> int:
        """A day of this month."""
        return self.chance.between(self.month.first, self.month.last)
