"""The audit: every case against its chain; what was erased by us is told from what was tampered with."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any, NamedTuple

from bot.model import CaseId
from storage.chain import START, Meta, link, seal_erasure, seal_header
from storage.database import Db
from storage.datakeys import Keys
from storage.group import GroupCommit

IDS = "SELECT id FROM cases WHERE id > ? ORDER BY id LIMIT 500"
HEADER = "SELECT opened_at, length, seal FROM cases WHERE id = ?"
RECORDS = "SELECT sequence, kind, key, at, retention, body, digest, chain FROM records WHERE case_id = ? ORDER BY sequence"
DATA_KEYS = "SELECT retention FROM data_keys WHERE case_id = ?"
ERASURES = "SELECT retention, upto, seal FROM erasures WHERE case_id = ?"


@dataclass(frozen=True, slots=True)
class Break:
    """The first broken row of a case; sequence 0 is its header."""

    case: CaseId
    sequence: int
    why: str


@dataclass(frozen=True, slots=True)
class Report:
    """What was looked at, and what is broken: nothing, where all is well."""

    cases: int
    records: int
    erased: int
    broken: tuple[Break, ...]


class Found(NamedTuple):
    """One case looked at."""

    records: int
    erased: int
    broken: Break | None


async def audit(group: GroupCommit, keys: Keys) -> Report:
    """Case by case, so that nobody waits for more than one of them."""
    cases = records = erased = 0
    broken: list[Break] = []
    last = ""
    while rows := await group.run(partial(_ids, after=last)):
        for (case,) in rows:
            found = await group.run(partial(examine, keys=keys, case=case))
            if (
                found.broken is not None
            ):  # another process may have saved or erased between our reads: look again
                found = await group.run(partial(examine, keys=keys, case=case))
            cases, records, erased = cases + 1, records + found.records, erased + found.erased
            broken += [found.broken] if found.broken else []
        last = rows[-1][0]
    return Report(cases, records, erased, tuple(broken))


def _ids(db: Db, after: str) -> list[tuple[Any, ...]]:
    return db.rows(IDS, (after,))


def examine(db: Db, keys: Keys, case: CaseId) -> Found:
    """Erasures are read last: one that is under way then explains the bodies that it took."""
    header = db.row(HEADER, (case,))
    if header is None:
        return Found(0, 0, None)
    opened_at, length, seal = header
    rows = db.rows(RECORDS, (case,))
    there, erased = {name for (name,) in db.rows(DATA_KEYS, (case,))}, _erased(db, keys, case)
    last = START
    for place, (sequence, *rest) in enumerate(rows, 1):
        why = f"record {place} is missing" if sequence != place else None
        why = why or _wrong(keys, last, Meta(case, sequence, *rest[:4]), rest[4:], erased)
        if why is None and rest[4] is not None and rest[3] not in there:
            why = "its data key is gone, so that nobody can read it"
        if why:
            return Found(len(rows), 0, Break(case, place, why))
        last = bytes(rest[-1])
    gone = sum(row[5] is None for row in rows)
    return Found(len(rows), gone, _ending(keys, case, (opened_at, length, bytes(seal)), len(rows), last))


def _erased(db: Db, keys: Keys, case: CaseId) -> dict[str, int]:
    """Up to which sequence each class is erased, where the seal is ours."""
    found: dict[str, int] = {}
    for retention, upto, seal in db.rows(ERASURES, (case,)):
        if hmac.compare_digest(bytes(seal), seal_erasure(keys.root.chain, case, retention, upto)):
            found[retention] = max(upto, found.get(retention, 0))
    return found


def _wrong(keys: Keys, before: bytes, meta: Meta, rest: list[Any], erased: dict[str, int]) -> str | None:
    body, digest, chain = rest
    gone = meta.sequence <= erased.get(meta.retention, 0)
    if not hmac.compare_digest(bytes(chain), link(keys.root.chain, before, meta.signed(), bytes(digest))):
        return "its clear columns, digest or chain value were changed"
    if body is None:
        return None if gone else "its body was taken out, and by no erasure of ours"
    if gone:
        return "its body is back after its erasure"
    if sha256(body).digest() != digest:
        return "its body was changed"
    return None


def _ending(
    keys: Keys, case: CaseId, header: tuple[int, int, bytes], count: int, last: bytes
) -> Break | None:
    opened_at, length, seal = header
    if length > count:
        return Break(case, count + 1, f"records {count + 1} to {length} are missing")
    if length < count:
        return Break(case, length + 1, f"the header counts {length} records, not {count}")
    if not hmac.compare_digest(seal, seal_header(keys.root.chain, case, opened_at, length, last)):
        return Break(case, 0, "the header's seal does not fit its last record")
    return None
