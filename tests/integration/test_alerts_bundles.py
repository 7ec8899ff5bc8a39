"""Many alerts at once, and a value that was wrong, on real Kafka, PostgreSQL and SMTP: one mail."""

from collections.abc import Collection

from msgspec.structs import replace

from shared.contracts.metrics import GroupComputed
from tests.conftest import Mail
from tests.integration.alerting import BAD, TODAY, Watcher, all_arrived, group, in_states, mails, publish, rows, started
from tests.polling import until

METRICS = ("leaver_rate", "leaver_rate_own_request", "agency_share", "vacancy_rate")
UNITS = [f"unit-{number:02}" for number in range(50)]


def plan(units: Collection[str], *metrics: str) -> str:
    """A promise of each metric for these units, which one person is told of."""
    head = ["plan: plan", "settle: 2s", f"scope: {{units: [{', '.join(units)}]}}"]
    head += ["recipients: {strategist: {email: strateg@kommun.example, language: sv}}"]
    asked = (f"  - {{id: t-{one}, metric: {one}, breach: {{above: 0.2}}, notify: [strategist]}}" for one in metrics)
    return "\n".join([*head, "targets:", *asked])


def told(unit: str, value: float) -> GroupComputed:
    """The same value of every metric of a unit."""
    one = group(unit, value, TODAY)
    (measured,) = one.metrics.values()
    return replace(one, metrics=dict.fromkeys(METRICS, measured))


def note(revision: int, *, provisional: bool) -> GroupComputed:
    """What the metrics service says of what it takes in."""
    return replace(group("*", 0, TODAY, revision), unit_path=("*",), metrics={}, provisional=provisional)


async def test_fifty_units_that_breach_four_targets_are_one_mail(
    watcher: Watcher, kafka_with_topics: str, postgres: str, smtp: Mail
):
    """Two hundred alerts, one strategist, one mail, in which every alert is."""
    await started(watcher, plan(UNITS, *METRICS))
    await publish(kafka_with_topics, [note(1, provisional=True)])
    await until(lambda: rows(postgres, "select from provisional"), "more is taken in than is published")
    await publish(kafka_with_topics, [told(unit, BAD + place / 100) for place, unit in enumerate(UNITS)])

    async def waiting() -> bool:
        return await rows(postgres, "select state, count(*) from outbox group by 1") == [("settling", 200)]

    await until(waiting, "every alert is decided")
    assert smtp.messages() == []
    await publish(kafka_with_topics, [note(2, provisional=False)])

    async def sent() -> bool:
        return await rows(postgres, "select state, count(*) from outbox group by 1") == [("sent", 200)]

    await until(sent, "every mail is sent")
    (mail,) = mails(smtp.messages())
    assert await rows(postgres, "select distinct message_id from outbox") == [(mail["Message-ID"],)]
    assert mail["To"] == "strateg@kommun.example"
    assert mail["Subject"].startswith("200 nya larm: Enheten unit-49, Enheten unit-48 och 48 enheter till")
    body = mail.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert "Just nu är 200 larm öppna, på 50 av 50 bevakade enheter." in text
    assert all(text.count(f"Enheten {unit}: ") == len(METRICS) for unit in UNITS)


async def test_a_value_that_was_wrong_is_told_anew(watcher: Watcher, kafka_with_topics: str, postgres: str, smtp: Mail):
    """Late data restate the day that a mail told of, and come twice: a second mail in its thread, and no third."""
    await started(watcher, plan(["late"], "leaver_rate_own_request"))
    await publish(kafka_with_topics, [group("late", BAD, TODAY)])
    await in_states(watcher, {"late": "firing"})
    await until(lambda: all_arrived(postgres, smtp, 1), "the alarm")
    await publish(kafka_with_topics, [group("late", BAD * 2, TODAY, revision) for revision in (2, 3)])
    await until(lambda: all_arrived(postgres, smtp, 2), "the correction")
    alarm, correction = mails(smtp.messages())
    assert (correction["In-Reply-To"], correction["To"]) == (alarm["Message-ID"], alarm["To"])
    assert correction["Message-ID"] != alarm["Message-ID"]
    assert correction["Subject"].startswith("Rättat värde: Enheten late, avgångar på egen begäran 60 %, inte 30 %")
    assert await watcher.states() == {"late": "firing"}
    reasons = await rows(postgres, "select reason, state from outbox order by created")
    assert reasons == [("hold_met", "sent"), ("data_corrected", "sent")]
