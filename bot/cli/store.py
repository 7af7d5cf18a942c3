"""The store as the settings name it: opened, made where it may be, and its master key found."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from bot.settings import Settings, SettingsError
from storage import Storage, master_key, migrate

log = logging.getLogger(__name__)


def opened(settings: Settings, *, create: bool, only_reads: bool = False) -> Storage:
    """The store. With `create`, or on SQLite, it is brought to today's shape first.

    Raises SettingsError where the master key is not there or not readable, or the file is no database; what
    Storage.open raises otherwise.
    """
    _look(settings)
    settings.kyc_home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if create or settings.database().startswith("sqlite"):
        migrate(settings.database())
    return Storage.open(settings.database(), settings.kyc_home, key(settings), only_reads=only_reads)


def existing(settings: Settings, *, only_reads: bool = False) -> Storage:
    """The store, where there is one: who only reads makes nothing. Raises SettingsError as `opened` does."""
    file = _file(settings)
    if file and not file.exists():
        raise SettingsError(f"there is no database at {file}: is KYC_HOME or DATABASE_URL another one?")
    return opened(settings, create=False, only_reads=only_reads)


def _look(settings: Settings) -> None:
    """Before anything is made: a file that is no database, or whose master key is gone, is told of."""
    file, path = _file(settings), settings.kyc_home / "master.key"
    if file is None or not file.exists():
        return
    try:
        sealed = _sealed(file)
    except sqlite3.DatabaseError as error:
        raise SettingsError(f"{file}: {error}") from None
    if sealed and not settings.master() and not path.exists():
        raise SettingsError(
            f"{path} is missing, and nothing in {file} can be read without it: put your copy back"
        )


def _file(settings: Settings) -> Path | None:
    """The file of the database; None where it is a server's."""
    kind, _, path = settings.database().partition(":///")
    return Path(path) if kind == "sqlite" else None


def _sealed(file: Path) -> bool:
    """Whether anything was stored that a master key sealed."""
    with closing(sqlite3.connect(f"file:{quote(str(file))}?mode=ro", uri=True)) as db:
        there = db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'data_keys'").fetchone()[0]
        return bool(there and db.execute("SELECT count(*) FROM data_keys").fetchone()[0])


def key(settings: Settings) -> bytes:
    """The master key from the settings, else from KYC_HOME, where the first start makes one."""
    if given := settings.master():
        return given
    path = settings.kyc_home / "master.key"
    try:
        found, new = master_key(path)
    except ValueError as error:
        raise SettingsError(f"{path}: {error}") from None
    if new:
        log.warning(
            "made a master key: %s. Keep a copy of it apart: without it nothing stored can be read.", path
        )
    return found
