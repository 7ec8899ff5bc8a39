"""What a chart says in words."""

from datetime import date

import pytest

from cli.offline.charting.document import Document
from cli.offline.charting.words import numbers, text
from shared.contracts.metrics import ALL
from shared.language.language import Language
from tests.unit.cli.charting.drawing import ABSENT, LOW_THEN_HIGH, UNEVEN, chart, value


def remarks(of: Document) -> str:
    """All remarks, in English."""
    return " ".join(text(of, "en").remarks)


@pytest.mark.parametrize(
    ("language", "title", "span"),
    [
        ("sv", "Sjukfrånvaro: Norr", "januari 2023 till december 2023, en punkt per månad"),
        ("en", "Sickness absence: Norr", "January 2023 to December 2023, one point a month"),
    ],
)
def test_title(language: Language, title: str, span: str):
    """The metric's name, the unit's name, the period."""
    said = text(chart(UNEVEN), language)
    assert (said.title, said.span) == (title, span)


@pytest.mark.parametrize(
    ("language", "title"), [("sv", "Sjukfrånvaro: hela kommunen"), ("en", "Sickness absence: the whole municipality")]
)
def test_title_of_everything(language: Language, title: str):
    """Everything is the whole municipality."""
    assert text(chart(UNEVEN, unit=ALL), language).title == title


@pytest.mark.parametrize(
    ("language", "usual"),
    [
        ("sv", "Normal variation: mellan 1,6 % och 8,4 %. Medelvärde: 5 %."),
        ("en", "Normal variation: between 1.6% and 8.4%. Mean: 5%."),
    ],
)
def test_normal_variation_in_words(language: Language, usual: str):
    """Eleven ranges that sum to 14 points: 5 ± 2.66 × 14 / 11 = 1.61 and 8.39."""
    assert text(chart(UNEVEN), language).usual.replace("\N{NO-BREAK SPACE}", " ") == usual


@pytest.mark.parametrize(
    ("language", "usual", "since"),
    [
        (
            "sv",
            "Normal variation före starten, som månaderna efter bedöms mot: mellan 0 % och 5,2 %. Medelvärde: 2,5 %.",
            "Sedan 1 juli 2024: en ny nivå till det sämre, 8 månader i rad över",
        ),
        (
            "en",
            "Normal variation before the start, which the months since are judged by: between 0% and 5.2%. Mean: 2.5%.",
            "Since 1 July 2024: a new level for the worse, 8 months in a row above",
        ),
    ],
)
def test_what_is_known_since_a_plan(language: Language, usual: str, since: str):
    """In a sentence, and by which limits."""
    said = text(chart(LOW_THEN_HIGH, date(2024, 7, 1)), language)
    assert said.usual.replace("\N{NO-BREAK SPACE}", " ") == usual
    assert since in said.since[0]


def test_limits_drawn_anew_are_told():
    """They are those of now because the change has lasted."""
    said = text(chart([*LOW_THEN_HIGH, *[0.09, 0.08] * 3], date(2024, 7, 1)), "en")
    assert "drawn anew since the start because the new level stands after 12 months" in said.usual


def test_a_narrow_band_has_two_decimals():
    """Otherwise its limits would read as its mean."""
    assert numbers(chart([0.0501, 0.0502] * 6), "en")(0.05013) == "5.01%"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "sv",
            [
                "minst 7 månader i rad under medelvärdet: bättre",
                "2 av 3 månader i rad nära den nedre gränsen: bättre",
                "över den övre gränsen: sämre",
            ],
        ),
        (
            "en",
            [
                "7 months or more in a row below the mean: better",
                "2 of 3 months in a row close to the lower limit: better",
                "above the upper limit: worse",
            ],
        ),
    ],
)
def test_each_kind_of_special_point_is_in_the_legend_once(language: Language, said: list[str]):
    """In plain words, with what it means."""
    assert [entry.text for entry in text(chart(LOW_THEN_HIGH), language).legend] == said


def test_trial_limits_are_told():
    """Eight months are too few to rely on."""
    assert "Trial limits: drawn from 8 months" in remarks(chart(UNEVEN[:8]))
    assert "Trial limits" not in remarks(chart(UNEVEN))


def test_trial_limits_of_a_phase_are_told():
    """Which months they are of."""
    found = remarks(chart(LOW_THEN_HIGH[10:], date(2023, 9, 1)))
    assert "Trial limits from January 2023 to August 2023: drawn from 8 months" in found


def test_no_limits_are_told():
    """Without two months in a row nothing is normal or not."""
    said = text(chart([0.05, ABSENT, 0.05]), "en")
    assert said.usual == "There are not yet two months in a row to tell normal variation from."
    assert said.remarks == ("No limits from January 2023 to March 2023: no two months in a row have a value.",)


def test_a_monthly_rate_is_told_from_a_yearly_one():
    """Who reads 1 % must not take it for a year's."""
    assert "Each value is of one month." in remarks(chart([0.02, 0.04] * 6, metric="leaver_rate"))
    assert "Each value is of one month." not in remarks(chart(UNEVEN))


@pytest.mark.parametrize(
    ("metric", "is_told"),
    [("agency_share", True), ("vacancy_age_days", True), ("sick_rate", False), ("stability", False)],
)
def test_levels_are_told(metric: str, is_told: bool):
    """What stands from month to month makes runs; what happened within the month, or is an average of it, does not."""
    assert ("the last day of its month" in remarks(chart(UNEVEN, metric=metric))) == is_told


@pytest.mark.parametrize(("events", "is_told"), [(0.9, True), (1, False)])
def test_rare_events_are_told(events: float, is_told: bool):
    """Below one a month, months without any follow each other by chance."""
    few = [value(0.02, numerator=events), value(0.03, numerator=events)] * 6
    assert ("Fewer than one event a month" in remarks(chart(few, metric="leaver_rate"))) == is_told


@pytest.mark.parametrize(("language", "day"), [("sv", "30 april 2023"), ("en", "30 April 2023")])
def test_the_foot_names_definition_sources_and_day(language: Language, day: str):
    """What the number is, whose rules these are, and how new it is."""
    foot = text(chart(UNEVEN[:4]), language).foot
    assert all(part in foot for part in ("stadga:sick_rate:1", "SFS 2002:1065", "Making Data Count", day))
