"""Finds rows of a machine-readable zone by shape alone, some fifty times cheaper than the network for all text.

Dark letters on light paper, evenly spaced, in long thin rows: black-hat, gradient along the row, closing (the
classic recipe for zones). What it misses the network finds; what it finds wrongly has no check digits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from bot.readers.text import Strip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

SIDE = 720  # pixels of the longer side: a letter of a zone that fills the picture is about 12 tall
LETTER = 13  # pixels, larger than a letter's stroke and its gap
THINNEST, THICKEST = (
    10.0,
    60.0,
)  # length to height of a row of letters: 30 letters make 18 or more, 44 make 28
SHORTEST = 0.25  # of the longer side
MARGIN = 0.45  # of the height, added above and below


def rows(picture: NDArray[np.uint8]) -> tuple[Strip, ...]:
    """Strips that may be rows of a zone, level or upright, tilted by up to about 8 degrees."""
    import cv2

    scale = SIDE / max(picture.shape[:2])
    small = cv2.resize(
        cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY),
        None,
        fx=scale,
        fy=scale,
        interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC,
    )
    level = [_scaled(strip, 1 / scale) for strip in _rows(small)]
    upright = [_stood(strip, 1 / scale) for strip in _rows(np.ascontiguousarray(small.T))]
    return (*level, *upright)


def _rows(grey: NDArray[np.uint8]) -> Iterator[Strip]:
    import cv2

    letters = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, np.ones((LETTER, LETTER), np.uint8))
    edges = np.abs(cv2.Sobel(cv2.GaussianBlur(letters, (3, 3), 0), cv2.CV_32F, 1, 0, ksize=3))
    edges = cv2.normalize(edges, None, 0, 255, cv2.NORM_MINMAX).astype(np.uint8)
    joined = cv2.morphologyEx(edges, cv2.MORPH_CLOSE, np.ones((3, 17), np.uint8))
    mask = cv2.threshold(joined, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[1]
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((3, 9), np.uint8))
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((1, 31), np.uint8))
    for contour in cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]:
        strip = _strip(contour)
        if strip is not None:
            yield strip


def _strip(contour: Any) -> Strip | None:
    import cv2

    (x, y), (long, tall), angle = cv2.minAreaRect(contour)
    if long < tall:
        long, tall, angle = tall, long, angle - 90
    angle = (angle + 90) % 180 - 90
    if tall < 4 or long < SHORTEST * SIDE or not THINNEST < long / tall < THICKEST or abs(angle) > 12:
        return None
    return Strip(x, y, long + tall, tall * (1 + 2 * MARGIN), angle)


def _scaled(strip: Strip, by: float) -> Strip:
    return Strip(strip.x * by, strip.y * by, strip.length * by, strip.height * by, strip.angle)


def _stood(strip: Strip, by: float) -> Strip:
    """A strip of the transposed picture: axes change places, and reading upwards is minus 90 degrees."""
    return Strip(strip.y * by, strip.x * by, strip.length * by, strip.height * by, -90 - strip.angle)
