"""Master keys: a file with one or several, by name; the first wraps, every one unwraps."""

import base64
import binascii
import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from shared.access.tokens import AccessError
from shared.kit import files
from shared.kit.trouble import PassingError
from shared.language.refusal import SaidError

SETTING = "STADGA_MASTER_KEY_FILE"
PART = "keys"
BYTES = 32
LARGEST = 1 << 16
LONGEST_NAME = 100
_PRINT = 8


class MasterKeyError(SaidError, PassingError):
    """A master key is missing that is needed: an operator brings it back, and until then all waits."""


class MasterKey(NamedTuple):
    """One of them: what it is called, and the key."""

    name: str
    key: bytes

    @property
    def print(self) -> str:
        """Its fingerprint, which tells nothing of the key."""
        return hashlib.sha256(b"stadga master key\0" + self.key).digest()[:_PRINT].hex()


class MasterKeys(NamedTuple):
    """All that a file holds, in its order."""

    keys: tuple[MasterKey, ...]

    @property
    def first(self) -> MasterKey:
        """The one that wraps."""
        return self.keys[0]

    def by(self, fingerprint: str, called: str) -> MasterKey:
        """The one with this fingerprint; raises MasterKeyError, which says whether another has its name."""
        for one in self.keys:
            if one.print == fingerprint:
                return one
        if any(one.name == called for one in self.keys):
            raise MasterKeyError(
                f'huvudnyckeln "{called}" i {SETTING} är en annan än den som nycklar under det namnet är inslagna med:'
                f" lägg tillbaka den rätta (fingeravtryck {fingerprint})",
                f'the master key "{called}" of {SETTING} is another one than the one that keys of {called} are wrapped '
                f"with: put the right one back (fingerprint {fingerprint})",
            )
        raise MasterKeyError(
            f'{SETTING} saknar huvudnyckeln "{called}" (fingeravtryck {fingerprint}), som nycklar är inslagna med',
            f'{SETTING} lacks the master key "{called}" (fingerprint {fingerprint}), with which keys are wrapped',
        )


def parsed(content: bytes) -> MasterKeys:
    """The keys of a file; raises AccessError with the line at fault, and never a key."""
    try:
        lines = content.decode().splitlines()
    except UnicodeDecodeError:
        raise AccessError("the file is no text") from None
    found = tuple(_keys(lines))
    if not found:
        raise AccessError("the file holds no master key; a line is NAME: KEY, the key 32 bytes in Base64")
    return MasterKeys(found)


def _keys(lines: list[str]) -> Iterator[MasterKey]:
    names, keys = set[str](), set[bytes]()
    for number, line in enumerate(lines, 1):
        written = line.partition("#")[0].strip()
        if not written:
            continue
        name, colon, rest = written.partition(":")
        name = name.strip().strip("\"'")
        if not (colon and name and len(name) <= LONGEST_NAME):
            raise AccessError(f"line {number}: expected NAME: KEY")
        one = MasterKey(name, _bytes(rest.strip().strip("\"'"), number))
        if name in names or one.key in keys:
            raise AccessError(f"line {number}: a name or a key stands there twice")
        names.add(name)
        keys.add(one.key)
        yield one


def _bytes(written: str, number: int) -> bytes:
    try:
        key = base64.b64decode(written, validate=True)
    except (binascii.Error, ValueError):
        raise AccessError(f"line {number}: the key is no Base64") from None
    if len(key) != BYTES:
        raise AccessError(f"line {number}: the key has {len(key)} bytes, {BYTES} are needed (openssl rand -base64 32)")
    return key


def named(environment: Mapping[str, str] = os.environ) -> MasterKeys:
    """What the file says that the environment names; raises MasterKeyError, also without one."""
    found = read(environment.get(SETTING, ""))
    if found is None:
        raise MasterKeyError(f"{SETTING} är inte satt", f"{SETTING} is not set")
    return found


def read(file: str) -> MasterKeys | None:
    """What a file says now, None without one; raises MasterKeyError if it cannot be read, or has a fault."""
    if not file:
        return None
    try:
        return parsed(files.read(Path(file), LARGEST).content)
    except (OSError, AccessError) as error:
        raise MasterKeyError(f"{SETTING}={file!r} kan inte användas: {error}", f"{SETTING}={file!r}: {error}") from None
