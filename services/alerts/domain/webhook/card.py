"""A notice as an adaptive card, in the envelope that a workflow of Microsoft Teams takes from a webhook.

The envelope is that of Teams ("Post to a channel when a webhook request is received"), the card's schema 1.4.
"""

from typing import Any

from shared.contracts.webhooks import NoticeAction, WebhookNotice, WebhookOpening
from shared.language.language import Language

CARD = "application/vnd.microsoft.card.adaptive"
SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"
OPEN: dict[Language, str] = {"sv": "Visa larmet", "en": "Show the alert"}
OWNER: dict[Language, str] = {"sv": "ansvarig: {owner}", "en": "owner: {owner}"}


def card(notice: WebhookNotice | WebhookOpening, language: Language) -> dict[str, Any]:
    """The message that a workflow posts as it is."""
    actions = notice.actions if isinstance(notice, WebhookNotice) else ()
    body = [
        _text(notice.subject, weight="Bolder", size="Medium"),
        _text(notice.text),
        *(_text(_said(one, language)) for one in actions),
    ]
    content = {
        "$schema": SCHEMA,
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
        "actions": [{"type": "Action.OpenUrl", "title": OPEN[language], "url": notice.link}],
    }
    return {"type": "message", "attachments": [{"contentType": CARD, "content": content}]}


def _text(text: str, **look: str) -> dict[str, Any]:
    return {"type": "TextBlock", "text": text, "wrap": True, **look}


def _said(action: NoticeAction, language: Language) -> str:
    return f"{action.title} – {OWNER[language].format(owner=action.owner)}"
