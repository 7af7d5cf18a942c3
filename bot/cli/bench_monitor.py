"""`bench monitor`: the rules over drawn sellers, and single calls of the marketplace with a million rows stored."""

from __future__ import annotations

import argparse
import asyncio
import csv
import io
import json
import random
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import astuple
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from pydantic import SecretStr

from bot.cli.assemble import NoReader, house
from bot.cli.marketplace import marketplace
from bot.cli.monitor import unhindered
from bot.cli.rows import Rows
from bot.model import Transaction
from bot.monitoring import RULES, Found, found
from bot.monitoring.reading import COLUMNS
from bot.ports import Given
from bot.settings import Settings
from handlers.bench.bazaar import bazaar
from handlers.bench.fair import Fair, fair
from handlers.bench.fair_judged import judged_fair
from handlers.bench.money import Drawn, drawn, judged
from handlers.jobs.clock import SystemClock
from handlers.web.transactions import LARGEST
from handlers.web.webhook import serve

SELLERS = 1_000
TOKEN = "123456:bench"  # noqa: S105 - of no bot of Telegram's
BATCH = 5_000
SPREAD = timedelta(days=200)
ASKING = {rule.name for rule in RULES if not rule.quiet}


def run(settings: Settings, asked: argparse.Namespace) -> int:
    """Measure and print: one JSON line, or a figure a line."""
    figures = rules(drawn(asked.seed)) | {"bazaar": rules(bazaar(asked.seed))}
    told(
        f"{figures['transactions']} transactions of the first drawing, {figures['bazaar']['transactions']} of the second"
    )
    figures["fair"] = tried(fair(asked.seed))
    figures |= asyncio.run(calls(settings, asked.stored, asked.calls))
    if asked.json:
        sys.stdout.write(json.dumps(figures) + "\n")
    else:
        sys.stdout.writelines(f"{name:20} {value}\n" for name, value in figures.items())
    return 0


def told(line: str) -> None:
    """How far it is, on stderr."""
    sys.stderr.write(line + "\n")


def rules(drawing: Drawn) -> dict[str, Any]:
    """Rows a second from the file to the alerts, and precision and recall by rule, on drawn sellers."""
    alerts, speed = _replayed(drawing.rows)
    innocent, raised = set(drawing.ordinary), {(one.seller, one.rule.name) for one in alerts}
    quiet = {one.seller for one in alerts if one.rule.quiet}
    return speed | {
        "ordinary_sellers": len(innocent),
        "ordinary_alerted_quietly": len(quiet & innocent),
        "ordinary_asked": len({seller for seller, rule in raised if seller in innocent and rule in ASKING}),
        "missed": sorted(seller for seller, rule in drawing.guilty.items() if (seller, rule) not in raised),
        "rules": judged(raised, drawing),
    }


def tried(drawing: Fair) -> dict[str, Any]:
    """The same on the third drawing: how many of the ordinary are troubled, and which schemes are seen.

    `own`: by the rule that a scheme is meant for; `any`: by any. Either must name a transaction of the scheme.
    """
    alerts, speed = _replayed(drawing.rows)
    return speed | judged_fair(alerts, drawing)


def _replayed(rows: Sequence[Transaction]) -> tuple[list[Found], dict[str, Any]]:
    """The alerts over these rows as a file, and how fast they came."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow((*astuple(row)[:2], row.at.isoformat(), *astuple(row)[3:]))
    file.seek(0)
    start, cpu = time.perf_counter(), time.process_time()
    with unhindered():
        events = list(Rows(file, told))
        alerts = found(events)
    took, cpu = time.perf_counter() - start, time.process_time() - cpu
    return alerts, {
        "transactions": len(events),
        "tx_per_s": round(len(events) / took),
        "cpu_us_per_tx": round(cpu / len(events) * 1e6, 1),
    }


async def calls(settings: Settings, stored: int, number: int) -> dict[str, Any]:
    """Milliseconds of single calls over HTTP, one after the other, for sellers with a case and a history."""
    with tempfile.TemporaryDirectory() as home:
        key = secrets.token_hex(16)
        own = settings.model_copy(
            update={
                "kyc_home": Path(home),
                "database_url": "",
                "api_key": SecretStr(key),
                "telegram_bot_token": SecretStr(TOKEN),
            }
        )
        async with house(own, SystemClock(), NoReader(), create=True) as built:
            sellers = await _sellers(built, SELLERS)
            filling = time.perf_counter()
            for nth, batch in enumerate(_filling(sellers, stored, built.desk.clock.now())):
                await built.storage.ledger.add(batch)
                if nth % 20 == 0:
                    told(f"{nth * BATCH:,} of {stored:,} transactions stored")
            filled = stored / (time.perf_counter() - filling) if stored else 0
            app = web.Application(client_max_size=LARGEST)
            app.add_routes(marketplace(built).routes())
            server = await serve(app, 0, "127.0.0.1")
            url = f"http://127.0.0.1:{server.addresses[0][1]}/v1/transactions"
            try:
                waits = sorted(await _waits(url, key, sellers, number))
            finally:
                await server.cleanup()
    return {
        "stored": stored,
        "stored_per_s": round(filled),
        "calls": number,
        "call_p50_ms": round(waits[len(waits) // 2] * 1e3, 2),
        "call_p99_ms": round(waits[int(len(waits) * 0.99)] * 1e3, 2),
        "call_max_ms": round(waits[-1] * 1e3, 2),
    }


async def _sellers(built: Any, number: int) -> list[str]:
    for n in range(number):
        now = built.desk.clock.now()
        await built.desk.receive(Given(f"bench:{n}", now, f"tg:{n + 1}", f"tg:{n + 1}", command="start"))
    return [str(await built.storage.register.case_of(f"tg:{n + 1}")) for n in range(number)]


def _filling(sellers: list[str], stored: int, now: Any) -> Iterator[list[Transaction]]:
    draw = random.Random(1)
    for first in range(0, stored, BATCH):
        yield [
            Transaction(
                f"fill-{n}", draw.choice(sellers), now - SPREAD * (1 - n / stored), f"{draw.uniform(5, 90):.2f}",
                "EUR", "in", f"p{draw.randrange(10**6)}", "DE", "card", f"c{draw.randrange(10**6)}",
            )
            for n in range(first, min(stored, first + BATCH))
        ]  # fmt: skip


async def _waits(url: str, key: str, sellers: list[str], number: int) -> list[float]:
    draw, waits = random.Random(2), []
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {key}"}) as http:
        for n in range(number):
            at = SystemClock().now().isoformat()
            row = {
                "id": f"call-{n}", "seller": draw.choice(sellers), "at": at, "amount": f"{draw.uniform(5, 90):.2f}",
                "currency": "EUR", "direction": "in", "counterparty": f"p{n}", "counterparty_country": "DE",
                "method": "card", "card": f"c{n}",
            }  # fmt: skip
            start = time.perf_counter()
            async with http.post(url, json=row) as answer:
                await answer.read()
            waits.append(time.perf_counter() - start)
            if answer.status != 200:
                raise RuntimeError(f"a call was answered {answer.status}")
    return waits
