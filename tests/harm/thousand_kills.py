"""``python -m tests.harm.thousand_kills [--kills N --seed S]``: kills by chance on an estate under load.

Three brokers, two databases of which either may be the first, a mail server and every service are killed with −9 while
events arrive. After every so many kills what there is is compared with a clean pass. The report is written after each
comparison: of a run that is broken off it tells what was.
"""

import argparse
import asyncio
import json
import logging
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.harm.estate.blows import Back, Blows
from tests.harm.estate.estate import Estate, estate
from tests.harm.estate.judge import Verdict, judge, quiet
from tests.harm.estate.load import TODAY, Load, plan

KILLS, A_ROUND = 1_000, 50
RATE = 15.0
"""Events a second: such as leave the processors time to start again what is killed."""
REPORT = Path(".stadga/kills.json")
SETTINGS = {"STADGA_TODAY": TODAY.isoformat(), "STADGA_MAILS_PER_HOUR": "1000000"}


class Run:
    """What was done and found so far."""

    def __init__(self, seed: int) -> None:
        """Nothing yet."""
        self.seed, self._began = seed, time.monotonic()
        self.backs: list[Back] = []
        self.told: dict[str, dict[str, int]] = {}
        self.verdicts: list[Verdict] = []
        self.faults: list[str] = []

    def report(self) -> dict[str, Any]:
        """As JSON."""
        last = self.verdicts[-1] if self.verdicts else None
        return {
            "seed": self.seed,
            "kills": len(self.backs),
            "seconds": round(time.monotonic() - self._began),
            "killed": {what: _times([b for b in self.backs if b.what == what]) for what in sorted(_kinds(self.backs))},
            "comparisons": len(self.verdicts),
            "last": last._asdict() if last else {},
            "health said": self.told,
            "faults": [*self.faults, *(fault for verdict in self.verdicts for fault in verdict.faults)],
        }


def _kinds(backs: Sequence[Back]) -> set[str]:
    return {back.what for back in backs}


def _times(backs: Sequence[Back]) -> dict[str, float]:
    answered, well = sorted(b.answered for b in backs), sorted(b.well for b in backs)
    return {
        "times": len(backs),
        **{f"answers, {name}": round(_at(answered, share), 1) for name, share in SHARES.items()},
        **{f"all well, {name}": round(_at(well, share), 1) for name, share in SHARES.items()},
    }


SHARES = {"median": 0.5, "99th": 0.99, "worst": 1.0}


def _at(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def table(found: dict[str, Any]) -> str:
    """The report for people to read, in Markdown."""
    head = ["killed", "times", *(f"{what}, {name}" for what in ("answers", "all well") for name in SHARES)]
    rows = [[what, *(str(times[name]) for name in head[1:])] for what, times in found["killed"].items()]
    lines = [" | ".join(row) for row in [head, ["---", *["---:"] * (len(head) - 1)], *rows]]
    last = found["last"] or dict.fromkeys(Verdict._fields, 0)
    told = (
        f"{found['kills']:,} kills in {found['seconds']:,} s, seed {found['seed']}, {found['comparisons']} comparisons "
        f"with a clean pass, {len(found['faults'])} faults. In the last there were {last['events']:,} events, "
        f"{last['facts']:,} facts and {last['mails']:,} mails, of which {last['lost']:,} were lost and "
        f"{last['repeated']:,} came again under their Message-ID.\n\n"
    )
    return told + "".join(f"| {line} |\n" for line in lines)


async def kill(kills: int, seed: int, a_round: int = A_ROUND, kinds: Sequence[str] = (), rate: float = RATE) -> Run:
    """Kill so often, ``kinds`` first, each once; compare after each round and in the end."""
    run = Run(seed)
    async with estate(SETTINGS) as there:
        await there.serve(STADGA_PLANS=str(plan(there.home)))
        load, blows = Load(there, seed, rate), Blows(there, seed)
        run.backs, run.faults = blows.backs, blows.faults
        working = asyncio.create_task(load.run())
        try:
            named = iter(kinds)
            while len(blows.backs) < kills:
                load.go()
                until_then = min(kills, len(blows.backs) + a_round)
                while len(blows.backs) < until_then:
                    load.more_units(1)
                    await blows.strike(next(named, ""))
                    _say(run)
                run.told = {what: dict(counted) for what, counted in blows.told.items()}
                await _compared(run, there, load)
                if working.done():
                    working.result()  # which raises what it ended by
        finally:
            working.cancel()
            await asyncio.wait([working])
    return run


async def _compared(run: Run, there: Estate, load: Load) -> None:
    await load.hold()
    try:
        await quiet(there, load)
    except AssertionError as error:
        run.faults.append(str(error))
    run.verdicts.append(await judge(there, load))
    keep(run.report())


def _say(run: Run) -> None:
    back = run.backs[-1]
    print(
        f"{time.strftime('%H:%M:%S')}  {len(run.backs):>5,}  {back.what:<40} "
        f"answers after {back.answered:5.1f} s, all well after {back.well:5.1f} s; {len(run.faults)} faults",
        flush=True,
    )


def keep(found: dict[str, Any]) -> None:
    """Write the report, as JSON and as Markdown."""
    REPORT.parent.mkdir(mode=0o700, exist_ok=True)
    REPORT.write_text(json.dumps(found, indent=2))
    REPORT.with_suffix(".md").write_text(table(found))
    print(f"{len(found['faults'])} faults, {found['last']}", flush=True)


def main() -> None:
    """Run, print and keep the report; exits with 1 if anything was found."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--kills", type=int, default=KILLS)
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    found = asyncio.run(kill(given.kills, given.seed)).report()
    print(table(found))
    sys.exit(bool(found["faults"]))


if __name__ == "__main__":
    main()
