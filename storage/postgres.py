"""PostgreSQL through psycopg 3: the other driver behind `storage.database`."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import psycopg
from psycopg import errors

from bot.ports import AwayError
from storage.database import CONNECT_S, Row
from storage.tally import Tally

AWAY = (psycopg.OperationalError, psycopg.InterfaceError)
CLASH = (errors.SerializationFailure, errors.DeadlockDetected)
PREPARE_AFTER = 2  # executions of a statement until it is prepared on the server


@cache
def marked(sql: str) -> bytes:
    """Its marks for ours."""
    return sql.replace("?", "%s").encode()


class Postgres:
    """One connection, opened anew where it was lost. Others write too: every lock is a row's own."""

    lock = " FOR UPDATE"
    skip = " FOR UPDATE SKIP LOCKED"
    error: type[Exception] = psycopg.Error

    def __init__(self, url: str) -> None:
        self.touched = False
        self.tally = Tally()
        self._begin = "BEGIN"
        self._url = url.replace("postgresql+psycopg://", "postgresql://", 1)
        self._connect()

    def _connect(self) -> None:
        try:
            self._db = psycopg.connect(self._url, autocommit=True, connect_timeout=CONNECT_S)
        except psycopg.OperationalError as trouble:
            raise AwayError("cannot reach the PostgreSQL server") from trouble
        self._db.prepare_threshold = PREPARE_AFTER
        self._cursor = self._db.cursor(binary=True)

    def _run(self, sql: str, values: Sequence[Any]) -> psycopg.Cursor[Row]:
        return self._cursor.execute(marked(sql), values)

    def begin(self) -> bool:
        if self._db.closed:
            self._connect()
        self._run(self._begin, ())
        return False

    def only_reads(self) -> None:
        self._begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

    def commit(self) -> None:
        self._run("COMMIT", ())

    def rollback(self) -> None:
        if not self._db.closed:
            self._run("ROLLBACK", ())

    def close(self) -> None:
        self._db.close()

    def run(self, sql: str, values: Sequence[Any] = ()) -> int:
        count = self._run(sql, values).rowcount
        self.touched = self.touched or count != 0
        return count

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        self.touched = True
        for row in rows:
            self._run(sql, row)

    def insert(self, sql: str, values: Sequence[Any]) -> int:
        self.touched = True
        row = self._run(sql + " RETURNING id", values).fetchone()
        return 0 if row is None else int(row[0])

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        return self._run(sql, values).fetchall()

    def row(self, sql: str, values: Sequence[Any] = ()) -> Row | None:
        return self._run(sql, values).fetchone()

    def alone(self, what: str) -> bool:
        found = self.row("SELECT pg_try_advisory_xact_lock(?)", (zlib.crc32(what.encode()),))
        return found == (True,)

    def is_away(self, trouble: BaseException) -> bool:
        return isinstance(trouble, AWAY) and not self.is_clash(trouble)

    def is_clash(self, trouble: BaseException) -> bool:
        return isinstance(trouble, CLASH)

    def scrub(self) -> None:
        """Its write-ahead log is the server's own affair: archives of it end with the backups they belong to."""
