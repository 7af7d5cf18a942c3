"""What the compliance officer and the settings add to a case for a report of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bot.reports.codes import Codes
from bot.reports.money import Money


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who reports: the number that the authority gave the marketplace, and its person. `branch` may be ""."""

    entity: int
    person: str
    email: str = ""
    branch: str = ""


@dataclass(frozen=True, slots=True)
class Brief:
    """What the compliance officer adds to a case. `name`: the seller's in Latin letters, where the case has none."""

    reporter: Reporter
    reference: str
    at: datetime
    money: Money
    codes: Codes = field(default_factory=Codes)
    reason: str = ""
    action: str = ""
    name: str = ""
    indicators: tuple[str, ...] = ()
