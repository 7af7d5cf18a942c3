"""How far a face stands out of the plane as it turns: points followed through a film, held against a flat print's."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.readers.mesh import POINTS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Points = NDArray[np.float64]
    Grey = NDArray[np.uint8]

EARS = (234, 454)  # the mesh's points before the ears, the person's own right first
INNER = 0.75  # of the half width between them: further out the head's rim slides over the skin
EVERY = 4  # one of so many mesh points is followed: some 80 of them
WINDOW = 17  # pixels that a point is known by
FINE, COARSE = 0, 3  # levels of the pyramid searched
ASTRAY = 1.0  # pixels at most between a point and where following it back leads
BESIDE = 3.0  # pixels at most between a point looked up in the first frame and where the fit has it
LEVEL = 6.0  # degrees of the mesh's yaw: it looks ahead
FEWEST = 20  # points; below, the face is lost
ROUNDS = 3  # of reweighting
# Shift of the middle against the rims, in half widths, at a turn of 90 degrees: portraits of thirteen people warped as
# wide cylinders have 0.4, rendered with a nose 0.8 to 1.2. A flat print has none, however it is held. How narrow the
# face becomes tells which depth a head has.
SHALLOW, DEEP = 0.42, 1.2
NARROWEST = 0.3  # of its width, below which that is a misread


@dataclass(frozen=True)
class Still:
    """A frame in grey, with the mesh's points on it and the yaw the mesh reads (degrees from ahead)."""

    grey: Grey
    points: Points
    yaw: float


@dataclass(frozen=True)
class _Face:
    """The frame that looks straightest ahead and the points followed from it, in pixels and in the face's own measure:
    half widths from its middle, its eyes level.
    """

    still: Still
    which: NDArray[np.int64]
    middle: Points
    turn: Points
    half: float

    def measured(self, pixels: Points) -> Points:
        return np.asarray((pixels - self.middle) @ self.turn.T / self.half)

    def pixels(self, measured: Points) -> Points:
        return np.asarray(measured * self.half @ self.turn + self.middle)

    @property
    def points(self) -> Points:
        return self.still.points[self.which, :2]


def yaws(stills: Sequence[Still]) -> list[float]:
    """Degrees a solid head turned, above zero to the picture's right, of each frame against the one looking ahead.

    Between two views of a plane lies a homography; on a head the middle runs ahead of the rims by the sine of the
    turn. So a print that is moved, turned or tilted stays near 0, however much a network takes it for a turned head.
    4 ms of one thread a frame of 320 pixels. A frame in which the face is lost repeats its neighbour's.
    """
    if not stills:
        return []
    level = [at for at, still in enumerate(stills) if abs(still.yaw) <= LEVEL]
    first = level[0] if level else min(range(len(stills)), key=lambda at: abs(stills[at].yaw))
    face = _face(stills[first])
    before = list(_followed(face, stills[first::-1]))
    after = list(_followed(face, stills[first:]))
    views = [*before[:0:-1], *after]
    depth = _depth(views)
    return [math.degrees(math.atan2(shift / depth, narrow)) for shift, narrow in views]


def _depth(views: Sequence[tuple[float, float]]) -> float:
    """The one that makes shift / depth and narrow a sine and a cosine, by least squares over the film."""
    shift, narrow = np.array(views).T
    bent = float((shift**4).sum())
    turned = float(((1 - narrow**2).clip(min=0) * shift**2).sum())
    return min(max(math.sqrt(bent / turned), SHALLOW), DEEP) if turned > 0 else DEEP


def _face(still: Still) -> _Face:
    right, left = still.points[EARS[0], :2], still.points[EARS[1], :2]
    across = left - right
    half = max(float(np.hypot(*across)) / 2, 1.0)
    cosine, sine = across / (2 * half)
    face = _Face(
        still,
        np.arange(POINTS),
        still.points[:, :2].mean(axis=0),
        np.array([[cosine, sine], [-sine, cosine]]),
        half,
    )
    inside = np.flatnonzero(np.abs(face.measured(face.points)[:, 0]) < INNER)[::EVERY]
    return _Face(still, inside, face.middle, face.turn, face.half)


def _followed(face: _Face, stills: Sequence[Still]) -> Iterator[tuple[float, float]]:
    """Of the first still, which is the face's own, and of each after it.

    Two guesses of where the points are, by what they did since the frame before and by the mesh: the one around which
    more of them look as they did in the first frame is right. So a face lost in a far turn is found as it comes back.
    """
    points, grey, view = face.points, face.still.grey, (0.0, 1.0)
    form = face.measured(face.points)
    yield view
    for still in stills[1:]:
        moved, seen = _step(grey, still.grey, points)
        meshed, every = still.points[face.which, :2], np.ones(len(points), dtype=bool)
        kept, again = _settled(face, still.grey, moved, seen), _settled(face, still.grey, meshed, every)
        points, near = max(again, kept, key=lambda one: int(one[1].sum()))
        sure = near | seen if near is kept[1] else near
        if sure.sum() >= FEWEST:
            view = _view(_fitted(form, face.measured(points), sure))
        grey = still.grey
        yield view


def _settled(
    face: _Face, grey: Grey, guess: Points, seen: NDArray[np.bool_]
) -> tuple[Points, NDArray[np.bool_]]:
    """The points that look as in the first frame, near where a fit to the guess has them; the others by the guess."""
    if seen.sum() < FEWEST:
        return guess, np.zeros(len(guess), dtype=bool)
    form = face.measured(face.points)
    fitted = face.pixels(_placed(_fitted(form, face.measured(guess), seen), form))
    found, near = _looked_up(face, grey, fitted)
    return np.where(near[:, None], found, np.where(seen[:, None], guess, fitted)), near


def _step(before: Grey, after: Grey, points: Points) -> tuple[Points, NDArray[np.bool_]]:
    """Where the points went, and which of them come back to where they were."""
    moved, there = _flow(before, after, points, points, COARSE)
    back, again = _flow(after, before, moved, moved, COARSE)
    return moved, there & again & (np.hypot(*(back - points).T) < ASTRAY)


def _looked_up(face: _Face, grey: Grey, guess: Points) -> tuple[Points, NDArray[np.bool_]]:
    """The points as the first frame shows them, found again: what drifted is put right."""
    found, there = _flow(face.still.grey, grey, face.points, guess, FINE)
    return found, there & (np.hypot(*(found - guess).T) < BESIDE)


def _flow(
    before: Grey, after: Grey, points: Points, guess: Points, levels: int
) -> tuple[Points, NDArray[np.bool_]]:
    import cv2

    moved, there, _ = cv2.calcOpticalFlowPyrLK(
        before,
        after,
        points.astype(np.float32),
        guess.astype(np.float32),
        winSize=(WINDOW, WINDOW),
        maxLevel=levels,
        flags=cv2.OPTFLOW_USE_INITIAL_FLOW,
    )
    return np.asarray(moved, dtype=np.float64), np.asarray(there).ravel() > 0


def _fitted(form: Points, seen: Points, trusted: NDArray[np.bool_]) -> Points:
    """The homography from form to seen, eight numbers, and two more: how far x squared shifts a point (least squares,
    those that stray counting less).
    """
    (x, y), (u, v) = form.T, seen.T
    one, none = np.ones_like(x), np.zeros_like(x)
    rows: Any = np.stack(
        [
            np.column_stack([x, y, one, none, none, none, -u * x, -u * y, x * x, none]),
            np.column_stack([none, none, none, x, y, one, -v * x, -v * y, none, x * x]),
        ],
        axis=1,
    )
    weight = trusted.astype(np.float64)
    fit = np.zeros(10)
    for _ in range(ROUNDS):
        root = np.sqrt(weight)[:, None]
        fit = np.linalg.lstsq((rows * root[..., None]).reshape(-1, 10), (seen * root).ravel(), rcond=None)[0]
        off = np.hypot(*(rows @ fit - seen).T)
        usual = max(1.5 * float(np.median(off[trusted])), 0.003)
        weight = trusted / (1 + (off / usual) ** 2)
    return np.asarray(fit)


def _placed(fit: Points, form: Points) -> Points:
    x, y = form.T
    away = 1 + fit[6] * x + fit[7] * y
    across = fit[0] * x + fit[1] * y + fit[2] + fit[8] * x * x
    down = fit[3] * x + fit[4] * y + fit[5] + fit[9] * x * x
    return np.column_stack([across / away, down / away])


def _view(fit: Points) -> tuple[float, float]:
    """How far the middle is shifted along the face's own width, and how narrow the face became, both over its height."""
    width = np.array([fit[0] - fit[2] * fit[6], fit[3] - fit[5] * fit[6]])
    height = np.array([fit[1] - fit[2] * fit[7], fit[4] - fit[5] * fit[7]])
    along = np.array([height[1], -height[0]])  # level with the head
    square = max(float(height @ height), 1e-6)
    return -float(fit[8:] @ along) / square, max(float(width @ along) / square, NARROWEST)
