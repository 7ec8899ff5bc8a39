"""What Prometheus finds wrong reaches operations: real rules, Prometheus, Alertmanager and mailbox."""

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
    body = mail.get_body()
    assert body is not None
    text = body.get_content()
    assert mail["To"] == "operations@kommun.example"
    assert mail["Subject"] == f"Stadga: {subject}"
    assert body.get_content_type() == "text/plain"
    assert "answers of 500 within a quarter of an hour" in text
    assert "docs/operations.md, under StadgaRequestsFail" in text
    assert not house.mails("judges Stadga's rules"), "the watchdog is nothing to read"


async def test_what_follows_is_held_back(house: House):
    """Of a service that is gone nothing else is told; of the neighbour, and of another municipality, it is."""
    here, there = {"job": "metrics", "tenant": "solna"}, {"job": "metrics", "tenant": "falun"}
    causes = ({"alertname": "StadgaServiceGone", **here}, {"alertname": "StadgaConsumerStuck", **there})
    follow = (
        {"alertname": "StadgaMetricsEvaluationTooOld", **here},
        {"alertname": "StadgaConsumerLagGrowing", **there},
        {"alertname": "StadgaAlertsEvaluationTooOld", "job": "alerts", "tenant": "solna"},
    )
    await house.alertmanager.told(*causes)
    await until(lambda: len(house.mails("StadgaServiceGone") + house.mails("StadgaConsumerStuck")) == 2, "the causes")
    await house.alertmanager.told(*follow)
    await until(lambda: house.mails("Stadga (solna): StadgaAlertsEvaluationTooOld"), "what does not follow")
    held_back = await house.alertmanager.held_back()
    assert {name for name, held in held_back.items() if held} == {
        "StadgaMetricsEvaluationTooOld",
        "StadgaConsumerLagGrowing",
    }
    assert not house.mails("StadgaMetricsEvaluationTooOld") + house.mails("StadgaConsumerLagGrowing")


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
