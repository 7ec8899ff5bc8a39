"""The front door: README.md, CHANGELOG.md and docs/decisions say what is so."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer

from cli.main import app
from services.ingest.domain.acceptance import judge
from services.ingest.domain.outcome import Accepted, Incoming
from services.ingest.domain.pseudonym import pseudonyms
from tests.services import SERVICES, exposed, families, settings, standing

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md"), *DECISIONS]
PAGES += [*(ROOT / "services").glob("*/README.md"), ROOT / "benchmarks" / "peers" / "README.md"]
SECTIONS = ["Context", "Decision", "Consequences", "What enforces it"]
KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
"""The kinds of change that Keep a Changelog knows."""


def name(page: Path) -> str:
    """A page as test names show it."""
    return str(page.relative_to(ROOT))


def anchors(page: Path) -> set[str]:
    """The headings of a page, as links spell them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    """Every link to a file of the repository, and to a heading of a page, has its end."""
    for target, anchor in re.findall(r"\]\((?!https?:)([^)#]*)#?([^)]*)\)", page.read_text("utf-8")):
        end = (page.parent / target).resolve() if target else page
        assert end.exists(), target
        assert not anchor or anchor in anchors(end), f"{target}#{anchor}"


@pytest.mark.parametrize("page", [ROOT / "README.md", ROOT / "docs" / "architecture.md", *DECISIONS], ids=name)
def test_files_exist(page: Path) -> None:
    """Every path that is named is a path of the repository."""
    folders = "benchmarks|cli|deploy|docs|requirements|services|shared|tests"
    named = re.findall(rf"`((?:{folders})/[\w./-]*)`", page.read_text("utf-8"))
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_the_map_is_whole() -> None:
    """Every folder with code or documents is in the map."""
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}
    rows = "".join(re.findall(r"^\| .* \|.*$", README, re.MULTILINE))
    assert {folder for folder in folders if not re.search(rf"\b{folder}\b", rows)} == set()


def test_commands_exist() -> None:
    """Every make target and every command of stadga that is named is there."""
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert set(re.findall(r"\bmake (\w+) ", README)) <= set(targets)
    commands = set(typer.main.get_group(app).commands)
    assert set(re.findall(r"`stadga (\w+)", README)) <= commands


def test_the_example_is_an_event() -> None:
    """What the example posts is accepted."""
    [event] = re.findall(r"--data '(.+?)'", README, re.DOTALL)
    outcome = judge(
        Incoming(event.encode()), pseudonyms(b"a key for a test", "kommun"), lambda _: True, datetime.now(UTC)
    )
    assert isinstance(outcome, Accepted), outcome


@pytest.mark.parametrize("number", range(1, len(DECISIONS) + 1))
def test_decisions_are_of_one_form(number: int) -> None:
    """A decision has its number, its four sections, and its place in the list of documents."""
    page = DECISIONS[number - 1]
    title, *sections = re.findall(r"^##? (.+)$", page.read_text("utf-8"), re.MULTILINE)
    assert page.name.startswith(f"{number:04d}-")
    assert sections == SECTIONS
    listed = title.replace(f"{number}. ", f"{number}. [", 1) + f"](decisions/{page.name})"
    assert listed in (ROOT / "docs" / "README.md").read_text("utf-8")


@pytest.mark.parametrize("service", SERVICES)
def test_settings_of_a_service_are_told(service: str) -> None:
    """The page of a service names every variable it reads, and the defaults it names are so."""
    page, kind = (ROOT / "services" / service / "README.md").read_text("utf-8"), settings(service)
    chosen = kind()
    elsewhere = {"DATABASE_URL", "DATABASE_PASSWORD_FILE", "STADGA_TIME_ZONE", "STADGA_TODAY"}
    named = {field.upper() for field in kind.__struct_fields__} - elsewhere
    assert {variable for variable in named if f"`{variable}`" not in page} == set()
    for variable, default in re.findall(r"^\| `([A-Z_]+)` \| `(.+?)` \|", page, re.MULTILINE):
        held = getattr(chosen, variable.lower())
        assert type(held)(default) == held, variable


@pytest.mark.parametrize("service", SERVICES)
def test_series_of_a_service_exist(service: str) -> None:
    """Every series that the page of a service names in its table of series is registered."""
    page = (ROOT / "services" / service / "README.md").read_text("utf-8")
    known = {family.describe()[0].name for family in families(service)} | set(exposed(service)) | set(standing())
    named = {
        name for row in re.findall(r"^\| `stadga_.*", page, re.MULTILINE) for name in re.findall(r"stadga_\w+", row)
    }
    assert named
    assert named <= known


@pytest.mark.parametrize("part", ["run", "local", "dev", "peers"])
def test_dependencies_are_decided_on(part: str) -> None:
    """Every direct dependency is on the page that says why it was chosen."""
    wanted = re.findall(r"^([a-z][\w.-]+)", (ROOT / "requirements" / f"{part}.in").read_text(), re.MULTILINE)
    decided = (ROOT / "docs" / "decisions" / "0011-dependencies.md").read_text("utf-8").lower()
    assert [package for package in wanted if package not in decided and not package.startswith("types-")] == []


def test_the_changelog_keeps_its_form() -> None:
    """What is unreleased comes first; changes are sorted by the kinds that the form knows."""
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    versions = re.findall(r"^## \[(.+?)\]", text, re.MULTILINE)
    assert versions[0] == "Unreleased"
    assert set(re.findall(r"^### (.+)$", text, re.MULTILINE)) <= KINDS
