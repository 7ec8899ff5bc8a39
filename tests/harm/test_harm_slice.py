"""Slices of ``make harm`` and ``make load``: the same inputs, doors, trials, outages and kills, fewer of them."""

from collections import Counter

from tests.harm.estate.blows import BROKERS, PROMOTED, SILENT
from tests.harm.load import Load, under
from tests.harm.million import harm
from tests.harm.report import found
from tests.harm.thousand_kills import kill
from tests.harm.town import Forced
from tests.harm.trials import MOST_FALSE, kept, trials

INPUTS, SEED = 8_000, 7
BACK = 1_200.0
"""Seconds within which all is taken in after an outage, on a machine whose processors other tests have."""


async def test_hostile_inputs_are_answered_or_recorded_and_stop_nothing():
    """Nothing crashes, nothing is answered with 500, and every input is answered or recorded."""
    found = await harm(INPUTS, SEED)
    assert found["faults"] == []
    assert found["inputs"] >= INPUTS * 0.95


async def test_load_with_poison_and_outages_loses_nothing():
    """Every kind of poison, Kafka, PostgreSQL and the mail server away once each, threads that switch all the time.

    All is accounted for, facts are those of the log loaded whole, every probe has its value, its step and its mail.
    """
    load = Load(0.5, 1_000, 30, ("postgres", "kafka", "mailbox"), poisoned=200, back=BACK, kept=Forced)
    measured = await under(load)
    report = found(measured, load.people, load.units)
    assert (report["faults"], measured.mails.get("pending", 0), measured.mails.get("failed", 0)) == ([], 0, 0)
    assert set(measured.missing().values()) == {0}
    assert report["kinds"] > 30
    assert all(report["requests"].values())


async def test_an_estate_of_three_brokers_loses_nothing_to_kills():
    """A broker, another while it catches up, one that falls silent, and the first database for good.

    Net facts and mails are as they must.
    """
    killed = await kill(4, SEED, a_round=4, kinds=(BROKERS, SILENT, PROMOTED))
    assert killed.faults == []
    assert [(verdict.lost, verdict.faults) for verdict in killed.verdicts] == [(0, ())]
    assert len(killed.backs) == 4


def test_a_halving_is_seen_as_often_as_was_promised():
    """Of few trials as near as chance lets be told, three standard errors; and nothing is seldom called something."""
    number = 80
    assert kept(list(trials(number, 0.5, 3))).off < 3 * 0.5 / number**0.5
    nothing = Counter(trial.verdict for trial in trials(number, 1.0, 4))
    assert max(nothing["improved"], nothing["worsened"]) <= MOST_FALSE * number
