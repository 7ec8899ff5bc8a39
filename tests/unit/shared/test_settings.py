"""Settings from the environment, refused with the variable's name."""

from pathlib import Path

import pytest

from shared.kit.settings import Settings, SettingsError, load


class Some(Settings, frozen=True, kw_only=True):
    """Settings of each kind."""

    stadga_port: int = 8800
    stadga_seconds: float = 0.5


def test_defaults():
    """Nothing has to be set."""
    assert load(Some, {}) == Some()


def test_each_field_is_its_variable():
    """Numbers are read from text; other variables do not matter."""
    told = load(Some, {"STADGA_PORT": "1", "STADGA_SECONDS": "2", "STADGA_TODAY": "2024-12-31", "PATH": "/bin"})
    assert (told.stadga_port, told.stadga_seconds, told.stadga_today) == (1, 2.0, "2024-12-31")


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("STADGA_PORT", "http", "STADGA_PORT='http': expected `int`, got `str`"),
        ("STADGA_LOG", "xml", "STADGA_LOG='xml': invalid enum value 'xml'"),
    ],
)
def test_wrong_value(variable: str, value: str, said: str):
    """The error names the variable, what it holds and what is wrong with it."""
    with pytest.raises(SettingsError, match="^" + said.replace("(", r"\(") + "$"):
        load(Some, {variable: value})


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("postgresql://stadga@db:5432/stadga", "postgresql://stadga:a%40b%3Ac%2Fd%25@db:5432/stadga"),
        (
            "postgresql://stadga@db/x?sslmode=verify-full",
            "postgresql://stadga:a%40b%3Ac%2Fd%25@db/x?sslmode=verify-full",
        ),
    ],
)
def test_password_of_the_database_comes_from_its_file(tmp_path: Path, url: str, found: str):
    """Whatever characters it has."""
    (tmp_path / "password").write_text("a@b:c/d%\n")
    given = {"DATABASE_URL": url, "DATABASE_PASSWORD_FILE": str(tmp_path / "password")}
    assert load(Settings, given).database_url == found


@pytest.mark.parametrize(
    ("url", "held", "said"),
    [
        ("postgresql://stadga@db/stadga", None, "DATABASE_PASSWORD_FILE=.*: No such file or directory"),
        ("postgresql://stadga@db/stadga", b"", "DATABASE_PASSWORD_FILE=.*: one line was expected"),
        ("postgresql://stadga@db/stadga", b"one\ntwo\n", "DATABASE_PASSWORD_FILE=.*: one line was expected"),
        ("postgresql://stadga@db/stadga", b"\xff\xfe", "DATABASE_PASSWORD_FILE=.*: no text"),
        ("postgresql://stadga:other@db/stadga", b"one\n", "DATABASE_URL: beside DATABASE_PASSWORD_FILE"),
        ("postgresql://db/stadga", b"one\n", "DATABASE_URL: beside DATABASE_PASSWORD_FILE"),
    ],
)
def test_wrong_file_of_a_password(tmp_path: Path, url: str, held: bytes | None, said: str):
    """The error names the variable, and says nothing of what is in the file."""
    if held is not None:
        (tmp_path / "password").write_bytes(held)
    with pytest.raises(SettingsError, match=said) as refused:
        load(Settings, {"DATABASE_URL": url, "DATABASE_PASSWORD_FILE": str(tmp_path / "password")})
    assert "other" not in str(refused.value)
    assert "two" not in str(refused.value)
