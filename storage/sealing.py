"""What a database held before there were seals is sealed at the first start with the key, as it is found then."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, NamedTuple

from storage import tally
from storage.chain import seal_erasure
from storage.database import Db, Row
from storage.instants import micros
from storage.keys import Root
from storage.policies import SEALED
from storage.tally import SEAL, Kind, Tally, mark, mark_sealed

OPEN = "SELECT id FROM sealings WHERE seal IS NULL"
NOW = "SELECT CURRENT_TIMESTAMP"
DONE = "UPDATE sealings SET at = ?, cases = ?, adoptions = ?, transactions = ?, seal = ?"
BEGUN = "SELECT slot FROM tallies LIMIT 1"
READ = "SELECT at, cases, adoptions, transactions, seal FROM sealings"
CASES = "SELECT id, opened_at, seal FROM cases"
NOTE = "INSERT INTO openings (case_id, at, seal) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
ERASURES = "SELECT case_id, retention, upto, seal FROM erasures"
ROWS: dict[Kind, str] = {
    "adoption": "SELECT id, version, fingerprint, adopted_by, reason, at, seal FROM adoptions ORDER BY id",
    "proposal": "SELECT id, version, fingerprint, proposed_by, reason, at, seal FROM proposals ORDER BY id",
}
PAGE = (
    "SELECT id, seller, at, amount, currency, direction, counterparty, counterparty_country, method, card, nth, cents,"
    " seal FROM transactions WHERE (at, id) > (?, ?) ORDER BY at, id LIMIT 5000"
)
FIRST = (-(2**63), "")  # before every transaction
MANY = "UPDATE transactions SET seal = v.column2 FROM (VALUES (..)) AS v WHERE id = v.column1"

log = logging.getLogger(__name__)


class Sealing(NamedTuple):
    """When the tally began (microseconds since 1970), and how much was there by then."""

    at: int
    cases: int
    adoptions: int
    transactions: int

    def seal(self, root: Root) -> bytes:
        return hmac.digest(root.tally, f"sealing\n{tuple(self)}".encode(), sha256)


def read(db: Db, root: Root) -> Sealing | None:
    """None where it is not there any more, or not ours."""
    rows = db.rows(READ)
    if len(rows) != 1 or rows[0][4] is None:
        return None
    found = Sealing(*rows[0][:4])
    return found if hmac.compare_digest(bytes(rows[0][4]), found.seal(root)) else None


def seal_once(db: Db, root: Root) -> None:
    """Does nothing but for the first time. Replicas that start together wait for the first of them."""
    if db.row(OPEN) is None or db.row(OPEN + db.lock) is None or db.row(BEGUN):
        return
    whole = Tally()
    _cases(db, root, whole)
    for kind in ROWS:
        _people(db, root, kind, whole)
    for page in pages(db):
        _money(db, root, page, whole)
    counts = whole.counts
    made = Sealing(_now(db), counts["case"], counts["adoption"], counts["transaction"])
    tally.begin(db, root.tally, whole)
    db.run(DONE, (*made, made.seal(root)))
    if whole.changes:
        log.warning("sealed as found: %d cases, %d adoptions, %d transactions", *made[1:])


def _now(db: Db) -> int:
    """By the database's clock, in whole seconds: no hand that only writes rows can date a sealing back."""
    (said,) = db.row(NOW) or ("",)
    at = datetime.fromisoformat(str(said)).replace(microsecond=0)
    return micros(at if at.tzinfo else at.replace(tzinfo=UTC))


def pages(db: Db) -> Iterator[list[Row]]:
    """Every transaction, with its seal."""
    after: tuple[Any, ...] = FIRST
    while rows := db.rows(PAGE, after):
        yield rows
        after = (rows[-1][2], rows[-1][0])


def _cases(db: Db, root: Root, whole: Tally) -> None:
    for case, at, seal in db.rows(CASES):
        whole.add("case", mark_sealed(root.tally, bytes(seal)))
        db.run(NOTE, (case, at, mark(root.tally, "opening", case, at)[:SEAL]))
    for case, retention, upto, seal in db.rows(ERASURES):
        if hmac.compare_digest(bytes(seal), seal_erasure(root.chain, case, retention, upto)):
            whole.add("erasure", mark_sealed(root.tally, bytes(seal)))


def _people(db: Db, root: Root, kind: Kind, whole: Tally) -> None:
    for row in db.rows(ROWS[kind]):
        made = mark(root.tally, kind, *row[:-1])
        db.run(SEALED[kind], (made[:SEAL], row[0]))
        whole.add(kind, made)


def _money(db: Db, root: Root, page: list[Row], whole: Tally) -> None:
    values: list[Any] = []
    for row in page:
        made = mark(root.tally, "transaction", *row[:-1])
        whole.add("transaction", made)
        values += (row[0], made[:SEAL])
    db.run(MANY.replace("(..)", ",".join(["(?,?)"] * len(page))), values)
