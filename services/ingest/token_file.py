"""What a file of tokens says, or the line and the key at fault; whatever it holds, reading it has an end."""

from collections.abc import Iterator, Mapping

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, Event, ScalarEvent

from services.ingest.domain.access import Access, AccessError, Token

LARGEST = 1 << 18
"""Bytes of the file."""
DEEPEST = 4
"""Sources, their tokens, what is said of each, and its types."""
MOST = 10_000
"""Tokens: a list may stand for several sources."""
_MERGE = "<<"


def parsed(content: bytes) -> Access:
    """The tokens of a file; raises AccessError with the line and the key at fault, and never a token."""
    try:
        return Access(_tokens(_table(content)))
    except AccessError:
        raise
    except Exception as error:  # noqa: BLE001 -- a file that nobody foresaw must not end the service
        raise AccessError(f"cannot be read ({type(error).__name__})") from None


def _table(content: bytes) -> object:
    if len(content) > LARGEST:
        raise AccessError(f"more than {LARGEST} bytes")
    try:
        text = content.decode()
        _check(text)
        return YAML(pure=True).load(text)
    except UnicodeDecodeError:
        raise AccessError("not UTF-8") from None
    except MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        raise AccessError(f"{line}{str(error.problem).partition(' with value')[0]}") from None


def _check(text: str) -> None:
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


def _tokens(table: object) -> Iterator[tuple[str, Token]]:
    if not isinstance(table, Mapping) or not table:
        raise AccessError("expected sources and their tokens")
    count = 0
    for source, given in table.items():
        line = table.lc.key(source)[0]  # type: ignore[attr-defined]  # where ruamel keeps the lines
        for token in _of_source(source, given, line):
            count += 1
            if count > MOST:
                raise AccessError(f"line {line + 1}: more than {MOST} tokens")
            yield str(source), token


def _of_source(source: object, given: object, line: int) -> Iterator[Token]:
    if not isinstance(source, str) or not source:
        raise AccessError(f"line {line + 1}: a source is text")
    if isinstance(given, str):
        yield _token({"sha256": given}, source, line)
    elif isinstance(given, list) and given:
        for i, one in enumerate(given):
            yield _token(one, f"{source}[{i}]", given.lc.item(i)[0])  # type: ignore[attr-defined]  # as above
    else:
        raise AccessError(f"line {line + 1}, {source}: expected the SHA-256 of a token, or a list of tokens")


def _token(given: object, key: str, line: int) -> Token:
    try:
        token = msgspec.convert(given, Token)
        Access([("", token)])
    except msgspec.ValidationError as error:
        problem, _, path = str(error).partition(" - at `$")
        raise AccessError(f"line {line + 1}, {key}{path.rstrip('`')}: {problem}") from None
    except AccessError as error:
        raise AccessError(f"line {line + 1}, {key}.{error}") from None
    return token
