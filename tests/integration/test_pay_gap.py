"""The yearly pay report of the service."""

import random

import msgspec

from cli.offline.reporting.pay_gap import disclose
from shared.contracts.pay_gap import PayGapReport
from tests import builders as make
from tests.integration.asking import TODAY, asking
from tests.integration.test_metrics_anomalies import take_in
from tests.integration.test_own_units import GUARD
from tests.unit.metrics.folding import fold


def log() -> list[make.Event]:
    """Thirty women and twenty men with pay of their own, which is raised for some in the year; one without pay."""
    rng, events = random.Random(5), [make.employment_started("nobody", "2020-01-01")]  # noqa: S311  (the same log each time)
    for n in range(50):
        pay = {"monthly_pay": rng.randint(30_000, 50_000), "variable_pay": rng.choice([0, 800])}
        who = {"gender": "f" if n < 30 else "m", "occupation": rng.choice(["socialsekreterare", "handläggare"])}
        events.append(make.employment_started(f"p{n}", "2021-01-01", **who, **pay))
        if n % 3 == 0:
            events.append(make.employment_changed(f"p{n}", "2023-04-01", monthly_pay=pay["monthly_pay"] + 900))
    return events


async def test_it_is_the_one_computed_from_the_file(postgres: str):
    """From records in the database, a retracted event among them, as from the log; else why there is none."""
    events = [*log(), make.employment_started("gone", "2021-01-01", gender="m", monthly_pay=900_000, id="wrong")]
    events.append(make.retracted(events[-1]))
    async with asking(postgres) as asked:
        await take_in(asked.pool, events)
        answer = await asked.ask("/v1/reports/pay-gap", year="2023")
        assert answer.is_success, answer.text
        found = msgspec.json.decode(answer.content, type=PayGapReport)
        assert found == disclose(fold(*events).memory, 2023, TODAY)
        assert (found.without_pay, found.groups[0].women, found.groups[0].men) == (1, 30, 20)
        assert found.groups[0].mean.status == "final"
        for year, why in (("2024", "2024 is not over"), ("2019", "nobody is known"), ("1", "not a year")):
            refused = await asked.ask("/v1/reports/pay-gap", year=year)
            assert (refused.status_code, why in refused.json()["detail"]) == (400, True)


async def test_who_may_see_some_units_alone_is_refused(postgres: str):
    """It is of the whole municipality."""
    async with asking(postgres, guard=GUARD) as asked:
        await take_in(asked.pool, log())
        for units, status in (("u1", 403), ("*", 200)):
            answer = await asked.client.get("/v1/reports/pay-gap", params={"year": "2023"}, headers={"units": units})
            assert answer.status_code == status, answer.text
