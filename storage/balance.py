"""The audit of what is in no history: adoptions, transactions, and whether everything that was stored is there."""

from __future__ import annotations

import hmac
from collections import Counter
from collections.abc import Iterator

from storage import sealing
from storage.database import Db, Row
from storage.keys import Root
from storage.sealing import Sealing
from storage.tally import SEAL, Kind, Tally, mark

OPENINGS = "SELECT case_id, at, seal FROM openings WHERE NOT EXISTS (SELECT 1 FROM cases WHERE id = case_id) ORDER BY at, case_id"
LENGTHS = "SELECT seller, length FROM turnovers ORDER BY seller"
NUMBERS = "SELECT nth FROM transactions WHERE seller = ? AND nth > 0 ORDER BY nth"
NAMES: dict[Kind, tuple[str, str]] = {
    "case": ("case", "cases"),
    "erasure": ("note of an erasure", "notes of erasures"),
    "adoption": ("adoption of a policy", "adoptions of policies"),
    "proposal": ("proposal of a policy", "proposals of policies"),
    "transaction": ("transaction", "transactions"),
}


def amiss(db: Db, root: Root, there: Tally, kept: Tally | None, named: set[Kind]) -> list[str]:
    """What is wrong outside of histories, and what is missing; `named`: kinds of which something is named already.

    `there` holds what the histories came to; `kept` is None where the tally is not ours to compare with.
    """
    sellers: Counter[str] = Counter()
    found = [*_people(db, root, there), *_money(db, root, there, sellers)]
    named = named | {kind for kind, _ in found}
    if kept is not None:
        found += _differences(there, kept, named)
        if there.counts["transaction"] < kept.counts["transaction"]:
            found += _gap(db, sellers)
    return [why for _, why in found]


def _people(db: Db, root: Root, there: Tally) -> Iterator[tuple[Kind, str]]:
    """Adoptions and proposals that are not as they were stored."""
    for kind, sql in sealing.ROWS.items():
        for row in db.rows(sql):
            if not _counted(root, kind, row, there):
                yield (
                    kind,
                    f"{NAMES[kind][0]} {row[0]} ({row[1]}, by {row[3]}): it was changed or added by hand",
                )


def _money(db: Db, root: Root, there: Tally, sellers: Counter[str]) -> Iterator[tuple[Kind, str]]:
    """The first transaction that is not as it was stored; `sellers`: how many of each there are."""
    first, broken = "", 0
    for page in sealing.pages(db):
        for row in page:
            sellers[row[1]] += row[10] > 0
            if not _counted(root, "transaction", row, there):
                first, broken = first or f"transaction {row[0]} of seller {row[1]}", broken + 1
    if broken:
        more = f", and so were {broken - 1} more" if broken > 1 else ""
        yield "transaction", f"{first}: it was changed or added by hand{more}"


def _counted(root: Root, kind: Kind, row: Row, there: Tally) -> bool:
    """Into what is there; whether its seal is ours."""
    made = mark(root.tally, kind, *row[:-1])
    there.add(kind, made)
    return row[-1] is not None and hmac.compare_digest(bytes(row[-1]), made[:SEAL])


def gone(db: Db, root: Root) -> Iterator[tuple[str, int]]:
    """Cases that were opened and are not there, and when they were opened."""
    for case, at, seal in db.rows(OPENINGS):
        if hmac.compare_digest(bytes(seal), mark(root.tally, "opening", case, at)[:SEAL]):
            yield case, at


def _differences(there: Tally, kept: Tally, named: set[Kind]) -> Iterator[tuple[Kind, str]]:
    """What was stored against what is there. A sum that differs says nothing new where one of its kind is named."""
    for kind, (one, many) in NAMES.items():
        missing = kept.counts[kind] - there.counts[kind]
        if missing:
            what = f"{abs(missing)} {one if abs(missing) == 1 else many}"
            yield kind, f"{what} {'missing' if missing > 0 else 'too many'}: {kept.counts[kind]} were stored"
        elif there.sums[kind] != kept.sums[kind] and kind not in named:
            yield (
                kind,
                f"one of the {many} was put back to an older copy of itself: only a backup tells which",
            )


def _gap(db: Db, sellers: Counter[str]) -> Iterator[tuple[Kind, str]]:
    """The first number that is not there, of which one may ask a backup; one that two writers drew at once may lack too."""
    for seller, length in db.rows(LENGTHS):
        if sellers[seller] < length:
            there = {nth for (nth,) in db.rows(NUMBERS, (seller,))}
            first = next(nth for nth in range(1, length + 1) if nth not in there)
            yield "transaction", f"of seller {seller} transaction number {first} is not there"
            return


def foundation(began: Sealing | None, broken: tuple[int, ...]) -> list[str]:
    """What is wrong with the tally itself."""
    wrong = [f"row {slot} of the tally was changed or removed by hand" for slot in broken]
    if began is None:
        wrong.append("the note of when the tally began was changed or removed by hand")
    return wrong
