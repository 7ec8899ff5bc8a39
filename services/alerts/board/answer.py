"""A page as it leaves: laid out in the visitor's language, with what a browser may do with it."""

from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from litestar import Request, Response
from litestar.datastructures import State

from services.alerts.board.writing import Writing
from shared.access.needs import AUDIT, READ_ALERTS
from shared.kit.access.guard import csrf, known, leads_to
from shared.language.language import Language

Asked = Request[object, object, State]

COOKIE = "board_language"
LANGUAGES: dict[str, Language] = {"sv": "sv", "en": "en"}
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; base-uri 'none';"
    " frame-ancestors 'none'; form-action 'self'"
)
"""What a page may load and where its forms may go: its own origin, and nothing written into the page itself."""
REFERRER = "same-origin"
"""A browser that is told to name no referrer does not say of a form either which page it comes from."""
HTML = "text/html; charset=utf-8"

_templates = Environment(
    loader=PackageLoader("services.alerts.board"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def language(request: Asked) -> Language:
    """The visitor's choice, else what their browser asks for, else Swedish."""
    chosen = LANGUAGES.get(request.cookies.get(COOKIE, ""))
    if chosen:
        return chosen
    asked = (part.split(";")[0].strip().lower()[:2] for part in request.headers.get("accept-language", "").split(","))
    return next((LANGUAGES[name] for name in asked if name in LANGUAGES), "sv")


def writing(request: Asked, zone: ZoneInfo) -> Writing:
    """How the visitor is written to."""
    return Writing(language(request), zone)


def page(
    request: Asked, to: Writing, template: str, title: str, *, status: int = 200, **shown: object
) -> Response[str]:
    """The page of a template."""
    query = request.url.query
    here = request.url.path + (f"?{query}" if query else "")
    visitor = known(request)
    asked = {
        "csrf": csrf(request),
        "here": here,
        "path": request.url.path,
        "visitor": visitor.name if visitor else "",
        "reads": visitor is None or visitor.may(READ_ALERTS),
        "audits": visitor is not None and visitor.may(AUDIT),
    }
    return laid_out(to, template, status=status, forms_to=leads_to(request), title=title, **asked, **shown)


def laid_out(to: Writing, template: str, *, status: int = 200, forms_to: str = "", **shown: object) -> Response[str]:
    """The page of a template that stands alone; its forms may lead to one other origin."""
    text = _templates.get_template(template).render(to=to, w=to.words, **shown)
    headers = {"content-security-policy": f"{POLICY} {forms_to}".strip(), "referrer-policy": REFERRER}
    return Response(text, status_code=status, media_type=HTML, headers=headers)
