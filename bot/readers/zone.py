"""From a picture to its machine-readable zone: long thin strips, grouped into rows, read in the zone's alphabet."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from statistics import mean
from typing import TYPE_CHECKING

from bot.readers import locate
from bot.readers.mrz_find import doubtful, find, key
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
SURE_ROW = 0.97  # mean letter probability; rows read right have 0.99 and more
SURE_ZONE = 0.955  # of the worst row: below, another cut is worth its time
SMALL_ROW = 12.0  # pixels: names in smaller rows are misread even where the score is high
GOOD_ROWS = 0.9  # of the rows together; read upside down they stay below
STRETCHES = (1.0, 1.25)
PADS = (0.0, 0.12, -0.12)
SIDES = (960, 736)  # of the longer side, for the network; other sizes cut other crops


@dataclass(frozen=True)
class Sighting:
    """What was found: the zone, the strips it stands in, how sure its worst row is, and whether it is upside down."""

    zone: Mrz | None
    strips: tuple[Strip, ...] = ()
    flipped: bool = False
    score: float = 0.0

    @property
    def valid(self) -> bool:
        return self.zone is not None and self.zone.valid

    @property
    def sure(self) -> bool:
        """No other look is worth its time."""
        large = min((strip.height for strip in self.strips), default=0.0) >= SMALL_ROW
        return self.valid and large and self.score >= SURE_ZONE


def see(picture: NDArray[np.uint8], today: date) -> Sighting:
    """The zone in a picture, in a cascade: by shape alone (most pictures), by the network at several sizes, with care.

    A stage is the last where all check digits agree and every row is read surely. Where two stages both satisfy
    the check digits but differ in number, birth or expiry, neither is believed: the zone has failed (`ambiguous`).
    """
    best = look(picture, locate.rows(picture), today)
    for side in SIDES:
        if best.sure:
            return best
        best = _agreed(best, look(picture, engine().strips(picture, side), today))
        if best.valid or best.zone is None:
            break
    return best if best.valid or best.zone is None else _agreed(best, _carefully(picture, best, today))


def look(picture: NDArray[np.uint8], strips: Sequence[Strip], today: date) -> Sighting:
    """The zone among these strips of text. The first reading whose check digits all agree ends the search."""
    best = Sighting(None)
    for rows in groups(strips):
        for sighting in _readings(picture, rows, today):
            if sighting.valid:
                return sighting
            best = _agreed(best, sighting)
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
    """The rows as they stand; upside down where they read badly."""
    plain, score = _read(picture, rows, today)
    yield plain
    if plain.zone is None and score < GOOD_ROWS:
        turned = tuple(replace(row, angle=row.angle + 180) for row in reversed(rows))
        yield replace(_read(picture, turned, today)[0], flipped=True)


def _read(picture: NDArray[np.uint8], rows: tuple[Strip, ...], today: date) -> tuple[Sighting, float]:
    crops = [cut(picture, row) for row in rows]
    found = [engine().read_zone(crop) for crop in crops]
    zone = find([(whole.text, names.text) for whole, names in found], today)
    if zone is not None and not zone.valid:
        second = find([(whole.text, *whole.others, names.text) for whole, names in found], today)
        zone = second if second is not None and second.valid else zone
    if zone is not None and zone.valid:
        zone, found = _without_colour(crops, found, zone, today)
    score = min((_score(line, found) for line in zone.lines), default=0.0) if zone else 0.0
    return Sighting(zone, rows, score=score), mean(whole.score for whole, _ in found)


def _score(line: str, found: Sequence[tuple[Row, Row]]) -> float:
    """How surely this line of a zone was read: the score of the row most like it."""
    alike = [(SequenceMatcher(None, line, row.text).quick_ratio(), row.score) for row, _ in found]
    return max(alike)[1]


def _without_colour(
    crops: Sequence[NDArray[np.uint8]], found: list[tuple[Row, Row]], zone: Mrz, today: date
) -> tuple[Mrz, list[tuple[Row, Row]]]:
    """No check digit watches names: rows that read badly are read once more in grey, and the surer reading stays.

    Only names can change by it: a reading with another number, birth date or expiry is left aside.
    """
    readings = []
    for crop, seen in zip(crops, found, strict=True):
        again = engine().read_zone(crop, grey=True) if seen[0].score < SURE_ROW else seen
        readings.append(max(seen, again, key=lambda pair: pair[0].score))
    other = find([(whole.text, *whole.others, names.text) for whole, names in readings], today)
    if other is None or not other.valid or key(other) != key(zone):
        return zone, found
    return other, readings


def _carefully(picture: NDArray[np.uint8], seen: Sighting, today: date) -> Sighting:
    """Several crops and widths of each row, all their readings together; a zone that two readings dispute fails."""
    readings: list[list[str]] = [[] for _ in seen.strips]
    for pad in PADS:
        for stretch in STRETCHES:
            for at, row in enumerate(seen.strips):
                whole, names = engine().read_zone(cut(picture, row, pad), stretch)
                readings[at] += [whole.text, names.text, *whole.others]
    return replace(seen, zone=find(readings, today))


def _agreed(one: Sighting, other: Sighting) -> Sighting:
    """The better of two: valid before not, then the later and more careful. Two valid ones must be the same zone."""
    if one.zone is None or other.zone is None:
        return other if one.zone is None else one
    if one.valid and other.valid:
        return other if key(one.zone) == key(other.zone) else replace(other, zone=doubtful(one.zone))
    return other if len(other.zone.failed) < len(one.zone.failed) else one
