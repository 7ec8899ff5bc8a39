"""The opening summary in both languages."""

from datetime import UTC, date, datetime
from email import message_from_bytes, policy

import pytest
from msgspec.structs import replace

from services.alerts.domain.alert.opening import OpeningNotice
from services.alerts.domain.letter.opening import NAMED, Opening, opened, summed_up
from services.alerts.domain.plan.plan import Recipient
from services.alerts.notifiers.email.layout import as_html, as_text
from services.alerts.notifiers.email.letter import LetterRecipient, first_letter, sender
from shared.contracts.metrics import MetricValue
from shared.language.language import Language

HR = Recipient("hr", "hr@kommun.example", "sv", "HR")
FARSTA = OpeningNotice(
    watch_from=date(2026, 10, 10),
    plan="social-2026",
    plan_title={"sv": "Handlingsplan för socialsekreterare", "en": "Action plan for social workers"},
    target="own-request",
    severity="warning",
    metric="leaver_rate_own_request",
    unit="ifo-farsta",
    unit_name="Barn och familj, Farsta",
    occupation="socialsekreterare",
    breach="above",
    threshold=0.15,
    state="firing",
    measured=MetricValue(status="final", definition="d", value=7 / 38.2),
    on=date(2026, 10, 10),
    since=date(2026, 9, 26),
    since_at_least=False,
    time_zone="Europe/Stockholm",
    language="sv",
    link="https://board.kommun.example/alerts?plan=p&unit=u",
    to=(HR,),
)
CASELOAD = replace(
    FARSTA,
    target="caseload",
    metric="caseload",
    occupation="*",
    threshold=20.0,
    measured=MetricValue(status="final", definition="d", value=26.4),
    since_at_least=True,
    state="pending",
)
ALL = replace(CASELOAD, unit="*", unit_name="*", severity="critical", state="expected", on=date(2026, 12, 1))


def of(*notices: OpeningNotice) -> Opening:
    """The summary of these."""
    return summed_up("opening_1", notices, datetime(2026, 10, 10, 6, 14, tzinfo=UTC))


TOLD = of(FARSTA, CASELOAD, ALL)
SAID: dict[Language, tuple[str, ...]] = {
    "sv": (
        "Startläge: 2 värden redan utanför och 1 värde som väntas hamna utanför Handlingsplan för socialsekreterare",
        "Bevakningen enligt planen började den 10 oktober 2026.",
        "så inget larm skickas om var och en",
        "Hela kommunen\närenden per handläggare väntas bli 26,4 den 1 december 2026, över gränsen 20",
        "avgångar på egen begäran (socialsekreterare) 18,3 %, över gränsen 15 % sedan den 26 september 2026",
        "ärenden per handläggare 26,4, över gränsen 20 sedan åtminstone den 26 september 2026"
        " (ännu inte så länge som planen kräver för larm)",
        "Visa alla larm: https://board.kommun.example/alerts\n",
    ),
    "en": (
        "Opening summary: 2 values already outside and 1 value expected to be outside Action plan for social workers",
        "Watching under the plan began on 10 October 2026.",
        "so no alert is sent about each",
        "The whole municipality\nopen cases per case holder is expected to be 26.4 on 1 December 2026, above the limit"
        " of 20",
        "leaver rate, own request (socialsekreterare) 18.3%, above the limit of 15% since 26 September 2026",
        "open cases per case holder 26.4, above the limit of 20 at least since 26 September 2026"
        " (not yet for as long as the plan asks before an alert)",
        "Show all alerts: https://board.kommun.example/alerts\n",
    ),
}


@pytest.mark.parametrize("language", SAID)
def test_it_tells_by_unit_and_target_what_breaches(language: Language):
    """Values, limits and days, those that are severe first; what is sure, what waits, and what lies ahead."""
    message = opened(TOLD, "hr", language)
    text = f"{message.subject}\n{as_text(message)}".replace("\N{NO-BREAK SPACE}", " ")
    assert [part for part in SAID[language] if part not in text] == []
    assert [row.label for row in message.rows][1:] == ["Barn och familj, Farsta"]


@pytest.mark.parametrize("language", SAID)
def test_one_value_is_spoken_of_as_one(language: Language):
    """The number inflects what is counted."""
    subject = opened(of(FARSTA), "hr", language).subject
    assert {"sv": "1 värde redan", "en": "1 value already"}[language] in subject


@pytest.mark.parametrize("language", SAID)
def test_what_only_lies_ahead_is_not_outside(language: Language):
    """It is counted as what it is, and nothing is said to be outside already."""
    said = opened(of(ALL, replace(ALL, unit="u2")), "hr", language)
    assert (
        said.headline
        == {
            "sv": "2 värden som väntas hamna utanför planen",
            "en": "2 values expected to be outside the plan",
        }[language]
    )


def test_it_is_no_longer_than_anyone_reads():
    """Of more than a hundred units the others are counted."""
    many = tuple(replace(FARSTA, unit=f"u{n}", unit_name=f"Enhet {n:03}") for n in range(NAMED + 2))
    said = opened(of(*many), "hr", "en")
    assert (len(said.rows), said.rows[-1].text) == (NAMED + 1, "and 2 more units")
    assert said.subject.startswith("Opening summary: 102 values")
    assert len(of(*many).notices) == NAMED


def test_it_holds_no_addresses():
    """It is one recipient's: who else is told is nobody's to read there."""
    assert {notice.to for notice in TOLD.notices} == {()}


def test_it_is_a_mail_like_the_others():
    """It has an identity that a repeat keeps, replies to nothing, and tells that a machine wrote it."""
    (body,) = {first_letter(TOLD, LetterRecipient("hr", HR.email, "sv"), sender("stadga@k.example")).body for _ in "ab"}
    mail = message_from_bytes(body, policy=policy.default)
    assert (mail["To"], mail["In-Reply-To"], mail["Auto-Submitted"]) == ("hr@kommun.example", None, "auto-generated")
    assert mail.get_body(("html",)) is not None


def test_foreign_text_is_escaped():
    """The name of a unit is text."""
    named = replace(FARSTA, unit_name="<b>Enhet</b>\nBcc: x")
    html = as_html(opened(of(named), "hr", "sv"))
    assert "<b>Enhet" not in html
    assert "&lt;b&gt;Enhet" in html
