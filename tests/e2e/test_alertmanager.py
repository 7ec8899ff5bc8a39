"""What Prometheus finds wrong reaches operations: real rules, a real Prometheus, a real Alertmanager, a real mailbox."""

import subprocess
from collections.abc import AsyncIterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from cli.local.stack import Stack
from tests.conftest import here
from tests.integration.metering import killable
from tests.polling import until
from tests.real_alertmanager import CONFIG, Alertmanager, mailing, program
from tests.real_prometheus import scraping


class House(NamedTuple):
    """A mailbox, and an Alertmanager that mails to it."""

    stack: Stack
    alertmanager: Alertmanager
    folder: Path

    def mails(self, words: str) -> list[EmailMessage]:
        """Those with these words in their subject."""
        found = (path.read_bytes() for path in sorted(self.stack.mail_folder.glob("*.eml")))
        mails = [message_from_bytes(mail, policy=policy.default) for mail in found]
        return [mail for mail in mails if words in mail["Subject"]]


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """Started for this module."""
    folder = tmp_path_factory.mktemp("house")
    stack = Stack(folder / "stack", here(), leashed=True)
    try:
        await stack.start(["mailbox"])
        async with mailing(folder, stack.smtp_url.removeprefix("smtp://")) as alertmanager:
            yield House(stack, alertmanager, folder)
    finally:
        await stack.stop()


async def test_a_rule_that_fires_becomes_a_mail(house: House):
    """Ingest does not answer a request: the rule needs no time, and operations read what is wrong and where to look.

    It has no Kafka; the fault is planted where it says whether it is ready.
    """
    async with killable(house.stack, "ingest", "tests.fakes.failing") as ingest:
        await until(ingest.service.alive, "ingest answers")
        hosts = {"ingest": [ingest.service.url.removeprefix("http://")], "prometheus": []}
        async with scraping(house.folder, hosts, house.alertmanager.address) as prometheus:
            counted = "stadga_http_errors_total == 0"
            await until(lambda: prometheus.now(counted), "Prometheus to see it while all is well")
            assert (await ingest.service.ask("/readyz")).status_code == httpx.codes.INTERNAL_SERVER_ERROR
            subject = "ingest failed to answer a request."
            [mail] = await until(lambda: house.mails(subject), "a mail")
    text = mail.get_content()
    assert mail["To"] == "operations@kommun.example"
    assert mail["Subject"] == f"Stadga: {subject}"
    assert mail.get_content_type() == "text/plain"
    assert "answers of 500 within a quarter of an hour" in text
    assert "docs/operations.md, under StadgaRequestsFail" in text
    assert not house.mails("judges Stadga's rules"), "the watchdog is nothing to read"


async def test_what_follows_is_held_back(house: House):
    """Of a service that is gone nothing else is told; of the neighbour, and of another municipality, it is."""
    gone, old = "StadgaServiceGone", "StadgaMetricsEvaluationTooOld"
    here, there = {"job": "metrics", "tenant": "solna"}, {"job": "metrics", "tenant": "falun"}
    await house.alertmanager.told(
        {"alertname": gone, "severity": "critical", **here},
        {"alertname": old, "severity": "critical", **here},
        {"alertname": "StadgaAlertsEvaluationTooOld", "severity": "critical", "job": "alerts", "tenant": "solna"},
        {"alertname": "StadgaConsumerStuck", "severity": "critical", **there},
        {"alertname": "StadgaConsumerLagGrowing", "severity": "warning", **there},
    )

    async def judged() -> bool:
        return (await house.alertmanager.held_back()).items() >= {
            gone: False,
            old: True,
            "StadgaAlertsEvaluationTooOld": False,
            "StadgaConsumerStuck": False,
            "StadgaConsumerLagGrowing": True,
        }.items()

    await until(judged, "what follows to be held back, and nothing else")
    mails = await until(lambda: len(found := house.mails("Something.")) == 3 and found, "three mails")
    assert sorted(mail["Subject"] for mail in mails) == [
        "Stadga (falun): Something.",
        "Stadga (solna): Something.",
        "Stadga (solna): Something.",
    ]


@pytest.mark.parametrize(
    ("severity", "receiver"), [("none", "nobody"), ("warning", "operations"), ("critical", "operations")]
)
def test_a_severity_has_its_receiver(severity: str, receiver: str):
    """Everything but the watchdog is mailed."""
    routed = subprocess.run(
        [program("amtool"), "config", "routes", "test", f"--config.file={CONFIG}", f"severity={severity}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert routed.stdout.strip() == receiver, routed.stderr


def test_the_configuration_is_sound():
    """As Alertmanager's own tool judges it, with its templates."""
    done = subprocess.run([program("amtool"), "check-config", str(CONFIG)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
