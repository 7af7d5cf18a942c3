"""`run --polling` listens for the marketplace too: money needs no webhook of Telegram's."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import aiohttp
from pydantic import SecretStr

from bot.cli.assemble import NoReader, house
from bot.cli.serve import polling
from bot.settings import Settings
from handlers.jobs.clock import SystemClock
from handlers.playground.server import Playground

TOKEN = "123456:polling"
ROW = {
    "id": "t1",
    "seller": "s",
    "at": "2026-03-01T10:00:00Z",
    "amount": "5",
    "currency": "EUR",
    "direction": "in",
}


def _free() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


async def _posted(url: str, key: str) -> int:
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {key}"}) as http:
        for _ in range(200):
            try:
                async with http.post(url, json=ROW) as answer:
                    return answer.status
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.05)
    raise AssertionError("nothing listens")


async def test_transactions_are_taken_while_telegram_is_asked(tmp_path: Path) -> None:
    playground, port = Playground(token=TOKEN), _free()
    async with playground.serving() as origin:
        settings = Settings(
            kyc_home=tmp_path,
            telegram_bot_token=SecretStr(TOKEN),
            telegram_api_url=f"{origin}",
            api_key=SecretStr("k3y"),
            port=port,
            host="127.0.0.1",
        )
        async with house(settings, SystemClock(), NoReader(), create=True) as built:
            running = asyncio.ensure_future(polling(built))
            try:
                url = f"http://127.0.0.1:{port}/v1/transactions"
                assert [await _posted(url, key) for key in ("k3y", "other")] == [200, 401]
            finally:
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)
