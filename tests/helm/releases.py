"""Releases of the chart that tests look at: the examples, the least and the most that can be said, and faulty ones."""

import tempfile
from functools import cache
from pathlib import Path

import yaml
from msgspec import structs

from cli.local.stack.topics import TopicSettings
from cli.reference.chart import groups, places
from shared.kit.settings import Settings
from tests.deployment import ROOT
from tests.helm.rendering import CHART, Json, Release, Rendered, render, without_hooks
from tests.services import SERVICES, settings

OLDEST, NEWEST = "1.30.0", "1.37.0"
"""The Kubernetes that the chart says it is for, and the newest whose schemas there are."""
SETTINGS = {name: settings(name) for name in SERVICES}
KEPT = {"name": "kept", "key": "value"}


def example(name: str) -> Json:
    """The values of an example."""
    values: Json = yaml.safe_load((CHART / "examples" / f"{name}.yaml").read_text())
    return values


LEAST: Json = {"ingest": {"settings": {"STADGA_MUNICIPALITY": "kommun"}}}


KINDS: list[type[Settings]] = [*SETTINGS.values(), TopicSettings]
DEFAULTS = {field.name.upper(): field.default for kind in KINDS for field in structs.fields(kind)}


def _said(names: set[str]) -> Json:
    """Every setting of a group, each where it belongs; what it is by default where it is no secret."""
    allowed = places(names)
    said: Json = {place: dict.fromkeys(found, KEPT) for place, found in allowed.items()}
    return said | {"settings": {name: DEFAULTS[name] for name in allowed["settings"]}}


FILES: Json = {
    "plans": {"plan.yaml": (ROOT / "deploy" / "plans" / "socialsekreterare.yaml").read_text()},
    **{name: (ROOT / "deploy" / f"{name}.yaml").read_text() for name in ("sources", "access", "retention")},
}
"""What people write, as it ships."""


def most() -> Json:
    """Everything that can be said."""
    files: Json = {"plans": {"a.yaml": "plan: a", "b.yml": "plan: b"}, "sources": "sources: {}"}
    files |= {"access": "groups: {}", "retention": "persons: {keep: 2 years}"}
    parts = {name: _said(names) for name, names in groups().items()}
    autoscaling = {"enabled": True, "maxReplicas": 12, "messages": 2_000_000}
    parts["metrics"] |= {"autoscaling": autoscaling}
    parts["database"] |= {"certificates": "authority"}
    parts["alerts"] |= {"bounces": {"enabled": True, "type": "NodePort", "annotations": {"house": "mail"}}}
    files |= {"ingress": {"paths": {"metrics": ["/v1/metrics", "/v1/series"]}}}
    return parts | files | {"monitoring": {"enabled": True, "dashboard": {"datasource": "house"}}}


FAULTS: dict[str, tuple[Json, str]] = {
    "a setting that there is not": ({"common": {"settings": {"STADGA_TIMEZONE": "UTC"}}}, "STADGA_TIMEZONE"),
    "a setting of another service": ({"ingest": {"settings": {"STADGA_BATCH": 1}}}, "STADGA_BATCH"),
    "a secret among the values": ({"ingest": {"settings": {"STADGA_PSEUDONYM_KEY": "x" * 16}}}, "STADGA_PSEUDONYM_KEY"),
    "a secret without its key": ({"database": {"secretSettings": {"DATABASE_URL": {"name": "a", "key": ""}}}}, "key"),
    "a value that there is not": ({"alerts": {"replica": 2}}, "replica"),
    "no replica at all": ({"alerts": {"replicas": 0}}, "replicas"),
    "a path that is none": ({"ingress": {"paths": {"alerts": ["board"]}}}, "board"),
    "a proxy without names": ({"hosts": []}, "name in hosts under which names it is asked"),
    "a kind of address that there is not": ({"alerts": {"bounces": {"type": "External"}}}, "type"),
    "a master key that metrics has not": (
        {"metrics": {"secretFiles": {"STADGA_MASTER_KEY_FILE": KEPT}}},
        "metrics waits at the first sealed event",
    ),
    "a plan that is not read": ({"plans": {"plan.txt": "plan: a"}}, "plan.txt"),
}
"""What is wrong, the values that say it beside those of an example, and a word of the refusal."""


@cache
def looked_at() -> Rendered:
    """All of them, once a process."""
    one = example("one")
    releases = {
        "least": Release((LEAST,)),
        "one": Release((one,)),
        "many": Release((example("many"), example("varmdo")), namespace="varmdo"),
        "most": Release((one, most()), name="kommunens-stadga"),
        "whole": Release((one, FILES)),
        "chosen": Release((one, {"user": None})),
        "unnamed": Release((LEAST, {"alerts": {"bounces": {"enabled": True}}})),
        "old": Release((one,), kubernetes=OLDEST),
        "too old": Release((one,), kubernetes="1.29.0"),
        "nameless": Release(({},)),
    }
    releases |= {name: Release((one, values)) for name, (values, _) in FAULTS.items()}
    with tempfile.TemporaryDirectory() as folder:
        return render(Path(folder), releases, without_hooks(Path(folder)))


ACCEPTED = ("least", "one", "many", "most", "whole", "chosen", "unnamed", "old")
"""Those that Helm shall take."""

PARTS = (*SERVICES, "topics", "migrations")
"""What runs in pods."""
