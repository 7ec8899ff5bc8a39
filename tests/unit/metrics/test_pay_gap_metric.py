"""The metric ``pay_gap``: against a count of everybody on a day, what it hides, and an alert's five per cent."""

from collections import defaultdict
from datetime import date
from fractions import Fraction

import pytest

from services.metrics.domain.facts.measures import OF_PAY, Measure
from shared.contracts.catalogue import BY_NAME
from shared.contracts.metrics import ALL
from tests import builders as make
from tests.unit.metrics.folding import asked, fold
from tests.unit.metrics.references import module
from tests.unit.metrics.test_oracle import PARENTS
from tests.unit.metrics.test_pay_gap import hostile

DAYS = ("2022-03-01", "2022-12-31", "2024-05-01")
FEWEST = BY_NAME["pay_gap"].disclosure.fewest
Group = tuple[str, str]


def counted(log: list[make.Event], on: str) -> dict[Group, dict[str, list[Fraction]]]:
    """The pay of everybody with permanent employment on a day, by unit and occupation, women and men apart."""
    oracle, by_subject = module("oracle_v2", "oracle.py"), defaultdict(list)
    for event in oracle.effective_events(log):
        by_subject[event["subject"]].append(event)
    day, found = date.fromisoformat(on), defaultdict[Group, dict[str, list[Fraction]]](lambda: {"f": [], "m": []})
    for subject, events in by_subject.items():
        if subject.startswith("person/"):
            main = oracle.Person(subject.partition("/")[2], events, day, day).main(day)
            if main and main.get("gender") in {"f", "m"} and main.get("monthly_pay"):
                node: str | None = main["unit"]
                pay = Fraction(str(main["monthly_pay"])) + Fraction(str(main.get("variable_pay", 0)))
                while node:
                    for occupation in (ALL, main["occupation"]):
                        found[node, occupation][main["gender"]].append(pay)
                    node = PARENTS.get(node) if node != "root" else None
                for occupation in (ALL, main["occupation"]):
                    found[ALL, occupation][main["gender"]].append(pay)
    return found


def expected(women: list[Fraction], men: list[Fraction]) -> tuple[str, float | None]:
    """Status and value: whole per cents, the rest cut off."""
    if not (women and men):
        return "not_applicable", None
    if min(len(women), len(men)) < FEWEST:
        return "suppressed", None
    of_men = sum(men) / len(men)
    return "final", int(100 * (of_men - sum(women) / len(women)) / of_men) / 100


@pytest.mark.parametrize("seed", [1, 4])
def test_every_gap_is_what_a_count_gives(seed: int):
    """A hostile log, on three days, every unit and occupation: no value differs, and none too small is told."""
    log = hostile(seed)
    folded, told = fold(*log), 0
    for on in DAYS:
        want = counted(log, on)
        for group, row in asked(folded, on, 365, small=0).items():
            found, sides = row.metrics["pay_gap"], want.get(group, {"f": [], "m": []})
            assert (found.status, found.value) == expected(sides["f"], sides["m"]), (group, on)
            assert found.numerator is None or found.numerator == (found.value or 0)
            told += found.status == "final"
    assert told >= 4


def team(women: int, men: int, pay: float, **more: object) -> list[make.Event]:
    """So many women with 40,000 and men with a pay of their own."""
    hired = [
        make.employment_started(f"w{n}", "2024-01-01", gender="f", monthly_pay=40_000, **more) for n in range(women)
    ]
    return hired + [make.employment_started(f"m{n}", "2024-01-01", gender="m", monthly_pay=pay) for n in range(men)]


def gap(*events: make.Event) -> tuple[str, float | None]:
    """Status and value for everybody, at the end of 2024."""
    found = asked(fold(*events), "2024-12-31", 365)[ALL, ALL].metrics["pay_gap"]
    return found.status, found.value


@pytest.mark.parametrize(
    ("pay", "value"),
    [
        (42_105.26, 0.04),
        (42_105.27, 0.05),
        (42_553.19, 0.05),
        (42_553.20, 0.06),
        (40_000, 0),
        (39_700, 0),
        (38_000, -0.05),
    ],
)
def test_five_per_cent_is_five_or_more(pay: float, value: float):
    """Told in whole per cents, rounded towards zero; negative where women have more."""
    assert gap(*team(10, 10, pay)) == ("final", value)


def test_exactly_five_per_cent():
    """38,000 of 40,000, however many they are: nothing is lost to binary fractions."""
    for count in range(10, 60):
        women = [make.employment_started(f"w{n}", "2024-01-01", gender="f", monthly_pay=38_000) for n in range(count)]
        men = [make.employment_started(f"m{n}", "2024-01-01", gender="m", monthly_pay=40_000) for n in range(10)]
        assert gap(*women, *men) == ("final", 0.05), count


def test_variable_pay_counts():
    """It is a part of pay."""
    assert gap(*team(10, 10, 44_000, variable_pay=4_000)) == ("final", 0)
    assert gap(*team(10, 10, 44_000)) == ("final", 0.09)


def test_few_of_either_hide_it():
    """Nine men, or nine women, are too few, whoever asks; without any there is nothing to compare."""
    for women, men in ((9, 40), (40, 9)):
        assert gap(*team(women, men, 40_000)) == ("suppressed", None)
    assert gap(*team(40, 0, 0)) == ("not_applicable", None)


@pytest.mark.parametrize("size", [10, 25, 100])
def test_who_comes_is_not_found_by_subtraction(size: int):
    """Whoever knows everybody else's pay does not find that of a woman who comes to within five per cent.

    Each pay in a range as wide as a tenth of pay comes to what is told after she has come.
    """
    before = Fraction(40_000) * size
    told: dict[int, list[int]] = defaultdict(list)
    for pay in range(30_000, 60_000, 10):
        mean = (before + pay) / (size + 1)
        told[int(100 * (42_000 - mean) / 42_000)].append(pay)
    inner = [pays for pays in told.values() if pays[0] > 30_000 and pays[-1] < 59_990]
    assert all(pays[-1] - pays[0] > 0.1 * 42_000 for pays in inner)


def test_sums_of_pay_are_told_nowhere():
    """They are details: `stadga compute --measures` prints none, whoever may see everything."""
    row = asked(fold(*team(20, 20, 40_000)), "2024-12-31", 365, small=0, with_measures=True)[ALL, ALL]
    assert not row.measures.keys() & {Measure(measure).name for measure in OF_PAY}
