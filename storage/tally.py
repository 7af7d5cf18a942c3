"""The tally: all that must be in the store, counted and summed up, so that nothing goes, comes or goes back unseen.

Whatever is stored for good has a mark, a keyed BLAKE2b of its content (RFC 7693; a quarter of an HMAC's time). Marks add up, modulo
2**512: a change adds the marks of what it stores and takes off those of what it replaces or erases, in its own
transaction. The sum is under a seal, so who lacks the key can put back an older one but make none; and an older one
fits only an older state of everything that was counted in it since.
"""

from __future__ import annotations

import hmac
import logging
from hashlib import blake2b, sha256
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from storage.database import Db

Kind = Literal["case", "erasure", "adoption", "proposal", "transaction"]
KINDS: tuple[Kind, ...] = get_args(Kind)  # a new one comes last: what is stored follows this order

# 512 bits: of sums modulo less, other terms with the same sum could be sought (Wagner 2002, generalised birthdays).
MARK, COUNT = 64, 8
SEAL = 16  # bytes of a mark that stand beside what it marks; the others are known to nobody
SLOTS = 8  # rows, of which a transaction takes the first that no other one holds

FREE = "SELECT slot, body, seal FROM tallies ORDER BY slot LIMIT 1"
FIRST = "SELECT slot, body, seal FROM tallies WHERE slot = 0"
MOVE = "UPDATE tallies SET body = ?, seal = ? WHERE slot = ?"
KEEP = "INSERT INTO tallies (slot, body, seal) VALUES (?, ?, ?)"
ALL = "SELECT slot, body, seal FROM tallies ORDER BY slot"

log = logging.getLogger(__name__)


def mark(key: bytes, kind: str, *what: str | int) -> bytes:
    """What one thing adds to the sum; each part goes with its length, so that no two things are written alike."""
    parts = [f"{len(part)}:{part}" for part in (kind, *map(str, what))]
    return blake2b("".join(parts).encode(), key=key).digest()


def mark_sealed(key: bytes, seal: bytes) -> bytes:
    """The mark of what has a seal already: of a case's header, of an erasure."""
    return blake2b(seal, key=key).digest()


class Tally:
    """How many there are of each kind, and the sum of their marks; `changes` counts all that came or went."""

    __slots__ = ("changes", "counts", "sums")

    def __init__(self) -> None:
        self.changes = 0
        self.counts: dict[str, int] = dict.fromkeys(KINDS, 0)
        self.sums: dict[str, int] = dict.fromkeys(KINDS, 0)

    def add(self, kind: Kind, mark: bytes) -> None:
        self._move(kind, 1, int.from_bytes(mark))

    def drop(self, kind: Kind, mark: bytes) -> None:
        self._move(kind, -1, -int.from_bytes(mark))

    def _move(self, kind: Kind, count: int, value: int) -> None:
        self.changes += 1
        self.counts[kind] += count
        self.sums[kind] = (self.sums[kind] + value) % (1 << 8 * MARK)

    def join(self, other: Tally) -> None:
        self.changes += other.changes
        for kind in KINDS:
            self.counts[kind] += other.counts[kind]
            self.sums[kind] = (self.sums[kind] + other.sums[kind]) % (1 << 8 * MARK)

    def dumped(self) -> bytes:
        parts = [self.changes.to_bytes(COUNT)]
        for kind in KINDS:
            parts += [self.counts[kind].to_bytes(COUNT, signed=True), self.sums[kind].to_bytes(MARK)]
        return b"".join(parts)

    @classmethod
    def loaded(cls, body: bytes) -> Tally:
        """The inverse of `dumped`, also of what was dumped when there were fewer kinds."""
        found = cls()
        found.changes = int.from_bytes(body[:COUNT])
        for nth, kind in enumerate(KINDS):
            part = body[COUNT + nth * (COUNT + MARK) :][: COUNT + MARK]
            found.counts[kind] = int.from_bytes(part[:COUNT], signed=True)
            found.sums[kind] = int.from_bytes(part[COUNT:])
        return found


def seal(key: bytes, slot: int, body: bytes) -> bytes:
    return hmac.digest(key, f"tally\n{slot}\n".encode() + body, sha256)


def begin(db: Db, key: bytes, tally: Tally) -> None:
    """The rows of a store that has none; all of it stands in the first."""
    for slot in range(SLOTS):
        body = (tally if slot == 0 else Tally()).dumped()
        db.run(KEEP, (slot, body, seal(key, slot, body)))


def settle(db: Db, key: bytes) -> None:
    """What the transaction has changed goes into the tally, as its last act.

    The row is locked for no longer than the commit takes, and by who waits for nothing else: nobody waits in a circle,
    and while there are fewer commits at once than rows, nobody waits. A row that was tampered with stays as it is,
    for the audit to find; sellers are served all the same.
    """
    if not db.tally.changes:
        return
    found = db.row(FREE + db.skip) or db.row(FIRST + db.lock)
    if found is None or not hmac.compare_digest(bytes(found[2]), seal(key, found[0], bytes(found[1]))):
        log.error("the tally was tampered with: `audit verify` says more")
        return
    slot, body, _ = found
    tally = Tally.loaded(bytes(body))
    tally.join(db.tally)
    body = tally.dumped()
    db.run(MOVE, (body, seal(key, slot, body), slot))


def total(db: Db, key: bytes) -> tuple[Tally, tuple[int, ...]]:
    """All rows together, and the numbers of those that are not ours any more or gone."""
    together, whole = Tally(), set()
    for slot, body, sealed in db.rows(ALL):
        if hmac.compare_digest(bytes(sealed), seal(key, slot, bytes(body))):
            whole.add(slot)
            together.join(Tally.loaded(bytes(body)))
    return together, tuple(slot for slot in range(SLOTS) if slot not in whole)
