"""What Helm makes of the chart: for one set of values after the other, in one run of Java."""

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from cli.local.stack import java
from tests.deployment import ROOT

CHART = ROOT / "deploy" / "helm"
HERE = Path(__file__).parent
CACHE = ROOT / ".stadga" / "helm"

HOOK, ONCE_A_HOOK = "helm.sh/hook", "stadga.example/hook"

Json = dict[str, Any]


class Release(NamedTuple):
    """What is installed: with these values, later ones before earlier ones."""

    values: tuple[Json, ...]
    name: str = "stadga"
    namespace: str = "kommun"
    kubernetes: str = "1.37.0"


class Rendered(NamedTuple):
    """By the name of each release: its manifests, or why Helm refused it; and what lint says of the chart."""

    manifests: dict[str, list[Json]]
    refused: dict[str, str]
    lint: list[str]


def render(folder: Path, releases: Mapping[str, Release], chart: Path = CHART) -> Rendered:
    """Let Helm work in a folder."""
    said = [word for name, release in releases.items() for word in _words(folder, name, release)]
    classpath = java.classpath(CACHE, HERE / "pom.xml")
    command = [java.java(), "-cp", classpath, *map(str, (HERE / "Charts.java", chart, folder)), *said]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    made = {name: folder / f"{name}.manifests" for name in releases}
    refused = {name: folder / f"{name}.refused" for name in releases}
    return Rendered(
        {name: list(_manifests(file.read_text())) for name, file in made.items() if file.exists()},
        {name: file.read_text() for name, file in refused.items() if file.exists()},
        (folder / "lint.txt").read_text().splitlines(),
    )


def without_hooks(folder: Path) -> Path:
    """The chart, but with its hooks among the other manifests: as a library, Helm tells nothing of hooks."""
    copied = folder / "chart"
    shutil.copytree(CHART, copied)
    job = copied / "templates" / "_job.tpl"
    job.write_text(job.read_text().replace(HOOK, ONCE_A_HOOK))
    return copied


def _words(folder: Path, name: str, release: Release) -> list[str]:
    files = [folder / f"{name}.{number}.yaml" for number in range(len(release.values))]
    for file, values in zip(files, release.values, strict=True):
        file.write_text(yaml.safe_dump(values))
    return [name, release.name, release.namespace, release.kubernetes, ";".join(map(str, files))]


def _manifests(text: str) -> Iterator[Json]:
    return (manifest for manifest in yaml.safe_load_all(text) if manifest)


def of_kind(manifests: list[Json], kind: str) -> dict[str, Json]:
    """The manifests of a kind, by the part that each is of."""
    found = (manifest for manifest in manifests if manifest["kind"] == kind)
    return {manifest["metadata"]["labels"]["app.kubernetes.io/component"]: manifest for manifest in found}


def pods(manifests: list[Json]) -> dict[str, Json]:
    """The specification of every pod, by its part."""
    return {
        part: manifest["spec"]["template"]["spec"]
        for kind in ("Deployment", "Job")
        for part, manifest in of_kind(manifests, kind).items()
    }


def container(pod: Json) -> Json:
    """The one container of a pod."""
    [only] = pod["containers"]
    return dict(only)


def environment(pod: Json) -> dict[str, Json]:
    """The variables of a pod's container, by name."""
    return {variable["name"]: variable for variable in container(pod)["env"]}
