"""What the alerts service is told, from the environment."""

from typing import Annotated
from urllib.parse import quote

from msgspec import Meta

from shared.kit.access.journal import LEAST_DAYS
from shared.kit.settings import Settings


class AlertSettings(Settings, frozen=True, kw_only=True):
    """Settings of the alerts service. Durations are seconds, ``stadga_plans`` is a folder or one file.

    ``stadga_link`` is the address a mail links to; ``{plan}``, ``{target}``, ``{unit}`` and ``{episode}`` in it are
    filled in, and ``{port}``, the port of the service itself. ``stadga_mails_per_hour`` is how many mails one recipient
    gets. ``stadga_metrics_url`` is the metrics service, which the board's pages ask with the token in
    ``stadga_metrics_token_file``; ``stadga_faults_to`` is the
    address that their accessibility statement names. ``stadga_access_log_days`` is how long it is
    kept who looked at what. ``stadga_access`` says what persons may who sign in through
    ``stadga_oidc_issuer``, which knows the service by ``stadga_oidc_client_id``; ``stadga_public_url`` is where people
    reach it. More messages put aside than ``stadga_dead_letters_…`` say stop the service; 0 is any number.
    ``stadga_webhooks`` is the file of webhooks.
    """

    stadga_alerts_port: int = 8803
    stadga_plans: str = "deploy/plans/socialsekreterare.yaml"
    stadga_plans_poll: float = 5.0
    stadga_link: str = "http://127.0.0.1:{port}/v1/alerts?plan={plan}&unit={unit}"
    stadga_alerts_batch: int = 500
    stadga_alerts_group: str = "stadga-alerts"
    stadga_dead_letters_in_a_row: Annotated[int, Meta(ge=0)] = 100
    stadga_dead_letters_a_minute: Annotated[int, Meta(ge=0)] = 1000
    smtp_url: str = "smtp://127.0.0.1:1025"
    stadga_mail_from: str = "stadga@localhost"
    stadga_mail_poll: float = 0.2
    stadga_mails_per_hour: int = 60
    stadga_access: str = ""
    stadga_access_log_days: Annotated[int, Meta(ge=LEAST_DAYS)] = 400
    stadga_public_url: str = ""
    stadga_oidc_issuer: str = ""
    stadga_oidc_client_id: str = "stadga"
    stadga_oidc_client_secret_file: str = ""
    stadga_metrics_url: str = "http://127.0.0.1:8802"
    stadga_metrics_token_file: str = ""
    stadga_faults_to: str = "stadga@localhost"
    stadga_webhooks: str = ""

    def link(self, plan: str, target: str, unit: str, episode: str) -> str:
        """Where the reader of a mail can see the alert."""
        address = self.stadga_link.replace("{port}", str(self.stadga_alerts_port))
        for name, value in (("plan", plan), ("target", target), ("unit", unit), ("episode", episode)):
            address = address.replace(f"{{{name}}}", quote(value, safe=""))
        return address
