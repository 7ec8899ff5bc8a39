"""What is believed of messages on ``workforce.metrics``."""

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from services.alerts.domain.alert.incoming import UnreadableError, told
from services.alerts.domain.alert.trust import doubt, doubt_of_deliveries, reader
from shared.contracts.deliveries import DeliveriesReported, OpenDelivery
from shared.contracts.metrics import COMPUTED, ONE_DAY_COMPUTED, DayComputed, GroupComputed, MetricValue, key
from tests.integration.alerting import BAD, TODAY, group, message

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
PRESENT = 1_782_820_800_000
"""That instant in milliseconds, as the metrics service numbers its publications."""

QUARTER = 900_000
"""Of an hour, in milliseconds."""

READER = reader(TODAY, NOW)
TRUE = group("unit", BAD, TODAY, revision=PRESENT)
SUPPRESSED = MetricValue(status="suppressed", definition="d", value=0.5)
INCOMPLETE = MetricValue(
    status="incomplete", definition="d", known_from=date(2026, 3, 1), complete_from=date(2027, 3, 1)
)
NOT_REPORTED = MetricValue(status="not_reported", definition="d")
INFINITE = MetricValue(status="final", definition="d", value=float("inf"))

GOOD_OLD = MetricValue(status="final", definition="d", value=0.1)
MONTHS = MetricValue(status="final", definition="d", value=0.1, until=date(2026, 5, 31))


def of_months(name: str, until: date) -> GroupComputed:
    """Today's value, of the twelve months that ended with a day."""
    return replace(TRUE, metrics={name: replace(MONTHS, until=until)})


BELIEVED = [
    ("today's value", TRUE),
    ("a value of a writer whose day has begun", replace(TRUE, as_of=TODAY + timedelta(1), today=TODAY + timedelta(1))),
    ("a restated value", replace(TRUE, as_of=TODAY - timedelta(28))),
    ("what is known of the day in 90 days", replace(TRUE, as_of=TODAY + timedelta(90))),
    ("an old message that is read again", replace(TRUE, as_of=date(2024, 1, 1), today=date(2024, 1, 1), revision=1)),
    ("a publication of a writer whose clock is a quarter ahead", replace(TRUE, revision=PRESENT + QUARTER)),
    ("a value of before publications were numbered by the clock", replace(TRUE, revision=17)),
    ("health of the months that are over", of_months("sick_rate", date(2026, 5, 31))),
    ("health as it was told before it was told of months", replace(TRUE, metrics={"sick_rate": GOOD_OLD})),
    ("a value that is not complete yet", replace(TRUE, metrics={"leaver_rate": INCOMPLETE})),
    ("a value of which no source tells", replace(TRUE, metrics={"sick_rate": NOT_REPORTED})),
    ("several days", replace(TRUE, other_days=(DayComputed(as_of=TODAY - timedelta(28), metrics=TRUE.metrics),))),
    ("the whole municipality", replace(TRUE, unit="*", unit_path=("*", "*"))),
]
DOUBTED = [
    ("a day after the reader's tomorrow", replace(TRUE, as_of=date(2030, 1, 1), today=date(2030, 1, 1)), "tomorrow"),
    ("a day nobody restates", replace(TRUE, as_of=TODAY - timedelta(46)), "restated"),
    (
        "a day nobody restates beside one",
        replace(TRUE, other_days=(DayComputed(as_of=TODAY - timedelta(46), metrics=TRUE.metrics),)),
        "restated",
    ),
    (
        "a value without bounds on another day",
        replace(TRUE, other_days=(DayComputed(as_of=TODAY, metrics={"leaver_rate": INFINITE}),)),
        "finite",
    ),
    ("a day further ahead than is published", replace(TRUE, as_of=TODAY + timedelta(91)), "ahead"),
    ("a publication that would hide others for longer", replace(TRUE, revision=PRESENT + QUARTER + 1), "revision"),
    ("a publication of two to the power of 62", replace(TRUE, revision=1 << 62), "revision"),
    ("a negative publication", replace(TRUE, revision=-1), "revision"),
    ("a path that begins elsewhere", replace(TRUE, unit_path=("other", "*")), "unit_path"),
    ("a path that leads nowhere", replace(TRUE, unit_path=("unit",)), "unit_path"),
    ("no path", replace(TRUE, unit_path=()), "unit_path"),
    ("a path in circles", replace(TRUE, unit_path=("unit", "a", "unit", "*")), "unit_path"),
    ("a path without end", replace(TRUE, unit_path=("unit", *map(str, range(300)), "*")), "unit_path"),
    ("a unit without a name", replace(TRUE, unit_name=""), "name"),
    ("a name without end", replace(TRUE, unit_name="x" * 501), "name"),
    ("a window of no days", replace(TRUE, window_days=0), "window"),
    ("a hidden value that is told", replace(TRUE, metrics={"leaver_rate": SUPPRESSED}), "suppressed"),
    ("half a value that is told", replace(TRUE, metrics={"leaver_rate": replace(INCOMPLETE, value=0.5)}), "incomplete"),
    (
        "a count of what nobody reports",
        replace(TRUE, metrics={"sick_rate": replace(NOT_REPORTED, numerator=0)}),
        "not_r",
    ),
    ("bounds of what nobody reports", replace(TRUE, metrics={"sick_rate": replace(NOT_REPORTED, high=1.0)}), "not_r"),
    ("health of a month that is not over", of_months("sick_rate", date(2026, 7, 31)), "over"),
    ("health of half a month", of_months("sick_rate", date(2026, 5, 15)), "last day"),
    ("health of months without end", of_months("sick_rate", date.max), "over"),
    ("another metric of whole months", of_months("leaver_rate", date(2026, 5, 31)), "only health"),
    ("a value without bounds", replace(TRUE, metrics={"leaver_rate": INFINITE}), "finite"),
]


@pytest.mark.parametrize("told", [case[1] for case in BELIEVED], ids=[case[0] for case in BELIEVED])
def test_what_the_metrics_service_may_say_is_believed(told: GroupComputed):
    """Nothing is doubted of the message that the name of the case says."""
    assert doubt(told, READER) is None


@pytest.mark.parametrize(("told", "why"), [case[1:] for case in DOUBTED], ids=[case[0] for case in DOUBTED])
def test_what_it_cannot_say_is_not_believed(told: GroupComputed, why: str):
    """The message that the name of the case says is doubted, and why."""
    assert why in (doubt(told, READER) or "")


def test_a_message_under_another_key_is_not_believed():
    """Only under its own key are a group's messages in order."""
    with pytest.raises(UnreadableError, match="key"):
        told(READER, b"other|*", message(TRUE))


def test_a_message_of_another_source_is_not_believed():
    """Values are said by the metrics service alone."""
    with pytest.raises(UnreadableError, match="source"):
        told(READER, key(TRUE), message(TRUE).replace(b"stadga/metrics", b"stadga/ingest"))


def test_a_message_of_an_earlier_release_is_read():
    """Thirty days of them are on the topic when a release is rolled out."""
    assert told(READER, key(TRUE), message(TRUE).replace(COMPUTED.encode(), ONE_DAY_COMPUTED.encode())) == TRUE


def test_the_days_of_a_message():
    """That of the message itself comes last: whoever hears of it has heard of the others."""
    days = [DayComputed(as_of=TODAY - timedelta(back), metrics=TRUE.metrics) for back in (2, 1)]
    assert replace(TRUE, other_days=tuple(days)).by_day() == [
        *(replace(TRUE, as_of=one.as_of) for one in days),
        TRUE,
    ]


HALF = OpenDelivery("hr-system", "file", 12, 24, NOW, NOW, given_up=True, units=("unit",))
PARTS = [
    ("half a file", HALF, None),
    ("a file of which nobody said how large it is", replace(HALF, of=None), None),
    ("a delivery without a name", replace(HALF, id=""), "empty"),
    ("a unit without end", replace(HALF, units=("x" * 501,)), "longer"),
    ("fewer events than none", replace(HALF, arrived=-1), "number"),
    ("more events than there can be", replace(HALF, of=2**60), "number"),
]


@pytest.mark.parametrize(("part", "why"), [case[1:] for case in PARTS], ids=[case[0] for case in PARTS])
def test_which_report_of_deliveries_is_believed(part: OpenDelivery, why: str | None):
    """The one that the name of the case says; whoever mails of it can write it."""
    found = doubt_of_deliveries(DeliveriesReported((part,)))
    assert found is None if why is None else why in (found or "")
