"""Helm at work on the cluster, and the test in place of whoever would run the jobs that it waits for."""

import asyncio
from asyncio.subprocess import PIPE, STDOUT, Process
from datetime import UTC, datetime, timedelta

from tests.cluster.api_server import Cluster
from tests.cluster.programs import BIN
from tests.helm.rendering import CHART, Json
from tests.polling import until

MERGE = {"content-type": "application/merge-patch+json"}


class Installing:
    """``helm upgrade --install`` under way."""

    def __init__(self, cluster: Cluster, namespace: str, process: Process) -> None:
        """Of the release ``stadga``."""
        self._cluster, self._namespace, self._process = cluster, namespace, process
        self._seen: set[str] = set()
        self._said = ""

    @classmethod
    async def start(cls, cluster: Cluster, namespace: str, values: list[str]) -> "Installing":
        """With these values."""
        where = [f"--kubeconfig={cluster.kubeconfig}", f"--namespace={namespace}"]
        command = ["upgrade", "--install", "stadga", str(CHART), *where, *values]
        process = await asyncio.create_subprocess_exec(BIN / "helm", *command, stdout=PIPE, stderr=STDOUT)
        return cls(cluster, namespace, process)

    async def next_job(self) -> Json:
        """The one it waits for now; fails when it has ended."""
        return await until(self._new, "Helm has made a job")

    async def _new(self) -> Json | None:
        if self._process.returncode is not None:
            await self.ended()
            raise AssertionError(self._said)
        found = [job for job in await jobs(self._cluster, self._namespace) if job["metadata"]["uid"] not in self._seen]
        self._seen |= {job["metadata"]["uid"] for job in found}
        assert len(found) < 2, "two jobs at once"
        return found[0] if found else None

    async def ended(self) -> int:
        """With which code."""
        said, _ = await self._process.communicate()
        self._said += said.decode()
        return self._process.returncode or 0

    def said(self) -> str:
        """What it printed, once it has ended."""
        return self._said


async def jobs(cluster: Cluster, namespace: str) -> list[Json]:
    """Those that there are."""
    found: list[Json] = (await cluster.get(f"/apis/batch/v1/namespaces/{namespace}/jobs"))["items"]
    return found


async def done(cluster: Cluster, job: Json) -> None:
    """The job has done its work."""
    now = datetime.now(UTC)
    ended = {"succeeded": 1, "startTime": _written(now - timedelta(minutes=1)), "completionTime": _written(now)}
    await _say(cluster, job, ended, "SuccessCriteriaMet", "Complete")


async def failed(cluster: Cluster, job: Json) -> None:
    """The job has given up."""
    started = _written(datetime.now(UTC) - timedelta(minutes=1))
    await _say(cluster, job, {"failed": 1, "startTime": started}, "FailureTarget", "Failed")


async def _say(cluster: Cluster, job: Json, status: Json, *conditions: str) -> None:
    now = _written(datetime.now(UTC))
    said = [{"type": one, "status": "True", "lastTransitionTime": now, "lastProbeTime": now} for one in conditions]
    name, namespace = job["metadata"]["name"], job["metadata"]["namespace"]
    path = f"/apis/batch/v1/namespaces/{namespace}/jobs/{name}/status"
    answer = await cluster.client.patch(path, headers=MERGE, json={"status": status | {"conditions": said}})
    assert answer.is_success, answer.text


def _written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
