"""The job as a stream in Quix Streams, exactly once; run by an interpreter of its own, which has the library.

``python -m benchmarks.peers.quix BROKERS EVENTS FACTS FOLDER``: from one topic to another until it is told to end.
"""

import sys
from typing import Any

from quixstreams import Application, State

from benchmarks.peers import counting, event, person

GROUP = "peer-quix"


def take(message: dict[str, Any], state: State) -> list[dict[str, Any]]:
    """Take an event into its person's state; by what facts change."""
    arrived = event.read(message)
    if arrived is None:
        return []
    events = {told[2]: event.Event(*told) for told in state.get("events", [])}
    changed = person.take(events, arrived, message["subject"].partition("/")[2])
    state.set("events", [list(told) for told in events.values()])
    return [{"fact": counting.written(*fact), "amount": amount} for fact, amount in changed.items()]


def main(brokers: str, events: str, facts: str, folder: str) -> None:
    """Run until it is told to end."""
    app = Application(
        broker_address=brokers,
        consumer_group=GROUP,
        auto_offset_reset="earliest",
        processing_guarantee="exactly-once",
        state_dir=folder,
    )
    changes = app.dataframe(app.topic(events, key_deserializer="str", value_deserializer="json"))
    changes = changes.apply(take, stateful=True, expand=True)
    out = app.topic(facts, key_serializer="str", value_serializer="json")
    changes.to_topic(out, key=lambda change: change["fact"])
    app.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
