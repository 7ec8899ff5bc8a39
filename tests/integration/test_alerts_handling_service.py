"""The life after firing in the service itself, restarted on a later day: real Kafka, PostgreSQL and SMTP."""

from datetime import date, timedelta
from email.message import EmailMessage
from urllib.parse import parse_qs, unquote, urlsplit

from services.alerts.domain.handling.link import LASTS, LinkAbout, holds
from shared.contracts.alerts import CHANGED, HANDLED
from tests.conftest import Mail
from tests.integration.alerting import (
    BAD,
    TODAY,
    Watcher,
    alerts_topic,
    history,
    in_states,
    mails,
    publish,
    rows,
    started,
)
from tests.polling import until

PLAN = """\
plan: plan
settle: 0s
recipients:
  hr: {email: hr@kommun.example}
  head: {email: chef@kommun.example, language: en}
targets:
  - id: leavers
    metric: leaver_rate_own_request
    breach: {above: 0.20}
    notify: [hr]
    escalate: {after: 2d, to: [head]}
"""
ALERT = "/v1/alerts/plan/leavers/enhet-1"
SECOND = TODAY + timedelta(2)  # a Thursday


def link_of(mail: EmailMessage) -> str:
    """Where the mail leads."""
    text = mail.get_body(("plain",))
    assert text
    return next(word for word in text.get_content().split() if word.startswith("http"))


async def test_nobody_acknowledges_and_the_head_is_told_on_the_second_working_day(
    watcher: Watcher, kafka_with_topics: str, postgres: str, smtp: Mail
):
    """By a process that is new, from the rows alone; what people did is on the topic after what they did it about."""
    await started(watcher, PLAN)
    await publish(kafka_with_topics, history("enhet-1", BAD, days=1))
    await in_states(watcher, {"enhet-1": "firing"})
    await until(lambda: len(smtp.messages()) == 1, "the alarm")
    answer = await watcher.post(f"{ALERT}/comment", {"note": "ny chef"}, "c-1")
    assert (answer.status_code, answer.json()) == (200, {"comments": 1})
    watcher.kill()
    watcher.on(SECOND)
    watcher.start()
    await watcher.ready()
    await until(lambda: len(smtp.messages()) == 2, "the escalation")
    first, second = mails(smtp.messages())
    assert (first["To"], second["To"]) == ("hr@kommun.example", "chef@kommun.example")
    assert second["Subject"].startswith("Nobody has acknowledged the alert for 2 working days: Enheten enhet-1")
    ((key,),) = await rows(postgres, "select key from link_key")
    for mail, who, day in ((first, "hr", TODAY), (second, "head", SECOND)):
        link = urlsplit(link_of(mail))
        *_, plan, target, unit = map(unquote, link.path.split("/"))
        asked = {name: value for name, (value,) in parse_qs(link.query).items()}
        about = LinkAbout(plan, target, unit, asked["to"], date.fromisoformat(asked["expires"]))
        assert about == LinkAbout("plan", "leavers", "enhet-1", who, day + LASTS)
        assert holds(key, about, asked["sig"], day)

    async def published() -> bool:
        return bool(await rows(postgres, "select from transitions having bool_and(published) and count(*) = 3"))

    await until(published, "all steps are on the topic")
    events = await alerts_topic(kafka_with_topics, "plan")
    ours = [one for one in events if one["data"]["unit"] == "enhet-1"]
    assert [(one["type"], one["data"].get("kind")) for one in ours] == [
        (CHANGED, None),
        (HANDLED, "commented"),
        (HANDLED, "escalated"),
    ]
    assert ours[2]["data"]["to"] == ["head"]
