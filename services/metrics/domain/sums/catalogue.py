"""The formula of every metric, over sums of facts; what each means to others is in shared.contracts.catalogue."""

from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from services.metrics.domain.facts.measures import FIRST_ENTRY_BIN, FIRST_PAY_BIN, is_flow
from services.metrics.domain.facts.measures import Measure as M  # noqa: N817
from services.metrics.domain.sums.kernels import LEVEL, WITHIN, Floats, Kernel, Sums
from services.metrics.domain.sums.pay import LOWER, MEDIAN, P10, P90, UPPER, Spread
from shared.contracts.catalogue import BY_NAME

Amount = Callable[[Sums], Floats]


class Formula(NamedTuple):
    """``scale`` × numerator / denominator; a count when there is no denominator.

    ``people`` counts whom it is about, where too few could be recognised (Disclosure.fewest): it is hidden then.
    Without a denominator they are published in its place, and divide nothing.
    """

    numerator: Amount
    denominator: Amount | None = None
    scale: Amount | None = None
    people: Amount | None = None


def level(*measures: M) -> Amount:
    """The sum of levels on the as-of day."""
    return lambda s: sum((s.level(m) for m in measures), s.none)


def lag(measure: M) -> Amount:
    """The level 365 days earlier."""
    return lambda s: s.lag(measure)


def flow(*measures: M) -> Amount:
    """What happened within the window."""
    return lambda s: s.flow(*measures)


def mean(measure: M) -> Amount:
    """The average level over the window."""
    return lambda s: s.mean(measure)


LEAVERS = flow(M.leavers_own_request, M.leavers_retirement, M.leavers_other)


def quantile(share: Fraction, first: int = FIRST_PAY_BIN) -> Amount:
    """The pay that this share of the people have at most; of the joiners when ``first`` is of entry pay."""
    return lambda s: s.pay(first).quantile(share)


def paid(first: int = FIRST_PAY_BIN) -> Amount:
    """How many have a pay that is known."""
    return lambda s: s.pay(first).people


def _replaced(s: Sums) -> Floats:
    """Joiners or leavers, whichever are fewer: what was replaced."""
    return np.minimum(s.flow(M.joiners), LEAVERS(s))


def _open_days(s: Sums) -> Floats:
    """Days all open vacancies have been open: Σ (t − opening day)."""
    return s.level(M.vacancies) * s.as_of - s.level(M.vacancy_open_day)


def _per_hundred_and_year(s: Sums) -> Floats:
    return s.none + 100 * 365 / s.window


def _points_missing_posts(s: Sums) -> Floats:
    """Case points beyond what the case holders carry at the norm; negative when they could carry more."""
    return s.level(M.case_points) - s.norm * s.level(M.case_holder_fte)


FORMULAS: dict[str, Formula] = {
    "headcount": Formula(level(M.headcount)),
    "fte": Formula(level(M.fte)),
    "leaver_rate": Formula(LEAVERS, mean(M.headcount)),
    "leaver_rate_own_request": Formula(flow(M.leavers_own_request), mean(M.headcount), people=mean(M.headcount)),
    "replacement_turnover": Formula(_replaced, mean(M.headcount)),
    "internal_move_rate": Formula(flow(M.moved_out), mean(M.headcount)),
    "stability": Formula(level(M.tenured), lag(M.headcount)),
    "starter_survival": Formula(flow(M.starters_survived), flow(M.starters_matured)),
    "tenured_share": Formula(level(M.tenured), level(M.headcount)),
    "referral_joiners": Formula(flow(M.joiners_referral)),
    "referral_survival": Formula(flow(M.starters_survived_referral), flow(M.starters_matured_referral)),
    "trainee_survival": Formula(flow(M.starters_survived_trainee), flow(M.starters_matured_trainee)),
    "sick_rate": Formula(mean(M.sick_fte), mean(M.scheduled_fte)),
    "long_sick_share_live": Formula(mean(M.sick_day60_fte), mean(M.sick_fte)),
    "short_spell_rate": Formula(flow(M.short_spells), mean(M.headcount)),
    "agency_share": Formula(level(M.agency_fte), level(M.agency_fte, M.fte)),
    "agency_cover_share": Formula(level(M.agency_cover_fte), level(M.agency_fte)),
    "agency_cost_share": Formula(flow(M.agency_cost), flow(M.personnel_cost)),
    "agency_to_permanent": Formula(flow(M.joiners_agency)),
    "pool_fte": Formula(level(M.pool_fte)),
    "students": Formula(level(M.students)),
    "vacancy_rate": Formula(level(M.vacant_fte), level(M.vacant_fte, M.fte)),
    "vacancy_age_days": Formula(_open_days, level(M.vacancies)),
    "time_to_start_days": Formula(flow(M.vacancy_days_filled), flow(M.vacancies_filled)),
    "caseload": Formula(level(M.open_cases), level(M.case_holder_fte)),
    "weighted_caseload": Formula(level(M.case_points), level(M.case_holder_fte)),
    "staffing_need_fte": Formula(_points_missing_posts, lambda s: s.norm_where(M.case_points)),
    "handover_rate": Formula(flow(M.handovers), mean(M.open_cases)),
    "overtime_share": Formula(flow(M.overtime_hours), flow(M.worked_hours)),
    "overtime_capped_share": Formula(level(M.overtime_capped), level(M.headcount), people=level(M.headcount)),
    "documentation_share": Formula(flow(M.documentation_hours), flow(M.worked_hours)),
    "client_time_share": Formula(flow(M.client_hours), flow(M.worked_hours)),
    "span_of_control": Formula(level(M.reports), level(M.managers)),
    "introduction_coverage": Formula(level(M.introduction_done), level(M.introduction_due)),
    "mentor_coverage": Formula(level(M.mentor_done), level(M.mentor_due)),
    "check_in_coverage": Formula(level(M.check_in_current), level(M.check_in_due)),
    "study_share": Formula(level(M.study_fte), level(M.fte), people=level(M.headcount)),
    "senior_share": Formula(level(M.senior), level(M.headcount)),
    "trainee_share": Formula(level(M.trainees), level(M.headcount)),
    "incident_rate": Formula(flow(M.incidents), mean(M.fte), _per_hundred_and_year, mean(M.headcount)),
    "serious_incident_rate": Formula(flow(M.serious_incidents), mean(M.fte), _per_hundred_and_year, mean(M.headcount)),
    "pulse_score": Formula(flow(M.pulse_score), flow(M.pulse_answers)),
    "pulse_negative_share": Formula(flow(M.pulse_negative), flow(M.pulse_answers)),
    "pulse_response_rate": Formula(flow(M.pulse_answers), flow(M.pulse_invited)),
    "pay_median": Formula(quantile(MEDIAN), people=paid()),
    "pay_quartiles": Formula(quantile(UPPER), quantile(LOWER), people=paid()),
    "pay_p90_p10": Formula(quantile(P90), quantile(P10), people=paid()),
    "entry_pay_median": Formula(quantile(MEDIAN, FIRST_ENTRY_BIN), people=paid(FIRST_ENTRY_BIN)),
}


class _Reading(Sums):
    """Notes what is asked of it."""

    def __init__(self) -> None:
        super().__init__({}, 0, np.zeros(0, np.int64), 1)
        self.asked: set[Kernel] = set()

    def weighed(self, measure: int, kernel: int) -> Floats:
        self.asked.add((int(measure), kernel))
        return super().weighed(measure, kernel)

    def pay(self, first: int) -> Spread:
        self.asked.add((first, WITHIN if is_flow(first) else LEVEL))
        return super().pay(first)


def reads(formula: Formula) -> frozenset[Kernel]:
    """The kernels that a formula reads; bins of pay are told by the first of their kind."""
    reading = _Reading()
    for amount in (formula.numerator, formula.denominator, formula.scale, formula.people):
        if amount:
            amount(reading)
    return frozenset(reading.asked)


READ = frozenset[Kernel]().union(*(reads(formula) for name, formula in FORMULAS.items() if not BY_NAME[name].by_month))
"""The kernels of windows that end on the day, all that a board has to hold beside what is told by month."""
