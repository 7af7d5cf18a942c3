"""Lists fetched from real addresses: once a day, the old ones kept where an address does not answer."""

from __future__ import annotations

import argparse
import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web

from bot.cli import fetching, lists
from bot.cli.fetching import DAY, due
from bot.cli.loading import own_day
from bot.cli.refreshing import refreshed, refreshing
from bot.settings import Settings
from storage import migrate
from storage.watchlists import StoredWatchlists
from tests.test_lists import ALT, SDN, UN

NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)


class Site:
    """A web server that gives files under their ETags, or what `status` says."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.sent: list[str] = []
        self.status = 200
        self.gone: set[str] = set()
        self.changed: dict[str, str] = {}
        self.leads: dict[str, str] = {}

    async def answer(self, request: web.Request) -> web.Response:
        path = request.path
        self.asked.append(path)
        files = {
            "/sdn.csv": SDN,
            "/alt.csv": ALT,
            "/un.xml": UN,
            "/page": "<html>not a list</html>",
        } | self.changed
        if self.status != 200 or path in self.gone:
            return web.Response(status=self.status if self.status != 200 else 404)
        if path in self.leads:
            return web.Response(status=302, headers={"Location": self.leads[path]})
        tag = f'"{hash(files[path])}"'
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304)
        self.sent.append(path)
        return web.Response(text=files[path], headers={"ETag": tag})


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


async def loaded(found: Settings) -> dict[str, tuple[datetime, ...]]:
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
    (tmp_path / "lists.json").unlink()  # else they are not due
    assert not await refreshed(found)
    assert await loaded(found) == before
    assert any("500" in record.message and record.levelname == "WARNING" for record in caplog.records)


async def test_a_list_that_lost_most_of_it_leaves_the_old_one(
    site: tuple[Site, str], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server, url = site
    first = SDN.splitlines()[0]
    rows = [first.replace("7001", str(9000 + n)) for n in range(300)]
    server.changed["/sdn.csv"] = "\n".join(rows)
    found = settings(tmp_path, f"{url}/sdn.csv", f"{url}/un.xml")
    assert await refreshed(found)
    before = await loaded(found)
    server.changed["/sdn.csv"] = "\n".join(rows[:100])
    (tmp_path / "lists.json").unlink()
    assert not await refreshed(found)
    now = await loaded(found)
    assert now["OFAC SDN"] == before["OFAC SDN"]
    assert now["UN"] > before["UN"]
    assert any("would lose 200 of 300" in record.message for record in caplog.records)


async def test_what_has_nothing_new_keeps_the_day_on_which_it_was_made(
    site: tuple[Site, str], tmp_path: Path
) -> None:
    server, url = site
    server.changed["/un.xml"] = UN.replace("<CONS", '<CONSOLIDATED_LIST dateGenerated="2026-02-27"><CONS', 1)
    server.changed["/un.xml"] += "</CONSOLIDATED_LIST>"
    found = settings(tmp_path, f"{url}/un.xml")
    for _ in range(2):
        assert await refresh(found) == 0
        stored = StoredWatchlists.open(found.database())
        (load,) = await stored.loads()
        await stored.close()
        assert own_day(load.source) == (f"{url}/un.xml", "2026-02-27")
    assert len(server.sent) == 1


async def test_what_came_in_a_time_to_come_is_fetched_again(site: tuple[Site, str], tmp_path: Path) -> None:
    _, url = site
    found = settings(tmp_path, f"{url}/un.xml")
    assert await refresh(found) == 0
    now = datetime.now(UTC)
    assert [due(found, now - ago) for ago in (timedelta(hours=1), 2 * DAY)] == [[], [f"{url}/un.xml"]]


async def test_what_is_no_list_is_said_and_the_others_are_taken(
    site: tuple[Site, str], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    _, url = site
    found = settings(tmp_path, f"{url}/page", f"{url}/un.xml", "http://127.0.0.1:9/nobody.csv")
    assert not await refreshed(found)
    assert set(await loaded(found)) == {"UN"}
    assert sum(record.levelname == "WARNING" for record in caplog.records) >= 2
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("wrong", ["ftp://example.org/sdn.csv", "sdn.csv", "file:///etc/passwd", "http://"])
async def test_what_is_no_address_of_the_web_is_said(
    tmp_path: Path, wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await refresh(settings(tmp_path, wrong)) == 1
    why = f"only http and https are fetched, and {wrong} is no such address"
    assert capsys.readouterr().err == f"kycbot: {wrong}: {why}\n"


async def test_an_address_that_leads_out_of_the_web_is_said(
    site: tuple[Site, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server, url = site
    server.leads["/un.xml"] = "ftp://example.org/un.xml"
    assert await refresh(settings(tmp_path, f"{url}/un.xml")) == 1
    assert "and ftp://example.org/un.xml is no such address" in capsys.readouterr().err


async def refresh(found: Settings, *options: str) -> int:
    """`lists refresh`, in this process: it runs a loop of its own."""
    parser = argparse.ArgumentParser()
    fetching.add(parser.add_subparsers())
    asked = parser.parse_args(["refresh", *options])
    return await asyncio.to_thread(asked.do, found, asked)


class Clock:
    """Goes where it is put; counts how often it was looked at."""

    def __init__(self) -> None:
        self.ahead, self.looks = timedelta(0), 0

    def now(self) -> datetime:
        self.looks += 1
        return datetime.now(UTC) + self.ahead


async def running(found: Settings, clock: Clock, until: Callable[[], bool]) -> None:
    """The bot's own fetching, with hardly a pause, until something is so."""
    task = asyncio.create_task(refreshing(found, clock, again=0.01))
    async with asyncio.timeout(60):
        while not until():  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_each_address_is_asked_once_a_day_and_again_after_a_failure(
    site: tuple[Site, str], tmp_path: Path
) -> None:
    server, url = site
    found, clock = settings(tmp_path, f"{url}/un.xml", f"{url}/sdn.csv"), Clock()
    server.gone = {"/sdn.csv"}
    await running(found, clock, lambda: server.asked.count("/sdn.csv") == 2)
    assert server.asked.count("/un.xml") == 1  # it gave its list
    server.gone, clock.ahead = set(), timedelta(0)
    await running(found, clock, lambda: not due(found, datetime.now(UTC)))
    assert server.asked.count("/un.xml") == 1
    seen = clock.looks
    await running(found, clock, lambda: clock.looks > seen + 50)
    asked = len(server.asked)
    assert due(found, datetime.now(UTC) + DAY - timedelta(minutes=2)) == []
    assert len(due(found, datetime.now(UTC) + DAY)) == 2
    assert len(server.asked) == asked


async def test_what_has_not_changed_is_not_sent_again_and_counts_as_fresh(
    site: tuple[Site, str], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server, url = site
    caplog.set_level(logging.INFO)
    found = settings(tmp_path, f"{url}/un.xml", f"{url}/sdn.csv")
    assert await refresh(found) == 0
    first = await loaded(found)
    assert await refresh(found) == 0
    assert server.sent == ["/un.xml", "/sdn.csv"]
    assert server.asked == server.sent * 2
    again = await loaded(found)
    assert all(again[name] > first[name] for name in first)
    server.changed["/un.xml"] = UN.replace(".900", ".901")
    assert await refresh(found) == 0
    assert server.sent == ["/un.xml", "/sdn.csv", "/un.xml"]


async def test_a_database_that_lacks_the_list_gets_it_whole(site: tuple[Site, str], tmp_path: Path) -> None:
    server, url = site
    found = settings(tmp_path, f"{url}/un.xml")
    assert await refresh(found) == 0
    found = Settings(
        kyc_home=tmp_path, lists_urls=found.lists_urls, database_url=f"sqlite:///{tmp_path}/new.sqlite3"
    )
    migrate(found.database())
    assert await refresh(found) == 0
    assert server.sent == ["/un.xml"] * 2
    assert set(await loaded(found)) == {"UN"}
    (tmp_path / "lists.json").write_text("{ cut", "utf-8")
    assert await refresh(found) == 0
    assert server.sent == ["/un.xml"] * 3


async def test_a_retired_list_that_is_still_named_is_told_of_and_comes_back(
    site: tuple[Site, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server, url = site
    found = settings(tmp_path, f"{url}/un.xml", f"{url}/sdn.csv")
    assert await refresh(found) == 0
    parser = argparse.ArgumentParser()
    lists.add(parser.add_subparsers())
    asked = parser.parse_args(["lists", "remove", "UN"])
    assert await asyncio.to_thread(asked.do, found, asked) == 0
    told = f"kycbot: LISTS_URLS still names {url}/un.xml, which gave it: it comes back from there\n"
    assert capsys.readouterr().err == told
    assert set(await loaded(found)) == {"OFAC SDN"}
    assert await refresh(found) == 0
    assert set(await loaded(found)) == {"OFAC SDN", "UN"}
    assert server.sent.count("/un.xml") == 2


async def entities(found: Settings, list_: str) -> int:
    stored = StoredWatchlists.open(found.database())
    try:
        return len((await stored.current())[list_])
    finally:
        await stored.close()


async def test_two_addresses_that_give_one_part_lose_nothing_of_each_other(
    site: tuple[Site, str], tmp_path: Path
) -> None:
    server, url = site
    found = settings(tmp_path, f"{url}/un.xml", f"{url}/un2.xml")
    server.changed["/un2.xml"] = UN.replace(".900", ".901")
    server.gone = {"/un2.xml"}
    assert await refresh(found) == 1
    assert await entities(found, "UN") == 2
    server.gone = set()
    assert await refresh(found, "--due") == 0  # the second comes an hour later
    assert await entities(found, "UN") == 4
    server.changed["/un2.xml"] += " "
    assert await refresh(found) == 0
    assert await entities(found, "UN") == 4
    server.changed["/un.xml"], server.gone = UN + " ", {"/un2.xml"}
    assert await refresh(found) == 1
    assert await entities(found, "UN") == 4  # half of it is no new version


async def test_a_part_that_grows_old_makes_its_list_old(site: tuple[Site, str], tmp_path: Path) -> None:
    server, url = site
    found = settings(tmp_path, f"{url}/sdn.csv", f"{url}/alt.csv")
    assert await refresh(found) == 0
    before = (await loaded(found))["OFAC SDN"]
    server.gone = {"/alt.csv"}
    assert await refresh(found) == 1
    assert min((await loaded(found))["OFAC SDN"]) == min(before)
