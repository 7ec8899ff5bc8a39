"""The release before this one, from git: its code, to be run beside ours by the Python and the packages of ours."""

import subprocess
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]


class Previous(NamedTuple):
    """Its tag, and the commit that is tagged."""

    tag: str
    commit: str


class Code(NamedTuple):
    """A release's code as it lies in a folder."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """By which Python takes this code, wherever it is started."""
        return {"PYTHONPATH": str(self.folder), "PYTHONSAFEPATH": "1"}


def previous() -> Previous:
    """As pyproject.toml names it."""
    return Previous(**tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["stadga"]["previous"])


def unpack(folder: Path) -> Code:
    """Its code, in a folder that is made.

    Files without that history, as of a release that was downloaded, have nothing to be tried beside: the test is
    skipped, as ``commit_of`` does.
    """
    commit = commit_of(previous())
    archive = folder.with_suffix(".tar")
    git("archive", f"--output={archive}", commit, "services", "shared", "cli", "deploy")
    folder.mkdir()
    subprocess.run(["tar", "-xf", archive, "-C", folder], check=True)
    archive.unlink()
    return Code(folder)


def commit_of(release: Previous) -> str:
    """The commit, fetched by itself into a clone that has not all of the history; skips the test if there is none."""
    if not has(release.commit):
        fetched = git("fetch", "--quiet", "--depth=1", "origin", release.commit, check=False)
        if not has(release.commit):
            pytest.skip(
                f"{release.tag} ({release.commit}) is not in these files' history, and cannot be fetched: "
                f"git fetch --unshallow\n{fetched.stderr}"
            )
    return release.commit


def has(commit: str) -> bool:
    """Whether the clone holds it."""
    return git("cat-file", "-e", f"{commit}^{{commit}}", check=False).returncode == 0


def file_of(path: str) -> str:
    """A file of the release."""
    return git("show", f"{commit_of(previous())}:{path}").stdout


def git(*arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Git on this clone, whoever owns it."""
    command = ["git", "-c", "safe.directory=*", "-C", str(ROOT), *arguments]
    return subprocess.run(command, check=check, capture_output=True, text=True)
