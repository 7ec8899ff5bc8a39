"""``docs/access.md``: every route of every service, and who may ask it, read off what the routes declare."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from litestar import Litestar
from litestar.routes import HTTPRoute

from shared.access.needs import NEED
from shared.access.rights import ROLES, SCOPES, Need

_HEAD = """# Who may ask what

Written by `make docs`, from what each route declares. A person has roles, by the groups that `access.yaml` names; a
machine has a token with scopes ([operations](operations.md#who-may-what)). Any one of the rights of a line is enough.
Whoever has none is answered 403, and whoever says nothing of who they are 401. `open` asks for nothing;
so do `/signin` and `/signout` of alerts, which are there once an identity provider is set.

Of units outside the own ones only values are told (`/v1/metrics`, `/v1/series`): what else names such a unit is
answered 403, and lists leave it out. The roles `handler` and `planner` may all that `reader` may; what is about the
whole service (`auditor`, `admin`, `prometheus:scrape`, `operate`) is not narrowed by units. Of sources everybody is
told how they stand (`/board/data`), and those alone who see all units, audit or operate what was put aside of them.
"""


class Asked(NamedTuple):
    """A route and what it asks for."""

    path: str
    method: str
    need: Need


def page(services: Mapping[str, Litestar]) -> str:
    """The whole page."""
    return _HEAD + "".join(f"\n## {name}\n\n{_table(sorted(asked(app)))}" for name, app in services.items())


def asked(app: Litestar) -> Iterator[Asked]:
    """Every route of an application; one that declares nothing, which is refused to everybody, raises KeyError."""
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                for method in sorted(handler.http_methods - {"OPTIONS"}):
                    yield Asked(route.path_format, method, handler.opt[NEED])


def _table(routes: Sequence[Asked]) -> str:
    lines = ["| route | roles | scopes |", "|---|---|---|"]
    for path, method, need in routes:
        roles, scopes = (", ".join(one for one in some if one in need.rights) for some in (ROLES, SCOPES))
        lines.append(f"| `{method} {path}` | {roles if need.rights else 'open'} | {scopes} |")
    return "\n".join(lines) + "\n"
