"""A connection to a broker that has just ended is one to aiokafka, whatever the event loop says of writing to it.

aiokafka takes an OSError for that. uvloop raises a RuntimeError, now and then when a broker is started again: it passes
every handler of aiokafka, and ends the task by which a client learns of the cluster. Nothing says so; what is sent by
that client waits for ever.
"""

from collections.abc import Callable
from typing import Any

from aiokafka.conn import AIOKafkaConnection, CloseReason
from aiokafka.errors import KafkaConnectionError

CLOSED = "the handler is closed"
"""What uvloop says."""

Send = Callable[..., Any]


def tell() -> None:
    """All clients of this process are told from now on; calling it again changes nothing."""
    AIOKafkaConnection.send = _SEND
    AIOKafkaConnection._send_sasl_token = _SEND_TOKEN


def _telling(send: Send) -> Send:
    def sent(connection: AIOKafkaConnection, *request: object, **how: object) -> object:
        try:
            return send(connection, *request, **how)
        except RuntimeError as error:
            if CLOSED not in str(error):
                raise
            connection.close(reason=CloseReason.CONNECTION_BROKEN)
            raise KafkaConnectionError(f"{connection} has ended: {error}") from error

    return sent


_SEND, _SEND_TOKEN = _telling(AIOKafkaConnection.send), _telling(AIOKafkaConnection._send_sasl_token)
