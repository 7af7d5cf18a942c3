"""`lists load`, `lists remove`, `lists show`, `screen`: watchlists in, hits out."""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.cli import fetching
from bot.cli.bulk import answered
from bot.cli.collector import settle
from bot.cli.indexed import indexed
from bot.cli.loading import Part, own_day, parsed, retire, say, shrunk, take, watchlists
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.screening import Load

STALE = {
    "none": "No list is loaded",
    "ahead": "A list was loaded at a time that is yet to come, by a clock that was wrong then or is wrong now",
    "old": "A list was last loaded more than 7 days ago",
}
NONE_LOADED = "kycbot: no list is loaded: run `lists load FILE...` first"


def add(commands: Any) -> None:
    """`lists` and `screen`, and what they do."""
    lists = commands.add_parser("lists", help="load watchlists, say what changed")
    what = lists.add_subparsers(dest="what", required=True)
    load = what.add_parser("load", help="take files of OFAC, UN, EU, UK, OpenSanctions")
    load.add_argument("files", type=Path, nargs="+", metavar="FILE")
    load.add_argument("--anyway", action="store_true", help="also where a list loses a fifth of its entries")
    load.set_defaults(do=_load)
    fetching.add(what)
    remove = what.add_parser("remove", help="retire a list that is loaded no more")
    remove.add_argument("list", metavar="LIST", help="its name, as `lists show` writes it")
    remove.set_defaults(do=_remove)
    show = what.add_parser("show", help="which lists are loaded, since when")
    show.set_defaults(do=_show)
    screen = commands.add_parser("screen", help="names on stdin against the lists")
    screen.add_argument("--json", action="store_true", help="one JSON object a line")
    screen.set_defaults(do=_screen)


def _load(settings: Settings, asked: argparse.Namespace) -> int:
    """2 where a file is no list; then none of the call is stored."""
    from bot.readers.lists import ListFileError

    parts: list[Part] = []
    for path in asked.files:
        try:
            parts.append(parsed(path.read_bytes(), path.name))
        except OSError as error:
            say(f"kycbot: {path}: {error.strerror}")
            return 2
        except ListFileError as error:
            say(f"kycbot: {path.name}: {error}")
            return 2
    return asyncio.run(_loaded(settings, parts, asked.anyway))


async def _loaded(settings: Settings, parts: Sequence[Part], anyway: bool) -> int:
    async with watchlists(settings) as kept:
        lost = {} if anyway else await shrunk(kept, parts)
        for sentence in lost.values():
            say(f"kycbot: {sentence}")
        if lost:
            return 2
        await take(kept, parts)
        await indexed(kept, settings.kyc_home)  # so that nobody who screens waits for it
    return 0


def _remove(settings: Settings, asked: argparse.Namespace) -> int:
    """2 where no list of this name is loaded."""
    return asyncio.run(_removed(settings, asked.list))


async def _removed(settings: Settings, list_: str) -> int:
    async with watchlists(settings) as kept:
        there = await kept.loaded()
        if list_ not in there:
            loaded = f"loaded: {', '.join(sorted(there))}" if there else "none is loaded"
            say(f"kycbot: no list {list_} is loaded; {loaded}")
            return 2
        await retire(kept, list_)
        await indexed(kept, settings.kyc_home)  # so that nobody who screens waits for it
    for url in fetching.giving(settings, list_):
        say(f"kycbot: LISTS_URLS still names {url}, which gave it: it comes back from there")
    return 0


def _show(settings: Settings, _: argparse.Namespace) -> int:
    return asyncio.run(_shown(settings))


async def _shown(settings: Settings) -> int:
    from bot.screening import stale

    async with watchlists(settings) as kept:
        loaded = await kept.loaded()
        loads = [load for load in await kept.loads() if load.list in loaded]  # others were retired
    for line in _table(loads):
        print(line)
    if why := stale(loaded, datetime.now(UTC)):
        print(f"{STALE[why]}: nobody is approved by machine.")
    return 0


def _table(loads: Sequence[Load]) -> Iterator[str]:
    """When each part was read, which is what counts, and the day that the list itself gives, "-" where it gives none."""
    width = max((len(load.list) for load in loads), default=0)
    if loads:
        yield f"{'list':{width}}  part  entries  {'loaded':20}  {'made on':10}  from"
    for load in loads:
        source, day = own_day(load.source)
        counted = f"{load.list:{width}}  {load.part:4}  {load.entities:7,}"
        yield f"{counted}  {load.at:%Y-%m-%d %H:%M} UTC  {day or '-':10}  {source}"


def _screen(settings: Settings, asked: argparse.Namespace) -> int:
    if sys.stdin is None:
        say("kycbot: the names to seek are expected on the standard input, which is closed")
        return 2
    gc.disable()  # the index is no garbage: looking through it again and again takes longer than screening
    found = asyncio.run(_index(settings))
    if found is None:
        say(NONE_LOADED)
        return 2
    settle()
    gc.enable()
    for line in answered(sys.stdin.buffer, partial(answer, found, as_json=asked.json)):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
    return 0


async def _index(settings: Settings) -> Any:
    async with watchlists(settings) as kept:
        return await indexed(kept, settings.kyc_home)


def answer(index: Any, line: str, *, as_json: bool) -> str:
    """To a line of name, birth date and country between tabs; the last two may be missing."""
    from bot.readers.lists.record import country, days
    from bot.screening import readable, screen

    name, born, where = [part.strip() for part in (line.rstrip("\r\n") + "\t\t").split("\t")[:3]]
    day = next(iter(days(born)), "") if born else ""
    places = [code] if where and (code := country(where)) else []
    hits = screen(index, name, day, places)
    beside = {"born": born and not day, "country": where and not places}
    unread = [field for field, lost in beside.items() if lost]
    unreadable = not hits and not readable(name)
    say = as_line if as_json else _plainly
    return say(name, hits, unread, unreadable=unreadable)


def as_line(name: str, hits: Iterable[Any], unread: Sequence[str] = (), *, unreadable: bool = False) -> str:
    """One JSON object, without a line break; where nothing of the name could be read it says so.

    `unread`: what else of the line means nothing, "born" or "country"; it was left out.
    """
    found = [
        {
            "entity": hit.entity.id,
            "matched": hit.matched,
            "list": hit.list,
            "score": hit.score,
            "reason": hit.reason,
        }
        for hit in hits
    ]
    marked: dict[str, object] = {"unreadable": True} if unreadable else {}
    marked |= {"unread": [*unread]} if unread else {}
    return json.dumps({"name": name, "hits": found, **marked}, ensure_ascii=False)


def _plainly(name: str, hits: Sequence[Any], unread: Sequence[str], *, unreadable: bool) -> str:
    without = f" ({' and '.join(unread)} could not be read)" if unread else ""
    if unreadable:
        return f"{name}: no name that can be read"
    if not hits:
        return f"{name}: no hit{without}"
    return "\n".join(
        [f"{name}:{without}", *(f"  {hit.score:.2f}  {hit.entity.id}  {hit.reason}" for hit in hits)]
    )
