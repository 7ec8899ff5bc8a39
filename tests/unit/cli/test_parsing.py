"""What the argument parser says, of every command and every mistake: in the language of whoever types."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from typer.testing import CliRunner

from cli import parsing
from cli.help_words import COMMANDS
from cli.main import app
from cli.option_words import OPTIONS
from cli.parser_words import HEADINGS, PLACES, SENTENCES, USAGE
from shared.language.language import Language
from shared.language.phrase import fields
from shared.language.said import Said
from tests.unit.cli.walking import Typed, commands, mistakes

MISTAKES = list(mistakes())
WIDE = {"COLUMNS": "2000"}
HELP = "Show this message and exit."
NAMES = re.compile(r"\b[A-Z]+_[A-Z_]+\b|\b\d+\b|--[\w-]+|\bhr\.\w+|\b\w+\.(?:yaml|json|md)\b")
"""What is called alike in both languages."""
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
def test_help(path: tuple[str, ...]):
    """Of every command, in the language, headings and all; one run does not mark the next."""
    one = dict(commands())[path]
    for language in ("sv", "en", "sv"):
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(parsing, "asked", lambda _, language=language: language)
            told = CliRunner(env=WIDE).invoke(app, [*path, "--help"]).stdout
        for sentence in (USAGE, PLACES[0], HEADINGS["OPTIONS_PANEL_TITLE"], *explained(path, one)):
            mine, other = (sentence.sv, sentence.en) if language == "sv" else (sentence.en, sentence.sv)
            assert mine.partition("\n")[0] in told
            assert other.partition("\n")[0] not in told


def explained(path: tuple[str, ...], one: Any) -> Iterator[Said]:  # noqa: ANN401 -- Typer's
    """What its help says of it and of its parameters."""
    yield Said(COMMANDS[" ".join(path)], one.help)
    yield Said(OPTIONS[HELP], HELP)
    yield from (Said(OPTIONS[param.help], param.help) for param in one.params)


def test_help_says_the_same():
    """Each that there is, and no more: with the same exit codes, settings, topics, options and files."""
    known = dict(commands())
    assert {" ".join(path) for path in known} == COMMANDS.keys()
    assert {param.help for one in known.values() for param in one.params} | {HELP} == OPTIONS.keys()
    said = [Said(COMMANDS[" ".join(path)], one.help) for path, one in known.items()]
    for sentence in (*said, *(Said(sv, en) for en, sv in OPTIONS.items())):
        assert NAMES.findall(sentence.sv) == NAMES.findall(sentence.en), sentence
        assert not set(sentence.sv.split()) & {"the", "of", "and", "with", "is", "not"}, sentence


GROUPS = [path for path, one in commands() if hasattr(one, "commands")]


@pytest.mark.parametrize("typed", [["--language", "en"], ["--lang=en", "--help"], ["--help", "--language=en"]], ids=str)
@pytest.mark.parametrize("path", GROUPS, ids=" ".join)
def test_help_of_what_has_commands(path: tuple[str, ...], typed: list[str]):
    """Is in English for whoever types so, though it is no command that has the option."""
    for words in ([*path, *typed], ["--lang", "en", *path]):
        assert f"Usage: {' '.join(('stadga', *path))} [OPTIONS]" in CliRunner(env=WIDE).invoke(app, words).output


def test_sentences_say_the_same():
    """Nothing is quoted in Swedish that was not said."""
    for sentence in SENTENCES:
        assert fields(sentence.sv) == fields(sentence.en) - {"kind"}, sentence
        assert sentence.sv != sentence.en
