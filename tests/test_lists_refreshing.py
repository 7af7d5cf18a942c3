"""Lists fetched from real addresses: once a day, the old ones kept where an address does not answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web

from bot.cli.refreshing import DAY, oldest, refreshed, refreshing
from bot.settings import Settings
from storage import migrate
from storage.watchlists import StoredWatchlists
from tests.test_lists import SDN, UN

NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)


class Site:
    """A web server that gives files, or what `status` says."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.status = 200

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        text = {"/sdn.csv": SDN, "/un.xml": UN, "/page": "<html>not a list</html>"}[request.path]
        return web.Response(text=text if self.status == 200 else "", status=self.status)


@pytest.fixture
async def site() -> AsyncIterator[tuple[Site, str]]:
    found = Site()
    app = web.Application()
    app.router.add_get("/{name}", found.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield found, f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


def settings(home: Path, *urls: str) -> Settings:
    found = Settings(kyc_home=home, lists_urls=" ".join(urls))
    migrate(found.database())
    return found


async def loaded(found: Settings) -> dict[str, datetime]:
    stored = StoredWatchlists.open(found.database())
    try:
        return dict(await stored.loaded())
    finally:
        await stored.close()


async def test_lists_are_fetched_and_a_broken_address_loses_nothing(
    site: tuple[Site, str], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server, url = site
    caplog.set_level(logging.INFO)
    found = settings(tmp_path, f"{url}/sdn.csv", f"{url}/un.xml")
    assert await refreshed(found)
    before = await loaded(found)
    assert set(before) == {"OFAC SDN", "UN"}
    assert any("OFAC SDN: 3 added" in record.message for record in caplog.records)
    server.status = 500
    assert not await refreshed(found)
    assert await loaded(found) == before
    assert any("500" in record.message and record.levelname == "WARNING" for record in caplog.records)


async def test_what_is_no_list_is_said_and_the_others_are_taken(
    site: tuple[Site, str], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    _, url = site
    found = settings(tmp_path, f"{url}/page", f"{url}/un.xml", "http://127.0.0.1:9/nobody.csv")
    assert not await refreshed(found)
    assert set(await loaded(found)) == {"UN"}
    assert sum(record.levelname == "WARNING" for record in caplog.records) >= 2
    assert "Traceback" not in caplog.text


async def test_a_running_bot_fetches_at_its_start_and_is_then_done_for_a_day(
    site: tuple[Site, str], tmp_path: Path
) -> None:
    class Today:
        def now(self) -> datetime:
            return datetime.now(UTC)

    server, url = site
    found = settings(tmp_path, f"{url}/un.xml")
    stored = StoredWatchlists.open(found.database())
    try:
        task = asyncio.create_task(refreshing(found, stored, Today()))
        async with asyncio.timeout(60):
            while not await stored.loaded():  # noqa: ASYNC110 - another process tells the database, not us
                await asyncio.sleep(0.05)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert Today().now() - oldest(await stored.loaded(), NOW) < DAY
    finally:
        await stored.close()
    assert server.asked == ["/un.xml"]


@pytest.mark.parametrize(("ages", "age"), [((), 24), ((23,), 23), ((1, 25), 25)])
def test_the_oldest_list_counts(ages: tuple[int, ...], age: int) -> None:
    loads = {str(age): NOW - timedelta(hours=age) for age in ages}
    assert oldest(loads, NOW) == NOW - timedelta(hours=age)


async def test_a_list_that_no_address_gives_is_not_fetched_every_hour(
    site: tuple[Site, str], tmp_path: Path
) -> None:
    class Long:
        """A list that somebody loaded by hand long ago."""

        async def loaded(self) -> dict[str, datetime]:
            return {"By hand": NOW - timedelta(days=5)}

    class Now:
        looks = 0

        def now(self) -> datetime:
            self.looks += 1
            return NOW

    server, url = site
    found, clock = settings(tmp_path, f"{url}/un.xml"), Now()
    task = asyncio.create_task(refreshing(found, Long(), clock, again=0))
    async with asyncio.timeout(60):
        while clock.looks < 50:  # noqa: ASYNC110 - it looks without a pause
            await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert server.asked == ["/un.xml"]
