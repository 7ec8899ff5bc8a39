"""A mail waits until what was told of values before it is read: what is corrected there is told to nobody."""

from tests.conftest import Mail
from tests.integration.alerting import BAD, GOOD, Watcher, history, in_states, mails, plan, publish, rows, started
from tests.polling import until

DUE = "update outbox set due = due - interval '2 hours' where state = 'settling' returning 1"


async def test_what_was_corrected_while_the_service_was_away_is_told_to_nobody(
    watcher: Watcher, kafka_with_topics: str, postgres: str, smtp: Mail
):
    """An alarm waits to be still; the service ends, its value is corrected, and the wait is over when it is back.

    The service delivers mails before it has joined its group: it has to know that there is something to read.
    """
    await started(watcher, f"settle: 1h\n{plan('wrong', 'true')}".replace("settle: 0s\n", ""))
    await publish(kafka_with_topics, [*history("wrong", BAD), *history("true", BAD)])
    await in_states(watcher, {"wrong": "firing", "true": "firing"})
    watcher.kill()
    assert await rows(postgres, DUE) == [(1,)] * 4
    await publish(kafka_with_topics, history("wrong", GOOD, revision=2))
    watcher.start()
    await until(lambda: len(smtp.messages()) >= 2, "the alarms that are true")
    await in_states(watcher, {"wrong": "ok", "true": "firing"})
    told = [str(mail["Subject"]) for mail in mails(smtp.messages())]
    assert [subject for subject in told if "wrong" in subject or "true" not in subject] == []
    assert len(told) == 2
