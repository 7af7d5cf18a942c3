"""Transactions as a small picture: when money came in (up) or went out (down), and how much."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING

from bot.model import Transaction
from bot.monitoring import moved

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

WIDTH, HEIGHT = 1000, 420
LEFT, RIGHT, TOP, BOTTOM = 40, 960, 52, 352  # the plot's edges; dates stand below it
WIDEST, THINNEST, LOWEST = 18, 3, 3  # of a bar, in pixels
PAPER, INK, LINE, PALE = "#ffffff", "#33414e", "#aab4bd", "#d5dbe0"
COLOURS = {"in": "#1f8a5b", "out": "#2f6fb5", "refund": "#d08a1d", "chargeback": "#c2403a"}
UP = "in"
LETTERS = 32  # pixels; a telephone shows the picture at a quarter of its size
MARKS = 3  # instants that are written below


@dataclass(frozen=True, slots=True)
class _Plot:
    """The days that are drawn, the largest amount in them in euro cents, where zero is, and how wide a bar is."""

    start: datetime
    end: datetime
    most: int
    middle: float
    width: float

    def across(self, at: datetime) -> float:
        return LEFT + (RIGHT - LEFT) * ((at - self.start) / (self.end - self.start))


def span_of(raised: Sequence[Transaction]) -> tuple[datetime, datetime]:
    """From when to when the picture goes: a quarter more on either side, and six hours at the least."""
    first, last = min(each.at for each in raised), max(each.at for each in raised)
    margin = max((last - first) / 4, timedelta(hours=6))
    return first - margin, last + margin


def timeline(raised: Sequence[Transaction], around: Sequence[Transaction]) -> bytes:
    """A PNG of 1000 x 420 pixels. `raised`: what an alert was raised by, at least one, in colours; the rest is pale.

    Holds instants and amounts in euros, nothing of who paid.
    """
    from PIL import Image, ImageDraw

    start, end = span_of(raised)
    why = {each.id for each in raised}
    beside = [each for each in around if each.id not in why and start <= each.at <= end]
    shown = (*raised, *beside)
    width = max(THINNEST, min(WIDEST, (RIGHT - LEFT) / (1.6 * len(shown))))
    plot = _Plot(start, end, max(1, *(abs(moved(each).cents) for each in shown)), _middle(shown), width)
    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(picture)
    _frame(pen, plot)
    for each in beside:
        _bar(pen, each, plot, PALE)
    for each in raised:
        _bar(pen, each, plot, COLOURS.get(each.direction, INK))
    pen.line((LEFT, plot.middle, RIGHT, plot.middle), fill=INK, width=2)
    file = BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()


def _middle(shown: Sequence[Transaction]) -> float:
    """Where zero is: at the edge, where money went one way only."""
    ups = {each.direction == UP for each in shown}
    return (TOP + BOTTOM) / 2 if len(ups) == 2 else BOTTOM if ups == {True} else TOP


def _bar(pen: ImageDraw, each: Transaction, plot: _Plot, colour: str) -> None:
    up = each.direction == UP
    room = plot.middle - TOP if up else BOTTOM - plot.middle
    tall = max(LOWEST, room * abs(moved(each).cents) / plot.most)
    x, half = plot.across(each.at), plot.width / 2
    top, bottom = (plot.middle - tall, plot.middle) if up else (plot.middle, plot.middle + tall)
    pen.rectangle((x - half, top, x + half - 1, bottom), fill=colour)


def _frame(pen: ImageDraw, plot: _Plot) -> None:
    """The largest amount's line, and the dates."""
    from PIL import ImageFont

    letters = ImageFont.load_default(LETTERS)
    edge = TOP if plot.middle > TOP else BOTTOM
    pen.line((LEFT, edge, RIGHT, edge), fill=LINE)
    above = edge - LETTERS - 6 if edge == TOP else edge - LETTERS - 12
    pen.text((LEFT, above), f"{plot.most / 100:,.0f} EUR", fill=INK, font=letters)
    for nth, (at, words) in enumerate(_marks(plot)):
        x = plot.across(at)
        pen.line((x, BOTTOM, x, BOTTOM + 6), fill=LINE, width=2)
        anchor = "la" if nth == 0 else "ra" if nth == MARKS - 1 else "ma"
        pen.text((x, BOTTOM + 14), words, fill=INK, font=letters, anchor=anchor)


def _marks(plot: _Plot) -> Iterator[tuple[datetime, str]]:
    length = plot.end - plot.start
    shape = "%Y-%m-%d" if length > timedelta(days=5) else "%m-%d %H:%M"
    for nth in range(MARKS):
        at = plot.start + length * nth / (MARKS - 1)
        yield at, at.strftime(shape)
