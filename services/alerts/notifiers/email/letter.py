"""The mail as bytes, finished before any connection opens: the same occasion gives the same bytes, always."""

from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from hashlib import sha256
from zoneinfo import ZoneInfo

import msgspec

from services.alerts.domain.alert.occasion import MailReason, Occasion
from services.alerts.domain.bounce.notice import STOPPED, StoppedNotice
from services.alerts.domain.letter.bundle import Bundle
from services.alerts.domain.letter.message import Message, message
from services.alerts.domain.letter.neglect import neglect_message
from services.alerts.domain.letter.opening import Opening, opened
from services.alerts.domain.letter.source import source_message
from services.alerts.domain.letter.stopped import stopped_message
from services.alerts.domain.letter.summary import Summary, summarised
from services.alerts.domain.letter.weekly import weekly_bundle
from services.alerts.domain.neglect.notice import NEGLECTED, NeglectLetter
from services.alerts.domain.source.notice import SourceNotice
from services.alerts.domain.weekly.weekly import DIGEST, Weekly
from services.alerts.notifiers.email.encoded import header
from services.alerts.notifiers.email.layout import as_html, as_text
from shared.contracts.tenants import ALONE, Tenant
from shared.kit.settings import SettingsError
from shared.language.language import Language
from shared.language.phrase import one_line, shortened
from shared.written.mailbox import mailbox

LONGEST_SUBJECT = 240
ANSWERED = 20
"""Earlier mails that one of several notices refers to."""


class Sender(msgspec.Struct, frozen=True):
    """Who the mails come from; ``ids`` is where their Message-IDs are from, another place for each tenant."""

    name: str
    user: str
    domain: str
    tenant: str = ""

    @property
    def ids(self) -> str:
        """What stands behind the @ of a Message-ID."""
        return f"{self.tenant}.{self.domain}" if self.tenant else self.domain

    @property
    def address(self) -> Address:
        """As it stands in the From header."""
        return Address(self.name, self.user, self.domain)


class LetterRecipient(msgspec.Struct, frozen=True):
    """Who is told: the name the plan uses, the mail address, and the language they read."""

    name: str
    address: str
    language: Language


class Letter(msgspec.Struct, frozen=True):
    """A finished mail: the envelope's two addresses, its identity, and what goes over the wire."""

    sender: str
    recipient: str
    message_id: str
    body: bytes


def sender(text: str, tenant: Tenant = ALONE) -> Sender:
    """Read STADGA_MAIL_FROM (``stadga@kommun.se`` or ``Stadga <stadga@kommun.se>``); raises SettingsError."""
    name, spec = parseaddr(text)
    try:
        address = _address(spec)
    except ValueError:
        raise SettingsError(f"STADGA_MAIL_FROM={text!r}: expected an address such as stadga@kommun.example") from None
    return Sender(one_line(name), address.username, address.domain, tenant.name)


def message_id(episode: str, reason: str, recipient: str, domain: str) -> str:
    """The identity of the mail that tells ``recipient`` of ``reason`` in ``episode``: a repeat is recognisable."""
    digest = sha256("\n".join((episode, reason, recipient)).encode()).hexdigest()
    return f"<{digest[:40]}@{domain}>"


def letter(
    occasion: Occasion, recipient: LetterRecipient, first: MailReason, origin: Sender, sent: str | None = None
) -> Letter:
    """Write the mail; ``first`` is the reason of the episode's first mail to the same recipient.

    That one left as ``sent``, where it has: in a mail of several it has the Message-ID of that.
    Raises ValueError when the address is not a mail address, KeyError for an unknown time zone.
    """
    identity = message_id(occasion.episode, _about(occasion), recipient.name, origin.ids)
    itself = first == occasion.reason
    root = sent or (identity if itself else message_id(occasion.episode, first, recipient.name, origin.ids))
    said = message(occasion, recipient.name, recipient.language)
    at = occasion.decided.astimezone(ZoneInfo(occasion.time_zone))
    return _written(said, recipient, origin, at, identity, () if root == identity else (root,))


def _about(occasion: Occasion) -> str:
    """What a mail is about in its episode: an episode begins and ends once, the rest recurs."""
    if occasion.reason == "data_corrected" and occasion.corrects:
        return f"{occasion.reason} {occasion.corrects.mail}"
    if occasion.follow:
        return f"{occasion.reason} {occasion.follow.key}"
    return occasion.reason


def digest(told: Summary, recipient: LetterRecipient, origin: Sender) -> Letter:
    """Write the mail that takes the place of many; raises as ``letter``."""
    said = summarised(told, recipient.name, recipient.language)
    identity = message_id(told.id, "summary", recipient.name, origin.ids)
    return _written(said, recipient, origin, told.decided.astimezone(ZoneInfo(told.time_zone)), identity, ())


def first_letter(told: Opening, recipient: LetterRecipient, origin: Sender) -> Letter:
    """Write the mail about what breaches when watching begins; raises as ``letter``."""
    said = opened(told, recipient.name, recipient.language)
    identity = message_id(told.id, "opening", recipient.name, origin.ids)
    return _written(said, recipient, origin, told.decided.astimezone(ZoneInfo(told.time_zone)), identity, ())


def weekly_letter(told: Weekly, recipient: LetterRecipient, origin: Sender) -> Letter:
    """Write a weekly summary, which a mail program can end at its reader's wish (RFC 8058); raises as ``letter``."""
    said = weekly_bundle(told, recipient.name, recipient.language)
    identity = message_id(told.id, DIGEST, recipient.name, origin.ids)
    at = told.decided.astimezone(ZoneInfo(told.time_zone))
    return _written(said, recipient, origin, at, identity, (), told.leave)


def neglect_letter(told: NeglectLetter, recipient: LetterRecipient, origin: Sender) -> Letter:
    """Write the mail about neglected measures of a plan; raises as ``letter``."""
    said = neglect_message(told, recipient.name, recipient.language)
    identity = message_id(told.id, NEGLECTED, recipient.name, origin.ids)
    return _written(said, recipient, origin, told.decided.astimezone(ZoneInfo(told.time_zone)), identity, ())


def stopped_letter(told: StoppedNotice, recipient: LetterRecipient, origin: Sender) -> Letter:
    """Write the mail about a recipient that mails do not reach; raises as ``letter``."""
    said = stopped_message(told, recipient.name, recipient.language)
    identity = message_id(told.id, STOPPED, recipient.name, origin.ids)
    return _written(said, recipient, origin, told.decided.astimezone(ZoneInfo(told.time_zone)), identity, ())


def source_letter(notice: SourceNotice, recipient: LetterRecipient, origin: Sender) -> Letter:
    """Write the mail about a source to its contact; raises as ``letter``."""
    said = source_message(notice, recipient.language)
    identity = message_id(notice.id, notice.reason, recipient.name, origin.ids)
    first = msgspec.structs.replace(notice, reason="source_late", today=notice.since, before=0)
    root = message_id(first.id, first.reason, recipient.name, origin.ids) if first.thread == notice.thread else None
    at = notice.decided.astimezone(ZoneInfo(notice.time_zone))
    return _written(said, recipient, origin, at, identity, () if root in (None, identity) else (root,))


def several(
    said: Message | Bundle,
    bundle: str,
    about: Sequence[Occasion],
    recipient: LetterRecipient,
    origin: Sender,
    earlier: Sequence[str] = (),
) -> Letter:
    """Write the mail of a bundle, dated by the latest of its decisions. Raises as ``letter``.

    It answers the ``earlier`` mails of the same alerts, the first few of them: nobody follows hundreds.
    """
    latest = max(about, key=lambda one: one.decided)
    identity = message_id(bundle, "bundle", recipient.address, origin.ids)
    at = latest.decided.astimezone(ZoneInfo(latest.time_zone))
    return _written(said, recipient, origin, at, identity, tuple(dict.fromkeys(earlier))[:ANSWERED])


def _written(
    said: Message | Bundle,
    recipient: LetterRecipient,
    origin: Sender,
    at: datetime,
    identity: str,
    answers: Sequence[str],
    leave: str = "",
) -> Letter:
    to = _address(recipient.address)
    mail = EmailMessage(policy=SMTP)
    mail["From"] = origin.address
    mail["To"] = to
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = identity
    if answers:
        mail["In-Reply-To"] = " ".join(answers)
        mail["References"] = " ".join(answers)
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    if leave:
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(as_text(said), cte="quoted-printable")
    mail.add_alternative(as_html(said), subtype="html", cte="quoted-printable")
    mail["Content-Language"] = recipient.language
    mail.set_boundary(f"=_{identity[1:33]}")
    subject = header("Subject", shortened(one_line(said.subject), LONGEST_SUBJECT))
    unsubscribe = f"List-Unsubscribe: <{leave}>\r\n".encode("ascii") if leave else b""  # never folded: it is an address
    return Letter(origin.address.addr_spec, to.addr_spec, identity, subject + unsubscribe + mail.as_bytes())


def _address(text: str) -> Address:
    try:
        box = mailbox(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a mail address that can be written to") from None
    return Address(username=box.user, domain=box.host)
