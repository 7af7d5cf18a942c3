"""The webhook over real HTTP: who is let in, what is answered, and what a shutdown leaves behind."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from bot.ports import AwayError, StaleError
from handlers.web.webhook import LARGEST_UPDATE, SECRET, Webhook, serve, stop
from tests.botapi import check
from tests.edge import BotApi, ScriptedDesk, bot_api, edge_of, parcel, renamed, tapped, tiny_words, wrote

HEADERS = {SECRET: "s3cret"}


class Site:
    """A webhook that listens."""

    def __init__(self, url: str, hook: Webhook, desk: ScriptedDesk, server: BotApi) -> None:
        self.url, self.hook, self.desk, self.server = url, hook, desk, server
        self.well = True

    async def healthy(self) -> bool:
        if not self.well:
            raise ConnectionError("away")
        return True


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    desk = ScriptedDesk()
    async with bot_api() as (server, api):
        edge = edge_of(api, tiny_words(tmp_path), desk)
        hook = Webhook(edge, "s3cret", "/abc/")
        runner = await serve(hook.app(), 0, "127.0.0.1")
        site = Site(f"http://127.0.0.1:{runner.addresses[0][1]}", hook, desk, server)
        hook.healthy = site.healthy
        yield site
        await stop(runner, edge)


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def test_the_reply_rides_in_the_answer(site: Site, http: aiohttp.ClientSession) -> None:
    async with http.post(f"{site.url}/telegram/abc", json=wrote(1), headers=HEADERS) as answer:
        assert answer.status == 200
        assert answer.content_type == "application/json"
        call = await answer.json()
    assert (call["method"], call["chat_id"], call["text"]) == ("sendMessage", 7, "A question?")
    check(call["method"], call)


async def test_the_same_update_twice_is_answered_alike_and_counts_once(
    site: Site, http: aiohttp.ClientSession
) -> None:
    answers = []
    for _ in range(2):
        async with http.post(f"{site.url}/telegram/abc", json=tapped(1), headers=HEADERS) as answer:
            answers.append(await answer.read())
    assert answers[0] == answers[1]
    assert len(site.desk.received) == 1


@pytest.mark.parametrize("headers", [{}, {SECRET: ""}, {SECRET: "s3cre"}, {SECRET: "s3cret "[:-1] + "x"}])
async def test_strangers_are_not_let_in(
    site: Site, http: aiohttp.ClientSession, headers: dict[str, str]
) -> None:
    async with http.post(f"{site.url}/telegram/abc", json=wrote(1), headers=headers) as answer:
        assert answer.status == 401
    assert site.desk.received == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 400),
        (b'"x"', 400),
        (b"", 400),
        (b"\xff", 400),
        (b" " * (LARGEST_UPDATE + 1), 413),
    ],
)
async def test_what_is_no_update_is_refused(
    site: Site, http: aiohttp.ClientSession, body: bytes, status: int
) -> None:
    async with http.post(f"{site.url}/telegram/abc", data=io.BytesIO(body), headers=HEADERS) as answer:
        assert answer.status == status


async def test_an_endless_update_is_refused_in_an_application_that_takes_uploads(
    site: Site, http: aiohttp.ClientSession
) -> None:
    app = web.Application(client_max_size=10 * LARGEST_UPDATE)
    app.add_routes(site.hook.routes())
    runner = await serve(app, 0, "127.0.0.1")
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/telegram/abc"
    async with http.post(url, data=io.BytesIO(b" " * (LARGEST_UPDATE + 1)), headers=HEADERS) as answer:
        assert answer.status == 413
    await runner.cleanup()


async def test_another_path_is_nothing(site: Site, http: aiohttp.ClientSession) -> None:
    async with http.post(f"{site.url}/telegram/xyz", json=wrote(1), headers=HEADERS) as answer:
        assert answer.status == 404


@pytest.mark.parametrize(
    ("trouble", "status"), [(StaleError(), 503), (AwayError(), 503), (RuntimeError("bug"), 500)]
)
async def test_what_was_not_saved_is_to_come_again(
    site: Site, http: aiohttp.ClientSession, trouble: Exception, status: int
) -> None:
    site.desk.raises = [trouble]
    async with http.post(f"{site.url}/telegram/abc", json=wrote(1), headers=HEADERS) as answer:
        assert answer.status == status
        assert ("Retry-After" in answer.headers) == (status == 503)
    async with http.post(f"{site.url}/telegram/abc", json=wrote(1), headers=HEADERS) as answer:
        assert answer.status == 200
    assert len(site.desk.received) == 1


async def test_nothing_to_say_is_an_empty_answer(site: Site, http: aiohttp.ClientSession) -> None:
    site.desk.script = lambda _: ()
    async with http.post(f"{site.url}/telegram/abc", json=wrote(1), headers=HEADERS) as answer:
        assert (answer.status, await answer.read()) == (200, b"")


async def test_health_and_metrics(site: Site, http: aiohttp.ClientSession) -> None:
    for number in range(3):
        await http.post(f"{site.url}/telegram/abc", json=renamed(wrote(1), number), headers=HEADERS)
    async with http.get(f"{site.url}/metrics") as answer:
        lines = (await answer.text()).splitlines()
    values = dict(line.split() for line in lines if not line.startswith("#"))
    assert values["updates_total"] == values["replies_in_response_total"] == "3"
    assert float(values["process_cpu_seconds_total"]) > 0
    async with http.get(f"{site.url}/health") as answer:
        assert answer.status == 200
    site.well = False
    async with http.get(f"{site.url}/health") as answer:
        assert answer.status == 503


async def test_a_shutdown_finishes_what_is_under_way(tmp_path: Path, http: aiohttp.ClientSession) -> None:
    desk = ScriptedDesk(pause=0.1, script=lambda given: (parcel(1, given.chat), parcel(2, "staff")))
    async with bot_api() as (server, api):
        edge = edge_of(api, tiny_words(tmp_path), desk)
        runner = await serve(Webhook(edge, "s3cret", "abc").app(), 0, "127.0.0.1")
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/telegram/abc"
        asking = asyncio.create_task(http.post(url, json=wrote(1), headers=HEADERS))
        await desk.begun.wait()
        await stop(runner, edge)
        answer = await asking
        assert answer.status == 200
        assert (await answer.json())["text"] == "A question?"
        assert server.methods() == ["sendMessage"]
