"""The schema: what the migrations make is what the classes say, on both databases."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.pool import NullPool
from sqlmodel import SQLModel

import storage.tables
from storage import OutdatedError, Storage, migrate
from storage.database import connect
from storage.migrate import HEAD, TABLES, configuration, driver_url
from tests.conftest import MASTER


def test_the_migrations_agree_with_the_classes(database_url: str) -> None:
    assert storage.tables.RecordRow.__tablename__ == "records"
    with create_engine(driver_url(database_url), poolclass=NullPool).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_a_repeat_changes_nothing(database_url: str) -> None:
    storage = Storage.open(database_url, Path(), MASTER)
    asyncio.run(storage.policies.adopt("1", "f", "tg:9", "why", datetime(2026, 11, 1, tzinfo=UTC)))
    migrate(database_url)
    assert asyncio.run(storage.policies.adopted()) == ("1", "f")
    asyncio.run(storage.close())


def test_there_is_a_way_back(database_url: str) -> None:
    config = configuration()
    with create_engine(driver_url(database_url), poolclass=NullPool).begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        assert inspect(connection).get_table_names() == ["alembic_version"]
    migrate(database_url)


def test_another_schema_is_not_touched(database_url: str, tmp_path: Path) -> None:
    with create_engine(driver_url(database_url), poolclass=NullPool).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'future'"))
    with pytest.raises(OutdatedError, match=f"schema future, this version needs {HEAD}"):
        Storage.open(database_url, tmp_path, MASTER)


def test_a_store_without_one_of_its_tables_does_not_open(database_url: str, tmp_path: Path) -> None:
    assert sorted(TABLES) == sorted(SQLModel.metadata.tables)
    with create_engine(driver_url(database_url), poolclass=NullPool).begin() as connection:
        connection.execute(text("DROP TABLE tallies"))
    with pytest.raises(OutdatedError, match=r"not whole: .*tallies.*; put it back"):
        Storage.open(database_url, tmp_path, MASTER)


def test_the_newest_step_is_the_one_that_is_named() -> None:
    assert ScriptDirectory.from_config(configuration()).get_current_head() == HEAD


def test_a_database_of_today_needs_no_alembic(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'kyc.db'}"
    migrate(url)
    say = "import sys; from storage import migrate; migrate(sys.argv[1]); print('alembic' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", say, url], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False"]


def test_a_new_folder_is_made(tmp_path: Path) -> None:
    migrate(f"sqlite:///{tmp_path}/not/yet/kyc.db")
    assert (tmp_path / "not/yet/kyc.db").exists()


def test_sqlite_is_safe_from_power_cuts_and_orphans(sqlite_url: str) -> None:
    db = connect(sqlite_url)
    pragmas = ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
    assert [db.row(f"PRAGMA {name}") for name in pragmas] == [("wal",), (2,), (1,), (1,)]
    db.close()
