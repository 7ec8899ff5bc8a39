"""The running alerts service, asked and ordered over HTTP."""

from collections.abc import Mapping

import msgspec

from cli.connect.service import Answer, at
from shared.contracts.evaluations import Evaluation


class Adopted(msgspec.Struct):
    """The version of a plan that runs."""

    plan: str
    version: int


class Evaluations(msgspec.Struct):
    """The answer by each metric of a measure."""

    evaluations: list[Evaluation]


class Mail(msgspec.Struct):
    """A mail and what became of it."""

    id: str
    state: str
    reason: str
    recipient: str
    plan: str | None
    unit: str | None
    attempts: int
    last_error: str | None
    created: str


class Mails(msgspec.Struct):
    """Mails in one state."""

    mails: list[Mail]


class RetriedMails(msgspec.Struct):
    """How many mails wait to be sent again."""

    mails: int


class StoppedRecipient(msgspec.Struct):
    """A recipient that nothing is sent to, since when, and what the mail server said."""

    recipient: str
    plan: str | None
    since: str
    why: str


class StoppedRecipients(msgspec.Struct):
    """All of them."""

    recipients: list[StoppedRecipient]


class Resumed(msgspec.Struct):
    """How many addresses are sent to again."""

    addresses: int


def ask(path: str, question: Mapping[str, str], kind: type[Answer], url: str | None) -> Answer:
    """One GET; raises AskingError."""
    return at("alerts", url).call(lambda http: http.get(path, params=question), kind)


def order(path: str, body: object, kind: type[Answer], url: str | None) -> Answer:
    """One POST of JSON; raises AskingError."""
    return at("alerts", url).post(path, body, kind)
