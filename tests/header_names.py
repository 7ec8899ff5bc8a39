"""Kafka messages whose header names are any bytes; a client that follows the rules does not write such."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

import pytest
from aiokafka.producer import message_accumulator, producer
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy


class HeaderName(str):
    """A name that is written as these bytes by aiokafka's writer in Python; the one in C takes none."""

    __slots__ = ("_raw",)

    def __new__(cls, raw: bytes) -> Self:
        """The text of it is what can be read of the bytes."""
        self = super().__new__(cls, raw.decode("utf-8", "backslashreplace"))
        self._raw = raw
        return self

    def encode(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:  # noqa: ARG002 -- the bytes are given
        """The bytes."""
        return self._raw


@contextmanager
def any_header_names() -> Iterator[None]:
    """Producers of this process take a HeaderName."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (producer, message_accumulator):
            patch.setattr(module, "DefaultRecordBatchBuilder", _DefaultRecordBatchBuilderPy)
        yield
