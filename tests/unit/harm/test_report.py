"""The report of a load: what holds and what does not, in figures, words and a picture; also where all went badly."""

import json
import random
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.harm.measured import Measured, Outage
from tests.harm.poison import doses
from tests.harm.probes import STAGES, Seen
from tests.harm.processes import Use
from tests.harm.report import found, write
from tests.harm.sender import SIZES, Answered, Sender
from tests.harm.town import DRIVER, Sample

HOUR = 3_600
SERVICES = ("ingest", "metrics", "alerts")
PARTS = (*SERVICES, "kafka", "postgres", "mailbox", DRIVER)
AWAY = Outage("kafka", 1_000.0, 1_020.0, 1_060.0)


def sample(at: int) -> Sample:
    """A quiet moment, in which Kafka may be away."""
    gone = {"kafka"} if AWAY.began <= at <= AWAY.back else set()
    use = {part: Use(0.0 if part in gone else 200.0, at / 10) for part in PARTS}
    return Sample(float(at), use, dict.fromkeys(SERVICES, True), 380 * at, dict.fromkeys(SERVICES, 7.0))


def sender(seconds: float) -> Sender:
    """One whose requests were answered after so long; what was asked for while Kafka was away, much later."""
    sent, chance = Sender("", "", doses(1), 1_000), random.Random(1)  # noqa: S311
    for asked in range(HOUR):
        size, took = chance.choice(tuple(SIZES)), 40.0 if AWAY.began <= asked <= AWAY.over else seconds
        sent.answers[size].append(Answered(asked + took, took))
        sent.through.append(Answered(asked + took, took))
        sent.codes[202] += 1
    sent.sent.extend(range(380 * HOUR))
    return sent


def measured(seconds: float = 0.1, **other: object) -> Measured:
    """An hour, quiet but for one outage."""
    quiet: Mapping[str, object] = {
        "seconds": float(HOUR),
        "began": 0.0,
        "sender": sender(seconds),
        "samples": [sample(at) for at in range(0, HOUR, 10)],
        "outages": [AWAY],
        "questions": {"/v1/metrics": [Answered(at + 0.1, 0.1) for at in range(HOUR)]},
        "otherwise": Counter({"/v1/metrics: 0": 3}),
        "probes": {f"unit-{n}": Seen(10.0 * n, dict.fromkeys(STAGES, 2.0)) for n in range(HOUR // 10)},
        "mails": {"sent": 360},
        "faults": [],
        "lost": [],
        "sizes": {"hr.events": 900.0},
        "differ": [],
    }
    return Measured(**{**quiet, **other})  # type: ignore[arg-type]


def missed(of: Measured) -> set[str]:
    """The bounds that do not hold."""
    return {bound["what"] for bound in found(of, 1, 1)["bounds"] if not bound["holds"]}


def test_a_quiet_hour_holds_and_an_outage_is_no_fault_of_its_own():
    report = found(measured(), 1, 1)
    assert (report["holds"], missed(measured()), report["answers"]["1"][-1]) == (True, set(), 40.0)


@pytest.mark.parametrize(
    ("other", "what"),
    [
        ({"lost": ["event 1"]}, "messages without an outcome"),
        ({"differ": ["unit"]}, "units whose facts differ from those of the log loaded whole"),
        ({"faults": ["metrics ended with 1"]}, "things that went wrong"),
        ({"mails": {"failed": 1}}, "mails that were not sent"),
        ({"probes": {"unit": Seen(1.0, {"value": 1.0, "step": 1.0})}}, "probes without a mail"),
        ({"seconds": float(HOUR), "questions": {"/v1/metrics": [Answered(9.0, 9.0)]}}, "`/v1/metrics`, p99"),
    ],
)
def test_each_thing_that_may_not_be_is_named(other: dict[str, object], what: str):
    assert what in missed(measured(**other))


def test_slow_answers_are_named_by_their_size():
    assert {"answer to a request of 1, p99", "answer to a request of 2–50, p99"} <= missed(measured(seconds=5.0))


@pytest.mark.parametrize("of", [measured(), measured(probes={}, outages=[], samples=[sample(0), sample(10)])])
def test_it_is_kept_as_figures_as_a_page_and_as_a_picture(of: Measured, tmp_path: Path):
    report = found(of, 34_500, 1_160)
    page = write(report, of, tmp_path / "kept" / "load")
    assert json.loads((tmp_path / "kept" / "load.json").read_text())["events"] == report["events"]
    assert (tmp_path / "kept" / "load.md").read_text() == page
    assert "1,368,000 events of 34,500 people in 1,160 units" in page
    assert (tmp_path / "kept" / "load.png").read_bytes().startswith(b"\x89PNG")
