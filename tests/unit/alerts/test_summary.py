"""One mail in the place of many, in both languages."""

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest

from services.alerts.domain.letter.summary import NAMED, HeldNotice, Summary, summarised, summary
from services.alerts.notifiers.email.layout import as_text
from services.alerts.notifiers.email.letter import LetterRecipient, digest, sender
from shared.language.language import Language

DECIDED = datetime(2026, 10, 10, 8, 0, tzinfo=UTC)
LINK = "https://board.kommun.example/alerts?plan=p&unit=u"
MANY: list[HeldNotice] = [
    *(HeldNotice("hold_met", f"Enhet {n}", LINK, "Europe/Stockholm") for n in range(NAMED + 2)),
    HeldNotice("resolved", "*", LINK, "Europe/Stockholm"),
]
TOLD = summary("summary_1", MANY, 60, DECIDED)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "sv",
            (
                "15 besked till från Stadga i ett mejl",
                "ersätter 15 besked",
                "fler än 60 mejl i timmen",
                "Larm: 14",
                "och 2 enheter till",
                "Avslutat: 1\nHela kommunen",
                "Visa alla larm: https://board.kommun.example/alerts\n",
            ),
        ),
        (
            "en",
            (
                "15 more notices from Stadga in one mail",
                "takes the place of 15 notices",
                "more than 60 mails an hour",
                "Alert: 14",
                "and 2 more units",
                "Resolved: 1\nThe whole municipality",
                "Show all alerts: https://board.kommun.example/alerts\n",
            ),
        ),
    ],
)
def test_the_summary_names_how_many_and_where_to_look(language: Language, said: tuple[str, ...]):
    """How many notices of which kind, about which units, why they come together, and where they all are."""
    message = summarised(TOLD, "hr", language)
    text = f"{message.subject}\n{as_text(message)}"
    assert [part for part in said if part not in text] == []


def test_the_summary_is_a_mail_like_the_others():
    """It has an identity that a repeat keeps, replies to nothing, and tells that a machine wrote it."""
    bodies = {
        digest(TOLD, LetterRecipient("hr", "hr@kommun.example", "sv"), sender("stadga@k.example")).body for _ in "ab"
    }
    (body,) = bodies
    mail = message_from_bytes(body, policy=policy.default)
    assert (mail["To"], mail["In-Reply-To"], mail["Auto-Submitted"]) == ("hr@kommun.example", None, "auto-generated")
    assert mail["Message-ID"].endswith("@k.example>")
    assert mail.get_body(("html",)) is not None


def test_units_that_are_told_of_twice_are_counted_once():
    """The units of a kind are distinct; its notices are all counted."""
    twice = summary("s", [MANY[0], MANY[0], MANY[1]], 1, DECIDED)
    assert isinstance(twice, Summary)
    assert [(one.count, one.units, one.others) for one in twice.notices] == [(3, ("Enhet 0", "Enhet 1"), 0)]
