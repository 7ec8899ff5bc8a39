"""What ingest is told by its environment, and the checks made before it starts."""

from typing import Annotated

import structlog
from msgspec import Meta

from shared.kit.settings import Settings, SettingsError, one_line

log = structlog.get_logger()

LOCAL_KEY = "local key, known to all"
LEAST_KEY = 16
MOST_HOURS = 20
"""With the time between two rounds of clearing less than a day."""


class IngestSettings(Settings, frozen=True, kw_only=True):
    """``stadga_pseudonym_key_file`` has the key in one line, in the place of ``stadga_pseudonym_key``.

    ``stadga_acknowledge_seconds``: how long a request waits for Kafka before it is answered 503.
    ``stadga_raw_hours``: how long what was read of hr.raw stays there, for somebody to look.
    ``stadga_master_key_file`` holds the master keys; without it nothing is sealed.
    """

    stadga_ingest_port: int = 8801
    stadga_pseudonym_key: str = LOCAL_KEY
    stadga_pseudonym_key_file: str = ""
    stadga_municipality: str = "kommun"
    stadga_master_key_file: str = ""
    stadga_acknowledge_seconds: float = 10
    stadga_raw_hours: Annotated[float, Meta(ge=0, le=MOST_HOURS)] = 6


def pseudonym_key(settings: IngestSettings) -> bytes:
    """The key, as the bytes of its text; raises SettingsError, which never quotes it, if it is short."""
    file = settings.stadga_pseudonym_key_file
    text = one_line(file, "STADGA_PSEUDONYM_KEY_FILE") if file else settings.stadga_pseudonym_key
    key = text.encode()
    if len(key) < LEAST_KEY:
        raise SettingsError(f"STADGA_PSEUDONYM_KEY: {len(key)} bytes, at least {LEAST_KEY} are needed")
    if text == LOCAL_KEY:
        log.warning("STADGA_PSEUDONYM_KEY is not set: anyone can undo the pseudonyms; use this for trials only")
    return key


def municipality(settings: IngestSettings) -> str:
    """The name that keeps one municipality's pseudonyms apart from another's under the same key."""
    if not settings.stadga_municipality or "\0" in settings.stadga_municipality:
        raise SettingsError("STADGA_MUNICIPALITY: empty, or holds a NUL")
    return settings.stadga_municipality
