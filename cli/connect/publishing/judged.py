"""Whether ingest would take an event: asked of its own rules, before anything is sent.

Whose token it is sent with is not known here, and so neither what that token may publish.
"""

from datetime import UTC, datetime

from cli.connect.publishing.line import Line, LineFault
from services.ingest.domain.acceptance import from_anyone, judge
from services.ingest.domain.outcome import Incoming, Refused
from services.ingest.domain.pseudonym import LENGTH, PREFIX

_ANYBODY = PREFIX + "a" * LENGTH


def refusal(body: bytes) -> Refused | None:
    """Why ingest would refuse an event, or None."""
    outcome = judge(Incoming(body), lambda _ref, _year: _ANYBODY, from_anyone, datetime.now(UTC), None)
    return outcome if isinstance(outcome, Refused) else None


def judged(line: Line) -> Line | LineFault:
    """The line, or the fault that ingest would find with it."""
    refused = refusal(line.body)
    return LineFault(line.place, refused.reason, refused.path, refused.message) if refused else line
