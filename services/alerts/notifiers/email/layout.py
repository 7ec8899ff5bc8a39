"""A message laid out as plain text and as HTML."""

from typing import NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined, Template, select_autoescape

from services.alerts.domain.letter.bundle import Bundle
from services.alerts.domain.letter.message import Message, Tone


class Colours(NamedTuple):
    """What a tone looks like: the accent, and a pale shade of it."""

    accent: str
    pale: str


COLOURS: dict[Tone, Colours] = {
    "alert": Colours("#b3261e", "#fbe9e7"),
    "early": Colours("#9a5b00", "#fdf1dc"),
    "good": Colours("#1b6e3c", "#e3f3e8"),
    "neutral": Colours("#4a5663", "#eceff2"),
}
_templates = Environment(
    loader=PackageLoader("services.alerts.notifiers.email"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def as_text(said: Message | Bundle) -> str:
    """The plain-text part."""
    return _template(said, "txt").render(m=said)


def as_html(said: Message | Bundle) -> str:
    """The HTML part: inline styles, no images, nothing fetched, every foreign text escaped."""
    return _template(said, "html").render(m=said, colours=COLOURS[said.tone], palette=COLOURS)


def _template(said: Message | Bundle, kind: str) -> Template:
    return _templates.get_template(f"{'alert' if isinstance(said, Message) else 'bundle'}.{kind}")
