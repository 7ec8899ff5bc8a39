"""One request to a webhook, which ends in a verdict and never in an exception."""

import asyncio
from http import HTTPStatus
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from services.alerts.domain.letter.delivery import Failure
from shared.language.phrase import one_line, shortened

LONGEST_ERROR = 500
PUT_OFF = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})
"""Answers below 500 that ask for patience; any other says that this notice will never be taken."""


def client() -> httpx.AsyncClient:
    """What posts: it follows no redirection, keeps nothing a receiver sets, and uses nothing of the environment."""
    nothing = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
    return httpx.AsyncClient(trust_env=False, follow_redirects=False, cookies=nothing)


async def post(
    http: httpx.AsyncClient, url: str, body: bytes, headers: dict[str, str], seconds: float
) -> Failure | None:
    """Hand over a notice; None when it was taken. All of it may take so many seconds, and no answer is read."""
    try:
        async with asyncio.timeout(seconds):
            # Without the seconds here each step of the way would have those of the client.
            async with http.stream("POST", url, content=body, headers=headers, timeout=seconds) as answer:
                return _verdict(answer.status_code)
    except TimeoutError:
        return Failure("unreachable", f"no answer within {seconds:g} s")
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        return Failure("unreachable", shortened(one_line(str(error)) or type(error).__name__, LONGEST_ERROR))


def _verdict(status: int) -> Failure | None:
    if HTTPStatus(200) <= status < HTTPStatus.MULTIPLE_CHOICES:
        return None
    is_patient = status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in PUT_OFF
    return Failure("temporary" if is_patient else "rejected", f"answered {status}")
