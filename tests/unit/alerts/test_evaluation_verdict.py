"""The four answers, what each rests on, and everything an evaluation refuses to say."""

from collections.abc import Sequence
from datetime import date

import msgspec
import numpy as np
import pytest

from services.alerts.domain.evaluation.told import Told, change, is_counted
from services.alerts.domain.evaluation.verdict import AskedEvaluation
from shared.contracts.catalogue import METRICS, Metric
from shared.contracts.evaluations import Evaluation
from shared.statistics.difference import of_rates
from tests.unit.alerts.evaluating import answered, asked, counted, drawn, hidden, valued

MANY = 24


def steady(question: AskedEvaluation, units: int, each_month: int = 2, people: float = 100) -> list[Told]:
    """Units where nothing changes, each a little unlike the others."""
    months = len(question.months.months)
    return [
        counted(question, f"c{n}", people, [each_month + (n + month) % 2 for month in range(months)])
        for n in range(units)
    ]


def moved(question: AskedEvaluation, before: int, after: int, name: str = "a", people: float = 300) -> Told:
    """A unit in which so many leave each month."""
    return counted(
        question, name, people, [before] * len(question.months.before) + [after] * len(question.months.after)
    )


def said(found: Evaluation) -> tuple[str, list[str]]:
    """The answer and why."""
    return found.verdict, list(found.because)


@pytest.mark.parametrize(
    ("before", "after", "smallest", "answer"),
    [
        (8, 3, 0.5, ("improved", [])),
        (4, 9, 0.5, ("worsened", [])),
        (8, 8, 0.5, ("not_shown", [])),
        (8, 8, 0.2, ("cannot_be_told", ["too_few"])),
        (1, 1, 0.6, ("cannot_be_told", ["too_few"])),
    ],
)
def test_the_four_answers(before: int, after: int, smallest: float, answer: tuple[str, list[str]]):
    """That none is shown is said only where the smallest change worth having would have been seen."""
    question = asked(smallest=smallest)
    found = answered(question, [moved(question, before, after)], steady(question, MANY))
    assert said(found) == answer
    assert found.effect
    assert found.effect.effect == pytest.approx(after / before * (366 / 365), rel=0.02)
    assert found.acted
    assert (found.acted.count_before, found.acted.count_after) == (12 * before, 12 * after)
    assert found.acted.before == pytest.approx(12 * before / 300 * 365 / 366)


def test_more_is_better_where_it_is():
    """Of a metric that is neither, the plan says which way."""
    question = asked("internal_move_rate", more=", expect: higher")
    assert answered(question, [moved(question, 4, 9)], steady(question, MANY)).verdict == "improved"


def test_what_happens_everywhere_is_not_the_measure():
    """Where all units change as much, before and after alone would say that it helped."""
    question = asked(smallest=0.6)
    others = [moved(question, 8, 4, f"c{n}") for n in range(MANY)]
    found = answered(question, [moved(question, 8, 4)], others)
    assert said(found) == ("not_shown", [])
    assert found.alone
    assert found.alone.high is not None
    assert found.alone.high < 1
    assert found.likewise
    assert (found.likewise.as_much, found.likewise.units) == (MANY, MANY)


def test_what_other_units_do_by_themselves_is_no_effect():
    """Units that vary more than chance would: of many beside, as many must not have changed as much."""
    question = asked(smallest=0.5)
    wild = [moved(question, *((9, 3) if n % 2 else (3, 9)), name=f"c{n}") for n in range(MANY)]
    found = answered(question, [moved(question, 8, 4)], wild)
    assert said(found) == ("not_shown", ["as_much_elsewhere"])


def test_units_that_all_change_alike_tell_nothing_of_chance():
    """Shares that are 0 everywhere: an interval without width would call every rise an effect."""
    question = asked("agency_share", smallest=0.2)
    others = [valued(question, f"c{n}", [0.1 * 3] * 24 if n else [0.0] * 24) for n in range(5)]
    found = answered(question, [valued(question, "a", [0.02] * 12 + [0.019] * 12)], others)
    assert said(found) == ("cannot_be_told", ["no_comparison"])
    assert found.seen is None


def test_values_are_compared_by_how_units_differ():
    """Shares that are no counts: monthly means, and the spread of the changes of the other units."""
    question = asked("sick_rate", smallest=0.2)
    others = [valued(question, f"c{n}", [0.08 + n / 1000] * 12 + [0.078 + n / 900] * 12) for n in range(MANY)]
    better = answered(question, [valued(question, "a", [0.08] * 12 + [0.05] * 12)], others)
    assert said(better) == ("improved", [])
    assert better.kind == "difference"
    assert better.effect
    assert better.effect.effect == pytest.approx(-0.03 + 0.002 - 0.0013, abs=0.001)
    same = answered(question, [valued(question, "a", [0.08] * 12 + [0.079] * 12)], others)
    assert said(same) == ("not_shown", [])


@pytest.mark.parametrize(("units", "answer"), [(0, "no_comparison"), (1, "no_comparison")])
def test_values_of_one_unit_alone_tell_nothing(units: int, answer: str):
    """How much values change by themselves is seen in others only."""
    question = asked("sick_rate")
    others = [valued(question, f"c{n}", [0.08] * 24) for n in range(units)]
    assert said(answered(question, [valued(question, "a", [0.08] * 12 + [0.05] * 12)], others)) == (
        "cannot_be_told",
        [answer],
    )


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"registered": "absent"}, "chosen_afterwards"),
        ({"registered": "changed"}, "chosen_afterwards"),
        ({"others": ("Pay",)}, "another_action"),
        ({"known_to": date(2025, 12, 30)}, "not_over"),
    ],
)
def test_what_would_be_an_improvement_is_refused(change: dict[str, object], why: str):
    """Of windows chosen afterwards, beside another measure, and before its months are over."""
    question = asked()._replace(**change)  # type: ignore[arg-type]
    found = answered(question, [moved(question, 8, 3)], steady(question, MANY))
    assert said(found) == ("cannot_be_told", [why])


@pytest.mark.parametrize("month", [0, 11, 12, 23])
def test_small_groups_are_told_nothing_of(month: int):
    """One hidden month of a unit that acted, before or after: no number of it leaves, not even of other months."""
    question = asked()
    found = answered(question, [hidden(question, "a", month), moved(question, 8, 3, "b")], steady(question, MANY))
    assert said(found) == ("cannot_be_told", ["small_group"])
    told = msgspec.to_builtins(found)
    assert not [name for name in ("effect", "acted", "alone", "likewise", "second", "seen", "lines") if told[name]]


def test_a_small_group_beside_is_left_out():
    """It is named, and no number is the sum of it with others, so that none can be taken from the rest."""
    question = asked()
    others = steady(question, MANY)
    found = answered(question, [moved(question, 8, 3)], [*others, hidden(question, "small", 5)])
    without = answered(question, [moved(question, 8, 3)], others)
    assert found.left_out == ["SMALL"]
    assert "left_out" in found.caveats
    assert (found.effect, found.compared, found.likewise, found.lines) == (
        without.effect,
        without.compared,
        without.likewise,
        without.lines,
    )


def test_months_that_are_not_known_are_no_months():
    """Of units that acted nothing is told; others are left out."""
    question = asked("sick_rate")
    gone = valued(question, "a", [None, *[0.08] * 23], "incomplete")
    others = [valued(question, f"c{n}", [0.08] * 24) for n in range(3)]
    assert said(answered(question, [gone], others)) == ("cannot_be_told", ["not_known"])


@pytest.mark.parametrize("events", [(0, 0)])
def test_nothing_is_nothing(events: tuple[int, int]):
    """Where nobody ever left nothing can become better."""
    question = asked()
    assert said(answered(question, [moved(question, *events)], steady(question, 3))) == (
        "cannot_be_told",
        ["nothing_to_count"],
    )


def caveats(question: AskedEvaluation, acted: Sequence[Told], compared: Sequence[Told]) -> set[str]:
    """What is to be minded."""
    return set(answered(question, acted, compared).caveats)


def test_what_is_to_be_minded_is_said():
    """One unit alone, nothing beside it, few beside it, and a start nobody knows the plan of."""
    question = asked()
    one, two = moved(question, 8, 3), moved(question, 6, 3, "b")
    assert caveats(question, [one], []) == {"one_unit", "nothing_beside"}
    assert caveats(question, [one, two], steady(question, 3)) == {"few_others"}
    assert caveats(question, [one, two], steady(question, MANY, 8)) == set()
    assert "version_unknown" in caveats(question._replace(registered="unknown"), [one, two], steady(question, 3))


def test_who_was_picked_because_it_was_worst_is_told():
    """Only where all that acted were worse than every unit beside: by chance, such come back."""
    question = asked()
    beside = steady(question, MANY, 2, 100)
    assert "worst_before" in caveats(question, [moved(question, 20, 6)], beside)
    assert "worst_before" not in caveats(question, [moved(question, 5, 2)], beside)
    assert "worst_before" not in caveats(question, [moved(question, 20, 6), moved(question, 5, 2, "b")], beside)


@pytest.mark.parametrize(("units", "told"), [(1, False), (3, False), (4, True)])
def test_the_worst_of_few_is_no_pick(units: int, told: bool):
    """Of two units one is always the worst."""
    question = asked()
    assert ("worst_before" in caveats(question, [moved(question, 20, 6)], steady(question, units))) is told


def test_what_began_beside_is_minded():
    """Only where anything is compared."""
    question = asked()._replace(beside=("Pay",))
    found = answered(question, [moved(question, 8, 3)], steady(question, MANY))
    assert (said(found), found.beside, "begun_beside" in found.caveats) == (("improved", []), ["Pay"], True)
    assert "begun_beside" not in caveats(question, [moved(question, 8, 3)], [])


def test_a_second_opinion_has_a_year_on_each_side():
    """By the step apart from trend and season; months washed in are on neither side."""
    short, long = asked(before=11, after=24), asked(before=24, after=24, more=", wash_in: 2m")
    assert answered(short, [moved(short, 8, 3)], steady(short, 3)).second is None
    months = len(long.months.months)
    assert months == 50
    unit = counted(long, "a", 300, [8 + n % 2 for n in range(24)] + [50, 50] + [3 + n % 2 for n in range(24)])
    found = answered(long, [unit], steady(long, 3))
    assert found.second
    assert found.second.effect < 0.6
    assert found.second.high < 1


def trials(times: float, number: int = 60) -> list[Evaluation]:
    """Poisson draws of three units with a measure among thirty of many sizes."""
    question, chance, found = asked(smallest=0.5), np.random.default_rng(20), []
    for _ in range(number):
        acted = [drawn(chance, question, f"a{n}", people, 0.2, times) for n, people in enumerate((60, 120, 200))]
        beside = [drawn(chance, question, f"c{n}", 20 + 20 * n, 0.2) for n in range(30)]
        found.append(answered(question, acted, beside))
    return found


def test_chance_is_seldom_an_effect_and_a_halving_is_seen():
    """Some trials each way; a thousand are held against what was promised elsewhere."""
    null, halved = trials(1.0), trials(0.5)
    assert sum(one.verdict in {"improved", "worsened"} for one in null) <= 6
    assert sum(one.verdict == "improved" for one in halved) >= 45
    assert not [one for one in halved if one.verdict == "worsened"]
    covered = [one.effect for one in halved if one.effect]
    inside = [one for one in covered if (one.low or 0) <= 0.5 <= (one.high or 9)]
    assert len(inside) >= 0.9 * len(covered)


@pytest.mark.parametrize("metric", list(filter(is_counted, METRICS)), ids=lambda one: one.name)
def test_every_counted_metric_is_a_yearly_rate(metric: Metric):
    """In the unit that its value has: by hundred full-time equivalents, or a share of people or cases."""
    question = asked(metric.name, more="" if metric.direction == "lower_is_better" else ", expect: lower")
    found = answered(question, [moved(question, 4, 4)], [])
    assert found.acted
    times = {"per_100_fte": 100, "ratio": 1}[metric.unit]
    assert found.acted.before == pytest.approx(times * 12 * 4 / 300 * 365 / 366)


def test_who_leaves_hands_over_every_case_at_once():
    """400 towns in which nothing changes: as counts, nearly half of them were called improved or worsened."""
    question, chance = asked("handover_rate"), np.random.default_rng(1)
    months = len(question.months.months)

    def town(name: str) -> Told:
        return counted(question, name, 500, [int(leavers) * 18 for leavers in chance.poisson(0.5, months)])

    verdicts = [answered(question, [town("a")], [town(f"c{n}") for n in range(3)]).verdict for _ in range(400)]
    assert max(verdicts.count("improved"), verdicts.count("worsened")) <= 400 * 0.05


def reported(chance: np.random.Generator, question: AskedEvaluation, name: str, times: float = 1.0) -> Told:
    """A unit where now and then somebody reports many on a day: 0.3 times a month, about six at a time."""
    before, after = len(question.months.before), len(question.months.after)
    days = [*chance.poisson(0.3, before).tolist(), *chance.poisson(0.3 * times, after).tolist()]
    return counted(question, name, 100, [int((1 + chance.poisson(5, n)).sum()) for n in days])


@pytest.mark.parametrize("units", [0, 1, 2])
def test_many_reports_on_one_day_are_not_many(units: int):
    """300 units where nothing changes, few beside: as counts, a fifth each were called improved and worsened."""
    question, chance = asked("incident_rate", more=", expect: lower"), np.random.default_rng(2)
    found = [
        answered(
            question,
            [reported(chance, question, "a")],
            [reported(chance, question, f"c{n}") for n in range(units)],
        )
        for _ in range(300)
    ]
    verdicts = [one.verdict for one in found]
    assert max(verdicts.count("improved"), verdicts.count("worsened")) <= 300 * 0.05
    assert sum("clustered" in one.caveats for one in found) > 250


def test_what_comes_one_by_one_is_counted_as_before():
    """With few units beside too: seldom called clustered, and a halving is nearly as often seen."""
    question, chance = asked(smallest=0.5), np.random.default_rng(3)
    found, plain = [], 0
    for _ in range(80):
        acted, beside = drawn(chance, question, "a", 300, 0.2, 0.5), drawn(chance, question, "c", 600, 0.2)
        found.append(answered(question, [acted], [beside]))
        plain += of_rates(change([acted], question.months), change([beside], question.months)).high < 1
    assert sum("clustered" in one.caveats for one in found) <= 80 * 0.15
    improved = sum(one.verdict == "improved" for one in found)
    assert 0.4 * 80 < plain - 80 * 0.05 <= improved <= plain


def test_many_at_a_time_weigh_as_the_occasions_they_are():
    """Ten at once before and none after are one occasion: the numbers are told, and nothing is made of them."""
    question = asked("incident_rate", more=", expect: lower")
    burst = counted(question, "a", 100, [0] * 5 + [10] + [0] * 18)
    found = answered(question, [burst], [])
    assert found.verdict == "cannot_be_told"
    assert found.acted
    assert (found.acted.count_before, found.acted.count_after) == (10, 0)
    assert found.effect
    assert (found.effect.effect, found.effect.low) == (0, 0)
    assert (found.effect.high or 9) > 1
    assert found.seen is None


def test_a_difference_that_would_be_seen_stands_out_too():
    """Beside nineteen units, one of which changed a lot, less is promised than by the spread of them all."""
    question = asked("sick_rate", smallest=0.2)
    changes = [0.001 * (n - 9) / 9 for n in range(19)]
    wild = [*changes[:-1], -0.02]

    def seen(some: Sequence[float]) -> float:
        others = [valued(question, f"c{n}", [0.08] * 12 + [0.08 + one] * 12) for n, one in enumerate(some)]
        found = answered(question, [valued(question, "a", [0.08] * 24)], others)
        assert found.seen
        return found.seen

    assert seen(wild) < -0.02 < seen(changes) < 0
