"""Why an event is refused: a reason for machines, a JSON path, a sentence for people.

Neither path nor sentence repeats anything the sender wrote: it may be a person's number, and refusals are shown,
logged and counted.
"""

import re

import msgspec

from shared.contracts.rejections import Reason

LONGEST = 500
"""Characters of a path or message."""
_AT = " - at `$"
_WORD = "Invalid enum value"
_MISSING = re.compile(r"Object missing required field `(.+)`")


class RefusalError(Exception):
    """The event cannot be accepted; ``path`` is the JSON path of the field at fault."""

    def __init__(self, reason: Reason, path: str, message: str) -> None:
        """Message first, so that it prints well."""
        super().__init__(message)
        self.reason: Reason = reason
        self.path = path[:LONGEST]
        self.message = message[:LONGEST]


def explained(error: Exception, base: str = "$") -> RefusalError:
    """What a decoding error means to the sender; ``base`` is the path of what was being decoded."""
    if isinstance(error, msgspec.ValidationError):
        return _invalid(str(error), base)
    if isinstance(error, UnicodeDecodeError):
        return RefusalError("not_utf8", base, f"not UTF-8: byte 0x{error.object[error.start]:02x} cannot stand there")
    if isinstance(error, RecursionError):
        return RefusalError("too_deep", base, "nested too deeply")
    return RefusalError("not_json", base, str(error))


def _invalid(error: str, base: str) -> RefusalError:
    problem, _, rest = error.partition(_AT)
    path = base + rest.rstrip("`")
    missing = _MISSING.fullmatch(problem)
    if missing:
        return RefusalError("missing_field", f"{path}.{missing[1]}", f"{missing[1]} is missing")
    if problem.startswith(_WORD):
        return RefusalError("invalid_value", path, "not one of the words that this field may hold")
    return RefusalError("wrong_type" if ", got `" in problem else "invalid_value", path, problem)
