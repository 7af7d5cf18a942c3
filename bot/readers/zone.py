"""From a picture to its machine-readable zone: long thin strips, grouped into rows, read in the zone's alphabet."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.readers.mrz_find import find, key
from bot.readers.text import Strip, cut, engine

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    import numpy as np
    from numpy.typing import NDArray

    from bot.readers.mrz import Mrz
    from bot.readers.text import Row

THINNEST = (
    9.0  # length to height of a row of 30 letters with the detector's margin; 20 and more for rows of 44
)
GROUPS_AT_MOST = 3
SURE_ROW = 0.97  # rows read right have 0.99 and more
GOOD_ROW = 0.75  # mean letter probability; rows read upside down stay below 0.6
STRETCHES = (1.0, 1.25)
PADS = (0.0, 0.12, -0.12)


@dataclass(frozen=True)
class Sighting:
    """What was found: the zone, the strips it stands in, and whether the text there is upside down."""

    zone: Mrz | None
    strips: tuple[Strip, ...] = ()
    flipped: bool = False


def look(picture: NDArray[np.uint8], strips: Sequence[Strip], today: date) -> Sighting:
    """The zone among these strips of text. The first reading whose check digits all agree ends the search."""
    best = Sighting(None)
    for rows in groups(strips):
        for sighting in _readings(picture, rows, today):
            if sighting.zone is not None and sighting.zone.valid:
                return sighting
            best = _better(best, sighting)
    return best


def groups(strips: Sequence[Strip]) -> tuple[tuple[Strip, ...], ...]:
    """Rows that may belong to one zone, top to bottom: alike in angle, height and length, one under the other.

    The likeliest zones first: the longest rows, as a zone spans its document.
    """
    thin = sorted((strip for strip in strips if strip.ratio >= THINNEST), key=lambda strip: -strip.length)
    found: list[tuple[Strip, ...]] = []
    for first in thin:
        rows = tuple(
            sorted((other for other in thin if _belongs(first, other)), key=lambda row: _down(first, row))
        )
        if len(rows) >= 2 and rows not in found:
            found.append(rows)
    return tuple(sorted(found, key=_promise, reverse=True)[:GROUPS_AT_MOST])


def _promise(rows: tuple[Strip, ...]) -> float:
    return sum(row.ratio for row in rows) / len(rows) * (1 if len(rows) <= 3 else 3 / len(rows))


def _belongs(first: Strip, other: Strip) -> bool:
    turned = abs((first.angle - other.angle + 90) % 180 - 90)
    if turned > 5 or not 0.5 < other.height / first.height < 2 or other.length < 0.45 * first.length:
        return False
    overlap = (first.length + other.length) / 2 - abs(_along(first, other))
    return overlap > 0.8 * other.length and abs(_down(first, other)) < 7 * first.height


def _along(first: Strip, other: Strip) -> float:
    turn = math.radians(first.angle)
    return (other.x - first.x) * math.cos(turn) + (other.y - first.y) * math.sin(turn)


def _down(first: Strip, other: Strip) -> float:
    turn = math.radians(first.angle)
    return (other.y - first.y) * math.cos(turn) - (other.x - first.x) * math.sin(turn)


def _readings(picture: NDArray[np.uint8], rows: tuple[Strip, ...], today: date) -> Iterator[Sighting]:
    """The rows as they stand; upside down where they read badly; then, where a zone shows, once more with care."""
    plain, score = _read(picture, rows, today)
    yield plain
    if plain.zone is None and score < GOOD_ROW:
        turned = tuple(replace(row, angle=row.angle + 180) for row in reversed(rows))
        plain = replace(_read(picture, turned, today)[0], flipped=True)
        yield plain
    if plain.zone is not None and not plain.zone.valid:
        yield replace(_carefully(picture, plain.strips, today), flipped=plain.flipped)


def _read(picture: NDArray[np.uint8], rows: tuple[Strip, ...], today: date) -> tuple[Sighting, float]:
    crops = [cut(picture, row) for row in rows]
    found = [engine().read_zone(crop) for crop in crops]
    zone = find([(whole.text, names.text) for whole, names in found], today)
    if zone is not None and not zone.valid:
        second = find([(whole.text, *whole.others, names.text) for whole, names in found], today)
        zone = second if second is not None and second.valid else zone
    if zone is not None and zone.valid:
        zone = _without_colour(crops, found, zone, today)
    return Sighting(zone, rows), max(whole.score for whole, _ in found)


def _without_colour(
    crops: Sequence[NDArray[np.uint8]], found: Sequence[tuple[Row, Row]], zone: Mrz, today: date
) -> Mrz:
    """No check digit watches names: rows that read badly are read once more in grey, and the surer reading stays.

    Only names can change by it: a reading with another number, birth date or expiry is left aside.
    """
    readings = []
    for crop, seen in zip(crops, found, strict=True):
        again = engine().read_zone(crop, grey=True) if seen[0].score < SURE_ROW else seen
        readings.append(max(seen, again, key=lambda pair: pair[0].score))
    other = find([(whole.text, *whole.others, names.text) for whole, names in readings], today)
    same = other is not None and other.valid and key(other) == key(zone)
    return other if other is not None and same else zone


def _carefully(picture: NDArray[np.uint8], rows: tuple[Strip, ...], today: date) -> Sighting:
    """Several crops and widths of each row, all their readings together; a zone that two readings dispute fails."""
    readings: list[list[str]] = [[] for _ in rows]
    for pad in PADS:
        for stretch in STRETCHES:
            for at, row in enumerate(rows):
                whole, names = engine().read_zone(cut(picture, row, pad), stretch)
                readings[at] += [whole.text, names.text, *whole.others]
    return Sighting(find(readings, today), rows)


def _better(one: Sighting, other: Sighting) -> Sighting:
    if one.zone is None or other.zone is None:
        return other if one.zone is None else one
    return other if len(other.zone.failed) < len(one.zone.failed) else one
