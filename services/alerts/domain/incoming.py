"""Messages of ``workforce.metrics``: read, or refused with a reason."""

from typing import Literal

import msgspec

from shared.contracts import envelope
from shared.contracts.metrics import COMPUTED, GroupComputed

Reason = Literal["empty_message", "not_json", "unknown_type", "wrong_type", "refused_by_database"]
_decoder = msgspec.json.Decoder(GroupComputed)


class UnreadableError(Exception):
    """A message that can't be read; ``reason`` is one of a closed set, the text says what and where."""

    def __init__(self, reason: Reason, message: str) -> None:
        """The reason and the sentence."""
        super().__init__(message)
        self.reason = reason


def read(value: bytes | None) -> GroupComputed:
    """The values a message carries; raises UnreadableError."""
    if not value:
        raise UnreadableError("empty_message", "the message has no value")
    try:
        event = envelope.decode(value)
        if event.type != COMPUTED:
            raise UnreadableError("unknown_type", f'type "{event.type}", expected "{COMPUTED}"')
        return _decoder.decode(event.data)
    except msgspec.ValidationError as error:
        raise UnreadableError("wrong_type", str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnreadableError("not_json", str(error)) from None
