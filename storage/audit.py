"""The audit: every case against its chain, and all of it against the tally; what was erased by us is told from tampering."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from bot.model import CaseId
from storage import balance, sealing
from storage.chain import START, Meta, link, raw, seal_erasure, seal_header
from storage.database import Db
from storage.datakeys import Keys, not_opening
from storage.head import Head, behind, fingerprint
from storage.instants import instant
from storage.keys import Root
from storage.sealing import Sealing
from storage.tally import Tally, mark_sealed, total

IDS = "SELECT id FROM cases WHERE id > ? ORDER BY id LIMIT 500"
HEADER = "SELECT opened_at, length, seal FROM cases WHERE id = ?"
RECORDS = "SELECT sequence, kind, key, at, retention, body, digest, chain FROM records WHERE case_id = ? ORDER BY sequence"
DATA_KEYS = "SELECT retention FROM data_keys WHERE case_id = ? AND purpose = 'records'"
ERASURES = "SELECT retention, upto, seal FROM erasures WHERE case_id = ?"


@dataclass(frozen=True, slots=True)
class Break:
    """What is broken. In a case its first broken row, where sequence 0 is its header; else no case is named."""

    case: CaseId
    sequence: int
    why: str

    def __str__(self) -> str:
        return f"case {self.case}, record {self.sequence}: {self.why}" if self.case else self.why


@dataclass(frozen=True, slots=True)
class Report:
    """What was looked at, and what is broken: nothing, where all is well."""

    cases: int
    records: int
    erased: int
    broken: tuple[Break, ...]
    adoptions: int
    transactions: int
    sealed: Sealing | None
    head: Head


@dataclass(slots=True)
class Seen:
    """What the audit has met so far; `newest`: the time, case, sequence and link of a record."""

    there: Tally = field(default_factory=Tally)
    records: int = 0
    erased: int = 0
    newest: tuple[int, str, int, bytes] = (-(2**63), "", 0, b"")


def audit(db: Db, keys: Keys, since: Head | None = None) -> Report:
    """On a connection that sees everything as it was at one instant."""
    seen, root = Seen(), keys.root
    broken = [*_cases(db, keys, seen), *_gone(db, root)]
    began, (kept, harmed) = sealing.read(db, root), total(db, root.tally)
    wrong = balance.foundation(began, harmed)
    wrong += balance.amiss(db, root, seen.there, None if harmed else kept, {"case"} if broken else set())
    if since is not None and (why := behind(db, root, since, kept.changes)):
        wrong.append(why)
    _, case, sequence, last = seen.newest
    counts = seen.there.counts
    return Report(
        counts["case"],
        seen.records,
        seen.erased,
        (*broken, *(Break(CaseId(""), 0, why) for why in wrong)),
        counts["adoption"],
        counts["transaction"],
        began,
        Head(kept.changes, case, sequence, fingerprint(root, last)) if case else Head(kept.changes),
    )


def _cases(db: Db, keys: Keys, seen: Seen) -> Iterator[Break]:
    last = ""
    while rows := db.rows(IDS, (last,)):
        for (case,) in rows:
            found = examine(db, keys, case, seen)
            if found is not None:
                yield found
        last = rows[-1][0]


def _gone(db: Db, root: Root) -> Iterator[Break]:
    for case, at in balance.gone(db, root):
        yield Break(CaseId(case), 0, f"the whole case is missing; it was opened on {instant(at):%F}")


def examine(db: Db, keys: Keys, case: CaseId, seen: Seen) -> Break | None:
    """The first broken row of a case; what there is of it goes into what was seen."""
    opened_at, length, seal = db.row(HEADER, (case,)) or (0, 0, b"")
    rows = db.rows(RECORDS, (case,))
    seen.there.add("case", mark_sealed(keys.root.tally, raw(seal)))
    seen.records += len(rows)
    there, erased = {name for (name,) in db.rows(DATA_KEYS, (case,))}, _erased(db, keys, case, seen)
    shut = not_opening(db, keys.master, case)
    last = START
    for place, (sequence, *rest) in enumerate(rows, 1):
        why = f"record {place} is missing" if sequence != place else None
        why = why or _wrong(keys, last, Meta(case, sequence, *rest[:4]), rest[4:], erased)
        if why is None and rest[4] is not None and rest[3] not in there:
            why = "its data key is gone, so that nobody can read it"
        if why is None and rest[4] is not None and (rest[3], "records") in shut:
            why = "its data key was changed and does not open, so that nobody can read it"
        if why:
            return Break(case, place, why)
        last = raw(rest[-1])
        seen.newest = max(seen.newest, (rest[2], case, sequence, last))
    seen.erased += sum(row[5] is None for row in rows)
    for retention, purpose in shut:
        return Break(case, 0, f"the data key of its {purpose} ({retention}) was changed and does not open")
    return _ending(keys, case, (opened_at, length, raw(seal)), len(rows), last)


def _erased(db: Db, keys: Keys, case: CaseId, seen: Seen) -> dict[str, int]:
    """Up to which sequence each class is erased, where the seal is ours."""
    found: dict[str, int] = {}
    for retention, upto, seal in db.rows(ERASURES, (case,)):
        if hmac.compare_digest(raw(seal), seal_erasure(keys.root.chain, case, retention, upto)):
            seen.there.add("erasure", mark_sealed(keys.root.tally, raw(seal)))
            found[retention] = max(upto, found.get(retention, 0))
    return found


def _wrong(keys: Keys, before: bytes, meta: Meta, rest: list[Any], erased: dict[str, int]) -> str | None:
    body, digest, chain = rest
    gone = meta.sequence <= erased.get(meta.retention, 0)
    if not hmac.compare_digest(raw(chain), link(keys.root.chain, before, meta.signed(), raw(digest))):
        return "its clear columns, digest or chain value were changed"
    if body is None:
        return None if gone else "its body was taken out, and by no erasure of ours"
    if gone:
        return "its body is back after its erasure"
    if sha256(raw(body)).digest() != raw(digest):
        return "its body was changed"
    return None


def _ending(
    keys: Keys, case: CaseId, header: tuple[int, Any, bytes], count: int, last: bytes
) -> Break | None:
    opened_at, length, seal = header
    if not isinstance(length, int):
        return Break(case, 0, "the header's count of records is no number")
    if length > count:
        return Break(case, count + 1, f"records {count + 1} to {length} are missing")
    if length < count:
        return Break(case, length + 1, f"the header counts {length} records, not {count}")
    if not hmac.compare_digest(seal, seal_header(keys.root.chain, case, opened_at, length, last)):
        return Break(case, 0, "the header's seal does not fit its last record")
    return None
