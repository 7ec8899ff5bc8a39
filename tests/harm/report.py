"""What came of a load, in figures, in words and as a picture."""

import json
import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cli.local.stack import SERVICES
from tests.harm.measured import Measured
from tests.harm.probes import STAGES, Stage
from tests.harm.sender import SIZES
from tests.harm.town import DRIVER, Sample
from tests.harm.verdict import Bound, Point, bounded, flat, outside, quantile

Row = tuple[str, ...]

ANSWERS = {"1": 1.0, "2–50": 2.0, "51–1,000": 10.0, "more": 30.0}
"""Seconds within which 99 of 100 requests of a size are answered while nothing is away."""
AFTER: dict[Stage, float] = {"value": 60.0, "step": 90.0, "mail": 120.0}
"""Seconds from an accepted event to each stage, for 99 of 100 while nothing is away."""
QUESTION = 3.0
"""Seconds of 99 of 100 answers to a question while nothing is away."""
LITTLE = 3_800.0
"""Messages that may always wait: those of ten seconds."""
SOON = 10.0
"""Seconds that anything may always take."""
SHARES = (0.5, 0.95, 0.99, 1.0)
NAMES = {"value": "accepted → value published", "step": "accepted → step of its alert", "mail": "accepted → mail sent"}


def bounds(measured: Measured) -> Iterator[Bound]:
    """Everything that may not be more than so much."""
    yield Bound("messages without an outcome", len(measured.lost), 0)
    yield Bound("units whose facts differ from those of the log loaded whole", len(measured.differ), 0)
    yield Bound("mails that were not sent", measured.mails.get("pending", 0) + measured.mails.get("failed", 0), 0)
    for stage, missing in measured.missing().items():
        yield Bound(f"probes without a {stage}", missing, 0)
    yield Bound("things that went wrong", len(measured.faults), 0)
    for size, most in ANSWERS.items():
        if answers := measured.sender.answers[size]:
            points = outside(measured.points(answers), measured.away)
            yield Bound(f"answer to a request of {size}, p99", quantile(points, 0.99), most, "s")
    for stage, most in AFTER.items():
        yield Bound(f"{NAMES[stage]}, p99", quantile(outside(measured.lags(stage), measured.away), 0.99), most, "s")
        yield bounded(NAMES[stage], measured.lags(stage), measured.seconds, SOON, "s")
    for question, asked in measured.questions.items():
        points = outside(measured.points(asked), measured.away)
        yield Bound(f"`{question}`, p99", quantile(points, 0.99), QUESTION, "s")
    for service in SERVICES:
        yield bounded(f"waiting for {service}", measured.waiting(service), measured.seconds, LITTLE, "messages")
    for part in (*SERVICES, DRIVER):
        yield from flat(f"memory of {part}", measured.memory(part), measured.seconds)


def found(measured: Measured, people: int, units: int) -> dict[str, Any]:
    """The report, as it is kept."""
    judged = list(bounds(measured))
    sender, last = measured.sender, max(one.at for one in measured.sender.through) - measured.began
    parts = measured.samples[0].use
    return {
        "day": datetime.now(UTC).date().isoformat(),
        "machine": f"{os.cpu_count()} processors",
        "people": people,
        "units": units,
        "seconds": round(measured.seconds),
        "holds": all(bound.holds for bound in judged),
        "events": len(sender.sent),
        "events a second": round(len(sender.sent) / last, 1),
        "requests": {size: len(sender.answers[size]) for size in SIZES},
        "poison": len(sender.poison),
        "kinds": len({dose.kind for dose, _ in sender.poison}),
        "codes": dict(sorted(sender.codes.items())),
        "outages": measured.outages,
        "answers": {size: _spread(measured.points(sender.answers[size])) for size in SIZES},
        "through": _spread(measured.points(sender.through)),
        "lags": {stage: _spread(measured.lags(stage)) for stage in STAGES},
        "lags, nothing away": {
            stage: _spread([(0.0, lag) for lag in outside(measured.lags(stage), measured.away)]) for stage in STAGES
        },
        "questions": {name: _spread(measured.points(answers)) for name, answers in measured.questions.items()},
        "questions answered otherwise": dict(measured.otherwise),
        "waiting at most": {name: max((n for _, n in measured.waiting(name)), default=-1) for name in SERVICES},
        "memory": {part: _memory(measured.memory(part)) for part in parts},
        "cores": {part: round(measured.cores(part), 2) for part in parts},
        "mails": measured.mails,
        "MiB": measured.sizes,
        "bounds": [{**bound._asdict(), "holds": bound.holds} for bound in judged],
        "faults": [*measured.faults, *measured.lost[:50], *measured.differ[:50]],
    }


def write(report: dict[str, Any], measured: Measured, path: Path) -> str:
    """Keep it as JSON, as a page and as a picture; returns the page."""
    from tests.harm.picture import draw

    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.with_suffix(".json").write_text(json.dumps(report, indent=2, ensure_ascii=False), "utf-8")
    path.with_suffix(".md").write_text(text := page(report), "utf-8")
    draw(measured, f"{report['day']}, {report['machine']}; {_sent(report)}", path.with_suffix(".png"))
    return text


def page(report: dict[str, Any]) -> str:
    """In words and tables."""
    faults = [f"- {fault}" for fault in report["faults"]]
    return "\n".join(
        [
            f"# {report['seconds'] / 60:.0f} minutes of load",
            "",
            f"{report['day']}, {report['machine']}: {_sent(report)}.",
            "",
            "![Memory, what waits, how long events and answers take](load.png)",
            "",
            *_table(("bound", "measured", "at most", ""), map(_bound, report["bounds"])),
            "",
            *_table(("figure", "value"), _figures(report)),
            *(["", "What went wrong:", "", *faults] if faults else []),
            "",
        ]
    )


def told(sample: Sample) -> str:
    """A line on a sample, while it runs."""
    memory = {part: round(use.memory) for part, use in sample.use.items()}
    waiting = {name: round(count) for name, count in sample.waiting.items()}
    away = [name for name, ready in sample.ready.items() if not ready]
    return f"{sample.at:>5.0f} s  {sample.sent:,} sent  {memory} MiB  waiting {waiting}  not ready {away}"


def _sent(report: dict[str, Any]) -> str:
    return (
        f"{report['events']:,} events of {report['people']:,} people in {report['units']:,} units, "
        f"{report['events a second']:,.0f} a second"
    )


def _figures(report: dict[str, Any]) -> Iterator[Row]:
    times = "p50 / p95 / p99 / worst, s"
    yield "poison, in kinds", f"{report['poison']:,} / {report['kinds']}"
    yield "answers by their code (0: none)", ", ".join(f"{code}: {n:,}" for code, n in report["codes"].items())
    for size, spread in report["answers"].items():
        yield f"answer to a request of {size}, {times}", f"{_times(spread)} ({report['requests'][size]:,} requests)"
    yield f"from when a request was due until it was answered, {times}", _times(report["through"])
    for stage, spread in report["lags"].items():
        quiet = _times(report["lags, nothing away"][stage])
        yield f"{NAMES[stage]}, {times}; while nothing was away", f"{_times(spread)}; {quiet}"
    for question, spread in report["questions"].items():
        yield f"`{question}`, {times}", _times(spread)
    otherwise = (f"{what}: {n:,}" for what, n in report["questions answered otherwise"].items())
    yield "questions answered otherwise than by 200 (0: not at all)", ", ".join(otherwise) or "none"
    for part, memory in report["memory"].items():
        words = f"{memory['middle']:,.0f} / {memory['end']:,.0f} / {memory['most']:,.0f}"
        yield (
            f"{part}: memory in the middle / at the end / at most, MiB; processors",
            f"{words}; {report['cores'][part]}",
        )
    for service, most in report["waiting at most"].items():
        yield f"waiting for {service} at most", f"{most:,.0f}"
    yield "mails", ", ".join(f"{state}: {n:,}" for state, n in report["mails"].items())
    for name, mib in sorted(report["MiB"].items(), key=lambda one: -one[1])[:12]:
        yield f"{name}, MiB; bytes an event", f"{mib:,.0f}; {mib * (1 << 20) / report['events']:,.0f}"


def _bound(bound: dict[str, Any]) -> Row:
    unit = f" {bound['unit']}" if bound["unit"] else ""
    return (
        bound["what"],
        f"{bound['measured']:,.2f}{unit}",
        f"{bound['most']:,.2f}{unit}",
        "" if bound["holds"] else "missed",
    )


def _table(head: Row, rows: Iterator[Row]) -> list[str]:
    return [f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *rows)]


def _spread(points: Sequence[Point]) -> list[float]:
    values = [value for _, value in points]
    return [round(quantile(values, share), 3) for share in SHARES] if values else []


def _times(spread: Sequence[float]) -> str:
    return " / ".join(f"{value:.2f}" for value in spread) or "none"


def _memory(points: Sequence[Point]) -> dict[str, float]:
    values = [value for _, value in points]
    middle, end = values[len(values) // 2 :][:3], values[-3:]
    return {
        name: round(quantile(some, share), 1)
        for name, some, share in (("middle", middle, 0.5), ("end", end, 0.5), ("most", values, 1.0))
    }
