"""Pictures as a phone takes them: laid on a table, tilted, seen askew, shaded, noisy, saved as JPEG. Seeded."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

TILT = 8.0  # degrees at most, either way
ASKEW = 0.035  # of the side: how far a corner is moved at most
TABLE = 0.06  # of the side: border of table left around the document
SHADE = (0.45, 0.85)  # what is left of the light at the darker edge
NOISE = (2.0, 7.0)  # standard deviation, grey levels
JPEG = 60


def phoned(picture: NDArray[np.uint8], seed: int, name: str) -> bytes:
    """A JPEG of an RGB picture as a phone might have taken it; the same for the same seed and name."""
    import cv2

    chance = np.random.default_rng([seed, zlib.crc32(name.encode())])
    shot = _shaded(_held(picture, chance), chance)
    grain = chance.normal(0.0, chance.uniform(*NOISE), shot.shape)
    noisy = np.clip(shot + grain, 0, 255).astype(np.uint8)
    done, data = cv2.imencode(".jpg", noisy[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, JPEG])
    if not done:
        raise ValueError(f"{name} cannot be saved as JPEG")
    return bytes(data)


def _held(picture: NDArray[np.uint8], chance: Generator) -> NDArray[np.uint8]:
    """Turned by some degrees, its corners moved, whole in the frame, on a table of one colour."""
    import cv2

    height, width = picture.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), chance.uniform(-TILT, TILT), 1.0)
    seen = corners @ turn[:, :2].T + turn[:, 2]
    seen += chance.uniform(-ASKEW, ASKEW, (4, 2)) * (width, height)
    seen += np.array([width, height]) * TABLE - seen.min(axis=0)
    size = np.ceil(seen.max(axis=0) + np.array([width, height]) * TABLE).astype(int)
    view = cv2.getPerspectiveTransform(corners.astype(np.float32), seen.astype(np.float32))
    table = [float(level) for level in chance.uniform(40, 190, 3)]
    shot: NDArray[np.uint8] = cv2.warpPerspective(
        picture, view, (int(size[0]), int(size[1])), flags=cv2.INTER_LINEAR, borderValue=table
    ).astype(np.uint8)
    return shot


def _shaded(picture: NDArray[np.uint8], chance: Generator) -> NDArray[np.float64]:
    """Light falls off along one direction, softly, from some place on."""
    height, width = picture.shape[:2]
    way = chance.uniform(0, 2 * np.pi)
    down, along = np.mgrid[0:height, 0:width]
    distance = along / width * np.cos(way) + down / height * np.sin(way)
    edge, soft = chance.uniform(distance.min(), distance.max()), chance.uniform(0.05, 0.5)
    dark = 1 / (1 + np.exp(-(distance - edge) / soft * 4))
    light: NDArray[np.float64] = 1 - dark * (1 - chance.uniform(*SHADE))
    return picture * light[:, :, None]
