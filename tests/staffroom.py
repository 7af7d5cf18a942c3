"""What the tests of the staff's chat share: a talk with names on cards, commands, replies, and doubtful papers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.cli.watching import Lists
from bot.desk import Desk
from bot.model import CaseId
from bot.screening import Entity, Kind
from storage.watchlists import StoredWatchlists
from tests.talk import Talk, seen
from tests.world import PASSPORT

DOUBTFUL = {**PASSPORT, "mrz_valid": "false", "mrz_failed": "number"}
NAMES = {"tg:900": "Ann Lee", "tg:901": "Olga", "tg:902": "Amir"}
REVIEWER, OFFICER, AGENT, STRANGER = "tg:900", "tg:901", "tg:902", "tg:1"


class Staffroom(Talk):
    """A seller, the staff by name, and what staff write."""

    watched = False

    def open(self) -> None:
        super().open()
        self.desk.names = NAMES

    async def restart(self) -> None:
        await super().restart()
        if self.watched:
            await self._watch()

    async def list(self, name: str) -> None:
        """Somebody of this name is on a watchlist from now on."""
        entity = Entity("X-1", (name,), Kind.PERSON, born=("1990-12-10",), countries=("GB",))
        stored = StoredWatchlists.open(self.url)
        await stored.load("Drawn", {"main": {entity.id: entity}}, self.clock.now(), "a test")
        self.watched = True
        await self._watch()

    async def _watch(self) -> None:
        lists = Lists(StoredWatchlists.open(self.url), self.clock)
        await lists.refresh()
        self.desk.watchlists = lists

    async def press(self, label: str, who: str = REVIEWER) -> str:
        return "\n\n".join(await self.staff(label, who))

    async def wrote(self, who: str = REVIEWER, desk: Desk | None = None, **what: Any) -> str:
        parcels = await (desk or self.desk).staff(self.given("staff", who, **what))
        return "\n\n".join(await self.keep(parcels))

    async def order(self, command: str, argument: str = "", who: str = AGENT) -> str:
        return await self.wrote(who, command=command, argument=argument)

    async def doubted(self) -> str:
        """A seller whose passport a person must look at; the card."""
        await self.seller(command="start")
        await self.finish("identity")
        return "\n\n".join(await self.photo(DOUBTFUL))

    async def approved(self) -> CaseId:
        await self.seller(command="start")
        await self.finish()
        return await self.case()

    async def prompted(self, *labels: str, who: str = REVIEWER) -> str:
        """The prompt for one's own words, as a client shows it."""
        for label in labels:
            await self.staff(label, who)
        tap = self.data("staff", "In my own words …")
        parcels = await self.desk.staff(self.given("staff", who, tap=tap))
        heard = [h.removeprefix("staff: ") for h in await self.keep(parcels)]
        return next(text for text in heard if "Ref: " in text)


def staffroom(folder: Path) -> Staffroom:
    return Staffroom(f"sqlite:///{folder / 'kyc.sqlite3'}", folder)


__all__ = ["AGENT", "DOUBTFUL", "OFFICER", "REVIEWER", "STRANGER", "Staffroom", "seen", "staffroom"]
