"""Every way out of the metrics service, walked: what is told there of whom, and every number that leaves."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from itertools import product
from typing import Any, NamedTuple

from shared.contracts.catalogue import BY_NAME, METRICS
from shared.contracts.metrics import GroupComputed
from shared.contracts.prometheus import AHEAD, BUSINESS
from tests.integration.asking import TODAY, Asking
from tests.integration.evaluating import Day, evaluating, published
from tests.integration.small_groups import ABOVE, Group, Months, late, log
from tests.polling import until

WALKED = {
    "/metrics": set[str](),
    "/v1/metrics": {"unit", "occupation", "by", "as_of", "window", "known_at", "metrics"},
    "/v1/series": {"unit", "metrics", "from", "to", "step", "occupation", "by", "window", "known_at"},
    "/v1/revisions": {"metric", "unit", "occupation", "from", "to", "window"},
    "/v1/as-known": {"metric", "unit", "occupation", "from", "to", "ahead"},
    "/v1/reports/sickness": {"year", "unit", "as_of"},
    "/v1/reports/pay-gap": {"year"},
    "/v1/proposals/staffing": {"posts", "norm", "unit", "as_of"},
}
"""The routes that tell of values, and what each can be asked with."""

NO_VALUES = {"/healthz", "/readyz", "/v1/ledger", "/v1/dead-letters", "/v1/dead-letters/retry"} | {
    "/v1/access-log",
    "/v1/persons/known",
    "/v1/persons/erasings",
    "/v1/units",
    "/v1/anomalies",
    "/v1/deliveries",
    "/v1/dead-letters/{topic:str}/{partition:int}/{offset:int}",
    "/schema",
    "/schema/openapi.json",
    "/schema/{path:str}",
}
"""These tell of the service, and of messages that are in no value."""

BY_MONTH = [metric.name for metric in METRICS if metric.by_month]
UNITS = ["*", "d", "e", *ABOVE]
NUMBERS = ("value", "numerator", "denominator", "low", "high")
SINGLE, PAIRS = ("", "occupation", "gender", "age"), ("occupation,gender", "occupation,age", "gender,age")
AS_OF = ("2024-06-30", "2024-05-31", "2024-05-20", "2024-04-30", "2024-03-10", "2024-09-28")
STEPS = {
    "day": "2024-06-10",
    "week": "2024-03-01",
    "month": "2023-01-01",
    "quarter": "2022-01-01",
    "year": "2021-01-01",
}
MONTHS_OF = {"month": 1, "quarter": 3, "year": 12}
FIGURES: dict[str, tuple[str, str]] = {
    "all_staff": ("*", "*"),
    "long_spells": ("*", "*"),
    "women": ("f", "*"),
    "men": ("m", "*"),
    "up_to_29": ("*", "-29"),
    "from_30_to_49": ("*", "30-49"),
    "from_50": ("*", "50-"),
}


class Told(NamedTuple):
    """A value of health that was told, of which group and months; units placed as on a day."""

    group: Group
    months: Months
    tree_of: date
    metric: str
    value: Mapping[str, Any]


class Heard(NamedTuple):
    """All that left: values of health, and every number in whatever form."""

    told: list[Told]
    numbers: set[str]

    def take(self, answer: object, told: Iterable[Told] = ()) -> None:
        """An answer, and the values of health that were found in it."""
        self.told.extend(one for one in told if any(one.value.get(n) is not None for n in NUMBERS))
        self.numbers.update(numbers(answer))


def numbers(answer: object) -> Iterator[str]:
    """All numbers, but those that are whole."""
    if isinstance(answer, Mapping):
        answer = list(answer.values())
    if isinstance(answer, str):
        answer = [float(number) for number in re.findall(r"(?<![\w.])-?\d+\.\d+(?:e-?\d+)?", answer)]
    if isinstance(answer, list | tuple):
        yield from (number for one in answer for number in numbers(one))
    if isinstance(answer, float) and answer != int(answer):
        yield f"{answer:.9g}"


def of_group(found: Mapping[str, Any]) -> Group:
    """The group that a row says it is of."""
    return found["unit"], found["occupation"], found.get("gender") or "*", found.get("age") or "*"


def of_row(found: Mapping[str, Any], as_of: str, count: int) -> Iterator[Told]:
    """The health of one group as of a day."""
    for name in BY_MONTH:
        if name in found["metrics"] and (value := found["metrics"][name]).get("value") is not None:
            months = Months(date.fromisoformat(str(value["until"])), count)
            yield Told(of_group(found), months, date.fromisoformat(as_of), name, value)


def of_series(found: Mapping[str, Any], count: int) -> Iterator[Told]:
    """The health of all groups and points."""
    last = found["points"][-1]["as_of"]
    for group in found["groups"]:
        for n, _ in enumerate(found["points"]):
            at = {name: values[n] for name, values in group["metrics"].items()}
            yield from of_row(group | {"metrics": at}, last, count)


def of_disclosure(found: Mapping[str, Any]) -> Iterator[Told]:
    """The key figures."""
    first, last = date.fromisoformat(found["first"]), date.fromisoformat(found["last"])
    for figure in found["figures"]:
        if figure.get("value") is not None or figure.get("sick_days") is not None:
            group = (found["unit"], "*", *FIGURES[figure["name"]])
            value = {"value": figure.get("value", figure.get("sick_days"))}
            yield Told(group, Months(last, last.month - first.month + 1), last, figure["name"], value)


async def walk_metrics(asked: Asking, noon: str, heard: Heard) -> None:
    """Every breakdown, day, window and time."""
    whats = [*({"by": by} for by in SINGLE), *({"unit": "*", "by": by} for by in PAIRS), {"occupation": "manager"}]
    windows: list[dict[str, str]] = [{}, {"window": "1"}, {"window": "30"}, {"window": "31"}, {"window": "364"}]
    for what, as_of, more in product(whats, AS_OF, [*windows, {"known_at": noon}]):
        answer = await asked.ask("/v1/metrics", as_of=as_of, **{k: v for k, v in (what | more).items() if v})
        assert answer.is_success, answer.text
        count = 1 if "window" in more else 12
        heard.take(answer.json(), (one for row in answer.json()["groups"] for one in of_row(row, as_of, count)))


async def walk_series(asked: Asking, noon: str, heard: Heard) -> None:
    """Every step and window."""
    whats = [
        *({"unit": unit} for unit in UNITS),
        *({"by": by} for by in (*SINGLE[1:], *PAIRS)),
        {"unit": "d", "by": "age"},
    ]
    windows: list[dict[str, str]] = [{}, {"window": "step"}, {"window": "31"}, {"known_at": noon}]
    for what, (step, first), more in product(whats, STEPS.items(), windows):
        question = {"step": step, "from": first, "to": "2024-06-30", **what, **more}
        answer = await asked.ask("/v1/series", **{k: v for k, v in question.items() if v})
        assert answer.is_success, answer.text
        count = {"step": MONTHS_OF.get(step, 0), "31": 1}.get(more.get("window", ""), 12)
        heard.take(answer.json(), of_series(answer.json(), count))


async def walk_revisions(asked: Asking, _: str, heard: Heard) -> None:
    """Every metric; none of health."""
    wheres = [{"unit": "*", "window": "30"}, {"unit": "late"}, {"unit": "small"}, {"occupation": "manager"}]
    for metric, where in product(METRICS, wheres):
        answer = await asked.ask("/v1/revisions", metric=metric.name, **{"from": "2024-06-20"}, **where)
        assert answer.is_success != bool(metric.by_month), answer.text
        heard.take(answer.json())


async def walk_as_known(asked: Asking, _: str, heard: Heard) -> None:
    """Every metric; none of health."""
    wheres = [{"unit": "*", "ahead": "30"}, {"unit": "late"}, {"unit": "small"}, {"occupation": "manager"}]
    for metric, where in product(METRICS, wheres):
        answer = await asked.ask("/v1/as-known", metric=metric.name, **{"from": "2024-06-20"}, **where)
        assert answer.is_success != bool(metric.by_month), answer.text
        heard.take(answer.json())


async def walk_sickness(asked: Asking, _: str, heard: Heard) -> None:
    """Every unit, this year's and last year's."""
    for unit, year, as_of in product(UNITS, ("2023", "2024"), ("2024-06-30", "2024-05-31", "2024-04-10")):
        answer = await asked.ask("/v1/reports/sickness", unit=unit, year=year, as_of=as_of)
        assert answer.is_success, answer.text
        heard.take(answer.json(), of_disclosure(answer.json()))


async def walk_pay_gap(asked: Asking, _: str, heard: Heard) -> None:
    """This year's and last year's."""
    for year in ("2023", "2024"):
        heard.take((await asked.ask("/v1/reports/pay-gap", year=year)).json())


async def walk_staffing(asked: Asking, _: str, heard: Heard) -> None:
    """Whatever it proposes."""
    for more in ({}, {"unit": "*"}, {"unit": "d"}, {"norm": "100"}, {"as_of": "2024-04-30"}):
        heard.take((await asked.ask("/v1/proposals/staffing", posts="20", **more)).json())


def scraped(text: str) -> Iterator[Told]:
    """The health that Prometheus gets."""
    names = {gauge.name: name for name, gauge in (*BUSINESS.items(), *AHEAD.items()) if BY_NAME[name].by_month}
    for series, unit, occupation, value in re.findall(
        r'^(\w+)\{unit="(.+?)",occupation="(.+?)".*\} (.+)$', text, re.MULTILINE
    ):
        if series in names:
            months = Months(date(2024, 5, 31), 12)
            yield Told((unit, occupation, "*", "*"), months, TODAY, names[series], {"value": float(value)})


class Left(NamedTuple):
    """What left before anybody asked: scrapes and messages; and when the log was told but for what came late."""

    scrapes: list[str]
    messages: list[GroupComputed]
    noon: str


async def left(kafka: str, database: str) -> Left:
    """An evaluator tells of the town, and then of the latecomer."""
    async with evaluating(kafka, database, Day(), log()) as running:
        await until(lambda: running.shows('stadga_headcount_people{unit="late",occupation="*"}', "12.0"), "12 people")
        scrapes, noon = [b"".join(running.exposition.business()).decode()], datetime.now(UTC).isoformat()
        await running.ledger.take(*late())
        await until(lambda: running.shows('stadga_headcount_people{unit="late",occupation="*"}', "13.0"), "13 people")
        scrapes.append(b"".join(running.exposition.business()).decode())
    return Left(scrapes, await published(kafka), noon)


WALKS = {
    "/v1/metrics": walk_metrics,
    "/v1/series": walk_series,
    "/v1/revisions": walk_revisions,
    "/v1/as-known": walk_as_known,
    "/v1/reports/sickness": walk_sickness,
    "/v1/reports/pay-gap": walk_pay_gap,
    "/v1/proposals/staffing": walk_staffing,
}
