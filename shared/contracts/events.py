"""HR events: the data of every CloudEvent type other systems may publish (docs/events.md).

Dates are calendar dates. ``effective`` is the first day on which something is true, ``last_day`` the last (inclusive).
Shares and extents are 0–1, pay and cost are SEK, hours are hours.
"""

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from shared.contracts import event_types
from shared.contracts.subjects import ASSIGNMENT, MEASURE, PERSON, UNIT, VACANCY

Share = Annotated[float, Meta(ge=0, le=1)]
Amount = Annotated[float, Meta(ge=0, le=1e10)]
"""SEK or points: more than any report says, and hundreds of the largest in one sum of millionths fit 64 bits."""
Hours = Annotated[float, Meta(ge=0, le=1e6)]
Count = Annotated[int, Meta(ge=0, le=1_000_000_000)]
Year = Annotated[int, Meta(ge=1900, le=2200)]
Ref = Annotated[str, Meta(min_length=1, max_length=200)]

Form = Literal["permanent", "fixed_term", "hourly"]
Role = Literal["staff", "manager"]
Grade = Literal["trainee", "regular", "senior"]
Gender = Literal["f", "m", "x"]
HiredFrom = Literal["external", "agency", "referral", "trainee"]
BonusKind = Literal["referral", "experience", "retention", "other"]
AbsenceKind = Literal["sick", "work_injury", "parental", "child_care", "study", "leave", "vacation"]


class Data(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What every type's data has in common: it is immutable and leaves defaults unwritten."""


class EmploymentStarted(Data, frozen=True, kw_only=True):
    """A person's employment begins; without ``employment`` the person's own reference names it.

    ``monthly_pay`` and ``variable_pay`` (supplements on top of it) are what full time would give. ``category`` names
    those whose work is equal or of equal value.
    """

    effective: date
    unit: Ref
    occupation: Ref
    employment: Ref | None = None
    form: Form = "permanent"
    fte: Share = 1
    role: Role = "staff"
    grade: Grade = "regular"
    case_holder: bool = False
    manager: Ref | None = None
    gender: Gender | None = None
    born: Year | None = None
    hired_from: HiredFrom = "external"
    monthly_pay: Amount | None = None
    variable_pay: Amount | None = None
    category: Ref | None = None


class EmploymentChanged(Data, frozen=True, kw_only=True):
    """From ``effective`` on, the attributes given here replace those of the employment.

    With the reason ``reorganisation`` a change of unit is no move: the desk was moved, and nobody chose to. With
    ``rotation`` it is a move like others, and counted by itself too.
    """

    effective: date
    employment: Ref | None = None
    unit: Ref | None = None
    occupation: Ref | None = None
    form: Form | None = None
    fte: Share | None = None
    role: Role | None = None
    grade: Grade | None = None
    case_holder: bool | None = None
    manager: Ref | None = None
    monthly_pay: Amount | None = None
    variable_pay: Amount | None = None
    category: Ref | None = None
    reason: Literal["reorganisation", "rotation"] | None = None


class EmploymentEnded(Data, frozen=True, kw_only=True):
    """An employment's last day and why it ended."""

    last_day: date
    reason: Literal["own_request", "retirement", "redundancy", "dismissal", "contract_end", "death", "other"]
    employment: Ref | None = None


class AbsenceStarted(Data, frozen=True, kw_only=True):
    """An absence begins; without ``employment`` it applies to all of the person's monthly-paid ones."""

    absence: Ref
    effective: date
    kind: AbsenceKind
    employment: Ref | None = None
    extent: Share = 1
    last_day: date | None = None


class AbsenceChanged(Data, frozen=True, kw_only=True):
    """The absence has another extent from ``effective`` on."""

    absence: Ref
    effective: date
    extent: Share


class AbsenceEnded(Data, frozen=True, kw_only=True):
    """The last day of an absence."""

    absence: Ref
    last_day: date


class MilestoneReached(Data, frozen=True, kw_only=True):
    """Something the plan promises each employee was done that day."""

    milestone: Literal[
        "introduction_started",
        "introduction_completed",
        "mentor_assigned",
        "check_in_held",
        "exit_interview_held",
    ]
    effective: date


class BonusPaid(Data, frozen=True, kw_only=True):
    """A person was paid an amount beside the monthly pay, and what for; ``referral``: for a colleague who came."""

    kind: BonusKind
    effective: date
    amount: Amount


class TimeReported(Data, frozen=True, kw_only=True, rename={"first": "from", "last": "to"}):
    """Hours of a person over the days ``from``–``to`` (inclusive), spread evenly over them."""

    first: date
    last: date
    worked_hours: Hours
    overtime_hours: Hours = 0
    documentation_hours: Hours | None = None
    client_hours: Hours | None = None


class CaseloadReported(Data, frozen=True, kw_only=True):
    """A person's open cases; holds until the next report or the end of employment."""

    effective: date
    open_cases: Count
    points: Amount | None = None


class AssignmentStarted(Data, frozen=True, kw_only=True):
    """A consultant, a pool deployment or a student begins in a unit."""

    effective: date
    unit: Ref
    occupation: Ref
    fte: Share
    kind: Literal["agency", "pool", "student"] = "agency"
    covers: Ref | None = None
    hourly_cost: Amount | None = None


class AssignmentChanged(Data, frozen=True, kw_only=True):
    """From ``effective`` on, the attributes given here replace those of the assignment."""

    effective: date
    unit: Ref | None = None
    occupation: Ref | None = None
    fte: Share | None = None
    covers: Ref | None = None
    hourly_cost: Amount | None = None


class AssignmentEnded(Data, frozen=True, kw_only=True):
    """An assignment's last day and what came of it."""

    last_day: date
    outcome: Literal["finished", "hired", "terminated"]


class VacancyOpened(Data, frozen=True, kw_only=True):
    """A post is vacant from ``effective`` on."""

    effective: date
    unit: Ref
    occupation: Ref
    fte: Share
    form: Form


class VacancyClosed(Data, frozen=True, kw_only=True):
    """``effective`` is the first day no longer vacant: the new person's first day."""

    effective: date
    outcome: Literal["filled", "cancelled"]


class UnitDefined(Data, frozen=True, kw_only=True):
    """Names a unit and places it in the tree; a later definition renames or moves it."""

    effective: date
    name: Ref
    level: Literal["municipality", "department", "office", "unit"]
    parent: Ref | None = None


class UnitClosed(Data, frozen=True, kw_only=True):
    """A unit's last day; from the day after on it stands under its ``successor``, with its history."""

    last_day: date
    successor: Ref | None = None


class IncidentReported(Data, frozen=True, kw_only=True):
    """A threat, an act of violence or another incident in a unit."""

    effective: date
    kind: Literal["threat", "violence", "other"]
    serious: bool = False
    occupation: Ref | None = None


class PulseReported(Data, frozen=True, kw_only=True):
    """A pulse survey's sums: each answer is 0–100, ``negative`` counts answers of at most 40."""

    effective: date
    index: Ref
    invited: Count
    answers: Count
    score_sum: Amount
    negative: Count


class CostReported(Data, frozen=True, kw_only=True, rename={"first": "from", "last": "to"}):
    """A unit's personnel and agency cost over the days ``from``–``to`` (inclusive)."""

    first: date
    last: date
    personnel_cost: Amount
    agency_cost: Amount


class HandoverReported(Data, frozen=True, kw_only=True):
    """Cases of a unit that changed case worker."""

    effective: date
    cases: Count
    occupation: Ref | None = None


MeasureStatus = Literal["planned", "started", "done", "cancelled", "evaluated"]


class MeasureUpdated(Data, frozen=True, kw_only=True):
    """The status of a measure of an action plan; goes to the alerts service."""

    effective: date
    status: MeasureStatus
    note: str | None = None


TYPES: dict[str, tuple[str, type[Data]]] = {
    event_types.EMPLOYMENT_STARTED: (PERSON, EmploymentStarted),
    event_types.EMPLOYMENT_CHANGED: (PERSON, EmploymentChanged),
    event_types.EMPLOYMENT_ENDED: (PERSON, EmploymentEnded),
    event_types.ABSENCE_STARTED: (PERSON, AbsenceStarted),
    event_types.ABSENCE_CHANGED: (PERSON, AbsenceChanged),
    event_types.ABSENCE_ENDED: (PERSON, AbsenceEnded),
    event_types.MILESTONE_REACHED: (PERSON, MilestoneReached),
    event_types.BONUS_PAID: (PERSON, BonusPaid),
    event_types.TIME_REPORTED: (PERSON, TimeReported),
    event_types.CASELOAD_REPORTED: (PERSON, CaseloadReported),
    event_types.ASSIGNMENT_STARTED: (ASSIGNMENT, AssignmentStarted),
    event_types.ASSIGNMENT_CHANGED: (ASSIGNMENT, AssignmentChanged),
    event_types.ASSIGNMENT_ENDED: (ASSIGNMENT, AssignmentEnded),
    event_types.VACANCY_OPENED: (VACANCY, VacancyOpened),
    event_types.VACANCY_CLOSED: (VACANCY, VacancyClosed),
    event_types.UNIT_DEFINED: (UNIT, UnitDefined),
    event_types.UNIT_CLOSED: (UNIT, UnitClosed),
    event_types.INCIDENT_REPORTED: (UNIT, IncidentReported),
    event_types.PULSE_REPORTED: (UNIT, PulseReported),
    event_types.COST_REPORTED: (UNIT, CostReported),
    event_types.HANDOVER_REPORTED: (UNIT, HandoverReported),
    event_types.MEASURE_UPDATED: (MEASURE, MeasureUpdated),
}
"""Type → (kind of its subject, structure of its data)."""
