"""The alerts service on real Kafka, PostgreSQL and SMTP: from values to mails."""

from datetime import timedelta

from shared.contracts.metrics import key
from shared.contracts.topics import HR_EVENTS, WORKFORCE_METRICS
from tests import builders as make
from tests.conftest import Mail
from tests.integration.alerting import (
    BAD,
    GOOD,
    TODAY,
    Watcher,
    alerts_topic,
    group,
    history,
    in_states,
    mails,
    message,
    plan,
    publish,
    rows,
    send,
    started,
)
from tests.polling import until


async def test_a_breach_that_holds_reaches_everyone_it_should(
    watcher: Watcher, kafka_with_topics: str, postgres: str, smtp: Mail
):
    """A value past the limit for longer than the hold: state, event, and one mail to each recipient."""
    await started(watcher, plan("first"))
    await publish(kafka_with_topics, history("first", BAD))
    await in_states(watcher, {"first": "firing"})
    await until(lambda: len(smtp.messages()) == 2, "two mails")
    assert {str(mail["To"]) for mail in mails(smtp.messages())} == {"hr@kommun.example", "chef@kommun.example"}
    (view,) = (await watcher.get("/v1/alerts", unit="first"))["alerts"]
    assert (view["value"], view["threshold"], view["since"]) == (BAD, 0.2, str(TODAY - timedelta(19)))
    assert (view["unit_name"], view["plan_version"], view["confirmed"]) == ("Enheten first", 1, True)

    async def published() -> bool:
        return bool(await rows(postgres, "select from transitions having bool_and(published)"))

    await until(published, "the transition is on the topic")
    events = await alerts_topic(kafka_with_topics, "plan")
    assert [event["data"]["new"] for event in events if event["data"]["unit"] == "first"][-1] == "firing"


async def test_a_unit_is_judged_when_its_whole_story_is_there(
    watcher: Watcher, kafka_with_topics: str, postgres: str, smtp: Mail
):
    """The first values of a unit end with today's: whatever came before it, and however slowly, the mail has it all."""
    await started(watcher, plan("whole", "beacon"))
    *past, today = history("whole", BAD)
    await publish(kafka_with_topics, [*reversed(past), *history("beacon", GOOD, 1)])
    await in_states(watcher, {"beacon": "ok"})
    await publish(kafka_with_topics, [today])
    await in_states(watcher, {"beacon": "ok", "whole": "firing"})
    await until(lambda: len(smtp.messages()) == 2, "two mails")
    told = await rows(postgres, "select body->>'reason', body->>'since' from transitions")
    assert told == [("hold_met", str(TODAY - timedelta(19)))]


async def test_the_same_values_again_change_nothing(
    watcher: Watcher, kafka_with_topics: str, postgres: str, smtp: Mail
):
    """Values heard twice, in another order, make no second transition and no second mail."""
    await started(watcher, plan("twice", "marker"))
    await publish(kafka_with_topics, history("twice", BAD))
    await in_states(watcher, {"twice": "firing"})
    before = await rows(postgres, "select id from transitions")
    await publish(kafka_with_topics, [*reversed(history("twice", BAD)), group("marker", GOOD, TODAY)])
    await in_states(watcher, {"twice": "firing", "marker": "ok"})
    assert await rows(postgres, "select id from transitions") == before
    assert len(await rows(postgres, "select from outbox")) == 2


async def test_resolved_is_sent_to_whoever_got_the_firing(watcher: Watcher, kafka_with_topics: str, smtp: Mail):
    """The end of an alert reaches those who were told of it, also one the plan has dropped since."""
    await started(watcher, plan("over"))
    await publish(kafka_with_topics, history("over", BAD, days=40))
    await in_states(watcher, {"over": "firing"})
    await until(lambda: len(smtp.messages()) == 2, "two mails")
    (watcher.plans / "plan.yaml").write_text(plan("over").replace("notify: [hr, head]", "notify: [hr]"))

    async def newer() -> bool:
        answer = await watcher.get("/v1/plans")
        return [one["version"] for one in answer["running"]] == [2]

    await until(newer, "the second version runs")
    await publish(kafka_with_topics, [group("over", GOOD, TODAY, revision=2)])
    await in_states(watcher, {"over": "ok"})
    await until(lambda: len(smtp.messages()) == 4, "four mails")
    last = mails(smtp.messages())[2:]
    assert {str(mail["To"]) for mail in last} == {"hr@kommun.example", "chef@kommun.example"}
    assert all(mail["In-Reply-To"] for mail in last)


async def test_a_broken_plan_never_replaces_a_running_one(watcher: Watcher, kafka_with_topics: str, postgres: str):
    """A fault is told with its line, in the API and in health, and what ran before goes on."""
    await started(watcher, plan("steady"))
    await publish(kafka_with_topics, [group("steady", BAD, TODAY)])
    await in_states(watcher, {"steady": "pending"})
    (watcher.plans / "plan.yaml").write_text(plan("steady").replace("leaver_rate_own", "leaver_rat_own"))

    async def refused() -> list[dict[str, object]]:
        return list((await watcher.get("/v1/plans"))["refused"])

    (fault,) = await until(refused, "the plan is refused")
    assert (fault["file"], fault["line"], fault["column"]) == ("plan.yaml", 9, 13)
    assert "plan.yaml:9:13" in (await watcher.problems() or {})["plan"]
    assert await watcher.sent_work()
    await publish(kafka_with_topics, history("steady", BAD, revision=2))
    await in_states(watcher, {"steady": "firing"})
    (watcher.plans / "plan.yaml").write_text(plan("steady", above=0.5))
    await in_states(watcher, {"steady": "ok"})
    assert await rows(postgres, "select version, withdrawn is null from plans order by version") == [
        (1, True),
        (2, True),
    ]
    told = await rows(
        postgres,
        "select body ->> 'reason', body -> 'plan_version' from transitions order by seq desc",
    )
    assert told[0] == ("plan_changed", "1")


async def test_a_plan_that_is_gone_runs_no_more(watcher: Watcher, kafka_with_topics: str, postgres: str):
    """Removing a plan's file ends its alerts; its versions and their history stay."""
    await started(watcher, plan("going"))
    await publish(kafka_with_topics, [*history("going", BAD), group("staying", GOOD, TODAY)])
    await in_states(watcher, {"going": "firing"})
    (watcher.plans / "other.yaml").write_text(plan("staying", name="other"))
    await in_states(watcher, {"staying": "ok"}, "other")
    (watcher.plans / "plan.yaml").unlink()
    await in_states(watcher, {})
    assert await rows(postgres, "select outcome from episodes") == [("plan_changed",)]
    assert await rows(postgres, "select withdrawn is null from plans order by plan") == [(True,), (False,)]


async def test_a_plan_is_shown_whole(watcher: Watcher):
    """A board gets every target and measure of a plan, and who is told by name; their addresses it does not get."""
    await started(watcher, plan("shown") + "measures: [{id: mentor, title: Mentorer, owner: hr, decision: pending}]\n")
    answer = await watcher.get("/v1/plans")
    (shown,) = answer["running"]
    assert [(one["id"], one["breach"]) for one in shown["targets"]] == [("leavers", {"side": "above", "value": 0.2})]
    assert [(one["id"], one["decision"]) for one in shown["measures"]] == [("mentor", "pending")]
    assert (shown["units"], shown["recipients"]) == (["shown"], {"hr": "hr", "head": "head"})
    assert "@" not in str(answer)


async def test_a_measure_is_told_with_where_it_stands(
    watcher: Watcher, kafka_with_topics: str, postgres: str, smtp: Mail
):
    """What ``hr.events`` says of a measure is kept once, shown with the plan, and told in the next mail about it."""
    mentor = "    measures: [mentor]\nmeasures: [{id: mentor, title: Mentorer, owner: hr}]\n"
    await started(watcher, plan("mentored", name="measured") + mentor)
    event = make.measure_updated("measured", "mentor", "2026-06-01", "started", note="Åtta är utsedda.")
    odd = event | {"id": "odd", "data": {"status": "begun"}}
    events = [make.employment_started("mentored-1", "2026-06-01"), odd, event, event]
    await send(kafka_with_topics, [(one["subject"].encode(), make.encoded(one)) for one in events], HR_EVENTS)

    async def shown() -> object:
        return (await watcher.get("/v1/plans"))["running"][0]["progress"]

    await until(shown, "the measure stands somewhere")
    assert await shown() == {"mentor": {"status": "started", "since": "2026-06-01", "note": "Åtta är utsedda."}}
    assert await rows(postgres, "select count(*) from measure_updates") == [(1,)]
    letters = await rows(postgres, "select reason from dead_letters where key = $1", event["subject"].encode())
    assert letters == [("wrong_type",)]
    await publish(kafka_with_topics, history("mentored", BAD))
    await until(lambda: len(smtp.messages()) == 2, "two mails")
    bodies = {str(mail["To"]): body.get_content() for mail in mails(smtp.messages()) if (body := mail.get_body())}
    assert "påbörjad den 1 juni 2026 (Åtta är utsedda.)" in bodies["hr@kommun.example"].replace("\n", " ")
    assert "started on 1 June 2026" in bodies["chef@kommun.example"].replace("\n", " ")


async def test_a_unit_not_heard_of_is_waited_for(watcher: Watcher, kafka_with_topics: str):
    """Before any value has come a plan may name any unit; the API says which it waits for."""
    await started(watcher, plan("someday"))

    async def waiting() -> list[str]:
        return list((await watcher.get("/v1/plans"))["running"][0]["waiting_for"])

    assert await waiting() == ["someday"]
    await publish(kafka_with_topics, [group("someday", GOOD, TODAY)])
    await in_states(watcher, {"someday": "ok"})
    assert await waiting() == []


async def test_poison_takes_no_neighbour_along(watcher: Watcher, kafka_with_topics: str, postgres: str):
    """What can't be read or stored is kept as a dead letter with its reason; the messages around it go through."""
    odd = group("nul\0", BAD, TODAY)
    good = [(key(one), message(one)) for one in history("sound", BAD)]
    poison = [
        (b"sound|*", b"not json"),
        (b"sound|*", b"\xff\xfe"),
        (b"sound|*", None),
        (b"sound|*", b'{"specversion": "1.0"}'),
        (b"sound|*", message(group("sound", BAD, TODAY)).replace(b"computed.v2", b"computed.v9")),
        (b"sound|*", message(group("sound", BAD, TODAY)).replace(b'"revision":1', b'"revision":"one"')),
        (b"sound|*", message(group("sound", BAD, TODAY)).replace(b'"revision":1', b'"revision":99999999999999999999')),
        (key(odd), message(odd)),
    ]
    await started(watcher, plan("sound"))
    await send(kafka_with_topics, [*good[:10], *poison, *good[10:]])
    await in_states(watcher, {"sound": "firing"})
    kept = 'select reason from dead_letters where topic = $1 order by reason = $2, "offset"'
    letters: list[tuple[str]] = []

    async def all_kept() -> bool:
        letters[:] = await rows(postgres, kept, WORKFORCE_METRICS.name, "refused_by_database")
        return len(letters) == len(poison)

    await until(all_kept, "every poisonous message is kept, also where its partition is read after the others")
    assert [reason for (reason,) in letters] == [
        "not_json",
        "not_json",
        "empty_message",
        "wrong_type",
        "unknown_type",
        "wrong_type",
        "not_believed",
        "refused_by_database",
    ]
