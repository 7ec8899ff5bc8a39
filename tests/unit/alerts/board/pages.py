"""Pages laid out for tests without a database: what a browser would get, taken apart."""

from datetime import date
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

from litestar import Request
from litestar.testing import RequestFactory

from services.alerts.board.answer import page
from services.alerts.board.writing import Writing
from services.alerts.domain.alert.telling import View
from shared.language.language import Language

ZONE = ZoneInfo("Europe/Stockholm")
TODAY = date(2026, 6, 30)
HOSTILE = """<script>alert(1)</script>"'><img src=x onerror=alert(1)>&{{ 7*7 }}"""
VIEW = View(
    plan="plan",
    plan_version=3,
    target="leavers",
    unit="unit-1",
    unit_name="Barn och familj",
    metric="leaver_rate_own_request",
    occupation="*",
    severity="warning",
    state="firing",
    since=date(2026, 6, 2),
    episode="ep_1",
    as_of=TODAY,
    status="final",
    value=0.233,
    value_on=TODAY,
    numerator=9.0,
    denominator=38.6,
    low=0.107,
    high=0.443,
    side="above",
    threshold=0.2,
    clear=0.16,
    confirmed=False,
    expected=None,
)


def to(language: Language = "sv") -> Writing:
    """A reader."""
    return Writing(language, ZONE)


def asked(path: str = "/board/", **headers: str) -> Request[object, object, object]:
    """A visitor's request."""
    return RequestFactory().get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})


def laid_out(template: str, language: Language = "sv", title: str = "Sidan", **shown: object) -> "Page":
    """The page of a template."""
    return Page(page(asked(), to(language), template, title, **shown).content)


class Page(HTMLParser):
    """What is in a page: elements with their attributes, in order, and the text that is read."""

    def __init__(self, html: str) -> None:
        """Reads it at once."""
        super().__init__()
        self.html, self.elements, self.text = html, [], ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Text."""
        self.text += data

    def of(self, *tags: str) -> list[dict[str, str | None]]:
        """The attributes of each such element."""
        return [attributes for tag, attributes in self.elements if tag in tags]

    def unlabelled(self) -> list[dict[str, str | None]]:
        """Inputs that no label speaks of."""
        labelled = {one.get("for") for one in self.of("label")}
        inputs = [one for one in self.of("input", "select", "textarea") if one.get("type") != "hidden"]
        return [one for one in inputs if one.get("id") not in labelled]
