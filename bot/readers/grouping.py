"""Which strips of text may be the rows of one machine-readable zone."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.readers.text import Strip

THINNEST = (
    9.0  # length to height of a row of 30 letters with the detector's margin; 20 and more for rows of 44
)
GROUPS_AT_MOST = 3
EVEN = 0.9  # shortest to longest row of a zone, all of them printed to the same width


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


def uneven(strips: Sequence[Strip]) -> bool:
    """Some end before the others: a part of their row was not found."""
    lengths = [strip.length for strip in strips]
    return bool(lengths) and min(lengths) < EVEN * max(lengths)


def lengthened(strips: Sequence[Strip], more: float) -> tuple[Strip, ...]:
    """All as long as the longest, and where that one stands, with `more` heights at both ends."""
    longest = max(strips, key=lambda strip: strip.length)
    return tuple(_like(longest, strip, more) for strip in strips)


def _like(longest: Strip, strip: Strip, more: float) -> Strip:
    if not more and strip.length >= EVEN * longest.length:
        return strip
    turn, along = math.radians(strip.angle), _along(strip, longest)
    x, y = strip.x + along * math.cos(turn), strip.y + along * math.sin(turn)
    return replace(strip, x=x, y=y, length=longest.length + 2 * more * strip.height)


def flanked(strips: Sequence[Strip]) -> tuple[Strip, ...]:
    """Two rows with those that would stand above and below at the same distance."""
    upper, lower = strips
    right, down = lower.x - upper.x, lower.y - upper.y
    above = replace(upper, x=upper.x - right, y=upper.y - down)
    return above, upper, lower, replace(lower, x=lower.x + right, y=lower.y + down)
