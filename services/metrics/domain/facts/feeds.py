"""Which measures each type of event can feed, so that of a change only events of its own kinds are told as causes.

An absence is no cause that is told of: its type does not say whether somebody was ill or studied. So what absences feed
stands here under no type at all, and neither says who changed it nor since when.
"""

from services.metrics.domain.facts.measures import FIRST_ENTRY_BIN, FIRST_PAY_BIN, OF_PAY
from services.metrics.domain.facts.measures import Measure as M  # noqa: N817
from shared.contracts import event_types
from shared.contracts.events import TYPES

CASES = frozenset({M.open_cases, M.case_points})
CAPPED = frozenset({M.overtime_capped})
PAID = frozenset({M.referral_bonuses, M.experience_bonuses, M.other_bonuses, M.bonus_cost, M.bonus_receivers})
REACHED = frozenset({M.introduction_done, M.mentor_done, M.check_in_current})
DUE = frozenset({M.introduction_due, M.mentor_due, M.check_in_due})
JOINING = frozenset({M.joiners, M.joiners_agency, M.joiners_referral, M.joiners_trainee, FIRST_ENTRY_BIN})
LEAVING = frozenset({M.leavers_own_request, M.leavers_retirement, M.leavers_other})
MOVING = frozenset({M.moved_out, M.moved_in, M.rotated_out, M.occupation_changes})
FIRST_YEARS = frozenset(
    {
        M.starters_matured,
        M.starters_survived,
        M.starters_matured_referral,
        M.starters_survived_referral,
        M.starters_matured_trainee,
        M.starters_survived_trainee,
    }
)
STAFF = frozenset(
    {
        M.headcount,
        M.fixed_term_headcount,
        M.fte,
        M.tenured,
        M.stayed,
        M.managers,
        M.reports,
        M.senior,
        M.trainees,
        M.case_holder_fte,
        M.led_besides,
        FIRST_PAY_BIN,
        *OF_PAY,
    }
)
CAREER = STAFF | JOINING | LEAVING | MOVING | FIRST_YEARS | DUE | REACHED | CASES | CAPPED | PAID
"""What follows from employments, and what counts only while somebody is employed."""

FEEDS: dict[str, frozenset[int]] = {
    **{type_: frozenset() for type_ in TYPES},
    **dict.fromkeys(event_types.EMPLOYMENT, CAREER),
    event_types.MILESTONE_REACHED: REACHED,
    event_types.BONUS_PAID: PAID,
    event_types.TIME_REPORTED: CAPPED,
    event_types.CASELOAD_REPORTED: CASES,
    **dict.fromkeys(
        event_types.ASSIGNMENT,
        frozenset({M.agency_fte, M.agency_cover_fte, M.pool_fte, M.students, M.led_besides}),
    ),
    **dict.fromkeys(
        event_types.VACANCY,
        frozenset({M.vacant_fte, M.vacancies, M.vacancy_open_day, M.vacancies_filled, M.vacancy_days_filled}),
    ),
    event_types.INCIDENT_REPORTED: frozenset({M.incidents, M.serious_incidents, M.threats, M.violence}),
    event_types.PULSE_REPORTED: frozenset(
        {M.pulse_answers, M.pulse_invited, M.pulse_score, M.pulse_negative, M.pulses}
    ),
    event_types.COST_REPORTED: frozenset({M.personnel_cost, M.agency_cost}),
    event_types.HANDOVER_REPORTED: frozenset({M.handovers}),
}
TOLD = frozenset[int]().union(*FEEDS.values())


def fed_by(type_: str) -> frozenset[int]:
    """The measures whose changes a cause may be told of; all of these by what is no report: retractions, new rules."""
    return FEEDS.get(type_, TOLD)
