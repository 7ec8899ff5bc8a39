"""The file of webhooks: where notices may be sent, or everything that is wrong with it."""

import contextlib
import ipaddress
from collections.abc import Mapping
from typing import Literal, get_args
from urllib.parse import urlsplit

import msgspec
from ruamel.yaml.nodes import Node

from shared.language.said import Said, alike
from shared.written.entries import entries, optional, pairs, required
from shared.written.faults import EnoughError, Fault, Faults, document
from shared.written.values import identifier, must_be, one_of, text

MOST_BYTES = 100_000
THE_FILE = Said("filen", "the file")
Template = Literal["notice", "teams"]
"""``notice`` is a WebhookNotice; ``teams`` a card as a workflow of Microsoft Teams takes it."""
TEMPLATES: tuple[Template, ...] = get_args(Template)


class Endpoint(msgspec.Struct, frozen=True):
    """Where notices are sent, by the name that plans use; ``secret_file`` holds what they are signed with."""

    name: str
    url: str
    secret_file: str
    template: Template


Endpoints = Mapping[str, Endpoint]


class WebhooksRefused(Exception):  # noqa: N818 -- a refusal is not an error of the program
    """A file that cannot be used; ``faults`` says everything that is wrong with it."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        """At least one fault."""
        super().__init__("; ".join(str(fault) for fault in faults))
        self.faults = faults


def read(written: str) -> Endpoints:
    """The webhooks of a file; raises WebhooksRefused."""
    root = document(written)
    if isinstance(root, Fault):
        raise WebhooksRefused((root,))
    faults = Faults()
    found: Endpoints = {}
    with contextlib.suppress(EnoughError):
        given = entries(faults, root, THE_FILE, ("webhooks",))
        node = required(faults, given, "webhooks", THE_FILE, lambda _faults, value, _name: value)
        found = _endpoints(faults, node) if node else {}
    if told := faults.sorted():
        raise WebhooksRefused(told)
    return found


def _endpoints(faults: Faults, node: Node) -> Endpoints:
    found = {}
    for name, key, value in pairs(faults, node, alike('"webhooks"')):
        identifier(faults, key, "webhook")
        whose = Said(f'webhooken "{name}"', f'webhook "{name}"')
        of = entries(faults, value, whose, ("url", "secret_file", "template"))
        found[name] = Endpoint(
            name,
            required(faults, of, "url", whose, _url) or "",
            required(faults, of, "secret_file", whose, text) or "",
            optional(faults, of, "template", TEMPLATES[0], one_of(TEMPLATES)),
        )
    return found


def _url(faults: Faults, node: Node, name: str) -> str | None:
    written = text(faults, node, name)
    if written is None or _is_safe(written):
        return written
    kind = Said("en https-adress utan användare och lösenord", "an https address without user or password")
    must_be(faults, node, name, kind)
    return None


def _is_safe(written: str) -> bool:
    """Encrypted, or to this machine alone."""
    try:
        parts = urlsplit(written)
        _ = parts.port
    except ValueError:
        return False
    if not parts.hostname or parts.username or parts.password:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_here(parts.hostname))


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
