"""The closed list of measures: what facts count, and how a fact acts over time.

A *stock* fact changes a level from its day on. A *flow* fact happens on its day. A *spread* fact changes an amount
per day from its day on; its flow over a window is the sum of the days. A *detail* is a flow that some metrics and
reports need, and that says nothing by itself; stocks of pay are details too, since exact sums of it are told nowhere.
"""

from enum import IntEnum, auto
from math import exp, floor, log

STEP = log(1.01)
NORM = 150.0
"""Case points that are a normal load at full time (Göteborg model, Nässjö version; from five years' experience on)."""


class Measure(IntEnum):
    """Every measure by the number it is stored under; the numbers never change meaning."""

    headcount = 1
    fixed_term_headcount = auto()
    fte = auto()
    tenured = auto()
    sick_fte = auto()
    scheduled_fte = auto()
    sick_day60_fte = auto()
    study_fte = auto()
    parental_fte = auto()
    agency_fte = auto()
    agency_cover_fte = auto()
    pool_fte = auto()
    students = auto()
    vacant_fte = auto()
    vacancies = auto()
    vacancy_open_day = auto()
    managers = auto()
    reports = auto()
    senior = auto()
    trainees = auto()
    case_holder_fte = auto()
    open_cases = auto()
    case_points = auto()
    overtime_capped = auto()
    introduction_due = auto()
    introduction_done = auto()
    mentor_due = auto()
    mentor_done = auto()
    check_in_due = auto()
    check_in_current = auto()
    stayed = auto()
    study_quarter_fte = auto()
    led_besides = auto()
    bonus_receivers = auto()
    paid_women = auto()
    paid_men = auto()
    pay_women = auto()
    pay_men = auto()

    joiners = 101
    joiners_agency = auto()
    joiners_referral = auto()
    joiners_trainee = auto()
    leavers_own_request = auto()
    leavers_retirement = auto()
    leavers_other = auto()
    moved_out = auto()
    moved_in = auto()
    occupation_changes = auto()
    starters_matured = auto()
    starters_survived = auto()
    sick_spells = auto()
    short_spells = auto()
    vacancies_filled = auto()
    vacancy_days_filled = auto()
    incidents = auto()
    serious_incidents = auto()
    pulse_answers = auto()
    pulse_invited = auto()
    pulse_score = auto()
    pulse_negative = auto()
    handovers = auto()

    worked_hours = 201
    overtime_hours = auto()
    documentation_hours = auto()
    client_hours = auto()
    personnel_cost = auto()
    agency_cost = auto()

    first59_fte_days = 301
    first59_fte_days_year_before = auto()
    starters_matured_referral = 311
    starters_survived_referral = auto()
    starters_matured_trainee = auto()
    starters_survived_trainee = auto()
    pulses = auto()
    months_paid_by_hour = auto()
    threats = auto()
    violence = auto()
    rotated_out = auto()
    referral_bonuses = auto()
    experience_bonuses = auto()
    other_bonuses = auto()
    bonus_cost = auto()


OF_PAY = frozenset({Measure.paid_women, Measure.paid_men, Measure.pay_women, Measure.pay_men})

FIRST_FLOW, FIRST_SPREAD, FIRST_DETAIL, FIRST_PAY_BIN, FIRST_ENTRY_BIN = 101, 201, 301, 1_000, 5_000


def is_flow(measure: int) -> bool:
    """Whether a fact of this measure happens on its day (entry pay counts joiners, so it is a flow)."""
    details = FIRST_DETAIL <= measure < FIRST_PAY_BIN
    return FIRST_FLOW <= measure < FIRST_SPREAD or details or measure >= FIRST_ENTRY_BIN


def is_spread(measure: int) -> bool:
    """Whether a fact of this measure changes an amount per day."""
    return FIRST_SPREAD <= measure < FIRST_DETAIL


def is_detail(measure: int) -> bool:
    """Whether a measure is of use to some metrics and reports alone, and is not shown among the measures."""
    return FIRST_DETAIL <= measure < FIRST_PAY_BIN or measure in OF_PAY


def family(measure: int) -> int:
    """The measure itself; of a bin of pay or entry pay, the first of its kind."""
    firsts = (first for first in (FIRST_ENTRY_BIN, FIRST_PAY_BIN) if measure >= first)
    return next(firsts, measure)


def pay_bin(monthly_pay: float) -> int:
    """k = ⌊ln pay / ln 1.01⌋: bins one per cent wide; pay must be above zero, and below one krona is in the lowest."""
    return max(0, floor(log(monthly_pay) / STEP))


def middle(k: int) -> float:
    """The geometric middle of a bin, SEK: no pay in the bin is further from it than 0.5 %."""
    return exp((k + 0.5) * STEP)


def name(measure: int) -> str:
    """The published name of a measure, pay bins included."""
    if measure >= FIRST_ENTRY_BIN:
        return f"entry_pay_bin_{measure - FIRST_ENTRY_BIN}"
    if measure >= FIRST_PAY_BIN:
        return f"pay_bin_{measure - FIRST_PAY_BIN}"
    return Measure(measure).name
