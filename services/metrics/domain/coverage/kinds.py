"""Kinds of events, as sources deliver them, and which of them each metric is made of.

Somebody who is told of those present alone knows how many they are, and not who left: that is a kind of its own.
"""

from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from services.metrics.domain.facts.feeds import (
    CAPPED,
    CASES,
    DUE,
    FIRST_YEARS,
    JOINING,
    LEAVING,
    MOVING,
    PAID,
    REACHED,
    STAFF,
)
from services.metrics.domain.facts.measures import FIRST_ENTRY_BIN, FIRST_PAY_BIN
from services.metrics.domain.facts.measures import Measure as M  # noqa: N817
from services.metrics.domain.facts.reported import GRADE, ROTATION, ROUTE, STUDY
from services.metrics.domain.sums.catalogue import FORMULAS
from services.metrics.domain.sums.kernels import DAYS, LAGGED, LEVEL, WITHIN, Kernel
from shared.contracts import event_types

YEAR = 365


class Kind(StrEnum):
    """What a source may tell of."""

    EMPLOYMENT = "employment"
    LEAVING = "leaving"
    ABSENCE = "absence"
    MILESTONE = "milestone"
    TIME = "time"
    CASELOAD = "caseload"
    ASSIGNMENT = "assignment"
    VACANCY = "vacancy"
    INCIDENT = "incident"
    PULSE = "pulse"
    COST = "cost"
    HANDOVER = "handover"
    GRADE = "grade"
    ROUTE = "route"
    STUDY = "study"
    BONUS = "bonus"
    ROTATION = "rotation"


KINDS = tuple(Kind)

KIND_OF_TYPE: dict[str, Kind] = {
    **dict.fromkeys(event_types.EMPLOYMENT, Kind.EMPLOYMENT),
    **dict.fromkeys(event_types.ABSENCE, Kind.ABSENCE),
    **dict.fromkeys(event_types.ASSIGNMENT, Kind.ASSIGNMENT),
    **dict.fromkeys(event_types.VACANCY, Kind.VACANCY),
    event_types.MILESTONE_REACHED: Kind.MILESTONE,
    event_types.TIME_REPORTED: Kind.TIME,
    event_types.CASELOAD_REPORTED: Kind.CASELOAD,
    event_types.INCIDENT_REPORTED: Kind.INCIDENT,
    event_types.PULSE_REPORTED: Kind.PULSE,
    event_types.COST_REPORTED: Kind.COST,
    event_types.HANDOVER_REPORTED: Kind.HANDOVER,
    event_types.BONUS_PAID: Kind.BONUS,
}
"""Types that values are made of; who tells of an end of employment delivers ``leaving`` too."""

DELIVERED = tuple(kind for kind in KINDS if kind is Kind.LEAVING or kind in KIND_OF_TYPE.values())
"""Kinds that a source delivers events of."""

BESIDES: dict[Kind, tuple[str, Kind]] = {
    Kind.LEAVING: (event_types.EMPLOYMENT_ENDED, Kind.EMPLOYMENT),
    Kind.GRADE: (GRADE, Kind.EMPLOYMENT),
    Kind.ROUTE: (ROUTE, Kind.EMPLOYMENT),
    Kind.STUDY: (STUDY, Kind.ABSENCE),
    Kind.ROTATION: (ROTATION, Kind.EMPLOYMENT),
}
"""Kinds that many a source leaves out: what shows that it tells of them, and the kind it tells of since then."""

_STAFFED = frozenset({Kind.EMPLOYMENT})
_MEASURES: tuple[tuple[frozenset[int], frozenset[Kind]], ...] = (
    (
        STAFF | JOINING | MOVING | DUE | {M.scheduled_fte, M.months_paid_by_hour, FIRST_ENTRY_BIN, FIRST_PAY_BIN},
        _STAFFED,
    ),
    (LEAVING | FIRST_YEARS, frozenset({Kind.EMPLOYMENT, Kind.LEAVING})),
    (REACHED, frozenset({Kind.EMPLOYMENT, Kind.MILESTONE})),
    (CASES, frozenset({Kind.CASELOAD})),
    (frozenset({M.senior, M.trainees}), frozenset({Kind.EMPLOYMENT, Kind.GRADE})),
    (
        frozenset({M.joiners_agency, M.joiners_referral, M.joiners_trainee}),
        frozenset({Kind.EMPLOYMENT, Kind.ROUTE}),
    ),
    (
        frozenset({M.starters_matured_referral, M.starters_survived_referral}),
        frozenset({Kind.EMPLOYMENT, Kind.LEAVING, Kind.ROUTE}),
    ),
    (
        frozenset({M.starters_matured_trainee, M.starters_survived_trainee}),
        frozenset({Kind.EMPLOYMENT, Kind.LEAVING, Kind.GRADE}),
    ),
    (frozenset({M.study_fte, M.study_quarter_fte}), frozenset({Kind.EMPLOYMENT, Kind.ABSENCE, Kind.STUDY})),
    (frozenset({M.case_holder_fte}), frozenset({Kind.EMPLOYMENT, Kind.CASELOAD})),
    (
        CAPPED | {M.worked_hours, M.overtime_hours, M.documentation_hours, M.client_hours},
        frozenset({Kind.EMPLOYMENT, Kind.TIME}),
    ),
    (
        frozenset({M.sick_fte, M.sick_day60_fte, M.sick_spells, M.short_spells, M.parental_fte}),
        frozenset({Kind.EMPLOYMENT, Kind.ABSENCE}),
    ),
    (frozenset({M.first59_fte_days, M.first59_fte_days_year_before}), frozenset({Kind.EMPLOYMENT, Kind.ABSENCE})),
    (frozenset({M.agency_fte, M.agency_cover_fte, M.pool_fte, M.students}), frozenset({Kind.ASSIGNMENT})),
    (
        frozenset({M.vacant_fte, M.vacancies, M.vacancy_open_day, M.vacancies_filled, M.vacancy_days_filled}),
        frozenset({Kind.VACANCY}),
    ),
    (frozenset({M.incidents, M.serious_incidents, M.threats, M.violence}), frozenset({Kind.INCIDENT})),
    (
        frozenset({M.pulse_answers, M.pulse_invited, M.pulse_score, M.pulse_negative, M.pulses}),
        frozenset({Kind.PULSE}),
    ),
    (frozenset({M.personnel_cost, M.agency_cost}), frozenset({Kind.COST})),
    (frozenset({M.handovers}), frozenset({Kind.HANDOVER})),
    (frozenset({M.rotated_out}), frozenset({Kind.EMPLOYMENT, Kind.ROTATION})),
    (frozenset({M.led_besides}), frozenset({Kind.EMPLOYMENT, Kind.ASSIGNMENT})),
    (PAID, frozenset({Kind.EMPLOYMENT, Kind.BONUS})),
    (frozenset({M.bonus_receivers}), frozenset()),
)
KINDS_OF_MEASURE: dict[int, frozenset[Kind]] = {measure: kinds for measures, kinds in _MEASURES for measure in measures}
"""What has to be told of for a measure to be known; nothing for who got a bonus: fewer that are known are hidden."""

FURTHER_BACK: dict[int, int] = {
    **dict.fromkeys(FIRST_YEARS, YEAR),
    M.stayed: YEAR,
    M.overtime_capped: YEAR,
}
"""Days that a fact itself looks back: who started a year before matures today, who was here a year before has stayed;
overtime counts from 1 January."""


class Need(NamedTuple):
    """A kind that a metric is made of, and how far back: ``days`` before the as-of day, or before its window."""

    kind: Kind
    windowed: bool
    days: int


@lru_cache
def needs(metric: str) -> frozenset[Need]:
    """What has to be known for a value of a metric, as its formula reads it."""
    return frozenset(need for kernel in FORMULAS[metric].reads for need in _needs(kernel))


def _needs(kernel: Kernel) -> list[Need]:
    measure, way = kernel
    windowed, lag = {LEVEL: (False, 0), LAGGED: (False, YEAR), WITHIN: (True, 0), DAYS: (True, 0)}[way]
    days = lag + FURTHER_BACK.get(measure, 0)
    return [Need(kind, windowed, days) for kind in KINDS_OF_MEASURE[measure]]
