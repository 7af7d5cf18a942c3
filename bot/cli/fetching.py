"""`lists refresh`: fetches the watchlists that LISTS_URLS names, only what is new where the address can tell."""

from __future__ import annotations

import argparse
import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.cli.indexed import indexed
from bot.cli.loading import Part, own_day, parsed, say, shrunk, sourced, take, watchlists
from bot.settings import Settings, SettingsError

DAY = timedelta(days=1)
MINUTES = 5
LARGEST = 1 << 29  # bytes of an answer; the largest list, OpenSanctions whole, has half of it
OK, UNCHANGED = 200, 304
MEMORY = "lists.json"  # in KYC_HOME


Place = tuple[str, str]  # a list and its part


@dataclass(frozen=True, slots=True)
class Seen:
    """What an address gave last, and what of it was stored: the list's part and its digest.

    `etag` and `modified` are what the server said to ask it with, "" where it said nothing. `at`: ISO 8601.
    """

    at: str
    list: str
    part: str
    digest: str
    etag: str = ""
    modified: str = ""

    @property
    def place(self) -> Place:
        return self.list, self.part

    def asking(self) -> dict[str, str]:
        """The headers of a conditional request (RFC 9110, section 13.1)."""
        said = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True, slots=True)
class Answer:
    """What stands at an address."""

    content: bytes
    etag: str
    modified: str


def add(what: Any) -> None:
    """`refresh` below `lists`."""
    refresh = what.add_parser("refresh", help="fetch what LISTS_URLS names")
    refresh.add_argument("--due", action="store_true", help="only addresses that gave nothing within a day")
    refresh.set_defaults(do=_refresh)


def addresses(settings: Settings) -> list[str]:
    return [url for url in re.split(r"[\s,]+", settings.lists_urls) if url]


def remembered(settings: Settings) -> dict[str, Seen]:
    """By address. Empty where nothing is known, or what is kept cannot be read: everything is then fetched anew."""
    try:
        kept = json.loads((settings.kyc_home / MEMORY).read_text("utf-8"))
        return {url: Seen(**seen) for url, seen in kept.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def due(settings: Settings, now: datetime) -> list[str]:
    """The addresses that gave nothing within a day; what they gave in a time to come, by a wrong clock, does not count."""
    seen = remembered(settings)
    return [
        url
        for url in addresses(settings)
        if url not in seen or abs(now - datetime.fromisoformat(seen[url].at)) >= DAY
    ]


def giving(settings: Settings, list_: str) -> list[str]:
    """The addresses that gave this list last."""
    seen = remembered(settings)
    return [url for url in addresses(settings) if url in seen and seen[url].list == list_]


def _refresh(settings: Settings, asked: argparse.Namespace) -> int:
    if not addresses(settings):
        raise SettingsError("LISTS_URLS: name the addresses to fetch")
    wanted = due(settings, datetime.now(UTC)) if asked.due else addresses(settings)
    return asyncio.run(_refreshed(settings, wanted))


async def _refreshed(settings: Settings, urls: Sequence[str]) -> int:
    """1 where an address gave no list; what the others gave is stored."""
    seen, asked = remembered(settings), Asked()
    async with watchlists(settings) as kept:
        loads = {(load.list, load.part): load for load in await kept.loads()}
        stored = {place: load.digest for place, load in loads.items()}
        for url in urls:
            before = seen.get(url)  # of no use where another was loaded meanwhile
            await asked.ask(url, before if before and stored.get(before.place) == before.digest else None)
        await asked.complete({url: seen[url].place for url in addresses(settings) if url in seen})
        lost = await shrunk(kept, [part for _, part in asked.news.values()])
        for url, (_, part) in list(asked.news.items()):
            if sentence := lost.get((part.list, part.part)):
                asked.refuse(url, sentence)
        for url in asked.same:
            _, day = own_day(loads[seen[url].place].source)
            seen[url] = await _again(kept, url, seen[url], day)
        await take(kept, [replace(part, source=url) for url, (_, part) in asked.news.items()])
        await indexed(kept, settings.kyc_home)  # so that nobody who screens waits for it
        stored = {(load.list, load.part): load.digest for load in await kept.loads()}
    for url, (answer, part) in asked.news.items():
        digest = stored[part.list, part.part]
        seen[url] = Seen(_now(), part.list, part.part, digest, answer.etag, answer.modified)
    _remember(settings.kyc_home / MEMORY, {url: seen[url] for url in addresses(settings) if url in seen})
    return 1 if asked.failed else 0


@dataclass(slots=True)
class Asked:
    """What addresses gave: something new, the same as before, or no list."""

    news: dict[str, tuple[Answer, Part]] = field(default_factory=dict)
    same: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)

    async def ask(self, url: str, before: Seen | None) -> None:
        try:
            answer = await fetched(url, before.asking() if before else {})
            if answer is None:
                self.same.add(url)
            else:
                self.news[url] = answer, parsed(answer.content, url.rpartition("/")[2].partition("?")[0])
        except (OSError, ValueError, TimeoutError) as error:
            self.failed.add(url)
            say(f"kycbot: {url}: {error or type(error).__name__}")

    def refuse(self, url: str, why: str) -> None:
        """What it gave is not taken."""
        del self.news[url]
        self.failed.add(url)
        say(f"kycbot: {url}: {why}")

    async def complete(self, places: Mapping[str, Place]) -> None:
        """Two addresses may give one part of a list between them: it is taken whole or not at all.

        `places`: which part each address gave before.
        """
        new = {(part.list, part.part) for _, part in self.news.values()}
        for url, place in places.items():
            if place in new and url not in self.news.keys() | self.failed:
                self.same.discard(url)
                await self.ask(url, None)
        lacking = {place for url, place in places.items() if url in self.failed}
        for url, (_, part) in list(self.news.items()):
            if (part.list, part.part) in lacking:
                say(f"kycbot: {url}: the old one stays, for another address gives the rest of it")
                del self.news[url]


async def _again(kept: Any, url: str, before: Seen, day: str) -> Seen:
    now = datetime.now(UTC)
    await kept.again(before.list, before.part, now, sourced(url, day))
    print(f"{before.list}: {url} has nothing new")
    return replace(before, at=now.isoformat())


def _now() -> str:
    return datetime.now(UTC).isoformat()


def _remember(path: Path, seen: Mapping[str, Seen]) -> None:
    """Whole or not at all: a cut file would only cost a fetch."""
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps({url: asdict(one) for url, one in seen.items()}, indent=1), "utf-8")
    beside.replace(path)


async def fetched(url: str, headers: Mapping[str, str]) -> Answer | None:
    """What stands at the address; None where that has not changed.

    Raises OSError, TimeoutError, ValueError where the answer is no file.
    """
    import aiohttp

    limit = aiohttp.ClientTimeout(total=60 * MINUTES, connect=30)
    try:
        async with aiohttp.ClientSession(timeout=limit) as web, web.get(url, headers=headers) as answer:
            if answer.status == UNCHANGED and headers:
                return None
            if answer.status != OK:
                raise ValueError(f"it answered {answer.status}")
            found = bytearray()
            async for part in answer.content.iter_chunked(1 << 20):
                found += part
                if len(found) > LARGEST:
                    raise ValueError(f"it is larger than {LARGEST >> 20} MB")
            said = answer.headers
            return Answer(bytes(found), said.get("ETag", ""), said.get("Last-Modified", ""))
    except (
        aiohttp.InvalidURL,
        aiohttp.NonHttpUrlClientError,
    ) as error:  # of another kind, or cut; also where another address leads to it
        raise ValueError(f"only http and https are fetched, and {error.args[0]} is no such address") from None
    except aiohttp.ClientError as error:
        raise OSError(str(error)) from None
