"""How many updates a second of CPU carries: the bot in a process of its own, sellers over real HTTP webhooks."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

from handlers.bench.sellers import Score, Seller, World
from handlers.bench.wire import Line, Listener, WireError, get

TOKEN = "12345:BENCHBENCHBENCHBENCHBENCHBENCHBENCH"  # noqa: S105 - of no bot
SECRET, PATH = "bench-secret-0123456789", "bench"
START_UP = 60.0  # seconds a bot gets until it answers /health
QUIET = 0.3  # seconds without a call after which a round's errands are done
PLAYERS: Mapping[str, Sequence[str]] = {
    "kycbot": ("-m", "bot", "run", "--webhook"),
    "floor": ("-m", "handlers.bench.floor"),
    "aiogram": ("-m", "handlers.bench.peer_aiogram"),
    "aiogram-riding": ("-m", "handlers.bench.peer_aiogram", "--riding"),
}


class StartError(Exception):
    """A bot did not come up; says what it wrote last."""


@dataclass
class Player:
    """One bot under load: its process, its door, and the Telegram it calls."""

    name: str
    port: int
    world: World
    rounds: list[dict[str, float]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    next_chat: int = 1_000_000

    async def play(self, sellers: int, turns: int, *, keep: bool = True) -> None:
        """One round of new sellers, all at once."""
        score, before, calls = Score(), await self.cpu(), self.world.calls
        while len(self.lines) < sellers:  # kept from round to round, as Telegram keeps its own
            self.lines.append(await Line.connect(self.port))
        start = perf_counter()
        await asyncio.gather(*(self._seller(line, score).play(turns) for line in self.lines))
        took = perf_counter() - start
        await self._quiet()
        cpu = await self.cpu() - before
        if keep and score.waits:
            self.rounds.append(_round(score, took, cpu, self.world.calls - calls))

    async def cpu(self) -> float:
        """Seconds of CPU the bot's process has used, by its own accounting."""
        line = await Line.connect(self.port)
        _, body = await line.ask(get("/metrics"))
        line.close()
        return float(
            next(row for row in body.decode().splitlines() if row.startswith("process_cpu_seconds")).split()[
                1
            ]
        )

    def _seller(self, line: Line, score: Score) -> Seller:
        self.next_chat += 1
        return Seller(
            self.next_chat, line, self.world, f"/telegram/{PATH}", SECRET, score, self.next_chat * 1000
        )

    async def _quiet(self) -> None:
        seen = -1
        while seen != self.world.calls:
            seen = self.world.calls
            await asyncio.sleep(QUIET)


def _round(score: Score, took: float, cpu: float, calls: int) -> dict[str, float]:
    waits = sorted(score.waits)
    return {
        "updates": len(waits),
        "updates_per_s": len(waits) / took,
        "cpu_us_per_update": cpu / len(waits) * 1e6,
        "p50_ms": statistics.median(waits) * 1e3,
        "p99_ms": waits[int(len(waits) * 0.99)] * 1e3,
        "taps": score.taps,
        "riding": score.riding,
        "calls": calls,
        "errors": score.errors,
    }


def summary(player: Player) -> dict[str, Any]:
    """Sums of what is counted, medians over the rounds of what is measured."""
    summed = {"updates", "taps", "riding", "calls", "errors"}
    names = player.rounds[0] if player.rounds else {}
    figures = {
        name: int(sum(values)) if name in summed else round(statistics.median(values), 2)
        for name in names
        for values in ([one[name] for one in player.rounds],)
    }
    return {"bot": player.name, **figures}


@asynccontextmanager
async def started(name: str) -> AsyncIterator[Player]:
    """A bot that answers. Raises StartError."""
    world, loop = World(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: Listener(world.answer), "127.0.0.1", 0, backlog=1024)
    port = _free_port()
    with tempfile.TemporaryDirectory() as home:
        log = Path(home) / "bot.log"
        with log.open("wb") as output:
            process = await asyncio.create_subprocess_exec(
                sys.executable, *PLAYERS[name],
                env=_environment(server.sockets[0].getsockname()[1], port, home), stdout=output, stderr=output,
            )  # fmt: skip
        try:
            await _healthy(process, port, log)
            player = Player(name, port, world)
            yield player
            for line in player.lines:
                line.close()
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()
            server.close()


def _environment(api: int, port: int, home: str) -> dict[str, str]:
    return os.environ | {
        "TELEGRAM_API_URL": f"http://127.0.0.1:{api}",
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "WEBHOOK_SECRET": SECRET,
        "WEBHOOK_PATH": PATH,
        "PORT": str(port),
        "KYC_HOME": home,
    }


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


async def _healthy(process: asyncio.subprocess.Process, port: int, log: Path) -> None:
    end = perf_counter() + START_UP
    while perf_counter() < end and process.returncode is None:
        try:
            line = await Line.connect(port)
            status, _ = await line.ask(get("/health"))
            line.close()
        except (OSError, WireError):
            status = 0
        if status == 200:
            return
        await asyncio.sleep(0.1)
    raise StartError(f"the bot did not start; it wrote:\n{_tail(log)}")


def _tail(log: Path) -> str:
    return log.read_text("utf-8", "replace")[-2000:]


async def main(
    sellers: int = 200, turns: int = 12, rounds: int = 3, peer: str = "", bot: str = "kycbot"
) -> dict[str, Any]:
    """`sellers` at once, each with `turns` updates, `rounds` times; a peer takes turns with the bot.

    Every bot has one round before it counts. Raises StartError, KeyError on a bot that is not in PLAYERS.
    """
    async with AsyncExitStack() as stack:
        names = [bot, peer] if peer else [bot]
        players = [await stack.enter_async_context(started(name)) for name in names]
        for player in players:
            await player.play(sellers, min(turns, 6), keep=False)
        for _ in range(rounds):
            for player in players:
                await player.play(sellers, turns)
    result = {**summary(players[0]), "sellers": sellers, "turns": turns, "rounds": rounds}
    if peer:
        result["peer"] = summary(players[1])
        result["times_peer_per_cpu_second"] = round(
            result["peer"]["cpu_us_per_update"] / result["cpu_us_per_update"], 2
        )
    return result


def run(  # noqa: PLR0913 - the command line's options
    sellers: int = 200,
    turns: int = 12,
    rounds: int = 3,
    *,
    peer: str = "",
    bot: str = "kycbot",
    as_json: bool = True,
) -> dict[str, Any]:
    """Measure and print: one JSON line, or a figure a line."""
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        result = runner.run(main(sellers, turns, rounds, peer, bot))
    if as_json:
        sys.stdout.write(f"{json.dumps(result)}\n")
    else:
        sys.stdout.writelines(f"{name:28} {value}\n" for name, value in result.items())
    return result


def loop_factory() -> Any:
    """That of uvloop where it is installed; asyncio's own else."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop
