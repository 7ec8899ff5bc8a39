"""``python -m benchmarks [PART…]``: run the named parts (see ``PARTS``), or all but ``peers``; print Markdown.

The peers' libraries are fetched for that part alone, so it runs only if it is named.
"""

import asyncio
import os
import platform
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import (
    alerts,
    backtest,
    board,
    bulk,
    curves,
    disclosure,
    folding,
    growth,
    health,
    history,
    large,
    latency,
    periods,
    replay,
    sealing,
    series,
    shards,
    taking_in,
)
from benchmarks.peers import measure as peers
from benchmarks.peers import picture
from benchmarks.timing import Spread
from services import compiled


async def _replay() -> list[str]:
    r = await replay.rate()
    return [
        f"| (a) replay, {r.events:,} events of {replay.PEOPLE:,} people over a year, events/s | {r.rate:,.0f} |",
        f"| (a) ceiling: the same topic only read and decoded, events/s | {r.ceiling:,.0f} |",
        f"| (a) replay to ceiling | {r.rate / r.ceiling:.2f} |",
        f"| facts in the ledger per event | {r.facts:.1f} |",
    ]


async def _folding() -> list[str]:
    f = folding.measure()
    alone = ", ".join(f"{type_} {cost:.0f}" for type_, cost in list(f.alone.items())[:6])
    return [
        f"| (o) folding {f.events:,} events in batches, of processor, µs an event | {f.in_batches:.0f} |",
        f"| (o) one by itself, the types that take most together, µs | {alone} |",
    ]


async def _sealing() -> list[str]:
    s = sealing.measure()
    return [
        f"| (u) {s.events:,} events of persons, of processor, µs an event: encoded / sealed as well | "
        f"{s.encoded:.1f} / {s.sealed:.1f} |",
        f"| (u) decoded as they are / unsealed first / its key unwrapped before, too | "
        f"{s.decoded:.1f} / {s.unsealed:.1f} / {s.unwrapped:.1f} |",
        f"| (u) bytes an event in packed batches of {sealing.BATCH:,}: as it is / sealed | "
        f"{s.plain_bytes:.0f} / {s.sealed_bytes:.0f} |",
        f"| (u) memory of a person's key, of {sealing.KEYS:,}, bytes | {s.key_bytes:.0f} |",
    ]


async def _memory() -> list[str]:
    h = await replay.memory()
    return [
        f"| (c) peak memory of the metrics process, {replay.LARGE_PEOPLE:,} people, MiB | {h.memory:,.0f} |",
        f"| loading them, {h.events:,} events of which a third are hires, events/s | {h.rate:,.0f} |",
    ]


async def _latency() -> list[str]:
    found = await latency.measure()
    return [
        f"| (b) steps and mails that came of {latency.UNITS} due, at {latency.RATE} events/s | "
        f"{found.steps.came}, {found.mails.came} |",
        f"| (b) event to the decided step on workforce.alerts, p50 and p99, s | "
        f"{found.steps.p50:.2f}, {found.steps.p99:.2f} |",
        f"| (b) messages of values an event | {found.messages:.1f} |",
        f"| (b) event to e-mail, p50 and p99, s | {found.mails.p50:.2f}, {found.mails.p99:.2f} |",
    ]


async def _history() -> list[str]:
    ledger = await history.ledger()
    people = [await history.person(n) for n in (10, 1_000)]
    lines = [f"| (d) cost per event after {g.after:,} events, µs | {g.cost:.0f} |" for g in ledger]
    lines.append(f"| (d) the last to the first | {ledger[-1].cost / ledger[0].cost:.2f} |")
    lines += [f"| (d) cost per event, people with {g.after:,} earlier events each, µs | {g.cost:.0f} |" for g in people]
    lines.append(f"| (d) 1,000 to 10 earlier events | {people[1].cost / people[0].cost:.2f} |")
    return lines + await _intake()


async def _intake() -> list[str]:
    few, many = [await history.intake(n) for n in (10, 1_000)]
    return [
        f"| (d) taking in alone, people with {n:,} earlier events each, of processor: folding / PostgreSQL, µs |"
        f" {one.folding:.0f} / {one.storing:.0f} |"
        for n, one in ((10, few), (1_000, many))
    ] + [f"| (d) 1,000 to 10 earlier events, of both | {sum(many) / sum(few):.2f} |"]


async def _large() -> list[str]:
    half = await large.midnight_of(large.HALF)  # first: the peak of a process's memory never falls
    found = await large.measure(large.TOWN)
    full, scraped = found.midnight, found.scraped
    day, town = full.new_day, large.TOWN
    size = f"{town.units:,} units, {town.people:,} people, {town.facts:,} facts over {town.years} years"
    return [
        f"| (e) midnight, all values of a new day: {size}, s | {day.seconds:,.0f} |",
        f"| (e) of which valuing and publishing {day.published:,} groups and days, s | {day.publishing:,.0f} |",
        f"| (e) the same, of processor, s | {day.processor:,.0f} |",
        f"| (e) peak memory of that process, at its start / after midnight and a start anew, MiB |"
        f" {full.memory_of_start:,.0f} / {full.memory:,.0f} |",
        f"| (e) the same with {large.HALF.years} years, s / MiB | {half.new_day.seconds:,.0f} / {half.memory:,.0f} |",
        f"| (e) at the start of the service, {full.start.published:,} groups and days, s | {full.start.seconds:,.0f} |",
        f"| (e) started anew from the copy, {full.restart.published:,} groups published, s; of processor, s |"
        f" {full.restart.seconds:,.1f}; {full.restart.processor:,.1f} |",
        f"| (f) a change in {large.CHANGED:,} units, to the last values, the worst, s | {found.changed:.2f} |",
        f"| (g) series of {series.MONTHS} months of a unit, one metric, p50 / p99, ms | {_ms(found.asked.one)} |",
        f"| (g) {series.FIVE_YEARS} months of it, every metric, p50 / p99, ms | {_ms(found.asked.all)} |",
        f"| (h) a scrape of {scraped.size:.1f} MiB, p50 / p99, ms | {_ms(scraped.scrape)} |",
        f"| (h) event to commit, without scrapes, p50 / p99, ms | {_ms(scraped.quiet)} |",
        f"| (h) the same, under scrapes without pause, p50 / p99, ms | {_ms(scraped.busy)} |",
    ]


async def _alerts() -> list[str]:
    lines = []
    for units in (3_000, 10_000):  # the smaller first: the peak of a process's memory never falls
        c = await alerts.measure(units)
        lines += [
            f"| (i) {units:,} units × {len(alerts.METRICS)} targets: adopting the plan, s | {c.adopting:.2f} |",
            f"| (i) judging it all, s; of processor, s; the longest transaction, s |"
            f" {c.judging:.0f}; {c.judging_spent:.0f}; {c.longest_judging:.2f} |",
            f"| (i) a day of all units taken in, s; the longest batch, s | {c.taking:.1f}; {c.longest_taking:.2f} |",
            f"| (i) one changed group, to its alerts judged, p50 / p99; of processor, ms | {_message(c.one_value)} |",
            f"| (i) the same, {len(alerts.DAYS) + 1} days of it, ms | {_message(c.all_days)} |",
            f"| (i) a new unit, to its alerts judged, ms | {_message(c.one_unit)} |",
            f"| (i) shown to Prometheus: all, s; after one change, p50 / p99, ms | {c.shown_first:.2f};"
            f" {_ms(c.shown_again)} |",
            f"| (i) a look for months of as many rules, none to be asked for, p50 / p99, ms | {_ms(c.look)} |",
            f"| (i) peak memory of the process, the benchmark included, MiB | {c.memory:,.0f} |",
        ]
    return lines


async def _taking_in() -> list[str]:
    t = await taking_in.measure()
    size = f"{taking_in.GROUPS:,} groups with all days and metrics, {t.size / 1e3:.0f} kB each"
    return [
        f"| (i) first values taken in by the service: {size}, s | {t.seconds:.0f} |",
        f"| (i) peak memory of the service, MiB | {t.memory:.0f} |",
    ]


async def _disclosure() -> list[str]:
    lines = []
    for people, units in disclosure.SIZES:
        s = disclosure.measure(people, units)
        shares = " / ".join(f"{100 * share:.0f}" for share in (s.large, s.before, s.month, s.year))
        lines.append(
            f"| (k) {people:,} people, {s.units} units: large / as-of day alone / month / year, % | {shares} |"
        )
        lines.append(f"| (k) deciding 24 months of it, processor time, s | {s.seconds:.2f} |")
    asked = await health.measure()
    slower = (old / new for old, new in zip(asked.from_facts, asked.from_sums, strict=True))
    return [
        *lines,
        f"| (k) {asked.questions} questions about health, from sums at hand, p50 / p99, ms | {_ms(asked.from_sums)} |",
        f"| (k) as many about older months, from facts, in turn with those, ms | {_ms(asked.from_facts)} |",
        f"| (k) from facts to from sums, p50 / p99 | {' / '.join(f'{ratio:.1f}' for ratio in slower)} |",
    ]


async def _board() -> list[str]:
    b = await board.measure()
    size = f"{board.TOWN.units:,} units, {board.TOWN.years} years"
    return [
        *(
            f"| (l) {size}: {name}, p50 / p95, ms | {times.p50 * 1e3:.0f} / {times.p95 * 1e3:.0f} |"
            for name, times in b.pages.items()
        ),
        f"| (l) peak memory of alerts, MiB | {b.memory:,.0f} |",
        f"| (l) the table of {board.LARGE:,} units, p50 / p95 / worst, s | "
        f"{b.table.p50:.2f} / {b.table.p95:.2f} / {b.table.worst:.2f} |",
        f"| (l) peak memory of alerts with it, MiB | {b.memory_of_table:,.0f} |",
    ]


async def _backtest() -> list[str]:
    b = backtest.measure()
    log = f"{b.events:,} events of {backtest.UNITS} units"
    return [
        f"| (m) {log}, folded by the day on which they were recorded, processor time, s | {b.folding:.1f} |",
        f"| (m) {backtest.YEARS} years of it gone through, day by day, s | {b.placing:.1f} |",
        f"| (m) all plans of five municipalities judged on them: {b.alerts:,} alerts, of which {b.raised:,} raised, s |"
        f" {b.judging:.1f} |",
        f"| (m) all of it by the clock, s | {b.clock:.1f} |",
    ]


async def _bulk() -> list[str]:
    b = await bulk.measure()
    ways = (("as a stream", b.stream), ("loaded whole", b.whole))
    return [
        *(
            f"| (n) a first load of {b.events:,} events {way}, s / events/s / processor time of metrics, s | "
            f"{taken.seconds:.1f} / {b.events / taken.seconds:,.0f} / {taken.processor:.1f} |"
            for way, taken in ways
        ),
        f"| (n) as a stream to loaded whole, s | {b.stream.seconds / b.whole.seconds:.1f} |",
    ]


async def _peers() -> list[str]:
    found = await peers.measure()
    picture.draw(found, f"{machine()}, load average {load():.1f}")
    faster = (
        ("as a stream to Kafka Streams", peers.STREAM, peers.KAFKA_STREAMS),
        ("as a stream to Quix Streams", peers.STREAM, peers.QUIX),
        ("loaded whole to DuckDB", peers.WHOLE, peers.DUCKDB),
    )
    return [
        f"| (o) {found.events:,} events to the same {found.facts:,} net facts: load average beside it | {load():.1f} |",
        *(
            f"| (o) {name}: s / events/s / processor time, of it / of Kafka and PostgreSQL, s | {run.seconds:.1f} / "
            f"{found.events / run.seconds:,.0f} / {run.processor:.1f} / {run.beside:.1f} |"
            for name, run in found.runs.items()
        ),
        *(
            f"| (o) {what}, events/s; events a second of processor time | {found.times_faster(one, other):.2f};"
            f" {found.times_cheaper(one, other):.2f} |"
            for what, one, other in faster
        ),
    ]


async def _growth() -> list[str]:
    g = await growth.measure()
    grown = {**g.tables, **g.topics, "metrics.facts, merged": g.merged}
    lines = [f"| (q) events a year, 1,000 people | {g.events * 365 / g.days * 1_000 / g.people:,.0f} |"]
    for name, one in grown.items():
        if one.after != one.before:
            lines.append(
                f"| (q) {name}: rows a year, 1,000 people; bytes a row | {one.a_year(g.people, g.days):,.0f};"
                f" {one.bytes_each:,.0f} |"
            )
    return lines


async def _periods() -> list[str]:
    facts = f"{periods.TOWN.facts:,} facts"
    lines = [
        f"| (r) {facts} in {cut.periods or 'no'} partitions: added a second / a unit, ms / a batch, ms / all, s |"
        f" {cut.added:,.0f} / {cut.unit:.1f} / {cut.batch:.1f} / {cut.everything:.1f} |"
        for cut in await periods.cuts()
    ]
    m = await periods.merge()
    return [
        *lines,
        f"| (r) merged: facts before / after; s; the longest transaction, s |"
        f" {m.before:,} / {m.after:,}; {m.seconds:.1f}; {m.longest:.2f} |",
        f"| (r) a hundred facts written, alone and beside it, p50 / p99, ms | {_ms(m.alone)}; {_ms(m.beside)} |",
        *(
            f"| (r) parts in {one.partitions or 'no'} partitions: added a second / 5,000 by key, ms |"
            f" {one.added:,.0f} / {one.read:.0f} |"
            for one in m.parts
        ),
    ]


async def _curves() -> list[str]:
    found = await curves.measure()
    curves.draw(found, f"Measured on {machine()}")
    return [
        f"| (s) {one.title}: {one.by} | {', '.join(f'{x:,.0f}: {y:,.1f} {one.unit}' for x, y in one.points)} |"
        for one in found
    ]


async def _shards() -> list[str]:
    town, lines = shards.TOWN, list[str]()
    size = f"{town.units:,} units, {town.people:,} people, {town.facts:,} facts"
    for count, one in (await shards.measure()).items():
        processor, memory = (" + ".join(f"{value:,.0f}" for value in some) for some in zip(*one.spent, strict=True))
        lines += [
            f"| (t) {size}, shards and replicas: {count}; from the start to all values published, s |"
            f" {one.seconds:.0f} |",
            f"| (t) processor time of each replica, s | {processor} |",
            f"| (t) peak memory of each replica, MiB | {memory} |",
        ]
    return lines


def _message(one: alerts.Messages) -> str:
    return f"{_ms(one.times)}; {one.spent * 1e3:.1f}"


def _ms(times: Spread) -> str:
    return f"{times.p50 * 1e3:.0f} / {times.p99 * 1e3:.0f}"


PARTS: dict[str, Callable[[], Awaitable[list[str]]]] = {
    "replay": _replay,
    "folding": _folding,
    "sealing": _sealing,
    "latency": _latency,
    "memory": _memory,
    "history": _history,
    "large": _large,
    "alerts": _alerts,
    "taking-in": _taking_in,
    "disclosure": _disclosure,
    "board": _board,
    "backtest": _backtest,
    "bulk": _bulk,
    "peers": _peers,
    "growth": _growth,
    "periods": _periods,
    "curves": _curves,
    "shards": _shards,
}
BY_NAME = {"peers"}
"""Parts that run only if they are named."""


def machine() -> str:
    """What the figures were measured on."""
    info = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    model = next((x.partition(": ")[2] for x in info if x.startswith("model name")), platform.machine())
    build = "compiled" if compiled.taken() else "pure"
    return (
        f"{os.cpu_count()} cores of {model}, Python {platform.python_version()}, {build}, {datetime.now(UTC):%Y-%m-%d}"
    )


def load() -> float:
    """How many programs wanted a core, on average of the last fifteen minutes."""
    return os.getloadavg()[2]


async def main(parts: list[str]) -> None:
    """Run the named parts one after another, each on a stack of its own."""
    print(f"Measured on {machine()}.\n\n| figure | value |\n|---|---|", flush=True)
    for part in parts or [name for name in PARTS if name not in BY_NAME]:
        for line in await PARTS[part]():
            print(line, flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
