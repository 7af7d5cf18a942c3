"""Which strips of text may be the rows of one machine-readable zone."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.readers.text import Strip

THINNEST = (
    9.0  # length to height of a row of 30 letters with the detector's margin; 20 and more for rows of 44
)
GROUPS_AT_MOST = 3


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
