"""The upload page's own door: what its link asks for, and the files that come through it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from bot.asking import impersonal
from bot.desk import Desk
from bot.model import BIOMETRIC, Case, Retention
from bot.ports import Parcel, Say, UnknownError
from bot.standing import Standing
from bot.turn import Turn
from bot.uploads import Door, Link, Links, door, submission


@dataclass(frozen=True, slots=True)
class Sight:
    """What the page of a link shows; `asks` says nothing of the seller, for anybody may hold a link."""

    door: Door
    language: str = "en"
    asks: Say | None = None


@dataclass(frozen=True, slots=True)
class Uploading:
    """The desk's door for files that came by HTTPS."""

    desk: Desk
    links: Links

    async def see(self, token: str) -> tuple[Sight, Link | None]:
        """Looking uses nothing up: previews of links look too."""
        link = self.links.read(token)
        if link is None:
            return Sight(Door.UNKNOWN), None
        try:
            case, standing = await self.desk.show(link.case)
        except UnknownError:
            return Sight(Door.UNKNOWN), None
        state = door(case, standing, link, self.desk.clock.now())
        asks = impersonal(standing, link.key) if state is Door.OPEN else None
        return Sight(state, case.language, asks), link

    async def take(self, link: Link, contents: Sequence[bytes]) -> tuple[Parcel, ...]:
        """Files into the vault, then the answer that names them; nothing where the page has closed meanwhile.

        What a crash leaves between the two lies under the case's keys and goes when they go. Raises UnknownError,
        StaleError, AwayError.
        """
        kept = Retention.BIOMETRICS if link.key.requirement in BIOMETRIC else Retention.IDENTITY
        names = [f"upload-{secrets.token_hex(8)}" for _ in contents]
        for name, content in zip(names, contents, strict=True):
            await self.desk.vault.put(link.case, name, content, kept)
        sizes = [len(content) for content in contents]

        def turn(case: Case, standing: Standing) -> Turn | None:
            now = self.desk.clock.now()
            if door(case, standing, link, now) is not Door.OPEN:
                return None
            return Turn((submission(link, names, sizes, now),))

        return await self.desk.change(link.case, turn, link.cause)
