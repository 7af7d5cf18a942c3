"""`lists load`, `lists refresh`, `lists show`, `screen`: watchlists in, hits out."""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import re
import sys
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from bot.settings import Settings, SettingsError

SHOWN = 20  # names of a kind of change that are printed
MINUTES = 5
LARGEST = 1 << 29  # bytes of an answer; the largest list, OpenSanctions whole, has half of it
NONE_LOADED = "kycbot: no list is loaded: run `lists load FILE...` first"


def add(commands: Any) -> None:
    """`lists` and `screen`, and what they do."""
    lists = commands.add_parser("lists", help="load watchlists, say what changed")
    what = lists.add_subparsers(dest="what", required=True)
    load = what.add_parser("load", help="take files of OFAC, UN, EU, UK, OpenSanctions")
    load.add_argument("files", type=Path, nargs="+", metavar="FILE")
    load.set_defaults(do=_load)
    refresh = what.add_parser("refresh", help="fetch what LISTS_URLS names")
    refresh.set_defaults(do=_refresh)
    show = what.add_parser("show", help="which lists are loaded, since when")
    show.set_defaults(do=_show)
    screen = commands.add_parser("screen", help="names on stdin against the lists")
    screen.add_argument("--json", action="store_true", help="one JSON object a line")
    screen.set_defaults(do=_screen)


def _load(settings: Settings, asked: argparse.Namespace) -> int:
    files: list[tuple[str, bytes]] = []
    for path in asked.files:
        try:
            files.append((path.name, path.read_bytes()))
        except OSError as error:
            _say(f"kycbot: {path}: {error.strerror}")
            return 2
    return asyncio.run(_take(settings, files))


async def _take(settings: Settings, files: Sequence[tuple[str, bytes]]) -> int:
    """2 where a file is no list; then none of the call is stored."""
    from bot.readers.lists import ListFileError, parse

    found: dict[str, dict[str, dict[str, Any]]] = {}
    for name, data in files:
        try:
            part = parse(data, name)
        except ListFileError as error:
            _say(f"kycbot: {name}: {error}")
            return 2
        entities = found.setdefault(part.list, {}).setdefault(part.part, {})
        entities.update((record.id, entity_of(record)) for record in part.records)
    source = ", ".join(name for name, _ in files)
    async with watchlists(settings) as kept:
        for list_, parts in sorted(found.items()):
            change = await kept.load(list_, parts, datetime.now(UTC), source)
            _tell(change, len((await kept.current())[list_]))
    return 0


def entity_of(record: Any) -> Any:
    """What a file said, as the core has it."""
    from bot.screening import Entity, Kind

    return Entity(
        record.id,
        tuple(record.names),
        Kind(record.kind),
        tuple(record.born),
        tuple(record.countries),
        tuple(record.notes),
    )


@asynccontextmanager
async def watchlists(settings: Settings) -> AsyncIterator[Any]:
    """The store of lists alone, in the database of the settings; SQLite is brought to today's shape first."""
    from storage.migrate import migrate
    from storage.watchlists import StoredWatchlists

    settings.kyc_home.mkdir(parents=True, exist_ok=True)
    if settings.database().startswith("sqlite"):
        migrate(settings.database())
    kept = StoredWatchlists.open(settings.database())
    try:
        yield kept
    finally:
        await kept.close()


def _tell(change: Any, entries: int) -> None:
    if not change:
        print(f"{change.list}: nothing changed, {entries:,} entries")
        return
    counts = f"{len(change.added):,} added, {len(change.removed):,} removed, {len(change.changed):,} changed"
    print(f"{change.list}: {counts}, {entries:,} entries")
    for mark, some in (
        ("+", change.added),
        ("-", change.removed),
        ("~", tuple(now for _, now in change.changed)),
    ):
        for each in some[:SHOWN]:
            print(f"  {mark} {each.id}  {each.names[0]}")
        if len(some) > SHOWN:
            print(f"  {mark} and {len(some) - SHOWN:,} more")


def _refresh(settings: Settings, _: argparse.Namespace) -> int:
    urls = [url for url in re.split(r"[\s,]+", settings.lists_urls) if url]
    if not urls:
        raise SettingsError("LISTS_URLS: name the addresses to fetch")
    return asyncio.run(_fetch_and_take(settings, urls))


async def _fetch_and_take(settings: Settings, urls: Sequence[str]) -> int:
    """1 where an address did not answer; what the others gave is stored."""
    files, failed = [], 0
    for url in urls:
        try:
            files.append((url.rpartition("/")[2].partition("?")[0] or url, await fetched(url)))
        except (OSError, ValueError, TimeoutError) as error:
            failed = 1
            _say(f"kycbot: {url}: {error or type(error).__name__}")
    for some in _together(files):
        failed = max(failed, min(await _take(settings, some), 1))
    return failed


async def fetched(url: str) -> bytes:
    """What stands at the address. Raises OSError, TimeoutError, ValueError where the answer is no file."""
    import aiohttp

    limit = aiohttp.ClientTimeout(total=60 * MINUTES, connect=30)
    try:
        async with aiohttp.ClientSession(timeout=limit) as session, session.get(url) as answer:
            if answer.status != 200:
                raise ValueError(f"it answered {answer.status}")
            found = bytearray()
            async for part in answer.content.iter_chunked(1 << 20):
                found += part
                if len(found) > LARGEST:
                    raise ValueError(f"it is larger than {LARGEST >> 20} MB")
            return bytes(found)
    except aiohttp.ClientError as error:
        raise OSError(str(error)) from None


def _together(files: Sequence[tuple[str, bytes]]) -> list[list[tuple[str, bytes]]]:
    """OFAC's CSV files are one list and are taken at once; of the others each stands or falls alone."""
    csvs = [file for file in files if file[0].lower().endswith(".csv") and file[0].lower()[:4] != "targ"]
    rest = [[file] for file in files if file not in csvs]
    return [csvs, *rest] if csvs else rest


def _show(settings: Settings, _: argparse.Namespace) -> int:
    return asyncio.run(_shown(settings))


async def _shown(settings: Settings) -> int:
    from bot.screening import stale

    async with watchlists(settings) as kept:
        loads, loaded = await kept.loads(), await kept.loaded()
    for load in loads:
        print(f"{load.list:20} {load.part:5} {load.entities:7,}  {load.at:%Y-%m-%d %H:%M} UTC  {load.source}")
    why = stale(loaded, datetime.now(UTC))
    if why == "none":
        print("No list is loaded: nobody is approved by machine.")
    elif why == "old":
        print("A list is older than 7 days: nobody is approved by machine.")
    return 0


def _screen(settings: Settings, asked: argparse.Namespace) -> int:
    from bot.screening import index

    gc.disable()  # the index is no garbage: looking through it again and again takes longer than screening
    lists = asyncio.run(_current(settings))
    if not any(lists.values()):
        _say(NONE_LOADED)
        return 2
    found = index({list_: entities.values() for list_, entities in lists.items()})
    gc.freeze()
    gc.enable()
    for line in answers(found, lines(sys.stdin), as_json=asked.json):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
    return 0


async def _current(settings: Settings) -> Mapping[str, Mapping[str, Any]]:
    async with watchlists(settings) as kept:
        found: Mapping[str, Mapping[str, Any]] = await kept.current()
        return found


def lines(file: TextIO) -> Iterator[str]:
    """Lines as they come; bytes that are no UTF-8 become replacement marks."""
    buffer = getattr(file, "buffer", None)
    if buffer is None:
        yield from file
        return
    for line in iter(buffer.readline, b""):
        yield line.decode("utf-8", "replace")


def answers(index: Any, names: Iterable[str], *, as_json: bool) -> Iterator[str]:
    """One line for each line: name, birth date, country between tabs; the last two may be missing."""
    from bot.readers.lists.record import country, days
    from bot.screening import screen

    for line in names:
        name, born, where = [part.strip() for part in (line.rstrip("\r\n") + "\t\t").split("\t")[:3]]
        day = next(iter(days(born)), "") if born else ""
        places = [code] if where and (code := country(where)) else []
        hits = screen(index, name, day, places)
        yield as_line(name, hits) if as_json else _plainly(name, hits)


def as_line(name: str, hits: Iterable[Any]) -> str:
    """One JSON object, without a line break."""
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
    return json.dumps({"name": name, "hits": found}, ensure_ascii=False)


def _plainly(name: str, hits: Sequence[Any]) -> str:
    if not hits:
        return f"{name}: no hit"
    return "\n".join([f"{name}:", *(f"  {hit.score:.2f}  {hit.entity.id}  {hit.reason}" for hit in hits)])


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
