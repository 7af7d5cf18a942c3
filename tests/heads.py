"""Films for liveness tests: a portrait laid over its own face's form, turned, and drawn frame by frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from bot.readers.faces import Faces
from bot.readers.mesh import Mesh, levelled

Picture = NDArray[np.uint8]
Points = NDArray[np.float64]

SIDE = 320  # pixels of a film
RATE = 12  # frames a second
OVAL = (
    *(10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377),
    *(152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109),
)


@dataclass(frozen=True, eq=False)
class Head:
    """A portrait, points over it (those of the backdrop have no depth), triangles among them, and the turn's axis."""

    picture: Picture
    points: Points
    triangles: NDArray[np.int64]
    axis: Points


@lru_cache(maxsize=8)
def head(path: Path, networks: Faces, mesh: Mesh) -> Head:
    """Of the largest face of a picture, which fills half of the film's height."""
    whole = networks.found(np.asarray(cv2.imread(str(path)), dtype=np.uint8))
    face = whole.faces[0]
    (x, y), reach = face.centre, face.height * 1.1
    low, high = (max(round(y - reach), 0), round(y + reach)), (max(round(x - reach), 0), round(x + reach))
    picture = np.asarray(
        cv2.resize(whole.pixels[low[0] : low[1], high[0] : high[1]], (SIDE, SIDE)), dtype=np.uint8
    )
    close = networks.seen(picture)[0]
    points, _ = mesh.points(picture, levelled(close.eyes, close.centre, max(close.width, close.height)))
    return _scene(picture, points)


def _scene(picture: Picture, face: Points) -> Head:
    """Around the face: hair and ears, which turn with it, and the backdrop, which stays."""
    oval, middle = face[list(OVAL)], face.mean(axis=0)
    width, back = float(np.linalg.norm(face[234, :2] - face[454, :2])), float(face[[234, 454], 2].mean())
    rings = [
        np.column_stack([middle[:2] + (oval[:, :2] - middle[:2]) * 1.25, np.minimum(oval[:, 2] + 0.3 * width, back + 0.15 * width)]),
        np.column_stack([middle[:2] + (oval[:, :2] - middle[:2]) * 2.2, np.full(len(oval), np.nan)]),
    ]  # fmt: skip
    inside = [ring[((ring[:, :2] > 5) & (ring[:, :2] < SIDE - 5)).all(axis=1)] for ring in rings]
    steps = np.linspace(0, SIDE - 1, 5)
    edge = np.array([[x, y, np.nan] for x in steps for y in steps if {x, y} & {0.0, SIDE - 1.0}])
    points = np.vstack([face, *inside, edge])
    return Head(picture, points, _triangles(points), np.array([middle[0], middle[1], back]))


def _triangles(points: Points) -> NDArray[np.int64]:
    plane = cv2.Subdiv2D((0, 0, SIDE, SIDE))
    flat = np.clip(points[:, :2], 1, SIDE - 2).astype(np.float32)
    plane.insert([(float(x), float(y)) for x, y in flat])
    corners = np.asarray(plane.getTriangleList()).reshape(-1, 3, 1, 2)
    apart = np.abs(corners - flat[None, None]).sum(axis=3)
    return np.asarray(apart.argmin(axis=2)[(apart.min(axis=2) < 0.5).all(axis=1)], dtype=np.int64)


@lru_cache(maxsize=200)
def turned(one: Head, yaw: float) -> Picture:
    """The head turned by so many degrees, towards the picture's right above zero."""
    angle = np.radians(yaw)
    turn = np.array([[np.cos(angle), 0, -np.sin(angle)], [0, 1, 0], [np.sin(angle), 0, np.cos(angle)]])
    still = np.isnan(one.points[:, 2])
    moved = (np.nan_to_num(one.points) - one.axis) @ turn.T + one.axis
    moved[still] = np.column_stack([one.points[still, :2], np.full(still.sum(), 1e4)])
    drawn = one.picture.copy()
    for corners in one.triangles[np.argsort(-moved[one.triangles, 2].mean(axis=1))]:  # the far ones first
        _drawn(drawn, one.picture, one.points[corners, :2], moved[corners, :2], still[corners].any())
    return drawn


def _area(corners: Points) -> float:
    (a, b), (c, d) = corners[1] - corners[0], corners[2] - corners[0]
    return float(a * d - b * c)


def _drawn(onto: Picture, picture: Picture, before: Points, after: Points, backdrop: bool) -> None:
    if abs(_area(before)) < 0.5 or (not backdrop and _area(before) * _area(after) <= 0):
        return  # the far side of the head
    left, top = np.maximum(np.floor(after.min(axis=0)).astype(int) - 1, 0)
    right, bottom = np.minimum(np.ceil(after.max(axis=0)).astype(int) + 2, SIDE)
    if right <= left or bottom <= top:
        return
    placed = (after - (left, top)).astype(np.float32)
    into = cv2.getAffineTransform(before.astype(np.float32), placed)
    size = (int(right - left), int(bottom - top))
    patch = cv2.warpAffine(picture, into, size, borderMode=cv2.BORDER_REFLECT)
    mask = np.zeros(size[::-1], np.uint8)
    cv2.fillConvexPoly(mask, np.round(placed).astype(np.int32), 255)
    onto[top:bottom, left:right][mask > 0] = patch[mask > 0]


def rounded(one: Head, yaw: float) -> Picture:
    """The portrait wound about an upright cylinder that turns: smooth, without a nose, before a backdrop that stays."""
    across, down = np.meshgrid(np.arange(SIDE, dtype=np.float32), np.arange(SIDE, dtype=np.float32))
    face = one.points[:468, :2]
    reach = 0.62 * float(np.ptp(face[:, 0]))
    aside = (across - face[:, 0].mean()) / reach
    angle = np.arcsin(np.clip(aside, -1, 1)) - np.radians(yaw)
    round_here = (np.abs(aside) < 1) & (np.cos(angle) > 0)
    source = np.where(round_here, face[:, 0].mean() + reach * np.sin(angle), across).astype(np.float32)
    return np.asarray(cv2.remap(one.picture, source, down, cv2.INTER_LINEAR), dtype=np.uint8)


def tilted(picture: Picture, angle: float, shift: float = 0.0) -> Picture:
    """A flat print of the picture turned about its upright axis, seen from two widths away, moved sideways."""
    sine, cosine, half, far = np.sin(np.radians(angle)), np.cos(np.radians(angle)), SIDE / 2, 2.0 * SIDE
    corners = np.array([[0, 0], [SIDE, 0], [SIDE, SIDE], [0, SIDE]], dtype=np.float32)
    seen = [
        (half + shift + (x - half) * cosine * far / (far + (x - half) * sine),
         half + (y - half) * far / (far + (x - half) * sine))
        for x, y in corners
    ]  # fmt: skip
    into = cv2.getPerspectiveTransform(corners, np.array(seen, dtype=np.float32))
    return np.asarray(cv2.warpPerspective(picture, into, (SIDE, SIDE)), dtype=np.uint8)


def sway(peaks: Sequence[float]) -> list[float]:
    """Angles of a film: ahead, out to each peak and back."""
    angles = [0.0] * 5
    for peak in peaks:
        angles += [*np.linspace(0, peak, 6), *[peak] * 3, *np.linspace(peak, 0, 6), *[0.0] * 4]
    return [float(angle) for angle in angles]


def film(pictures: Sequence[Picture], path: Path) -> bytes:
    """An MP4 of the pictures."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), RATE, (SIDE, SIDE))
    for picture in pictures:
        writer.write(picture)
    writer.release()
    return path.read_bytes()
