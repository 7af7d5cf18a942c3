"""Brings a database to the present schema; the steps stand in `migrations/versions`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, create_engine, event, inspect, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.pool import NullPool

from bot.ports import AwayError
from storage.database import SQLITE, Db, make_file

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0009"  # the newest of `migrations/versions`: the revision that this version works on
TABLES = (
    *(
        "cases",
        "records",
        "data_keys",
        "erasures",
        "bindings",
        "tokens",
        "causes",
        "outbox",
        "adoptions",
        "proposals",
    ),
    *(
        "transactions",
        "turnovers",
        "files",
        "list_loads",
        "listed",
        "tallies",
        "openings",
        "sealings",
        "meta",
    ),
)  # as storage/tables.py has them, which takes long to import
THERE = "SELECT COUNT(*) FROM (SELECT 1 FROM {} LIMIT 1) one"
MIGRATIONS = Path(__file__).with_name("migrations")
LOCK = 0x6B796362  # "kycb": replicas that start together migrate one after the other


class OutdatedError(Exception):
    """The database's schema is not the one that this version works on."""


def migrate(url: str) -> None:
    """Creates what is missing; harmless to repeat, and quick: only where something is missing is Alembic needed.

    Raises ValueError for an unknown URL, AwayError, OutdatedError where it does not get there.
    """
    engine = create_engine(driver_url(url), poolclass=NullPool)
    if url.startswith(SQLITE):
        make_file(Path(url.removeprefix(SQLITE)))
        event.listen(engine, "connect", without_own_transactions)
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
            if (found := _revision(connection)) != HEAD:
                _brought(connection, found)
    except OperationalError as error:
        if error.connection_invalidated or url.startswith(SQLITE) or error.statement:
            raise
        raise AwayError("cannot reach the PostgreSQL server") from error
    finally:
        engine.dispose()


def _brought(connection: Connection, found: str) -> None:
    """To today's shape. A revision set by hand is either unknown, or makes anew what is there."""
    from alembic.util import CommandError

    try:
        upgrade(connection)
    except (CommandError, OperationalError, ProgrammingError) as trouble:
        why = str(getattr(trouble, "orig", trouble)).partition("\n")[0]
        raise OutdatedError(
            f"the database says that it is at schema {found or '(none)'}, and cannot be brought to {HEAD}: {why}"
        ) from trouble


def _revision(connection: Connection) -> str:
    """Where the schema stands; "" where there is none."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")


def upgrade(connection: Connection, to: str = "head") -> None:
    from alembic import command

    config = configuration()
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def configuration() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def check(db: Db) -> None:
    """Raises OutdatedError where `migrate` has not been run, a newer version has run its own, or a table is gone."""
    try:
        found = db.row("SELECT version_num FROM alembic_version")
    except db.error as trouble:
        raise OutdatedError("the database is empty: run `migrate` first") from trouble
    if found != (HEAD,):
        raise OutdatedError(
            f"the database is at schema {found and found[0]}, this version needs {HEAD}: run `migrate`"
        )
    try:
        db.row(" UNION ALL ".join(map(THERE.format, TABLES)))
    except db.error as trouble:
        said = str(trouble).partition("\n")[0]
        raise OutdatedError(f"the database is not whole: {said}; put it back from a backup") from trouble


def driver_url(url: str) -> str:
    """SQLAlchemy's name for the same database."""
    for prefix in ("postgresql+psycopg://", "postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def without_own_transactions(connection: DBAPIConnection, _: object) -> None:
    """Python's sqlite3 commits before DDL by itself; here a migration is all or nothing."""
    connection.isolation_level = None
