"""What a plan's responsible is told of a recipient that mails do not reach, frozen when it was decided."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from services.alerts.domain.plan.plan import Plan, Recipient
from shared.language.language import Language

STOPPED = "address_stopped"
"""Why such a mail is sent, as the outbox knows it."""


class StoppedNotice(msgspec.Struct, frozen=True, kw_only=True):
    """One recipient of one plan, by the name that a mail uses; ``why`` is what the mail server said.

    ``address`` says which mails it tells of, and is told nobody.
    """

    id: str
    plan: str
    plan_title: dict[str, str]
    language: Language
    time_zone: str
    name: str
    why: str
    decided: datetime
    link: str
    address: str = ""


def notices(
    plans: Iterable[Plan], address: str, why: str, decided: datetime, link: str
) -> Iterator[tuple[Recipient, StoppedNotice]]:
    """Whom each plan that mails an address tells, and what; nobody where it has no responsible beside them."""
    for plan in plans:
        gone = [one for one in plan.recipients.values() if one.address == address]
        to = plan.recipients.get(plan.responsible or "")
        if to and gone and to.address != address:
            yield to, _notice(plan, gone[0], why, decided, link)


def _notice(plan: Plan, gone: Recipient, why: str, decided: datetime, link: str) -> StoppedNotice:
    about = "|".join((plan.id, gone.id, gone.address, decided.isoformat()))
    return StoppedNotice(
        id=f"stopped_{hashlib.sha256(about.encode()).hexdigest()[:20]}",
        plan=plan.id,
        plan_title=plan.title,
        language=plan.language,
        time_zone=plan.time_zone,
        name=gone.name,
        why=why,
        decided=decided,
        link=link,
        address=gone.address,
    )
