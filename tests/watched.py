"""A talk with watchlists of its own, and the compliance officer who rules on what is found in them."""

from __future__ import annotations

from typing import Any

from bot.cli.watching import Lists
from bot.model import Stage
from bot.screening import Entity, Kind
from storage.watchlists import StoredWatchlists
from tests.staffroom import OFFICER
from tests.talk import Talk

NAMESAKE = Entity("X-1", ("Ada Lovelace", "A. King"), Kind.PERSON, born=("1970",), countries=("GB",))
OTHER = Entity("X-2", ("Edward Hyde",), Kind.PERSON)


class Watched(Talk):
    """A talk with watchlists of its own."""

    lists: Lists

    def open(self) -> None:
        super().open()
        self.lists = Lists(StoredWatchlists.open(self.url), self.clock)
        self.desk.watchlists = self.lists

    async def load(self, *entities: Entity) -> list[str]:
        """A load, and what becomes of it in a running bot; what was said, to whom."""
        await self.lists.stored.load(
            "Drawn", {"main": {e.id: e for e in entities}}, self.clock.now(), "a test"
        )
        if not await self.lists.refresh():
            return []
        return [text async for parcels in self.desk.rescreen() for text in await self.keep(parcels)]

    async def stage(self) -> Stage:
        _, standing = await self.desk.show(await self.case())
        return standing.stage

    async def ruled(self, label: str) -> list[str]:
        """The compliance officer presses a button."""
        tap = self.data("compliance", label)
        return await self.keep(await self.desk.staff(self.given("compliance", OFFICER, tap=tap)))

    async def wrote(self, who: str = OFFICER, **what: Any) -> list[str]:
        """Somebody writes, or gives a command, where compliance alone reads."""
        return await self.keep(await self.desk.staff(self.given("compliance", who, **what)))

    async def sells(self) -> list[str]:
        await self.seller(command="start")
        heard = await self.finish()
        return heard + await self.drain()
