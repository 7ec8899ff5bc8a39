"""Where SMTP_URL points."""

import pytest

from services.alerts.notifiers.email.server import Address, address
from shared.kit.settings import SettingsError


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://127.0.0.1:1025", Address("smtp", "127.0.0.1", 1025, None, None)),
        ("smtp://mail.example", Address("smtp", "mail.example", 25, None, None)),
        ("smtp+starttls://u:p%40ss@mail.example", Address("smtp+starttls", "mail.example", 587, "u", "p@ss")),
        ("smtps://u:p@mail.example", Address("smtps", "mail.example", 465, "u", "p")),
    ],
)
def test_url_is_read(url: str, expected: Address) -> None:
    """Scheme, host, port and credentials come from the URL, ports by scheme where it has none."""
    assert address(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.example:25",
        "http://mail.example",
        "smtp://u:secret@mail.example",
        "smtps://u:secret@:25",
        "smtps://u:sec/secret@mail.example",
        "smtp://mail.example:smtp",
        "smtps://u:secret@[::1",
    ],
)
def test_wrong_url_is_refused_without_its_password(url: str) -> None:
    """The error says what was expected and never repeats a password."""
    with pytest.raises(SettingsError, match=r"SMTP_URL .*expected smtp://") as refused:
        address(url)
    assert "secret" not in str(refused.value)
