"""A mail says what is so on the day it is told: every reason, wherever the value stands by then, on either side."""

from datetime import date
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.alerts.domain.alert.occasion import MailReason, Occasion, Side
from services.alerts.domain.letter.message import Message, message
from shared.contracts.metrics import MetricValue
from shared.language.language import Language
from tests.unit.alerts.occasions import TURNS, occasion

LIMITS: dict[Side, dict[str, float]] = {
    "above": {"threshold": 0.20, "clear": 0.18},
    "below": {"threshold": 0.80, "clear": 0.82},
}
PLACES: dict[Side, dict[str, float]] = {
    "above": {"beyond": 0.214, "on the limit": 0.20, "between": 0.193, "on the clear level": 0.18, "clear": 0.171},
    "below": {"beyond": 0.786, "on the limit": 0.80, "between": 0.807, "on the clear level": 0.82, "clear": 0.829},
}
RAISED: dict[Side, float] = {"above": 0.224, "below": 0.776}
BEGAN = date(2026, 10, 3)
Row = tuple[MailReason, Side, str, str, str]


def rows() -> list[Row]:
    """The rows of ``mails/turns.txt``: reason, side and place, then the sentence in Swedish and in English."""
    written_rows = (Path(__file__).parent / "mails" / "turns.txt").read_text(encoding="utf-8").split("\n\n")
    cells = [[line.strip() for line in row.splitlines()] for row in written_rows]
    return [msgspec.convert((*turn.split(", "), *sentences), Row) for turn, *sentences in cells]


SAID = rows()
LANGUAGES: tuple[Language, ...] = ("sv", "en")
REASONS: list[MailReason] = sorted(TURNS)


def bare(value: float) -> MetricValue:
    """A published value with an interval around it."""
    return MetricValue(status="final", definition="d", value=value, low=value - 0.1, high=value + 0.1)


def told(reason: MailReason, side: Side, value: float, **fields: object) -> Occasion:
    """An alert raised a week ago on one side of its limit, told of with ``value``."""
    given = {"measured": bare(value), "raised_with": bare(RAISED[side]), "began": BEGAN, "clear_hold_days": 7}
    return occasion(reason, breach=side, **LIMITS[side], **given, **fields)


def written(given_occasion: Occasion, language: Language) -> Message:
    """The mail, with ordinary spaces."""
    said = msgspec.json.encode(message(given_occasion, "hr", language)).decode().replace("\N{NO-BREAK SPACE}", " ")
    return msgspec.json.decode(said, type=Message)


@pytest.mark.parametrize(
    ("reason", "side", "place", "swedish", "english"), SAID, ids=[" ".join(row[:3]) for row in SAID]
)
def test_what_is_said(reason: MailReason, side: Side, place: str, swedish: str, english: str) -> None:
    """The lead says the sentence of the row, in both languages."""
    given_occasion = told(reason, side, PLACES[side][place])
    assert swedish in written(given_occasion, "sv").lead
    assert english in written(given_occasion, "en").lead


def test_the_table_is_whole() -> None:
    """Every reason, side and place has its row."""
    assert sorted(row[:3] for row in SAID) == sorted(
        (r, s, place) for r in REASONS for s in PLACES for place in PLACES[s]
    )


CLAIMS: dict[Language, tuple[str, str, str, str]] = {
    "sv": ("planens gräns", "inte längre", "Åter inom planen", "åter"),
    "en": ("the plan's limit", "no longer", "Back within the plan", "again"),
}


@given(
    reason=st.sampled_from(REASONS),
    side=st.sampled_from(sorted(LIMITS)),
    value=st.floats(0, 1),
    language=st.sampled_from(LANGUAGES),
)
def test_subject_and_headline_claim_no_breach_that_is_not(
    reason: MailReason, side: Side, value: float, language: Language
) -> None:
    """Subject and headline speak of a breach as over exactly when the value is not past the limit."""
    limit, no_longer, within, again = CLAIMS[language]
    said = written(told(reason, side, value), language)
    past = value > 0.20 if side == "above" else value < 0.80
    if reason in ("hold_met", "expected_breach"):
        assert (limit in said.subject, no_longer in said.subject) == (True, not past)
        assert said.headline.startswith(("Har ", "Has ")) is not past
    if reason == "resolved":
        assert (within in said.subject, within in said.headline) == (not past, not past)
        assert (again in said.subject, again in said.headline) == (past, past)


def test_fallen_back_value_is_told_beside_the_one_that_breached() -> None:
    """A mail about a value that fell back says so in its subject, and which value breached when."""
    said = written(told("hold_met", "above", 0.193), "sv")
    assert said.subject == (
        "Barn och familj, Farsta: avgångar på egen begäran 19,3 % – inte längre över planens gräns 20 %,"
        " men larmet kvarstår (socialsekreterare)"
    )
    assert said.lead.endswith(
        "Värdet kom över gränsen den 26 september 2026. När larmet gick, den 3 oktober 2026, var det 22,4 %."
        " Planen larmar efter 14 dagar."
    )


def test_chance_is_asked_of_a_breach_only() -> None:
    """Whether chance explains a breach is not answered with a value that is none."""
    asked = [[row.label for row in written(told("hold_met", "above", value), "en").rows] for value in (0.214, 0.193)]
    assert [("Can it be chance?" in labels) for labels in asked] == [True, False]


def test_value_of_an_earlier_day_is_not_called_todays() -> None:
    """When the latest word is no value, the last one is told with its day."""
    said = written(told("hold_met", "above", 0.193, today=date(2026, 10, 12)), "sv")
    assert said.lead.startswith(
        "Det senaste värdet, från den 10 oktober 2026, är 19,3 %, inte längre över gränsen 20 %."
    )


def test_alert_lasted_until_its_end() -> None:
    """A closing mail counts to the day the alert was over, however late it is told of."""
    said = written(told("resolved", "above", 0.171, ended=date(2026, 11, 25)), "sv")
    assert "Det varade i 60 dagar, från den 26 september 2026 till den 25 november 2026." in said.lead


@pytest.mark.parametrize(
    ("present", "sentence"),
    [
        (0.171, "Today the value is 17.1%, so there is still time to act."),
        (0.214, "Today the value is 21.4%, already above the limit of 20%."),
    ],
)
def test_warning_of_what_is_so_already(present: float, sentence: str) -> None:
    """A warning does not promise time to act when today's value is past the limit."""
    assert sentence in written(told("expected_breach", "above", 0.22, present=bare(present)), "en").lead


def test_value_never_reads_as_the_level_that_ends_the_alert() -> None:
    """18.02 %, not yet under 18 %, gets the decimals that tell them apart."""
    assert "18.02%" in written(told("hold_met", "above", 0.1802), "en").subject


def test_plan_without_a_level_of_its_own_ends_within_the_limit() -> None:
    """Where the breach limit clears as well, the mail says how long the value must keep to it."""
    given_occasion = msgspec.structs.replace(told("hold_met", "above", 0.193), clear=None)
    assert "Larmet avslutas när värdet har varit högst 20 % i 7 dagar." in written(given_occasion, "sv").lead
