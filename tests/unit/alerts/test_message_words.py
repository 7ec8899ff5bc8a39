"""The two languages cover the same ground."""

import re

import pytest

from services.alerts.domain.letter.en import EN
from services.alerts.domain.letter.message import message
from services.alerts.domain.letter.people import BEHIND
from services.alerts.domain.letter.sv import SV
from services.alerts.domain.letter.turn import TurnText
from services.alerts.notifiers.email.layout import as_text
from shared.contracts.catalogue import METRICS
from shared.language.language import Language
from tests.unit.alerts.occasions import TURNS, occasion

UNFILLED = re.compile(r"[{}\[\]|]")
FIELD = re.compile(r"\{(\w+)\}")


def texts(value: object) -> list[str]:
    """Every text of a table of words, in order."""
    if isinstance(value, dict):
        return [text for part in value.values() for text in texts(part)]
    if isinstance(value, TurnText):
        return [value.subject, value.headline, *value.lead]
    return [str(value)]


@pytest.mark.parametrize("field", EN.__struct_fields__)
def test_languages_say_the_same_fields(field: str) -> None:
    """Each pattern fills in the same names and numbers in both languages."""
    english, swedish = (texts(getattr(words, field)) for words in (EN, SV))
    assert [set(FIELD.findall(t)) for t in english] == [set(FIELD.findall(t)) for t in swedish]


@pytest.mark.parametrize("metric", sorted(BEHIND["en"]))
def test_languages_count_the_same_people(metric: str) -> None:
    """What stands behind a value is told with the same numbers in both languages."""
    assert set(FIELD.findall(BEHIND["en"][metric])) == set(FIELD.findall(BEHIND["sv"][metric]))


def test_every_count_belongs_to_a_metric() -> None:
    """No pattern is for a metric that the catalogue lacks, and the languages cover the same metrics."""
    assert set(BEHIND["en"]) == set(BEHIND["sv"]) <= {metric.name for metric in METRICS}


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("metric", [metric.name for metric in METRICS])
def test_every_metric_makes_a_mail(metric: str, language: Language) -> None:
    """Any metric of the catalogue can be written about at every turn, and nothing is left unfilled."""
    for reason in TURNS:
        said = message(occasion(reason, metric=metric), "hr", language)
        assert not UNFILLED.search(said.subject + as_text(said))
