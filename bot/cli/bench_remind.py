"""`bench remind`: what it costs to find whom a filter names and to say what becomes of each."""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

if TYPE_CHECKING:
    from bot.settings import Settings

TOKEN = "123456:bench"  # noqa: S105 - of no bot of Telegram's


def add(benches: Any) -> None:
    """`remind` among the sub-commands of `bench`."""
    remind = benches.add_parser("remind", help="reminders to many: sellers a second, nothing is sent")
    remind.add_argument("--json", action="store_true", help="one JSON line, as always")
    remind.add_argument("--sellers", type=int, default=2_000, metavar="N")
    remind.set_defaults(do=run)


def run(settings: Settings, asked: argparse.Namespace) -> int:
    """Prints `{"sellers", "reminded", "select_ms", "cpu_us_per_seller", "sellers_per_s"}`."""
    with tempfile.TemporaryDirectory() as folder:
        update = {"kyc_home": Path(folder), "database_url": "", "telegram_bot_token": SecretStr(TOKEN)}
        home = settings.model_copy(update=update)
        print(json.dumps(asyncio.run(_measured(home, asked.sellers))))
    return 0


async def _measured(settings: Settings, sellers: int) -> dict[str, float]:
    from bot.cli.assemble import NoReader, house
    from bot.ports import Given
    from handlers.jobs.clock import SystemClock

    async with house(settings, SystemClock(), NoReader(), create=True) as built:
        for n in range(sellers):
            chat, now = f"tg:{n + 1}", built.desk.clock.now()
            await built.desk.receive(Given(f"a{n}", now, chat, chat, command="start"))
            case = await built.storage.register.case_of(chat)
            assert case is not None, "it began just now"
            told = (await built.storage.cases.load(case)).told()[0]
            await built.desk.receive(Given(f"b{n}", now, chat, chat, tap=f"a:{told}:notice:agree"))
        start, began = time.process_time(), time.perf_counter()
        found = await built.storage.register.select({"stage": "collecting"})
        chosen = time.perf_counter() - began
        words = [(await built.desk.remind(case, dry=True))[0] for case in found]
        spent, took = time.process_time() - start, time.perf_counter() - began
    return {
        "sellers": len(found),
        "reminded": sum(word in {"reminded", "asleep"} for word in words),
        "select_ms": round(chosen * 1000, 2),
        "cpu_us_per_seller": round(spent / max(len(found), 1) * 1e6, 1),
        "sellers_per_s": round(len(found) / took),
    }
