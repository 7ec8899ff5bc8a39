"""A notice of the outbox as other systems get it."""

from services.alerts.domain.alert.occasion import ActionNotice, Occasion
from services.alerts.domain.letter.facts import shown, title
from services.alerts.domain.letter.message import Message, message
from services.alerts.domain.letter.opening import Opening, opened
from shared.contracts.catalogue import BY_NAME
from shared.contracts.webhooks import NoticeAction, NoticeAlert, NoticeValue, WebhookNotice, WebhookOpening
from shared.language.language import Language


def notice(name: str, about: Occasion, recipient: str, language: Language) -> WebhookNotice:
    """The notice of that id about an occasion, for the plan's ``recipient``; raises KeyError for an unknown zone."""
    said = message(about, recipient, language)
    return WebhookNotice(
        id=name,
        reason=about.reason,
        decided=about.decided,
        language=language,
        subject=said.subject,
        text=said.lead,
        link=about.link,
        alert=_alert(about, language),
        value=_value(about),
        actions=tuple(_action(one, about, language) for one in about.measures),
    )


def opening(name: str, told: Opening, recipient: str, language: Language) -> WebhookOpening:
    """The opening summary of that id."""
    said = opened(told, recipient, language)
    return WebhookOpening(
        id=name, decided=told.decided, language=language, subject=said.subject, text=_lines(said), link=said.link
    )


def _lines(said: Message) -> str:
    return "\n".join((said.lead, *(f"{row.label}: {row.text}" for row in said.rows)))


def _alert(about: Occasion, language: Language) -> NoticeAlert:
    metric = BY_NAME.get(about.metric)
    return NoticeAlert(
        episode=about.episode,
        plan=about.plan,
        plan_title=title(about.plan_title, language, about.language),
        plan_version=about.plan_version,
        target=about.target,
        unit=about.unit,
        unit_name=about.unit_name,
        occupation=about.occupation,
        metric=about.metric,
        metric_name=getattr(metric, language) if metric else about.metric,
        severity=about.severity,
        since=about.since,
        since_at_least=about.since_at_least,
        began=about.began,
        ended=about.ended,
        gender=about.gender,
        age=about.age,
    )


def _value(about: Occasion) -> NoticeValue:
    value = shown(about.measured, about)
    return NoticeValue(
        direction=about.breach,
        threshold=about.threshold,
        clear=about.clear,
        on=about.on,
        status=about.measured.status,
        value=value.value if value else None,
        low=value.low if value else None,
        high=value.high if value else None,
        numerator=value.numerator if value else None,
        denominator=value.denominator if value else None,
        confirmed=about.confirmed if value else None,
        unfinished=tuple(dict.fromkeys(one.source for one in about.unfinished)),
    )


def _action(one: ActionNotice, about: Occasion, language: Language) -> NoticeAction:
    return NoticeAction(
        title=title(one.title, language, about.language),
        owner=one.owner,
        due=one.due,
        cost=one.cost,
        status=one.progress.status if one.progress else None,
    )
