"""The registry of sources: cadences and lateness, faults of the file, and what history suggests."""

from datetime import date, timedelta

import pytest

from services.metrics.domain.coverage.kinds import Kind
from services.metrics.domain.facts.entry import Entry, identity
from services.metrics.domain.sources.cadence import cadence
from services.metrics.domain.sources.proposing import habits, proposal
from services.metrics.domain.sources.reading import RegistryRefused, decoded, read
from services.metrics.domain.sources.recorded import SourceDay, recorded, recorded_on
from tests.unit.said import assert_in_both

REGISTRY = """
sources:
  hr:
    kinds:
      absence: working days
      leaving: P2M
    units: [ifo]
    contact: {name: Pay office, email: pay@kommun.example, language: en}
"""


@pytest.mark.parametrize(
    ("written", "last", "due"),
    [
        ("daily", "2025-03-01", "2025-03-02"),
        ("working days", "2025-03-06", "2025-03-07"),
        ("working days", "2025-03-07", "2025-03-10"),  # a weekend
        ("working days", "2025-03-08", "2025-03-10"),  # recorded on a Saturday
        ("working days", "2025-04-17", "2025-04-22"),  # Easter: Good Friday to Easter Monday
        ("working days", "2025-06-05", "2025-06-09"),  # the National Day, a Friday
        ("working days", "2025-06-19", "2025-06-23"),  # Midsummer Eve
        ("working days", "2024-12-23", "2024-12-27"),  # Christmas Eve to Boxing Day
        ("weekly", "2025-03-03", "2025-03-16"),  # Monday: until the Sunday of the next week
        ("weekly", "2025-03-09", "2025-03-16"),
        ("monthly", "2025-01-25", "2025-02-28"),
        ("monthly", "2024-12-01", "2025-01-31"),
        ("7d", "2025-03-03", "2025-03-10"),
        ("P10D", "2025-03-03", "2025-03-13"),
        ("P2W", "2025-03-03", "2025-03-17"),
        ("P1M", "2025-01-31", "2025-02-28"),
        ("P12M", "2024-02-29", "2025-02-28"),
    ],
)
def test_a_source_may_be_silent_until_a_whole_period_has_passed(written: str, last: str, due: str):
    often = cadence(written)

    assert often is not None
    assert often.due(date.fromisoformat(last)).isoformat() == due


@pytest.mark.parametrize(
    "written", ["", "hourly", "0d", "P0D", "7", "P7", "7W", "P7d", "P1Y", "-1d", "P1234D", "Daily"]
)
def test_what_is_no_cadence_is_none(written: str):
    assert cadence(written) is None


def test_a_registry_says_who_delivers_what_and_whom_to_ask():
    [source] = read(REGISTRY).values()

    assert (source.name, source.units) == ("hr", ("ifo",))
    assert {kind: often.written for kind, often in source.kinds.items()} == {
        Kind.ABSENCE: "working days",
        Kind.LEAVING: "P2M",
    }
    assert source.contact == ("Pay office", "pay@kommun.example", "en")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("absence: working", "absense: working", '5:7: unknown kind "absense"; did you mean "absence"?'),
        ("working days", "often", '5:16: "absence" must be daily, working days, weekly, monthly, or a length such as'),
        ("working days", "[daily]", '5:16: "absence" must be daily, '),
        ("units", "unit", '7:5: unknown key "unit" in source "hr"; did you mean "units"?'),
        ("[ifo]", "[]", '7:12: "units" is empty; leave it out for all units'),
        ("[ifo]", "[ivo]", '7:13: unknown unit "ivo"; did you mean "ifo"?'),
        ("pay@kommun.example", "pay", '8:40: "email" must be one e-mail address'),
        ("language: en", "language: fi", 'unknown language "fi"; it can be en, sv'),
        ("name: Pay office, ", "", '8:14: "contact" needs "name"'),
        ("sources:", "source:", '2:1: unknown key "source" in the registry; did you mean "sources"?'),
        ("  hr:", "  hr:\n    kinds: {}\n  hr:", '"hr" is given twice'),
        ("sources:", "sources: [", "not YAML: "),
        ("  hr:", "  '*':", '3:3: the name of source "*" is a reserved word: no event is of it'),
        ("  hr:", '  "h\u200br":', "holds a control, format, private or unassigned character: no event is of it"),
        ("  hr:", "  'hr ':", "begins or ends with a space: no event is of it"),
        ("[ifo]", "['*']", '7:13: "*" is no unit; leave "units" out for all units'),
        ("[ifo]", '["if\u00ado"]', "holds a control, format, private or unassigned character: no unit is called that"),
        ("[ifo]", "[ifo, aldre, ifo]", '7:25: unit "ifo" is given twice'),
        ("[ifo]", "['ifo|a']", "holds the reserved character |: no unit is called that"),
    ],
)
def test_a_fault_is_told_with_its_place(before: str, after: str, said: str):
    with pytest.raises(RegistryRefused) as refused:
        read(REGISTRY.replace(before, after, 1), ["ifo", "aldre"])

    assert any(said in str(fault) for fault in refused.value.faults), refused.value.faults
    assert_in_both(refused.value.faults)


def test_one_fault_hides_no_other():
    with pytest.raises(RegistryRefused) as refused:
        read("sources: {a: {kinds: {}}, b: {kinds: {pulse: now}, contact: {}}}")

    assert len(refused.value.faults) == 5
    assert_in_both(refused.value.faults)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("sources:\n  hr:\n    # från".encode("iso-8859-1"), "3:9: byte e5 is not UTF-8: save the file as UTF-8"),
        ("# åä\xff".encode("utf-8-sig")[:-1], "1:5: byte c3 is not UTF-8"),
    ],
)
def test_other_encodings_are_told_with_their_place(content: bytes, said: str):
    with pytest.raises(RegistryRefused) as refused:
        decoded(content)

    assert said in str(refused.value)
    assert_in_both(refused.value.faults)


def entry(source: str, id_: str, at: str, type_: str = "hr.absence.started.v1") -> Entry:
    """An event as its record keeps it, recorded at a time of UTC."""
    day, hour = at.split("T")
    micros = ((date.fromisoformat(day) - date(1970, 1, 1)).days * 24 + int(hour)) * 3_600_000_000
    return Entry(identity(source, id_), micros, id_, type_, None, b"{}")


def test_events_count_on_the_day_it_was_in_sweden():
    some = [entry("a:b", "1", "2025-01-01T22"), entry("a:b", "2", "2025-01-01T23"), entry("c", "1", "2025-07-01T22")]

    came = recorded(some)

    assert {(a.source, date.fromordinal(a.day).isoformat()): n for a, n in came.items()} == {
        ("a:b", "2025-01-01"): 1,
        ("a:b", "2025-01-02"): 1,
        ("c", "2025-07-02"): 1,
    }


def test_a_day_before_the_epoch_is_a_day_too():
    assert date.fromordinal(recorded_on(-1)) == date(1969, 12, 31)


def came(type_: str, first: str, *after: int) -> list[SourceDay]:
    """Arrivals on a day and so many days after it."""
    start = date.fromisoformat(first)
    return [SourceDay("hr", type_, (start + timedelta(days=n)).toordinal()) for n in (0, *after)]


def test_the_proposal_is_the_tightest_cadence_that_was_kept_with_head_room():
    days = range(1, 120)
    working = [n for n in days if (date(2025, 1, 13) + timedelta(days=n)).weekday() < 5 and n != 87]  # 10 April
    found = habits(
        [
            *came("hr.time.reported.v1", "2025-01-13", *days),
            *came("hr.absence.started.v1", "2025-01-13", *working),
            *came("hr.cost.reported.v1", "2025-01-25", 31, 59, 90),
            *came("hr.pulse.reported.v1", "2024-01-01", 90, 180, 300),
            *came("hr.employment.ended.v1", "2025-01-01", 3),
        ]
    )["hr"]

    assert {kind: one.cadence for kind, one in found.items()} == {
        Kind.EMPLOYMENT: None,
        Kind.LEAVING: None,
        Kind.ABSENCE: "working days",
        Kind.TIME: "daily",
        Kind.PULSE: "180d",
        Kind.COST: "monthly",
    }


def test_a_proposal_is_a_registry_once_contacts_are_filled_in():
    written = proposal(habits(came("hr.time.reported.v1", "2025-01-13", *range(1, 10))))

    with pytest.raises(RegistryRefused) as refused:
        read(written)
    assert [fault.message.split(" must")[0] for fault in refused.value.faults] == ['"name"', '"email"']
    filled = written.replace("name:", "name: A").replace("email:", "email: a@kommun.example")
    assert read(filled)["hr"].kinds[Kind.TIME].written == "daily"


def test_a_first_import_proposes_what_can_be_filled_in():
    written = proposal(habits(came("hr.employment.ended.v1", "2025-01-13")))
    filled = written.replace("name:", "name: A").replace("email:", "email: a@kommun.example")

    assert {kind: often.written for kind, often in read(filled)["hr"].kinds.items()} == {
        Kind.EMPLOYMENT: "monthly",
        Kind.LEAVING: "monthly",
    }
    assert "leaving: monthly  # a guess, too few days to tell from: 1; say how often it comes" in written
