"""SQL stands in one place of a service: who looks for what a table is asked need look nowhere else."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import sql

ROOT = Path(__file__).parents[3] / "services"
STATED = {"alerts": "repository", "metrics": "ledger"}
"""Where the statements of a service stand; ingest has no database."""


def elsewhere(service: str) -> Iterator[tuple[str, ast.Module]]:
    """The code of a service outside the place of its SQL, by path."""
    place = STATED.get(service)
    for path in sorted((ROOT / service).rglob("*.py")):
        if place is None or ROOT / service / place not in path.parents:
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text("utf-8"))


@pytest.mark.parametrize("service", ["ingest", "metrics", "alerts"])
def test_sql_stands_in_its_place_alone(service: str) -> None:
    """Not even a short statement stands where it is used."""
    assert {path: found for path, tree in elsewhere(service) if (found := sql.statements(tree))} == {}


@pytest.mark.parametrize("service", ["ingest", "alerts"])
def test_the_driver_is_asked_there_alone(service: str) -> None:
    """So no statement that is put together of pieces gets to the database from elsewhere either."""
    assert {path: found for path, tree in elsewhere(service) if (found := sql.asked(tree))} == {}


@pytest.mark.parametrize(("service", "place"), STATED.items())
def test_the_place_has_it(service: str, place: str) -> None:
    """A look that finds nothing here would find nothing anywhere."""
    found = [sql.statements(ast.parse(path.read_text("utf-8"))) for path in (ROOT / service / place).rglob("*.py")]
    assert sum(map(len, found)) > 40


@pytest.mark.parametrize(
    "code",
    [
        "await connection.fetch('select unit from units')",
        "ASK = 'SELECT 1'",
        'ASK = """\n-- of today\nselect 1"""',
        "ASK = '/* of today */ (select 1) union (select 2)'",
        "ASK = f'select {column} from units'",
        "ASK = 'select ' + column",
        "ASK = b'select 1'.decode()",
        "ASK = f'{columns}' 'x', 'insert into due values ($1)'",
        "def ask(text='update outbox mail set state = $1'): ...",
        "ASK = {'drop': 'delete from due'}",
        "ASK = ' with sent as (select 1) update outbox set due = $1'",
        "ASK = 'with recursive above (unit) as (select 1) table above'",
        "ASK = 'listen steps'",
        "ASK = 'notify steps'",
        "ASK = 'set local enable_seqscan = off'",
        "ASK = 'lock table due'",
        "ASK = 'copy due (plan) from stdin'",
        "ASK = 'truncate due'",
    ],
)
def test_a_statement_is_found(code: str) -> None:
    """However it is written, and wherever in the code."""
    assert sql.statements(ast.parse(code))


@pytest.mark.parametrize(
    "code",
    [
        "'select what is due'",
        "def ask():\n    '''Update outbox mails set aside.'''",
        "ASK = 'update'",
        "ASK = 'selected', 'with all that is due', 'notify', 'listen', 'insert', 'table', 'set-aside'",
    ],
)
def test_plain_words_are_none(code: str) -> None:
    """Docstrings, and words that SQL has too."""
    assert sql.statements(ast.parse(code)) == []


@pytest.mark.parametrize(
    "code", ["connection.fetchval(ASK)", "ask = pool.execute", "connection.cursor('sel' 'ect')", "pool.copy_to_table()"]
)
def test_an_asking_is_found(code: str) -> None:
    """Whatever the statement is made of."""
    assert sql.asked(ast.parse(code))
