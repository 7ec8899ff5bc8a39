"""Addresses of services, as somebody typed them."""

import httpx

_HERE = frozenset({"127.0.0.1", "localhost", "::1"})
_PORTS = range(1, 1 << 16)


class AddressError(ValueError):
    """It is none; the message never quotes it, since it may hold a password."""


def checked(url: str) -> httpx.URL:
    """The address of a service; raises AddressError."""
    try:
        address = httpx.URL(url)
        known = address.scheme in {"http", "https"} and address.host.encode("idna")
    except (httpx.InvalidURL, UnicodeError):
        known = False
    if not known or address.port not in {None, *_PORTS}:
        raise AddressError("--url is no address of a service: expected http://HOST:PORT")
    if address.userinfo:
        raise AddressError("--url holds a name or a password, for which a service has no use")
    return address


def is_here(address: httpx.URL) -> bool:
    """Whether it is this machine, which a proxy could not reach."""
    return address.host in _HERE
