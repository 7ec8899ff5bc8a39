"""Sealing and unsealing, wrapping and unwrapping: AES-256-GCM, with a nonce at random for each."""

import os

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.contracts import sealed
from shared.contracts.envelope import CloudEvent
from shared.contracts.erasure import Erasure
from shared.contracts.sealed import Sealed, WrappedKey
from shared.kit.sealing.masters import MasterKey

NONCE = 12
KEY_BYTES = 32
ID_BYTES = 8


class SpoiltError(Exception):
    """What is sealed or wrapped was changed since, or is somebody else's; the message says which."""


class PersonKey:
    """A key of a person, unwrapped: ``name`` is that of its message on hr.keys."""

    __slots__ = ("cipher", "name")

    def __init__(self, name: str, key: bytes) -> None:
        """``key`` has 32 bytes."""
        self.name, self.cipher = name, AESGCM(key)


def new(pseudonym: str, of: Erasure | None = None) -> tuple[str, bytes]:
    """A new key for a person, who may be known to be erased: its name and the key."""
    id_ = os.urandom(ID_BYTES).hex()
    return sealed.name(pseudonym, sealed.knowing(id_, of.at) if of else id_), os.urandom(KEY_BYTES)


def wrap(name: str, key: bytes, master: MasterKey) -> WrappedKey:
    """A key as it is kept."""
    nonce = os.urandom(NONCE)
    wrapped = nonce + AESGCM(master.key).encrypt(nonce, key, name.encode())
    return WrappedKey(master=master.name, print=master.print, wrapped=wrapped)


def unwrap(name: str, wrapped: bytes, master: MasterKey) -> bytes:
    """The key; raises SpoiltError for one that this master key did not wrap under this name."""
    try:
        key = AESGCM(master.key).decrypt(wrapped[:NONCE], wrapped[NONCE:], name.encode())
    except (InvalidTag, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise SpoiltError("its key on hr.keys was changed, or is another person's")
    return key


def seal(event: CloudEvent, key: PersonKey) -> bytes:
    """A person's event as it travels sealed."""
    nonce = os.urandom(NONCE)
    bound = sealed.bound(event.subject, event.id, event.source)
    content = nonce + key.cipher.encrypt(nonce, sealed.told(event), bound)
    return sealed.encode(sealed.envelope(event, sealed.key_id(key.name), content))


def unseal(message: Sealed, key: PersonKey) -> CloudEvent:
    """The event; raises SpoiltError for what was sealed under another subject, id or source, or changed since."""
    held = message.data_base64
    try:
        return sealed.opened(message, key.cipher.decrypt(held[:NONCE], held[NONCE:], message.bound))
    except (InvalidTag, ValueError, msgspec.MsgspecError):
        raise SpoiltError("what is sealed was changed, or belongs to another subject, id or source") from None
