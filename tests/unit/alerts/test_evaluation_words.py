"""What an evaluation says: in both languages, without a percentage where none is known, and without a cause."""

import re
from datetime import date
from typing import get_args

import msgspec
import pytest

from services.alerts.domain.evaluation.telling import WORDS, EvaluationText, brief, lines, text
from shared.contracts.evaluations import Because, Caveat, Effect, Evaluation, EvaluationWindow, SideBySide, Verdict
from shared.language.language import Language
from shared.language.phrase import fields
from tests.unit.alerts.evaluating import answered, asked, counted, hidden, valued

LANGUAGES: tuple[Language, ...] = get_args(Language)
BARE = Evaluation(
    plan="help",
    measure="mentor",
    title={"sv": "Mentorer", "en": "Mentors"},
    metric="leaver_rate",
    definition="stadga:leaver_rate:1",
    expect="lower",
    start=date(2025, 1, 1),
    before=EvaluationWindow(date(2024, 1, 1), date(2024, 12, 31)),
    after=EvaluationWindow(date(2025, 1, 1), date(2025, 12, 31)),
    known_to=date(2026, 1, 31),
    verdict="improved",
    because=[],
    caveats=[],
    kind="ratio",
    units=["Norr"],
    acted=SideBySide(0.2, 0.1, 20, 10),
    compared=SideBySide(0.2, 0.19, 200, 190),
    effect=Effect(0.52, 0.22, 0.97, "beside_others"),
    seen=0.4,
    smallest=0.7,
)


def told(found: Evaluation, language: Language = "en") -> str:
    """All that is said."""
    return "\n".join(lines(text(found, language)))


def test_both_languages_say_the_same():
    """The same fields in each sentence, and every verdict, reason and caveat has one."""
    sv, en = (msgspec.structs.asdict(WORDS[language]) for language in LANGUAGES)
    for name in sv:
        some = zip(
            *(one.items() if isinstance(one, dict) else [("", one)] for one in (sv[name], en[name])), strict=True
        )
        for (key, swedish), (same, english) in some:
            assert key == same
            assert fields(swedish) == fields(english), name
            assert swedish != english or name == "verdicts", name
    for name, kinds in (("verdicts", Verdict), ("leads", Verdict), ("because", Because), ("caveats", Caveat)):
        assert set(sv[name]) == set(get_args(kinds))


def test_an_improvement_is_said_with_its_interval():
    """The fall, both ends, and how it was before and after."""
    said = told(BARE)
    assert "Improved. It became better, by more than chance explains." in said
    assert "From 20% to 10% a year (20 before, 10 after); in the units beside from 20% to 19%." in said
    assert "a fall of 48% (95% interval 3% to 78%)" in said
    assert "A fall of 60% would have been seen, in four cases of five." in said
    assert "The smallest change worth having was said to be 30%." in said
    assert "en minskning med 48\N{NO-BREAK SPACE}% (95 % intervall 3\N{NO-BREAK SPACE}%" in told(BARE, "sv")


def test_a_rise_without_end():
    """Where no bound is known none is made up."""
    found = msgspec.structs.replace(BARE, verdict="worsened", effect=Effect(None, 1.2, None, "before_after"))
    assert "1.2 times what it was or more (95% interval)" in told(found)
    assert "minst 1,2 gånger vad det var" in told(found, "sv")
    assert "no change included" not in told(found)
    found = msgspec.structs.replace(BARE, verdict="worsened", effect=Effect(2.5, 1.2, 5.0, "before_after"))
    assert "a rise of 150% (95% interval 20% to 400%)" in told(found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_as_much_elsewhere_claims_no_power(language: Language):
    """Whether the smallest change worth having would have been seen is another question than that."""
    found = msgspec.structs.replace(BARE, verdict="not_shown", because=["as_much_elsewhere"], seen=None)
    lead = text(found, language).lead
    assert lead not in WORDS[language].leads.values()
    assert "skulle ha synts" not in lead
    assert "would have been seen" not in lead


def test_many_times_as_much_is_told_in_times():
    """Not in thousands of per cent."""
    found = msgspec.structs.replace(BARE, verdict="worsened", effect=Effect(25.7, 4.1, 1063.0, "before_after"))
    assert "25.7 times what it was (95% interval 4.1 to 1,063)" in told(found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_percentage_of_what_may_be_no_change(language: Language):
    """An interval that spans no change is told in times, or in numbers on both sides."""
    spans = msgspec.structs.replace(BARE, verdict="not_shown", effect=Effect(0.8, 0.5, 1.3, "beside_others"))
    number = text(spans, language).numbers[2]
    assert "%" not in number
    assert re.search(r"0[.,]5.* 1[.,]3", number)
    assert not re.search(r"\b20\b", number)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("because", get_args(Because))
def test_every_refusal_has_its_sentence(because: Because, language: Language):
    """And names what it is about."""
    found = msgspec.structs.replace(BARE, verdict="cannot_be_told", because=[because], others=["Pay"])
    said = told(found, language)
    assert WORDS[language].verdicts["cannot_be_told"] in said
    assert "{" not in said
    if because == "another_action":
        assert "Pay" in said


def test_a_cause_is_never_said():
    """Only that a change at the same time is no proof; of one unit alone that anything may be behind it."""
    assert "A change at the same time is no proof of a cause." in text(BARE, "en").foot
    alone = msgspec.structs.replace(BARE, caveats=["one_unit", "worst_before"])
    care = " ".join(text(alone, "en").care)
    assert "what else happened there can be the cause" in care
    assert "Picked because it was worst" in care
    assert "Vald för att den var sämst" in " ".join(text(alone, "sv").care)


def test_several_that_were_picked_are_several():
    """One is it, and more are they."""
    found = msgspec.structs.replace(BARE, units=["Norr", "Söder"], caveats=["worst_before"])
    assert "de hade de sämsta värdena" in " ".join(text(found, "sv").care)
    assert "they had the worst values" in " ".join(text(found, "en").care)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_began_beside_is_named(language: Language):
    """In the answer and in short."""
    found = msgspec.structs.replace(BARE, beside=["Pay"], caveats=["begun_beside"])
    assert "Pay" in " ".join(text(found, language).care)
    assert "Pay" in " ".join(brief(found, language))


def test_without_a_comparison_no_effect_is_told():
    """Before and after, and why there is no interval: not that any number at all would do."""
    question = asked("sick_rate", smallest=0.2)
    found = answered(question, [valued(question, "a", [0.08] * 12 + [0.05] * 12)], [])
    assert text(found, "en").numbers[1:] == ["From 8% to 5%."]
    assert brief(found, "en")[2:] == ["From 8% to 5%.", WORDS["en"].because["no_comparison"]]


@pytest.mark.parametrize(("language", "everywhere"), [("en", "the whole municipality"), ("sv", "hela kommunen")])
def test_everything_has_a_name(language: Language, everywhere: str):
    """The unit that all others lie in is not told by its sign."""
    asked_of_all = msgspec.structs.replace(BARE, units=["*"])
    assert f"{everywhere}, " in text(asked_of_all, language).question


def test_in_short():
    """The verdict, what was asked, the values and the effect, what would have been seen; and that a unit was picked."""
    found = msgspec.structs.replace(BARE, alone=BARE.effect, caveats=["one_unit", "few_others", "worst_before"])
    verdict, question, *said = brief(found, "en")
    assert (verdict, question) == ("Improved.", "Leaver rate, all reasons, in Norr, from 1 January 2025.")
    assert [sentence.split()[0] for sentence in said] == ["From", "Compared", "A", "Picked"]


def test_of_a_small_group_no_number_is_said():
    """But the months, the unit and why."""
    question = asked()
    steady = [counted(question, f"c{n}", 100, [2] * 24) for n in range(20)]
    found: EvaluationText = text(answered(question, [hidden(question, "a", 3)], steady), "en")
    assert found.numbers == [
        "Before: 1 January 2024\N{EN DASH}31 December 2024. After: 1 January 2025\N{EN DASH}31 December 2025."
    ]
    assert found.care == [WORDS["en"].because["small_group"]]
    assert "A" in found.question


def test_shares_differ_by_percentage_points():
    """Not by per cent, which would be of the share."""
    question = asked("sick_rate", smallest=0.2)
    others = [valued(question, f"c{n}", [0.08 + n / 1000] * 12 + [0.078 + n / 900] * 12) for n in range(20)]
    found = answered(question, [valued(question, "a", [0.08] * 12 + [0.05] * 12)], others)
    assert re.search(r"2\.9 percentage points lower \(95% interval 2\.\d percentage points to 3", told(found))
    same = answered(question, [valued(question, "a", [0.08] * 24)], others)
    assert re.search(r"from 0.* percentage points lower to 0\.\d percentage points higher", told(same))
