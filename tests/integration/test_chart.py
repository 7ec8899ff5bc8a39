"""deploy/helm as Helm renders it: what Kubernetes takes, as strictly as can be asked offline, and what is refused."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from shared.contracts.release import VERSION
from tests.deployment import ROOT
from tests.helm.releases import ACCEPTED, FAULTS, NEWEST, OLDEST, PARTS, example, looked_at
from tests.helm.rendering import CHART, ONCE_A_HOOK, Json, Release, container, environment, of_kind, pods, render
from tests.services import SERVICES

CUSTOM = {"PodMonitor", "PrometheusRule", "ScaledObject"}
"""What operators define: `make cluster-test` has the cluster look at them by the operators' own schemas."""


def _manifests(name: str) -> list[Json]:
    return looked_at().manifests[name]


def _valid(manifest: Json, version: str) -> None:
    kubernetes_validate.validate(manifest, version, strict=True)


def test_lint_finds_nothing() -> None:
    """Helm's own lint, at its strictest, has a recommendation and no complaint."""
    assert looked_at().lint == ["[INFO] Chart.yaml: icon is recommended"]


@pytest.mark.parametrize("version", [OLDEST, NEWEST])
@pytest.mark.parametrize("name", ACCEPTED)
def test_every_manifest_is_what_kubernetes_knows(name: str, version: str) -> None:
    """No field that there is not, none of the wrong type, in the oldest Kubernetes that is supported and a new one."""
    known = [manifest for manifest in _manifests(name) if manifest["kind"] not in CUSTOM]
    assert {manifest["kind"] for manifest in known} >= {"Deployment", "Job", "Service", "PodDisruptionBudget"}
    for manifest in known:
        _valid(manifest, version)


@pytest.mark.parametrize("kind", ["Deployment", "Job", "Service", "PodDisruptionBudget", "NetworkPolicy", "Ingress"])
def test_typing_error_is_noticed(kind: str) -> None:
    """The strict schemas would have found one."""
    for manifest in of_kind(_manifests("one"), kind).values():
        planted = copy.deepcopy(manifest)
        planted["spec"]["selectr"] = {}
        with pytest.raises(kubernetes_validate.ValidationError, match="selectr"):
            _valid(planted, NEWEST)


def test_typing_error_far_inside_is_noticed() -> None:
    """In a probe, too."""
    planted = copy.deepcopy(of_kind(_manifests("one"), "Deployment")["ingest"])
    container(planted["spec"]["template"]["spec"])["readinessProbe"]["periodSecond"] = 1
    with pytest.raises(kubernetes_validate.ValidationError, match="periodSecond"):
        _valid(planted, NEWEST)


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_in_the_values_is_refused(fault: str) -> None:
    """By Helm, before anything reaches the cluster, with the place at fault."""
    _, word = FAULTS[fault]
    assert word in looked_at().refused[fault]


def test_what_cannot_be_chosen_for_somebody_is_asked_for() -> None:
    """A municipality is part of every pseudonym; and a cluster must be new enough."""
    assert "STADGA_MUNICIPALITY is part of every pseudonym" in looked_at().refused["nameless"]
    assert "kubeVersion" in looked_at().refused["too old"]


def _ways(values: Json, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """To everything that the chart says by default, be it a whole group."""
    for name, value in values.items():
        yield (*before, name)
        if isinstance(value, dict):
            yield from _ways(value, (*before, name))


def _null(way: tuple[str, ...]) -> Json:
    values: Any = None
    for name in reversed(way):
        values = {name: values}
    return values


MAY_BE_NULL = {"user", "resources", "limits", "requests", "memory", "cpu", "grafana_dashboard"}
NO_NAMES = {"database.settings", *(f"{group}.secretSettings" for group in ("kafka", "common", "metrics"))}
"""What can be taken away, beside settings and secrets (known by their capitals); and groups in which none can stand."""


def test_default_that_is_taken_away_is_named(tmp_path: Path) -> None:
    """To Helm ``null`` means so: the schema says what is missing and where, not a template that came upon nothing."""
    ways = {".".join(way): way for way in _ways(yaml.safe_load((CHART / "values.yaml").read_text()))}
    rendered = render(tmp_path, {at: Release((example("one"), _null(way))) for at, way in ways.items()})
    lacking = {at: ("/".join(("", *way[:-1])), way[-1]) for at, way in ways.items() if at in rendered.refused}
    for at, (group, name) in lacking.items():
        assert f"at '{group}': missing property '{name}'" in rendered.refused[at]
    assert len(lacking) > len(rendered.manifests)
    taken = {at for at in rendered.manifests if not ways[at][-1].isupper()}
    assert all(at in NO_NAMES or ways[at][-1] in MAY_BE_NULL for at in taken)


def test_only_faulty_releases_are_refused() -> None:
    """Each is one or the other."""
    assert set(looked_at().manifests) == set(ACCEPTED)
    assert set(looked_at().refused) == {*FAULTS, "nameless", "too old"}


@pytest.mark.parametrize("name", ACCEPTED)
def test_every_part_is_there_once(name: str) -> None:
    """A Deployment, an address and a budget for each service; jobs that run before them; a policy for each.

    What is asked from outside is off until somebody turns it on.
    """
    manifests, outside = _manifests(name), name not in {"least", "unnamed"}
    for kind in ("Deployment", "PodDisruptionBudget"):
        assert set(of_kind(manifests, kind)) == set(SERVICES)
    assert set(of_kind(manifests, "Service")) == {*SERVICES, *(["bounces"] if name != "least" else [])}
    assert set(of_kind(manifests, "Ingress")) == set(["proxy"] if outside else [])
    assert set(pods(manifests)) == set(of_kind(manifests, "NetworkPolicy")) == set(PARTS)
    identities = [(one["kind"], one["metadata"]["name"]) for one in manifests]
    assert len(identities) == len(set(identities))


@pytest.mark.parametrize("job", ["topics", "migrations"])
def test_job_is_done_before_the_services_change(job: str) -> None:
    """What it left behind is removed before the next one, or when it is done."""
    annotations = of_kind(_manifests("one"), "Job")[job]["metadata"]["annotations"]
    assert annotations[ONCE_A_HOOK] == "pre-install,pre-upgrade"
    assert annotations[f"{ONCE_A_HOOK}-delete-policy"] == "before-hook-creation,hook-succeeded"


def test_jobs_are_hooks_of_helm(tmp_path: Path) -> None:
    """The chart itself has all that was looked at and keeps the jobs to itself, until they are due."""
    whole = render(tmp_path, {"one": Release((example("one"),))}).manifests["one"]
    assert whole == [manifest for manifest in _manifests("one") if manifest["kind"] != "Job"]


@pytest.mark.parametrize("part", SERVICES)
def test_selectors_find_the_pods_of_their_part_alone(part: str) -> None:
    """Deployment, address, budget and policy mean the same pods, of this release."""
    manifests = _manifests("most")
    labels = of_kind(manifests, "Deployment")[part]["spec"]["template"]["metadata"]["labels"]
    selectors = [
        of_kind(manifests, "Deployment")[part]["spec"]["selector"]["matchLabels"],
        of_kind(manifests, "Service")[part]["spec"]["selector"],
        of_kind(manifests, "PodDisruptionBudget")[part]["spec"]["selector"]["matchLabels"],
        of_kind(manifests, "NetworkPolicy")[part]["spec"]["podSelector"]["matchLabels"],
    ]
    assert all(selector == selectors[0] and selector.items() <= labels.items() for selector in selectors)
    assert selectors[0]["app.kubernetes.io/component"] == part
    assert selectors[0]["app.kubernetes.io/instance"] == "kommunens-stadga"


def test_rules_are_the_ones_that_ship() -> None:
    """Byte for byte the rules that promtool tests: one source."""
    assert (CHART / "files" / "rules.yml").resolve() == ROOT / "deploy" / "prometheus" / "rules" / "stadga.yml"
    shipped = yaml.safe_load((ROOT / "deploy" / "prometheus" / "rules" / "stadga.yml").read_text())
    assert of_kind(_manifests("one"), "PrometheusRule")["rules"]["spec"] == shipped


def test_dashboard_is_the_one_that_ships() -> None:
    """But for the name of the data source, which every panel asks under the name it has in the house."""
    shipped = (ROOT / "deploy" / "grafana" / "dashboards" / "stadga.json").read_text()
    drawn = of_kind(_manifests("most"), "ConfigMap")["dashboard"]["data"]["stadga.json"]
    assert json.loads(drawn) == json.loads(shipped.replace('"stadga-prometheus"', '"house"'))


def test_jobs_are_called_what_the_rules_call_them() -> None:
    """Prometheus names a job by the label that says which service a pod is."""
    monitor = of_kind(_manifests("one"), "PodMonitor")["services"]["spec"]
    for part, deployment in of_kind(_manifests("one"), "Deployment").items():
        labels = deployment["spec"]["template"]["metadata"]["labels"]
        assert labels[monitor["jobLabel"]] == part
        assert monitor["selector"]["matchLabels"].items() <= labels.items()


def test_tenant_is_told_to_every_part_and_to_prometheus() -> None:
    """One of many: its services, its jobs, and the label that `up` has by itself no value of."""
    manifests = _manifests("many")
    told = {part: environment(pod)["STADGA_TENANT"]["value"] for part, pod in pods(manifests).items()}
    assert told == dict.fromkeys(PARTS, "varmdo")
    [endpoint] = of_kind(manifests, "PodMonitor")["services"]["spec"]["podMetricsEndpoints"]
    assert endpoint["honorLabels"] is True
    assert endpoint["relabelings"] == [{"targetLabel": "tenant", "replacement": "varmdo"}]


def test_replicas_are_left_to_whoever_scales() -> None:
    """With autoscaling an upgrade does not put their number back; the trigger's numbers are whole."""
    deployments = of_kind(_manifests("most"), "Deployment")
    assert ["replicas" in deployments[part]["spec"] for part in SERVICES] == [True, False, True]
    scaled = of_kind(_manifests("most"), "ScaledObject")["metrics"]["spec"]
    assert scaled["scaleTargetRef"]["name"] == deployments["metrics"]["metadata"]["name"]
    [trigger] = scaled["triggers"]
    assert trigger["metadata"]["threshold"] == "2000000"
    assert "ScaledObject" not in {manifest["kind"] for manifest in _manifests("one")}


def test_chart_is_of_this_release() -> None:
    """The tag of the image is the version of the project."""
    assert yaml.safe_load((CHART / "Chart.yaml").read_text())["appVersion"] == VERSION
    assert container(pods(_manifests("least"))["ingest"])["image"] == f"stadga:{VERSION}"
