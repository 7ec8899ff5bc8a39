"""Settings that are wrong keep the service from starting, and say which and why."""

from pathlib import Path

import pytest

from services.ingest import settings as told
from services.ingest.settings import IngestSettings
from shared.kit.settings import SettingsError


def test_a_short_key_is_refused_and_not_shown():
    """Fewer than 16 bytes can be guessed."""
    with pytest.raises(SettingsError, match=r"^STADGA_PSEUDONYM_KEY: 6 bytes") as error:
        told.pseudonym_key(IngestSettings(stadga_pseudonym_key="secret"))
    assert "secret" not in str(error.value)


def test_the_key_is_the_bytes_of_its_text():
    """Whether it looks like hexadecimal or not."""
    assert told.pseudonym_key(IngestSettings(stadga_pseudonym_key="å" * 8)) == "å".encode() * 8


def test_the_key_comes_from_its_file(tmp_path: Path):
    """Without the new line at its end; one that is short is refused as ever."""
    (tmp_path / "key").write_text("0123456789abcdef\n")
    (tmp_path / "short").write_text("secret\n")
    assert told.pseudonym_key(IngestSettings(stadga_pseudonym_key_file=str(tmp_path / "key"))) == b"0123456789abcdef"
    with pytest.raises(SettingsError, match=r"^STADGA_PSEUDONYM_KEY: 6 bytes"):
        told.pseudonym_key(IngestSettings(stadga_pseudonym_key_file=str(tmp_path / "short")))


@pytest.mark.parametrize("name", ["", "a\0b"])
def test_a_municipality_needs_a_name(name: str):
    """An empty one would join municipalities."""
    with pytest.raises(SettingsError, match="STADGA_MUNICIPALITY"):
        told.municipality(IngestSettings(stadga_municipality=name))
