"""``access.yaml``: what it gives whom, and its faults by line and column."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from shared.access.needs import HANDLE, OPERATE, READ_ALERTS
from shared.access.policy_file import PolicyRefused, read
from shared.access.rights import Caller
from tests.unit.said import assert_in_both

ROOT = Path(__file__).parents[3]
HEADS = """
groups:
  heads-of-a: {roles: [handler], units: [a]}
  readers: {roles: [reader], units: all}
  admins: {roles: [admin]}
  both: {roles: [planner, auditor], units: all}
"""


def caller(*groups: str) -> Caller:
    """Somebody who is in these groups."""
    return Caller("Anna", "anna", read(HEADS.encode()).rights(groups), "session")


def test_a_role_reaches_as_far_as_the_groups_that_give_it():
    """Reading everything does not let a head act everywhere."""
    head = caller("heads-of-a", "readers", "a group of the provider that means nothing here")
    assert head.sight(HANDLE).units == {"a"}
    assert head.sight(READ_ALERTS).everything
    assert not head.may(OPERATE)


def test_who_acts_sees_what_about():
    """A handler reads the own units, and no others."""
    assert caller("heads-of-a").sight(READ_ALERTS).units == {"a"}
    assert not caller("heads-of-a").sight(READ_ALERTS).sees(("b", "*"))
    assert caller("heads-of-a").sight(READ_ALERTS).sees(("a-1", "a", "*"))


def test_who_operates_reads_nothing_else():
    """Nor does somebody in no group that is named."""
    assert not caller("admins").may(READ_ALERTS)
    assert caller("admins").may(OPERATE)
    assert caller().rights == {}


FAULTS = [
    (b"", "1:1: the file is empty"),
    (b"groups: {}", '1:9: "groups" is empty: nobody may anything'),
    (b"groups: [a]", '1:9: "groups" must be a mapping'),
    (b"claim: groups", '1:1: the file needs "groups"'),
    (b"groups:\n  a: {roles: [handlr], units: all}", '2:15: unknown role "handlr"; did you mean "handler"?'),
    (b"groups:\n  a: {roles: [], units: all}", '2:14: group "a" has no role'),
    (b"groups:\n  a: {roles: [reader]}", '2:6: group "a" needs "units"'),
    (b"groups:\n  a: {roles: [reader], units: []}", '2:31: "units" is a list without units'),
    (b"groups:\n  a: {roles: [reader], units: ['*']}", '2:32: "*" is no unit; write units: all'),
    (b"groups:\n  a: {roles: [reader], units: ['x|y']}", '2:32: unit "x|y" holds the reserved character |'),
    (b"groups:\n  a: {roles: [reader, admin], units: [b]}", '2:38: "units" do not narrow admin'),
    (b"groups:\n  a: {roles: [reader], unit: [b]}", '2:24: unknown key "unit"'),
    (b"groups:\n  a: {roles: [admin]}\n  a: {roles: [auditor]}", '3:3: "a" is given twice'),
    (b"groups:\n  \xe5: {}", "2:3: byte e5 is not UTF-8"),
    (b"groups: " + b"[" * 3_000, "nested more than 20 levels deep"),
    (b"a: &a [x]\ngroups: *b", "not YAML"),
]


@pytest.mark.parametrize(("content", "said"), FAULTS)
def test_a_fault_is_told_by_line_and_column(content: bytes, said: str):
    """Whoever wrote it finds it; nothing is granted meanwhile."""
    with pytest.raises(PolicyRefused) as refused:
        read(content)
    assert any(said in str(fault) for fault in refused.value.faults), refused.value.faults
    assert_in_both(refused.value.faults)


def test_the_command_tells_every_fault_or_the_groups(tmp_path: Path):
    """As an editor finds them; the example that ships has none."""
    file = tmp_path / "access.yaml"
    file.write_bytes(b"groups:\n  a: {roles: [handlr], unit: [b]}\n")
    for language, role, key, groups in (
        ("sv", 'det finns ingen roll "handlr"', "okänd nyckel", "grupper: "),
        ("en", 'unknown role "handlr"', "unknown key", "groups: "),
    ):
        found = CliRunner().invoke(app, ["access", "check", str(file), "--language", language])
        assert found.exit_code == 1
        assert f"{file}:2:15: {role}" in found.output
        assert f"{file}:2:24: {key}" in found.output
        shipped = CliRunner().invoke(
            app, ["access", "check", str(ROOT / "deploy" / "access.yaml"), "--language", language]
        )
        assert (shipped.exit_code, "ifo-bou" in shipped.output, groups in shipped.output) == (0, True, True)
    assert CliRunner().invoke(app, ["access", "check", str(tmp_path / "none.yaml")]).exit_code == 2
