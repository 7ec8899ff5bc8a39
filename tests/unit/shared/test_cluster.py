"""The way into Kafka: settings that can let nobody in are refused by name, and nothing secret is ever shown."""

from pathlib import Path

import pytest

from shared.kit.cluster import NoWayError, Renewal, RenewedError, check, way_to
from shared.kit.settings import Settings, SettingsError, load
from tests.authority import Authority

SECRET = "not for anybody's eyes"  # noqa: S105  -- what a test looks for


def told(**variables: str) -> Settings:
    """Settings from an environment."""
    return load(Settings, variables)


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"KAFKA_SECURITY_PROTOCOL": "SASL_SSL"}, "KAFKA_USERNAME"),
        ({"KAFKA_SECURITY_PROTOCOL": "SASL_SSL", "KAFKA_USERNAME": "stadga"}, "KAFKA_PASSWORD_FILE"),
        ({"KAFKA_SECURITY_PROTOCOL": "SASL_SSL", "KAFKA_SASL_MECHANISM": "OAUTHBEARER"}, "KAFKA_TOKEN_FILE"),
        ({"KAFKA_SECURITY_PROTOCOL": "SASL_PLAINTEXT", "KAFKA_SASL_MECHANISM": "PLAIN"}, "KAFKA_SECURITY_PROTOCOL"),
        ({"KAFKA_SECURITY_PROTOCOL": "SASL_PLAINTEXT", "KAFKA_SASL_MECHANISM": "OAUTHBEARER"}, "in clear text"),
        ({"KAFKA_SECURITY_PROTOCOL": "SSL", "KAFKA_CA_FILE": "/nowhere"}, "KAFKA_CA_FILE='/nowhere'"),
        ({"KAFKA_SECURITY_PROTOCOL": "SSL", "KAFKA_KEY_FILE": "/nowhere"}, "KAFKA_CERTIFICATE_FILE"),
        ({"KAFKA_SECURITY_PROTOCOL": "SSL", "KAFKA_CERTIFICATE_FILE": "/nowhere"}, "KAFKA_CERTIFICATE_FILE"),
    ],
)
def test_what_lets_nobody_in_is_named(variables: dict[str, str], named: str):
    """Each fault by its variable, before anything is started."""
    with pytest.raises(SettingsError, match=named):
        check(told(**variables))


@pytest.mark.parametrize("held", [b"", b"\n", f"{SECRET}\n{SECRET}".encode(), b"\xff\xfe" + SECRET.encode()])
def test_a_file_that_is_no_password(tmp_path: Path, held: bytes):
    """It is named, and not a word of it."""
    path = tmp_path / "password"
    path.write_bytes(held)
    settings = told(KAFKA_SECURITY_PROTOCOL="SASL_SSL", KAFKA_USERNAME="stadga", KAFKA_PASSWORD_FILE=str(path))
    with pytest.raises(SettingsError, match="KAFKA_PASSWORD_FILE") as refused:
        check(settings)
    assert SECRET not in str(refused.value)


def test_a_certificate_that_is_none(tmp_path: Path):
    """A key in the place of the authority's certificate, and a certificate without the key to it."""
    certificate, key = Authority(tmp_path, "somebody").issue("stadga")
    other = Authority(tmp_path / "other", "else").issue("stadga")[1]
    with pytest.raises(SettingsError, match="KAFKA_CA_FILE"):
        check(told(KAFKA_SECURITY_PROTOCOL="SSL", KAFKA_CA_FILE=str(key)))
    way = {"KAFKA_SECURITY_PROTOCOL": "SSL", "KAFKA_CERTIFICATE_FILE": str(certificate)}
    check(told(**way, KAFKA_KEY_FILE=str(key)))
    with pytest.raises(SettingsError, match="KAFKA_KEY_FILE"):
        check(told(**way, KAFKA_KEY_FILE=str(other)))


def test_without_settings_the_way_is_open():
    """A local run needs none, and gets no trace of any."""
    assert way_to("a:1,b:2", told()) == {"bootstrap_servers": ["a:1", "b:2"], "security_protocol": "PLAINTEXT"}


def test_a_file_that_is_renewed_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Put in its place anew, written again, or gone; not while it is as it was."""
    password = tmp_path / "password"
    monkeypatch.setenv("KAFKA_PASSWORD_FILE", str(password))
    for change in (
        lambda: password.write_text("first"),
        lambda: (tmp_path / "new").write_text("second") and (tmp_path / "new").replace(password),
        password.unlink,
    ):
        renewal = Renewal()
        renewal.check()
        change()
        with pytest.raises(RenewedError):
            renewal.check()


def test_what_vanished_while_the_service_runs_is_waited_for(tmp_path: Path):
    """As a cluster that is away: a client is not made, and the reason names the file."""
    gone = told(
        KAFKA_SECURITY_PROTOCOL="SASL_SSL", KAFKA_USERNAME="stadga", KAFKA_PASSWORD_FILE=str(tmp_path / "password")
    )
    with pytest.raises(NoWayError, match="KAFKA_PASSWORD_FILE"):
        way_to("a:1", gone)
