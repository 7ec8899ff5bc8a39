"""The file of webhooks and their secrets: what can be used, and where it says what is wrong."""

import base64
from pathlib import Path

import pytest

from services.alerts.domain.plan.reading import PlanRefused
from services.alerts.domain.plan.reading import read as read_plan
from services.alerts.domain.webhook.endpoint import WebhooksRefused, read
from services.alerts.notifiers.webhook.endpoints import Endpoints
from services.alerts.notifiers.webhook.signing import SecretError, headers, secret
from shared.kit.settings import SettingsError
from tests.unit.said import assert_in_both

GOOD = "webhooks:\n  desk: {url: 'https://desk.kommun.example/in', secret_file: desk.secret}\n"
FAULTS = [
    ("webhooks: {desk: {url: 'http://desk.kommun.example/', secret_file: s}}", "1:24: "),
    ("webhooks: {desk: {url: 'https://user:word@desk.example/', secret_file: s}}", "without user or password"),
    ("webhooks: {desk: {url: 'https://desk.example:port/', secret_file: s}}", "https address"),
    ("webhooks: {desk: {url: 'file:///etc/passwd', secret_file: s}}", "https address"),
    ("webhooks: {desk: {url: 'https://desk.example/'}}", "secret_file"),
    ("webhooks: {Desk: {url: 'https://desk.example/', secret_file: s}}", "small letters"),
    ("webhooks: {desk: {url: 'https://desk.example/', secret_file: s, template: team}}", "teams"),
    ("webhooks: {desk: {url: 'https://desk.example/', secret_file: s, tempalte: teams}}", "template"),
    ("webhook: {}", 'did you mean "webhooks"'),
]


def test_a_file_of_webhooks():
    """Encrypted, or to this machine."""
    assert read(GOOD)["desk"].template == "notice"
    assert read(GOOD.replace("https://desk.kommun.example", "http://[::1]:8080"))["desk"].url.startswith("http://[")


@pytest.mark.parametrize(("written", "said"), FAULTS)
def test_a_fault_says_where_and_what(written: str, said: str):
    """By line and column, with what was meant."""
    with pytest.raises(WebhooksRefused) as refused:
        read(written)
    assert said in str(refused.value)
    assert_in_both(refused.value.faults)


@pytest.mark.parametrize(
    ("content", "key"),
    [(b"a secret of two dozen letters\n", b"a secret of two dozen letters"), (b"whsec_" + b"QUFB" * 8, b"A" * 24)],
)
def test_a_secret(content: bytes, key: bytes):
    """As it is, or in base64; the line's end is none of it."""
    assert secret(content) == key


@pytest.mark.parametrize("content", [b"", b"short", b"whsec_####", b"whsec_QUFB"])
def test_a_secret_that_is_none(content: bytes):
    """It is never quoted."""
    with pytest.raises(SecretError) as error:
        secret(content)
    assert content.decode().removeprefix("whsec_") not in str(error.value) or not content


def test_the_example_of_the_specification():
    """Standard Webhooks 1.0 gives a secret, an id, an instant, a body and the signature they make."""
    key = secret(b"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    found = headers("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}', key)
    assert found["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_file_that_changes(tmp_path: Path):
    """One with a fault changes nothing, and says so; a missing secret is a fault."""
    file, key = tmp_path / "webhooks.yaml", tmp_path / "desk.secret"
    file.write_text(GOOD)
    with pytest.raises(SettingsError, match="secret_file"):
        Endpoints(str(file))
    key.write_text(base64.b64encode(bytes(24)).decode())
    endpoints = Endpoints(str(file))
    assert [*endpoints.look()] == ["webhook:desk"]
    file.write_text("webhooks: {")
    assert [*endpoints.look()] == ["webhook:desk"]
    assert "in force" in (endpoints.fault or "")
    file.write_text(GOOD.replace("desk:", "other:"))
    assert [*endpoints.look()] == ["webhook:other"]
    assert endpoints.fault is None


PLAN = """\
plan: p
recipients: {desk: {%s}}
targets: [{id: t, metric: leaver_rate, breach: {above: 0.2}, notify: [desk]}]
"""


def test_a_recipient_is_an_address_or_a_webhook():
    """One of the two."""
    assert read_plan(PLAN % "webhook: servicedesk").recipients["desk"].address == "webhook:servicedesk"
    assert read_plan(PLAN % "email: a@kommun.example").recipients["desk"].address == "a@kommun.example"
    both = "webhook: a, email: a@kommun.example"
    for written, said in ((both, "not both"), ("name: A", "email"), ("webhook: Å", "a–z")):
        with pytest.raises(PlanRefused, match=said):
            read_plan(PLAN % written)
