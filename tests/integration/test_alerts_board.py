"""The board's pages over a real database: what each shows, when the metrics service answers, is away or hangs."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from msgspec.structs import replace

from services.alerts.domain.handling.link import LinkAbout, signature
from shared.contracts.access_log import Look
from shared.kit.access.journal import Journal
from tests.integration.alerting import BAD, GOOD, TODAY, group
from tests.integration.alerts_workshop import Workshop, told, workshop, write
from tests.integration.boarding import KEY, Asked, Hanging, Visitor, away, counting, running
from tests.polling import until
from tests.unit.alerts.board.pages import HOSTILE

PLAN = """\
plan: plan
title: {sv: Stabil personal, en: Stable staff}
settle: 0s
recipients: {hr: {email: hr@kommun.example, name: HR-strateg}}
targets:
  - {id: leavers, metric: leaver_rate_own_request, breach: {above: 0.2}, clear: {below: 0.1}, notify: [hr],
     measures: [mentor]}
  - {id: sickness, metric: sick_rate, breach: {above: 0.2}, notify: [hr]}
measures:
  - {id: mentor, title: Mentor till alla nya, owner: hr, due: 2026-05-31, cost: 250000, decision: decided,
     should_move: [leaver_rate_own_request]}
"""


@pytest.fixture
async def shop(postgres: str, tmp_path: Path) -> AsyncIterator[Workshop]:
    """Three units under a department, one of which has lost too many; the plan of ``PLAN`` runs."""
    async with workshop(postgres) as opened:
        await running(opened, tmp_path, PLAN)
        await opened.hear(told(name, BAD if name == "bad" else GOOD, parent="ifo") for name in ("bad", "good", "new"))
        await opened.hear([told("ifo", GOOD)])
        yield opened


@pytest.fixture
def visitor(shop: Workshop) -> Visitor:
    """Somebody who reads the board while the metrics service answers."""
    return Visitor(shop, Asked(counting))


FIRING = "/board/alerts/plan/leavers/bad"
PATHS = (
    "/board/",
    "/board/?find=enheten",
    "/board/units/bad",
    "/board/units/ifo",
    "/board/promises",
    "/board/promises?state=firing&text=bad&sort=unit&back=true",
    "/board/alerts/plan/leavers/bad",
    "/board/alerts/plan/leavers/good",
    "/board/plans",
    "/board/plans/plan",
    "/board/metrics/leaver_rate_own_request?unit=bad",
    "/board/metrics/stability?unit=bad",
    "/board/metrics/headcount",
    "/board/data",
    "/board/access-log",
    "/board/access-log?from=2026-06-01&to=&who=local",
    "/board/accessibility",
)


@pytest.mark.parametrize("path", PATHS)
async def test_every_page_in_both_languages(visitor: Visitor, path: str) -> None:
    """Each page answers, in the language asked for, can be used with a keyboard and a reader, and carries no code."""
    for language in ("sv", "en"):
        visitor.http.headers["accept-language"] = language
        shown = await visitor.read(path)
        assert shown.of("html")[0]["lang"] == language
        assert shown.unlabelled() == []
        assert shown.of("script", "style") == []
        assert len(shown.of("table")) == len(shown.of("caption"))


async def test_my_unit_says_what_is_wrong_and_what_to_do(visitor: Visitor) -> None:
    """The promise that is broken first, in a sentence with its number, and the plan's action with its passed day."""
    shown = await visitor.read("/board/units/bad")
    assert "2 av 2 löften larmar" in shown.text
    assert "30\xa0% – över planens gräns 20\xa0% sedan" in shown.text
    assert "intervallet 21–42\xa0%" in shown.text
    assert "Mentor till alla nya" in shown.text
    assert "Ansvarig: HR-strateg" in shown.text
    assert "dagen har passerat" in shown.text
    assert "om 90 dagar" in shown.text
    assert next(one["aria-label"] for one in shown.of("svg") if one.get("class") == "spark").endswith("(30\xa0%)")


async def test_the_table_is_filtered_sorted_and_paged(shop: Workshop, visitor: Visitor) -> None:
    """By state, unit and metric; the gravest first unless asked; no row twice and none lost over the pages."""
    await shop.hear(told(f"unit-{n:03}", BAD if n % 7 == 0 else GOOD, parent="ifo") for n in range(80))
    firing = await visitor.read("/board/promises?state=firing")
    assert "26 löften" in firing.text
    assert "Inom planen" not in firing.text.split("Nyckeltal")[-1]
    one = await visitor.read("/board/promises?text=unit-007&metric=sick_rate")
    assert "1 löfte " in one.text
    seen: list[str] = []
    for page in (1, 2, 3, 4):
        shown = await visitor.read(f"/board/promises?sort=unit&page={page}")
        seen += [link["href"] or "" for link in shown.of("a") if (link["href"] or "").startswith("/board/alerts/")]
    assert (len(seen), len(set(seen))) == (168, 168)
    assert "Inget löfte passar" in (await visitor.read("/board/promises?text=nobody")).text


async def test_an_alert_tells_its_story(shop: Workshop, visitor: Visitor) -> None:
    """The values day by day, as picture and table; what happened; who was told, and what became of it."""
    await shop.hear([replace(told("bad", BAD, revision=2), as_of=TODAY - timedelta(days)) for days in (1, 2, 3)])
    shown = await visitor.read("/board/alerts/plan/leavers/bad")
    assert "Larm: värdet har legat utanför" in shown.text
    assert "; värdet var då " in shown.text
    assert "HR-strateglarmpå väg" in shown.text
    chart = next(one for one in shown.of("svg") if one.get("class") == "chart")
    assert "27 juni 2026 till 30 juni 2026" in (chart["aria-label"] or "")
    assert shown.html.count("<td>utanför planen</td>") == 4


async def test_a_link_that_holds_no_longer_says_so(visitor: Visitor) -> None:
    """Forged for another reader, another alert or a later day, or expired; the page is shown all the same."""
    about = LinkAbout("plan", "leavers", "bad", "hr", TODAY + timedelta(3))
    over = about._replace(expires=TODAY)
    told = "Länken i mejlet gäller inte längre"
    for held, given, holds in (
        (about, about, True),
        (about._replace(to="head"), about, False),
        (about._replace(expires=TODAY + timedelta(400)), about, False),
        (about, about._replace(unit="good"), False),
        (over, over, False),
    ):
        query = f"to={held.to}&expires={held.expires}&sig={signature(KEY, given)}"
        assert (told in (await visitor.read(f"{FIRING}?{query}")).text) is not holds
    assert told in (await visitor.read(f"{FIRING}?sig=x&expires=never")).text
    assert told not in (await visitor.read(FIRING)).text


async def test_a_hidden_number_is_hidden_everywhere(shop: Workshop, visitor: Visitor) -> None:
    """Where the latest word is that a value is hidden, no page tells the one of before."""
    (hidden,) = group("bad", None, TODAY).metrics.values()
    now = told("bad", BAD, revision=5, parent="ifo")
    await shop.hear([replace(now, metrics=dict.fromkeys(now.metrics, hidden))])
    for path in ("/board/units/bad", "/board/promises?metric=leaver_rate_own_request&text=bad", PATHS[6], PATHS[10]):
        shown = await visitor.read(path)
        assert "30\xa0%" not in shown.html, path
    assert "gruppen är så liten" in (await visitor.read("/board/units/bad")).text


async def test_a_plan_shows_its_actions_and_what_changed(shop: Workshop, visitor: Visitor, tmp_path: Path) -> None:
    """Owner, day, budget and cost of each action; of two versions only what they say differently."""
    write(tmp_path, "plan.yaml", PLAN.replace("above: 0.2}, clear", "above: 0.15}, clear"), datetime.now(UTC))
    await shop.look(shop.watch(tmp_path))
    shown = await visitor.read("/board/plans/plan")
    for said in ("Stabil personal", "Mentor till alla nya", "31 maj 2026", "250\xa0000 kr", "beslutad"):
        assert said in shown.text
    assert "högst 20\xa0%; larmet avslutas under 10\xa0%" in shown.text
    assert "högst 15\xa0%; larmet avslutas under 10\xa0%" in shown.text
    assert "Åtgärd: mentor" not in shown.text


async def test_what_nobody_knows_is_a_page_with_the_nearest_name(visitor: Visitor) -> None:
    """404 in words, with what may have been meant."""
    unit = await visitor.read("/board/units/goood", 404)
    assert "Menade du Enheten good?" in unit.text
    assert {"href": "/board/units/good"} in unit.of("a")
    metric = await visitor.read("/board/metrics/headcnt?unit=bad", 404)
    assert "Menade du Tillsvidareanställda?" in metric.text
    for path in ("/board/plans/no", "/board/alerts/plan/no/bad", "/board/nothing/here"):
        await visitor.read(path, 404)
    await visitor.read("/board/promises?state=no", 400)
    await visitor.read("/board/units/%00", 400)


async def test_the_metrics_service_is_away(shop: Workshop) -> None:
    """The page says so, and shows what alerts knows."""
    visitor = Visitor(shop, Asked(away))
    for path in ("/board/units/bad", "/board/metrics/leaver_rate_own_request?unit=bad", "/board/data"):
        shown = await visitor.read(path)
        assert "svarar inte just nu" in shown.text
    assert "30\xa0% – över planens gräns" in (await visitor.read("/board/units/bad")).text


async def test_the_metrics_service_hangs(shop: Workshop) -> None:
    """Nobody waits for it for long, and after the first reader nobody at all."""
    async with Hanging.opened() as hanging:
        visitor = Visitor(shop, hanging)
        for _ in range(20):
            assert "svarar inte just nu" in (await visitor.read("/board/units/bad")).text


async def test_reading_changes_nothing(shop: Workshop, visitor: Visitor) -> None:
    """A hundred visits of every page, as mail scanners make them, leave each table as it was."""
    tables = [name for (name,) in await shop.rows("select tablename from pg_tables where schemaname = 'alerts'")]

    async def content() -> dict[str, object]:
        return {name: sorted(map(str, await shop.rows(f"table {name}"))) for name in tables}

    before = await content()
    for _ in range(100 // len(PATHS) + 1):
        for path in PATHS:
            await visitor.read(path)
    assert await content() == before


async def test_the_language_is_remembered_and_leads_back(visitor: Visitor) -> None:
    """By a cookie; to the page that it was chosen on, and nowhere else."""
    for back, led in (("/board/plans?x=1", "/board/plans?x=1"), ("https://evil.example/board/", "/board/")):
        answer = await visitor.http.post("/board/language", data={"language": "en", "back": back})
        assert (answer.status_code, answer.headers["location"]) == (303, led)
    assert (await visitor.read("/board/plans")).of("html")[0]["lang"] == "en"


async def test_a_hostile_name_is_shown_as_it_is_written(shop: Workshop, visitor: Visitor) -> None:
    """A unit's name is text on every page that shows it."""
    await shop.hear([replace(told("bad", BAD, revision=9, parent="ifo"), unit_name=HOSTILE)])
    for path in ("/board/?find=script", "/board/units/bad", "/board/units/ifo", "/board/promises", PATHS[6], PATHS[10]):
        shown = await visitor.read(path)
        assert shown.of("script", "img") == []
        assert "<script>alert(1)" in shown.text


async def send(visitor: Visitor, path: str, headers: dict[str, str] | None = None, **fields: str) -> httpx.Response:
    """A form of the board, sent."""
    return await visitor.http.post(path, data=fields, headers=headers)


async def test_what_people_do_is_done_and_shown(visitor: Visitor) -> None:
    """Taken on, assigned, commented on and snoozed by forms alone; the unit, the table and the alert tell of it."""
    until = f"{TODAY + timedelta(14)}"
    for fields in (
        {"do": "acknowledge", "note": "Jag ringer HR", "until": until},
        {"do": "assign", "to": "Maria"},
        {"do": "comment", "note": HOSTILE},
        {"do": "snooze", "until": until, "note": "semester"},
    ):
        answer = await send(visitor, FIRING, key=str(fields["do"]), **fields)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{FIRING}#handling")
    shown = await visitor.read(FIRING)
    for said in ("Någon tar hand om det till den 14 juli 2026.", "Tilldelat Maria.", "Pausat till den 14 juli 2026"):
        assert said in shown.text
        assert said in (await visitor.read("/board/units/bad")).text
        assert said in (await visitor.read("/board/promises?state=firing")).text
    assert "Jag tar inte längre hand om det" in shown.text
    assert "<script>alert(1)" in shown.text
    assert shown.of("script", "img") == []
    for do in ("unacknowledge", "unsnooze"):
        await send(visitor, FIRING, key=do, do=do)
    assert "tar hand om det till" not in (await visitor.read(FIRING)).text


async def test_a_form_sent_again_is_done_once(shop: Workshop, visitor: Visitor) -> None:
    """By its key; the same key with something else is refused, in words, and what was written is still there."""
    for _ in range(3):
        assert (await send(visitor, FIRING, key="k", do="comment", note="en gång")).status_code == 303
    assert await shop.rows("select count(*) from handlings") == [(1,)]
    answer = await send(visitor, FIRING, key="k", do="comment", note="något annat")
    assert answer.status_code == 422
    assert "larmet har ändrats sedan sidan visades" in answer.text
    assert ">något annat</textarea>" in answer.text
    assert await shop.rows("select count(*) from handlings") == [(1,)]


async def test_a_metric_is_told_before_and_after_what_began(shop: Workshop, visitor: Visitor) -> None:
    """By what was said of the measure that should move it: a line, the limits of before, and a sentence."""
    path = "/board/metrics/leaver_rate_own_request?unit=bad"
    assert "Sedan" not in (await visitor.read(path)).text
    await send(visitor, "/board/plans/plan", key="k", measure="mentor", status="started", note="", since="2025-06-10")
    shown = await visitor.read(path)
    assert "Sedan 10 juni 2025: ingen bestående förändring syns." in shown.text
    assert "10 juni 2025: Mentor till alla nya." in shown.text
    assert "Normal variation före starten" in shown.text


async def test_the_control_chart_says_whether_it_is_chance_where_there_is_no_interval(
    shop: Workshop, visitor: Visitor
) -> None:
    """By the latest month of the unit; while the metrics service is away, that it may be."""
    now = told("bad", BAD, revision=2, parent="ifo")
    bare = {name: replace(value, low=None, high=None) for name, value in now.metrics.items()}
    await shop.hear([replace(now, metrics=bare)])
    for path in ("/board/alerts/plan/sickness/bad", "/board/units/bad", "/board/metrics/sick_rate?unit=bad"):
        said = (await visitor.read(path)).text.replace("\N{NO-BREAK SPACE}", " ")
        assert "Kan vara slump: juni 2026, 12 %, ligger inom enhetens normala variation, 12 % till 12 %." in said, path
        without = (await Visitor(shop, Asked(away)).read(path)).text
        assert "Månaderna går upp och ned av sig själva. Om det är mer än slump visar enhetens styrdiagram." in without
        assert "Kan vara slump: juni" not in without


@pytest.mark.parametrize(
    ("metric", "answer"),
    [("agency_share", "Slumpen har ingen del i talet: det räknar allt som är."), ("leaver_rate_own_request", "")],
)
async def test_the_page_of_a_metric_says_whether_chance_enters(
    shop: Workshop, visitor: Visitor, metric: str, answer: str
) -> None:
    """Not of a count of what is; of one with an interval that says it."""
    now = told("bad", BAD, revision=2, parent="ifo")
    consultants = replace(now.metrics["sick_rate"], definition="stadga:agency_share:1", low=None, high=None)
    await shop.hear([replace(now, metrics=now.metrics | {"agency_share": consultants})])
    shown = (await visitor.read(f"/board/metrics/{metric}?unit=bad")).text
    assert ("Kan det vara slump?" in shown) is bool(answer)
    assert answer in shown


@pytest.mark.parametrize(
    "fields",
    [
        {"do": "comment"},
        {"do": "comment", "note": "x" * 1001},
        {"do": "snooze", "note": "utan dag"},
        {"do": "snooze", "note": "då", "until": "2026-06-01"},
        {"do": "snooze", "note": "då", "until": "i morgon"},
        {"do": "assign", "to": ""},
        {"do": "unacknowledge"},
        {"do": "nothing"},
        {},
    ],
)
async def test_what_cannot_be_done_is_said(shop: Workshop, visitor: Visitor, fields: dict[str, str]) -> None:
    """The page again, with why, and nothing is kept."""
    answer = await send(visitor, FIRING, **fields)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert await shop.rows("select count(*) from handlings") == [(0,)]


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
@pytest.mark.parametrize("path", [FIRING, "/board/plans/plan"])
async def test_a_form_of_another_page_does_nothing(
    shop: Workshop, visitor: Visitor, path: str, headers: dict[str, str]
) -> None:
    """Wherever a browser says that it comes from, if that is not here."""
    answer = await send(visitor, path, headers, do="comment", note="x", measure="mentor", status="done")
    assert answer.status_code == 403
    assert "från en annan sida" in answer.text
    assert await shop.rows("select (select count(*) from handlings) + (select count(*) from measure_updates)") == [(0,)]


async def test_a_plan_s_action_gets_a_status(shop: Workshop, visitor: Visitor) -> None:
    """With a note, by whom and since when; sent twice it is one row, and every page says it from then on."""
    for _ in range(2):
        said = {"measure": "mentor", "status": "evaluated", "note": "Det hjälpte", "since": f"{TODAY}"}
        answer = await send(visitor, "/board/plans/plan", key="k", **said)
        assert answer.status_code == 303
    assert await shop.rows("select count(*) from measure_updates") == [(1,)]
    shown = await visitor.read("/board/plans/plan")
    assert "Utvärderad 30 juni 2026" in shown.text
    assert "Det hjälpte" in shown.text
    assert "Någon" in shown.text
    assert "dagen har passerat" not in (await visitor.read("/board/units/bad")).text
    await send(visitor, "/board/plans/plan", key="k2", measure="mentor", status="started", note="", since="2026-06-01")
    assert "Utvärderad 30 juni 2026" in (await visitor.read("/board/plans/plan")).text


@pytest.mark.parametrize(
    "fields",
    [
        {"measure": "mentr", "status": "done"},
        {"measure": "mentor", "status": "finished"},
        {"measure": "mentor", "status": "done", "since": "2027-01-01"},
        {"measure": "mentor", "status": "done", "since": "0001-01-01"},
        {"measure": "mentor", "status": "done", "since": "x"},
        {"measure": "mentor", "status": "done", "note": "x" * 1001},
    ],
)
async def test_a_status_that_cannot_be_is_said(shop: Workshop, visitor: Visitor, fields: dict[str, str]) -> None:
    """The page again, with why, and nothing is kept."""
    answer = await send(visitor, "/board/plans/plan", **fields)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert await shop.rows("select count(*) from measure_updates") == [(0,)]


async def test_the_access_log_is_filtered_by_days_of_its_reader_and_paged(shop: Workshop, visitor: Visitor) -> None:
    """A day begins at midnight where the reader is; no entry is shown twice and none lost over the pages."""
    midnight = datetime(2026, 6, 29, 22, tzinfo=UTC)
    rows = [
        Look(id=uuid4(), at=midnight + timedelta(seconds=n), who=f"u-{n}", name=f"Reader {n}", through="session",
             method="GET", route="/board/units/{unit}", unit="bad", metric=None, status=200)
        for n in range(-1, 150)
    ]  # fmt: skip
    journal = Journal(shop.clock, 400)
    for row in rows:
        journal.note(row)
    keeping = asyncio.create_task(journal.keep(shop.pool))

    async def written() -> bool:
        return await shop.rows("select count(*) from access_log") == [(len(rows),)]

    await until(written, "the entries to be kept")
    keeping.cancel()
    first = await visitor.read("/board/access-log?from=2026-06-30&to=2026-06-30&unit=bad")
    second = await visitor.read(next(link["href"] or "" for link in first.of("a") if link.get("rel") == "next"))
    seen = [name for shown in (first, second) for name in re.findall(r"who=(u-\d+)", shown.html)]
    assert (len(seen), set(seen)) == (150, {row.who for row in rows[1:]})
    assert "u--1" not in first.html + second.html
    assert "Ingen har tittat" in (await visitor.read("/board/access-log?to=2026-06-01")).text
    for question in ("from=x", "to=9999-12-31", "after=x"):
        await visitor.read(f"/board/access-log?{question}", 400)
