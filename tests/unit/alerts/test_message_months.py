"""A mail about health says which whole months it tells of, and nothing as of today."""

from datetime import date

import msgspec
import pytest

from services.alerts.domain.alert.occasion import MailReason
from services.alerts.domain.letter.message import Message, message
from services.alerts.notifiers.email.layout import as_html, as_text
from shared.contracts.metrics import MetricValue
from shared.language.language import Language
from tests.unit.alerts.occasions import HEALTH, SICK, WELL, occasion

LANGUAGES: tuple[Language, ...] = ("sv", "en")
SEPTEMBER: dict[Language, str] = {
    "sv": "tolv månader till och med den 30 september 2026",
    "en": "twelve months to 30 September 2026",
}
NOVEMBER: dict[Language, str] = {
    "sv": "tolv månader till och med den 30 november 2026",
    "en": "twelve months to 30 November 2026",
}
OVER: dict[Language, str] = {"sv": "under", "en": "over the"}
TODAY: dict[Language, tuple[str, ...]] = {"sv": ("Värdet är nu", "365 dagar"), "en": ("is now", "365 days")}
CASES: dict[str, tuple[MailReason, dict[str, object]]] = {
    "raised": ("hold_met", {}),
    "raised at once": ("hold_met", {"since": date(2026, 10, 10)}),
    "raised before": ("hold_met", {"on": date(2026, 10, 14), "today": date(2026, 10, 14)}),
    "raised, the latest value an earlier one": ("hold_met", {"on": date(2026, 10, 14), "today": date(2026, 10, 20)}),
    "fallen back": ("hold_met", {"measured": msgspec.structs.replace(SICK, value=0.13)}),
    "resolved": ("resolved", {"measured": msgspec.structs.replace(WELL, until=SICK.until)}),
    "resolved and beyond again": ("resolved", {}),
    "corrected": ("data_corrected", {"measured": msgspec.structs.replace(WELL, until=SICK.until)}),
    "corrected but beyond": ("data_corrected", {}),
}


def written(reason: MailReason, language: Language, **fields: object) -> Message:
    """The mail about sickness absence."""
    return message(occasion(reason, **{**HEALTH, **fields}), "hr", language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CASES)
def test_every_turn_tells_the_months(name: str, language: Language) -> None:
    """The lead, the figure, the text, the HTML and the definition say them; none speaks of today or of 365 days."""
    reason, fields = CASES[name]
    said = written(reason, language, **fields)
    assert said.figure is not None
    assert said.figure.on == f"{OVER[language]} {SEPTEMBER[language]}"
    assert all(SEPTEMBER[language] in part for part in (said.lead, as_text(said), as_html(said), said.small_print[1]))
    assert [claim for claim in TODAY[language] if claim in as_text(said)] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [name for name in CASES if not name.startswith("corrected")])
def test_the_subject_tells_the_months(name: str, language: Language) -> None:
    """Where a subject has a value, its months stand behind it."""
    reason, fields = CASES[name]
    assert f"% ({SEPTEMBER[language]})" in written(reason, language, **fields).subject


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_values_have_their_own_months(language: Language) -> None:
    """The value an alert was raised with tells of other months than the one that ends it."""
    lead = written("resolved", language, measured=WELL).lead
    assert SEPTEMBER[language] in lead
    assert NOVEMBER[language] in lead


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_number_rests_on_is_of_those_months(language: Language) -> None:
    """The people behind a value are those of the months."""
    assert written("hold_met", language).rows[0].text.endswith(f"{SEPTEMBER[language]}.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_months_without_a_value(language: Language) -> None:
    """Where nobody is left to count it is said of the months, and of a hidden value only its definition tells them."""
    gone = MetricValue(status="not_applicable", definition="d", until=SICK.until)
    assert SEPTEMBER[language] in written("hold_met", language, measured=gone).lead
    hidden = msgspec.structs.replace(gone, status="suppressed")
    said = written("hold_met", language, measured=hidden)
    assert (said.figure, SEPTEMBER[language] in said.small_print[1]) == (None, True)
