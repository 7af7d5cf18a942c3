"""Changes that are held back: where the money goes, how the seller is reached; a person looks, and two days pass."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.model import Key

TELEGRAM = Key("telegram")
GUARDED = frozenset({Key("payout_account"), Key("contact"), TELEGRAM})
HOLD = timedelta(hours=48)  # whoever took an account over has to wait that long, and its owner hears of it


@dataclass(frozen=True, slots=True)
class Hold:
    """A change that is not in force yet. `sequence`: of its record; `former`: the answer that still holds, "" for none.

    `agreed`: a person has said yes to it.
    """

    sequence: int
    at: datetime
    former: str = ""
    agreed: bool = False

    def over(self, now: datetime) -> bool:
        """Whether the change is in force."""
        return self.agreed and now >= self.at + HOLD

    @property
    def ends(self) -> datetime:
        """The first instant at which the change may be in force."""
        return self.at + HOLD


def held(before: Hold | None, sequence: int, at: datetime, was: str) -> Hold:
    """A new change of what was `was`; what is in force stays what it was before any change that is still held."""
    waits = before is not None and not before.over(at)
    return Hold(sequence, at, before.former if before and waits else was)
