"""Who is let in: machines by tokens, persons by signing in, and what ``access.yaml`` says of these."""

from pathlib import Path
from urllib.parse import urlsplit

import httpx
from litestar.handlers import HTTPRouteHandler
from prometheus_client import CollectorRegistry

from services.alerts.api import signing_in
from services.alerts.api.door import Pool
from services.alerts.api.session import Sessions
from services.alerts.api.signing_in import SignIn
from services.alerts.settings import AlertSettings
from services.alerts.signin.provider import PATIENCE, Client, Provider
from shared.access.policy import Policy
from shared.access.policy_file import MOST_BYTES, read
from shared.access.tokens import Keyring, of_tenant
from shared.contracts.tenants import Tenant
from shared.kit import files
from shared.kit.access.guard import Guard, local
from shared.kit.access.tokens import Tokens
from shared.kit.access.watched import Reading, Watched
from shared.kit.clock import Clock
from shared.kit.health import Health
from shared.kit.settings import SettingsError

PART = "access"


def _reading(tenant: Tenant) -> Reading[Policy]:
    def own(content: bytes) -> Policy:
        policy = read(content)
        of_tenant(policy.tenant, tenant)
        return policy

    return Reading(PART, "STADGA_ACCESS", MOST_BYTES, own)


class Access:
    """The guard of the routes, those for signing in, and what looks at the files."""

    def __init__(
        self, settings: AlertSettings, pool: Pool, health: Health, clock: Clock, registry: CollectorRegistry
    ) -> None:
        """Reads the files; raises SettingsError for what is missing or wrong."""
        tenant = settings.tenant
        tokens = Tokens(settings.stadga_tokens_file, Keyring(()), health, clock, registry, tenant)
        self.tasks = tokens.tasks
        self.routes: list[HTTPRouteHandler] = []
        if local(settings, settings.stadga_tokens_file or settings.stadga_oidc_issuer):
            self.guard = Guard(tenant=tenant)
        elif settings.stadga_oidc_issuer:
            self._sign_in(settings, pool, health, clock, tokens)
        else:
            self.guard = Guard(tokens, tenant=tenant)
        if not settings.stadga_oidc_issuer:
            health.ok(PART)

    def _sign_in(self, settings: AlertSettings, pool: Pool, health: Health, clock: Clock, tokens: Tokens) -> None:
        client = _client(settings)
        policy: Watched[Policy] = Watched(settings.stadga_access, _reading(settings.tenant), health, lambda: None)
        provider = Provider(client, lambda: int(clock.now().timestamp()), _http)
        issuer = urlsplit(client.issuer)
        origin = f"{issuer.scheme}://{issuer.netloc}"
        people = Sessions(pool, lambda: policy.value, clock, client.address, origin, settings.tenant)
        self.guard = Guard(tokens, people, settings.tenant)
        self.routes = signing_in.routes(SignIn(provider, people, pool, self.guard.attempts, lambda: policy.value.claim))
        self.tasks = (*self.tasks, policy.task)


def secret_of(setting: str, file: str) -> str:
    """What a file holds that is for the service alone; raises SettingsError."""
    try:
        return files.read(Path(file), 10_000).content.decode().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{setting}={file!r}: {error}") from None


def _http() -> httpx.AsyncClient:
    return httpx.AsyncClient(timeout=PATIENCE)


def _client(settings: AlertSettings) -> Client:
    """What the service is to the provider; raises SettingsError."""
    for name in ("stadga_access", "stadga_public_url", "stadga_oidc_client_secret_file"):
        if not getattr(settings, name):
            raise SettingsError(f"{name.upper()} is not set, and STADGA_OIDC_ISSUER is: signing in needs both")
    address = urlsplit(settings.stadga_public_url)
    if address.scheme not in {"http", "https"} or not address.netloc or address.path.strip("/") or address.query:
        raise SettingsError(f"STADGA_PUBLIC_URL={settings.stadga_public_url!r}: expected one such as https://HOST")
    secret = secret_of("STADGA_OIDC_CLIENT_SECRET_FILE", settings.stadga_oidc_client_secret_file)
    origin = f"{address.scheme}://{address.netloc}"
    return Client(settings.stadga_oidc_issuer, settings.stadga_oidc_client_id, secret, origin)
