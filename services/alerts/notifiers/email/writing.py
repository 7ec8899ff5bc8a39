"""Rows of the outbox made into a letter; of those that cannot be, why not."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, ParamSpec, TypeVar

import msgspec

from services.alerts.domain.alert.occasion import MailReason, Occasion
from services.alerts.domain.bounce.notice import STOPPED, StoppedNotice
from services.alerts.domain.letter.bundle import bundled
from services.alerts.domain.letter.delivery import Failure
from services.alerts.domain.letter.entries import Notice, Surroundings
from services.alerts.domain.letter.message import message
from services.alerts.domain.letter.opening import Opening
from services.alerts.domain.letter.summary import Summary
from services.alerts.domain.neglect.notice import NEGLECTED, NeglectLetter
from services.alerts.domain.source.notice import SOURCE_REASONS, SourceNotice
from services.alerts.domain.weekly.weekly import DIGEST, Weekly
from services.alerts.notifiers.email.holding import SUMMARY
from services.alerts.notifiers.email.letter import (
    Letter,
    LetterRecipient,
    Sender,
    digest,
    first_letter,
    letter,
    neglect_letter,
    several,
    source_letter,
    stopped_letter,
    weekly_letter,
)
from services.alerts.notifiers.email.watching import OPENING
from services.alerts.repository.outbox import Waiting
from shared.language.language import Language

P = ParamSpec("P")
T = TypeVar("T")


class Written(NamedTuple):
    """A letter, if any, with the mails it tells of; and the mails that no letter can be made of."""

    letter: Letter | None
    mails: Sequence[Waiting]
    faults: Sequence[tuple[Waiting, Failure]]


def written(mails: Sequence[Waiting], around: Surroundings | None, origin: Sender) -> Written:
    """The letter of one mail, or of several, which were put together as things stood ``around`` them."""
    if around is None:
        made = _tried(_alone, mails[0], origin)
        return _failed(mails, made) if isinstance(made, Failure) else Written(made, mails, ())
    read = [(mail, _tried(_notice, mail)) for mail in mails]
    faults = [(mail, found) for mail, found in read if isinstance(found, Failure)]
    notices = [(mail, found) for mail, found in read if not isinstance(found, Failure)]
    if not notices:
        return Written(None, (), faults)
    told = [mail for mail, _ in notices]
    made = _tried(_several, told, [notice for _, notice in notices], around, origin)
    if isinstance(made, Failure):
        return _failed(mails, made)
    return Written(made, told, faults)


def _failed(mails: Sequence[Waiting], failure: Failure) -> Written:
    return Written(None, (), [(mail, failure) for mail in mails])


def _tried(make: Callable[P, T], *given: P.args, **named: P.kwargs) -> T | Failure:
    try:
        return make(*given, **named)
    except Exception as error:  # noqa: BLE001 - whatever a row holds, the mails behind it must go out
        return Failure("invalid", f"{type(error).__name__}: {error}")


def _alone(mail: Waiting, origin: Sender) -> Letter:
    if write := _OTHERS.get(mail.reason):
        return write(mail, origin)
    occasion = msgspec.json.decode(mail.occasion, type=Occasion)
    return letter(occasion, _recipient(mail), msgspec.convert(mail.first, MailReason), origin, mail.root)


def _of(kind: type[T], write: Callable[[T, LetterRecipient, Sender], Letter]) -> Callable[[Waiting, Sender], Letter]:
    """How rows are written whose JSON is of a ``kind``."""
    return lambda mail, origin: write(msgspec.json.decode(mail.occasion, type=kind), _recipient(mail), origin)


_OTHERS: Mapping[str, Callable[[Waiting, Sender], Letter]] = {
    SUMMARY: _of(Summary, digest),
    OPENING: _of(Opening, first_letter),
    NEGLECTED: _of(NeglectLetter, neglect_letter),
    STOPPED: _of(StoppedNotice, stopped_letter),
    DIGEST: _of(Weekly, weekly_letter),
    **dict.fromkeys(SOURCE_REASONS, _of(SourceNotice, source_letter)),
}
"""By reason: the mails that are about no single alert."""


def _notice(mail: Waiting) -> Notice:
    about = msgspec.json.decode(mail.occasion, type=Occasion)
    return Notice(about, message(about, mail.recipient, _recipient(mail).language))


def _several(mails: Sequence[Waiting], notices: Sequence[Notice], around: Surroundings, origin: Sender) -> Letter:
    to = _recipient(mails[0])
    said = bundled(notices, around, {mail.recipient for mail in mails}, to.language)
    earlier = [mail.root for mail in mails if mail.root]
    return several(said, mails[0].bundle or "", [notice.about for notice in notices], to, origin, earlier)


def _recipient(mail: Waiting) -> LetterRecipient:
    return LetterRecipient(mail.recipient, mail.address, msgspec.convert(mail.language, Language))
