"""A service as a process: settings from the environment, one event loop, a clean end."""

import sys
from collections.abc import Callable

import uvloop
from litestar import Litestar

from shared.kit import cluster
from shared.kit.logs import configure
from shared.kit.server import HEALTH, serve
from shared.kit.settings import S, SettingsError, load


def run(service: str, kind: type[S], build: Callable[[S], Litestar], port: Callable[[S], int]) -> None:
    """Serve until told to stop; exits with the reason where a setting is wrong or a task has ended."""
    try:
        settings = load(kind)
        configure(settings.stadga_log, service, settings.tenant)
        cluster.check(settings)
        app = build(settings)
    except SettingsError as error:
        sys.exit(f"{service}: {error}")
    uvloop.run(serve(app, settings.stadga_host, port(settings), settings.stadga_hosts.split(",")).serve())
    if ended := app.state[HEALTH].ended:
        sys.exit(f"{service}: {ended}")
