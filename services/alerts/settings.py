"""What the alerts service is told, from the environment."""

from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from msgspec import Meta

from services.alerts.domain.handling.link import SHORTEST
from shared.kit.access.journal import LEAST_DAYS
from shared.kit.settings import Settings, SettingsError


class AlertSettings(Settings, frozen=True, kw_only=True):
    """Settings of the alerts service. Durations are seconds, ``stadga_plans`` is a folder or one file.

    ``stadga_link`` is the address a mail links to; ``{plan}``, ``{target}``, ``{unit}`` and ``{episode}`` in it are
    filled in, and ``{port}``, the port of the service itself; so are ``{to}``, ``{expires}`` and ``{sig}``, which make
    it one for its reader. ``stadga_link_key_file`` has the key that signs it; without one, the database keeps a key.
    ``stadga_mails_per_hour`` is how many mails one recipient gets. More messages put aside than
    ``stadga_dead_letters_…`` say stop the service; 0 is any number. ``stadga_webhooks`` is the file of
    webhooks. ``stadga_metrics_url`` is the metrics service, which the board's pages ask with the token in
    ``stadga_metrics_token_file``; ``stadga_faults_to`` is the
    address that their accessibility statement names. Mails are signed with the key in
    ``stadga_dkim_key_file`` (empty: they are not). Bounces come to the Maildir ``stadga_bounces``, or by SMTP to
    ``stadga_bounces_port`` (0: they do not).
    ``stadga_access`` says what persons may who sign in through ``stadga_oidc_issuer``, which knows the service by
    ``stadga_oidc_client_id``; ``stadga_public_url`` is where people reach it. It is kept for
    ``stadga_access_log_days`` who looked at what.
    """

    stadga_alerts_port: int = 8803
    stadga_plans: str = "deploy/plans/socialsekreterare.yaml"
    stadga_plans_poll: float = 5.0
    stadga_link: str = "http://127.0.0.1:{port}/board/alerts/{plan}/{target}/{unit}?to={to}&expires={expires}&sig={sig}"
    stadga_link_key_file: str = ""
    stadga_alerts_batch: int = 500
    stadga_alerts_group: str = "stadga-alerts"
    stadga_dead_letters_in_a_row: Annotated[int, Meta(ge=0)] = 100
    stadga_dead_letters_a_minute: Annotated[int, Meta(ge=0)] = 1000
    smtp_url: str = "smtp://127.0.0.1:1025"
    smtp_password_file: str = ""
    smtp_ca_file: str = ""
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
    stadga_dkim_key_file: str = ""
    stadga_dkim_selector: str = "stadga"
    stadga_bounces: str = ""
    stadga_bounces_port: Annotated[int, Meta(ge=0, le=65535)] = 0

    def link(self, plan: str, target: str, unit: str, episode: str) -> str:
        """Where the reader of a mail can see the alert."""
        address = self.stadga_link.replace("{port}", str(self.stadga_alerts_port))
        for name, value in (("plan", plan), ("target", target), ("unit", unit), ("episode", episode)):
            address = address.replace(f"{{{name}}}", quote(value, safe=""))
        return address

    def link_key(self) -> bytes | None:
        """The key of the file that signs links, if there is one; raises SettingsError."""
        if not self.stadga_link_key_file:
            return None
        try:
            key = Path(self.stadga_link_key_file).read_bytes().strip()
        except OSError as error:
            raise SettingsError(f"STADGA_LINK_KEY_FILE={self.stadga_link_key_file!r}: {error.strerror}") from None
        if len(key) < SHORTEST:
            raise SettingsError(f"STADGA_LINK_KEY_FILE: a key of {SHORTEST} bytes or more was expected, not {len(key)}")
        return self.tenant.key(key)
