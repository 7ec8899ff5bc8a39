"""The partition of a subject is the one that Kafka's own partitioner gives its key."""

from aiokafka.partitioner import DefaultPartitioner
from hypothesis import given, settings
from hypothesis import strategies as st

from services.metrics.intake.homes import homes

SUBJECTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=0, max_size=50)


@settings(deadline=None)
@given(st.lists(SUBJECTS, max_size=40), st.integers(1, 1_000))
def test_hashed_together_as_one_by_one(subjects: list[str], partitions: int):
    """Of any length and any characters, however many."""
    every = range(partitions)
    assert homes(subjects, partitions) == {DefaultPartitioner()(s.encode(), every, every) for s in subjects}
