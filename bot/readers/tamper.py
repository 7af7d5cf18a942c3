"""Letters of a zone unlike their row's: pasted lower or higher, in another ink or font, or with their own paper."""

from __future__ import annotations

from dataclasses import dataclass
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
    Picture = NDArray[np.float32]

PITCH = 12.0  # pixels from letter to letter, at least: below, edges of letters say too little
INK = 0.45  # of a row's darkest, from which on a pixel is a letter's
EDGE = 2  # letters at either end of a row: strips are often cut badly there
NEIGHBOURS = 4  # letters on either side that one is compared with
RUN = 3  # letters that were pasted together, at most, on either side of the one most unlike
TAILED = "QJ"  # letters that hang below the line in some fonts
NOTHING = (np.nan, np.nan, np.nan)
# How far a letter's foot (share of the pitch), ink and paper (grey levels) may be from its neighbours', and how many
# times as far as any other letter of the row: where all are uneven, nothing is said. Chosen on the 44 specimens read and
# their phone-like versions of seeds 1 and 2; of seeds 3, 5
# and 11, not looked at before, 8 of 125 were held for pasted; of 42 that somebody else degraded, with shades that fall
# across the rows, 5 (10 before a shade was told from paste).
APART = (0.12, 20.0, 8.0)
TIMES = (2.7, 2.7, 2.4)
FOOT_AT_MOST = 0.22  # of the pitch: what hangs lower is a stroke or a stamp across the row

SCALE = 16  # pixels from letter to letter at which their shapes are compared
ROOM = (28, 36)  # pixels, wide and high, cut out around a letter
FRAME = (24, 28)  # kept of them around its middle
PLAY = 3  # pixels either way that two shapes may be off when laid over each other
NAMESAKES = 2  # other letters of the same name, at least, that one is compared with
# How unlike its namesakes (1 less the correlation) a letter must be, how many times as far as any other in the zone is,
# and how unlike half the zone's letters may be from theirs for anything to be said. Chosen on the specimens and seeds 1
# to 5; of seed 11, not looked at before, none of 41 was held for pasted by its shape.
UNLIKE, TIMES_UNLIKE, BLURRED = 0.08, 1.75, 0.06
LETTERS = 12  # with namesakes, at least, for a zone to be judged


@dataclass(frozen=True)
class Inked:
    """A row's letters, its grey levels, how much darker than the paper each pixel is, and the edges of its cells."""

    letters: str
    grey: Picture
    dark: Picture
    edges: NDArray[np.float64]

    @property
    def pitch(self) -> float:
        return float(self.edges[-1] - self.edges[0]) / len(self.letters)


@dataclass(frozen=True)
class Glyph:
    """A letter's shape: its row, its place there, and how unlike its namesakes it is, of which there are `others`."""

    row: int
    at: int
    name: str
    unlike: float
    others: int


def outlier(picture: NDArray[np.uint8], seen: Sighting) -> str:
    """Where a letter is unlike the others of its row: "x,y,w,h" in pixels of the upright picture; "" for nowhere.

    Some 13 CPU ms. Of one digit pasted into 23 rows it saw 12 that stood 0.15 of the pitch too high or low, 12 fainter
    ones and 7 on paper 12 grey levels off; 1 a seventh larger. Of 34 digits set in another font, 14 by their shape alone
    (phone-like: 8 of 32). Blind to a digit copied from the same zone and set exactly on the line, to another font in
    rough or blurred print or where fewer than three letters are the same, and where letters stand closer than PITCH.
    """
    if seen.zone is None or len(seen.strips) != len(seen.zone.lines):
        return ""
    rows = [
        _inked(cut(picture, strip), line) for strip, line in zip(seen.strips, seen.zone.lines, strict=True)
    ]
    for strip, row in zip(seen.strips, rows, strict=True):
        found = None if row is None else _odd(row)
        if row is not None and found is not None:
            return _region(strip, row, found, picture.shape)
    odd = strange(rows)
    row = None if odd is None else rows[odd.row]
    return "" if odd is None or row is None else _region(seen.strips[odd.row], row, odd.at, picture.shape)


def _region(strip: Strip, row: Inked, at: int, shape: tuple[int, ...]) -> str:
    """The box around that letter of a strip, which may be tilted or upside down."""
    left, right = float(row.edges[at]), float(row.edges[at + 1])
    turn = np.radians(strip.angle)
    along, across = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
    ends = [(end - strip.length / 2) * along for end in (left, right)]
    sides = [side * strip.height / 2 * across for side in (-1, 1)]
    corners = np.array([end + side for end in ends for side in sides])
    corners += strip.x, strip.y
    low = np.clip(corners.min(axis=0), 0, (shape[1] - 1, shape[0] - 1))
    high = np.clip(corners.max(axis=0), 1, (shape[1], shape[0]))
    return ",".join(f"{value:.0f}" for value in (*low, *(high - low)))


def _inked(row: NDArray[np.uint8], letters: str) -> Inked | None:
    """None where letters stand too close."""
    import cv2

    pitch = row.shape[1] / len(letters)
    if pitch < PITCH:
        return None
    grey = cv2.cvtColor(row, cv2.COLOR_RGB2GRAY).astype(np.float32)
    wide = int(pitch) | 1
    closed = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((wide, wide), np.uint8))
    dark = np.clip(cv2.GaussianBlur(closed, (0, 0), pitch / 2) - grey, 0, None)
    return Inked(letters, grey, dark, grid(dark.sum(axis=0), len(letters)))


def _odd(row: Inked) -> int | None:
    """The letter whose place, ink or paper is unlike all others'."""
    level = INK * float(np.percentile(row.dark, 96))
    places = np.clip(np.rint(row.edges), 0, row.dark.shape[1]).astype(int)
    cells = [_cell(row.grey[:, a:b], row.dark[:, a:b], level) for a, b in pairwise(places)]
    return apart(np.array(cells) / (row.pitch, 1, 1), row.letters)


def strange(rows: Sequence[Inked | None]) -> Glyph | None:
    """The letter of another font than its namesakes; None where none is, or where the others are not alike either."""
    glyphs = _glyphs(rows)
    if len(glyphs) < LETTERS or float(np.median([one.unlike for one in glyphs])) > BLURRED:
        return None
    judged = [one for one in glyphs if one.others >= NAMESAKES]
    most = max(judged, key=lambda one: one.unlike, default=None)
    if most is None or most.unlike < UNLIKE:
        return None
    beside = [one.unlike for one in glyphs if not _with(most, one)]
    return most if most.unlike > TIMES_UNLIKE * max(beside, default=0.0) else None


def _with(most: Glyph, one: Glyph) -> bool:
    """Pasted together with that one, or unlike because it is compared with it."""
    near = one.row == most.row and abs(one.at - most.at) <= RUN
    return near or (one.name == most.name and one.others <= NAMESAKES)


def _glyphs(rows: Sequence[Inked | None]) -> list[Glyph]:
    """Every letter that occurs twice, compared with its namesakes in the whole zone: their lower median counts."""
    shapes: dict[str, list[tuple[int, int, Picture]]] = {}
    for row, inked in enumerate(rows):
        if inked is None:
            continue
        for at in range(1, len(inked.letters) - 1):
            shape = _shape(inked, at) if inked.letters[at] != "<" else None
            if shape is not None:
                shapes.setdefault(inked.letters[at], []).append((row, at, shape))
    found = []
    for name, same in shapes.items():
        for row, at, shape in same if len(same) > 1 else ():
            far = sorted(_unlike(shape, other) for r, a, other in same if (r, a) != (row, at))
            found.append(Glyph(row, at, name, far[(len(far) - 1) // 2], len(far)))
    return found


def _shape(row: Inked, at: int) -> Picture | None:
    """A letter's ink, its middle in the middle of FRAME; None where there is hardly any."""
    import cv2

    by = SCALE / row.pitch
    across, down = float(row.edges[at] + row.edges[at + 1]) / 2, row.dark.shape[0] / 2
    place = np.array([[by, 0, ROOM[0] / 2 - across * by], [0, by, ROOM[1] / 2 - down * by]])
    ink = cv2.warpAffine(row.dark, place, ROOM, flags=cv2.INTER_AREA if by < 1 else cv2.INTER_CUBIC)
    ink[:, :6] = ink[:, -6:] = 0  # its neighbours
    level = INK * float(np.percentile(ink, 97))
    if np.count_nonzero(ink > level) < 8:
        return None
    heavy = np.where(ink > level / 3, ink, 0)
    middle = heavy.sum(axis=0) @ np.arange(ROOM[0]), heavy.sum(axis=1) @ np.arange(ROOM[1])
    x, y = (float(one) / float(heavy.sum()) for one in middle)
    moved = np.array([[1.0, 0, FRAME[0] / 2 - x], [0, 1.0, FRAME[1] / 2 - y]])
    return np.asarray(cv2.warpAffine(ink, moved, FRAME, flags=cv2.INTER_LINEAR), np.float32)


def _unlike(one: Picture, other: Picture) -> float:
    import cv2

    laid = cv2.matchTemplate(one, other[PLAY:-PLAY, PLAY:-PLAY], cv2.TM_CCOEFF_NORMED)
    return 1 - float(laid.max())


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
    """How far each letter is from its neighbours, the median of those on its left and on its right; 0 for one between
    the two, as in a shade that falls across the row, for those at the ends, and without a number.
    """
    off = np.zeros(len(values))
    places = np.nonzero(among & ~np.isnan(values))[0]
    if len(places) < 2 * NEIGHBOURS:
        return off
    for n, place in enumerate(places):
        sides = places[max(0, n - NEIGHBOURS) : n], places[n + 1 : n + NEIGHBOURS + 1]
        if all(len(side) for side in sides):
            beside = [value for side in sides for value in _usual(values[side])]
            off[place] = max(min(beside) - values[place], values[place] - max(beside), 0.0)
    off[:EDGE] = off[-EDGE:] = 0
    return off


def _usual(values: NDArray[np.float64]) -> list[float]:
    """The median of some letters; of one or two, which are none, they themselves."""
    return [float(np.median(values))] if len(values) > 2 else [float(value) for value in values]


def _rest(off: Sequence[float] | NDArray[np.float64], most: int) -> float:
    """The farthest letter but for that one and those pasted with it."""
    left = right = most
    while left > 0 and most - left < RUN and off[left - 1] > off[most] / 2:
        left -= 1
    while right < len(off) - 1 and right - most < RUN and off[right + 1] > off[most] / 2:
        right += 1
    return float(max((*off[:left], *off[right + 1 :]), default=0.0))
