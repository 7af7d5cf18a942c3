"""The watchlists of a running bot: an index in memory, made anew whenever a load has changed what stands on them."""

from __future__ import annotations

import asyncio
import gc
import importlib.util
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bot.answers import country
from bot.cli.indexed import indexed
from bot.model import Match
from bot.ports import AwayError, StaleError
from bot.screened import Subject

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.ports import Clock, Parcel
    from bot.screening import Hit, Index
    from storage.watchlists import StoredWatchlists

log = logging.getLogger(__name__)
EVERY = 60.0  # seconds between two looks for a new load
NAMES_SHOWN, NOTES_SHOWN, LONGEST_NOTE = 6, 3, 200


class Delivers(Protocol):
    """Takes messages to their chats."""

    async def deliver(self, parcels: Sequence[Parcel]) -> None: ...


@dataclass
class Lists:
    """`lists` is "" where nobody may be approved by machine: see `stale`, or none can be read."""

    stored: StoredWatchlists
    clock: Clock
    home: Path | None = None  # where the index is kept; None makes it at each start
    _version: int = -1
    _index: Index | None = None
    _loaded: Mapping[str, tuple[datetime, ...]] = field(default_factory=dict)

    @property
    def lists(self) -> str:
        """The version in force."""
        if self._index is None:
            return ""
        from bot.screening import stale

        return "" if stale(self._loaded, self.clock.now()) else str(self._version)

    def screen(self, subject: Subject) -> tuple[Match, ...]:
        """Who this may be; half a millisecond."""
        from bot.screening import Subject as Sought
        from bot.screening import pair, screen

        if self._index is None:
            return ()
        places = tuple(filter(None, [_alpha_2(subject.country)]))
        sought = Sought(subject.who, subject.name, subject.born, places)
        hits = screen(self._index, subject.name, subject.born, places)
        return tuple(_match(subject, pair(sought, hit.list, hit.entity), hit) for hit in hits)

    async def refresh(self) -> bool:
        """Take up what was loaded since; whether anything on a list is otherwise than before."""
        self._loaded = await self.stored.loaded()
        version = await self.stored.version()
        if version == self._version or not self._loaded:
            return False
        if importlib.util.find_spec("rapidfuzz") is None or importlib.util.find_spec("rigour") is None:
            log.warning(
                "watchlists are loaded, but the extra «screening» is not installed: nobody is screened"
            )
            return False
        self._index = await indexed(self.stored, self.home)
        gc.freeze()  # the index is no garbage: to look through it again and again takes longer than screening
        self._version = version
        log.info("watchlists: version %s, %s names", version, len(self._index or ()))
        return True


def _match(subject: Subject, named: str, hit: Hit) -> Match:
    """Both sides as they stand now, for whoever compares them."""
    one = hit.entity
    return Match(
        named,
        subject.who,
        hit.matched,
        one.id,
        hit.list,
        round(hit.score * 100),
        hit.reason,
        born=subject.born,
        country=subject.country,
        names=tuple(name for name in one.names if name != hit.matched)[:NAMES_SHOWN],
        listed_born=one.born,
        listed_in=one.countries,
        notes=tuple(note[:LONGEST_NOTE] for note in one.notes[:NOTES_SHOWN]),
    )


def _alpha_2(code: str) -> str:
    """Documents name countries by three letters, answers by two."""
    if len(code) == 2 or not code:
        return code
    found = country(code)
    return found if isinstance(found, str) else ""


async def following(lists: Lists, desk: Desk, sender: Delivers) -> None:
    """Until cancelled: whoever a new load concerns is found, also one from while nothing ran, and compliance hears of it."""
    seen = ""
    while True:
        try:
            await lists.refresh()
            if lists.lists not in {"", seen}:
                async for parcels in desk.rescreen():
                    await sender.deliver(parcels)
                seen = lists.lists
        except (AwayError, StaleError) as error:
            log.warning("the watchlists are looked at again in a minute: %s", type(error).__name__)
        await asyncio.sleep(EVERY)
