"""What is said of control charts, in both languages."""

from datetime import date
from typing import get_args

import msgspec
import pytest

from shared.contracts.catalogue import Direction
from shared.language.charts import WORDS, Reading, read, reading, sentence, usual
from shared.language.language import Language
from shared.language.numbers import Numbers, often
from shared.language.phrase import fields
from shared.statistics.control_chart import chart
from shared.statistics.special_causes import Cause, Signal
from shared.statistics.verdict import Verdict

BEFORE = [0.36, 0.37, 0.35] * 6
START = date(2024, 6, 15)


def since(*after: float) -> Verdict:
    """The verdict on 18 months about 36 %, and those after."""
    return chart([*BEFORE, *after], [18]).verdicts[0]


def said(verdict: Verdict, language: Language, direction: Direction = "lower_is_better") -> str:
    """The sentence, of a share."""
    return sentence(verdict, START, direction, Numbers("ratio", language, 1)).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("language", get_args(Language))
def test_every_rule_and_reading_has_words(language: Language):
    """In both languages, both ways."""
    words = WORDS[language]
    assert set(words.causes) == {Signal(cause, upwards) for cause in get_args(Cause) for upwards in (True, False)}
    assert set(words.readings) == set(words.turns) == set(get_args(Reading))
    assert set(words.shift) == set(words.trend) == {True, False}


def test_both_languages_tell_the_same_facts():
    """No number is told in one alone."""
    swedish, english = (msgspec.structs.asdict(WORDS[language]) for language in ("sv", "en"))
    texts = [name for name, text in swedish.items() if isinstance(text, str)]
    assert {name: fields(swedish[name]) for name in texts} == {name: fields(english[name]) for name in texts}


@pytest.mark.parametrize(
    ("direction", "upwards", "good"),
    [
        ("lower_is_better", True, "concern"),
        ("lower_is_better", False, "improvement"),
        ("higher_is_better", True, "improvement"),
        ("higher_is_better", False, "concern"),
        ("neutral", True, "neutral"),
        ("neutral", False, "neutral"),
    ],
)
def test_reading(direction: Direction, upwards: bool, good: Reading):
    """What the metric should do decides what a change means."""
    assert reading(direction, upwards=upwards) == good


def test_readings_cover_all_directions():
    """There is no other direction."""
    assert set(get_args(Direction)) == {"lower_is_better", "higher_is_better", "neutral"}


def test_where_no_change_is_known_nothing_is_good_or_bad():
    """Whichever way the mean went."""
    assert read(since(0.37), "lower_is_better") is None


@pytest.mark.parametrize(
    ("language", "direction", "text"),
    [
        (
            "sv",
            "lower_is_better",
            "Sedan 15 juni 2024: en ny nivå till det sämre, 7 månader i rad över det tidigare medelvärdet. Medelvärde "
            "före 36 % (18 månader), efter 40 % (7 månader).",
        ),
        (
            "en",
            "higher_is_better",
            "Since 15 June 2024: a new level for the better, 7 months in a row above the mean of before. Mean before "
            "36% (18 months), since 40% (7 months).",
        ),
        (
            "en",
            "neutral",
            "Since 15 June 2024: a new level, 7 months in a row above the mean of before. Mean before 36% (18 months), "
            "since 40% (7 months).",
        ),
    ],
)
def test_a_shift_in_words(language: Language, direction: Direction, text: str):
    """With its way, whether it is good, and the means of before and since."""
    assert said(since(0.4, 0.41, 0.39, 0.4, 0.41, 0.39, 0.4), language, direction) == text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("sv", "på väg nedåt till det bättre, 7 månader, var och en lägre än den förra."),
        ("en", "on its way down for the better, 7 months, each lower than the one before."),
    ],
)
def test_a_trend_in_words(language: Language, text: str):
    """Which way it goes and for how long."""
    assert text in said(since(0.38, 0.375, 0.37, 0.365, 0.355, 0.35, 0.345), language)


@pytest.mark.parametrize(
    ("language", "text"),
    [("sv", "Sedan 15 juni 2024: ingen bestående förändring syns."), ("en", "no lasting change can be seen.")],
)
def test_no_change_in_words(language: Language, text: str):
    """A claim about what can be seen, not about what is."""
    assert text in said(since(*BEFORE), language)


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("sv", ("det krävs 12 före och 7 efter. Utanför gränserna: 1 månad efter starten.", "efter 41 % (1 månad).")),
        ("en", ("it takes 12 before and 7 since. Outside the limits: 1 month since the start.", "since 41% (1 month)")),
    ],
)
def test_too_few_months_in_words(language: Language, texts: tuple[str, str]):
    """What it takes, what there is, and what stands out all the same."""
    assert [text for text in texts if text not in said(since(0.41), language)] == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("sv", "varje månad före liknar den förra, så det krävs 133 i rad efter."),
        ("en", "each month before is like the last one, so it takes 133 in a row since."),
    ],
)
def test_months_that_are_alike_in_words(language: Language, text: str):
    """Why it takes more of them: a year low and a year high before the start."""
    found = chart([0.3] * 12 + [0.4] * 12 + [0.5] * 12, [24]).verdicts[0]
    assert text in said(found, language)


@pytest.mark.parametrize(
    ("language", "kind", "text"),
    [
        ("sv", "own", "Normal variation: mellan 33 % och 39 %. Medelvärde: 36 %."),
        ("en", "carried", "Normal variation before the start, which the months since are judged by: between 33% and"),
        ("sv", "redrawn", "omräknad efter starten eftersom den nya nivån står kvar efter 12 månader: mellan 33 % och"),
        ("en", "redrawn", "drawn anew since the start because the new level stands after 12 months: between 33% and"),
    ],
)
def test_whose_limits_they_are_is_told(language: Language, kind: str, text: str):
    """So that nobody takes the limits of before for those of now."""
    found = usual(0.33, 0.36, 0.39, Numbers("ratio", language, 1), kind)  # type: ignore[arg-type]  # one of three
    assert text in found.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.0, "0"), (0.03, "<0,1"), (0.049, "<0,1"), (0.05, "<0,1"), (0.06, "0,1"), (0.9, "0,9"), (12.25, "12,2")],
)
def test_what_hardly_ever_happens_is_not_said_never_to(value: float, said: str):
    """Four mails in three years are not none a week."""
    assert often(value, "sv") == said
