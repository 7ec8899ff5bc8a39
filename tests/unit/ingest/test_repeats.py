"""What a sender is told besides: repeats and conflicts of an id, fields nobody reads, units that look misspelt."""

from typing import Any

import pytest

from services.ingest.domain.memory import Memory
from shared.contracts.envelope import BATCH, STRUCTURED
from tests import builders as make
from tests.unit.ingest.asking import Kept, client
from tests.unit.ingest.deciding import decided

TOKEN = {"authorization": "Bearer local"}
UNIT = make.unit_defined("north-1", id="n")


async def told(*requests: list[make.Event], query: str = "") -> tuple[list[dict[str, Any]], Kept]:
    """The answers to batches, sent one after the other, and what was published."""
    kept = Kept()
    async with client(kept) as http:
        answers = [
            await http.post(f"/v1/events{query}", content=make.batch(events), headers=TOKEN | {"content-type": BATCH})
            for events in requests
        ]
    return [answer.json() for answer in answers], kept


HIRED = make.employment_started("ada", "2025-01-01", id="e1", unit="north-1")
OTHER = make.employment_started("ada", "2025-02-01", id="e1", unit="north-1")


@pytest.mark.parametrize("together", [True, False], ids=["in one request", "in two"])
async def test_the_same_id_with_the_same_data_is_a_duplicate(together: bool) -> None:
    """Told by its place and id, accepted and published: it changes nothing."""
    later = HIRED | {"time": "2025-03-01T00:00:00Z"}
    answers, kept = await told(*([[HIRED, later]] if together else [[HIRED], [later]]))
    index = 1 if together else 0
    assert answers[-1]["duplicates"] == [{"index": index, "id": "e1"}]
    assert answers[-1]["accepted"] == 1 + index
    assert len(kept.outcomes) == 2


@pytest.mark.parametrize("together", [True, False], ids=["in one request", "in two"])
async def test_the_same_id_with_other_data_is_a_conflict(together: bool) -> None:
    """Refused, where it would be passed over behind the door; the first one stands."""
    answers, _ = await told(*([[HIRED, OTHER]] if together else [[HIRED], [OTHER]]))
    (refused,) = answers[-1]["rejected"]
    assert (refused["reason"], refused["path"], refused["id"]) == ("conflict", "$.id", "e1")
    assert answers[-1]["duplicates"] == []


async def test_a_conflict_alone_is_answered_by_409() -> None:
    """As a problem."""
    kept = Kept()
    async with client(kept) as http:
        headers = TOKEN | {"content-type": STRUCTURED}
        await http.post("/v1/events", content=make.encoded(HIRED), headers=headers)
        answer = await http.post("/v1/events", content=make.encoded(OTHER), headers=headers)
    assert (answer.status_code, answer.json()["reason"], answer.json()["status"]) == (409, "conflict", 409)


async def test_ids_of_other_sources_are_others() -> None:
    """The same id of another source is another event."""
    answers, _ = await told([HIRED, OTHER | {"source": "payroll"}])
    assert (answers[0]["accepted"], answers[0]["duplicates"]) == (2, [])


def test_memory_has_an_end() -> None:
    """The oldest events give way; of those nothing is said any more."""
    memory = Memory(events=2)
    outcomes = [make.unit_defined(f"u{i}", id=f"i{i}") for i in range(3)]

    judged = [decided(event) for event in outcomes]
    for one in judged:
        memory.hear(one)
    assert [memory.said(one.event) is not None for one in judged] == [False, True, True]  # type: ignore[union-attr]


async def test_a_dry_run_publishes_and_remembers_nothing() -> None:
    """200, with all that would be told."""
    wrong = make.incident_reported("u1", "2025-01-15", kind="noise")
    answers, kept = await told([HIRED, HIRED, wrong], [OTHER], query="?dry_run=true")
    assert [answer["dry_run"] for answer in answers] == [True, True]
    assert (answers[0]["accepted"], answers[0]["duplicates"][0]["index"]) == (2, 1)
    assert answers[0]["rejected"][0]["index"] == 2
    assert answers[1]["rejected"] == []
    assert kept.outcomes == []


async def test_a_dry_run_that_is_misspelt_publishes_nothing() -> None:
    """The one parameter is named."""
    answers, kept = await told([HIRED], query="?dryrun=true")
    assert answers[0]["status"] == 422
    assert "dry_run" in answers[0]["detail"] + str(answers[0]["faults"])
    assert kept.outcomes == []


async def test_fields_that_nobody_reads() -> None:
    """With the one that may have been meant; an attribute only where it looks like one of ours."""
    odd = make.employment_started("ada", "2025-01-01", id="e", unit="north-1")
    odd["data"] |= {"monthly_pey": 30_000, "shoe": 44}
    odd |= {"corects": "x", "traceparent": "y", "datacontenttype": "application/json"}
    answers, _ = await told([odd])
    warned = {(one["path"], one.get("nearest")) for one in answers[0]["warnings"]}
    assert warned == {("$.data.monthly_pey", "monthly_pay"), ("$.data.shoe", None), ("$.corects", "corrects")}
    assert {(one["index"], one["id"], one["reason"]) for one in answers[0]["warnings"]} == {(0, "e", "unknown_field")}


@pytest.mark.parametrize(
    ("unit", "nearest"),
    [
        ("north-1", None),
        ("norht-1", "north-1"),
        ("nort-1", "north-1"),
        ("North-1", "north-1"),
        ("north-l", "north-1"),
        ("noorth-1", "north-1"),
        ("north-2", None),
        ("north-12", None),
        ("elsewhere", None),
    ],
)
async def test_a_unit_that_looks_misspelt(unit: str, nearest: str | None) -> None:
    """A letter away from a unit that was defined; another number is another unit, and nobody knows them all."""
    answers, _ = await told([UNIT], [make.employment_started("ada", "2025-01-01", unit=unit)])
    assert [one["nearest"] for one in answers[1]["warnings"]] == ([nearest] if nearest else [])
    if nearest:
        assert (answers[1]["warnings"][0]["reason"], answers[1]["accepted"]) == ("unknown_unit", 1)


async def test_units_of_the_same_request_are_known() -> None:
    """Whatever their order, in a dry run too."""
    employed = make.employment_started("ada", "2025-01-01", unit="nort-1")
    for query in ("", "?dry_run=true"):
        answers, _ = await told([employed, UNIT], query=query)
        assert [one["nearest"] for one in answers[0]["warnings"]] == ["north-1"]
        answers, _ = await told([employed, UNIT, make.unit_defined("nort-1", id="m")], query=query)
        assert answers[0]["warnings"] == []
