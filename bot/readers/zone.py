"""From a picture to its machine-readable zone: long thin strips, grouped into rows, read in the zone's alphabet."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from statistics import mean
from typing import TYPE_CHECKING

from bot.readers import locate
from bot.readers.grouping import flanked, groups, lengthened, uneven
from bot.readers.mrz import Format
from bot.readers.mrz_find import FIRST_LETTERS, disputed, doubtful, find, key
from bot.readers.text import PLAIN, Strip, Take, cut, engine, quick

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import numpy as np
    from numpy.typing import NDArray

    from bot.readers.letters import Row
    from bot.readers.mrz import Mrz
    from bot.readers.text import Ocr

    Pair = tuple[Row, Row]

# Chosen on 47 specimens and their phone-like versions of several seeds: the first reads most, the others what it missed.
FIRST = Take(stretch=1.3, grey=True)
OTHERS = (Take(stretch=1.15, grey=True, pad=0.06), Take())
CAREFUL = (Take(stretch=1.15, grey=True, pad=-0.06), Take())
SURE_ZONE = 0.8  # mean letter probability of the worst row: below, the strips may be cut badly
SURE_ROW = 0.9  # below, the careful network reads the row too
CLEAR = 0.96  # of the quick recogniser's worst row; the careful one is as sure of rows cut short
SURE_NAME = 0.55  # probability of the least sure letter of a row of names, which no check digit watches
SURE_LETTER = 0.4  # the same in rows that have check digits: some misreadings satisfy them
UPRIGHT = 0.85  # mean letter probability of a group of rows; read upside down they stay below
NAME_ROWS = dict.fromkeys(Format, (0,)) | {Format.TD1: (2,), Format.FRENCH: (0, 1)}
FAILED_AT_MOST = 3  # of the check digits: from here on, other rows may be the zone's
LACKING = (2, 16)  # letters at a row's ends: fewer are fillers miscounted, more are no zone
THREE_ROWS = (27, 33)  # letters read in a row of 30
ROWS_AT_MOST = 24  # read in search of a zone: pages full of text have hundreds
PITCH = 0.6  # from letter to letter, in heights of a strip
DATES = re.compile(r"\d{7}[MFX<]\d{7}")  # of a zone: a birth, a sex and an expiry
SIDES = (736, 960)  # of the longer side, for the network; other sizes cut other crops


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
        """The strips need not be looked for again."""
        begins = self.zone is not None and self.zone.lines[0][0] in FIRST_LETTERS
        return self.valid and begins and self.score >= SURE_ZONE


class Rows:
    """Rows of one picture as one reader reads them, each reading done once however often it is asked for."""

    def __init__(self, picture: NDArray[np.uint8], reader: Ocr) -> None:
        self.picture, self.reader = picture, reader
        self.first = PLAIN if reader is engine() else FIRST
        self._read: dict[tuple[Strip, Take], Pair] = {}

    def read(self, strips: Sequence[Strip], take: Take | None = None) -> tuple[Pair, ...]:
        """Each strip in all the zone's alphabet, and as a row of names."""
        return tuple(self._one(strip, take or self.first) for strip in strips)

    @property
    def count(self) -> int:
        """Of readings done so far."""
        return len(self._read)

    def texts(self) -> tuple[str, ...]:
        """All that was read so far, whatever the strip."""
        return tuple(whole.text for whole, _ in self._read.values())

    def _one(self, strip: Strip, take: Take) -> Pair:
        if (strip, take) not in self._read:
            self._read[strip, take] = self.reader.read_zone(cut(self.picture, strip, take.pad), take)
        return self._read[strip, take]


def see(picture: NDArray[np.uint8], today: date) -> Sighting:
    """The zone in a picture, in a cascade from the cheapest look to the most careful; most pictures need the first.

    Strips by shape alone, then by the network; read by the quick recogniser, then by it in several ways, then by the
    careful one. Where two looks both satisfy the check digits but differ in number, birth or expiry, neither is
    believed: the zone has failed (`ambiguous`).
    """
    rows = Rows(picture, quick())
    best = _found(rows, today)
    if best.zone is None and rows.reader is not engine() and any(map(DATES.search, rows.texts())):
        rows = Rows(picture, engine())  # the quick one loses its way in a row of fillers behind a single name
        best = _found(rows, today)
    if best.zone is None:
        return best
    careful = rows if rows.reader is engine() else Rows(picture, engine())
    best = best if best.valid else _mended(rows, careful, best, today)
    best = _confirmed(rows, careful, best, today) if best.valid else best
    return replace(best, zone=doubtful(best.zone)) if best.zone and _doubted(best, rows, careful) else best


def _doubted(seen: Sighting, *readings: Rows) -> bool:
    """Valid, but so is another reading of one of its rows."""
    texts = [text for rows in readings for text in rows.texts()]
    return seen.zone is not None and seen.valid and disputed(seen.zone, texts)


def _found(rows: Rows, today: date) -> Sighting:
    """At first sight, of strips found by shape alone or, where these do not do, by the network."""
    best = _look(rows, locate.rows(rows.picture), today)
    for side in SIDES:
        if best.sure or _whole(rows, best):
            break
        best = _agreed(best, _look(rows, rows.reader.strips(rows.picture, side), today))
        if best.zone is not None:
            break
    return best


def _whole(rows: Rows, seen: Sighting) -> bool:
    """Rows read so well from strips so even that, where their check digits disagree, other strips would not help."""
    quickly = rows.reader is not engine()
    return quickly and seen.score >= CLEAR and not uneven(seen.strips) and not _lacking(rows, seen)


def _mended(rows: Rows, careful: Rows, seen: Sighting, today: date) -> Sighting:
    """A zone whose check digits disagree, looked at ever more carefully until they agree."""
    best = _agreed(seen, _widened(rows, seen, today))
    if not best.valid:
        best = _agreed(best, _completed(rows, best, today))
    if not best.valid:
        others = OTHERS[:1] if best.score >= CLEAR else OTHERS
        best = _agreed(best, _again(rows, best, (rows.first, *others), today))
    if not best.valid:
        best = _agreed(best, _again(careful, best, CAREFUL[:1], today))
    if best.zone and len(best.zone.failed) == 1 and best.score < SURE_ROW:
        best = _agreed(best, _again(careful, best, CAREFUL, today))
    return best


def look(picture: NDArray[np.uint8], strips: Sequence[Strip], today: date) -> Sighting:
    """The zone among these strips of text, as the quick reader reads it at first sight."""
    return _look(Rows(picture, quick()), strips, today)


def _look(rows: Rows, strips: Sequence[Strip], today: date) -> Sighting:
    """The first group whose check digits all agree ends the search."""
    best = Sighting(None)
    for group in groups(strips):
        if rows.count > ROWS_AT_MOST:
            break
        upright, flipped = _way_up(rows, group)
        sighting = replace(_sighted([rows.read(upright)], upright, today), flipped=flipped)
        if sighting.valid:
            return sighting
        best = _agreed(best, sighting)
    return best


def _way_up(rows: Rows, group: tuple[Strip, ...]) -> tuple[tuple[Strip, ...], bool]:
    """The rows as they read better, and whether that is upside down; two of them tell."""
    longest = sorted(group, key=lambda strip: -strip.length)[:2]
    here = _surely(rows.read(longest))
    if here >= UPRIGHT or here >= _surely(rows.read([_turned(strip) for strip in longest])):
        return group, False
    return tuple(_turned(strip) for strip in reversed(group)), True


def _turned(strip: Strip) -> Strip:
    return replace(strip, angle=strip.angle + 180)


def _surely(found: Sequence[Pair]) -> float:
    return mean(whole.score for whole, _ in found)


def _sighted(takes: Sequence[Sequence[Pair]], strips: tuple[Strip, ...], today: date) -> Sighting:
    """The zone in rows that were read once or several times, and the strips it stands in.

    Look-alikes that the recogniser held nearly as likely are tried where the check digits do not hold without them.
    """
    rows = list(zip(*takes, strict=True))
    zone = find([[row.text for pair in pairs for row in pair] for pairs in rows], today)
    if zone is None or not zone.valid:
        doubted = find([[text for pair in pairs for text in _ways(pair)] for pairs in rows], today)
        zone = (
            doubted
            if doubted is not None and (zone is None or doubted.valid or "ambiguous" in doubted.failed)
            else zone
        )
    if zone is None:
        return Sighting(None)
    places = [_place(line, rows) for line in zone.lines]
    score = min(max(whole.score for whole, _ in rows[at]) for at in places)
    first, last = min(places), max(places)
    if len(set(places)) < len(places) or len(zone.failed) >= FAILED_AT_MOST:
        first, last = max(first - 1, 0), last + 1  # perhaps not these rows: those beside them come along
    return Sighting(zone, strips[first : last + 1], score=score)


def _ways(pair: Pair) -> tuple[str, ...]:
    whole, names = pair
    return whole.text, *whole.others, names.text


def _place(line: str, rows: Sequence[Sequence[Pair]]) -> int:
    """Which row this line of a zone was read from: the one most like it."""
    alike = [
        max(SequenceMatcher(None, line, whole.text).quick_ratio() for whole, _ in pairs) for pairs in rows
    ]
    return alike.index(max(alike))


def _again(rows: Rows, seen: Sighting, takes: Sequence[Take], today: date) -> Sighting:
    """All readings together; a zone that two of them dispute fails."""
    again = _sighted([rows.read(seen.strips, take) for take in takes], seen.strips, today)
    return replace(again, flipped=seen.flipped)


def _widened(rows: Rows, seen: Sighting, today: date) -> Sighting:
    """Rows in which letters lack, read once more from longer strips: shades and stamps hide the ends of rows."""
    lacking = _lacking(rows, seen)
    if not lacking and not uneven(seen.strips):
        return Sighting(None)
    longer = lengthened(seen.strips, lacking * PITCH)
    return replace(_sighted([rows.read(longer)], longer, today), flipped=seen.flipped)


def _completed(rows: Rows, seen: Sighting, today: date) -> Sighting:
    """Two rows of a card's three, read together with what stands above and below: one row was not found."""
    lengths = [len(whole.text) for whole, _ in rows.read(seen.strips)]
    if len(lengths) != 2 or min(lengths) < THREE_ROWS[0] or max(lengths) > THREE_ROWS[1]:
        return Sighting(None)
    four = flanked(seen.strips)
    return replace(_sighted([rows.read(four)], four, today), flipped=seen.flipped)


def _lacking(rows: Rows, seen: Sighting) -> int:
    """How many letters the shortest row lacks; 0 where that is a miscount of fillers, or no zone at all."""
    if seen.zone is None or len(seen.zone.lines) > len(seen.strips):
        return 0
    lacking = len(seen.zone.lines[0]) - min(len(whole.text) for whole, _ in rows.read(seen.strips))
    return lacking if LACKING[0] <= lacking <= LACKING[1] else 0


def _confirmed(rows: Rows, careful: Rows, seen: Sighting, today: date) -> Sighting:
    """A valid zone whose unsure rows were read once more, by the careful network; the surer reading of each stays.

    Only names can change by it. Another number, birth date or expiry that holds too makes the zone `ambiguous`.
    """
    zone = seen.zone
    if zone is None:
        return seen
    first = rows.read(seen.strips)
    unsure = [at for at, pair in enumerate(first) if _unsure(pair, names=at in NAME_ROWS[zone.format])]
    if not unsure:
        return seen
    again = {at: careful.read([seen.strips[at]], CAREFUL[0])[0] for at in unsure}
    best = [max(pair, again.get(at, pair), key=_surest) for at, pair in enumerate(first)]
    other = _sighted([best], seen.strips, today)
    if other.zone is None or not other.valid:
        return seen
    if key(other.zone) != key(zone):
        return replace(seen, zone=doubtful(zone))
    return replace(other, flipped=seen.flipped)


def _unsure(pair: Pair, *, names: bool) -> bool:
    whole, name = pair
    return name.weakest < SURE_NAME if names else whole.score < SURE_ROW or whole.weakest < SURE_LETTER


def _surest(pair: Pair) -> float:
    return pair[1].weakest


def _agreed(one: Sighting, other: Sighting) -> Sighting:
    """The better of two: valid before not, then the later and more careful. Two valid ones must be the same zone.

    A dispute between guesses at single letters (`ambiguous`) may be settled by a surer reading; one between whole
    readings is found again at the end of `see`.
    """
    if one.zone is None or other.zone is None:
        return other if one.zone is None else one
    if one.valid and other.valid:
        return other if key(one.zone) == key(other.zone) else replace(other, zone=doubtful(one.zone))
    return other if len(other.zone.failed) < len(one.zone.failed) else one
