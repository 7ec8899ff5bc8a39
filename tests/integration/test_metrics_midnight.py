"""Midnight in a service that runs: the new day's values are published, those known before are not sent again."""

from datetime import timedelta

from tests import builders as make
from tests.integration.evaluating import Day, evaluating, published
from tests.polling import until

LOG = [
    *(make.employment_started(f"p{n}", "2022-01-01", "u1") for n in range(20)),
    make.employment_started("leaver", "2022-01-01", "u1"),
    make.employment_ended("leaver", "2024-06-30"),
]
PEOPLE = 'stadga_headcount_people{unit="u1",occupation="*"}'


async def test_midnight(kafka_with_topics: str, postgres: str):
    """The leaver is gone, only days nobody knew are sent, and the days before keep their values.

    With the day a month has passed, which its last day is told of from now on: that day is sent again.
    """
    day = Day()
    async with evaluating(kafka_with_topics, postgres, day, LOG) as running:
        await until(lambda: running.shows(PEOPLE, "21.0"), "the evening's headcount")
        day.now += timedelta(hours=6)
        await until(lambda: running.shows(PEOPLE, "20.0"), "the next morning's headcount")
    morning = day.now.date()
    told = [group for group in await published(kafka_with_topics) if group.today == morning]
    ahead = {morning + timedelta(days) for days in (30, 60, 90)}
    assert {group.as_of for group in told} == {morning, *ahead, morning - timedelta(1)}
    assert {group.metrics["headcount"].value for group in told if group.as_of >= morning} == {20}
    [evening] = {group.metrics["sick_rate"].until for group in told if group.as_of < morning}
    assert evening == morning - timedelta(1)
