"""`monitor replay`, `monitor backtest`, `monitor rules`: the rules over a file, over what is stored, and in words."""

from __future__ import annotations

import argparse
import asyncio
import codecs
import gc
import json
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from bot.monitoring.known import Profile
    from bot.settings import Settings


def add(commands: Any) -> None:
    """`monitor` and what it does."""
    monitor = commands.add_parser("monitor", help="watch what money does")
    what = monitor.add_subparsers(dest="what", required=True)
    replay = what.add_parser("replay", help="run a file of transactions through the rules")
    replay.add_argument("file", type=Path, metavar="FILE.csv")
    replay.add_argument("--json", action="store_true", help="one JSON object a line")
    replay.set_defaults(do=_replay)
    back = what.add_parser("backtest", help="try one rule on the stored past")
    back.add_argument("rule", metavar="RULE", help="its name, as `monitor rules` prints it")
    back.add_argument("--since", type=since, default=timedelta(days=90), help="like 90d or 12h")
    back.add_argument("--json", action="store_true", help="one JSON object a line")
    back.set_defaults(do=_backtest)
    rules = what.add_parser("rules", help="every rule, who may know, and what it looks for")
    rules.set_defaults(do=_rules)


def nobody(_: set[str]) -> dict[str, Profile]:
    """Where no store is asked."""
    return {}


def _replay(settings: Settings, asked: argparse.Namespace) -> int:
    from bot.cli.profiles import known_profiles
    from bot.cli.rates import own_rates

    own_rates(settings)
    return replay_file(asked.file, as_json=asked.json, of=partial(known_profiles, settings))


def replay_file(path: Path, *, as_json: bool, of: Callable[[set[str]], dict[str, Profile]] = nobody) -> int:
    """As `replay`; 2 as well where there is no such file, or it is written in UTF-16."""
    try:
        with path.open("rb") as file:
            if file.read(2) in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
                _say(f"kycbot: {path} is written in UTF-16; save it as UTF-8")
                return 2
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as text:
            return replay(text, as_json=as_json, of=of)
    except OSError as error:
        _say(f"kycbot: {path}: {error.strerror}")
        return 2


def replay(file: TextIO, *, as_json: bool, of: Callable[[set[str]], dict[str, Profile]] = nobody) -> int:
    """Print each alert, then a summary. Bad rows are named on stderr, the first ones, and left out.

    1 where there were any, 2 where the header is no use.

    `of`: what is known of sellers of these names.
    """
    from bot.cli.rows import Rows
    from bot.monitoring.engine import found
    from bot.monitoring.known import UNKNOWN

    start = time.perf_counter()
    with unhindered():
        rows = Rows(file, _say)
        if rows.trouble:
            _say(f"kycbot: {rows.trouble}")
            return 2
        events = list(rows)
        asked = time.perf_counter()
        known = of({event.seller for event in events})
        start += time.perf_counter() - asked  # the store's time, not the rules'
        alerts = found(events, lambda name: known.get(name, UNKNOWN))
    took = time.perf_counter() - start
    for one in alerts:
        _print(_line(one, as_json=as_json))
    summary = {"transactions": len(events), "alerts": len(alerts), "tx_per_s": round(len(events) / took)}
    summary |= {"refused": rows.refused} if rows.refused else {}
    _print(json.dumps(summary) if as_json else _plainly(summary))
    if rows.refused and events:
        _say(f"kycbot: {rows.refused:,} of {rows.refused + len(events):,} rows were refused")
    elif not events:
        _say("kycbot: every row was refused" if rows.refused else "kycbot: there are no transactions in it")
    return 1 if rows.refused else 0


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


def _plainly(summary: Mapping[str, int]) -> str:
    return ", ".join(f"{value:,} {name}" for name, value in summary.items())


@contextmanager
def unhindered() -> Iterator[None]:
    """A million rows hold no cycles: looking for them again and again takes longer than the rules."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _line(one: Any, *, as_json: bool) -> str:
    alert = one.alert()
    at = f"{alert.at:%Y-%m-%dT%H:%M:%SZ}"
    kind = "quiet" if alert.quiet else "ask"
    if not as_json:
        return f"{at}  {kind:5}  {one.seller}  {alert.rule}: {one.sentence()}"
    return json.dumps(
        {
            "seller": one.seller,
            "rule": alert.rule,
            "kind": kind,
            "at": at,
            "why": one.sentence(),
            "transactions": list(alert.transactions),
        },
        ensure_ascii=False,
    )


def _backtest(settings: Settings, asked: argparse.Namespace) -> int:
    from bot.cli.rates import own_rates
    from bot.monitoring.table import BY_NAME

    if asked.rule not in BY_NAME:
        _say(f"kycbot: there is no rule {asked.rule}; there are {', '.join(BY_NAME)}")
        return 2
    own_rates(settings)
    asyncio.run(backtest(settings, asked.rule, asked.since, as_json=asked.json))
    return 0


async def backtest(settings: Settings, rule: str, stretch: timedelta, *, as_json: bool) -> None:
    """Print the alerts that one rule would have raised over what is stored; nothing is recorded."""
    from bot.cli.profiles import profiles
    from bot.cli.store import existing
    from bot.monitoring.days import YEAR
    from bot.monitoring.engine import Engine
    from bot.monitoring.known import Profile
    from bot.monitoring.money import moved
    from bot.monitoring.table import BY_NAME
    from bot.monitoring.thresholds import USUAL_VOLUME

    storage = existing(settings)
    start = time.perf_counter()
    try:
        begins = datetime.now(UTC) - stretch
        usual = Profile(expected=USUAL_VOLUME)
        sellers = [each.seller for each in await storage.ledger.latest(begins)]
        known = await profiles(storage, sellers)
        engine, number = Engine(lambda name: known.get(name, usual), (BY_NAME[rule],)), 0
        async for each in storage.ledger.all_since(begins - timedelta(days=YEAR)):
            engine.take(moved(each))
            number += each.at >= begins
    finally:
        await storage.close()
    alerts = [one for one in engine.findings.sorted() if one.at >= begins.timestamp()]
    for one in alerts:
        _print(_line(one, as_json=as_json))
    took = time.perf_counter() - start
    summary = {"transactions": number, "alerts": len(alerts), "tx_per_s": round(number / took)}
    _print(json.dumps(summary) if as_json else _plainly(summary))


def _rules(_: Settings, __: argparse.Namespace) -> int:
    from bot.monitoring.table import RULES

    for rule in RULES:
        kind, when = (
            "quiet" if rule.quiet else "ask",
            "at once" if rule.monotone or rule.at_once else "when settled",
        )
        _print(f"{rule.name:24} {kind:6} {when:13} {rule.explained()}")
    return 0


def since(text: str) -> timedelta:
    """A stretch like 90d or 12h. Raises ArgumentTypeError."""
    found = re.fullmatch(r"([0-9]{1,5})([dh])", text)
    if found is None:
        raise argparse.ArgumentTypeError("expected a stretch like 90d or 12h")
    number = int(found[1])
    return timedelta(days=number) if found[2] == "d" else timedelta(hours=number)
