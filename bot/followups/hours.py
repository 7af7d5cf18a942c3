"""The seller's own day: their time zone, and the hours in which we may begin to speak."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from babel.core import get_global

from bot.facts import Facts
from bot.model import Key

WAKING = (time(9), time(20))  # the seller's own hours in which we may begin to speak
QUARTER = 15  # minutes: every offset in use is a multiple of it
WEST, EAST = -720, 840  # minutes: no clock is further from UTC
DAY = 1440  # minutes
ALPHA_2 = 2  # letters of a country; CLDR keeps regions of the world in the same table
# Where most people of a country with several times of day live: the tz database's zone.tab (2026), by population;
# CLDR lists a country's zones by the alphabet.
MOST_PEOPLE = {
    "AU": "Australia/Sydney", "BR": "America/Sao_Paulo", "CA": "America/Toronto", "CD": "Africa/Kinshasa",
    "CL": "America/Santiago", "CN": "Asia/Shanghai", "EC": "America/Guayaquil", "ES": "Europe/Madrid",
    "FM": "Pacific/Chuuk", "GL": "America/Nuuk", "ID": "Asia/Jakarta", "KI": "Pacific/Tarawa",
    "MN": "Asia/Ulaanbaatar", "MX": "America/Mexico_City", "NZ": "Pacific/Auckland", "PF": "Pacific/Tahiti",
    "PG": "Pacific/Port_Moresby", "PT": "Europe/Lisbon", "RU": "Europe/Moscow", "UA": "Europe/Kyiv",
    "US": "America/New_York",
}  # fmt: skip


def zone(facts: Facts) -> tzinfo:
    """The seller's time zone: by the clock they told us, else their country's; UTC where unknown.

    A told clock that a zone of their country shows too is taken for that zone, so that summer time is kept.
    """
    country, told = facts.value("country"), facts.answers.get(Key("time"))
    ahead = _minutes(told.text) if told else None
    if told is None or ahead is None:
        return country_zone(country)
    same = (place for place in _zones(country) if _shows(place, told.at, ahead))
    return next(same, timezone(timedelta(minutes=ahead)))


@cache
def country_zone(country: str) -> ZoneInfo:
    """The zone in which most people of a country live; UTC where the country is unknown."""
    return next(_zones(country), ZoneInfo("UTC"))


def waking(instant: datetime, where: tzinfo) -> datetime:
    """The instant itself in waking hours, else the next morning there; aware, UTC."""
    local = instant.astimezone(where)
    if WAKING[0] <= local.time() < WAKING[1]:
        return instant
    return morning(local.date() + timedelta(days=local.time() >= WAKING[1]), where)


def morning(day: date, where: tzinfo) -> datetime:
    """The first waking instant of a day there; aware, UTC."""
    return datetime.combine(day, WAKING[0], where).astimezone(UTC)


def offset(said: str, now: datetime) -> int:
    """Minutes ahead of UTC where the clock now shows `said` ("14:30"): the nearest quarter of an hour, -720 to 840."""
    hours, minutes = map(int, said.split(":"))
    utc = now.astimezone(UTC)
    ahead = (hours * 60 + minutes) - (utc.hour * 60 + utc.minute)
    ahead = round(ahead / QUARTER) * QUARTER
    return ahead - DAY if ahead > EAST else ahead + DAY if ahead < WEST else ahead


def _zones(country: str) -> Iterator[ZoneInfo]:
    """Where most people live first."""
    names = (
        [str(name) for name in get_global("territory_zones").get(country, ())]
        if len(country) == ALPHA_2
        else []
    )
    main = MOST_PEOPLE.get(country)
    return (ZoneInfo(name) for name in dict.fromkeys([main, *names] if main else names))


def _shows(place: ZoneInfo, at: datetime, ahead: int) -> bool:
    """Whether a clock there shows the same time of day: Hawaii's is Kiribati's, a day apart."""
    there = place.utcoffset(at.astimezone(place))
    return there is not None and (there // timedelta(minutes=1) - ahead) % DAY == 0


def _minutes(text: str) -> int | None:
    """None where the text is no offset: it comes from a history, which may hold anything."""
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > len(str(DAY)):
        return None
    return int(text) if WEST <= int(text) <= EAST else None
