"""``stadga chart``."""

from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner, Result

from cli.main import app
from cli.offline.charting.question import UNFIT
from shared.contracts.catalogue import BY_NAME
from tests import builders as make


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty people and a year of absences, one each month, some longer than others."""
    file = tmp_path_factory.mktemp("chart") / "log.jsonl"
    events = [make.employment_started(f"p{n}", "2024-01-01") for n in range(20)]
    for month, days in enumerate((5, 9, 7, 9, 5, 7, 9, 7, 5, 9, 7, 5), 1):
        events.append(make.absence_started("p1", f"a{month}", f"2024-{month:02}-01"))
        events.append(make.absence_ended("p1", f"a{month}", f"2024-{month:02}-{days:02}"))
    events.append(make.unit_defined("u1", name="Norr", time="2025-01-02T08:00:00Z"))
    file.write_bytes(make.lines(events))
    return file


def run(log: Path, *arguments: str) -> Result:
    """The outcome of ``stadga chart`` on the log."""
    return CliRunner().invoke(app, ["chart", str(log), *arguments])


def test_json(log: Path):
    """Without a file the chart goes to standard output as JSON: its points, phases and words."""
    found = msgspec.json.decode(run(log, "--metric", "sick_rate", "--language", "en").stdout)
    assert [point["month"] for point in found["chart"]["points"]] == [f"2024-{month:02}" for month in range(1, 13)]
    assert found["chart"]["points"][0]["value"] == pytest.approx(5 / 31 / 20)
    assert found["chart"]["phases"][0]["limits"]["mean"] == pytest.approx(0.0115, abs=1e-4)
    assert found["text"]["title"] == "Sickness absence: the whole municipality"


def test_swedish_is_spoken_unless_told_otherwise(log: Path):
    """The readers are a Swedish municipality."""
    found = msgspec.json.decode(run(log, "--metric", "sick_rate").stdout)
    assert found["text"]["title"] == "Sjukfrånvaro: hela kommunen"


def test_png(log: Path, tmp_path: Path):
    """A file whose name ends in .png gets the picture."""
    file = tmp_path / "chart.png"
    assert run(log, "--metric", "sick_rate", "--unit", "u1", "--output", str(file)).exit_code == 0
    assert file.read_bytes().startswith(b"\x89PNG")


def test_the_format_can_be_said(log: Path, tmp_path: Path):
    """Whatever the file is called."""
    file = tmp_path / "chart"
    run(log, "--metric", "fte", "--format", "png", "--output", str(file))
    assert file.read_bytes().startswith(b"\x89PNG")


def test_months_and_plans(log: Path):
    """From March to October, judged anew from July on."""
    options = ["--from", "2024-03", "--to", "2024-10", "--plan-start", "2024-07-01"]
    found = msgspec.json.decode(run(log, "--metric", "sick_rate", *options).stdout)["chart"]
    assert [(phase["first"], phase["last"], phase["plan_start"]) for phase in found["phases"]] == [
        ("2024-03", "2024-06", None),
        ("2024-07", "2024-10", "2024-07-01"),
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--metric", "sickrate"], "no metric 'sickrate'; did you mean sick_rate?"),
        (["--metric", "fte", "--unit", "u11"], "no unit 'u11' in the files; did you mean u1?"),
        (["--metric", "fte", "--from", "2024-05", "--to", "2024-04"], "from 2024-05 to 2024-04 there is no month"),
        (["--metric", "fte", "--to", "2025-01"], "2025-01 is not over"),
        (["--metric", "fte", "--plan-start", "2026-01-01"], "a plan that starts on 2026-01-01 has no whole month"),
        (["--metric", "caseload"], "no month from 2024-01 to 2024-12 has a value of caseload"),
        (["--metric", "fte", "--output", "nowhere/at/all.json"], "nowhere/at/all.json"),
    ],
)
def test_what_cannot_be_drawn_is_one_sentence(log: Path, arguments: list[str], said: str):
    """It exits with 2 and says why on standard error."""
    found = run(log, *arguments, "--language", "en")
    assert found.exit_code == 2
    assert said in found.stderr
    assert found.stderr.count("\n") == 1
    assert not found.stdout


@pytest.mark.parametrize("metric", UNFIT)
def test_charts_that_would_mislead_are_refused(log: Path, metric: str):
    """Each with its reason, and each metric exists."""
    assert metric in BY_NAME
    found = run(log, "--metric", metric, "--language", "en")
    assert (found.exit_code, found.stderr) == (2, f"no monthly control chart of {metric} is made: {UNFIT[metric].en}\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--metric", "headcont"], "inget mått heter 'headcont'; menade du headcount?"),
        (["--metric", "stability"], "inget månadsvis styrdiagram görs av stability: varje månads värde ser ett år"),
        (["--metric", "fte", "--unit", "u2"], "ingen enhet heter 'u2' i filerna"),
        (["--metric", "fte", "--occupation", "x"], "ingen befattning heter 'x' i "),
        (["--metric", "fte", "--to", "2030-01"], "2030-01 är inte slut: den sista hela månad som är känd är 2024-12"),
        (["--metric", "fte", "--from", "2024-05", "--to", "2024-04"], "från 2024-05 till 2024-04 finns ingen månad"),
        (["--metric", "sick_rate", "--plan-start", "2020-01-01"], "en plan som börjar 2020-01-01 har ingen hel månad"),
        (["--metric", "caseload"], "ingen månad från 2024-01 till 2024-12 har ett värde av caseload för"),
        (["--metric", "fte", "--url", "x", "nowhere.jsonl"], "nowhere.jsonl: det finns ingen sådan fil"),
    ],
)
def test_it_is_said_in_swedish(log: Path, arguments: list[str], said: str):
    """Unless another language was asked for."""
    found = run(log, *arguments)
    assert (found.exit_code, found.stderr.startswith(said), found.stdout) == (2, True, ""), found.stderr


@pytest.mark.parametrize(
    ("name", "content", "sv", "en"),
    [
        ("log.jsonl", b"%PDF-1.7", "en PDF, inga händelser", "a PDF, no events"),
        ("log.csv", b"Personnr;Namn\n", "en tabell, inga händelser", "a table, no events"),
        ("log.xml", b"<?xml version='1.0'?><paxml>", "en PAXml-fil", "a PAXml file"),
        ("log.xlsx", b"PK\3\4", "en tabell, inga händelser", "a table, no events"),
    ],
)
def test_what_is_no_log(tmp_path: Path, name: str, content: bytes, sv: str, en: str):
    """Is said to be what it is, of charts and of reports."""
    file = tmp_path / name
    file.write_bytes(content)
    for how in (["chart", "--metric", "fte"], ["report", "sickness", "--year", "2024"]):
        for language, said in (("sv", sv), ("en", en)):
            found = CliRunner().invoke(app, [*how, str(file), "--language", language])
            assert (found.exit_code, found.stderr.startswith(f"{file}: {said}")) == (2, True), found.stderr


def test_no_service_in_swedish():
    """It is named, with its address."""
    found = CliRunner().invoke(app, ["chart", "--metric", "fte", "--url", "http://127.0.0.1:1"])
    assert found.stderr.startswith("tjänsten metrics svarar inte på http://127.0.0.1:1: ")
