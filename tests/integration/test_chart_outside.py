"""deploy/helm: what the Ingress leads to whom, and the door for mails that come back."""

from collections.abc import Iterator

import pytest

from tests.helm.releases import looked_at
from tests.helm.rendering import Json, container, environment, of_kind, pods
from tests.unit.shared.test_who_may_what import routes

INSIDE = {
    *("/healthz", "/readyz", "/metrics", "/schema", "/schema/openapi.json", "/schema/{path}"),
    *("/v1/access-log", "/v1/persons/pseudonym"),
    *("/v1/dead-letters", "/v1/dead-letters/retry", "/v1/dead-letters/{topic}/{partition}/{offset}"),
    *("/v1/digests", "/v1/digests/{plan}/{recipient}/resume"),
    *("/v1/mails", "/v1/mails/resume", "/v1/mails/retry", "/v1/mails/stopped"),
}
"""What is about the service itself, or about one person: of ingest and alerts."""
MAIL_SERVER = [{"ipBlock": {"cidr": "10.20.0.25/32"}}]


def _routes(part: str) -> set[str]:
    """With those of signing in."""
    return {route.path for route in routes(part)}


def _rules(name: str) -> list[Json]:
    rules: list[Json] = of_kind(looked_at().manifests[name], "Ingress")["proxy"]["spec"]["rules"]
    return rules


def _leads(name: str, path: str) -> str | None:
    """To which Service of its namespace a path leads, at the first host: as Kubernetes says of ``Prefix``."""
    words = path.strip("/").split("/")
    found = {
        len(prefix): one["backend"]["service"]["name"]
        for one in _rules(name)[0]["http"]["paths"]
        if words[: len(prefix := one["path"].strip("/").split("/"))] == prefix
    }
    return found[max(found)] if found else None


@pytest.mark.parametrize("part", ["ingest", "alerts"])
def test_each_route_is_asked_from_outside_or_from_inside(part: str) -> None:
    """Whoever adds one says which: all that is not led anywhere is written above, and the rest is answered there."""
    led = {path: _leads("one", path) for path in _routes(part)}
    assert {path for path, to in led.items() if to is None} == INSIDE & led.keys()
    assert set(led.values()) == {f"stadga-{part}", None}


def test_values_are_not_asked_from_outside_unless_somebody_says_so() -> None:
    """Of metrics nothing is led anywhere; where it is said, to metrics."""
    assert {_leads("one", path) for path in _routes("metrics")} == {None}
    led = {path for path in _routes("metrics") if _leads("most", path) == "kommunens-stadga-metrics"}
    assert led == {"/v1/metrics", "/v1/series"}


@pytest.mark.parametrize("name", ["one", "many", "most"])
def test_every_path_has_something_behind_it(name: str) -> None:
    """A Service of the release, by its port's name, that has a route there; a word that begins alike leads nowhere."""
    services = of_kind(looked_at().manifests[name], "Service")
    known = {one["metadata"]["name"]: (part, one["spec"]["ports"]) for part, one in services.items()}
    for one in _rules(name)[0]["http"]["paths"]:
        part, ports = known[one["backend"]["service"]["name"]]
        assert one["backend"]["service"]["port"]["name"] in {port["name"] for port in ports}
        assert one["pathType"] == "Prefix"
        assert any(f"{path}/".startswith(f"{one['path']}/") for path in _routes(part))
    assert _leads(name, "/boarding") is _leads(name, "/v1/eventsx") is _leads(name, "/") is None


@pytest.mark.parametrize("name", ["one", "many", "most"])
def test_names_are_those_that_the_services_know_and_over_tls_alone(name: str) -> None:
    """Else they would answer 421; and no token travels in the clear."""
    hosts = [rule["host"] for rule in _rules(name)]
    spec = of_kind(looked_at().manifests[name], "Ingress")["proxy"]["spec"]
    assert [sorted(one["hosts"]) for one in spec["tls"]] == [sorted(hosts)]
    assert all(rule["http"] == _rules(name)[0]["http"] for rule in _rules(name))
    for part in ("ingest", "alerts"):
        told = environment(pods(looked_at().manifests[name])[part])["STADGA_HOSTS"]["value"].split(",")
        assert set(hosts) <= set(told)
    link = environment(pods(looked_at().manifests[name])["alerts"])["STADGA_PUBLIC_URL"]["value"]
    assert name == "most" or link.removeprefix("https://") in hosts


def _doors(name: str) -> Iterator[tuple[str, int]]:
    return (
        (port["name"], port["containerPort"])
        for port in container(pods(looked_at().manifests[name])["alerts"])["ports"]
    )


@pytest.mark.parametrize(("name", "kind"), [("one", "LoadBalancer"), ("many", "ClusterIP"), ("most", "NodePort")])
def test_what_comes_back_comes_in_where_alerts_listens(name: str, kind: str) -> None:
    """From port 25 of an address of its own; of one outside the cluster with who it comes from."""
    manifests = looked_at().manifests[name]
    told = environment(pods(manifests)["alerts"])["STADGA_BOUNCES_PORT"]["value"]
    assert dict(_doors(name))["bounces"] == int(told) > 1024
    spec = of_kind(manifests, "Service")["bounces"]["spec"]
    assert spec["type"] == kind
    assert spec.get("externalTrafficPolicy") == (None if kind == "ClusterIP" else "Local")
    assert spec["selector"] == of_kind(manifests, "Service")["alerts"]["spec"]["selector"]
    assert spec["ports"] == [{"name": "smtp", "port": 25, "targetPort": "bounces"}]


def test_only_the_mail_server_brings_mails_back() -> None:
    """By the policy, and to that port alone; whoever asks over HTTP may not."""
    rules = of_kind(looked_at().manifests["one"], "NetworkPolicy")["alerts"]["spec"]["ingress"]
    came = {port["port"]: rule["from"] for rule in rules for port in rule["ports"]}
    assert set(came) == {"http", "bounces"}
    assert came["bounces"] == MAIL_SERVER
    assert not any(peer in came["http"] for peer in MAIL_SERVER)


def test_nothing_is_open_that_nobody_asked_for() -> None:
    """No Ingress, no door for mail, and nobody who may come to it."""
    manifests = looked_at().manifests["least"]
    assert [port for port, _ in _doors("least")] == ["http"]
    assert "STADGA_BOUNCES_PORT" not in environment(pods(manifests)["alerts"])
    assert of_kind(manifests, "Ingress") == {}
    assert of_kind(manifests, "NetworkPolicy")["alerts"]["spec"]["ingress"] == []
    unnamed = of_kind(looked_at().manifests["unnamed"], "NetworkPolicy")["alerts"]["spec"]["ingress"]
    assert unnamed == []
