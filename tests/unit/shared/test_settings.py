"""Settings from the environment, refused with the variable's name."""

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
