"""What is due without anyone's hand, and when: reminders of what is open, notices before a document runs out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from babel.core import get_global

from bot.model import Case, Nudge, Stage, State
from bot.standing import OURS, Item, Standing, has_left

WAKING = (time(9), time(20))  # the seller's own hours in which we may begin to speak
APART = timedelta(hours=20)  # between two follow-ups of one case

Due = tuple[datetime, Nudge]


@cache
def zone(country: str) -> ZoneInfo:
    """The first time zone CLDR names for a country (its most populous); UTC where the country is unknown."""
    zones = get_global("territory_zones").get(country, ())
    return ZoneInfo(str(zones[0]) if zones else "UTC")


def waking(instant: datetime, country: str) -> datetime:
    """The instant itself in waking hours, else the next morning there; aware, UTC."""
    local = instant.astimezone(zone(country))
    if WAKING[0] <= local.time() < WAKING[1]:
        return instant
    morning = local.date() + timedelta(days=local.time() >= WAKING[1])
    return datetime.combine(morning, WAKING[0], zone(country)).astimezone(UTC)


def next_nudge(case: Case, standing: Standing, now: datetime) -> Due | None:
    """The one follow-up that is to go out next, and when."""
    country = standing.facts.value("country")
    due = min((*_open(standing), *_expiry(standing, case, now)), key=lambda d: d[0], default=None)
    if due is None:
        return None
    last = standing.facts.nudges[-1][1].at + APART if standing.facts.nudges else case.opened_at
    return waking(max(due[0], last), country), due[1]


def abandoned_at(case: Case, standing: Standing) -> datetime | None:
    """When a registration that its seller left is erased, as the notice promises; None where it is our turn."""
    if has_left(standing):
        return standing.facts.decision[1].at if standing.facts.decision else None
    if standing.stage is not Stage.COLLECTING or any(item.state in OURS for item in standing.items):
        return None
    heard = standing.facts.heard
    last = case[heard].at if heard else case.opened_at
    return last + timedelta(days=standing.policy.abandoned)


def _open(standing: Standing) -> Iterator[Due]:
    """The reminder thread: the seller's turn, nothing of ours owed, counted from our last word."""
    if standing.next is None or standing.facts.told is None or standing.stage is Stage.IN_REVIEW:
        return
    if any(item.state in OURS for item in standing.items):
        return
    sequence, told = standing.facts.told
    sent = sum(1 for s, nudge in standing.facts.nudges if s > sequence and nudge.thread == "open")
    if sent < len(standing.policy.reminders):
        at = told.at + timedelta(days=standing.policy.reminders[sent])
        yield at, Nudge(at, "open", sent + 1, standing.next)


def _expiry(standing: Standing, case: Case, now: datetime) -> Iterator[Due]:
    """The thread before a document runs out: of several steps that are due, only the nearest to the day goes out."""
    if standing.stage is not Stage.APPROVED:
        return
    for item in standing.items:
        if item.state is State.SATISFIED and item.until:
            steps = list(_steps(standing, item, case))
            yield from [due for due in steps if due[0] <= now][-1:] or steps[:1]


def _steps(standing: Standing, item: Item, case: Case) -> Iterator[Due]:
    """What is left of the thread for one document, earliest first."""
    until, country = date.fromisoformat(item.until), standing.facts.value("country")
    nudges = (
        n for s, n in standing.facts.nudges if s > item.of and n.thread == "expiry" and n.key == item.key
    )
    sent = min((nudge.step for nudge in nudges), default=10_000)
    approved = standing.facts.decision[1].at if standing.facts.decision else case.opened_at
    for days in standing.policy.expiry:
        at = datetime.combine(until - timedelta(days=days), WAKING[0], zone(country)).astimezone(UTC)
        if days < sent and at > approved:
            yield at, Nudge(at, "expiry", days, item.key)


def offset(said: str, now: datetime) -> int:
    """Minutes ahead of UTC where the clock now shows `said` ("14:30"): the nearest quarter of an hour, -720 to 840."""
    hours, minutes = map(int, said.split(":"))
    ahead = (hours * 60 + minutes) - (now.hour * 60 + now.minute)
    ahead = round(ahead / 15) * 15
    return ahead - 1440 if ahead > 840 else ahead + 1440 if ahead < -720 else ahead
