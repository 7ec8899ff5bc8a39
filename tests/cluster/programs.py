"""``python -m tests.cluster.programs``: makes once, and keeps, what ``make cluster-test`` runs.

The API server, Helm, kubeconform and the operators' definitions are built and taken from their Go modules, which Go
checks against the log of checksums; etcd is Debian's.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path

import kubernetes_validate

from tests.deployment import ROOT

KEPT = ROOT / ".stadga" / "cluster"
BIN, DEFINITIONS, SCHEMAS = KEPT / "bin", KEPT / "definitions", KEPT / "schemas"
KUBERNETES, STAGING = "v1.37.2", "v0.37.2"
"""The module of Kubernetes replaces the parts that it publishes by folders of its own: here they are modules again."""
TOOLS = {
    "helm": "helm.sh/helm/v3/cmd/helm@v3.22.0",
    "kubeconform": "github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0",
}
OPERATORS = {
    "github.com/prometheus-operator/prometheus-operator@v0.85.0": [
        "example/prometheus-operator-crd/monitoring.coreos.com_podmonitors.yaml",
        "example/prometheus-operator-crd/monitoring.coreos.com_prometheusrules.yaml",
    ],
    "github.com/kedacore/keda/v2@v2.21.0": ["config/crd/bases/keda.sh_scaledobjects.yaml"],
}
VERSION = "-X k8s.io/component-base/version"
NAMED = f"-s -w {VERSION}.gitVersion={KUBERNETES} {VERSION}.gitMajor=1 {VERSION}.gitMinor=37"
"""Without it the API server says that it is no version, and Helm refuses the chart."""


def main() -> None:
    """Make what is missing; raises SystemExit naming what it takes."""
    BIN.mkdir(parents=True, exist_ok=True)
    if missing := [name for name in ("kube-apiserver", *TOOLS) if not (BIN / name).exists()]:
        _say(f"{', '.join(missing)} to build: once, and with two cores a quarter of an hour")
    if "kube-apiserver" in missing:
        _api_server()
    for name in TOOLS.keys() & missing:
        _build(name, ["install", TOOLS[name]], KEPT)
    if not (BIN / "etcd").exists():
        _etcd()
    _definitions()
    if not SCHEMAS.exists():
        _schemas()


def _api_server() -> None:
    folder = KEPT / "kube-apiserver"
    folder.mkdir(exist_ok=True)
    replaced = "".join(f"\t{name} => {name} {STAGING}\n" for name in _published())
    module = f"module stadga.example/cluster\n\ngo 1.26.0\n\nrequire k8s.io/kubernetes {KUBERNETES}\n"
    (folder / "go.mod").write_text(f"{module}\nreplace (\n{replaced})\n")
    target = ["-o", str(BIN), "-ldflags", NAMED, "k8s.io/kubernetes/cmd/kube-apiserver"]
    _build("kube-apiserver", ["build", "-mod=mod", *target], folder)


def _published() -> list[str]:
    """The parts of Kubernetes that are modules of their own."""
    said = Path(_download(f"k8s.io/kubernetes@{KUBERNETES}")["GoMod"]).read_text()
    return re.findall(r"^\s+(\S+) => \./staging/", said, re.MULTILINE)


def _build(name: str, arguments: list[str], folder: Path) -> None:
    """Run Go, which names each package as it is compiled."""
    action, *rest = arguments
    with subprocess.Popen(
        [_go(), action, "-v", *rest], cwd=folder, stderr=subprocess.PIPE, text=True, env=_environment()
    ) as process:
        last = list(_counted(name, process.stderr or ()))[-20:]
    if process.returncode:
        raise SystemExit(f"{name} could not be built:\n{''.join(last)}")
    _say(f"{name}: built")


def _counted(name: str, lines: Iterable[str]) -> Iterator[str]:
    """The lines, while their number is told."""
    for number, line in enumerate(lines, start=1):
        if sys.stdout.isatty() or number % 100 == 0:
            _say(f"{name}: {number} packages", end="\r" if sys.stdout.isatty() else "\n")
        yield line


def _etcd() -> None:
    """The one that is installed, or Debian's package, unpacked."""
    if found := shutil.which("etcd"):
        (BIN / "etcd").symlink_to(found)
        return
    fresh = KEPT / "etcd"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    _run(
        ["apt-get", "download", "--quiet", "etcd-server"],
        fresh,
        "etcd: install it (Debian: apt-get install etcd-server)",
    )
    [package] = fresh.glob("*.deb")
    _run(["dpkg-deb", "--extract", str(package), "."], fresh, "etcd: the package could not be unpacked")
    shutil.copy(fresh / "usr" / "bin" / "etcd", BIN / "etcd")
    _say("etcd: unpacked")


def _definitions() -> None:
    """What the operators define, from the release that is named."""
    DEFINITIONS.mkdir(exist_ok=True)
    for module, wanted in OPERATORS.items():
        if missing := [file for file in wanted if not (DEFINITIONS / Path(file).name).exists()]:
            folder = Path(_download(module)["Dir"])
            for file in missing:
                shutil.copyfile(folder / file, DEFINITIONS / Path(file).name)
            _say(f"{module}: {len(missing)} definitions")


def _schemas() -> None:
    """The schemas that the fast tests use too, with references from file to file, as kubeconform follows them."""
    fresh = KEPT / "schemas.new"
    fresh.mkdir(exist_ok=True)
    there = files(kubernetes_validate) / "kubernetes-json-schema" / f"{KUBERNETES.rpartition('.')[0]}.0-local-strict"
    for file in there.iterdir():
        schema = json.loads(file.read_text().replace('"/api/_definitions.json#', '"_definitions.json#'))
        schema.pop("$id", None)
        (fresh / file.name).write_text(json.dumps(schema))
    fresh.rename(SCHEMAS)


def _download(module: str) -> dict[str, str]:
    said = _run([_go(), "mod", "download", "-json", module], KEPT, f"{module} could not be fetched")
    found: dict[str, str] = json.loads(said)
    return found


def _run(command: list[str], folder: Path, fault: str) -> str:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=_environment())
    except FileNotFoundError as error:
        raise SystemExit(f"{fault}\n{error}") from None
    if done.returncode:
        raise SystemExit(f"{fault}\n{done.stdout}{done.stderr}")
    return done.stdout


def _go() -> str:
    found = shutil.which("go")
    if found is None:
        raise SystemExit("Go 1.26 or later is needed to build the API server: go was not found")
    return found


def _environment() -> dict[str, str]:
    return os.environ | {"GOBIN": str(BIN)}


def _say(text: str, end: str = "\n") -> None:
    print(text, end=end, flush=True)


if __name__ == "__main__":
    main()
