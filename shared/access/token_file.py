"""What a file of tokens says, or the line and the key at fault; whatever it holds, reading it has an end."""

import contextlib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import TypeVar

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, Event, ScalarEvent

from shared.access.rights import EVERYWHERE, SCOPES, WHOLE, Scope
from shared.access.tokens import AccessError, Keyring, Some, Token, is_digest
from shared.contracts.event_types import RETRACTED
from shared.contracts.events import TYPES
from shared.contracts.names import not_a_name
from shared.contracts.subjects import SUBJECT_KINDS
from shared.contracts.tenants import not_a_tenant

LARGEST = 1 << 18
"""Bytes of the file."""
DEEPEST = 4
"""Sources, their tokens, what is said of each, and its types; or "tokens", their names, what is said, and a list."""
NAMED = "tokens"
"""The key of the tokens that have names; every other one is a source."""
WHOSE = "tenant"
"""The key of the tenant at whose services the tokens hold."""
MOST = 10_000
"""Tokens: a list may stand for several sources."""
_MERGE = "<<"
_EVERY_TYPE = (*TYPES, RETRACTED)
Said = TypeVar("Said", bound=msgspec.Struct)


class Publishing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is said of a token under the source whose events it publishes."""

    sha256: str
    name: str = ""
    types: Some = ()
    subjects: Some = ()


class Named(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is said of a token under its name."""

    sha256: str
    scopes: Some
    units: Some = tuple(EVERYWHERE)
    sources: Some = ()
    types: Some = ()
    subjects: Some = ()


def parsed(content: bytes) -> Keyring:
    """The tokens of a file; raises AccessError with the line and the key at fault, and never a token."""
    try:
        table = _table(content)
        tenant = _tenant(table)
        return Keyring(_tokens(table), tenant)
    except AccessError:
        raise
    except Exception as error:  # noqa: BLE001 -- a file that nobody foresaw must not end the service
        raise AccessError(f"cannot be read ({type(error).__name__})") from None


def _table(content: bytes) -> object:
    if len(content) > LARGEST:
        raise AccessError(f"more than {LARGEST} bytes")
    try:
        text = content.decode()
        _check_yaml(text)
        return YAML(pure=True).load(text)
    except UnicodeDecodeError:
        raise AccessError("not UTF-8") from None
    except MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        raise AccessError(f"{line}{str(error.problem).partition(' with value')[0]}") from None


def _check_yaml(text: str) -> None:
    """Of YAML only what a table of tokens needs, before anything is made of it."""
    depth, anchors = 0, set[object]()
    for event in YAML(pure=True).parse(text):
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if fault := _fault(event, depth, anchors):
            raise AccessError(f"line {event.start_mark.line + 1}: {fault}")
        anchors.add(getattr(event, "anchor", None))


def _fault(event: Event, depth: int, anchors: set[object]) -> str | None:
    if depth > DEEPEST:
        return f"nested more than {DEEPEST} levels deep"
    if isinstance(event, AliasEvent):
        return None if event.anchor in anchors else "an alias (*) of nothing"
    if getattr(event, "tag", None) is not None:
        return "a tag (!) has no meaning here; a text that begins so needs quotes"
    if isinstance(event, ScalarEvent) and (event.value, event.style) == (_MERGE, None):
        return f"a merge key ({_MERGE}) has no meaning here"
    return None


def _tokens(table: object) -> Iterator[Token]:
    if not isinstance(table, Mapping) or not table:
        raise AccessError("expected sources and their tokens")
    count = 0
    for key, given in table.items():
        line = table.lc.key(key)[0]  # type: ignore[attr-defined]  # where ruamel keeps the lines
        named = key == NAMED and isinstance(given, Mapping)
        for token in _by_name(given) if named else _of_source(key, given, line):
            count += 1
            if count > MOST:
                raise AccessError(f"line {line + 1}: more than {MOST} tokens")
            yield token


def _tenant(table: object) -> str | None:
    """Whose the tokens are, where the file says so; a source may be called so too, and then has tokens."""
    if not isinstance(table, dict) or not isinstance(said := table.get(WHOSE), str) or is_digest(said):
        return None
    if fault := not_a_tenant(said):
        raise AccessError(f"line {table.lc.key(WHOSE)[0] + 1}, {WHOSE}: {fault}")  # type: ignore[attr-defined]  # as above
    del table[WHOSE]
    return said


def _by_name(given: Mapping[object, object]) -> Iterator[Token]:
    for name, said in given.items():
        line = given.lc.key(name)[0]  # type: ignore[attr-defined]  # as above
        key = f"{NAMED}.{name}"
        if not isinstance(name, str) or not name:
            raise AccessError(f"line {line + 1}, {NAMED}: a name is text")
        one = _converted(said, Named, key, line)
        with _at(key, line):
            scopes = _scopes(one)
            token = Token(one.sha256, name, scopes, one.units, "", one.types, one.subjects)
            _check(token)
            _check_units(one)
            yield from (msgspec.structs.replace(token, source=source) for source in one.sources or ("",))


def _scopes(one: Named) -> tuple[Scope, ...]:
    for scope in one.scopes:
        if scope not in SCOPES:
            near = get_close_matches(scope, SCOPES, 1)
            raise AccessError(f"scopes: unknown {scope}; {f'did you mean {near[0]}?' if near else ', '.join(SCOPES)}")
    if ("events:write" in one.scopes) != bool(one.sources):
        raise AccessError('sources: needed for the scope events:write, and for that alone; "*" is every source')
    if (one.types or one.subjects) and not one.sources:
        raise AccessError("types, subjects: of events:write alone")
    return tuple(scope for scope in SCOPES if scope in one.scopes)


def _check_units(one: Named) -> None:
    if frozenset(one.units) == EVERYWHERE:
        return
    for unit in one.units:
        if fault := not_a_name(unit):
            raise AccessError(f"units: {unit} {fault}: no unit is called that")
    if whole := sorted(WHOLE & frozenset(one.scopes)):
        raise AccessError(f"units: do not narrow {', '.join(whole)}, which needs a token of its own")


def _of_source(source: object, given: object, line: int) -> Iterator[Token]:
    if not isinstance(source, str) or not source:
        raise AccessError(f"line {line + 1}: a source is text")
    if isinstance(given, str):
        yield _publishing({"sha256": given}, source, source, line)
    elif isinstance(given, list) and given:
        for i, one in enumerate(given):
            yield _publishing(one, source, f"{source}[{i}]", given.lc.item(i)[0])  # type: ignore[attr-defined]  # as above
    else:
        raise AccessError(f"line {line + 1}, {source}: expected the SHA-256 of a token, or a list of tokens")


def _publishing(given: object, source: str, key: str, line: int) -> Token:
    one = _converted(given, Publishing, key, line)
    token = Token(one.sha256, one.name, source=source, types=one.types, subjects=one.subjects)
    with _at(key, line):
        _check(token)
    return token


def _check(token: Token) -> None:
    """What a table can be wrong about in one token; raises AccessError that begins with the key."""
    _ = token.digest
    for pattern in token.types:
        if not any(fnmatchcase(type_, pattern) for type_ in _EVERY_TYPE):
            raise AccessError(f"types: {pattern} is the pattern of no type of events")
    for kind in token.subjects:
        if kind not in SUBJECT_KINDS:
            raise AccessError(f"subjects: {kind} is none of {', '.join(SUBJECT_KINDS)}")


def _converted(given: object, kind: type[Said], key: str, line: int) -> Said:
    try:
        return msgspec.convert(given, kind)
    except msgspec.ValidationError as error:
        problem, _, path = str(error).partition(" - at `$")
        raise AccessError(f"line {line + 1}, {key}{path.rstrip('`')}: {problem}") from None


@contextlib.contextmanager
def _at(key: str, line: int) -> Iterator[None]:
    """Say where, of a fault within."""
    try:
        yield
    except AccessError as error:
        raise AccessError(f"line {line + 1}, {key}.{error}") from None
