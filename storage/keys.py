"""Keys: one master key outside the database; under it a root key for the store and a data key a case and class.

The master key only wraps, so changing it means wrapping anew, never encrypting anew: every wrapped key names the
master key it lies under. Chain, seals, blind indexes and file names hang from the root key, which stays.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os
import unicodedata
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12  # NIST SP 800-38D: random 96-bit nonces, safe for 2**32 messages a key; a case has far fewer
BLIND_BYTES = 16  # a truncated HMAC: at a billion tokens a chance collision is below 2**-68


class WrongKeyError(Exception):
    """The master key is not the one that the store was made with."""


class TamperedError(Exception):
    """A stored value does not open under its key and its place: it was changed, moved or cut."""


def parse_key(text: str) -> bytes:
    """32 bytes from 64 hexadecimal digits or base64. Raises ValueError, which never repeats the text."""
    text = text.strip()
    try:
        key = bytes.fromhex(text) if len(text) == 2 * KEY_BYTES else base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        key = b""
    if len(key) != KEY_BYTES:
        raise ValueError("a master key is 32 bytes, written as 64 hexadecimal digits or in base64")
    return key


def master_key(path: Path) -> tuple[bytes, bool]:
    """The key in this file, and whether it was made just now (mode 600): then somebody must keep a copy of it."""
    if path.exists():
        return parse_key(path.read_text("ascii")), False
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = os.urandom(KEY_BYTES)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(key.hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    return key, True


class Box:
    """AES-256-GCM under one key; what it seals opens only with the same associated data."""

    __slots__ = ("_cipher",)

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, content: bytes, place: bytes) -> bytes:
        """Nonce and ciphertext."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, content, place)

    def open(self, sealed: bytes, place: bytes) -> bytes:
        """Raises TamperedError."""
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place)
        except (
            InvalidTag,
            ValueError,
            TypeError,
        ) as trouble:  # TypeError: a hand put text in the place of bytes
            said = " ".join(place.decode(errors="replace").split("\n"))
            raise TamperedError(f"«{said}» was changed, moved or cut, and does not open") from trouble


def derive(key: bytes, purpose: str) -> bytes:
    """HKDF-SHA256 (RFC 5869): an independent key for each purpose."""
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"kycbot/" + purpose.encode()).derive(key)


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A key at rest: `master` names the master key that it lies under."""

    master: str
    value: bytes


class Master:
    """Wraps and unwraps other keys; `older` master keys still open what they once wrapped."""

    def __init__(self, key: bytes, *older: bytes) -> None:
        for each in (key, *older):
            if len(each) != KEY_BYTES:
                raise ValueError("a master key is 32 bytes")
        self.name = key_name(key)
        self._boxes = {key_name(each): Box(derive(each, "wrap")) for each in (key, *older)}

    def wrap(self, key: bytes, place: bytes) -> Wrapped:
        return Wrapped(self.name, self._boxes[self.name].seal(key, place))

    def unwrap(self, wrapped: Wrapped, place: bytes) -> bytes:
        """Raises WrongKeyError where it lies under a master key that is not here, TamperedError."""
        box = self._boxes.get(wrapped.master)
        if box is None:
            raise WrongKeyError(
                f"this database was made with another master key (it names {wrapped.master}, given was {self.name})"
            )
        return box.open(wrapped.value, place)


def key_name(key: bytes) -> str:
    """A name that tells keys apart and says nothing about them."""
    return derive(key, "name").hex()[:12]


@dataclass(frozen=True)
class Root:
    """The keys that hang from the root key."""

    key: bytes = field(repr=False)
    chain: bytes = field(init=False, repr=False)
    index: bytes = field(init=False, repr=False)
    place: bytes = field(init=False, repr=False)
    party: bytes = field(init=False, repr=False)
    tally: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        for purpose in ("chain", "index", "place", "party", "tally"):
            object.__setattr__(self, purpose, derive(self.key, purpose))

    def token(self, word: str) -> bytes:
        """The blind index of a word: equal for words that differ in case, width or punctuation only."""
        return hmac.digest(self.index, plain(word).encode(), sha256)[:BLIND_BYTES]

    def hidden(self, party: str) -> str:
        """The keyed hash of a party to a transaction; of nobody, nothing."""
        return hmac.digest(self.party, party.encode(), sha256)[:BLIND_BYTES].hex() if party else ""

    def file(self, case: str, name: str) -> str:
        """Where a file lies: it says nothing of its case to who lacks the key."""
        return hmac.digest(self.place, f"{case}\n{name}".encode(), sha256).hex()


def plain(word: str) -> str:
    """A word as it is sought: compatibility forms folded, letters and digits only."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", word).casefold()))
