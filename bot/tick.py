"""What time alone does to a case that is due: its own news first, else one follow-up; never both in one turn."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from bot.followups import LATE, PAST, next_nudge, zone
from bot.model import Case, Nudge
from bot.speech import genuine, remind
from bot.standing import Standing
from bot.turn import PUT_OFF, Turn, moved

ASKS = frozenset({"open", "later", "legal"})  # threads whose message ends with the question


def tick(case: Case, standing: Standing, now: datetime) -> Turn:
    """The turn of a case whose time has come; empty where nothing is due yet."""
    due = next_nudge(case, standing, now)
    if (moved(standing) and standing.facts.reachable) or due is None or due[0] > now:
        return Turn(asks=False, bulk=True)
    nudge = replace(due[1], at=now)
    if nudge.thread == LATE:
        return Turn((nudge,), asks=False, bulk=True, card=True, calls=True)
    says = remind(standing, nudge, now)
    later = _later(standing, nudge, now)
    return Turn(
        (nudge,),
        says,
        asks=nudge.thread in ASKS,
        bulk=True,
        later=later,
        closing=genuine(standing),
    )


def _past(nudge: Nudge) -> bool:
    return nudge.thread == "legal" and nudge.step == PAST


def _later(standing: Standing, nudge: Nudge, now: datetime) -> tuple[int, ...]:
    """The days for which this reminder may be put off: never to or past the day it is about."""
    if nudge.thread == "slow" or _past(nudge):
        return ()
    item = standing.item(nudge.key) if nudge.key else None
    ends = standing.due_by if nudge.thread != "expiry" else _day(item.until) if item else None
    left = (ends - now.astimezone(zone(standing.facts)).date()).days if ends else max(PUT_OFF) + 1
    return tuple(days for days in PUT_OFF if days < left)


def _day(iso: str) -> date | None:
    return date.fromisoformat(iso) if iso else None
