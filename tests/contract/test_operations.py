"""docs/operations.md: true of the settings, the compose file and the alerts it speaks of."""

import re
from pathlib import Path

import pytest
import yaml

from services.alerts.notifiers.email.server import address
from shared.kit.settings import Settings
from tests.services import SERVICES, settings

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "operations.md").read_text()
COMPOSE_TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE = yaml.safe_load(COMPOSE_TEXT)
SECTIONS = dict(re.findall(r"^### (.+?)\n(.*?)(?=^#|\Z)", TEXT, re.MULTILINE | re.DOTALL))
RULES = yaml.safe_load((ROOT / "deploy" / "prometheus" / "rules" / "stadga.yml").read_text())


def _told(section: str) -> dict[str, str]:
    """Variable → default, as a table of settings has them."""
    return dict(re.findall(r"^\| `([A-Z_]+)` \| (?:`(.*?)`)? *\| \S.* \|$", SECTIONS[section], re.MULTILINE))


def _defaults(kind: type[Settings]) -> dict[str, str]:
    chosen = kind()
    return {field.upper(): str(getattr(chosen, field)) for field in kind.__struct_fields__}


def test_common_settings_are_told_with_their_defaults() -> None:
    """The table of common settings is what every service reads."""
    assert _told("Every service") == _defaults(Settings)


@pytest.mark.parametrize("service", SERVICES)
def test_settings_of_a_service_are_told_with_their_defaults(service: str) -> None:
    """The table of a service is what its settings class adds to the common ones."""
    common = _defaults(Settings)
    own = {name: value for name, value in _defaults(settings(service)).items() if name not in common}
    assert _told(service) == own


def test_what_is_to_be_set_first_reaches_a_container() -> None:
    """Each variable of the table for ``.env`` is read by the compose file."""
    section = SECTIONS["Before real people's data"]
    names = re.findall(r"^\| `([A-Z_]+)` \|", section, re.MULTILINE)
    assert names
    assert all(re.search(rf"\$\{{{name}:-|^ +{name}:$", COMPOSE_TEXT, re.MULTILINE) for name in names)


def test_addresses_of_mail_servers_are_accepted() -> None:
    """Every SMTP_URL that the documents show can be pasted: the service reads it."""
    texts = [
        path.read_text()
        for path in (*ROOT.glob("docs/**/*.md"), *ROOT.glob("**/README.md"), ROOT / "docker-compose.yml")
    ]
    shown = {
        found
        for text in texts
        for found in re.findall(r"\bsmtp(?:s|\+starttls)?://[^\s`),|}]+", text)
        if "…" not in found
    }
    assert len(shown) > 1
    for url in shown:
        assert address(url).host


def test_every_alert_that_is_explained_exists() -> None:
    """No heading outlives its alert."""
    alerts = {rule["alert"] for group in RULES["groups"] for rule in group["rules"] if "alert" in rule}
    assert {name for name in SECTIONS if name.startswith("Stadga")} == alerts


def test_commands_name_services_and_volumes_of_the_compose_file() -> None:
    """A reader can paste the commands: what they name exists."""
    services = re.findall(r"docker compose (?:exec(?: -T)?|logs) ([a-z]+)", TEXT)
    stopped = [name for line in re.findall(r"docker compose stop (.+)", TEXT) for name in line.split()]
    volumes = re.findall(rf"{COMPOSE['name']}_([a-z]+)[:`]", TEXT)
    assert {*services, *stopped} <= set(COMPOSE["services"])
    assert volumes
    assert set(volumes) <= set(COMPOSE["volumes"])


def test_published_addresses_are_told() -> None:
    """The table of addresses has every port that is published."""
    published = {port.split(":")[1] for part in COMPOSE["services"].values() for port in part.get("ports", [])}
    assert set(re.findall(r"^\| (?:http://)?127\.0\.0\.1:(\d+) \|", TEXT, re.MULTILINE)) == published
