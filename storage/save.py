"""The transaction that saves a change: all of it or nothing, and a repeat of its cause is only told again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from bot.model import Case, CaseId, Retention, retention
from bot.ports import Change, Index, Opening, Parcel, StaleError, UnknownError
from storage import codec, history, parcels
from storage.chain import START, Meta, link, seal_header
from storage.database import Db
from storage.datakeys import Keys, Ring
from storage.history import Held
from storage.instants import instant, micros
from storage.tally import SEAL, mark, mark_sealed

LAST_BINDING = "SELECT nth, case_id FROM bindings WHERE chat = ? ORDER BY nth DESC LIMIT 1"
BIND = "INSERT INTO bindings (chat, nth, case_id, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
UNBIND = "DELETE FROM bindings WHERE chat = ? AND case_id = ?"
OPEN = (
    "INSERT INTO cases (id, language, opened_at, length, epoch, seal, stage, since, tier, country, policy, owed)"
    " VALUES (?, ?, ?, 0, 0, ?, '', ?, '', '', '', '') ON CONFLICT DO NOTHING"
)
NOTE = "INSERT INTO openings (case_id, at, seal) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
MOVE = (
    "UPDATE cases SET length = ?, seal = ?, since = CASE WHEN stage = ? THEN since ELSE ? END, stage = ?, tier = ?,"
    " country = ?, policy = ?, owed = ?, due_at = ?, waits = ?, quiet = ?, leased_until = NULL"
    " WHERE id = ? AND length = ? AND epoch = ?"
)
KEEP_CAUSE = "INSERT INTO causes (id, case_id, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
KEEP_RECORD = (
    "INSERT INTO records (case_id, sequence, kind, key, at, retention, body, digest, chain)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
WORDS = "SELECT token FROM tokens WHERE case_id = ?"
ADD_WORD = "INSERT INTO tokens (token, case_id) VALUES (?, ?)"
DROP_WORD = "DELETE FROM tokens WHERE token = ? AND case_id = ?"


class Saved(NamedTuple):
    """`held` is the case as it now is; None where the cause was a repeat."""

    parcels: tuple[Parcel, ...]
    held: Held | None


class Links(NamedTuple):
    """The rows of new records, and the last chain value."""

    rows: list[tuple[Any, ...]]
    last: bytes


def save(db: Db, keys: Keys, change: Change, held: Held | None) -> Saved:
    """Raises StaleError, UnknownError; reads before it writes, so that a stale one costs the others nothing."""
    if change.cause:
        again = parcels.of_cause(db, keys, change.cause)
        if again is not None:
            return Saved(again, None)
    at = micros(moment(change))
    if change.opening is not None:
        held = _open(db, keys, change.case, change.opening)
    held = held or history.read(db, keys, change.case)
    if held is None:
        raise UnknownError(f"no case {change.case}")
    if len(held.case) != change.length:
        raise StaleError
    ring = Ring(keys.master, change.case, held.boxes)
    length = change.length + len(change.records)
    links, before = _chain(keys, change, held, ring), held.seal
    opened_at = micros(held.case.opened_at)
    seal = seal_header(keys.root.chain, change.case, opened_at, length, links.last)
    _move(db, change, held, at, seal)
    if change.cause and db.run(KEEP_CAUSE, (change.cause, change.case, at)) == 0:
        raise StaleError  # another process was first with this very cause
    db.many(KEEP_RECORD, links.rows)
    _index(db, keys, change.case, change.index, held.words)
    held = _rebound(db, change, held, at)
    sent = _say(db, change, held, ring, at)
    ring.keep(db)
    if change.opening is None:
        db.tally.drop("case", mark_sealed(keys.root.tally, before))
    db.tally.add("case", mark_sealed(keys.root.tally, seal))
    return Saved(sent, _extended(held, change, (links.last, seal), ring))


def moment(change: Change) -> datetime:
    """When the change was made. Raises ValueError where nothing in it says so."""
    if change.at is not None:
        return change.at
    if change.records:
        return change.records[-1].at
    if change.opening is not None:
        return change.opening.at
    raise ValueError("a change that has no record needs `at`")


def _open(db: Db, keys: Keys, case: CaseId, opening: Opening) -> Held:
    nth, bound = db.row(LAST_BINDING, (opening.chat,)) or (0, None)
    if bound != opening.previous:
        raise StaleError
    at = micros(opening.at)
    seal = seal_header(keys.root.chain, case, at, 0, START)
    opened = db.run(OPEN, (case, opening.language, at, seal, at))
    if not opened or not db.run(BIND, (opening.chat, nth + 1, case, at)):
        raise StaleError
    db.run(NOTE, (case, at, mark(keys.root.tally, "opening", case, at)[:SEAL]))
    return Held(Case(case, opening.language, instant(at)), START, seal, 0, opening.chat, {}, frozenset())


def _rebound(db: Db, change: Change, held: Held, at: int) -> Held:
    """A chat that is bound now is where this very change speaks."""
    for name in change.binds:
        nth, _ = db.row(LAST_BINDING, (name,)) or (0, None)
        if not db.run(BIND, (name, nth + 1, change.case, at)):
            raise StaleError
    for name in change.unbinds:
        db.run(UNBIND, (name, change.case))
    chats = [name for name in change.binds if not name.startswith("seller:")]
    return replace(held, chat=chats[-1]) if chats else held


def _chain(keys: Keys, change: Change, held: Held, ring: Ring) -> Links:
    rows, last = [], held.last
    for sequence, record in enumerate(change.records, change.length + 1):
        kind, key, at, content = codec.encode(record)
        meta = Meta(change.case, sequence, kind, key, micros(at), retention(record).value)
        signed = meta.signed()
        body = ring.box(meta.retention).seal(content, signed)
        digest = sha256(body).digest()
        last = link(keys.root.chain, last, signed, digest)
        rows.append((*meta, body, digest, last))
    return Links(rows, last)


def _move(db: Db, change: Change, held: Held, at: int, seal: bytes) -> None:
    """The lock: the header moves only from the length and the epoch that were loaded."""
    index, case = change.index, change.case
    length = change.length + len(change.records)
    instants = (None if at is None else micros(at) for at in (index.due_at, index.waits, index.quiet))
    owed = f" {' '.join(index.owed)} " if index.owed else ""
    columns = (index.stage.value, index.tier.value, index.country, index.policy, owed, *instants)
    if not db.run(MOVE, (length, seal, index.stage.value, at, *columns, case, change.length, held.epoch)):
        raise StaleError


def _index(db: Db, keys: Keys, case: CaseId, index: Index, words: frozenset[str] | None) -> None:
    if words == index.tokens:
        return
    wanted = {keys.root.token(word) for word in index.tokens}
    present = set() if words == frozenset() else {bytes(token) for (token,) in db.rows(WORDS, (case,))}
    for token in present - wanted:
        db.run(DROP_WORD, (token, case))
    for token in wanted - present:
        db.run(ADD_WORD, (token, case))


def _say(db: Db, change: Change, held: Held, ring: Ring, at: int) -> tuple[Parcel, ...]:
    if not change.messages:
        return ()
    box = ring.box(Retention.TALK.value)
    sender = parcels.Sender(change.case, held.case.language, held.chat, change.cause, at, box)
    return parcels.store(db, sender, change.messages, change.riding)


def _extended(held: Held, change: Change, ends: tuple[bytes, bytes], ring: Ring) -> Held:
    before = held.case
    case = Case(before.id, before.language, before.opened_at, before.history + change.records)
    return Held(case, *ends, held.epoch, held.chat, ring.boxes, change.index.tokens)
