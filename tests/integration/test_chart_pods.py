"""deploy/helm: its pods run what there is, are told what is read, are asked where they answer, and may do little."""

import re
from importlib.util import find_spec
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from prometheus_client import CollectorRegistry

from cli.local.stack.topics import TopicSettings
from cli.reference import chart
from shared.contracts.topics import HR_EVENTS
from shared.kit.clock import Clock
from shared.kit.door import Door
from shared.kit.health import Health
from shared.kit.server import END_SECONDS, application
from shared.kit.settings import Settings, load
from tests.deployment import ROOT, copied, instruction, module
from tests.helm.releases import ACCEPTED, PARTS, SETTINGS, looked_at
from tests.helm.rendering import Json, container, environment, of_kind, pods
from tests.services import SERVICES, variables

SHARED = {field.upper() for field in Settings.__struct_fields__}
JOBS = {"topics": {field.upper() for field in TopicSettings.__struct_fields__}, "migrations": SHARED}
"""A job is told what all are told; it need not read all of that."""
KNOWN = {name: variables(name) for name in SERVICES} | JOBS


def _pods(name: str) -> dict[str, Json]:
    return pods(looked_at().manifests[name])


def _told(pod: Json) -> dict[str, str]:
    """The variables with a text for each secret, as long as a key must be."""
    return {name: variable.get("value", "s" * 16) for name, variable in environment(pod).items()}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("name", ACCEPTED)
def test_pod_is_told_only_what_its_program_reads(name: str, part: str) -> None:
    """Each variable is a setting of the service or job in it, and is named once."""
    pod = _pods(name)[part]
    assert set(environment(pod)) <= KNOWN[part]
    assert len(environment(pod)) == len(container(pod)["env"])


@pytest.mark.parametrize("part", PARTS)
def test_no_variable_comes_by_itself(part: str) -> None:
    """Kubernetes would make one of each Service, some of which are named as settings are."""
    ports = {f"{name.upper().replace('-', '_')}_PORT" for name in (f"stadga-{service}" for service in SERVICES)}
    assert ports <= set().union(*KNOWN.values())
    assert _pods("one")[part]["enableServiceLinks"] is False


@pytest.mark.parametrize("part", SERVICES)
def test_every_setting_can_be_said(part: str) -> None:
    """All that the service reads, but for what the chart has no way for; ingest gets nothing of the database."""
    missing = {"STADGA_BOUNCES"} | {f"STADGA_{service.upper()}_PORT" for service in SERVICES}
    missing |= chart.groups()["database"] if part == "ingest" else set()
    assert KNOWN[part] - set(environment(_pods("most")[part])) == missing & KNOWN[part]


@pytest.mark.parametrize("part", SERVICES)
@pytest.mark.parametrize("name", ACCEPTED)
def test_what_a_pod_is_told_can_be_read(name: str, part: str) -> None:
    """The service takes each value: a number is written as one."""
    told = _told(_pods(name)[part])
    told.pop("DATABASE_PASSWORD_FILE", "")  # is read at once, and is in the pod alone
    settings = load(SETTINGS[part], told)
    assert settings.stadga_host == "0.0.0.0"  # noqa: S104 -- inside the pod
    assert settings.stadga_tokens_file
    assert settings.stadga_log == "json"


def test_the_job_of_the_topics_is_told_where_kafka_is() -> None:
    """And on how many brokers each topic is kept."""
    told = load(TopicSettings, _told(_pods("one")["topics"]))
    assert told.kafka_bootstrap_servers == "kafka-kafka-bootstrap.kafka:9092"
    assert told.stadga_replication == 3


@pytest.mark.parametrize("name", ACCEPTED)
def test_secrets_come_from_secrets(name: str) -> None:
    """No secret is written into a manifest; a file with some is mounted where its setting says."""
    for pod in _pods(name).values():
        mounts = {mount["mountPath"]: mount["name"] for mount in container(pod)["volumeMounts"]}
        sources = {volume["name"]: volume for volume in pod["volumes"]}
        for setting, variable in environment(pod).items():
            if chart.secret(setting):
                assert variable["valueFrom"]["secretKeyRef"]["key"]
            if chart.a_file(setting):
                folder, _, key = variable["value"].rpartition("/")
                assert [item["key"] for item in sources[mounts[folder]]["secret"]["items"]] == [key]


@pytest.mark.parametrize("part", PARTS)
def test_certificates_of_the_database_are_where_its_clients_are(part: str) -> None:
    """In a folder that the address can name, and in no other pod."""
    pod = _pods("most")[part]
    mounted = [mount["mountPath"] for mount in container(pod)["volumeMounts"] if mount["name"] == "certificates"]
    secrets = [volume["secret"]["secretName"] for volume in pod["volumes"] if volume["name"] == "certificates"]
    there = part in {"metrics", "alerts", "migrations"}
    assert (mounted, secrets) == ((["/etc/stadga/certificates"], ["authority"]) if there else ([], []))


def _asked_for() -> set[tuple[str, str]]:
    """The Secrets of an example and their keys."""
    monitor = of_kind(looked_at().manifests["one"], "PodMonitor")["services"]["spec"]
    found = [endpoint["authorization"]["credentials"] for endpoint in monitor["podMetricsEndpoints"]]
    for pod in _pods("one").values():
        variables = (variable.get("valueFrom", {}) for variable in environment(pod).values())
        found += [variable["secretKeyRef"] for variable in variables if variable]
        volumes = (volume["secret"] for volume in pod["volumes"] if "secret" in volume)
        found += [{"name": one["secretName"], "key": item["key"]} for one in volumes for item in one["items"]]
    for shown in of_kind(looked_at().manifests["one"], "Ingress")["proxy"]["spec"]["tls"]:
        found += [{"name": shown["secretName"], "key": key} for key in ("cert", "key")]
    return {(one["name"], one["key"]) for one in found}


def test_page_makes_every_secret_that_the_example_asks_for() -> None:
    """By the commands to paste; but for the database's, which its operator makes."""
    text = (ROOT / "docs" / "operations.md").read_text()
    made = {
        (name, key)
        for name, said in re.findall(r"create secret (?:generic|tls) (\S+) (.+)", text)
        for key in re.findall(r"--(?:from-literal=|from-file=|(?=cert=|key=))([\w.-]+)", said)
    }
    assert _asked_for() - made == {("stadga-database-app", "uri")}
    assert made <= _asked_for()


@pytest.mark.parametrize(
    ("part", "setting", "path"),
    [
        ("alerts", "STADGA_PLANS", "/etc/stadga/plans"),
        ("alerts", "STADGA_ACCESS", "/etc/stadga/access/access.yaml"),
        ("metrics", "STADGA_SOURCES", "/etc/stadga/sources/sources.yaml"),
        ("metrics", "STADGA_RETENTION", "/etc/stadga/retention/retention.yaml"),
    ],
)
def test_files_that_people_write_are_mounted_as_folders(part: str, setting: str, path: str) -> None:
    """Where the setting says; a file mounted by itself would never change."""
    pod, maps = _pods("most")[part], of_kind(looked_at().manifests["most"], "ConfigMap")
    assert environment(pod)[setting]["value"] == path
    name = path.split("/")[3]
    assert {"name": name, "configMap": {"name": f"kommunens-stadga-{name}"}} in pod["volumes"]
    assert maps[name]["metadata"]["name"] == f"kommunens-stadga-{name}"
    assert path.endswith(name) or path.rpartition("/")[2] in maps[name]["data"]
    assert [mount for mount in container(pod)["volumeMounts"] if "subPath" in mount] == []


@pytest.mark.parametrize("part", PARTS)
def test_what_a_pod_runs_is_in_the_image(part: str) -> None:
    """A module that exists, from a folder that is copied."""
    arguments = container(_pods("one")[part])["args"]
    assert find_spec(module(arguments))
    if arguments[0] == "python":
        assert module(arguments).replace(".", "/").startswith(tuple(copied()))
    assert all(word.startswith(tuple(copied())) for word in arguments if word.startswith("deploy/"))


@pytest.mark.parametrize("part", SERVICES)
def test_pod_is_asked_where_it_answers(part: str) -> None:
    """The port is the one that the service listens at, and each probe's path a route that asks for no right."""
    only = container(_pods("one")[part])
    port = only["ports"][0]
    told = load(SETTINGS[part], _told(_pods("one")[part]))
    assert port == {"name": "http", "containerPort": getattr(told, f"stadga_{part}_port")}
    probes = {name: only[f"{name}Probe"]["httpGet"] for name in ("startup", "liveness", "readiness")}
    assert [probes[name]["path"] for name in probes] == ["/healthz", "/healthz", "/readyz"]
    routes = {route.path for route in application("", [], _health(), CollectorRegistry(), lambda: ()).routes}
    asked = {(probe["path"], probe["port"]) for probe in probes.values()}
    assert asked <= {(route, "http") for route in routes}
    [service] = of_kind(looked_at().manifests["one"], "Service")[part]["spec"]["ports"]
    assert (service["port"], service["targetPort"]) == (port["containerPort"], "http")


def _health() -> Health:
    return Health(Clock(ZoneInfo("UTC")))


def test_prometheus_asks_a_route() -> None:
    """At the port by its name, with the token of a Secret."""
    [endpoint] = of_kind(looked_at().manifests["one"], "PodMonitor")["services"]["spec"]["podMetricsEndpoints"]
    routes = {route.path for route in application("", [], _health(), CollectorRegistry(), lambda: ()).routes}
    assert endpoint["path"] in routes
    assert endpoint["port"] == "http"
    assert set(endpoint["authorization"]["credentials"]) == {"name", "key"}


@pytest.mark.parametrize("part", SERVICES)
async def test_names_inside_the_cluster_are_known(part: str) -> None:
    """The service answers to every name that another pod, or a proxy, asks it by, and to no other."""
    hosts = _told(_pods("one")[part])["STADGA_HOSTS"].split(",")
    name = f"stadga-{part}"
    for asked in (name, f"{name}.kommun", f"{name}.kommun.svc.cluster.local", "stadga.kommun.example"):
        assert await _answered(hosts, asked) == 200
    assert await _answered(hosts, "somebody.else.example") == 421


async def _answered(hosts: list[str], name: str) -> int:
    said: list[dict[str, Any]] = []

    async def inside(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 -- as ASGI has it
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def receive() -> Any:  # noqa: ANN401 -- as ASGI has it
        return {"type": "http.request"}

    async def send(message: Any) -> None:  # noqa: ANN401 -- as ASGI has it
        said.append(message)

    scope: Any = {"type": "http", "headers": [(b"host", name.encode())], "server": ("10.0.0.7", 80)}
    await Door(inside, hosts)(scope, receive, send)
    return int(said[0]["status"])


def test_alerts_finds_metrics() -> None:
    """By the name and the port of its address in the cluster, of the same release."""
    service = of_kind(looked_at().manifests["most"], "Service")["metrics"]
    port = service["spec"]["ports"][0]["port"]
    url = f"http://{service['metadata']['name']}:{port}"
    assert _told(_pods("most")["alerts"])["STADGA_METRICS_URL"] == url


@pytest.mark.parametrize("part", PARTS)
def test_pod_may_do_little(part: str) -> None:
    """What the Pod Security Standard *restricted* asks for, and a root that cannot be written to."""
    pod = _pods("one")[part]
    user = int(instruction("USER")[-1].split(":")[0])
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] == user > 0
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container(pod)["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert container(pod)["resources"]["limits"]["memory"]


@pytest.mark.parametrize("part", PARTS)
def test_cluster_may_choose_the_user(part: str) -> None:
    """Then none is named, and still none that is root."""
    context = _pods("chosen")[part]["securityContext"]
    assert context == {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}


@pytest.mark.parametrize("part", SERVICES)
def test_pod_is_given_the_time_that_its_end_takes(part: str) -> None:
    """What is under way when it is told to stop, and the seconds before that in which requests still come."""
    pod = _pods("one")[part]
    waits = container(pod)["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert pod["terminationGracePeriodSeconds"] > END_SECONDS + waits


def test_no_more_replicas_than_partitions() -> None:
    """Replicas of metrics beyond the partitions of events would have nothing to read."""
    scaled = of_kind(looked_at().manifests["many"], "ScaledObject")["metrics"]["spec"]
    assert scaled["minReplicaCount"] <= scaled["maxReplicaCount"] <= HR_EVENTS.partitions


def _peers(policy: Json, direction: str) -> list[list[Any]]:
    side = {"ingress": "from", "egress": "to"}[direction]
    return [rule.get(side, []) for rule in policy["spec"].get(direction, [])]


@pytest.mark.parametrize("part", PARTS)
def test_nobody_may_ask_a_pod_but_who_is_named(part: str) -> None:
    """Both directions are closed; an example names proxy, Prometheus and mail server, the least nobody elsewhere."""
    least = of_kind(looked_at().manifests["least"], "NetworkPolicy")[part]
    assert least["spec"]["policyTypes"] == ["Ingress", "Egress"]
    inside = {"app.kubernetes.io/component": "alerts"}
    callers = [peer for peers in _peers(least, "ingress") for peer in peers]
    assert len(callers) == (1 if part == "metrics" else 0)
    assert all(inside.items() <= peer["podSelector"]["matchLabels"].items() for peer in callers)
    one = of_kind(looked_at().manifests["one"], "NetworkPolicy")[part]
    named = {"topics": 0, "migrations": 0, "alerts": 3}
    assert len([peer for peers in _peers(one, "ingress") for peer in peers]) == named.get(part, 2)


@pytest.mark.parametrize(
    ("part", "ports"),
    [
        ("ingest", {9092, 9093}),
        ("metrics", {9092, 9093, 5432}),
        ("alerts", {9092, 9093, 5432, 25, 465, 587, 443, "http"}),
        ("topics", {9092, 9093}),
        ("migrations", {5432}),
    ],
)
def test_pod_reaches_only_what_it_talks_to(part: str, ports: set[int | str]) -> None:
    """Names, Kafka, PostgreSQL, mail, the web: each part its own."""
    rules = of_kind(looked_at().manifests["least"], "NetworkPolicy")[part]["spec"]["egress"]
    assert {port["port"] for rule in rules for port in rule["ports"]} == ports | {53, 5353}
