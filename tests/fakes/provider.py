"""A small identity provider: signs people in without asking them, and lies where a test tells it to."""

import base64
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

ISSUER = "https://idp.example/realms/kommun"
CLIENT, SECRET = "stadga", "the secret of the client"
ENDED = "http://schemas.openid.net/event/backchannel-logout"


def key(name: str) -> RSAKey:
    """A new pair of keys of that name."""
    return RSAKey.generate_key(2048, parameters={"kid": name, "use": "sig"})


class FakeProvider:
    """Keeps what it was asked. ``claims`` change what the next identity token says; a None takes a claim out."""

    def __init__(self) -> None:
        """One key, nobody signed in."""
        self.key, self.published = key("first"), [key("spare")]
        self.away = False
        self.claims: dict[str, Any] = {}
        self.forged: str | None = None
        self.asked: list[str] = []
        self._codes: dict[str, dict[str, str]] = {}

    def client(self) -> httpx.AsyncClient:
        """What asks it."""
        return httpx.AsyncClient(transport=httpx.MockTransport(self._answer))

    def signs_in(self, address: str) -> dict[str, str]:
        """Somebody follows the address and signs in: what the browser brings back, as a query."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self._codes)}"
        self._codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def rotates(self, name: str) -> None:
        """From now on it signs with another key."""
        self.published.append(self.key)
        self.key = key(name)

    def token(self, claims: Mapping[str, Any], header: Mapping[str, Any] | None = None) -> str:
        """A token with its signature; None takes a claim out."""
        now = int(time.time())
        said = {"iss": ISSUER, "aud": CLIENT, "iat": now, "exp": now + 300, **claims}
        kept = {name: value for name, value in said.items() if value is not None}
        return jwt.encode({"alg": "RS256", "kid": self.key.kid, **(header or {})}, kept, self.key)

    def logout_token(self, **claims: object) -> str:
        """What it sends when somebody signs out there."""
        return self.token({"jti": "one", "events": {ENDED: {}}, **claims})

    def with_a_shared_secret(self, claims: Mapping[str, Any]) -> str:
        """Signed with the public key as if it were a secret: whoever trusts the header believes it."""
        now = int(time.time())
        said = {"iss": ISSUER, "aud": CLIENT, "iat": now, "exp": now + 300, **claims}
        head = {"alg": "HS256", "kid": self.key.kid}
        signed = ".".join(_text(json.dumps(part).encode()) for part in (head, said))
        mac = hmac.digest(self.key.as_pem(private=False), signed.encode(), "sha256")
        return f"{signed}.{_text(mac)}"

    def _answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/realms/kommun")
        self.asked.append(path)
        if self.away:
            raise httpx.ConnectError("nobody listens")
        match path:
            case "/.well-known/openid-configuration":
                return httpx.Response(200, json=self._about())
            case "/keys":
                keys = KeySet([self.key, *self.published]).as_dict(private=False)
                return httpx.Response(200, json=keys)
            case "/token":
                return self._given(request)
        return httpx.Response(404)

    def _about(self) -> dict[str, Any]:
        paths = {"authorization": "/authorize", "token": "/token", "end_session": "/out"}
        about = {f"{name}_endpoint": ISSUER + path for name, path in paths.items()}
        return about | {"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys"}

    def _given(self, request: httpx.Request) -> httpx.Response:
        """The tokens for a code, once, to whoever knows the secret and the verifier."""
        form = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        asked = self._codes.pop(form["code"], None)
        if asked is None or not request.headers["authorization"].startswith("Basic "):
            return httpx.Response(400, json={"error": "invalid_grant"})
        said = {"sub": "u-1", "sid": "s-1", "name": "Anna Öst", "nonce": asked["nonce"], "groups": ["heads"]}
        self.verifier, self.challenge = form["code_verifier"], asked["code_challenge"]
        return httpx.Response(200, json={"id_token": self.forged or self.token(said | self.claims)})


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
