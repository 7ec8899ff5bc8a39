"""Which events of a record contradict it; and that every kind of anomaly has words."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.metrics.domain.record import contradictions
from shared.contracts.anomalies import WHY
from tests import builders as make
from tests.unit.metrics.folding import fold
from tests.unit.metrics.hostile import FAMILIES, logs

ROOT = Path(__file__).parents[3] / "services" / "metrics" / "domain"
HIRED = make.employment_started("anna", "2024-01-01", employment="a", id="hired")


def found(kind: str, *events: make.Event, subject: str = "person/anna") -> set[str]:
    """The ids of the events that have a part in a kind."""
    rows = list(fold(*events).memory.rows[subject].values())
    return {e.id for e in contradictions.events(contradictions.read(rows), contradictions.of_kind(subject, kind))}


def test_an_absence_from_an_employment_that_is_not_there():
    """Not the one that is, nor the end of the wrong one."""
    events = [
        HIRED,
        make.absence_started("anna", "x", "2023-05-01", last_day="2023-05-03", id="before"),
        make.absence_started("anna", "y", "2024-05-01", last_day="2024-05-03", id="within"),
    ]
    assert found("absence_outside_employment", *events) == {"before"}


def test_two_that_contradict_each_other_are_both_found():
    """Whoever mends the data knows which of them is wrong."""
    again = make.employment_started("anna", "2024-02-01", employment="a", id="again")
    other = make.employment_started("anna", "2024-02-01", employment="b", id="other")
    assert found("restated", HIRED, again, other) == {"hired", "again"}


def test_a_report_of_too_many_hours():
    """One of several."""
    reports = [
        make.time_reported("anna", "2024-03-01", "2024-03-01", worked_hours=hours, id=f"h{hours}") for hours in (8, 38)
    ]
    assert found("hours_above_24_a_day", HIRED, *reports) == {"h38"}


def test_a_vacancy_that_never_opened():
    """Of other subjects too."""
    closed = make.vacancy_closed("v1", "2024-02-01", id="closed")
    assert found("end_without_start", closed, subject="vacancy/v1") == {"closed"}


def test_a_large_record_is_looked_at_in_part(monkeypatch: pytest.MonkeyPatch):
    """There is a limit to what is counted anew for one."""
    monkeypatch.setattr(contradictions, "MOST_COUNTED", 3)
    assert found("restated", HIRED, make.employment_started("anna", "2024-02-01", employment="a", id="again")) == set()


def test_the_units_that_a_record_names():
    """Of all days; a unit's own record is of that unit."""
    events = [
        HIRED | {"data": HIRED["data"] | {"unit": "u1"}},
        make.employment_changed("anna", "2024-02-01", unit="u2"),
    ]
    told = contradictions.read(list(fold(*events).memory.rows["person/anna"].values()))
    assert contradictions.units("person/anna", told) == ["u1", "u2"]
    assert contradictions.units("unit/u7", []) == ["u7"]


@pytest.mark.parametrize("family", FAMILIES)
@given(data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_every_anomaly_has_events(family: str, data: st.DataObject):
    """Of any hostile log: what is counted at all, some event has a part in."""
    log = data.draw(logs(family))
    folded = fold(*log)
    for subject, rows in folded.memory.rows.items():
        told = contradictions.read(list(rows.values()))
        alone = fold(*(e for e in log if e["subject"] == subject)).anomalies
        for kind, count in alone.items():
            if count:
                assert contradictions.events(told, contradictions.of_kind(subject, kind)), (subject, kind)


def test_every_kind_has_words():
    """Every kind of anomaly that the domain counts in a record."""
    code = "\n".join(file.read_text() for file in (*ROOT.glob("facts/*.py"), *ROOT.glob("record/**/*.py")))
    kinds = set(re.findall(r'\.anomaly\("(\w+)"', code)) | set(re.findall(r'"(\w+)": (?:1|len\(|restatements)', code))
    assert {"restated", "absence_outside_employment", "end_before_start", "change_without_start"} <= kinds
    assert kinds <= WHY.keys()
