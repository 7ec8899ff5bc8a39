"""A month's value from the metrics service."""

from collections.abc import Iterator
from datetime import date

import msgspec
import pytest
from typer.testing import CliRunner

from cli.connect.service import AskingError
from cli.main import app
from cli.offline.charting import months
from cli.offline.charting.from_service import series
from cli.offline.charting.question import ChartError, ChartQuestion
from shared.contracts.catalogue import BY_NAME
from shared.contracts.metrics import ALL
from tests.fakes.history import History, history


@pytest.fixture(scope="module")
def service() -> Iterator[History]:
    """A service whose today is 30 April 2024."""
    with history(date(2024, 4, 30), "u1") as running:
        yield running


def asked(unit: str = "u1", first: date | None = None, last: date | None = None) -> ChartQuestion:
    """The question after a unit's headcount."""
    return ChartQuestion(BY_NAME["headcount"], unit, ALL, first, last)


def test_each_month_is_over_its_own_days(service: History):
    """So that no two of them overlap."""
    found = series(asked(first=date(2024, 1, 1)), service.url)
    assert {months.name(m): v.value for m, v in zip(found.months, found.values, strict=True)} == {
        "2024-01": 31,
        "2024-02": 29,
        "2024-03": 31,
    }
    assert (found.unit_name, found.known_to) == ("Norr", date(2024, 4, 30))


def test_a_month_is_not_over_on_its_last_day(service: History):
    """What is told tonight is not yet in it."""
    with pytest.raises(ChartError, match="2024-04 is not over: the last whole month that is known is 2024-03"):
        series(asked(last=date(2024, 4, 1)), service.url)


def test_three_years_unless_told_otherwise(service: History):
    """The service does not say when its sources began."""
    found = series(asked(), service.url)
    assert (len(found.months), months.name(found.months[0])) == (36, "2021-04")


def test_a_unit_without_events(service: History):
    """Is told."""
    with pytest.raises(ChartError, match="there are no events about unit 'u2'"):
        series(asked("u2"), service.url)


def test_health_is_asked_for_by_the_month_only(service: History):
    """The service tells no other days of it: what day it is there is asked about people."""
    service.asked.clear()
    sick = asked()._replace(metric=BY_NAME["sick_rate"])
    series(sick, service.url)
    assert [(one["metrics"], one["step"], one.get("window")) for one in service.asked] == [
        ("headcount", "month", None),
        ("sick_rate", "month", "step"),
    ]
    assert service.asked[1]["from"].endswith("-01")
    assert service.asked[1]["to"] == "2024-03-31"


@pytest.mark.parametrize(("language", "said"), [("sv", "Preliminärt: "), ("en", "Provisional: ")])
def test_what_is_provisional_says_so(service: History, monkeypatch: pytest.MonkeyPatch, language: str, said: str):
    """First of all that is to be careful with; what is published does not."""
    question = ["chart", "--metric", "headcount", "--unit", "u1", "--url", service.url, "--language", language]
    for provisional in (True, False):
        monkeypatch.setattr(service, "provisional", provisional)
        told = msgspec.json.decode(CliRunner().invoke(app, question).stdout)
        assert told["chart"]["provisional"] is provisional
        assert told["text"]["remarks"][0].startswith(said) is provisional


def test_no_service():
    """Nobody answers there."""
    with pytest.raises(AskingError, match=r"does not answer at http://127\.0\.0\.1:1"):
        series(asked(), "http://127.0.0.1:1")


def test_without_files_the_service_is_asked(service: History):
    """The command draws what the service says."""
    told = CliRunner().invoke(app, ["chart", "--metric", "headcount", "--unit", "u1", "--url", service.url])
    assert msgspec.json.decode(told.stdout)["chart"]["points"][-1]["value"] == 31


def test_no_service_is_one_sentence():
    """The command exits with 2 and says so."""
    told = CliRunner().invoke(app, ["chart", "--metric", "headcount", "--url", "http://127.0.0.1:1"])
    assert (told.exit_code, told.stderr.count("\n")) == (2, 1)
