"""The mail as bytes: identity, headers, and what no text may do to them."""

from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.alerts.domain.alert.occasion import Occasion
from services.alerts.domain.letter.message import message
from services.alerts.notifiers.email.letter import Letter, LetterRecipient, letter, message_id, sender
from shared.kit.settings import SettingsError
from shared.language.phrase import one_line
from tests.unit.alerts.occasions import HIDDEN, MEASURES, TURNS, occasion

HR = LetterRecipient("hr", "hr@kommun.example", "sv")
STADGA = sender("Stadga <stadga@kommun.example>")
HEADERS = {
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "MIME-Version",
    "Content-Type",
    "Content-Language",
}
ANY = st.text(max_size=120) | st.sampled_from(
    [
        "Bcc: x@evil.example",
        "a\r\nBcc: x@evil.example\r\n\r\nhello",
        "\u2028X: y",
        "</td><script>alert(1)</script>",
        "{0}",
        "å" * 300,
    ]
)


def read(made: Letter) -> EmailMessage:
    """The mail as a mail client reads it."""
    parsed = message_from_bytes(made.body, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def mail(given_occasion: Occasion, recipient: LetterRecipient = HR) -> EmailMessage:
    """The first mail of its thread, read back."""
    return read(letter(given_occasion, recipient, given_occasion.reason, STADGA))


def bodies(parsed: EmailMessage) -> tuple[str, str]:
    """The plain text and the HTML."""
    text, html = parsed.iter_parts()
    return text.get_content(), html.get_content()


class Tags(HTMLParser):
    """Names of the elements of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - HTMLParser's hook
        self.names.add(tag)


@settings(max_examples=150, deadline=None)
@given(
    unit_name=ANY,
    occupation=ANY,
    plan=ANY,
    target=ANY,
    severity=ANY,
    metric=ANY,
    episode=ANY,
    title=ANY,
    owner=ANY,
    recipient=ANY,
    link=ANY,
    reason=st.sampled_from(sorted(TURNS)),
)
def test_no_text_can_break_a_mail(title: str, owner: str, recipient: str, reason: str, **texts: str) -> None:
    """Whatever names and titles hold, the mail parses, has exactly its own headers, and adds no element to the HTML."""
    measures = (msgspec.structs.replace(MEASURES[0], title={"sv": title}, owner=owner),)
    made = mail(
        occasion(reason, plan_title={"sv": title}, measures=measures, **texts),
        LetterRecipient(recipient, "hr@kommun.example", "sv"),
    )
    assert sorted(made.keys()) == sorted(HEADERS)
    assert made["To"] == "hr@kommun.example"
    assert not [part.defects for part in made.walk() if part.defects]
    text, html = bodies(made)
    assert "Stadga" in text
    assert "script" not in Tags(html).names


@settings(max_examples=60, deadline=None)
@given(unit_name=st.text(min_size=1, max_size=60), reason=st.sampled_from(sorted(TURNS)))
def test_subject_reads_back_as_it_was_said(unit_name: str, reason: str) -> None:
    """The subject of the mail as sent is, character for character, the one that was worded."""
    given_occasion = occasion(reason, unit_name=unit_name)
    said = one_line(message(given_occasion, "hr", "sv").subject)
    assert mail(given_occasion)["Subject"] == said


def test_headers_keep_robots_from_answering() -> None:
    """The mail says that a machine sent it and asks for no automatic reply."""
    made = mail(occasion())
    assert (made["Auto-Submitted"], made["X-Auto-Response-Suppress"]) == ("auto-generated", "All")


def test_mail_is_dated_by_its_decision_in_local_time() -> None:
    """Date is the instant of the decision, however late it is delivered, with the plan's offset."""
    assert mail(occasion())["Date"].datetime == datetime.fromisoformat("2026-10-10T08:14:00+02:00")


def test_same_occasion_gives_the_same_bytes() -> None:
    """A repeat is the same mail, byte for byte."""
    assert letter(occasion(), HR, "hold_met", STADGA) == letter(occasion(), HR, "hold_met", STADGA)


def test_every_mail_has_an_identity_of_its_own() -> None:
    """Episode, reason and recipient each make another Message-ID."""
    ids = {
        message_id(episode, reason, recipient, "kommun.example")
        for episode in ("e1", "e2")
        for reason in TURNS
        for recipient in ("hr", "head")
    }
    assert len(ids) == 2 * len(TURNS) * 2


def test_later_mail_answers_the_first_of_its_episode() -> None:
    """The resolved mail refers to the alert the same recipient got, so that mail clients show one thread."""
    first = mail(occasion())
    later = read(letter(occasion("resolved"), HR, "hold_met", STADGA))
    assert (later["In-Reply-To"], later["References"]) == (first["Message-ID"], first["Message-ID"])


def test_first_mail_answers_nothing() -> None:
    """The mail that begins a thread refers to no other."""
    assert mail(occasion())["In-Reply-To"] is None


def test_text_and_html_are_in_the_recipients_language() -> None:
    """Both parts and the subject are in the language of the recipient, not the plan's."""
    made = mail(occasion(), LetterRecipient("hr", "hr@kommun.example", "en"))
    text, html = bodies(made)
    assert "above the plan's limit of 15%" in made["Subject"]
    assert "Can it be chance?" in text
    assert '<html lang="en">' in html
    assert made["Content-Language"] == "en"


def test_suppressed_value_is_in_no_header() -> None:
    """A subject about a small group holds no number."""
    made = mail(occasion(metric="sick_rate", measured=HIDDEN, confirmed=None))
    assert made["Subject"] == "Barn och familj, Farsta: sjukfrånvaro – larm enligt planen (socialsekreterare)"


@pytest.mark.parametrize(
    "address", ["", "hr", "hr@", "@kommun.example", "a b@c.example", "a@b\r\nBcc: c@d", "å@b.example", "a..b@c.example"]
)
def test_address_that_cannot_be_written_to_is_refused(address: str) -> None:
    """What is not a mailbox is an error of this mail alone."""
    with pytest.raises(ValueError, match="not a mail address"):
        letter(occasion(), LetterRecipient("hr", address, "sv"), "hold_met", STADGA)


def test_domain_may_have_any_letters() -> None:
    """An international domain travels in its ASCII form."""
    made = letter(occasion(), LetterRecipient("hr", "hr@söderköping.example", "sv"), "hold_met", STADGA)
    assert made.recipient == "hr@xn--sderkping-07ae.example"


def test_bad_sender_is_named() -> None:
    """A wrong STADGA_MAIL_FROM is refused by name."""
    with pytest.raises(SettingsError, match="STADGA_MAIL_FROM='nobody'"):
        sender("nobody")
