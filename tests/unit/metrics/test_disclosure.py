"""Of how few each metric is told: every limit from both sides, and what falls with a metric that is hidden."""

import pytest

from cli.offline.computing.rows import GroupRow, Number
from services.metrics.domain.disclosure.suppression import BY_MONTH, FALLS_WITH
from services.metrics.domain.facts import measures
from services.metrics.domain.sums.catalogue import FORMULAS
from shared.contracts.catalogue import BY_NAME, METRICS, Metric
from shared.contracts.catalogue.disclosure import ByMonth
from tests import builders as make
from tests.unit.metrics.folding import Folded, asked, fold, placed

ON = "2024-12-31"
HIDDEN = Number(None, None, None, None, None, "suppressed")

FEW = {
    "leaver_rate_own_request": "leavers_own_request",
    "incident_rate": "incidents",
    "serious_incident_rate": "serious_incidents",
    "overtime_capped_share": "overtime_capped",
    "study_share": "study_fte",
    "study_quarter_share": "study_quarter_fte",
}
"""The metrics that at least five permanent staff are needed for, and what each counts."""

FEW_TOO = {
    "threat_rate": "threats",
    "violence_rate": "violence",
    "referral_bonuses": "referral_bonuses",
    "experience_bonuses": "experience_bonuses",
}
"""Likewise; what these count is no measure that is shown by itself."""

PULSE = ("pulse_score", "pulse_negative_share", "pulse_response_rate")
HOURS = {
    "overtime_share": "overtime_hours",
    "documentation_share": "documentation_hours",
    "client_time_share": "client_hours",
}


def row(folded: Folded, small: int = 10) -> GroupRow:
    """Everyone on the day, with measures."""
    return asked(folded, ON, small=small, with_measures=True)["*", "*"]


def staff(size: float, **amounts: float) -> GroupRow:
    """So many permanent staff, and what is known of them."""
    return row(placed(headcount=size, fte=size, **amounts))


@pytest.mark.parametrize(("metric", "counted"), FEW.items())
def test_four_are_too_few(metric: str, counted: str):
    """Of four there is no number at all, nor of what is counted; of five there is."""
    few, enough = (staff(size, **{counted: 1}) for size in (4, 5))
    assert few.metrics[metric] == HIDDEN
    assert counted not in few.measures
    assert enough.metrics[metric].numerator == 1
    assert counted in enough.measures


@pytest.mark.parametrize(("metric", "counted"), FEW_TOO.items())
def test_four_are_too_few_of_what_is_shown_as_metrics_alone(metric: str, counted: str):
    """Of four there is no number, whether anything happened or not; of five there is one, and no measure beside it."""
    few, none, enough = staff(4, **{counted: 1}), staff(4), staff(5, **{counted: 1})
    assert (few.metrics[metric], none.metrics[metric]) == (HIDDEN, HIDDEN)
    assert enough.metrics[metric].numerator == 1
    assert counted not in {*few.measures, *enough.measures}


def test_what_four_cost():
    """Is nearly what each of them is paid: of four neither the share is told nor what it is of; of five both are."""
    costs = ("personnel_cost", "agency_cost")
    few, enough = (staff(size, personnel_cost=200_000, agency_cost=1_000) for size in (4, 5))
    assert few.metrics["agency_cost_share"] == HIDDEN
    assert {*few.measures}.isdisjoint(costs)
    assert enough.metrics["agency_cost_share"].value == pytest.approx(0.005)
    assert {*enough.measures} >= {*costs}


def test_four_receivers_are_too_few():
    """What bonuses cost is told of five who got one, and of nobody fewer, however many they got and whoever asks."""
    for receivers, bonuses, told in ((4, 9, None), (9, 4, None), (5, 5, 75_000)):
        known = {"bonus_receivers": receivers, "experience_bonuses": bonuses, "bonus_cost": 75_000}
        assert [
            staff(40, **known).metrics["bonus_cost"].value,
            row(placed(**known), small=0).metrics["bonus_cost"].value,
        ] == [told] * 2


@pytest.mark.parametrize("metric", [*FEW, *FEW_TOO])
def test_four_of_whom_nothing_is_counted(metric: str):
    """Whether there is anything to hide is hidden, too."""
    assert staff(4).metrics[metric] == HIDDEN


@pytest.mark.parametrize(("metric", "counted"), FEW.items())
def test_nobody_permanent(metric: str, counted: str):
    """What is counted without permanent staff is somebody's; where there is nothing there is nothing to hide."""
    assert row(placed(**{counted: 1})).metrics[metric] == HIDDEN
    assert row(placed(students=1)).metrics[metric].status == "not_applicable"


@pytest.mark.parametrize("metric", ["incident_rate", "serious_incident_rate", "study_share"])
def test_fixed_term_staff_alone(metric: str):
    """However many they are: they make no group large enough, whether or not anything is counted."""
    assert row(placed(fte=30)).metrics[metric] == HIDDEN


def test_people_are_those_of_the_window_or_of_the_day():
    """Six of whom two left lately: five on average, for what happened in the window, and four on the day."""
    joined = (make.employment_started(f"p{n}", "2022-01-01") for n in range(6))
    left = (make.employment_ended(f"p{n}", "2024-12-01", "own_request") for n in range(2))
    found = row(fold(*joined, *left)).metrics
    assert found["leaver_rate_own_request"].numerator == 2
    assert found["incident_rate"].status != "suppressed"
    assert found["overtime_capped_share"] == found["study_share"] == HIDDEN


def pulse(invited: int, answers: int) -> GroupRow:
    """A unit that was asked once, and one of whose answers was negative if there was any."""
    data = {"effective": "2024-05-02", "index": "hme", "invited": invited, "answers": answers}
    data |= {"score_sum": 50 * answers, "negative": min(answers, 1)}
    return row(fold(make.event("hr.pulse.reported.v1", "unit/u1", data)))


def test_six_answers_are_too_few():
    """Of six answers nothing is told, also not how many they are; of seven all but the measures of the very days is."""
    few, enough = (pulse(20, answers) for answers in (6, 7))
    assert [few.metrics[metric] for metric in PULSE] == [HIDDEN] * 3
    assert not [name for name in (*few.measures, *enough.measures) if name.startswith("pulse_")]
    assert [enough.metrics[metric].value for metric in PULSE] == pytest.approx([50, 1 / 7, 7 / 20])


def test_six_answers_among_many():
    """A sister is hidden with them, so that they are not what is left over; in a month of no pulse nobody is."""
    units = [make.unit_defined("d"), *(make.unit_defined(unit, parent="d") for unit in ("few", "some", "many"))]
    for day, answers, hidden in (
        (ON, {"few": 6, "some": 20, "many": 30}, {"few", "some"}),
        (ON, {"few": 6, "many": 30}, {"few", "many"}),
        (ON, {"few": 0, "many": 30}, {"few", "many", "d", "*"}),
        ("2024-11-30", {"few": 6, "many": 30}, set[str]()),
    ):
        reports = [_report(unit, number) for unit, number in answers.items()]
        rows = asked(fold(*units, *reports), day)
        assert {unit for (unit, _), row in rows.items() if row.metrics["pulse_score"] == HIDDEN} == hidden


def _report(unit: str, answers: int, day: str = "2024-12-02", index: str = "hme") -> make.Event:
    data = {"effective": day, "index": index, "invited": 40, "answers": answers, "score_sum": 50 * answers}
    return make.event("hr.pulse.reported.v1", f"unit/{unit}", data | {"negative": 0})


@pytest.mark.parametrize(("day", "index"), [("2024-12-02", "stress"), ("2024-12-20", "hme"), ("2024-12-20", "stress")])
def test_four_who_answer_twice_are_four(day: str, index: str):
    """Several surveys of a month can have been answered by the same people; of seven who answer twice all is told."""
    for answers, told in ((4, None), (7, 14)):
        found = row(fold(_report("u", answers), _report("u", answers, day, index)))
        assert found.metrics["pulse_score"].denominator == told


def test_no_answers():
    """That nobody answered tells of each who was asked; where nobody was asked there is nothing to hide."""
    assert pulse(3, 0).metrics["pulse_response_rate"] == HIDDEN
    assert staff(3).metrics["pulse_response_rate"].status == "not_applicable"


def working(size: int, small: int = 10) -> GroupRow:
    """A unit of so many, who all report their time."""
    people = [f"p{n}" for n in range(size)]
    hours = {"overtime_hours": 10, "documentation_hours": 60, "client_hours": 40}
    reports = (make.time_reported(p, "2024-05-01", "2024-05-31", 160, **hours) for p in people)
    return row(fold(*(make.employment_started(p, "2022-01-01") for p in people), *reports), small)


@pytest.mark.parametrize(("metric", "counted"), HOURS.items())
def test_hours_of_ten_are_too_few(metric: str, counted: str):
    """The hours worked by ten or fewer would tell who was away; of eleven they are told."""
    few, enough, open_to_all = working(10), working(11), working(11, small=0)
    assert few.metrics[metric] == HIDDEN
    assert enough.metrics[metric].denominator == pytest.approx(11 * 160, rel=1e-6)
    assert not {counted, "worked_hours"} & {*few.measures, *enough.measures}
    assert {counted, "worked_hours"} <= open_to_all.measures.keys()


def paid(size: int, small: int = 10) -> GroupRow:
    """A unit of so many who joined in the year, with a pay."""
    return row(fold(*(make.employment_started(f"p{n}", "2024-03-01", monthly_pay=30_000) for n in range(size))), small)


def test_bins_of_pay_fall_with_the_metric_that_takes_most_people():
    """They tell of every quantile; those of entry pay of its median."""
    told = {size: {name.rpartition("_")[0] for name in paid(size).measures} for size in (4, 5, 20, 21)}
    bins = {size: {"pay_bin", "entry_pay_bin"} & names for size, names in told.items()}
    assert bins == {4: set(), 5: {"entry_pay_bin"}, 20: {"entry_pay_bin"}, 21: {"pay_bin", "entry_pay_bin"}}


def test_whoever_may_see_everything():
    """With no group too small nothing is hidden of one person, and no measure; the limits of pay hold all the same."""
    one = dict.fromkeys((*FEW.values(), *HOURS.values(), "worked_hours", "pulse_answers", "pulse_invited"), 1.0)
    found = row(placed(headcount=1, fte=1, **one), small=0)
    assert not [name for name, number in found.metrics.items() if number.status == "suppressed"]
    assert one.keys() <= found.measures.keys()
    alone = paid(1, small=0)
    assert {name for name, number in alone.metrics.items() if number.status == "suppressed"} == PAY
    assert [name for name in alone.measures if name.startswith("pay_bin")]


PAY = {"pay_median", "pay_quartiles", "pay_p90_p10", "entry_pay_median"}


def test_any_size():
    """One person is told of by what everybody there knows, by the manager's duty, and by posts and load."""
    found = row(fold(make.employment_started("p", "2022-01-01"), make.vacancy_opened("v", "2024-12-01"))).metrics
    hidden = {name for name, number in found.items() if number.status == "suppressed"}
    limited = FEW.keys() | FEW_TOO.keys() | {"agency_cost_share"}
    assert hidden == {m.name for m in METRICS if m.by_month is ByMonth.HEALTH} | limited


def test_what_is_hidden_is_in_the_catalogue():
    """Those of a limit are the ones that the catalogue gives a limit, with people to count."""
    limited = {metric.name: metric.disclosure.fewest for metric in METRICS if metric.disclosure.fewest}
    pay = {"pay_median": 5, "entry_pay_median": 5, "pay_quartiles": 9, "pay_p90_p10": 21, "pay_gap": 10}
    assert limited == dict.fromkeys((*FEW, *FEW_TOO), 5) | pay | {"bonus_cost": 5, "agency_cost_share": 5}
    assert limited.keys() == {name for name, formula in FORMULAS.items() if formula.people}


@pytest.mark.parametrize("metric", [m for m in METRICS if m.by_month or m.disclosure.fewest], ids=lambda m: m.name)
def test_a_hidden_metric_has_measures_that_fall(metric: Metric):
    """Of what is hidden at least one measure falls with a metric of the same rule."""
    fallen = (BY_NAME[FALLS_WITH[measure]] for measure, _ in FORMULAS[metric.name].reads if measure in FALLS_WITH)
    assert metric.disclosure.by_month in {other.by_month for other in fallen}


@pytest.mark.parametrize(
    ("kind", "some"),
    [
        (ByMonth.HEALTH, {"sick_fte", "scheduled_fte", "short_spells", "worked_hours", "client_hours"}),
        (ByMonth.PULSE, {"pulse_answers", "pulse_invited", "pulse_score", "pulse_negative"}),
    ],
)
def test_measures_by_month(kind: ByMonth, some: set[str]):
    """Sickness, hours that tell who was away, answers; no metric of another kind is made of them."""
    others = {measure for m in METRICS if m.by_month is not kind for measure, _ in FORMULAS[m.name].reads}
    ours = {measure for measure, of in BY_MONTH.items() if of is kind}
    assert not others & ours
    assert {measures.name(measure) for measure in ours} >= some
