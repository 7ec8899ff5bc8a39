"""What a fault must say in every language that people are written to in."""

import re
from collections.abc import Iterable

from shared.written.faults import Fault

_QUOTED = re.compile(r'"[^"]*"')
_NUMBER = re.compile(r"\d+(?:[., ]\d+)*")


def assert_in_both(faults: Iterable[Fault]):
    """A sentence of its own in Swedish, at the same place, of the same names and numbers, with what was meant."""
    for fault in faults:
        sv, en = fault.sentence
        assert sv not in {"", en}
        assert fault.said("sv") == f"{fault.line}:{fault.column}: {sv}"
        assert set(_QUOTED.findall(en)) <= set(_QUOTED.findall(sv)), (sv, en)
        assert sorted(_NUMBER.findall(en.replace(",", " "))) == sorted(_NUMBER.findall(sv.replace(",", " "))), (sv, en)
        assert ("did you mean" in en) == ("menade du" in sv)
