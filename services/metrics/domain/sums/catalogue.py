"""The formula of every metric, over sums of facts; what each means to others is in shared.contracts.catalogue."""

from fractions import Fraction
from typing import NamedTuple

from services.metrics.domain.facts.measures import FIRST_ENTRY_BIN
from services.metrics.domain.facts.measures import Measure as M  # noqa: N817
from services.metrics.domain.sums.amounts import (
    NONE,
    Amount,
    Both,
    Flow,
    Given,
    Kernels,
    Lag,
    Level,
    Mean,
    NormWhere,
    Number,
    Paid,
    PayGap,
    Quantile,
)
from services.metrics.domain.sums.pay import LOWER, MEDIAN, P10, P90, UPPER
from shared.contracts.catalogue import BY_NAME


class Formula(NamedTuple):
    """``scale`` × numerator / denominator; a count when there is no denominator.

    ``people`` counts whom it is about, where too few could be recognised (Disclosure.fewest): it is hidden then.
    Without a denominator they are published in its place, and divide nothing.
    """

    numerator: Amount
    denominator: Amount | None = None
    scale: Amount | None = None
    people: Amount | None = None

    @property
    def reads(self) -> Kernels:
        """All kernels it is computed from; bins of pay are told by the first of their kind."""
        amounts = (self.numerator, self.denominator, self.scale, self.people)
        return NONE.union(*(amount.reads for amount in amounts if amount))


def level(*measures: M) -> Level:
    """The sum of levels on the as-of day."""
    return Level(measures)


def flow(*measures: M) -> Flow:
    """What happened within the window."""
    return Flow(measures)


LEAVERS = flow(M.leavers_own_request, M.leavers_retirement, M.leavers_other)

REPLACED = Both(flow(M.joiners), "smaller", LEAVERS)
"""Joiners or leavers, whichever are fewer: what was replaced."""

OPEN_DAYS = Both(Both(level(M.vacancies), "×", Given("as_of")), "−", level(M.vacancy_open_day))
"""Days all open vacancies have been open: Σ (t − opening day)."""

RECEIVERS = Both(flow(M.referral_bonuses, M.experience_bonuses, M.other_bonuses), "smaller", level(M.bonus_receivers))
"""Who got a bonus within a year, and no more than bonuses in the window: never more people than share the cost."""

PER_HUNDRED_AND_YEAR = Both(Number(100 * 365), "÷", Given("window"))

POINTS_MISSING_POSTS = Both(level(M.case_points), "−", Both(Given("norm"), "×", level(M.case_holder_fte)))
"""Case points beyond what the case holders carry at the norm; negative when they could carry more."""


def quantile(share: Fraction) -> Quantile:
    """The pay that this share of the people have at most."""
    return Quantile(share=share)


FORMULAS: dict[str, Formula] = {
    "headcount": Formula(level(M.headcount)),
    "fte": Formula(level(M.fte)),
    "leaver_rate": Formula(LEAVERS, Mean(M.headcount)),
    "leaver_rate_own_request": Formula(flow(M.leavers_own_request), Mean(M.headcount), people=Mean(M.headcount)),
    "replacement_turnover": Formula(REPLACED, Mean(M.headcount)),
    "internal_move_rate": Formula(flow(M.moved_out), Mean(M.headcount)),
    "rotation_rate": Formula(flow(M.rotated_out), Mean(M.headcount)),
    "stability": Formula(level(M.stayed), Lag(M.headcount)),
    "starter_survival": Formula(flow(M.starters_survived), flow(M.starters_matured)),
    "tenured_share": Formula(level(M.tenured), level(M.headcount)),
    "referral_joiners": Formula(flow(M.joiners_referral)),
    "referral_survival": Formula(flow(M.starters_survived_referral), flow(M.starters_matured_referral)),
    "trainee_survival": Formula(flow(M.starters_survived_trainee), flow(M.starters_matured_trainee)),
    "referral_bonuses": Formula(flow(M.referral_bonuses), people=Mean(M.headcount)),
    "experience_bonuses": Formula(flow(M.experience_bonuses), people=Mean(M.headcount)),
    "bonus_cost": Formula(flow(M.bonus_cost), people=RECEIVERS),
    "sick_rate": Formula(Mean(M.sick_fte), Mean(M.scheduled_fte)),
    "long_sick_share_live": Formula(Mean(M.sick_day60_fte), Mean(M.sick_fte)),
    "short_spell_rate": Formula(flow(M.short_spells), Mean(M.headcount)),
    "agency_share": Formula(level(M.agency_fte), level(M.agency_fte, M.fte)),
    "agency_cover_share": Formula(level(M.agency_cover_fte), level(M.agency_fte)),
    "agency_cost_share": Formula(flow(M.agency_cost), flow(M.personnel_cost), people=Mean(M.headcount)),
    "agency_to_permanent": Formula(flow(M.joiners_agency)),
    "pool_fte": Formula(level(M.pool_fte)),
    "students": Formula(level(M.students)),
    "vacancy_rate": Formula(level(M.vacant_fte), level(M.vacant_fte, M.fte)),
    "vacancy_age_days": Formula(OPEN_DAYS, level(M.vacancies)),
    "time_to_start_days": Formula(flow(M.vacancy_days_filled), flow(M.vacancies_filled)),
    "caseload": Formula(level(M.open_cases), level(M.case_holder_fte)),
    "weighted_caseload": Formula(level(M.case_points), level(M.case_holder_fte)),
    "staffing_need_fte": Formula(POINTS_MISSING_POSTS, NormWhere(M.case_points)),
    "handover_rate": Formula(flow(M.handovers), Mean(M.open_cases)),
    "overtime_share": Formula(flow(M.overtime_hours), flow(M.worked_hours)),
    "overtime_capped_share": Formula(level(M.overtime_capped), level(M.headcount), people=level(M.headcount)),
    "documentation_share": Formula(flow(M.documentation_hours), flow(M.worked_hours)),
    "client_time_share": Formula(flow(M.client_hours), flow(M.worked_hours)),
    "span_of_control": Formula(level(M.reports), level(M.managers)),
    "led_per_manager": Formula(level(M.reports, M.led_besides), level(M.managers)),
    "introduction_coverage": Formula(level(M.introduction_done), level(M.introduction_due)),
    "mentor_coverage": Formula(level(M.mentor_done), level(M.mentor_due)),
    "check_in_coverage": Formula(level(M.check_in_current), level(M.check_in_due)),
    "study_share": Formula(level(M.study_fte), level(M.fte), people=level(M.headcount)),
    "study_quarter_share": Formula(level(M.study_quarter_fte), level(M.fte), people=level(M.headcount)),
    "senior_share": Formula(level(M.senior), level(M.headcount)),
    "trainee_share": Formula(level(M.trainees), level(M.headcount)),
    "incident_rate": Formula(flow(M.incidents), Mean(M.fte), PER_HUNDRED_AND_YEAR, Mean(M.headcount)),
    "serious_incident_rate": Formula(flow(M.serious_incidents), Mean(M.fte), PER_HUNDRED_AND_YEAR, Mean(M.headcount)),
    "threat_rate": Formula(flow(M.threats), Mean(M.fte), PER_HUNDRED_AND_YEAR, Mean(M.headcount)),
    "violence_rate": Formula(flow(M.violence), Mean(M.fte), PER_HUNDRED_AND_YEAR, Mean(M.headcount)),
    "pulse_score": Formula(flow(M.pulse_score), flow(M.pulse_answers)),
    "pulse_negative_share": Formula(flow(M.pulse_negative), flow(M.pulse_answers)),
    "pulse_response_rate": Formula(flow(M.pulse_answers), flow(M.pulse_invited)),
    "pay_median": Formula(quantile(MEDIAN), people=Paid()),
    "pay_quartiles": Formula(quantile(UPPER), quantile(LOWER), people=Paid()),
    "pay_p90_p10": Formula(quantile(P90), quantile(P10), people=Paid()),
    "pay_gap": Formula(PayGap(), people=Both(level(M.paid_women), "smaller", level(M.paid_men))),
    "entry_pay_median": Formula(Quantile(FIRST_ENTRY_BIN, MEDIAN), people=Paid(FIRST_ENTRY_BIN)),
}


READ = NONE.union(*(formula.reads for name, formula in FORMULAS.items() if not BY_NAME[name].by_month))
"""The kernels of windows that end on the day, all that a book has to hold beside what is told by month."""
