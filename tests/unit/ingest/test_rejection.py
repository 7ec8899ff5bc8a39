"""The records of a refusal: why and where, and what was refused."""

from datetime import UTC, datetime

import msgspec
import pytest
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from services.ingest.domain.outcome import Refused
from services.ingest.domain.rejection import ATTRIBUTES, KEPT, LARGEST, NAME, TEXT, KafkaRecord, original, record
from shared.contracts.problems import MOST, Fault
from shared.contracts.rejections import Rejection
from tests import builders as make

NOW = datetime(2024, 1, 1, tzinfo=UTC)
NUMBER = "19811218-9876"
WORST = "\x01"
"""JSON writes this one character with six."""


def refused(original: bytes, **fields: object) -> Refused:
    """A refusal of those bytes."""
    return Refused(reason="wrong_type", path="$.data.fte", message="Expected", original=original, **fields)


def read(made: KafkaRecord) -> Rejection:
    """The body of a record."""
    return msgspec.json.decode(made.value, type=Rejection)


def read_original(*given: object) -> Rejection:
    """The body of the record of an original."""
    made = original(*given)
    assert made is not None
    return read(made)


def bytes_of(made: KafkaRecord) -> int:
    """What the producer takes it to be."""
    return DefaultRecordBatchBuilder.estimate_size_in_bytes(made.key, made.value, made.headers)


def test_any_bytes_survive():
    """The original can be read back, whatever it was."""
    came = bytes(range(256))
    kept = read_original(refused(came, source="hr"), NOW, "kafka")
    assert (kept.original, kept.source, kept.channel, kept.received) == (came, "hr", "kafka", NOW)


def test_the_reason_is_the_key_and_a_header():
    """Whoever reads the topic can filter without opening the value."""
    for made in (record(refused(b"x"), NOW, "http"), original(refused(b"x"), NOW, "http")):
        assert made is not None
        assert made.key == b"wrong_type"
        assert dict(made.headers) == {"reason": b"wrong_type", "channel": b"http"}


def test_why_and_where_are_kept_without_what_was_said():
    """For weeks; but for the original it is what stands beside the original, so that one finds the other."""
    one = refused(b"what was said", source="hr", attributes={"subject": "person/Anna"}, token=make.SOURCE)
    why, came = read(record(one, NOW, "kafka")), read_original(one, NOW, "kafka")
    assert (why.original, why.attributes) == (b"", None)
    assert why == replace(came, original=b"", attributes=None)


@pytest.mark.parametrize(("source", "kept"), [("hr", "hr"), (f"Anna {NUMBER}", None), (None, None)])
def test_a_source_that_names_somebody_is_kept_with_the_original_alone(source: str | None, kept: str | None):
    """What it was meant to be nobody knows."""
    one = refused(b"x", source=source)
    assert read(record(one, NOW, "kafka")).source == kept
    assert read_original(one, NOW, "kafka").source == source


@pytest.mark.parametrize("attributes", [None, {}])
def test_where_nothing_was_said_there_is_no_original(attributes: dict[str, str] | None):
    """An empty message, or one of another tenant."""
    assert original(refused(b"", attributes=attributes), NOW, "http") is None


def test_the_attributes_of_binary_mode_are_kept():
    """Without them the bytes of the data would say nothing."""
    kept = read_original(refused(b"{}", attributes={"id": "e1", "subject": "unit/Söder"}), NOW, "http")
    assert kept.attributes == {"id": "e1", "subject": "unit/Söder"}


def test_no_word_of_the_sender_is_in_a_header():
    """An identity number in any attribute, in the path or in the message travels in the body alone."""
    told = Refused(
        reason="personal_identity_number",
        path=f"$.data.{NUMBER}",
        message=NUMBER,
        original=NUMBER.encode(),
        source=NUMBER,
        id=NUMBER,
        attributes={"id": NUMBER, NUMBER: "x", "subject": f"unit/{NUMBER}"},
    )
    made = original(told, NOW, "kafka")
    assert made is not None
    assert NUMBER not in repr((made.key, made.headers))


def test_all_faults_are_kept_as_an_answer_lists_them():
    """The first is what the record is about; where nothing lists them, that is the only one."""
    several = (
        Fault(reason="wrong_type", path="$.data.fte", detail="fte: Expected `float`, got `str`"),
        Fault(reason="invalid_value", path="$.data.gender", detail="x", allowed=("man", "woman"), nearest="man"),
    )
    assert read(record(refused(b"x", faults=several), NOW, "kafka")).faults == several
    assert read(record(refused(b"x"), NOW, "kafka")).faults == (
        Fault(reason="wrong_type", path="$.data.fte", detail="Expected"),
    )


def test_many_faults_are_cut():
    """To a hundred, and to the room there is; never is the first left out."""
    small = [Fault(reason="invalid_value", path=f"$.data.{n}", detail="no") for n in range(MOST + 1)]
    assert read(record(refused(b"x", faults=tuple(small)), NOW, "http")).faults == tuple(small[:MOST])
    large = [replace(one, detail=WORST * 9 * TEXT) for one in small]
    kept = read(record(refused(b"x", faults=tuple(large)), NOW, "http")).faults
    assert kept == tuple(replace(one, detail=WORST * TEXT) for one in large[: len(kept)])
    assert 10 < len(kept) < MOST


def test_a_large_original_is_cut_to_fit_a_message():
    """The message says how much there was."""
    kept = read_original(refused(b"x" * 1_000_000), NOW, "http")
    assert kept.original == b"x" * KEPT
    assert kept.message.endswith("(of 1000000 bytes the first 700000 are kept)")


@pytest.mark.parametrize("keep", [1, 1000])
def test_less_can_be_kept(keep: int):
    """For a broker that takes less than others."""
    kept = read_original(refused(b"x" * 1001, attributes={"id": "1"}), NOW, "http", keep)
    assert (len(kept.original), kept.attributes) == (keep, {"id": "1"})


around = st.sampled_from([0, 1, 600_000, 689_999, 690_000, KEPT - 1, KEPT, KEPT + 1, 750_000, LARGEST, 1_048_588])
lengths = st.sampled_from([0, 1, NAME - 1, NAME, NAME + 1, TEXT - 1, TEXT, TEXT + 1, 2000])
letters = st.sampled_from([WORST, "a", "ö", "\U0001f600", '"', "\\"])
texts = st.builds(lambda letter, length: letter * length, letters, lengths)
counts = st.sampled_from([0, 1, ATTRIBUTES - 1, ATTRIBUTES, ATTRIBUTES + 1])


@settings(max_examples=50, deadline=None)
@given(around, counts, texts, texts, texts)
@example(1_048_588, ATTRIBUTES, WORST * NAME, WORST * TEXT, WORST * TEXT)
@example(850_000, 3000, "", "x", "")
def test_every_record_fits_a_message(size: int, count: int, name: str, value: str, text: str):
    """Whatever the sizes of the original, of its attributes, and of the texts about it."""
    attributes = {f"{i}{name}": value for i in range(count)} or None
    told = Refused(
        reason="personal_identity_number",
        path=text,
        message=text,
        original=b"\xff" * size,
        source=text,
        attributes=attributes,
        faults=(Fault(reason="wrong_type", path=text, detail=text, nearest=text[:TEXT]),) * count,
    )
    assert bytes_of(record(told, NOW, "kafka")) <= LARGEST
    made = original(told, NOW, "kafka")
    if made is None:
        assert (size, attributes) == (0, None)
        return
    kept = read(made)
    assert bytes_of(made) <= LARGEST
    assert len(kept.original) >= min(size, 600_000)
    assert len(kept.attributes or {}) == min(count, ATTRIBUTES)
