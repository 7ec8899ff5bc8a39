"""What sources hand over: every event once and in order, at a pace that doubles at a month's end."""

from collections import Counter
from datetime import date
from itertools import islice

import pytest

from cli.simulation.log import simulate
from services.ingest.api.batch import EVENTS as MOST
from tests.harm.handing_over import PEAK, SHARES, SMALL, Request, handed_over, moment

FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)
SECONDS = 3_600.0


@pytest.fixture(scope="module")
def requests() -> list[Request]:
    """Those of a small town."""
    return list(handed_over(simulate(3, 600, 20, first=FIRST, last=LAST), 20_000, SECONDS, 3))


def test_every_event_is_handed_over_once_and_in_order(requests: list[Request]):
    events = list(islice(simulate(3, 600, 20, first=FIRST, last=LAST), 20_000))
    assert [event for request in requests for event in request.events] == events


def test_sizes_are_those_of_their_way(requests: list[Request]):
    for request in requests[:-1]:
        count = len(request.events)
        least, most = {"single": (1, 1), "file": (SMALL[1] + 1, MOST)}.get(request.way, SMALL)
        assert least <= count <= most


def test_shares_are_about_what_was_wanted(requests: list[Request]):
    events = Counter[str]()
    for request in requests:
        events[request.way] += len(request.events)
    assert {way: events[way] / 20_000 for way in SHARES} == pytest.approx(SHARES, abs=0.15)


def test_a_log_that_ends_early_ends_the_load():
    events = islice(simulate(3, 600, 20, first=FIRST, last=LAST), 100)
    assert sum(len(request.events) for request in handed_over(events, 1_000, SECONDS, 3)) == 100


def test_the_pace_doubles_at_a_months_end_and_all_is_sent_in_time():
    first, last = PEAK
    shares = [n / 1_000 for n in range(1_001)]
    at = [moment(share) for share in shares]
    assert (at[0], at[-1]) == (0, 1)
    assert at == sorted(at)
    inside = sum(first <= one < last for one in at) / (last - first)
    beside = sum(not first <= one < last for one in at) / (1 - last + first)
    assert inside / beside == pytest.approx(2, abs=0.05)
