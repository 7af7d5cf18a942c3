"""Letters of a zone unlike their row's: pasted lower or higher, in another ink, or with the paper they stood on."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from bot.readers.text import cut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bot.readers.text import Strip
    from bot.readers.zone import Sighting

    Cell = tuple[float, float, float]

PITCH = 12.0  # pixels from letter to letter, at least: below, edges of letters say too little
INK = 0.45  # of a row's darkest, from which on a pixel is a letter's
EDGE = 2  # letters at either end of a row: strips are often cut badly there
NEIGHBOURS = 4  # letters on either side that one is compared with
RUN = 3  # letters that were pasted together, at most, on either side of the one most unlike
TAILED = "QJ"  # letters that hang below the line in some fonts
NOTHING = (np.nan, np.nan, np.nan)
# How far a letter's foot (share of the pitch), ink and paper (grey levels) may be from its neighbours', and how many
# times as far as any other letter of the row: where all are uneven, nothing is said. Chosen on the 44 specimens read and
# their phone-like versions of seeds 1 and 2; of seed 3, not looked at before, 2 of 42 were held for pasted.
APART = (0.12, 20.0, 8.0)
TIMES = (2.7, 2.7, 2.4)
FOOT_AT_MOST = 0.22  # of the pitch: what hangs lower is a stroke or a stamp across the row


def outlier(picture: NDArray[np.uint8], seen: Sighting) -> str:
    """Where a letter is unlike the others of its row: "x,y,w,h" in pixels of the upright picture; "" for nowhere.

    Some 13 CPU ms. Of one digit pasted into 23 rows it saw 12 that stood 0.15 of the pitch too high or low, 12 fainter
    ones and 7 on paper 12 grey levels off; 1 a seventh larger. Blind to a digit copied from the same zone and set
    exactly on the line, to another font of the same height, and where letters stand closer than PITCH pixels.
    """
    if seen.zone is None or len(seen.strips) != len(seen.zone.lines):
        return ""
    for line, strip in zip(seen.zone.lines, seen.strips, strict=True):
        found = _odd(cut(picture, strip), line)
        if found is not None:
            return _region(strip, *found, picture.shape)
    return ""


def _region(strip: Strip, left: float, right: float, shape: tuple[int, ...]) -> str:
    """The box around that part of a strip, which may be tilted or upside down."""
    turn = np.radians(strip.angle)
    along, across = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
    ends = [(end - strip.length / 2) * along for end in (left, right)]
    sides = [side * strip.height / 2 * across for side in (-1, 1)]
    corners = np.array([end + side for end in ends for side in sides])
    corners += strip.x, strip.y
    low = np.clip(corners.min(axis=0), 0, (shape[1] - 1, shape[0] - 1))
    high = np.clip(corners.max(axis=0), 1, (shape[1], shape[0]))
    return ",".join(f"{value:.0f}" for value in (*low, *(high - low)))


def _odd(row: NDArray[np.uint8], letters: str) -> tuple[float, float] | None:
    """Left and right edge (pixels of the row) of a letter unlike all others of it."""
    import cv2

    pitch = row.shape[1] / len(letters)
    if pitch < PITCH:
        return None
    grey = cv2.cvtColor(row, cv2.COLOR_RGB2GRAY).astype(np.float32)
    wide = int(pitch) | 1
    closed = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((wide, wide), np.uint8))
    dark = np.clip(cv2.GaussianBlur(closed, (0, 0), pitch / 2) - grey, 0, None)
    level = INK * float(np.percentile(dark, 96))
    edges = grid(dark.sum(axis=0), len(letters))
    places = np.clip(np.rint(edges), 0, row.shape[1]).astype(int)
    cells = [_cell(grey[:, a:b], dark[:, a:b], level) for a, b in pairwise(places)]
    found = apart(np.array(cells) / ((edges[-1] - edges[0]) / len(letters), 1, 1), letters)
    return None if found is None else (float(edges[found]), float(edges[found + 1]))


def grid(profile: NDArray[np.float32], count: int) -> NDArray[np.float64]:
    """Edges of `count` evenly spaced cells that cross the least ink of a row (a sum for each column)."""
    import cv2

    soft = cv2.GaussianBlur(profile[None], (0, 0), max(len(profile) / count / 10, 0.5))[0]
    inked = np.nonzero(soft > 0.15 * np.percentile(soft, 90))[0]
    if len(inked) < count:
        return np.linspace(0, len(profile) - 1, count + 1)
    first, last = float(inked[0]), float(inked[-1])
    pitch = (last - first) / (count - 0.25)
    begins = first + np.linspace(-0.45, 0.25, 21) * pitch
    ends = last + np.linspace(-0.25, 0.45, 21) * pitch
    edges = begins[:, None, None] + (ends[:, None] - begins[:, None, None]) * np.linspace(0, 1, count + 1)
    cost = soft[np.clip(np.rint(edges), 0, len(soft) - 1).astype(int)].sum(axis=2)
    best = np.unravel_index(int(cost.argmin()), cost.shape)
    return np.asarray(edges[best], np.float64)


def _cell(grey: NDArray[np.float32], dark: NDArray[np.float32], level: float) -> Cell:
    """Foot (pixels from the top), ink and paper (grey levels) of one letter; no numbers where it has no ink."""
    inked, plain = dark > level, dark < level / 3
    if np.count_nonzero(inked) < 6 or np.count_nonzero(plain) < 12:
        return NOTHING
    depth = dark.max(axis=1)
    foot = int(np.nonzero(depth > level)[0][-1])
    below = foot + 1
    if below < len(depth):  # between two lines, where the ink fades through the level
        drop = float(depth[foot] - depth[below])
        within = min(float(depth[foot] - level) / drop, 1.0) if drop > 0 else 0.0
    else:
        within = 0.0
    return foot + within, float(np.percentile(dark[inked], 75)), float(np.median(grey[plain]))


def apart(cells: NDArray[np.float64], letters: str) -> int | None:
    """The letter that is unlike its neighbours in foot, ink or paper, where no other comes near; None for none."""
    whole = np.array([letter != "<" for letter in letters])
    footed = whole & ~np.isin(list(letters), list(TAILED))
    for at, among in enumerate((footed, whole, np.ones_like(whole))):
        off = _off(cells[:, at], among)
        most = int(off.argmax())
        too_far = at == 0 and off[most] > FOOT_AT_MOST
        if off[most] > APART[at] and not too_far and whole[most] and off[most] > TIMES[at] * _rest(off, most):
            return most
    return None


def _off(values: NDArray[np.float64], among: NDArray[np.bool_]) -> NDArray[np.float64]:
    """How far each letter is from the median of its neighbours; 0 for those at the ends and without a number."""
    off = np.zeros(len(values))
    places = np.nonzero(among & ~np.isnan(values))[0]
    if len(places) < 2 * NEIGHBOURS:
        return off
    for n, place in enumerate(places):
        beside = [*places[max(0, n - NEIGHBOURS) : n], *places[n + 1 : n + NEIGHBOURS + 1]]
        off[place] = abs(values[place] - np.median(values[beside]))
    off[:EDGE] = off[-EDGE:] = 0
    return off


def _rest(off: Sequence[float] | NDArray[np.float64], most: int) -> float:
    """The farthest letter but for that one and those pasted with it."""
    left = right = most
    while left > 0 and most - left < RUN and off[left - 1] > off[most] / 2:
        left -= 1
    while right < len(off) - 1 and right - most < RUN and off[right + 1] > off[most] / 2:
        right += 1
    return float(max((*off[:left], *off[right + 1 :]), default=0.0))
