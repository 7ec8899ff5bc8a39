"""Events through ingest and metrics, on real Kafka and PostgreSQL, against the same log computed from a file."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec
import pytest

from cli.local.stack import Stack
from cli.offline.charting import from_files, from_service
from cli.offline.charting.question import ChartQuestion
from cli.offline.computing.log import Computed
from shared.contracts.catalogue import BY_NAME, METRICS
from shared.contracts.metrics import ALL, COMPUTED, HORIZONS, key
from shared.contracts.prometheus import AHEAD, BUSINESS
from tests import builders as make
from tests.conftest import execute
from tests.integration.computing import computed, disclosed, every_row_of, proposed, rows_of, statuses
from tests.integration.metering import (
    TODAY,
    Service,
    clean_pass,
    metrics,
    net_anomalies,
    standing,
    told_of,
    without_definitions,
)
from tests.integration.mixed_logs import hostile, mfg10, shuffled, simulated
from tests.integration.publications import Message, ids_once_told, latest_values, published
from tests.polling import until
from tests.unit.metrics.test_mfg10 import HEADCOUNT, TERMINATED

STADGA = Path(sys.executable).with_name("stadga")
AS_OF = ("2023-12-31", TODAY, "2025-03-01")


class Told(NamedTuple):
    """The services after a log was published, and the log as computed from its file."""

    stack: Stack
    log: Computed

    @property
    def service(self) -> Service:
        """The metrics service."""
        return metrics(self.stack)


@pytest.fixture(scope="module")
async def told(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Told]:
    """A hostile log, shuffled and with every fifth event twice, published with ``stadga publish``."""
    folder = tmp_path_factory.mktemp("metrics")
    clean, mixed = folder / "clean.jsonl", folder / "mixed.jsonl"
    events = [*simulated(), *hostile(), *mfg10()]
    clean.write_bytes(make.lines(events))
    mixed.write_bytes(make.lines(shuffled(events)))
    async with standing(folder, "ingest") as stack:
        publish = await asyncio.create_subprocess_exec(STADGA, "publish", mixed, "--url", stack.address("ingest"))
        assert await publish.wait() == 0
        await stack.start(["metrics"])  # once the log is whole: what is told of health of half a log stays told
        await told_of(stack)
        yield Told(stack, computed([clean]))


def same(told: dict[str, dict[str, object]], found: dict[str, dict[str, object]]) -> None:
    """Equal to the last bit; the first difference is shown."""
    assert told.keys() == found.keys()
    for unit, numbers in told.items():
        for name, number in numbers.items():
            assert found[unit][name] == number, (unit, name)


@pytest.mark.parametrize("as_of", AS_OF)
async def test_api_gives_what_compute_gives(told: Told, as_of: str):
    """Past, present and future: every value of every unit is the one computed from the file."""
    found = without_definitions(await told.service.values(as_of))
    same(rows_of(told.log, as_of), found)
    assert statuses(found)["final"] > 200
    assert {"suppressed", "not_applicable", "low_reliability"} <= statuses(found).keys()


async def test_api_by_occupation_and_window(told: Told):
    """One occupation over another window."""
    found = await told.service.values(TODAY, occupation="socialsekreterare", window="90")
    same(rows_of(told.log, TODAY, "socialsekreterare", 90), without_definitions(found))


async def test_api_of_one_unit(told: Told):
    """A unit asked for by itself has the values it has among all."""
    everywhere = await told.service.values(TODAY)
    for unit in list(everywhere)[:3]:
        assert await told.service.values(TODAY, unit=unit) == {unit: everywhere[unit]}


async def test_api_of_one_metric(told: Told):
    """Only what is asked for is answered."""
    found = await told.service.values(TODAY, unit="*", metrics="headcount,sick_rate")
    assert list(found["*"]) == ["headcount", "sick_rate"]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ({"metrics": "head_count"}, "no metric 'head_count'; did you mean headcount?"),
        ({"as_of": "yesterday"}, "as_of"),
        ({"window": "0"}, "window"),
    ],
)
async def test_wrong_question(told: Told, question: dict[str, str], said: str):
    """400, naming what is wrong."""
    answer = await told.service.ask("/v1/metrics", **question)
    assert answer.status_code == 400
    assert said in answer.text


async def test_prometheus_shows_what_compute_gives(told: Told):
    """Today's values of every unit and occupation, and no series for what is hidden or does not exist."""
    want = {
        (BUSINESS[name].name, *place): number["value"]
        for place, numbers in every_row_of(told.log, TODAY).items()
        for name, number in numbers.items()
        if "value" in number
    }

    async def shown() -> bool:
        return await told.service.exposed() == want

    await until(shown, "Prometheus to show today's values")
    assert len(want) > 500


async def test_prometheus_shows_what_is_known_ahead(told: Told):
    """Each unit's values 30, 60 and 90 days ahead, apart from today's."""
    want = {
        (gauge.name, *place, str(days)): row[name]["value"]
        for days in HORIZONS
        for place, row in every_row_of(told.log, later(days)).items()
        for name, gauge in AHEAD.items()
        if place[1] == ALL and "value" in row[name]
    }

    async def shown() -> bool:
        return await told.service.exposed_ahead() == want

    await until(shown, "Prometheus to show the values ahead")
    assert len(want) > 500


def later(days: int) -> str:
    """The day so many days after today."""
    return (date.fromisoformat(TODAY) + timedelta(days)).isoformat()


async def test_anomalies_are_counted_and_exposed(told: Told):
    """Contradictions by kind, as one clean pass counts them."""
    _, anomalies = clean_pass([*simulated(), *hostile(), *mfg10()])
    assert await net_anomalies(told.stack.database_url) == anomalies
    for kind, count in anomalies.items():
        assert await told.service.counted("stadga_metrics_anomalies", kind=kind) == count


async def test_duplicates_are_counted(told: Told):
    """What is repeated changes nothing and is told."""
    assert await told.service.counted("stadga_metrics_events_total", outcome="duplicate") >= 500


@pytest.mark.parametrize("year", HEADCOUNT)
async def test_headcounts_of_ten_years(told: Told, year: int):
    """Published 31-December headcounts, asked of the running service."""
    assert await total(told, f"{year}-12-31", "headcount") == HEADCOUNT[year]


@pytest.mark.parametrize("year", TERMINATED)
async def test_leavers_of_ten_years(told: Told, year: int):
    """Published terminations of the year: exits from 2 January to 1 January, a day after the last days."""
    window = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    assert await total(told, f"{year + 1}-01-01", "leaver_rate", window=str(window)) == TERMINATED[year]


async def total(told: Told, as_of: str, metric: str, **question: str) -> float:
    """The sum of a metric's numerators over the company's departments."""
    departments = {event["data"]["unit"] for event in mfg10() if "unit" in event["data"]}
    if not departments:
        pytest.skip("events.py is not beside the project (../shared/data/mfg10/events.py)")
    values = await told.service.values(as_of, metrics=metric, **question)
    return sum(values[unit][metric]["numerator"] for unit in departments)


@pytest.fixture(scope="module")
async def messages(told: Told) -> list[Message]:
    """All that was published of the log, once nothing more comes."""
    looked: set[float] = set()

    async def evaluated() -> bool:
        looked.add(await told.service.counted("stadga_metrics_last_evaluation_timestamp_seconds"))
        return len(looked) > 2

    await until(evaluated, "a look at the values that began after the last commit")
    return await published(told.stack)


async def test_messages_are_groups_of_values(messages: list[Message]):
    """Each is a CloudEvent under the group's key, with the group's place in the tree."""
    assert messages
    for _, _, kafka_key, event, group in messages:
        assert (event.type, event.source, kafka_key) == (COMPUTED, "stadga/metrics", key(group))
        assert (group.unit_path[0], group.unit_path[-1]) == (group.unit, "*")
        assert group.metrics.keys() <= {metric.name for metric in METRICS}


async def test_last_messages_are_the_values(told: Told, messages: list[Message]):
    """The latest value of each group and day is the one computed from the file: today, before it and ahead."""
    latest = latest_values(messages)
    for as_of in (TODAY, *map(later, (*HORIZONS, -28))):
        for (unit, occupation), numbers in every_row_of(told.log, as_of).items():
            for name, number in numbers.items():
                found = latest[unit, occupation, as_of, name]
                assert {k: v for k, v in found.items() if k != "definition"} == number, (unit, occupation, as_of, name)


async def test_hidden_values_carry_no_number(messages: list[Message]):
    """Nothing about the health of ten or fewer leaves the service, on no day."""
    hidden = [v for m in messages for v in m.group.metrics.values() if v.status == "suppressed"]
    assert hidden
    assert {(v.value, v.numerator, v.denominator, v.low, v.high) for v in hidden} == {(None,) * 5}


@pytest.mark.parametrize("as_of", ["2023-08-31", "2023-12-31", "2024-02-10"])
async def test_yearly_sickness(told: Told, as_of: str):
    """The disclosure of every unit is the one computed from the file, and so is why there is none."""
    for unit in ("*", *told.log.memory.definitions, "no-such-unit"):
        answer = await told.service.ask("/v1/reports/sickness", year="2023", unit=unit, as_of=as_of)
        said = answer.json() if answer.is_success else answer.json()["detail"]
        assert said == disclosed(told.log, unit, as_of)


async def test_yearly_sickness_without_files(told: Told):
    """Without files, ``stadga report sickness`` prints the disclosure that the service answers with."""
    asked = ("report", "sickness", "--year", "2023", "--as-of", "2024-02-10", "--format", "json")
    report = await asyncio.create_subprocess_exec(STADGA, *asked, "--url", told.service.url, stdout=subprocess.PIPE)
    printed, _ = await report.communicate()
    assert msgspec.json.decode(printed) == disclosed(told.log, "*", "2024-02-10")


@pytest.mark.parametrize("unit", [None, ALL, "ifo", "ifo-bou", "no-such-unit"])
async def test_staffing_proposal(told: Told, unit: str | None):
    """Posts are shared over the same offices in the same way as from the file, and so is why they are not."""
    asked = {"posts": "40", "norm": "140", "as_of": TODAY} | ({"unit": unit} if unit else {})
    answer = await told.service.ask("/v1/proposals/staffing", **asked)
    said = answer.json() if answer.is_success else answer.json()["detail"]
    assert said == proposed(told.log, unit)


async def test_months_of_a_control_chart(told: Told):
    """Each of many months, hidden or not, is the one computed from the file."""
    for unit in (ALL, "ifo-bou-1", "ifo-vux-1"):
        asked = ChartQuestion(BY_NAME["sick_rate"], unit, ALL, date(2023, 1, 1), date(2024, 3, 1))
        found = await asyncio.to_thread(from_service.series, asked, told.service.url)
        wanted = from_files.series(told.log, asked, ZoneInfo("Europe/Stockholm"))
        assert found == wanted._replace(known_to=found.known_to), unit


async def test_every_published_day(messages: list[Message]):
    """Today, four weeks back, and 30, 60 and 90 days ahead."""
    today = date.fromisoformat(TODAY).toordinal()
    days = {m.group.as_of.toordinal() - today for m in messages if m.group.unit == "*"}
    assert days == {*range(-28, 1), *HORIZONS}


async def test_restart_repeats_under_the_same_ids(told: Told, messages: list[Message]):
    """Killed and started again without a copy, it publishes the same values under the same ids, and folds nothing."""
    values = latest_values(messages)
    wanted = {place[:2] for place in values}
    assert await told.service.counted("stadga_metrics_facts_total")
    told.stack.kill("metrics")
    await execute(told.stack.database_url, "delete from metrics.book_copy")
    await told.stack.restart("metrics")

    async def repeated() -> bool:
        return await told.service.counted("stadga_metrics_published_total") >= len(wanted)

    await until(repeated, f"{len(wanted)} groups to be published again")
    known = {(m.partition, m.offset) for m in messages}
    again = [m for m in await published(told.stack) if (m.partition, m.offset) not in known]
    assert latest_values(again) == values
    assert await told.service.counted("stadga_metrics_facts_total") == 0
    before, after = ids_once_told(messages), ids_once_told(again)
    assert before.keys() & after.keys()
    assert [place for place in before.keys() & after.keys() if before[place] != after[place]] == []
