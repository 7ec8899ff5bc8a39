"""The keys of persons, as the messages of hr.keys tell them one after the other."""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import NamedTuple

import msgspec
import structlog

from shared.contracts import erasure, sealed
from shared.contracts.erasure import Erasure, together
from shared.kit.sealing.cipher import PersonKey, SpoiltError, unwrap
from shared.kit.sealing.masters import MasterKeys

log = structlog.get_logger()

NOBODY = b""
"""The key of messages that say nothing: brokers drop what was deleted only once something follows it."""
UNWRAPPED = 20_000
"""Keys that are kept unwrapped, those used last."""


class Held(NamedTuple):
    """A wrapped key, and the fingerprint and name of the master key that it is wrapped with."""

    name: str
    print: str
    master: str
    wrapped: bytes


class KeyTable:
    """What is known of keys, and of who is erased.

    One that was destroyed stays so, whatever comes under its name afterwards. So does one of somebody who is erased
    that was made without knowing of it, whether that comes before the key or after it.
    """

    def __init__(self, masters: Callable[[], MasterKeys], most: int = UNWRAPPED) -> None:
        """Nothing is known; ``masters`` are asked for whenever a key is unwrapped."""
        self._masters = masters
        self._held: dict[str, tuple[Held, ...]] = {}
        self._destroyed: set[str] = set()
        self._unwrapped: OrderedDict[str, PersonKey] = OrderedDict()
        self._most = most
        self._texts: dict[str, str] = {}
        self.returned: set[str] = set()
        """Keys that came back after they were destroyed, or never should have been: they are to be destroyed."""
        self.erasures: dict[str, Erasure] = {}
        """Who is erased, by pseudonym."""
        self.unread = 0
        """Messages that are none of ours."""

    def take(self, key: bytes | None, value: bytes | None) -> None:
        """What a message says; one that cannot be read changes nothing."""
        if key == NOBODY:
            return
        try:
            name = (key or b"").decode()
            whose = sealed.person(name)
            if sealed.key_id(name) == sealed.ERASED:
                self._erase(whose, value)
                return
            if value is None:
                self._destroy(whose, name)
                return
            wrapped = sealed.wrapped_key(value)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            self.unread += 1
            log.warning("a message of hr.keys is none of ours")
            return
        if name in self._destroyed or self._is_void(name):
            self.returned.add(name)
            return
        one = Held(name, self._same(wrapped.print), self._same(wrapped.master), wrapped.wrapped)
        others = self._held.get(whose, ())
        if any(other.name == name for other in others):
            self._held[whose] = tuple(one if other.name == name else other for other in others)
        else:
            self._held[whose] = (*others, one)

    def _same(self, text: str) -> str:
        """Equal texts as one: there are as many keys as persons, and few master keys."""
        return self._texts.setdefault(text, text)

    def _erase(self, whose: str, value: bytes | None) -> None:
        """A person is erased, which nobody takes back."""
        if value is None:
            return
        told = erasure.decode(value)
        known = self.erasures.get(whose)
        self.erasures[whose] = together([known, told]) if known else told
        for name in [held.name for held in self.of(whose) if self._is_void(held.name)]:
            self._destroy(whose, name)
            self.returned.add(name)

    def _is_void(self, name: str) -> bool:
        """Whether who made a key did not know that the person is erased."""
        erased = self.erasures.get(sealed.person(name))
        return erased is not None and sealed.known(name) < erased.at

    def _destroy(self, whose: str, name: str) -> None:
        self._destroyed.add(name)
        self.returned.discard(name)
        self._unwrapped.pop(name, None)
        left = tuple(one for one in self._held.get(whose, ()) if one.name != name)
        if left:
            self._held[whose] = left
        else:
            self._held.pop(whose, None)

    def __len__(self) -> int:
        """How many keys there are."""
        return sum(map(len, self._held.values()))

    def __iter__(self) -> Iterator[Held]:
        """Every key."""
        return (one for some in self._held.values() for one in some)

    def of(self, pseudonym: str) -> tuple[Held, ...]:
        """A person's keys, the eldest first; none if there are none, or they are destroyed."""
        return self._held.get(pseudonym, ())

    def named(self, name: str) -> Held | None:
        """The key of this name; None if it is not known, or destroyed."""
        return next((one for one in self.of(sealed.person(name)) if one.name == name), None)

    def usable(self, name: str) -> PersonKey | None:
        """The key of this name, unwrapped; None if it is not known, or destroyed.

        Raises MasterKeyError for want of the master key, SpoiltError if it is not what was wrapped.
        """
        if found := self._unwrapped.get(name):
            self._unwrapped.move_to_end(name)
            return found
        held = self.named(name)
        return None if held is None else self.unwrapped(held)

    def unwrapped(self, held: Held) -> PersonKey:
        """A key that can be used; raises as ``usable``."""
        key = PersonKey(held.name, self.raw(held))
        self._unwrapped[held.name] = key
        if len(self._unwrapped) > self._most:
            self._unwrapped.popitem(last=False)
        return key

    def raw(self, held: Held) -> bytes:
        """The key itself; raises as ``usable``."""
        return unwrap(held.name, held.wrapped, self._masters().by(held.print, held.master))

    def for_sealing(self, pseudonym: str) -> PersonKey | None:
        """The eldest of a person's keys that is sound; None if there is none. Raises MasterKeyError."""
        for held in self.of(pseudonym):
            try:
                return self._unwrapped.get(held.name) or self.unwrapped(held)
            except SpoiltError:
                log.warning("a key of hr.keys was changed, or is another person's")
        return None
