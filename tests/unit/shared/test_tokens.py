"""The file of tokens: what it may say, and how it changes while the service runs."""

import os
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from litestar.exceptions import TooManyRequestsException
from prometheus_client import CollectorRegistry

from services.ingest.app import WITHOUT
from shared.access import token_file
from shared.access.needs import OPERATE
from shared.access.token_file import parsed
from shared.access.tokens import AccessError, caller, sha256
from shared.kit.access import attempts
from shared.kit.access.attempts import Attempts
from shared.kit.access.tokens import PART, Tokens
from shared.kit.clock import Clock
from shared.kit.health import Health
from shared.kit.settings import SettingsError

NOW = datetime(2026, 3, 1, tzinfo=UTC)
CLOCK = Clock(ZoneInfo("UTC"), read=lambda: NOW)
ONE, TWO = sha256("one"), sha256("two")


class Running:
    """The tokens of a service with a file of its own."""

    def __init__(self, file: Path | None) -> None:
        """Reads the file."""
        self.file = file or Path()
        self.registry = CollectorRegistry()
        self.health = Health(CLOCK, lesser=(PART,))
        self.tokens = Tokens(str(file or ""), WITHOUT, self.health, CLOCK, self.registry)

    async def finds(self, content: bytes | None) -> None:
        """Look at the file once it holds that, or is gone."""
        write(self.file, content)
        await self.tokens.look()

    def last_used(self, source: str, token: str) -> float | None:
        """What the gauge says."""
        name = "stadga_token_last_used_timestamp_seconds"
        return self.registry.get_sample_value(name, {"source": source, "token": token})

    def known(self, *tokens: str) -> list[bool]:
        """Which of some tokens are in force."""
        return [bool(self.tokens.held(token)) for token in tokens]


def write(file: Path, content: bytes | None) -> None:
    """A file of that content; None: no file."""
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content)


GOOD = f"hr: {ONE}\n".encode()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with one token."""
    file = tmp_path / "tokens.yaml"
    write(file, GOOD)
    return file


def test_without_a_file_the_local_token_publishes_for_all():
    """A trial needs no set-up."""
    assert Running(None).known("local", "one") == [True, False]


async def test_a_token_is_replaced_without_a_restart(file: Path):
    """The new one beside the old one, then alone."""
    running = Running(file)
    assert running.known("one", "two") == [True, False]
    await running.finds(f"hr:\n  - {{name: old, sha256: {ONE}}}\n  - {{name: new, sha256: {TWO}}}\n".encode())
    assert running.known("one", "two") == [True, True]
    await running.finds(f"hr: [{{name: new, sha256: {TWO}}}]".encode())
    assert running.known("one", "two") == [False, True]
    assert running.health.works(PART)


@pytest.mark.parametrize("content", [None, b"", b"hr: plain", b"hr: [", b"\xff", b"[]", b"x" * 2_000_000])
async def test_a_file_with_a_fault_changes_nothing(file: Path, content: bytes | None):
    """Half-written, emptied, taken away: what held before holds, and health says so while the service stays ready."""
    running = Running(file)
    await running.finds(content)
    assert running.known("one") == [True]
    part = running.health.report()[0]
    assert (part.condition, running.health.ready) == ("degraded", True)
    assert "the tokens it held before are in force" in str(part.problem)
    await running.finds(GOOD)
    assert running.health.works(PART)


async def test_a_pipe_is_not_waited_for(file: Path):
    """In place of the file, as is a device: what held before holds."""
    running = Running(file)
    os.mkfifo(file.with_name("pipe"))
    os.replace(file.with_name("pipe"), file)  # noqa: PTH105 -- of a path the library calls it blocking
    await running.tokens.look()
    assert running.known("one") == [True]
    assert "not a regular file" in str(running.health.report()[0].problem)


async def test_last_use_is_shown_until_the_token_is_gone(file: Path):
    """Absent before the first use, and absent again once the token no longer holds."""
    running = Running(file)
    assert running.last_used("hr", ONE[:8]) is None
    running.known("one")
    assert running.last_used("hr", ONE[:8]) == NOW.timestamp()
    await running.finds(f"hr: {TWO}\n".encode())
    assert running.last_used("hr", ONE[:8]) is None


def test_the_examples_of_the_documents_can_be_read():
    """Whoever copies them has a file that works."""
    root = Path(__file__).parents[3]
    for page in ("services/ingest/README.md", "docs/operations.md"):
        text = (root / page).read_text("utf-8")
        example = next(block for block in text.split("```yaml\n") if block.startswith("# tokens.y")).partition("```")[0]
        assert ("payroll", "2026") in parsed(example.encode()).keys


FAULTS = [
    (f"hr: {ONE}\nhr: {ONE}", "line 2: found duplicate key"),
    ("hr: plain", "line 1, hr.sha256: not the SHA-256 of a token"),
    (f"\nhr:\n  - {{sha256: {ONE}, typs: []}}", "line 3, hr[0]: Object contains unknown field `typs`"),
    (f"hr:\n- {{sha256: {ONE}}}\n- {{name: new}}", "line 3, hr[1]: Object missing required field `sha256`"),
    (f"hr: [{{sha256: {ONE}, types: [hr.absense.*]}}]", "line 1, hr[0].types: hr.absense.* is the pattern of no type"),
    (f"hr: [{{sha256: {ONE}, subjects: [persons]}}]", "line 1, hr[0].subjects: persons is none of"),
    (f"hr: [{{sha256: {ONE}, types: hr.absence}}]", "line 1, hr[0].types: Expected `array`, got `str`"),
    (f"a: {ONE}\nhr: 3", "line 2, hr: expected the SHA-256 of a token, or a list of tokens"),
    (f"hr: [{{sha256: {ONE}, name: a}}, {{sha256: {TWO}, name: a}}]", "hr: more than one token is called a"),
    (f"1: {ONE}", "line 1: a source is text"),
    ("- hr", "expected sources and their tokens"),
    ("", "expected sources and their tokens"),
    ("hr: [", "line 1: "),
    ("[" * 1000, "line 1: nested more than 4 levels deep"),
    ("hr:\n" + "".join(" " * i + "a:\n" for i in range(1, 400)), "line 5: nested more than 4 levels deep"),
    (f"hr: {ONE}\n<<: {{x: {TWO}}}", "line 2: a merge key (<<) has no meaning here"),
    (f"hr:\n- <<: {{sha256: {ONE}}}", "line 2: a merge key (<<)"),
    (f"hr: !x\n- sha256: {ONE}", "line 1: a tag (!) has no meaning here"),
    (f"!!omap\n- hr: {ONE}", "line 1: a tag (!)"),
    ("a: !!python/object/apply:os.system ['id']", "line 1: a tag (!)"),
    ("hr: *s", "line 1: an alias (*) of nothing"),
    ("hr: &a [*a]", "line 1, hr[0]: Expected `object`, got `null`"),
    ("a: 0001-01-01T99:99:99", "cannot be read (ValueError)"),
    (f"hr: [{{sha256: {ONE}, types: []}}]", "line 1, hr[0].types: Expected `array` of length >= 1"),
    (f"hr: [{{sha256: {ONE}, subjects: []}}]", "line 1, hr[0].subjects: Expected `array` of length >= 1"),
]


@pytest.mark.parametrize(("text", "said"), FAULTS)
def test_a_fault_is_told_by_line_and_key(text: str, said: str):
    """Whoever wrote it finds it."""
    with pytest.raises(AccessError) as error:
        parsed(text.encode())
    assert said in str(error.value)


async def test_a_file_that_nobody_foresaw_changes_nothing(file: Path, monkeypatch: pytest.MonkeyPatch):
    """Whatever its reading raises."""
    running = Running(file)
    monkeypatch.setattr(token_file, "_table", lambda _: {}["s3cret"])
    await running.finds(GOOD + b"#")
    assert running.known("one") == [True]
    assert "cannot be read (KeyError); the tokens it held before" in str(running.health.report()[0].problem)


def test_tokens_are_so_many(monkeypatch: pytest.MonkeyPatch):
    """A short file may repeat a long list for many sources."""
    monkeypatch.setattr(token_file, "MOST", 2)
    with pytest.raises(AccessError, match="line 3: more than 2 tokens"):
        parsed(f"a: &a [{{sha256: {ONE}}}]\nb: *a\nc: *a".encode())


def test_an_anchor_may_stand_for_several_sources():
    """One token of two systems."""
    assert parsed(f"a: &a [{{sha256: {ONE}, name: x}}]\nb: *a".encode()).keys == {("a", "x"), ("b", "x")}


PLAIN = [
    "hr: *s3cret",
    "hr: !s3cret",
    "hr: !s3cret x",
    "hr: s3cret: x",
    "hr: [s3cret",
    'hr: "s3cret',
    "hr: s3cret",
    "hr: [s3cret]",
    "s3cret",
    "hr: s3cret\nhr: s3cret",
]


@pytest.mark.parametrize("text", PLAIN)
def test_a_token_in_plain_text_is_not_shown(text: str):
    """It may be in use already."""
    with pytest.raises(AccessError) as error:
        parsed(text.encode())
    assert "s3cret" not in str(error.value)


def test_a_wrong_file_keeps_the_service_from_starting(tmp_path: Path):
    """The message names the setting, the file and the fault."""
    with pytest.raises(SettingsError, match=r"STADGA_TOKENS_FILE='.*nowhere.yaml': .*No such file"):
        Running(tmp_path / "nowhere.yaml")


NAMED = f"""
tokens:
  numbers: {{sha256: {ONE}, scopes: [metrics:read], units: [a, b]}}
  payroll: {{sha256: {TWO}, scopes: [events:write, alerts:read], sources: [pay, time], types: [hr.absence.*]}}
hr: {sha256("three")}
"""


def test_a_token_with_a_name_has_scopes_and_units():
    """Beside the tokens of sources, in one file; units narrow what they are of, sources are of publishing."""
    ring = parsed(NAMED.encode())
    numbers, payroll = caller(ring.held("one")), caller(ring.held("two"))
    assert (numbers.name, numbers.rights) == ("numbers", {"metrics:read": {"a", "b"}})
    assert payroll.rights == {"events:write": {"*"}, "alerts:read": {"*"}}
    assert [token.source for token in ring.held("two")] == ["pay", "time"]
    assert caller(ring.held("three")).rights == {"events:write": {"*"}}
    assert not numbers.may(OPERATE)
    assert ring.keys == {("", "numbers"), ("pay", "payroll"), ("time", "payroll"), ("hr", sha256("three")[:8])}


def test_a_source_may_be_called_tokens():
    """As a file of before has it."""
    assert parsed(f"tokens: {ONE}".encode()).held("one")[0].source == "tokens"
    assert parsed(f"tokens: [{{sha256: {ONE}}}]".encode()).held("one")[0].source == "tokens"


NAMED_FAULTS = [
    (f"{{sha256: {ONE}}}", "line 2, tokens.x: Object missing required field `scopes`"),
    (f"{{sha256: {ONE}, scopes: [metrics:raed]}}", "tokens.x.scopes: unknown metrics:raed; did you mean metrics:read?"),
    (f"{{sha256: {ONE}, scopes: [events:write]}}", "tokens.x.sources: needed for the scope events:write"),
    (
        f"{{sha256: {ONE}, scopes: [operate], sources: [hr]}}",
        "sources: needed for the scope events:write, and",
    ),
    (f"{{sha256: {ONE}, scopes: [operate], types: [hr.absence.*]}}", "tokens.x.types, subjects: of events:write alone"),
    (f"{{sha256: {ONE}, scopes: [operate, metrics:read], units: [a]}}", "tokens.x.units: do not narrow operate"),
    (f"{{sha256: {ONE}, scopes: [metrics:read], units: ['a|b']}}", "tokens.x.units: a|b holds the reserved character"),
    (f"{{sha256: {ONE}, scopes: [metrics:read], units: []}}", "tokens.x.units: Expected `array` of length >= 1"),
    (f"{{sha256: {ONE}, scopes: []}}", "tokens.x.scopes: Expected `array` of length >= 1"),
    ("{sha256: plain, scopes: [operate]}", "tokens.x.sha256: not the SHA-256 of a token"),
    ("operate", "tokens.x: Expected `object`, got `str`"),
]


@pytest.mark.parametrize(("given", "said"), NAMED_FAULTS)
def test_a_fault_of_a_named_token_is_told(given: str, said: str):
    """By line and key, and never with a token."""
    with pytest.raises(AccessError) as error:
        parsed(f"tokens:\n  x: {given}".encode())
    assert said in str(error.value)
    assert "plain" not in str(error.value)


def test_who_fails_from_many_addresses_takes_no_memory(monkeypatch: pytest.MonkeyPatch):
    """The quietest is forgotten; one address is answered 429 in the end, and others are not."""
    monkeypatch.setattr(attempts, "ADDRESSES", 3)
    found = Attempts()
    for n in range(1_000):
        found.failed(f"10.0.0.{n}", "a guess")
    assert len(found._failed) == 3
    for _ in range(attempts.MOST):
        found.failed("10.0.0.1", "a guess")
    with pytest.raises(TooManyRequestsException) as refused:
        found.failed("10.0.0.1", "a guess")
    assert 1 <= int((refused.value.headers or {})["Retry-After"]) <= 60
    found.failed("10.0.0.2", "a guess")
