"""The seller's own day: time zones, told clocks, nights, mornings."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from babel import Locale
from babel.core import get_global

from bot.facts import Answer, Facts
from bot.followups import country_zone, offset, waking, zone
from bot.followups.hours import ALPHA_2, MOST_PEOPLE
from bot.model import Key, Nudge
from tests.followed import (
    DAY,
    NOON,
    asked_for_a_document,
)
from tests.world import START, World

# ---------------------------------------------------------------- the seller's day

ZONES = [
    ("DE", "", "2026-11-22T12:00", 60),
    ("DE", "", "2026-07-22T12:00", 120),
    ("JP", "", "2026-11-22T12:00", 540),
    ("US", "", "2026-11-22T12:00", -300),
    ("AU", "", "2026-11-22T12:00", 660),
    ("RU", "", "2026-11-22T12:00", 180),
    ("001", "", "2026-11-22T12:00", 0),
    ("US", "-480", "2026-11-22T12:00", -480),  # Los Angeles ...
    ("US", "-480", "2026-07-22T12:00", -420),  # ... keeps its summer time
    ("DE", "330", "2026-07-22T12:00", 330),  # a German seller in India: the clock they told stands
    ("", "-300", "2026-11-22T12:00", -300),
    ("", "", "2026-11-22T12:00", 0),
    ("DE", "Germany", "2026-11-22T12:00", 60),
    ("DE", "9999", "2026-11-22T12:00", 60),
    ("DE", "--5", "2026-11-22T12:00", 60),
    ("KI", "-600", "2026-11-22T12:00", 840),  # Kiribati's clock shows Hawaii's time, a day ahead
]


@pytest.mark.parametrize(("country", "told", "at", "minutes"), ZONES)
def test_the_zone_is_the_clock_they_told_else_the_countrys(
    country: str, told: str, at: str, minutes: int
) -> None:
    facts = Facts()
    facts.put(Key("country"), Answer(1, country, NOON, 1))
    if told:
        facts.put(Key("time"), Answer(2, told, NOON, 2))
    instant = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert instant.astimezone(zone(facts)).utcoffset() == timedelta(minutes=minutes)


OFFSETS = [
    ("12:00", "12:00", 0),
    ("14:00", "12:00", 120),
    ("14:07", "12:00", 120),
    ("14:08", "12:00", 135),
    ("07:00", "12:00", -300),
    ("17:30", "12:00", 330),
    ("17:45", "12:00", 345),
    ("00:30", "23:30", 60),
    ("23:30", "00:30", -60),
    ("00:00", "12:00", -720),
    ("23:59", "12:00", 720),
    ("19:00", "05:00", 840),
    ("19:15", "05:00", -585),
    ("03:00", "20:00", 420),
]


@pytest.mark.parametrize(("said", "utc", "minutes"), OFFSETS)
def test_the_offset_is_what_the_clock_shows_to_the_quarter_hour(said: str, utc: str, minutes: int) -> None:
    now = datetime.combine(NOON.date(), time.fromisoformat(utc), UTC)
    assert offset(said, now) == minutes
    assert offset(said, now.astimezone(country_zone("JP"))) == minutes


NIGHTS = [
    ("DE", "2026-11-22T03:00", "2026-11-22T08:00"),
    ("DE", "2026-11-22T19:00", "2026-11-23T08:00"),
    ("DE", "2026-11-22T18:59", "2026-11-22T18:59"),
    ("DE", "2026-07-22T03:00", "2026-07-22T07:00"),
    ("JP", "2026-11-22T23:59", "2026-11-23T00:00"),
    ("JP", "2026-11-22T12:00", "2026-11-23T00:00"),
    ("US", "2026-11-22T12:00", "2026-11-22T14:00"),
    ("US", "2026-11-23T01:30", "2026-11-23T14:00"),
]


@pytest.mark.parametrize(("country", "at", "then"), NIGHTS)
def test_at_night_we_wait_for_the_sellers_morning(country: str, at: str, then: str) -> None:
    instants = [datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (at, then)]
    assert waking(instants[0], country_zone(country)) == instants[1]


@pytest.mark.parametrize(("country", "hour"), [("Germany", 8), ("Japan", 0), ("United States", 14)])
def test_a_reminder_of_the_night_comes_in_the_morning_of_each_country(country: str, hour: int) -> None:
    world = World(now=START.replace(hour=2 if country == "Germany" else 13 if country == "Japan" else 4))
    world.given(command="start")
    world.tap("agree")
    world.given(text=country)
    world.passes(2 * DAY)
    (nudge,) = [r for r in world.case.history if isinstance(r, Nudge)]
    assert nudge.at.hour == hour


def test_a_worker_that_comes_late_waits_for_the_morning() -> None:
    world = asked_for_a_document()
    world.now = START.replace(day=3, hour=21)
    assert world.tick().messages == ()
    assert world.tick().index.due_at == START.replace(day=4, hour=8)


def test_every_country_with_several_times_of_day_has_its_own_named() -> None:
    several = set()
    for country in map(str, Locale("en").territories):
        names = map(str, get_global("territory_zones").get(country, ()))
        months = [NOON.replace(month=month) for month in (1, 7)]
        if len(country) == ALPHA_2 and country not in {"AQ", "UM", "ZZ"}:  # nobody sells from there
            offsets = {tuple(at.astimezone(ZoneInfo(name)).utcoffset() for at in months) for name in names}
            several |= {country} if len(offsets) > 1 else set()
    assert several == set(MOST_PEOPLE)
