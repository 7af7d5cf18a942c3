"""Which side of a card a picture shows: by its zone, by its portrait, and by how far text reaches around them.

Nothing is said where both sides may be in the picture: a seller who sent both and is asked for one of them is worse
off than one who is asked for nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.readers.text import Strip, engine

if TYPE_CHECKING:
    from numpy.typing import NDArray

# A card of 85.6 x 54 mm (ISO/IEC 7810 ID-1) in shares of its width; measured on 12 cards and 13 backs.
TALL = 0.63
ROW = 0.89  # a row of the zone
FOOT = 0.08  # from the middle of the zone's last row to the lower edge
FACE = 0.13, 0.36  # a face as the detector frames it: 0.16 to 0.28, and room
CARD = 450  # pixels of a card's width in which faces are looked for
AROUND = 1.3  # card widths on every side that are looked at
ROOM_BESIDE, ROOM_ABOVE = 0.5, 0.45  # card widths: there, another card finds room
TEXT_OUTSIDE = 3  # boxes of text that make another card of what lies around this one
MARGIN = 0.06
PAGE = 640  # pixels of the longer side, where no zone gives the scale
SMALLEST = 0.08  # of the page's height
REACH = 6.9, 4.3  # faces: the widest and tallest that one card is, as a face is at least 0.145 of its width
ANY, SURE = 1, 6  # neighbouring hits a face needs


def portrait(grey: NDArray[np.uint8], least: float, most: float, hits: int) -> float:
    """The edge of the largest upright face with `hits` agreeing sightings, between two sizes in pixels; 0 for none."""
    found = _cascade().detectMultiScale(
        grey, 1.08, hits, 0, (round(least), round(least)), (round(most), round(most))
    )
    return float(max((box[2] for box in found), default=0))


@cache
def _cascade() -> Any:
    import cv2
    from cv2 import data

    return cv2.CascadeClassifier(f"{data.haarcascades}haarcascade_frontalface_default.xml")


def any_portrait(pixels: NDArray[np.uint8]) -> bool:
    """An upright portrait stands somewhere on a page without a zone."""
    small = _small(pixels)
    return bool(portrait(small, max(24, SMALLEST * small.shape[0]), small.shape[0] / 2, SURE))


def of_zone(pixels: NDArray[np.uint8], strips: Sequence[Strip]) -> str:
    """`back` for a card whose zone of three rows (TD1) stands in these strips, where no portrait is near; else ``.

    Where the picture has room for a second card, there must be no text in it either.
    """
    import cv2

    placed = _placed(strips)
    bounds = _moved([(0, 0), (pixels.shape[1], 0), (0, pixels.shape[0]), pixels.shape[1::-1]], placed)
    low = np.maximum(bounds.min(0), (-AROUND, -AROUND))
    size = np.ceil((np.minimum(bounds.max(0), (1 + AROUND, TALL + AROUND)) - low) * CARD).astype(int)
    scaled = placed * CARD
    scaled[:, 2] -= low * CARD
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    level = cv2.warpAffine(
        grey, scaled, size.tolist(), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    if portrait(level, FACE[0] * CARD, FACE[1] * CARD, ANY):
        return ""
    return "" if _has_room(bounds) and _text_outside(pixels, placed) else "back"


def of_text(pixels: NDArray[np.uint8], strips: Sequence[Strip], rows: Sequence[str]) -> str:
    """`front` for an upright card with a sure portrait and no zone, where all text is as near as on one card; else ``."""
    if any("<<" in row for row in rows):
        return ""
    scale, small = PAGE / max(pixels.shape[:2]), _small(pixels)
    face = portrait(small, max(24, SMALLEST * small.shape[0]), small.shape[0] / 2, SURE) / scale
    wide, tall = _reach(strips)
    return "front" if face and wide <= REACH[0] * face and tall <= REACH[1] * face else ""


def _small(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    import cv2

    scale = PAGE / max(pixels.shape[:2])
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def face(pixels: NDArray[np.uint8]) -> float:
    """The edge of the largest sure face that stands upright in a picture, in shares of its height; 0 for none."""
    small = _small(pixels)
    return portrait(small, max(24, SMALLEST * small.shape[0]), min(small.shape), SURE) / float(small.shape[0])


def _placed(strips: Sequence[Strip]) -> NDArray[np.float64]:
    """The affine map (2 x 3) from the picture to the card: its upper left corner at 0, its width 1."""
    import cv2

    rows = sorted(strips, key=lambda strip: -strip.length)[:3]
    turn = cv2.getRotationMatrix2D(
        (0.0, 0.0), median(row.angle for row in rows), ROW / median(row.length for row in rows)
    )
    middles = _moved([(row.x, row.y) for row in rows], turn)
    turn[:, 2] = 0.5 - median(middles[:, 0]), TALL - FOOT - max(middles[:, 1])
    placed: NDArray[np.float64] = turn
    return placed


def _moved(points: Sequence[tuple[float, ...]], placed: NDArray[np.float64]) -> NDArray[np.float64]:
    moved: NDArray[np.float64] = np.array(points, float) @ placed[:, :2].T + placed[:, 2]
    return moved


def _has_room(bounds: NDArray[np.float64]) -> bool:
    (left, top), (right, bottom) = bounds.min(0), bounds.max(0)
    return bool(max(-left, right - 1) > ROOM_BESIDE or max(-top, bottom - TALL) > ROOM_ABOVE)


def _text_outside(pixels: NDArray[np.uint8], placed: NDArray[np.float64]) -> bool:
    found = _moved([(strip.x, strip.y) for strip in engine().strips(pixels, 960)] or [(0.5, 0.5)], placed)
    inside = (found > -MARGIN).all(1) & (found < np.array((1 + MARGIN, TALL + MARGIN))).all(1)
    return int((~inside).sum()) >= TEXT_OUTSIDE


def _reach(strips: Sequence[Strip]) -> tuple[float, float]:
    """How wide and how tall the block of all text is, pixels."""
    if not strips:
        return 0.0, 0.0
    left = min(strip.x - strip.length / 2 for strip in strips)
    right = max(strip.x + strip.length / 2 for strip in strips)
    return right - left, max(strip.y for strip in strips) - min(strip.y for strip in strips)
