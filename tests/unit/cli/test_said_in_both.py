"""What is wrong with what was asked, and letters put aside, in the language of whoever asks; else in Swedish."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from cli.connect.dead_letters import output
from cli.connect.dead_letters.desk import KeptLetter, Tried
from cli.connect.service import At
from cli.main import app
from shared.contracts.dead_letters import Letter, Place, Retried
from shared.kit.sealing.masters import SETTING
from shared.language.language import Language

RUN = CliRunner()
AT, PLACE = At("metrics", "http://nowhere"), Place("hr.events", 3, 7)
REFUSED = [
    (["dead-letters", "list", "--url", "http://x"], "--url behöver --service", "--url needs --service"),
    (["dead-letters", "show", "x/y"], "väntade ÄMNE/PARTITION/OFFSET", "expected TOPIC/PARTITION/OFFSET"),
    (["dead-letters", "retry", "x/y"], "väntade ÄMNE/PARTITION/OFFSET", "expected TOPIC/PARTITION/OFFSET"),
    (["dead-letters", "add", "x/y", "--reason", "r"], "väntade ÄMNE", "expected TOPIC"),
    (["dead-letters", "list", "--service", "metrics", "--url", "ftp://x"], "ingen adress", "no address"),
    (["keys", "rotate"], "är inte satt", "is not set"),
    (["publish", "staff.csv"], "en tabell behöver", "a table needs"),
    (["topics", "repartition", "--partitions", "3"], "; kör om kommandot", "; run it again"),
    (["metrics", "realign"], "; kör om kommandot", "; run it again"),
    (["compute", "x.jsonl", "--as-of", "2024-01-01", "--window", "x"], "'x' är varken ett antal", "neither a number"),
    (["compute", "x.jsonl", "--as-of", "2024-01-01", "--metrics", "x"], "inget mått heter", "no metric"),
    (["compute", "x.jsonl", "--as-of", "2024-01-01", "--known-at", "x"], "'x' är ingen tid som", "not a time like"),
    (["sources", "propose", "x.jsonl"], "inget att föreslå", "nothing to propose"),
]


@pytest.mark.parametrize(("arguments", "sv", "en"), REFUSED)
def test_what_is_wrong(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: list[str], sv: str, en: str):
    """Without a language, in Swedish; the exit code is the same."""
    monkeypatch.delenv(SETTING, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.jsonl").touch()
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1")
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    runs = [RUN.invoke(app, [*arguments, *more]) for more in ([], ["--language", "sv"], ["--language", "en"])]
    assert len({one.exit_code for one in runs}) == 1
    assert runs[0].exit_code != 0
    for run, words, others in zip(runs, (sv, sv, en), (en, en, sv), strict=True):
        said = " ".join(run.output.replace("│", " ").split())
        assert words in said
        assert others not in said


@pytest.mark.parametrize(
    ("language", "words"), [("sv", ("1 meddelanden åt sidan", "skäl")), ("en", ("put aside", "reason"))]
)
def test_what_is_listed(language: Language, words: tuple[str, ...]):
    """The headings; what a letter is put aside for is a word of the contract and stays."""
    letter = Letter(place=PLACE, reason="not_json", received=datetime(2026, 1, 1, tzinfo=UTC), bytes=3)
    console = Console(width=200)
    with console.capture() as printed:
        console.print(output.table([KeptLetter(AT, letter)], language))
    assert all(word in printed.get() for word in (*words, "not_json", str(PLACE)))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("sv", "1 avvisade, 1 tagna\nmetrics hr.events/3/7: avvisade, not_json"),
        ("en", "1 refused, 1 taken\nmetrics hr.events/3/7: refused, not_json"),
    ],
)
def test_what_became(language: Language, said: str):
    """How many became what, and each that is still kept."""
    tried = [Tried(AT, Retried(PLACE, "taken")), Tried(AT, Retried(PLACE, "refused", "not_json"))]
    assert output.summary(tried, language) == said
