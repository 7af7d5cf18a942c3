"""One connection to SQLite or PostgreSQL, at driver level: the same statements, written with `?`, on both."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

from bot.ports import AwayError
from storage.tally import Tally

Row = tuple[Any, ...]
BUSY_MS = 10_000
SQLITE = "sqlite:///"
POSTGRES = ("postgresql://", "postgres://", "postgresql+psycopg://")
CONNECT_S = 10

# What the machine, not the statement, is to blame for. https://sqlite.org/rescode.html
SQLITE_AWAY = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_READONLY,
    }
)


class Db(Protocol):
    """A connection within a transaction. `touched`: something was written since it was last set to False.

    `tally`: what the transaction has changed of what is counted; it is stored as the transaction's last act.
    """

    touched: bool
    tally: Tally
    lock: str  # what a SELECT ends with to lock its rows
    skip: str  # the same, passing over rows that others hold
    error: type[Exception]  # what the driver raises

    def begin(self) -> bool:
        """True where somebody else has written since our last transaction. Raises AwayError."""
        ...

    def only_reads(self) -> None:
        """From the next transaction on nothing can be written, each sees all as it was at one instant, and no writer waits."""
        ...

    def commit(self) -> None: ...
    def rollback(self) -> None: ...
    def close(self) -> None: ...

    def run(self, sql: str, values: Sequence[Any] = ()) -> int:
        """The number of rows that changed."""
        ...

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None: ...

    def insert(self, sql: str, values: Sequence[Any]) -> int:
        """The id that the new row was given."""
        ...

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]: ...
    def row(self, sql: str, values: Sequence[Any] = ()) -> Row | None: ...

    def alone(self, what: str) -> bool:
        """True where no other transaction does this at the same time; holds until the end of ours."""
        ...

    def is_away(self, trouble: BaseException) -> bool:
        """Whether the database is out of reach, full or busy, rather than asked for nonsense."""
        ...

    def is_clash(self, trouble: BaseException) -> bool:
        """Whether two transactions stood in each other's way and this one may simply be tried again."""
        ...

    def scrub(self) -> None:
        """Outside a transaction: let nothing deleted linger in logs that we can empty."""
        ...


class Sqlite:
    """SQLite in WAL mode.

    synchronous=FULL, since a 200 to Telegram is a promise: NORMAL may lose the last commits at a power cut. The
    fsync (0.1 ms of CPU) is shared by all who wait. secure_delete: a destroyed key is overwritten, not just let go.
    cache_size is in KiB; 4,000 pages between checkpoints let a page that many saves touch be copied back once.
    """

    lock = skip = ""
    error: type[Exception] = sqlite3.Error

    def __init__(self, path: str) -> None:
        self.touched = False
        self.tally = Tally()
        try:
            self._db = sqlite3.connect(
                path, isolation_level=None, check_same_thread=False, cached_statements=256
            )
            for pragma in (
                f"busy_timeout={BUSY_MS}",
                "journal_mode=WAL",
                "synchronous=FULL",
                "foreign_keys=ON",
                "secure_delete=ON",
                "cache_size=-65536",
                "wal_autocheckpoint=4000",
            ):
                self._db.execute(f"PRAGMA {pragma}")
        except sqlite3.OperationalError as trouble:
            raise AwayError(f"cannot open the database {path}: {trouble}") from trouble
        self._run = self._db.execute
        self._begin = "BEGIN IMMEDIATE"
        self._version = self._data_version()

    def _data_version(self) -> int:
        """Moves when another connection, of this process or not, has committed."""
        version: int = self._db.execute("PRAGMA data_version").fetchone()[0]
        return version

    def begin(self) -> bool:
        self._run(self._begin)
        before, self._version = self._version, self._data_version()
        return before != self._version

    def only_reads(self) -> None:
        self._begin = "BEGIN"
        self._run("PRAGMA query_only=ON")

    def commit(self) -> None:
        self._run("COMMIT")

    def rollback(self) -> None:
        if self._db.in_transaction:
            self._run("ROLLBACK")

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
        return self._run(sql, values).lastrowid or 0

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        return self._run(sql, values).fetchall()

    def row(self, sql: str, values: Sequence[Any] = ()) -> Row | None:
        found: Row | None = self._run(sql, values).fetchone()
        return found

    def alone(self, what: str) -> bool:  # noqa: ARG002 - one writer at a time
        return True

    def is_away(self, trouble: BaseException) -> bool:
        code = getattr(trouble, "sqlite_errorcode", None)
        return code is not None and code & 0xFF in SQLITE_AWAY

    def is_clash(self, trouble: BaseException) -> bool:  # noqa: ARG002 - one writer at a time: there is none
        return False

    def scrub(self) -> None:
        self._run("PRAGMA wal_checkpoint(TRUNCATE)")


def connect(url: str) -> Db:
    """Raises AwayError, ValueError where the URL is for neither database."""
    if url.startswith(SQLITE) and len(url) > len(SQLITE):
        path = url.removeprefix(SQLITE)
        make_file(Path(path))
        return Sqlite(path)
    if url.startswith(POSTGRES):
        from storage.postgres import Postgres  # the driver is an extra: only who uses it needs it

        return Postgres(url)
    raise ValueError("a database URL starts with sqlite:/// (and a path) or postgresql://")


def make_file(path: Path) -> None:
    """Where SQLite would make its file, an empty one that its owner alone reads; its logs take over the mode.

    A file or a folder that is there keeps its own. What cannot be made SQLite says better.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.suppress(OSError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def spread(sql: str, count: int) -> str:
    """`(..)` becomes as many marks as there are values."""
    return sql.replace("(..)", "(" + ",".join("?" * count) + ")")
