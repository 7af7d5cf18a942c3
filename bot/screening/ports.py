"""Where lists are kept, as screening sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.screening.change import Change
from bot.screening.entity import Entity

MAIN, MORE = "main", ("alt", "add")


@dataclass(frozen=True, slots=True)
class Load:
    """A part of a list was read. `source`: a file's name or an address."""

    list: str
    part: str
    at: datetime
    source: str
    entities: int
    added: int
    removed: int
    changed: int
    digest: str  # of all that the part holds


class Watchlists(Protocol):
    """Lists, each in its parts, each part with every version it had."""

    async def load(
        self, list_: str, parts: Mapping[str, Mapping[str, Entity]], at: datetime, source: str
    ) -> Change:
        """Puts these parts in the place of what they were; other parts stay. What it means for the whole list.

        The same content again changes nothing but the time of loading. All or nothing.
        """
        ...

    async def again(self, list_: str, part: str, at: datetime, source: str) -> None:
        """A part was asked for, and is what it was when it was last loaded."""
        ...

    async def current(self) -> dict[str, dict[str, Entity]]:
        """Every list as it stands, by id."""
        ...

    async def loads(self) -> tuple[Load, ...]:
        """The last load of each part."""
        ...

    async def version(self) -> int:
        """Moves whenever a load has changed anything: a process knows by it that its index is old."""
        ...

    async def loaded(self) -> dict[str, tuple[datetime, ...]]:
        """When each part of each list was last read; empty ones do not count."""
        ...
