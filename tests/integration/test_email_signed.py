"""Signed mails, over real SMTP: what arrives is verified with the public half of the key, and a changed one is not."""

import subprocess
from pathlib import Path

import asyncpg
import dkim
import pytest

from services.alerts.notifiers.email.signature import signing, unsigned
from shared.kit.settings import SettingsError
from tests.conftest import Mail
from tests.integration.delivering import delivering, enqueue, settled


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key of 2,048 bits."""
    path = tmp_path_factory.mktemp("dkim") / "dkim.pem"
    subprocess.run(["openssl", "genrsa", "-out", str(path), "2048"], check=True, capture_output=True)
    return path


def record(key: Path) -> bytes:
    """What stands in DNS of a key."""
    made = subprocess.run(["openssl", "rsa", "-in", str(key), "-pubout"], check=True, capture_output=True).stdout
    return b"v=DKIM1; k=rsa; p=" + b"".join(made.splitlines()[1:-1])


async def test_a_mail_is_signed(postgres: str, smtp: Mail, table: asyncpg.Connection, key: Path):
    """Under the domain of its sender; a word that is changed on the way breaks the signature."""
    await enqueue(table, "hr")
    async with delivering(postgres, smtp.url, sign=signing(str(key), "stadga", "kommun.example")):
        await settled(table, {"hr-hold_met": "sent"})
    [raw] = smtp.messages()
    mail = b"".join(line for line in raw.splitlines(keepends=True) if not line.startswith(b"X-Envelope-"))
    asked: list[bytes] = []

    def dns(name: bytes, timeout: int = 5) -> bytes:
        asked.append(name)
        return record(key)

    assert dkim.verify(mail, dnsfunc=dns)
    assert {name.rstrip(b".") for name in asked} == {b"stadga._domainkey.kommun.example"}
    assert not dkim.verify(mail.replace(b"Farsta", b"Kista"), dnsfunc=dns)


def test_what_cannot_sign(tmp_path: Path, key: Path):
    """Without a key nothing is signed; a file that is none, or a name that cannot stand in DNS, is said at start."""
    assert signing("", "stadga", "kommun.example") is unsigned
    (tmp_path / "none.pem").write_text("no key")
    for file, selector, said in (
        (str(tmp_path / "none.pem"), "stadga", "KEY_FILE"),
        (str(tmp_path / "away.pem"), "stadga", "KEY_FILE"),
        (str(key), "sta dga", "SELECTOR"),
    ):
        with pytest.raises(SettingsError, match=said):
            signing(file, selector, "kommun.example")
