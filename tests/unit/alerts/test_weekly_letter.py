"""The weekly summary as a mail, in both languages."""

from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from msgspec.structs import replace

from services.alerts.domain.letter.bundle import Bundle
from services.alerts.domain.letter.weekly import weekly_bundle
from services.alerts.domain.letter.weekly_words import WORDS
from services.alerts.domain.trend.finding import Ruled
from services.alerts.domain.weekly.gathering import Record, weekly
from services.alerts.domain.weekly.weekly import Weekly
from services.alerts.notifiers.email.layout import as_html, as_text
from services.alerts.notifiers.email.letter import LetterRecipient, sender, weekly_letter
from shared.language.language import Language
from shared.language.phrase import fields
from tests.unit.alerts.board.test_words import texts
from tests.unit.alerts.test_bundle import GMAIL_CUTS
from tests.unit.alerts.test_message import Page
from tests.unit.alerts.test_message_letter import Tags
from tests.unit.alerts.weeks import EVENTFUL, PLAN, ahead, record, step, telling, view

MAILS = Path(__file__).parent / "mails"
LANGUAGES: tuple[Language, ...] = get_args(Language)
STADGA = sender("Stadga <stadga@kommun.example>")
NOTHING_DUE = replace(PLAN, measures={})


def told(of: Record = EVENTFUL, plan: object = PLAN) -> Weekly:
    """The director's, who is told of the whole plan."""
    found = weekly(plan if plan is NOTHING_DUE else PLAN, of, telling("director"))
    assert found
    return found


def said(language: Language, of: Weekly) -> Bundle:
    """In words, as it is read back from the outbox."""
    return weekly_bundle(msgspec.json.decode(msgspec.json.encode(of), type=Weekly), "director", language)


def mail(of: Weekly, language: Language = "sv") -> EmailMessage:
    """As it leaves; the same every time."""
    to = LetterRecipient("director", "direktor@kommun.example", language)
    (body,) = {weekly_letter(of, to, STADGA).body for _ in range(2)}
    return message_from_bytes(body, policy=policy.default)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("week", ["weekly", "weekly_quiet"])
def test_reads_as_the_kept_mail_does(week: str, language: Language):
    """Subject and plain text are, word for word, those in ``mails/``."""
    made = said(language, told() if week == "weekly" else told(record(), NOTHING_DUE))
    kept = (MAILS / f"{week}-{language}.txt").read_text(encoding="utf-8")
    assert f"Subject: {made.subject}\n\n{as_text(made)}" == kept


@pytest.mark.parametrize("language", LANGUAGES)
def test_html_says_what_the_text_says(language: Language):
    """Its tags close, it fetches nothing, and leads to each alert, to all of them, and to its end."""
    week = told()
    made = said(language, week)
    page = Page(as_html(made))
    assert page.open == []
    assert "img" not in page.tags
    assert set(page.links) == {made.link, week.leave, *(one.link for one in week.alerts)}
    lines = [line for section in made.sections for line in section.lines]
    parts = [made.headline, made.lead, *(line.text for one in lines for line in (one, *one.below))]
    assert [part for part in parts if " ".join(part.split()) not in page.text] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_nothing_is_watched_it_does_not_say_that_all_is_well(language: Language):
    """No unit of the plan is known: the mail says so, in place of a quiet week."""
    made = said(language, told(record()._replace(watched=[]), NOTHING_DUE))
    assert made.headline == WORDS[language].unwatched_headline
    assert made.lead == WORDS[language].unwatched_lead
    assert said(language, told(record()._replace(watched=[]))).lead.startswith(WORDS[language].unwatched_lead)


def test_each_language_says_everything_and_the_same():
    """No text is missing, and a pattern speaks of the same facts in both languages."""
    swedish, english = (dict(texts(msgspec.structs.asdict(WORDS[language]))) for language in LANGUAGES)
    assert all([*swedish.values(), *english.values()])
    assert {at: fields(text) for at, text in swedish.items()} == {at: fields(text) for at, text in english.items()}


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("sv", "18 %: 8 månader i rad, från april 2026, över medelvärdet 10 % före den 1 januari 2026"),
        ("en", "18%: 8 months in a row, from April 2026, above the mean before 1 January 2026, 10%"),
    ],
)
def test_a_target_without_a_limit_tells_what_its_chart_tells(language: Language, line: str):
    """In place of a value past a limit."""
    since = date(2026, 1, 1)
    ruled = Ruled(
        kind="shift",
        upwards=True,
        since=since,
        told="breach",
        before=24,
        known=11,
        hidden=0,
        mean=0.1,
        lower=0.05,
        upper=0.15,
        run=8,
        first=date(2026, 4, 30),
    )
    of = record(view("farsta", threshold=None, ruled=ruled))
    text = as_text(said(language, told(of, NOTHING_DUE))).replace("\N{NO-BREAK SPACE}", " ")
    assert line in " ".join(text.split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_small_group_has_no_number_anywhere(language: Language):
    """Nor in the HTML, the subject, or the JSON that waits."""
    small = {"status": "suppressed", "value": 0.4711}
    week = told(record(view("farsta", **small), steps=[step(view("vantor", state="ok", **small), "resolved")]))
    made = said(language, week)
    for text in (made.subject, as_text(made), as_html(made), msgspec.json.encode(week).decode()):
        assert "47.1" not in text
        assert "47,1" not in text
        assert "0.4711" not in text


def test_the_largest_is_read_whole():
    """A hundred of each kind: forty are listed, the rest counted, and no reader cuts it off."""
    units = [f"u{number}" for number in range(100)]
    over = [step(view(f"slut-{unit}", state="ok"), "resolved") for unit in units]
    new = [step(view(f"ny-{unit}"), "hold_met") for unit in units]
    views = [view(f"{kind}{unit}") for unit in units for kind in ("", "ny-")]
    made = said("sv", told(record(*views, *(ahead(f"sen-{unit}") for unit in units), steps=[*new, *over])))
    assert [section.lines[-1].text for section in made.sections[:4]] == ["och 60 till"] * 4
    assert made.subject.startswith("Veckan: 100 nya larm, 100 larm som pågår, 100 förvarningar, 100 avslutade larm")
    assert len(as_html(made).encode()) < GMAIL_CUTS


def test_a_mail_program_can_end_it():
    """By the two headers of RFC 8058; the address is on one line, and the button in the mail leads there too."""
    week = replace(told(), leave="https://stadga.example/unsubscribe/p/director?sig=" + "x" * 200)
    made = mail(week)
    assert (made["List-Unsubscribe"], made["List-Unsubscribe-Post"]) == (
        f"<{week.leave}>",
        "List-Unsubscribe=One-Click",
    )
    raw = weekly_letter(week, LetterRecipient("director", "d@k.example", "sv"), STADGA).body
    assert f"\r\nList-Unsubscribe: <{week.leave}>\r\n".encode() in raw


def test_it_is_a_mail_like_the_others():
    """It has an identity that a repeat keeps, replies to nothing, and is dated by its decision in local time."""
    made = mail(told())
    assert (made["To"], made["In-Reply-To"], made["Auto-Submitted"]) == (
        "direktor@kommun.example",
        None,
        "auto-generated",
    )
    assert made["Date"].datetime.isoformat() == "2026-11-30T08:00:00+01:00"


def test_foreign_text_is_text():
    """Names of units, actions and people can break neither a header nor the HTML."""
    evil = "<script>x</script>\r\nBcc: a@b.se"
    named = record(view("farsta", unit_name=evil, occupation=evil, metric=evil))
    week = replace(told(named), plan_title={"sv": evil}, actions=told().actions)
    week = replace(week, actions=tuple(replace(one, title={"sv": evil}, owner=evil) for one in week.actions))
    made = mail(week)
    assert made["Bcc"] is None
    html = made.get_body(("html",))
    assert html is not None
    assert "script" not in Tags(html.get_content()).names


def test_other_mails_cannot_be_ended():
    """Alerts are not a newsletter."""
    bundle = Bundle("sv", "s", "good", "b", "h", "w", "l", (), "", "https://k", "o", ())
    assert bundle.leave is None
    assert "unsubscribe" not in as_html(bundle) + as_text(bundle)
