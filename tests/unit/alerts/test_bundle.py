"""One mail of several notices, in both languages: readable however many there are, and as ever where there is one."""

from email import message_from_bytes, policy
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings

from services.alerts.domain.alert.occasion import Correction, Occasion
from services.alerts.domain.letter.bundle import FULL, LISTED, Bundle, bundled
from services.alerts.domain.letter.entries import Notice, Surroundings
from services.alerts.domain.letter.message import message
from services.alerts.notifiers.email.layout import as_html, as_text
from services.alerts.notifiers.email.letter import LetterRecipient, letter, sender, several
from shared.language.language import Language
from tests.unit.alerts.occasions import FIRING, TURNS, occasion
from tests.unit.alerts.test_message import Page
from tests.unit.alerts.test_message_letter import ANY, Tags

MAILS = Path(__file__).parent / "mails"
LANGUAGES: tuple[Language, ...] = ("sv", "en")
HR = LetterRecipient("hr", "hr@kommun.example", "sv")
STADGA = sender("Stadga <stadga@kommun.example>")
ABOVE = {"enskede": ("*",), "enskede-norr": ("enskede", "*"), "farsta": ("*",), "farsta-ungdom": ("farsta", "*")}
AROUND = Surroundings(open=7, units=5, watched=12, above=ABOVE, only=frozenset({"farsta-ungdom"}))
GMAIL_CUTS = 102_400
"""Bytes of HTML after which the most used reader hides the rest."""


def about(unit: str, value: float, metric: str = "leaver_rate_own_request", **fields: object) -> Occasion:
    """A breach of a unit that its id is the name of."""
    measured = msgspec.structs.replace(FIRING, value=value)
    own = {
        "unit": unit,
        "unit_name": unit.replace("-", " ").title(),
        "measured": measured,
        "episode": f"{unit} {metric}",
    }
    link = f"https://stadga.kommun.example/v1/alerts?plan=socialsekreterare-2026&unit={unit}"
    return occasion(**{**own, "metric": metric, "target": metric, "link": link, **fields})


def said(given_occasions: list[Occasion], language: Language = "sv", around: Surroundings = AROUND) -> Bundle:
    """The mail of several."""
    made = bundled([Notice(one, message(one, "hr", language)) for one in given_occasions], around, {"hr"}, language)
    assert isinstance(made, Bundle)
    return made


FEW = [
    about("farsta", 0.35),
    about("farsta-ungdom", 0.35),
    about("enskede", 0.25),
    about("enskede-norr", 0.3),
    about("vantör", 0.2, "sick_rate"),
    occasion("expected_breach", unit="skarpnäck", unit_name="Skarpnäck", episode="e", **TURNS["expected_breach"]),
    about("hägersten", 0.1, reason="data_corrected", corrects=Correction(mail="m", measured=FIRING)),
    occasion("resolved", unit="älvsjö", unit_name="Älvsjö", episode="r", **TURNS["resolved"]),
]
METRICS = ("leaver_rate_own_request", "sick_rate", "agency_share", "vacancy_rate")
MANY = [about(f"enhet-{n:02}", 0.16 + n / 100, metric) for n in range(50) for metric in METRICS]


@pytest.mark.parametrize("language", LANGUAGES)
def test_reads_as_the_kept_mail_does(language: Language):
    """Subject and plain text are, word for word, those in ``mails/``."""
    made = said(FEW, language)
    kept = (MAILS / f"bundle-{language}.txt").read_text(encoding="utf-8")
    assert f"Subject: {made.subject}\n\n{as_text(made)}" == kept


@pytest.mark.parametrize("language", LANGUAGES)
def test_html_says_what_the_text_says(language: Language):
    """Its tags close, it fetches nothing, and leads to each alert."""
    made = said(FEW, language)
    page = Page(as_html(made))
    assert page.open == []
    assert "img" not in page.tags
    assert set(page.links) == {made.link, *(one.link for one in FEW if one.unit != "farsta-ungdom")}
    cards = [card for section in made.sections for card in section.cards]
    lines = [line for section in made.sections for line in section.lines]
    lines += [line for card in cards for line in card.below]
    parts = [made.headline, made.lead, *made.small_print, *(section.title for section in made.sections)]
    parts += [part for card in cards for part in (card.said.where, card.said.headline, card.said.lead, *card.heads)]
    parts += [row.text for card in cards for row in card.said.rows] + [line.text for line in lines]
    assert [part for part in parts if " ".join(part.split()) not in page.text] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_hundred_are_readable(language: Language):
    """Pictures for the first few, a line with a link for each of the rest, no more than a reader shows at once."""
    made = said(MANY, language)
    (section,) = made.sections
    assert (len(section.cards), len(section.lines), made.others) == (FULL, 200 - FULL, "")
    assert len(as_html(made).encode()) < GMAIL_CUTS
    told = [card.said.subject for card in section.cards] + [line.text for line in section.lines]
    assert set(told) == {message(one, "hr", language).subject for one in MANY}
    assert [told[0].partition(":")[0], told[-1].partition(":")[0]] == ["Enhet 49", "Enhet 00"]
    assert {line.link for line in section.lines} <= {one.link for one in MANY}


def test_what_finds_no_room_is_counted():
    """Nothing is left out in silence."""
    far = [about(f"u{n}", 0.2) for n in range(FULL + LISTED + 3)]
    assert said(far, "en").others == "3 more notices found no room here. They are where the button leads."


def test_what_lies_below_finds_no_room_either():
    """Of many units below one, some are listed, and the others counted."""
    below = [about(f"u{n:02}", 0.2) for n in range(30)]
    around = Surroundings(open=31, units=31, watched=31, above={one.unit: ("top", "*") for one in below})
    made = said([about("top", 0.2), *below], "en", around)
    assert [len(card.below) for card in made.sections[0].cards] == [20]
    assert made.sections[0].cards[0].heads == ("30 units below Top, for the same reason:",)
    assert made.others.startswith("10 more notices")


@pytest.mark.parametrize("reason", TURNS)
def test_one_alone_is_the_mail_it_always_was(reason: str):
    """Word for word, also where a plan names one mailbox twice."""
    one = occasion(reason)
    for several_times in (1, 2):
        notices = [Notice(one, message(one, "hr", "sv"))] * several_times
        assert bundled(notices, AROUND, {"hr"}, "sv") == message(one, "hr", "sv")


def test_the_mail_is_dated_and_named_by_what_is_in_it():
    """A repeat is the same, byte for byte; another bundle, or another person, makes another Message-ID."""
    made = said(FEW)
    first, repeat = (several(made, "bundle_1", FEW, HR, STADGA) for _ in range(2))
    assert first == repeat
    others = {
        several(made, "bundle_2", FEW, HR, STADGA).message_id,
        several(made, "bundle_1", FEW, LetterRecipient("hr", "chef@kommun.example", "sv"), STADGA).message_id,
        *(letter(one, HR, "hold_met", STADGA).message_id for one in FEW),
    }
    assert first.message_id not in others
    parsed = message_from_bytes(first.body, policy=policy.default)
    assert (parsed["Subject"], parsed["In-Reply-To"], parsed["Auto-Submitted"]) == (
        made.subject,
        None,
        "auto-generated",
    )
    assert [part.get_content_type() for part in parsed.iter_parts()] == ["text/plain", "text/html"]


def test_the_mail_answers_the_earlier_ones_of_its_alerts():
    """Each once, the first few: whoever sorts by thread finds the end of an alert under its beginning."""
    earlier = [f"<{n % 30:040}@kommun.example>" for n in range(60)]
    parsed = message_from_bytes(several(said(FEW), "bundle_1", FEW, HR, STADGA, earlier).body, policy=policy.default)
    assert parsed["References"].split() == parsed["In-Reply-To"].split() == earlier[:20]


@settings(max_examples=60, deadline=None)
@given(unit_name=ANY, occupation=ANY, plan=ANY, title=ANY, link=ANY, recipient=ANY)
def test_no_text_can_break_it(title: str, recipient: str, **texts: str):
    """Whatever names and titles hold, no element is added, and the mail parses."""
    several_of = [occasion(reason, plan_title={"sv": title}, **texts) for reason in TURNS]
    notices = [Notice(one, message(one, recipient, "sv")) for one in several_of]
    made = bundled(notices, AROUND, {recipient}, "sv")
    parsed = message_from_bytes(several(made, "b", several_of, HR, STADGA).body, policy=policy.default)
    assert not [part.defects for part in parsed.walk() if part.defects]
    html = parsed.get_body(("html",))
    assert html is not None
    assert "script" not in Tags(html.get_content()).names
