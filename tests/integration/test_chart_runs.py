"""deploy/helm: each service runs here by what its pod is told, and sees what changes in mounted folders."""

import asyncio
import hashlib
import itertools
import os
import sys
from asyncio.subprocess import Process
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
import yaml

from cli.local.stack.ports import choose
from tests.conftest import Mail
from tests.deployment import ROOT
from tests.helm.releases import looked_at
from tests.helm.rendering import Json, container, environment, of_kind, pods
from tests.integration.test_bounces import relay, report
from tests.polling import PATIENCE, until
from tests.services import SERVICES

MOUNTED, TOKENS, NOBODY = "/etc/stadga", "stadga-tokens-file", "nobody"
WHOLE = looked_at().manifests["whole"]
MASTER = f"2026: {b64encode(bytes(32)).decode()}"
"""A file of master keys."""
_NUMBERS = itertools.count()


class Pod(NamedTuple):
    """A service that runs as its pod would: where it answers, and the folder in the place of /etc/stadga.

    ``bounces`` is the port at which it takes mails that come back, if it does.
    """

    url: str
    bounces: int
    folder: Path
    container: Json
    process: Process

    def changes(self, volume: str, files: Mapping[str, str]) -> None:
        """A ConfigMap or a Secret has become another."""
        mount(self.folder / "mounted" / volume, files)

    async def asked(self, path: str, token: str) -> httpx.Response:
        """By somebody who comes to its address."""
        async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as client:
            return await client.get(self.url + path, headers={"authorization": f"Bearer {token}"})

    async def answers(self, path: str, token: str) -> int:
        """With which status; 0: not at all."""
        try:
            return (await self.asked(path, token)).status_code
        except httpx.TransportError:
            return 0

    async def well(self) -> bool:
        """Whether all three probes are content."""
        assert self.process.returncode is None, (self.folder / "log").read_text()
        paths = {self.container[f"{name}Probe"]["httpGet"]["path"] for name in ("startup", "liveness", "readiness")}
        return {await self.answers(path, NOBODY) for path in paths} == {200}


def mount(folder: Path, files: Mapping[str, str]) -> None:
    """Put files where a ConfigMap or a Secret is mounted, as the kubelet does: at once, by a link that is replaced."""
    fresh = folder / f"..{next(_NUMBERS)}"
    fresh.mkdir(parents=True)
    for name, text in files.items():
        (fresh / name).write_text(text)
        if not (folder / name).is_symlink():
            (folder / name).symlink_to(Path("..data") / name)
    link = folder / "..data_tmp"
    link.symlink_to(fresh.name)
    link.rename(folder / "..data")


def _tokens(*texts: str) -> Mapping[str, str]:
    scopes = ["alerts:read", "prometheus:scrape"]
    named = {text: {"sha256": hashlib.sha256(text.encode()).hexdigest(), "scopes": scopes} for text in texts}
    return {"tokens.yaml": yaml.safe_dump({"tokens": named})}


def _held(volume: Json) -> Mapping[str, str]:
    """What is in a volume of a pod; of Secrets something that is long enough to sign with."""
    if "configMap" in volume:
        return next(
            manifest["data"]
            for manifest in of_kind(WHOLE, "ConfigMap").values()
            if manifest["metadata"]["name"] == volume["configMap"]["name"]
        )
    keys = [item["key"] for item in volume.get("secret", {}).get("items", [])]
    return {key: MASTER if key == "master.keys" else "s" * 32 for key in keys}


@asynccontextmanager
async def running(part: str, folder: Path, neighbours: Mapping[str, str]) -> AsyncIterator[Pod]:
    """By the release that says something of everything; neighbours and secrets are those of the test."""
    pod, mounted = pods(WHOLE)[part], folder / "mounted"
    ports = choose({part: 0, "bounces": 0}, {})
    told = {name: variable.get("value", "") for name, variable in environment(pod).items()}
    instead = {"STADGA_HOST": "127.0.0.1", "STADGA_PSEUDONYM_KEY": "k" * 16, **neighbours}
    known = {name: instead.get(name, text).replace(MOUNTED, str(mounted)) for name, text in told.items()}
    path = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    given = {**path, **known, f"STADGA_{part.upper()}_PORT": str(ports[part])}
    if "STADGA_BOUNCES_PORT" in told:
        given["STADGA_BOUNCES_PORT"] = str(ports["bounces"])
    for volume in pod["volumes"]:
        mount(mounted / volume["name"], _held(volume))
    mount(mounted / TOKENS, _tokens("first"))
    _, *command = container(pod)["args"]
    with (folder / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(sys.executable, *command, cwd=folder, env=given, stderr=log)
    try:
        yield Pod(f"http://127.0.0.1:{ports[part]}", ports["bounces"], folder, container(pod), process)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


@pytest.fixture
def neighbours(kafka_with_topics: str, postgres: str, smtp: Mail) -> dict[str, str]:
    """What a cluster has beside Stadga."""
    return {"KAFKA_BOOTSTRAP_SERVERS": kafka_with_topics, "DATABASE_URL": postgres, "SMTP_URL": smtp.url}


@pytest.mark.parametrize("part", SERVICES)
async def test_service_is_well_by_what_its_pod_is_told(part: str, neighbours: dict[str, str], tmp_path: Path) -> None:
    """All its probes are content; and a token put into its Secret is in force without a new pod."""
    async with running(part, tmp_path, neighbours) as pod:
        await until(pod.well, f"{part} is well: {tmp_path / 'log'}")
        assert await pod.answers("/metrics", "second") == 401
        assert await pod.answers("/metrics", "first") == 200
        pod.changes(TOKENS, _tokens("second"))

        async def taken_over() -> bool:
            return [await pod.answers("/metrics", token) for token in ("first", "second")] == [401, 200]

        await until(taken_over, "the new token is in force, and the old one is not")


async def test_plan_of_a_config_map_runs(neighbours: dict[str, str], tmp_path: Path) -> None:
    """Also the one that the ConfigMap has later."""
    async with running("alerts", tmp_path, neighbours) as pod:

        async def runs(version: str) -> bool:
            return await pod.well() and version in (await pod.asked("/v1/plans", "first")).text

        text = of_kind(WHOLE, "ConfigMap")["plans"]["data"]["plan.yaml"]
        name = yaml.safe_load(text)["plan"]
        await until(lambda: runs(name), "the plan runs")
        pod.changes("plans", {"plan.yaml": text.replace(name, "the-other-plan")})
        await until(lambda: runs("the-other-plan"), "the other plan runs")


async def test_mail_that_comes_back_is_taken_where_the_chart_says(neighbours: dict[str, str], tmp_path: Path) -> None:
    """A mail server relays it to the port; what it is about nobody knows here, and it is counted."""
    async with running("alerts", tmp_path, neighbours) as pod:
        await until(pod.well, f"alerts is well: {tmp_path / 'log'}")
        back = report("<somebody@else.example>", "hr@kommun.example")
        await asyncio.to_thread(relay, pod.bounces, [back])
        counted = (await pod.asked("/metrics", "first")).text.splitlines()
        assert 'stadga_alert_bounces_total{verdict="unknown"} 1.0' in counted
