"""A Keycloak of a test's own: fetched once by Maven, checked, made ready once, and run with one realm."""

import asyncio
import hashlib
import json
import os
import shutil
import subprocess
import zipfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from cli.local.stack import ports
from cli.local.stack.child import Hold
from tests.polling import until

VERSION = "26.7.4"
SHA256 = "a286e98b4296d4e75ee88d8527c7cd463b307caa022f088c9f22cffccc741fa1"
CACHE = Path(__file__).parents[1] / ".stadga" / "keycloak"
"""Beside what Kafka is run from."""
ARTIFACT = f"org.keycloak:keycloak-quarkus-dist:{VERSION}:zip"
BUILT = ("--db=dev-mem", "--cache=local")
"""What is settled when it is made ready: no database and no cluster."""
SMALL = {"JAVA_OPTS_APPEND": "-Xmx300m -XX:TieredStopAtLevel=1", "JAVA_TOOL_OPTIONS": ""}
"""It chooses a collector for itself: what tests tell the brokers would be a second one."""
REALM, CLIENT, SECRET, PASSWORD = "kommun", "stadga", "the secret of the client", "a long password"
GROUPS_CLAIM = {
    "name": "groups",
    "protocol": "openid-connect",
    "protocolMapper": "oidc-group-membership-mapper",
    "config": {"claim.name": "groups", "full.path": "false", "id.token.claim": "true"},
}


class Keycloak(NamedTuple):
    """Where it answers."""

    url: str

    @property
    def issuer(self) -> str:
        """What Stadga is told of it."""
        return f"{self.url}/realms/{REALM}"

    async def ready(self) -> bool:
        """Whether it says who it is."""
        async with httpx.AsyncClient(trust_env=False) as client:
            try:
                return (await client.get(f"{self.issuer}/.well-known/openid-configuration")).is_success
            except httpx.TransportError:
                return False


@asynccontextmanager
async def signing_in(folder: Path, address: str, people: Mapping[str, str]) -> AsyncIterator[Keycloak]:
    """One whose users are in these groups, by name, and may sign in at the address."""
    home, port = folder / "keycloak", ports.choose({"port": 0}, {})["port"]
    await asyncio.to_thread(shutil.copytree, await _ready_made(), home)
    (home / "data" / "import").mkdir(parents=True, exist_ok=True)
    (home / "data" / "import" / "realm.json").write_text(json.dumps(_realm(address, people)))
    where = [f"--http-port={port}", "--http-host=127.0.0.1", "--http-enabled=true", "--hostname-strict=false"]
    with (folder / "keycloak.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *_program(home, "start", "--optimized", "--import-realm", *where),
            stdout=log,
            stderr=log,
            env=_environment(),
        )
    try:
        server = Keycloak(f"http://127.0.0.1:{port}")
        await until(server.ready, "Keycloak knows its realm")
        yield server
    finally:
        process.terminate()
        await process.wait()
        shutil.rmtree(home)


async def _ready_made() -> Path:
    """The unpacked distribution, with its own start prepared; whoever else makes it ready is waited for."""
    made, turn = CACHE / f"keycloak-{VERSION}", Hold(CACHE / "making.lock")
    await until(turn.take, "nobody else makes Keycloak ready")
    try:
        if not made.exists():
            await asyncio.to_thread(_make, made)
    finally:
        turn.release()
    return made


def _make(made: Path) -> None:
    """Fetch, check, unpack and prepare, under another name until it is complete."""
    fresh = CACHE / "fresh"
    shutil.rmtree(fresh, ignore_errors=True)
    _run("mvn", "-q", "-B", "dependency:copy", f"-Dartifact={ARTIFACT}", f"-DoutputDirectory={fresh}")
    [archive] = fresh.glob("*.zip")
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    assert found == SHA256, f"{ARTIFACT} is another file than this test knows: {found}"
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(fresh)
    _run(*_program(fresh / made.name, "build", *BUILT))
    (fresh / made.name).rename(made)
    shutil.rmtree(fresh)


def _program(home: Path, *arguments: str) -> list[str]:
    return ["sh", str(home / "bin" / "kc.sh"), *arguments]


def _environment() -> dict[str, str]:
    return os.environ | SMALL


def _run(program: str, *arguments: str) -> None:
    if shutil.which(program) is None:
        pytest.fail(f"{program} was not found: Keycloak needs Java and Maven, as Kafka does")
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False, env=_environment())
    assert done.returncode == 0, done.stdout + done.stderr


def _realm(address: str, people: Mapping[str, str]) -> dict[str, Any]:
    client = {
        "clientId": CLIENT,
        "secret": SECRET,
        "redirectUris": [f"{address}/signin/callback"],
        "protocolMappers": [GROUPS_CLAIM],
        "attributes": {
            "post.logout.redirect.uris": f"{address}/board",
            "backchannel.logout.url": f"{address}/signin/ended",
            "backchannel.logout.session.required": "true",
            "pkce.code.challenge.method": "S256",
        },
    }
    users = [_user(name, group) for name, group in people.items()]
    groups = [{"name": group} for group in sorted(set(people.values()))]
    return {
        "realm": REALM,
        "enabled": True,
        "sslRequired": "none",
        "groups": groups,
        "clients": [client],
        "users": users,
    }


def _user(name: str, group: str) -> dict[str, Any]:
    password = {"type": "password", "value": PASSWORD}
    said = {"firstName": name.capitalize(), "lastName": "Svensson", "email": f"{name}@kommun.example"}
    return {
        "username": name,
        "enabled": True,
        "emailVerified": True,
        "groups": [group],
        "credentials": [password],
        **said,
    }
