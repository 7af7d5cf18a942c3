"""What time alone does to a case that is due: its own news first, else one follow-up; never both in one turn."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from bot.followups import LATE, PAST, next_nudge, zone
from bot.model import Case, Nudge
from bot.ports import Message
from bot.speech import genuine, remind
from bot.staff import card
from bot.standing import Standing, stand
from bot.turn import PUT_OFF, Turn, extended, moved

ASKS = frozenset({"open", "later", "legal"})  # threads whose message ends with the question


def tick(case: Case, standing: Standing, now: datetime) -> Turn:
    """The turn of a case whose time has come; empty where nothing is due yet."""
    due = next_nudge(case, standing, now)
    if (moved(standing) and standing.facts.reachable) or due is None or due[0] > now:
        return Turn(asks=False, bulk=True)
    nudge = replace(due[1], at=now)
    again = (_card_anew(case, standing, nudge),) if nudge.thread == LATE or _past(nudge) else ()
    if nudge.thread == LATE:
        return Turn((nudge,), extra=again, asks=False, bulk=True)
    says = remind(standing, nudge, now)
    later = _later(standing, nudge, now)
    return Turn(
        (nudge,),
        says,
        extra=again,
        asks=nudge.thread in ASKS,
        bulk=True,
        later=later,
        closing=genuine(standing),
    )


def _past(nudge: Nudge) -> bool:
    return nudge.thread == "legal" and nudge.step == PAST


def _card_anew(case: Case, standing: Standing, nudge: Nudge) -> Message:
    """The card as a new message: an edit of the old one would call nobody."""
    after = extended(case, nudge)
    return replace(card(after, stand(after, standing.policy, nudge.at)), anew=True, bulk=True)


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
