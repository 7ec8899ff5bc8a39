"""What the alerts service is told."""

from pathlib import Path

import pytest

from services.alerts.settings import AlertSettings
from shared.kit.settings import SettingsError


def test_a_link_leads_to_the_port_that_is_listened_at():
    """Unless somebody says where the reader finds the service; who it is for is filled in later."""
    assert AlertSettings(stadga_alerts_port=21_000).link("p", "t", "a b", "e") == (
        "http://127.0.0.1:21000/board/alerts/p/t/a%20b?to={to}&expires={expires}&sig={sig}"
    )
    elsewhere = AlertSettings(stadga_alerts_port=21_000, stadga_link="https://hr.example/{episode}")
    assert elsewhere.link("p", "t", "u", "e/1") == "https://hr.example/e%2F1"


def test_the_key_of_links_is_read_from_its_file(tmp_path: Path):
    """One that is too short, or is not there, is refused at start, and nothing of it is said."""
    file = tmp_path / "key"
    file.write_bytes(b"k" * 40 + b"\n")
    assert AlertSettings(stadga_link_key_file=str(file)).link_key() == b"k" * 40
    assert AlertSettings().link_key() is None
    file.write_bytes(b"secret")
    with pytest.raises(SettingsError, match=r"32 bytes or more was expected, not 6$"):
        AlertSettings(stadga_link_key_file=str(file)).link_key()
    with pytest.raises(SettingsError, match="No such file"):
        AlertSettings(stadga_link_key_file=str(tmp_path / "none")).link_key()
