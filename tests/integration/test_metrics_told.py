"""Answers about health keep to what was told, whatever comes to be known later, and whoever answers."""

from typing import Any

from tests import builders as make
from tests.integration.asking import TODAY, Asking, asking

MARCH = "2024-03-01"
STAFF = [
    make.employment_started(f"{unit}{n}", "2020-01-01", unit, gender="fm"[n % 2], born=1980)
    for unit in "abc"
    for n in range(24)
]
ILL = make.absence_started("a0", "a", MARCH, last_day="2024-03-10")
LATE = [
    make.employment_started("late", "2023-11-01", "a", gender="f", born=1980),
    make.absence_started("late", "a", MARCH, last_day="2024-03-20"),
]


async def sick_days(asked: Asking, **question: str) -> dict[tuple[str, str], float | None]:
    """Days of sickness told of in the twelve months that ended last, by unit and gender."""
    answer = await asked.ask("/v1/metrics", metrics="sick_rate", **question)
    assert answer.status_code == 200, answer.text
    return {
        (g["unit"], g["gender"]): _days(g["metrics"]["sick_rate"]) for g in answer.json()["groups"] if g["unit"] != "*"
    }


def _days(value: dict[str, Any]) -> float | None:
    return round(366 * value["numerator"], 3) if "numerator" in value else None


async def staff(asked: Asking) -> float:
    """Everybody who works in unit a."""
    answer = await asked.ask("/v1/metrics", metrics="headcount", unit="a")
    return answer.json()["groups"][0]["metrics"]["headcount"]["value"]


async def test_one_who_turns_out_to_have_been_there(postgres: str):
    """She counts as staff at once; months that were told of stay as they were, in every answer, for every replica."""
    first = {("a", "f"): 10.0, ("a", "m"): 0.0, ("b", "f"): 0.0, ("b", "m"): 0.0, ("c", "f"): 0.0, ("c", "m"): 0.0}
    units = {("a", "*"): 10.0, ("b", "*"): 0.0, ("c", "*"): 0.0}
    async with asking(postgres, [*STAFF, ILL]) as asked:
        assert await sick_days(asked, by="gender") == first | units
        await asked.ledger.take(*LATE)
        assert await staff(asked) == 25
        assert await sick_days(asked, by="gender") == first | units
        await asked.ledger.tell(TODAY)
        assert await sick_days(asked, by="gender") == first | units
    async with asking(postgres) as another:
        assert await sick_days(another, by="gender") == first | units
        assert (await another.ask("/v1/reports/sickness", year="2024")).json()["figures"][0]["sick_days"] == 10


async def test_a_late_report_about_the_same_people(postgres: str):
    """Nothing is told of it before all is; then the months are told with it."""
    async with asking(postgres, [*STAFF, ILL]) as asked:
        assert await sick_days(asked) == {("a", "*"): 10.0, ("b", "*"): 0.0, ("c", "*"): 0.0}
        await asked.ledger.take(make.absence_started("b0", "a", MARCH, last_day="2024-03-05"))
        assert (await sick_days(asked))["b", "*"] == 0
        await asked.ledger.tell(TODAY)
        assert (await sick_days(asked))["b", "*"] == 5


async def test_another_unit_that_comes_later(postgres: str):
    """Its people may be told of by themselves, so they are, also in the whole."""
    async with asking(postgres, [*STAFF, ILL]) as asked:
        others = [make.employment_started(f"d{n}", "2020-01-01", "d", gender="f", born=1980) for n in range(15)]
        await asked.ledger.take(*others, make.absence_started("d0", "a", MARCH, last_day="2024-03-07"))
        await asked.ledger.tell(TODAY)
        assert (await sick_days(asked))["d", "*"] == 7
        whole = (await asked.ask("/v1/metrics", metrics="sick_rate", unit="*")).json()["groups"][0]
        assert _days(whole["metrics"]["sick_rate"]) == 17


async def test_another_tree_that_comes_to_be_known_later(postgres: str):
    """Months stay in the tree they were told in: a unit above others is told of where all it is made of was."""
    few = [make.employment_started(f"f{n}", "2020-01-01", "f") for n in range(4)]
    async with asking(postgres, [*STAFF, ILL, *few]) as asked:
        await asked.ledger.take(
            make.unit_defined("d", effective="2020-01-01"),
            make.unit_defined("e", effective="2020-01-01"),
            make.unit_defined("a", parent="d", effective="2020-01-01"),
            make.unit_defined("b", parent="e", effective="2020-01-01"),
            make.unit_defined("c", parent="e", effective="2020-01-01"),
            make.unit_defined("f", parent="d", effective="2020-01-01"),
        )
        await asked.ledger.tell(TODAY)
        told = {unit: days for (unit, _), days in (await sick_days(asked)).items()}
        assert told == {"a": None, "b": 0, "c": 0, "d": None, "e": 0, "f": None}


async def test_another_tree_is_taken_into_account_from_the_next_telling_on(postgres: str):
    """A reorganisation alone is told of: until then months are decided as they were, also by another replica."""
    async with asking(postgres, [*STAFF, ILL]) as asked, asking(postgres) as another:
        before = await sick_days(asked)
        await asked.ledger.take(
            make.unit_defined("d", effective="2020-01-01"),
            make.unit_defined("a", parent="d", effective="2020-01-01"),
        )
        together = {**before, ("d", "*"): 10.0}
        for one in (asked, another):
            assert await sick_days(one) == together
            assert one.register.trees.has_news
        await asked.ledger.tell(TODAY)
        for one in (asked, another):
            assert await sick_days(one) == together
            assert not one.register.trees.has_news


def pulse(unit: str, answers: int, day: str = "2024-03-12") -> make.Event:
    """A survey of a unit."""
    data = {"effective": day, "index": "hme", "invited": 40, "answers": answers, "score_sum": 60 * answers}
    return make.event("hr.pulse.reported.v1", f"unit/{unit}", data | {"negative": 0})


async def answers(asked: Asking) -> dict[str, float | None]:
    """How many answers are told of in the twelve months that ended last, by unit."""
    answer = await asked.ask("/v1/metrics", metrics="pulse_score")
    return {g["unit"]: g["metrics"]["pulse_score"].get("denominator") for g in answer.json()["groups"]}


async def test_answers_that_come_late(postgres: str):
    """Of few nothing is told, also by another replica; of seven and more by themselves all is; those of health stay."""
    first = {"a": 20.0, "b": 9.0, "c": 8.0, "*": 37.0}
    async with asking(postgres, [*STAFF, ILL, *map(pulse, "abc", (20, 9, 8))]) as asked:
        assert await answers(asked) == first
        await asked.ledger.take(pulse("a", 3, "2024-03-20"), *LATE)
        await asked.ledger.tell(TODAY)
        assert await answers(asked) == first
        await asked.ledger.take(pulse("b", 7, "2024-03-20"))
        await asked.ledger.tell(TODAY)
        assert await answers(asked) == {**first, "b": 16.0}
    async with asking(postgres) as another:
        assert await answers(another) == {**first, "b": 16.0}
        assert (await sick_days(another))["a", "*"] == 10


async def units(asked: Asking) -> dict[str, float | None]:
    """Days of sickness told of, by unit."""
    return {unit: days for (unit, _), days in (await sick_days(asked)).items()}


async def test_a_unit_above_others_that_is_defined_later(postgres: str):
    """It was named before, so it was a group: that it turns out to lie in another lets nobody subtract its seven."""
    defined = [make.unit_defined("q"), *(make.unit_defined(unit, parent="p") for unit in "de")]
    heads = {"d": 3, "e": 4, "q": 24, "s": 8, "t": 8}
    others = [make.employment_started(f"{u}{n}", "2020-01-01", u) for u, most in heads.items() for n in range(most)]
    ill = [make.absence_started(who, who, MARCH, last_day=last) for who, last in (("d0", "2024-03-08"), ("q0", MARCH))]
    async with asking(postgres, [*STAFF, *defined, *others, *ill]) as asked:
        first = await units(asked)
        assert (first["p"], first["q"]) == (None, 1)
        await asked.ledger.take(make.unit_defined("p", parent="q"))
        assert (await units(asked))["q"] is None
        assert asked.register.trees.has_news
        await asked.ledger.tell(TODAY)
        assert (await units(asked))["q"] is None


async def test_many_new_units_change_no_decision(postgres: str):
    """Nobody works there; before the next telling the trees that every decision takes into account are the same."""
    moved = [make.unit_defined(unit, "2023-05-01", parent="d") for unit in "ab"]
    async with asking(postgres, [*STAFF, ILL, *moved]) as asked:
        before, latest = await units(asked), [tree.parents for tree in asked.register.trees.latest]
        await asked.ledger.take(*(make.unit_defined(f"n{n}", f"2024-01-0{n}", parent="d") for n in range(1, 10)))
        assert await units(asked) == before
        assert [tree.parents for tree in asked.register.trees.latest] == latest
        assert asked.register.trees.has_news
