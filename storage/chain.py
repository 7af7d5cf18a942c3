"""The chain: each record is bound to the one before it, and the header to the last.

A link covers the clear columns and the digest of the *ciphertext*, so that it stays whole when a body is erased.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import NamedTuple

START = b""


class Meta(NamedTuple):
    """The clear columns of a record, in the order in which they are signed; none holds a line break."""

    case: str
    sequence: int
    kind: str
    key: str
    at: int
    retention: str

    def signed(self) -> bytes:
        """Also the associated data of the body: a body opens only where it was put."""
        return f"{self.case}\n{self.sequence}\n{self.kind}\n{self.key}\n{self.at}\n{self.retention}".encode()


def raw(value: object) -> bytes:
    """What a hand wrote in place of bytes, text say, fits nothing that we sealed: it is compared as no bytes at all."""
    return bytes(value) if isinstance(value, bytes | bytearray | memoryview) else b""


def link(key: bytes, before: bytes, signed: bytes, digest: bytes) -> bytes:
    """The chain value of a record: an HMAC over the one before it and all that is lasting of this one."""
    return hmac.digest(key, before + digest + signed, sha256)


def seal_header(key: bytes, case: str, opened_at: int, length: int, last: bytes) -> bytes:
    """What the header keeps: whoever cuts the tail cannot make the seal of the shorter case."""
    return hmac.digest(key, b"header" + last + f"{case}\n{opened_at}\n{length}".encode(), sha256)


def seal_erasure(key: bytes, case: str, retention: str, upto: int) -> bytes:
    """What tells our erasure from a body that somebody took out."""
    return hmac.digest(key, f"erasure\n{case}\n{retention}\n{upto}".encode(), sha256)
