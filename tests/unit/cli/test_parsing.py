"""What the argument parser says, of every command and every mistake: in the language of whoever types."""

import re

import pytest
from typer.testing import CliRunner

from cli import parsing
from cli.main import app
from cli.parser_words import HEADINGS, PLACES, SENTENCES, USAGE
from shared.language.language import Language
from shared.language.phrase import fields
from tests.unit.cli.walking import Typed, commands, mistakes

MISTAKES = list(mistakes())
WIDE = {"COLUMNS": "2000"}
ALIKE = {"argument"}
"""A word of both languages."""


def said(words: tuple[str, ...], language: Language) -> str:
    """What stands on stderr for what was typed, which exits with 2."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(parsing, "asked", lambda _: language)
        run = CliRunner(env=WIDE).invoke(app, words)
    assert (run.exit_code, run.stdout) == (2, ""), run.output
    return run.stderr


def words_of(text: str) -> set[str]:
    """The words of a sentence but for what it quotes: texts, options and numbers."""
    bare = re.sub(r"'[^']*'|--[\w-]+|\bmany\b", " ", text)
    return set(re.findall(r"[^\W\d_]{2,}", bare.lower()))


@pytest.mark.parametrize("typed", MISTAKES, ids=lambda typed: " ".join(typed.words))
def test_each_mistake_is_said_in_both(typed: Typed):
    """The same is quoted, and no word of the English sentence is left in the Swedish one."""
    sv, en = (said(typed.words, language) for language in ("sv", "en"))
    assert typed.quoted in sv
    assert typed.quoted in en
    told = [text.partition("╭")[2] for text in (sv, en)]
    assert all(told)
    assert words_of(told[0]) & words_of(told[1]) <= ALIKE


@pytest.mark.parametrize(
    ("typed", "sv", "en"),
    [
        (("simulat",), "det finns inget kommando 'simulat'. Menade du 'simulate'?", "Did you mean 'simulate'?"),
        (("plan", "check"), "argumentet 'files' saknas", "Missing argument 'files'."),
        (("report", "sickness", "--year"), "flaggan '--year' behöver ett värde", "requires an argument"),
        (("report", "sickness", "--year=x"), "ogiltigt värde för '--year': det är inget heltal", "valid integer"),
    ],
)
def test_the_language_is_the_one_that_was_typed(typed: tuple[str, ...], sv: str, en: str):
    """In either spelling, wherever it stands; without one, Swedish."""
    for language in ([], ["--language", "sv"], ["--lang=sv"], ["--language", "klingon"]):
        assert parsing.asked([*language, *typed]) == "sv"
    for language in (["--language", "en"], ["--language=en"], ["--lang", "en"], ["--lang=en"]):
        assert parsing.asked([*typed, *language]) == parsing.asked([*language, *typed]) == "en"
    assert sv in said(typed, "sv")
    assert en in said(typed, "en")


@pytest.mark.parametrize("path", [path for path, _ in commands()], ids=" ".join)
def test_headings_of_help(path: tuple[str, ...]):
    """Of every command, in the language; one run does not mark the next."""
    for language in ([], ["--language=en"], []) if "--language" in str(dict(commands())[path].params) else ([],):
        run = CliRunner(env=WIDE).invoke(app, [*path, *language, "--help"])
        others, own = (USAGE.en, USAGE.sv) if not language else (USAGE.sv, USAGE.en)
        assert own in run.stdout
        assert others not in run.stdout
        for heading in (HEADINGS["OPTIONS_PANEL_TITLE"], PLACES[0]):
            assert heading.told("en" if language else "sv") in run.stdout
            assert heading.told("sv" if language else "en") not in run.stdout


def test_sentences_say_the_same():
    """Nothing is quoted in Swedish that was not said."""
    for sentence in SENTENCES:
        assert fields(sentence.sv) == fields(sentence.en) - {"kind"}, sentence
        assert sentence.sv != sentence.en
