"""The services' ``/v1/dead-letters``, asked a page at a time."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from cli.connect.service import At
from shared.contracts.dead_letters import MOST_PLACES, Content, Letter, Letters, Place, Retried, Retry, SetAside

PATH = "/v1/dead-letters"
PAGE = 1_000


class KeptLetter(NamedTuple):
    """A letter and the service that keeps it."""

    at: At
    letter: Letter


class Tried(NamedTuple):
    """What became of a letter, and where."""

    at: At
    retried: Retried


def kept(services: Iterable[At], reason: str | None) -> Iterator[KeptLetter]:
    """Every letter that was put aside for a reason, or for any; raises AskingError."""
    for at in services:
        after: Place | None = None
        while letters := _page(at, reason, after):
            yield from (KeptLetter(at, letter) for letter in letters)
            after = letters[-1].place


def _page(at: At, reason: str | None, after: Place | None) -> Sequence[Letter]:
    asked = {"most": str(PAGE)} | ({"reason": reason} if reason else {}) | ({"after": str(after)} if after else {})
    return at.call(lambda http: http.get(PATH, params=asked), Letters).letters


def content(at: At, place: Place) -> Content:
    """A letter as it came; raises AskingError."""
    return at.call(lambda http: http.get(f"{PATH}/{place}"), Content)


def retried(at: At, places: Sequence[Place], done: Callable[[int], None]) -> Iterator[Tried]:
    """Letters taken through their service again; ``done`` is told of each few. Raises AskingError."""
    waiting = iter(places)
    while some := list(islice(waiting, MOST_PLACES)):
        for one in at.post(f"{PATH}/retry", Retry(some), list[Retried]):
            yield Tried(at, one)
        done(len(some))


def add(at: At, place: Place, why: str) -> None:
    """Have a message put aside at which its service stops; raises AskingError."""
    at.post(PATH, SetAside(place, why), SetAside)
