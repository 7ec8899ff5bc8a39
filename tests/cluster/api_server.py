"""A real API server on an etcd of its own: what it is asked to keep it judges as that of any cluster would.

There is no machine and nobody who would start a pod: what happens beyond judging and keeping is played by the test.
"""

import asyncio
import contextlib
import signal
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

import httpx
import yaml
from joserfc.jwk import RSAKey

from cli.local.stack import ports
from cli.local.stack.child import leash
from tests.cluster.programs import BIN, DEFINITIONS
from tests.helm.rendering import Json
from tests.polling import PATIENCE, until

TOKEN = "token-of-the-test"  # noqa: S105 -- of a server that lives as long as the test
APPLY = {"content-type": "application/apply-patch+yaml"}


class Judged(NamedTuple):
    """What the server said of a manifest: a status, a message where it refused, and its warnings."""

    status: int
    message: str
    warnings: list[str]


class Cluster(NamedTuple):
    """Where it answers, and a client that may do everything."""

    url: str
    kubeconfig: Path
    client: httpx.AsyncClient

    async def get(self, path: str) -> Json:
        """An object, or a list of them; raises AssertionError."""
        answer = await self.client.get(path)
        assert answer.is_success, answer.text
        found: Json = answer.json()
        return found

    async def apply(self, manifest: Json, namespace: str) -> Judged:
        """Server-side, and strictly: a field that there is not, or that is there twice, is refused."""
        path = f"{await self._place(manifest, namespace)}/{manifest['metadata']['name']}"
        asked = {"fieldManager": "test", "fieldValidation": "Strict"}
        return _judged(await self.client.patch(path, params=asked, headers=APPLY, json=manifest))

    async def try_pod(self, pod: Json, namespace: str) -> Judged:
        """Whether such a pod would be let in; none is made."""
        manifest = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "tried"}, "spec": pod}
        asked = {"dryRun": "All", "fieldValidation": "Strict"}
        return _judged(await self.client.post(f"/api/v1/namespaces/{namespace}/pods", params=asked, json=manifest))

    async def space(self, name: str) -> None:
        """A namespace for pods that may do little, with the account that a cluster gives each."""
        labels = {f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("enforce", "warn")}
        made = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}
        account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default"}}
        for manifest in (made, account):
            assert (await self.apply(manifest, name)).status < 300

    async def knows(self, kind: str, version: str) -> bool:
        """Whether there are such objects yet."""
        found = await self.client.get(f"/apis/{version}")
        return found.is_success and kind in {one["kind"] for one in found.json()["resources"]}

    async def _place(self, manifest: Json, namespace: str) -> str:
        version, kind = manifest["apiVersion"], manifest["kind"]
        start = f"/apis/{version}" if "/" in version else f"/api/{version}"
        known = {one["kind"]: one for one in (await self.get(start))["resources"] if "/" not in one["name"]}
        within = f"/namespaces/{namespace}" if known[kind]["namespaced"] else ""
        return f"{start}{within}/{known[kind]['name']}"


def _judged(answer: httpx.Response) -> Judged:
    message = "" if answer.is_success else str(answer.json()["message"])
    return Judged(answer.status_code, message, answer.headers.get_list("warning"))


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Cluster]:
    """A cluster that knows what the operators define."""
    chosen = ports.choose({"api": 0, "store": 0, "peers": 0}, {})
    async with AsyncExitStack() as started:
        await started.enter_async_context(_program(folder, "etcd", _of_the_store(folder, chosen)))
        await started.enter_async_context(_program(folder, "kube-apiserver", _of_the_server(folder, chosen)))
        url = f"https://127.0.0.1:{chosen['api']}"
        certificate = folder / "certificates" / "apiserver.crt"
        await until(certificate.exists, "the API server has a certificate")
        client = await started.enter_async_context(_client(url, certificate))
        cluster = Cluster(url, _kubeconfig(folder, url, certificate), client)
        await until(lambda: _ready(client), "the API server is ready")
        await _define(cluster)
        yield cluster


def _of_the_store(folder: Path, chosen: dict[str, int]) -> dict[str, str]:
    store, peers = (f"http://127.0.0.1:{chosen[name]}" for name in ("store", "peers"))
    listening = {"listen-client-urls": store, "advertise-client-urls": store, "listen-peer-urls": peers}
    joined = {"initial-advertise-peer-urls": peers, "initial-cluster": f"default={peers}"}
    return {"data-dir": str(folder / "etcd"), **listening, **joined}


def _of_the_server(folder: Path, chosen: dict[str, int]) -> dict[str, str]:
    key, tokens = folder / "accounts.pem", folder / "tokens.csv"
    key.write_bytes(RSAKey.generate_key(2048).as_pem(private=True))
    tokens.write_text(f'{TOKEN},test,1,"system:masters"\n')
    return {
        "etcd-servers": f"http://127.0.0.1:{chosen['store']}",
        "bind-address": "127.0.0.1",
        "secure-port": str(chosen["api"]),
        "cert-dir": str(folder / "certificates"),
        "authorization-mode": "RBAC",
        "token-auth-file": str(tokens),
        "service-cluster-ip-range": "10.96.0.0/24",
        "service-account-issuer": "https://kubernetes.default.svc",
        "service-account-key-file": str(key),
        "service-account-signing-key-file": str(key),
    }


@asynccontextmanager
async def _program(folder: Path, name: str, said: dict[str, str]) -> AsyncIterator[None]:
    command = [*leash(signal.SIGTERM), str(BIN / name), *(f"--{option}={value}" for option, value in said.items())]
    with (folder / f"{name}.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(*command, stdout=log, stderr=log)
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


def _client(url: str, certificate: Path) -> httpx.AsyncClient:
    trusted, said = ssl.create_default_context(cafile=certificate), {"authorization": f"Bearer {TOKEN}"}
    return httpx.AsyncClient(base_url=url, verify=trusted, headers=said, timeout=PATIENCE, trust_env=False)


async def _ready(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/readyz")).is_success
    except httpx.TransportError:
        return False


async def _define(cluster: Cluster) -> None:
    for file in sorted(DEFINITIONS.glob("*.yaml")):
        definition = yaml.safe_load(file.read_text())
        judged = await cluster.apply(definition, "")
        assert judged.status < 300, judged.message
        names, group = definition["spec"]["names"], definition["spec"]["group"]
        version = definition["spec"]["versions"][0]["name"]
        known = partial(cluster.knows, names["kind"], f"{group}/{version}")
        await until(known, f"{names['kind']} is known")


def _kubeconfig(folder: Path, url: str, certificate: Path) -> Path:
    file, name = folder / "kubeconfig", "test"
    cluster = {"server": url, "certificate-authority": str(certificate)}
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": name,
        "clusters": [{"name": name, "cluster": cluster}],
        "users": [{"name": name, "user": {"token": TOKEN}}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
    }
    file.write_text(yaml.safe_dump(config))
    return file
