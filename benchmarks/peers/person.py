"""The state of one person in plain Python: every event of the job, whether it holds or not."""

from collections import defaultdict

from benchmarks.peers.counting import Fact, Facts, facts
from benchmarks.peers.event import ABSENCES, HOURS, JOB, Event, Events, holding


def take(events: dict[str, Event], arrived: Event, ref: str) -> Facts:
    """Put an event to a person's others; by what their facts change. One that is there already changes nothing."""
    if arrived.key in events:
        return {}
    before = holding(events)
    events[arrived.key] = arrived
    return _difference(before, holding(events), ref)


def _difference(before: Events, after: Events, ref: str) -> Facts:
    """Counted anew is what leans on the events that differ: all, if employments do; reports of hours stand alone."""
    lost, gained = _without(before, after), _without(after, before)
    types = {event.type for event in (*lost, *gained)}
    moved = not JOB.isdisjoint(types)
    types |= ABSENCES if types & ABSENCES else set()
    difference = defaultdict[Fact, int](int)
    for sign, told, flipped in ((-1, before, lost), (1, after, gained)):
        leaning = [event for event in told.values() if moved or event.type in types - {HOURS}]
        leaning += [] if moved else [event for event in flipped if event.type == HOURS]
        jobs = [event for event in told.values() if event.type in JOB]
        for fact, amount in facts(jobs, leaning, ref) if leaning else ():
            difference[fact] += sign * amount
    return {fact: amount for fact, amount in difference.items() if amount}


def _without(some: Events, others: Events) -> list[Event]:
    return [event for key, event in some.items() if key not in others]
