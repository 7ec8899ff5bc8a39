"""Settings that are wrong keep the service from starting, and say which and why."""

from pathlib import Path

import pytest

from services.ingest import settings as told
from services.ingest.domain.access import sha256
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


@pytest.mark.parametrize("name", ["", "a\0b"])
def test_a_municipality_needs_a_name(name: str):
    """An empty one would join municipalities."""
    with pytest.raises(SettingsError, match="STADGA_MUNICIPALITY"):
        told.municipality(IngestSettings(stadga_municipality=name))


def test_without_a_file_the_local_token_publishes_for_all():
    """A trial needs no set-up."""
    grant = told.access(IngestSettings()).grant("local")
    assert grant is not None
    assert grant.allows("anything")


def test_a_file_of_tokens_replaces_the_local_one(tmp_path: Path):
    """source: digest, in YAML."""
    file = tmp_path / "tokens.yaml"
    file.write_text(f"hr-system: {sha256('s3cret')}\n")
    access = told.access(IngestSettings(stadga_tokens_file=str(file)))
    assert access.grant("local") is None
    assert access.grant("s3cret") is not None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "No such file"),
        ("hr: plain", "hr: not the SHA-256"),
        ("- hr", "Expected `object`, got `array`"),
        ("", "Expected `object`, got `null`"),
        ("hr: [", "line 1"),
        ("\xff", "utf-8"),
    ],
)
def test_a_wrong_file_of_tokens_is_refused(tmp_path: Path, text: str | None, said: str):
    """The message names the setting, the file and the fault."""
    file = tmp_path / "tokens.yaml"
    if text is not None:
        file.write_bytes(text.encode("latin-1"))
    with pytest.raises(SettingsError, match=r"STADGA_TOKENS_FILE='.*tokens.yaml'") as error:
        told.access(IngestSettings(stadga_tokens_file=str(file)))
    assert said in str(error.value)
