"""From sums to published values: statuses, numbers and intervals."""

import pytest

from cli.offline.computing.rows import GroupRow, Number
from services.metrics.domain.facts.measures import Measure
from services.metrics.domain.sums.catalogue import FORMULAS
from shared.contracts.catalogue import BY_NAME, METRICS
from shared.contracts.catalogue.disclosure import ByMonth
from tests import builders as make
from tests.unit.metrics.folding import asked, fold, named, placed

ON = "2024-12-31"
HEALTH = {metric.name for metric in METRICS if metric.by_month is ByMonth.HEALTH}


def valued(metric: str, **amounts: float) -> Number:
    """A metric of everyone on the day, from amounts of measures; nothing is hidden."""
    return asked(placed(**amounts), ON, small=0)["*", "*"].metrics[metric]


def test_every_metric_has_a_formula_and_every_formula_a_metric():
    """The public catalogue and the formulas name the same metrics."""
    assert list(FORMULAS) == [metric.name for metric in METRICS]


def test_health_metrics():
    """Those that tell of sickness or of hours, and so of who was away, are marked as such, and no others."""
    sickness = {"sick_rate", "long_sick_share_live", "short_spell_rate"}
    assert sickness | {"overtime_share", "documentation_share", "client_time_share"} == HEALTH


def test_intervals_are_of_shares_and_rates():
    """An interval is asked for only where the numerator counts events or people, never hours."""
    assert {m.interval for m in METRICS if m.name in {"sick_rate", "overtime_share", "caseload"}} == {"none"}


FORMULA_CASES = [
    ("headcount", {"headcount": 12}, 12),
    ("fte", {"fte": 10.5}, 10.5),
    ("leaver_rate", {"leavers_own_request": 1, "leavers_retirement": 2, "leavers_other": 3, "headcount": 60}, 0.1),
    ("leaver_rate_own_request", {"leavers_own_request": 1, "leavers_other": 3, "headcount": 50}, 0.02),
    ("replacement_turnover", {"joiners": 2, "leavers_other": 3, "headcount": 20}, 0.1),
    ("internal_move_rate", {"moved_out": 2, "moved_in": 5, "headcount": 20}, 0.1),
    ("rotation_rate", {"rotated_out": 1, "moved_out": 4, "headcount": 20}, 0.05),
    ("stability", {"stayed": 90, "headcount": 100}, 0.9),
    ("starter_survival", {"starters_survived": 6, "starters_matured": 8}, 0.75),
    ("tenured_share", {"tenured": 15, "headcount": 20}, 0.75),
    ("referral_joiners", {"joiners_referral": 3, "joiners": 9}, 3),
    ("referral_survival", {"starters_survived_referral": 3, "starters_matured_referral": 4}, 0.75),
    ("trainee_survival", {"starters_survived_trainee": 1, "starters_matured_trainee": 2}, 0.5),
    ("referral_bonuses", {"referral_bonuses": 3, "headcount": 20}, 3),
    ("experience_bonuses", {"experience_bonuses": 12, "headcount": 8}, 12),
    ("bonus_cost", {"referral_bonuses": 4, "other_bonuses": 3, "bonus_cost": 75_000, "bonus_receivers": 6}, 75_000),
    ("sick_rate", {"sick_fte": 5, "scheduled_fte": 100}, 0.05),
    ("long_sick_share_live", {"sick_day60_fte": 2, "sick_fte": 5}, 0.4),
    ("short_spell_rate", {"short_spells": 30, "headcount": 20}, 1.5),
    ("agency_share", {"agency_fte": 10, "fte": 30}, 0.25),
    ("agency_cover_share", {"agency_cover_fte": 8, "agency_fte": 10}, 0.8),
    ("agency_cost_share", {"agency_cost": 2, "personnel_cost": 100, "headcount": 5}, 0.02),
    ("agency_to_permanent", {"joiners_agency": 3}, 3),
    ("pool_fte", {"pool_fte": 2.5}, 2.5),
    ("students", {"students": 4}, 4),
    ("vacancy_rate", {"vacant_fte": 10, "fte": 40}, 0.2),
    ("time_to_start_days", {"vacancy_days_filled": 130, "vacancies_filled": 2}, 65),
    ("caseload", {"open_cases": 330, "case_holder_fte": 20}, 16.5),
    ("weighted_caseload", {"case_points": 3_000, "case_holder_fte": 20}, 150),
    ("staffing_need_fte", {"case_points": 3_300, "case_holder_fte": 20}, 2),
    ("handover_rate", {"handovers": 30, "open_cases": 300}, 0.1),
    ("overtime_share", {"overtime_hours": 5, "worked_hours": 100}, 0.05),
    ("overtime_capped_share", {"overtime_capped": 3, "headcount": 30}, 0.1),
    ("documentation_share", {"documentation_hours": 40, "worked_hours": 100}, 0.4),
    ("client_time_share", {"client_hours": 25, "worked_hours": 100}, 0.25),
    ("span_of_control", {"reports": 60, "managers": 3}, 20),
    ("led_per_manager", {"reports": 60, "led_besides": 15, "managers": 3}, 25),
    ("introduction_coverage", {"introduction_done": 9, "introduction_due": 12}, 0.75),
    ("mentor_coverage", {"mentor_done": 9, "mentor_due": 12}, 0.75),
    ("check_in_coverage", {"check_in_current": 9, "check_in_due": 12}, 0.75),
    ("study_share", {"study_fte": 1, "fte": 20}, 0.05),
    ("study_quarter_share", {"study_quarter_fte": 0.5, "study_fte": 1, "fte": 20}, 0.025),
    ("senior_share", {"senior": 5, "headcount": 20}, 0.25),
    ("trainee_share", {"trainees": 5, "headcount": 20}, 0.25),
    ("incident_rate", {"incidents": 6, "fte": 50}, 12),
    ("serious_incident_rate", {"serious_incidents": 2, "incidents": 6, "fte": 50}, 4),
    ("threat_rate", {"threats": 3, "incidents": 6, "fte": 50}, 6),
    ("violence_rate", {"violence": 1, "incidents": 6, "fte": 50}, 2),
    ("pulse_score", {"pulse_score": 700, "pulse_answers": 10}, 70),
    ("pulse_negative_share", {"pulse_negative": 3, "pulse_answers": 12}, 0.25),
    ("pulse_response_rate", {"pulse_answers": 12, "pulse_invited": 16}, 0.75),
]


@pytest.mark.parametrize(("metric", "amounts", "value"), FORMULA_CASES, ids=[case[0] for case in FORMULA_CASES])
def test_formula(metric: str, amounts: dict[str, float], value: float):
    """Each metric from round numbers."""
    found = valued(metric, **amounts)
    assert found.value == pytest.approx(value)
    assert found.status != "not_applicable"


def test_every_formula_is_tried():
    """No metric is left out of the table above but the age of vacancies, which needs dates, and pay, tried apart."""
    pay = {name for name in BY_NAME if "pay_" in name}
    assert {case[0] for case in FORMULA_CASES} == BY_NAME.keys() - pay - {"vacancy_age_days"}


def test_age_of_open_vacancies():
    """The mean of the days that open vacancies have been open."""
    folded = fold(make.vacancy_opened("a", "2024-12-21"), make.vacancy_opened("b", "2024-12-01"))
    assert asked(folded, ON)["*", "*"].metrics["vacancy_age_days"].value == 20


def test_incidents_are_per_year_whatever_the_window():
    """Over a window of 73 days as many incidents are five times as frequent."""
    row = asked(placed(incidents=6, fte=50, headcount=50), "2024-06-30", window=73)["*", "*"]
    assert row.metrics["incident_rate"].value == pytest.approx(60)


def test_zero_denominator():
    """Without a denominator there is no value, not zero and not infinity; what there is of a numerator is told."""
    found = valued("leaver_rate", leavers_other=3)
    assert (found.status, found.value, found.numerator, found.denominator) == ("not_applicable", None, 3, 0)
    assert (found.low, found.high) == (None, None)


def test_low_reliability():
    """A rate over fewer than ten is marked as such, and shown with its interval."""
    few, many = (valued("leaver_rate", leavers_other=3, headcount=n) for n in (9, 10))
    assert (few.status, many.status) == ("low_reliability", "final")
    assert few.low is not None


def test_low_reliability_is_of_rates_with_intervals():
    """A ratio that knows no interval is not marked."""
    assert valued("caseload", open_cases=30, case_holder_fte=2).status == "final"


def test_count():
    """A count has no denominator and no interval."""
    found = valued("headcount", headcount=7)
    assert (found.status, found.value, found.numerator) == ("final", 7, 7)
    assert (found.denominator, found.low, found.high) == (None, None, None)


def test_poisson_interval():
    """12 leavers among 60: Garwood's interval of 12, over 60."""
    found = valued("leaver_rate", leavers_other=12, headcount=60)
    assert (found.low, found.high) == pytest.approx((6.200575 / 60, 20.961585 / 60), abs=1e-8)


def test_scaled_poisson_interval():
    """A rate per 100 and year has its interval in the same unit."""
    found = valued("incident_rate", incidents=12, fte=100)
    assert (found.low, found.value, found.high) == pytest.approx((6.200575, 12, 20.961585), abs=1e-6)


def test_binomial_interval():
    """12 of 60: Clopper and Pearson's interval."""
    found = valued("senior_share", senior=12, headcount=60)
    assert (found.low, found.high) == pytest.approx((0.107841, 0.323300), abs=1e-6)


def test_share_above_one():
    """More tenured than there were people a year ago: a value, but no interval."""
    row = asked(placed(tenured=12), ON)["*", "*"].metrics["stability"]
    assert row.status == "not_applicable"
    above = valued("overtime_capped_share", overtime_capped=12, headcount=10)
    assert (above.value, above.low, above.high) == (1.2, None, None)


def test_nothing_happened():
    """No leavers among 20 is a rate of zero with an upper bound."""
    found = valued("leaver_rate", headcount=20)
    assert (found.value, found.low) == (0, 0)
    assert found.high == pytest.approx(3.688879 / 20, abs=1e-6)


def team(size: int, **how: object) -> GroupRow:
    """A unit of so many, one of them sick, and the rows it comes to."""
    sick = make.absence_started("p0", "a", "2024-03-01", last_day="2024-03-05")
    folded = fold(*(make.employment_started(f"p{n}", "2022-01-01") for n in range(size)), sick)
    return asked(folded, ON, with_measures=True, **how)["u1", "*"]


def test_ten_people_show_no_health():
    """In a group of ten every health metric is suppressed and carries no number at all."""
    row = team(10)
    assert {name for name, number in row.metrics.items() if number.status == "suppressed"} == HEALTH
    for name in HEALTH:
        number = row.metrics[name]
        assert (number.value, number.numerator, number.denominator, number.low, number.high) == (None,) * 5


def test_eleven_people_do():
    """In a group of eleven they are shown, of the twelve whole months that ended last: a leap year."""
    row = team(11)
    assert row.metrics["sick_rate"].value == pytest.approx(5 / 366 / 11, rel=1e-6)


def test_measures_of_health():
    """What health is made of, of any days, is for those alone who may see everything."""
    parts = {"sick_fte", "scheduled_fte", "sick_spells", "short_spells"}
    assert not parts & team(11).measures.keys()
    assert parts & team(11, small=0).measures.keys()


def test_a_group_without_permanent_staff_is_small():
    """Fixed-term staff do not make a group large enough to speak of their health."""
    folded = fold(*(make.employment_started(f"p{n}", "2024-01-01", form="fixed_term") for n in range(30)))
    assert asked(folded, ON)["u1", "*"].metrics["sick_rate"].status == "suppressed"


def test_small_occupation_of_a_large_unit():
    """A small group is hidden, and with it the next smallest: all but one of the parts and the whole tell the last."""
    sizes = {"socialsekreterare": 30, "kurator": 20, "chef": 3}
    people = [
        make.employment_started(f"{occupation}{n}", "2022-01-01", occupation=occupation)
        for occupation, size in sizes.items()
        for n in range(size)
    ]
    rows = asked(fold(*people), ON)
    statuses = {place: row.metrics["sick_rate"].status for place, row in rows.items()}
    assert statuses["u1", "*"] == statuses["u1", "socialsekreterare"] == "final"
    assert statuses["u1", "chef"] == statuses["u1", "kurator"] == statuses["*", "kurator"] == "suppressed"


def test_every_measure_has_a_name():
    """The names of measures are those of the catalogue of measures, without gaps or doubles."""
    assert len({m.value for m in Measure}) == len(Measure)
    assert named(placed(**{m.name: 1 for m in Measure})) == {m.name for m in Measure}
