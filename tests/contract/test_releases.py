"""A release stands beside the one before it: what its migrations may do, and what is written down of both."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from services.metrics.domain.facts.rules import RULES
from shared.contracts.release import SCHEMAS, VERSION
from tests.deployment import ROOT
from tests.expanding import VERSIONS, load, not_added, statements
from tests.previous import commit_of, file_of, git, previous
from tests.services import SERVICES

CHANGES = (ROOT / "CHANGELOG.md").read_text("utf-8")


def number(name: str) -> int:
    """Of a migration."""
    return int(name.rpartition("_")[2])


def before() -> set[str]:
    """The migrations of the release before."""
    listed = git("ls-tree", "--name-only", commit_of(previous()), "deploy/migrations/versions/").stdout
    return {Path(line).stem for line in listed.splitlines() if line.endswith(".py")}


def test_a_release_needs_its_last_migration() -> None:
    """shared/contracts/release.py names the last one of each schema."""
    last = {schema: max(number(file.stem) for file in VERSIONS.glob(f"{schema}_*.py")) for schema in SCHEMAS}
    assert last == SCHEMAS


def test_migrations_add() -> None:
    """Whatever does more says in ``NEIGHBOURS`` why the release before, which runs meanwhile, still works."""
    new, told = set[str](), list[str]()
    for file in sorted(VERSIONS.glob("*.py"), key=lambda file: file.stem):
        if file.stem in before():
            continue
        module = load(file)
        done = statements(module)
        if not vars(module).get("NEIGHBOURS"):
            told += [f"{file.stem}: {statement}" for statement in not_added(done, new)]
        new |= {found[1] for one in done if (found := re.match(r"create (?:unlogged )?table ([\w.]+)", one))}
    assert told == []


@pytest.mark.parametrize(
    "statement",
    [
        "alter table metrics.facts drop column delta",
        "alter table metrics.facts add column source text not null",
        "alter table metrics.facts add column source text, drop column delta",
        "alter table metrics.facts rename to facts_1",
        "alter table metrics.facts add constraint short check (day > 0)",
        "alter table metrics.facts alter column delta type integer",
        "create unique index facts_once on metrics.facts (batch, cell, measure, day)",
        "drop table metrics.facts",
        "update metrics.rules set rules = 0",
    ],
)
def test_what_takes_away_is_seen(statement: str) -> None:
    """Each of these breaks the release before, or may."""
    assert list(not_added([statement])) == [statement]


@pytest.mark.parametrize(
    "statement",
    [
        "create table metrics.more (one boolean primary key, name text not null)",
        "alter table metrics.facts add column source text, add column kind numeric(1, 2) not null default 0",
        "alter table metrics.facts alter column delta set storage plain",
        "create index facts_day on metrics.facts (day)",
    ],
)
def test_what_adds_is_let_through(statement: str) -> None:
    """The release before does not see it."""
    assert list(not_added([statement])) == []


def test_what_is_new_may_be_changed() -> None:
    """A table that the release before does not know."""
    assert list(not_added(["create table metrics.more (n integer)", "insert into metrics.more values (1)"])) == []


def test_the_release_before_is_another() -> None:
    """Its tag, where the clone has tags, is on its commit; its changes have a section; its version is less."""
    release = previous()
    tagged = git("rev-parse", "--quiet", "--verify", f"{release.tag}^{{commit}}", check=False).stdout.strip()
    assert tagged in {"", release.commit}
    assert f"## [{release.tag.removeprefix('v')}]" in CHANGES
    parts = [tuple(map(int, version.split("."))) for version in (release.tag.removeprefix("v"), VERSION)]
    assert parts[0] < parts[1]


MEANT_FOR_PEOPLE = {"Rejection"}
"""No service reads these: words may be added to them."""


def test_messages_are_read_by_both() -> None:
    """Each release sends what the other needs, of the same kind; what is more in one of them may be missing."""
    old, new = (json.loads(text)["components"]["schemas"] for text in both("docs/asyncapi.json"))
    assert old.keys() <= new.keys()
    for name, before_ in old.items():
        now = new[name]
        assert before_.get("required") == now.get("required"), name
        for field, kind in before_.get("properties", {}).items():
            same = plain(kind) == plain(now["properties"][field])
            assert same or (name in MEANT_FOR_PEOPLE and set(kind["enum"]) <= set(now["properties"][field]["enum"]))
        for field in now.get("properties", {}).keys() - before_.get("properties", {}).keys():
            assert field not in now.get("required", ()), f"{name}.{field}"


@pytest.mark.parametrize("service", SERVICES)
def test_routes_are_added(service: str) -> None:
    """Whatever could be asked of the release before can be asked, with no more than was needed then."""
    old, new = (json.loads(text)["paths"] for text in both(f"docs/openapi/{service}.json"))
    for path, operations in old.items():
        for method, operation in operations.items():
            assert needed(new[path][method]) <= needed(operation), f"{method} {path}"


def both(path: str) -> tuple[str, str]:
    """A file of the release before, and ours."""
    return file_of(path), (ROOT / path).read_text("utf-8")


def plain(kind: dict[str, Any]) -> dict[str, Any]:
    """What values there may be, without what is told of them."""
    return {name: said for name, said in kind.items() if name not in {"description", "examples", "title"}}


def needed(operation: dict[str, Any]) -> set[str]:
    """The parameters that have to be given."""
    return {one["name"] for one in operation.get("parameters", []) if one.get("required")}


def test_other_rules_are_told_of() -> None:
    """A release that counts by other rules than the one before keeps that one's metrics out: who upgrades is told."""
    found = re.search(r"^RULES = (\d+)$", file_of("services/metrics/domain/facts/rules.py"), re.MULTILINE)
    assert found
    unreleased = CHANGES.split("## [")[1]
    assert (int(found[1]) != RULES) == ("counts by other rules" in unreleased)
