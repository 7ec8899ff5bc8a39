"""What is sealed, and by which keys: nothing that was changed is believed, and nothing destroyed comes back."""

import base64

import msgspec
import pytest

from shared.access.tokens import AccessError
from shared.contracts import envelope, sealed
from shared.contracts.envelope import CloudEvent
from shared.kit.sealing import cipher, masters
from shared.kit.sealing.cipher import PersonKey, SpoiltError
from shared.kit.sealing.masters import MasterKeyError, MasterKeys, parsed
from shared.kit.sealing.table import KeyTable
from tests import builders as make
from tests.integration.sealing import master

OLD, NEW = master("2026"), master("2027")


def event(person: str = "p_1", **said: object) -> CloudEvent:
    """An event about a person."""
    return envelope.decode(make.encoded(make.absence_started(person, "a1", "2024-02-01", **said)))


def key(person: str = "p_1") -> PersonKey:
    """A new key of a person."""
    return PersonKey(*cipher.new(person))


def wrapped(name: str, content: bytes, by: masters.MasterKey = OLD) -> bytes:
    """A message of hr.keys."""
    return sealed.encode(cipher.wrap(name, content, by))


@pytest.mark.parametrize(
    "said",
    [
        event(),
        event(corrects="before", delivery="d", deliverycount=3, knownfrom="2024-01-01"),
        envelope.decode(make.encoded(make.retracted(make.absence_started("p_1", "a1", "2024-02-01")))),
        msgspec.structs.replace(event(), tenant="solna"),
    ],
)
def test_what_is_unsealed_is_what_was_sealed(said: CloudEvent):
    """Every attribute, and the data byte for byte; what is in the clear is the contract's and no more."""
    by = key()
    message = cipher.seal(said, by)
    assert sealed.is_sealed(message)
    assert cipher.unseal(sealed.decode(message), by) == said
    clear = msgspec.json.decode(message).keys() - {"sealed", "data_base64"}
    assert clear <= {"specversion", "id", "source", "type", "subject", "delivery", "deliverycount", "tenant"}
    assert said.type.encode() not in message


@pytest.mark.parametrize("change", [{"subject": "person/p_2"}, {"id": "another"}, {"source": "another"}])
def test_a_ciphertext_under_another_name_is_refused(change: dict[str, str]):
    """It is bound to whose it is and to what the event is called."""
    by = key()
    swapped = msgspec.structs.replace(sealed.decode(cipher.seal(event(), by)), **change)
    with pytest.raises(SpoiltError):
        cipher.unseal(swapped, by)


@pytest.mark.parametrize("at", [0, 11, 12, -1])
def test_a_changed_byte_is_refused(at: int):
    """Of the nonce, of what is sealed, and of the tag."""
    by = key()
    found = sealed.decode(cipher.seal(event(), by))
    changed = bytearray(found.data_base64)
    changed[at] ^= 1
    for spoilt in (bytes(changed), b"", found.data_base64[:12]):
        with pytest.raises(SpoiltError):
            cipher.unseal(msgspec.structs.replace(found, data_base64=spoilt), by)


def test_an_event_is_never_sealed_alike_twice():
    """Equal events tell nothing by being equal."""
    by = key()
    assert cipher.seal(event(), by) != cipher.seal(event(), by)


def test_keys_of_two_persons_are_not_exchanged():
    """A wrapped key that stands under another person's name is no key, and is told of no other."""
    name, content = cipher.new("p_1")
    table = KeyTable(lambda: MasterKeys((OLD,)))
    table.take(b"p_2|1", wrapped(name, content))
    with pytest.raises(SpoiltError):
        table.usable("p_2|1")
    assert table.for_sealing("p_2") is None


def test_rubbish_changes_nothing():
    """Whatever else stands on hr.keys."""
    name, content = cipher.new("p_1")
    table = KeyTable(lambda: MasterKeys((OLD,)))
    table.take(name.encode(), wrapped(name, content))
    rubbish = [
        b"",
        b"x",
        b"{}",
        b'{"master":1}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"master":"m","print":"p","wrapped":"%"}',
    ]
    for value in rubbish:
        table.take(name.encode(), value)
        table.take(b"\xff", value)
        table.take(None, value)
    assert table.usable(name) is not None
    assert len(table) == 1
    assert table.unread == 3 * len(rubbish)


def test_a_destroyed_key_stays_destroyed():
    """It is forgotten at once, and what comes under its name afterwards is told of and not taken."""
    name, content = cipher.new("p_1")
    table = KeyTable(lambda: MasterKeys((OLD, NEW)))
    table.take(name.encode(), wrapped(name, content))
    assert table.usable(name)
    table.take(name.encode(), None)
    assert (table.usable(name), table.for_sealing("p_1"), len(table)) == (None, None, 0)
    table.take(name.encode(), wrapped(name, content, NEW))
    assert (table.usable(name), table.returned) == (None, {name})
    table.take(name.encode(), None)
    assert not table.returned


def test_two_keys_of_a_person():
    """As of two processes that met the person at once: both unseal, and the elder seals."""
    (first, one), (second, other) = cipher.new("p_1"), cipher.new("p_1")
    table = KeyTable(lambda: MasterKeys((OLD,)))
    table.take(first.encode(), wrapped(first, one))
    table.take(second.encode(), wrapped(second, other))
    assert table.usable(first)
    assert table.usable(second)
    sealing = table.for_sealing("p_1")
    assert sealing is not None
    assert sealing.name == first
    table.take(first.encode(), wrapped(first, one, OLD))
    assert [held.name for held in table.of("p_1")] == [first, second]


def test_few_are_kept_unwrapped():
    """Those used last; the others are unwrapped again."""
    asked: list[int] = []

    def given() -> MasterKeys:
        asked.append(1)
        return MasterKeys((OLD,))

    table, names = KeyTable(given, most=2), []
    for n in range(3):
        name, content = cipher.new(f"p_{n}")
        table.take(name.encode(), wrapped(name, content))
        names.append(name)
    for name in (*names, names[2], names[1], names[0]):
        assert table.usable(name)
    assert len(asked) == 4


def test_a_master_key_that_is_missing_or_another():
    """Each is said in a sentence of its own, and neither quotes a key."""
    name, content = cipher.new("p_1")
    impostor = masters.MasterKey("2026", NEW.key)
    for there, words in (((NEW,), "lacks"), ((impostor,), "another one than")):
        table = KeyTable(lambda there=there: MasterKeys(there))
        table.take(name.encode(), wrapped(name, content))
        with pytest.raises(MasterKeyError, match=words) as found:
            table.usable(name)
        assert OLD.print in str(found.value)
        assert NEW.key.hex() not in str(found.value)


GOOD = base64.b64encode(bytes(range(32))).decode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "no master key"),
        ("# nothing\n\n", "no master key"),
        (GOOD, "line 1: expected NAME: KEY"),
        (f": {GOOD}", "line 1: expected NAME: KEY"),
        ("a: ?", "line 1: the key is no Base64"),
        ("a: å", "line 1: the key is no Base64"),
        ("a: c2hvcnQ=", "line 1: the key has 5 bytes, 32 are needed"),
        (f"a: {GOOD}\na: {base64.b64encode(bytes(32)).decode()}", "line 2: a name or a key stands there twice"),
        (f"a: {GOOD}\n\nb: {GOOD}", "line 3: a name or a key stands there twice"),
    ],
)
def test_a_file_with_a_fault(content: str, words: str):
    """The line is named, and no key."""
    with pytest.raises(AccessError, match=words) as found:
        parsed(content.encode())
    assert GOOD not in str(found.value)


def test_a_file_of_two_keys():
    """The first wraps; comments and quotes are as in YAML."""
    other = base64.b64encode(bytes(32)).decode()
    found = parsed(f'# of the municipality\n"2027": {GOOD}  # new\n2026: "{other}"\n'.encode())
    assert [one.name for one in found.keys] == ["2027", "2026"]
    assert found.first.key == bytes(range(32))
    assert len({one.print for one in found.keys}) == 2
    with pytest.raises(AccessError):
        parsed(b"\xff\xfe")
