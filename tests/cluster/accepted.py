"""``make cluster-test``: the chart, before a real API server of Kubernetes.

All that the chart renders is applied server-side with strict validation, by the schemas of Kubernetes and of the
operators; planted typing errors are refused; Helm itself installs it, and the test plays whoever runs the jobs.
"""

import copy
import json
import re
import shlex
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import yaml

from tests.cluster.api_server import Cluster, running
from tests.cluster.installing import Installing, done, failed, jobs
from tests.cluster.programs import BIN, SCHEMAS
from tests.deployment import ROOT
from tests.helm.releases import ACCEPTED, NEWEST, example, looked_at
from tests.helm.rendering import CHART, Json, container, of_kind, pods

EXAMPLES = {"one": ["one"], "many": ["many", "varmdo"]}
FILE = "{{ .ResourceKind }}{{ .KindSuffix }}.json"
OPERATORS = "PodMonitor,PrometheusRule,ScaledObject"


@pytest.fixture(scope="session")
async def cluster(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Cluster]:
    """One for all tests; each takes namespaces of its own."""
    async with running(tmp_path_factory.mktemp("cluster")) as started:
        yield started


def _run(program: str, *arguments: str, said: str = "") -> subprocess.CompletedProcess[str]:
    command = [str(BIN / program), *arguments]
    return subprocess.run(command, input=said, capture_output=True, text=True, check=False, cwd=ROOT)


def _values(example: str) -> list[str]:
    return [f"--values={CHART / 'examples' / name}.yaml" for name in EXAMPLES[example]]


def _conform(manifests: str) -> subprocess.CompletedProcess[str]:
    where = f"-schema-location={SCHEMAS}/{FILE}"
    return _run("kubeconform", "-strict", "-summary", where, f"-skip={OPERATORS}", said=manifests)


@pytest.mark.parametrize("name", EXAMPLES)
def test_helm_finds_no_fault(name: str) -> None:
    """Its lint, with the examples' values."""
    done = _run("helm", "lint", "--strict", str(CHART), *_values(name))
    assert done.returncode == 0, done.stdout + done.stderr


def test_command_of_the_page_can_be_pasted() -> None:
    """With a plan from the folder of plans, which becomes the file of that name."""
    [line] = re.findall(r"^helm upgrade --install (.+)$", (ROOT / "docs" / "operations.md").read_text(), re.MULTILINE)
    done = _run("helm", "template", *shlex.split(line), f"--kube-version={NEWEST}")
    assert done.returncode == 0, done.stderr
    plans = of_kind([manifest for manifest in yaml.safe_load_all(done.stdout) if manifest], "ConfigMap")["plans"]
    assert plans["data"] == {"boras.yaml": (ROOT / "deploy" / "plans" / "boras.yaml").read_text()}


def test_packed_chart_is_the_same(tmp_path: Path) -> None:
    """With the rules and the dashboard, which in the checkout are links."""
    done = _run("helm", "package", str(CHART), f"--destination={tmp_path}")
    assert done.returncode == 0, done.stderr
    [packed] = tmp_path.glob("*.tgz")
    said = [f"--kube-version={NEWEST}", *_values("one")]
    whole, unpacked = (_run("helm", "template", "stadga", str(chart), *said).stdout for chart in (CHART, packed))
    assert "StadgaWatchdog" in unpacked
    assert unpacked == whole


@pytest.mark.parametrize("name", EXAMPLES)
def test_kubeconform_finds_no_fault_but_a_planted_one(name: str) -> None:
    """What Helm's own command renders, hooks with it."""
    rendered = _run("helm", "template", "stadga", str(CHART), f"--kube-version={NEWEST}", *_values(name))
    assert rendered.returncode == 0, rendered.stderr
    assert "kind: Job" in rendered.stdout
    found = _conform(rendered.stdout)
    assert found.returncode == 0, found.stdout
    planted = _conform(rendered.stdout.replace("maxUnavailable: 1", "maxUnavailble: 1"))
    assert planted.returncode == 1
    assert "maxUnavailble" in planted.stdout


@pytest.mark.parametrize("name", ACCEPTED)
async def test_server_takes_all_that_the_chart_renders(cluster: Cluster, name: str) -> None:
    """Strictly, without one warning: nothing deprecated, and no pod that may do more than *restricted* lets it."""
    space = f"takes-{name}"
    await cluster.space(space)
    for manifest in looked_at().manifests[name]:
        judged = await cluster.apply(manifest, space)
        assert (judged.status, judged.message, judged.warnings) == (201, "", []), manifest["kind"]


@pytest.mark.parametrize(
    "kind",
    [
        *("ConfigMap", "Deployment", "Ingress", "Job", "NetworkPolicy", "PodDisruptionBudget", "Service"),
        *("PodMonitor", "PrometheusRule", "ScaledObject"),
    ],
)
async def test_server_refuses_a_planted_typing_error(cluster: Cluster, kind: str) -> None:
    """In each kind of object there is, those of the operators with them."""
    space = f"refuses-{kind.lower()}"
    await cluster.space(space)
    manifest = next(iter(of_kind(looked_at().manifests["most"], kind).values()))
    planted = copy.deepcopy(manifest)
    planted["data" if kind == "ConfigMap" else "spec"] = {"selectr": {}}
    judged = await cluster.apply(planted, space)
    assert judged.status in {400, 422, 500}
    assert "selectr" in judged.message
    assert (await cluster.apply(manifest, space)).status == 201


async def test_server_refuses_a_typing_error_in_a_probe(cluster: Cluster) -> None:
    """Far inside, where a cluster that is not asked to be strict would leave the field out and say nothing."""
    await cluster.space("probe")
    planted = copy.deepcopy(of_kind(looked_at().manifests["one"], "Deployment")["alerts"])
    container(planted["spec"]["template"]["spec"])["livenessProbe"]["failureTreshold"] = 9
    judged = await cluster.apply(planted, "probe")
    assert judged.status >= 400
    assert "failureTreshold" in judged.message


@pytest.mark.parametrize("part", ["ingest", "metrics", "alerts", "topics", "migrations"])
async def test_pod_is_let_in_where_little_is_allowed(cluster: Cluster, part: str) -> None:
    """By the server's own admission of pods; one that could be root is not."""
    space = f"pod-{part}"
    await cluster.space(space)
    pod = pods(looked_at().manifests["most"])[part]
    assert (await cluster.try_pod(pod, space)).message == ""
    root = pod | {"securityContext": {"runAsUser": 0}}
    assert "violates PodSecurity" in (await cluster.try_pod(root, space)).message


async def test_services_come_after_the_jobs(cluster: Cluster) -> None:
    """Helm starts one job after the other, and the services once both are done; then nothing is left of the jobs."""
    await cluster.space("install")
    installing = await Installing.start(cluster, "install", _values("one"))
    for _ in range(2):
        job = await installing.next_job()
        assert (await cluster.get("/apis/apps/v1/namespaces/install/deployments"))["items"] == []
        await done(cluster, job)
    assert await installing.ended() == 0, installing.said()
    found = await cluster.get("/apis/apps/v1/namespaces/install/deployments")
    assert sorted(one["metadata"]["name"] for one in found["items"]) == [
        *("stadga-alerts", "stadga-ingest", "stadga-metrics")
    ]
    assert await jobs(cluster, "install") == []


@pytest.mark.parametrize(
    ("said", "unnamed"),
    [
        ([], []),
        (
            ["--set-json=networkPolicy.callers.alerts=[],networkPolicy.callers.bounces=[]"],
            [
                "The Ingress does not reach alerts: networkPolicy.callers.alerts names no proxy.",
                "No bounce comes in: networkPolicy.callers.bounces names no mail server.",
            ],
        ),
    ],
)
async def test_helm_says_what_is_reached_and_what_is_not(cluster: Cluster, said: list[str], unnamed: list[str]) -> None:
    """In the end: where the board is, where bounces go, and whom nobody may ask though somebody leads there."""
    where = [f"--kubeconfig={cluster.kubeconfig}", "--namespace=default", "--dry-run=client"]
    tried = _run("helm", "install", "stadga", str(CHART), *where, *_values("one"), *said)
    assert tried.returncode == 0, tried.stderr
    notes = tried.stdout.partition("\nNOTES:\n")[2].splitlines()
    assert "From outside: https://stadga.kommun.example/board" in notes
    assert "Let your mail server relay stadga@kommun.example to port 25 of the Service stadga-bounces." in notes
    assert [line for line in notes if " names no " in line] == unnamed


async def test_release_before_stays_when_a_job_fails(cluster: Cluster) -> None:
    """An upgrade whose migrations cannot be made changes no service."""
    await cluster.space("upgrade")
    first = await Installing.start(cluster, "upgrade", _values("one"))
    for _ in range(2):
        await done(cluster, await first.next_job())
    assert await first.ended() == 0, first.said()
    second = await Installing.start(cluster, "upgrade", [*_values("one"), "--set=image.tag=next"])
    await failed(cluster, await second.next_job())
    assert await second.ended() != 0
    found = await cluster.get("/apis/apps/v1/namespaces/upgrade/deployments")
    assert {container(one["spec"]["template"]["spec"])["image"].rpartition(":")[2] for one in found["items"]} == {
        str(yaml.safe_load((CHART / "Chart.yaml").read_text())["appVersion"])
    }


def test_a_file_changes_without_a_new_pod() -> None:
    """Another plan is another ConfigMap and the same Deployment: the service reads it again, nobody is started anew."""
    before, after = (_rendered({"plans": {"a.yaml": f"plan: {name}"}}) for name in ("a", "b"))
    assert of_kind(before, "ConfigMap")["plans"] != of_kind(after, "ConfigMap")["plans"]
    assert of_kind(before, "Deployment") == of_kind(after, "Deployment")


def _rendered(values: Json) -> list[Json]:
    said = json.dumps(example("one") | values)
    done = _run("helm", "template", "stadga", str(CHART), f"--kube-version={NEWEST}", "--values=-", said=said)
    assert done.returncode == 0, done.stderr
    return [manifest for manifest in yaml.safe_load_all(done.stdout) if manifest]
