"""Who is erased, as hr.keys tells it: which keys are void, in whatever order the messages come."""

import itertools
import random

import pytest

from shared.contracts import erasure, sealed
from shared.contracts.erasure import Erasure
from shared.kit.sealing import cipher
from shared.kit.sealing.keyring import Keyring, unsealed
from shared.kit.sealing.masters import MasterKeys
from shared.kit.sealing.table import KeyTable
from tests.integration.sealing import master
from tests.unit.shared.test_sealing import event, wrapped

OLD = master("2026")
FIRST, SECOND = Erasure(1_750_000_000_000_000, 739_000), Erasure(1_760_000_000_000_000, 739_100)


def table() -> KeyTable:
    """With the master key."""
    return KeyTable(lambda: MasterKeys((OLD,)))


def note(of: Erasure, person: str = "p_1") -> tuple[bytes, bytes]:
    """A message of hr.keys that says who is erased."""
    return sealed.name(person, sealed.ERASED).encode(), erasure.encode(of)


def made(knowing: Erasure | None, person: str = "p_1") -> tuple[str, tuple[bytes, bytes]]:
    """A key, by name, and its message."""
    name, content = cipher.new(person, knowing)
    return name, (name.encode(), wrapped(name, content))


def test_what_is_noted_is_what_is_read():
    """To the microsecond and the day."""
    assert erasure.decode(erasure.encode(FIRST)) == FIRST


@pytest.mark.parametrize("order", list(itertools.permutations(range(5))))
def test_keys_made_without_knowing_are_void(order: tuple[int, ...]):
    """Whatever comes first: of two erasings the later holds, and only the key that knows it seals and unseals."""
    names, keys = zip(*(made(known) for known in (None, FIRST, SECOND)), strict=True)
    messages = [*keys, note(FIRST), note(SECOND)]
    held = table()
    for number in order:
        held.take(*messages[number])
    assert held.erasures == {"p_1": SECOND}
    assert [one.name for one in held] == [names[2]]
    assert held.returned == {names[0], names[1]}
    found = held.for_sealing("p_1")
    assert found is not None
    assert found.name == names[2]
    assert held.unread == 0


def test_void_keys_are_destroyed_once():
    """The message that destroys one ends it; another person's keys stay."""
    held = table()
    name, message = made(None)
    other, others = made(None, "p_2")
    for one in (note(FIRST), message, others):
        held.take(*one)
    held.take(name.encode(), None)
    assert held.returned == set()
    assert [one.name for one in held] == [other]


def test_nobody_takes_an_erasing_back():
    """Neither by deleting it nor by rubbish, nor by an earlier one."""
    held = table()
    held.take(*note(SECOND))
    key = note(SECOND)[0]
    for value in (None, b"{}", b'{"erased": "soon", "through": "2026-01-01"}', b"\xff", erasure.encode(FIRST)):
        held.take(key, value)
    assert held.erasures == {"p_1": SECOND}
    assert held.unread == 3


@pytest.mark.parametrize("ending", [".", ".x", "." + "9" * 5_000, ".٣"])
def test_ids_that_others_write(ending: str):
    """An id is read as knowing nothing where it holds no time, and breaks nobody."""
    assert sealed.known(f"p_1|abc{ending}") in {0, 3}


def test_what_is_emptied_tells_nothing_and_needs_no_key():
    """Not even the master key; what is in the clear stays, so that its delivery is counted."""
    said = event(delivery="d", deliverycount=3)
    message = sealed.emptied(said)
    found = sealed.decode(message)
    assert (found.id, found.source, found.subject, found.delivery) == (said.id, said.source, said.subject, "d")
    assert found.data_base64 == b""
    assert said.type.encode() not in message
    keys = Keyring("nowhere", "hr.keys", unsealed)
    assert keys.unseal(found) is None
    assert not keys.missing


def test_many_in_any_order():
    """A thousand keys of fifty persons, half of them erased: none of theirs is left but what knows it."""
    chance = random.Random(7)  # noqa: S311  (a seed makes the same order each time)
    messages, wanted = [], set()
    for n in range(50):
        person, erased = f"p_{n}", FIRST if n % 2 else None
        messages += [note(FIRST, person)] if erased else []
        for _ in range(20):
            knowing = chance.choice([None, FIRST]) if erased else None
            name, message = made(knowing, person)
            messages.append(message)
            if knowing == erased:
                wanted.add(name)
    chance.shuffle(messages)
    held = table()
    for message in messages:
        held.take(*message)
    assert {one.name for one in held} == wanted
    assert len(held.returned) == 1_000 - len(wanted)


def test_a_key_names_what_was_known():
    """In its id, to which the wrapped key is bound: nobody can put another there."""
    name, _ = cipher.new("p_1", FIRST)
    assert sealed.known(name) == FIRST.at
    message = cipher.seal(event(), cipher.PersonKey(*cipher.new("p_1", FIRST)))
    assert sealed.known(sealed.decode(message).key) == FIRST.at
