"""What a page may not do: run what somebody wrote into a name, carry styles or scripts of its own, lead elsewhere."""

import re
from datetime import UTC, date, datetime
from importlib.resources import files

import msgspec
import pytest

from services.alerts.backtests import Tried
from services.alerts.board.answer import POLICY, language, page
from services.alerts.board.drawing import Drawing, Label
from services.alerts.board.links import own
from services.alerts.board.orders import Forms
from services.alerts.board.pages import backtest
from services.alerts.board.pages.access_log import LookRow
from services.alerts.board.pages.alert import DayRow, DoneRow, MailRow, StepRow
from services.alerts.board.pages.evaluation import Answer, UnitRow
from services.alerts.board.pages.metric import SiblingRow, ValueNow
from services.alerts.board.pages.plan import ActionRow, Difference, TargetRow, ToldRow
from services.alerts.board.promise import ActionLine, PromisePart, promise_line
from services.alerts.board.sent import form
from services.alerts.domain.backtest.document import Backtest
from services.alerts.domain.backtest.words import WORDS as BACKTEST_WORDS
from services.alerts.domain.evaluation.telling import WORDS, EvaluationText
from services.alerts.domain.plan.plan import Plan, Unit, Version
from services.alerts.repository.board import PlanVersion
from shared.contracts.catalogue import BY_NAME
from shared.kit.access.guard import FORM, ElsewhereError
from tests.unit.alerts.board.pages import HOSTILE, TODAY, VIEW, Page, asked, laid_out, to

TEMPLATES = sorted((files("services.alerts.board") / "templates").iterdir(), key=lambda one: one.name)
NAMED = msgspec.structs.replace(VIEW, unit=HOSTILE, unit_name=HOSTILE, occupation=HOSTILE, plan=HOSTILE, target=HOSTILE)


def hostile_pages() -> dict[str, Page]:
    """Every page that shows what others wrote, with something hostile wherever they may write."""
    line, unit = promise_line(NAMED, to()), Unit(HOSTILE, HOSTILE, (HOSTILE, "*"))
    done = (ActionLine(HOSTILE, (HOSTILE,), True),)
    now = datetime(2026, 6, 30, tzinfo=UTC)
    plan = Plan(HOSTILE, {"sv": HOSTILE}, "UTC", "sv", (), "*", {}, {}, {}, {})
    versions = [PlanVersion(number, plan, now, None, HOSTILE) for number in (2, 1)]
    action = ActionRow(*[HOSTILE] * 3, "", (HOSTILE,), "", "", "", HOSTILE, "", (HOSTILE,))
    value = ValueNow(*[HOSTILE] * 7)
    sibling = SiblingRow("/board/metrics/x", HOSTILE, "1", "", HOSTILE, 50, True)
    return {
        "unit": laid_out(
            "unit.html", title=HOSTILE, unit=unit, above=unit, below=[unit], firing=1, away=True, today=TODAY,
            promises=[PromisePart(line, HOSTILE, None, done, ((HOSTILE, HOSTILE, True),))],
        ),
        "start": laid_out(
            "start.html", find=HOSTILE, found=[unit], everything=True, top=[unit], counts={"firing": 1}, lines=[line],
            today=TODAY,
        ),
        "alert": laid_out(
            "alert.html", title=HOSTILE, view=NAMED, line=line, plan_title=HOSTILE, meaning="", behind=HOSTILE,
            ends=HOSTILE, drawing=None, days=[DayRow(*[HOSTILE] * 4)], actions=done, today=TODAY,
            steps=[StepRow(HOSTILE, "firing", *[HOSTILE] * 2)], mails=[MailRow(*[HOSTILE] * 4)],
            done=[DoneRow(*[HOSTILE] * 4)], forms=Forms("k", True, False, False, (HOSTILE,)), refused=HOSTILE,
            link_over=True,
            sent={"do": "snooze", "note": HOSTILE, "until": HOSTILE},
        ),
        "plan": laid_out(
            "plan.html", title=HOSTILE, running=Version(plan, 2, HOSTILE, "", now, now), actions=[action],
            targets=[TargetRow("m", *[HOSTILE] * 3, (HOSTILE,), "/board/plans/x/backtests/y")],
            versions=versions, compared=tuple(versions),
            told=[ToldRow(*[HOSTILE] * 5)], statuses=[("done", HOSTILE)], key="k",
            sent={"note": HOSTILE, "since": HOSTILE}, may_say=True,
            differences=[Difference(*[HOSTILE] * 3)], today=TODAY,
        ),
        "evaluation": laid_out(
            "evaluation.html", title=HOSTILE, plan=plan, said=WORDS["sv"], away=True, today=TODAY,
            answers=[Answer(HOSTILE, EvaluationText(*[HOSTILE] * 4, [HOSTILE], [HOSTILE], HOSTILE),
                Drawing(HOSTILE, [], [], [], [], [Label(1, HOSTILE)], []), [], [UnitRow(*[HOSTILE] * 3)])],
        ),
        "backtest": laid_out(
            "backtest.html", title=HOSTILE, plan=plan, promise=HOSTILE, ends=True, adapted=True, refused=True, most=40,
            form=backtest.Form(HOSTILE, HOSTILE, True, HOSTILE), flap_days=90, said=BACKTEST_WORDS["sv"],
            tried=Tried(Backtest(TODAY, TODAY, []), TODAY, [unit], [unit]), by_month=HOSTILE, span=(HOSTILE, HOSTILE),
            sums=[backtest.Row(*[HOSTILE] * 3)], mails=[backtest.Row(*[HOSTILE] * 3)], quiet=1, unjudged=2,
            years=[50.0], today=TODAY,
            rows=[backtest.UnitRow(HOSTILE, HOSTILE, ([backtest.Spell(1, 2)], []), ([HOSTILE], []))],
        ),
        "metric": laid_out(
            "metric.html", title=HOSTILE, unit=unit, metric=BY_NAME["headcount"], said=HOSTILE, chart=None,
            chance=HOSTILE, away=False,
            value=value, own=True, intervals=True, siblings=[sibling], metrics=[("headcount", HOSTILE)], today=TODAY,
        ),
        "data": laid_out(
            "data.html", sources=[], unknown=[HOSTILE], deliveries=[(HOSTILE,) * 5], anomalies=[(HOSTILE, 1)],
            aside=[(HOSTILE, HOSTILE, 1, HOSTILE)], hidden=[(HOSTILE, HOSTILE, 1, "/board/")], mails=[(HOSTILE, 1)],
            away=False, today=TODAY,
        ),
        "access log": laid_out(
            "access-log.html", title=HOSTILE, rows=[LookRow(*[HOSTILE] * 6, True)], filtered=True, later=True,
            asked={"from": "", "to": "", "who": HOSTILE, "unit": HOSTILE}, first="/", more="/", file="/",
        ),
        "refusal": laid_out("refusal.html", title=HOSTILE, says=HOSTILE, near=("/board/", HOSTILE)),
    }  # fmt: skip


@pytest.mark.parametrize(("name", "shown"), hostile_pages().items())
def test_what_others_wrote_is_text(name: str, shown: Page) -> None:
    """Names, titles, notes and references are shown as they are written, and are neither elements nor code."""
    assert "alert(1)" in shown.text, name
    assert shown.of("script", "img", "iframe", "style") == []
    attributes = [attribute for _, element in shown.elements for attribute in element]
    assert not [one for one in attributes if one.startswith("on") or one == "style"]
    assert "49" not in shown.text


def test_a_page_explains_what_it_shows() -> None:
    """How many alerts chance alone explains is told by the command: the board has no such number, and no word of it."""
    shown = hostile_pages()["backtest"].text
    assert BACKTEST_WORDS["sv"].notes[0] in shown
    assert "slump" not in shown


@pytest.mark.parametrize(("name", "shown"), hostile_pages().items())
def test_every_page_can_be_used(name: str, shown: Page) -> None:
    """Each input has a label, each picture a text, each table a caption; ids are of one element each."""
    assert shown.unlabelled() == [], name
    pictures = [one for one in shown.of("svg") if one.get("role") == "img"]
    assert all(one.get("aria-label") for one in pictures)
    assert len(shown.of("table")) == len(shown.of("caption"))
    ids = [one["id"] for _, one in shown.elements if "id" in one]
    assert len(ids) == len(set(ids))
    assert len(shown.of("h1")) == 1
    assert shown.of("html")[0]["lang"] == "sv"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: one.name)
def test_nothing_is_written_into_a_page_that_its_policy_forbids(template: object) -> None:
    """No style, no script, no handler, nothing of another origin, and nothing that is not escaped."""
    text = template.read_text("utf-8")
    assert not re.search(r"\sstyle=|<style|<script|javascript:|\son\w+=|https?://|\|\s*safe|autoescape", text)


def test_the_policy_lets_a_page_load_its_own_alone() -> None:
    """Neither inline scripts and styles nor other origins, nor forms that lead elsewhere, nor frames."""
    answer = page(asked(), to(), "refusal.html", "x", says="", near=None)
    assert answer.headers["content-security-policy"] == POLICY
    assert "unsafe" not in POLICY
    for part in ("default-src 'none'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert part in POLICY


def test_of_who_is_signed_in_forms_lead_to_the_provider_as_well() -> None:
    """Signing out does; a browser would stop on the way there otherwise. Nothing else is loaded from it."""
    request = asked()
    request.scope["state"][FORM] = "token", "https://idp.example"
    answer = page(request, to(), "refusal.html", "x", says="", near=None)
    assert answer.headers["content-security-policy"] == f"{POLICY} https://idp.example"
    assert POLICY.endswith("; form-action 'self'")
    assert answer.headers["referrer-policy"] == "same-origin", "without a referrer Chromium sends forms of origin null"


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example/board/",
        "//evil.example/board/",
        "/board//evil.example",
        "/board/\\evil.example",
        "/v1/plans",
        "board/",
        "/board/\r\nset-cookie: x=y",
        "/board/../v1/plans//",
        "",
    ],
)
def test_nobody_is_led_elsewhere(path: str) -> None:
    """The page to go back to is one of the board's own."""
    assert not own(path)


@pytest.mark.parametrize("path", ["/board/", "/board/promises?state=firing&page=2", "/board/units/a%2Fb"])
def test_own_pages_are_led_back_to(path: str) -> None:
    """With their question."""
    assert own(path)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, "sv"),
        ({"accept_language": "en-GB,en;q=0.9,sv;q=0.5"}, "en"),
        ({"accept_language": "de,sv;q=0.5,en;q=0.3"}, "sv"),
        ({"accept_language": "fi"}, "sv"),
        ({"accept_language": "en", "cookie": "board_language=sv"}, "sv"),
        ({"cookie": "board_language=<script>"}, "sv"),
    ],
)
def test_language(headers: dict[str, str], expected: str) -> None:
    """The visitor's choice goes before their browser's, and Swedish is what is left."""
    assert language(asked(**headers)) == expected


def test_a_day_is_written_in_the_language_of_the_page() -> None:
    """Swedish with Swedish, English with English."""
    assert (to("sv").day(date(2026, 6, 1)), to("en").day(date(2026, 6, 1))) == ("1 juni 2026", "1 June 2026")


@pytest.mark.parametrize(
    ("address", "origin", "taken"),
    [
        ("https://stadga.example", "https://stadga.example", True),
        ("https://stadga.example", "http://localhost", False),
        ("https://stadga.example", "null", False),
        ("", "http://localhost", True),
        ("", "https://evil.example", False),
    ],
)
async def test_a_form_comes_from_where_people_reach_the_board(address: str, origin: str, taken: bool) -> None:
    """A proxy may ask under another host than the browser's: then the address that is set counts, and it alone."""
    request = asked(host="localhost", origin=origin)
    if taken:
        assert await form(request, address) == {}
    else:
        with pytest.raises(ElsewhereError):
            await form(request, address)
