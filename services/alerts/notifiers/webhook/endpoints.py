"""The webhooks in force: the file is read again when it changes; one with a fault changes nothing."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from services.alerts.domain.webhook.endpoint import MOST_BYTES, Endpoint, WebhooksRefused, read
from services.alerts.notifiers.webhook.signing import SecretError, secret
from shared.kit import files
from shared.kit.settings import SettingsError

PART = "webhooks"
MOST_SECRET = 1_000


class Signed(NamedTuple):
    """A webhook with what its notices are signed with."""

    to: Endpoint
    key: bytes


class Endpoints:
    """The webhooks of a file, by the address that the outbox knows them by; none without a file."""

    def __init__(self, file: str) -> None:
        """Raises SettingsError for a file that cannot be used."""
        self._file = file
        self.fault: str | None = None
        """What is wrong with the file since it was last read as a whole."""
        self._parsed: tuple[bytes, Mapping[str, Endpoint]] | None = None
        try:
            self._found = self._read()
        except (OSError, ValueError, WebhooksRefused) as error:
            raise SettingsError(f"STADGA_WEBHOOKS={file!r}: {error}") from None

    def look(self) -> Mapping[str, Signed]:
        """What the file says; while it has a fault, what it said before."""
        try:
            self._found, self.fault = self._read(), None
        except (OSError, ValueError, WebhooksRefused) as error:
            self.fault = f"{self._file}: {error}; what it said before is in force"
        return self._found

    def _read(self) -> dict[str, Signed]:
        if not self._file:
            return {}
        content = files.read(Path(self._file), MOST_BYTES).content
        # Looked at several times a second: it is not parsed again while it stays the same.
        if self._parsed is None or content != self._parsed[0]:
            self._parsed = content, read(content.decode())
        return {f"webhook:{name}": Signed(to, self._key(to)) for name, to in self._parsed[1].items()}

    def _key(self, to: Endpoint) -> bytes:
        """A name without a folder is beside the file of webhooks."""
        try:
            return secret(files.read(Path(self._file).parent / to.secret_file, MOST_SECRET).content)
        except (OSError, SecretError) as error:
            raise ValueError(f'secret_file of "{to.name}": {error}') from None
