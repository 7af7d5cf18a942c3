"""Pictures that are no documents: a close-up of thick brush-strokes, and anything blurred beyond reading."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np

from bot.readers.specimens.pen import Colour, jpeg

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL import ImageDraw

SIZE = 1400, 1050
SEED = 1889
STEPS = 60  # points of a stroke's path
# From a night over water: deep blues below, ochre and cream where light falls.
BLUES: tuple[Colour, ...] = ((22, 42, 92), (32, 70, 134), (58, 112, 168), (16, 30, 62), (104, 152, 186))
LIGHTS: tuple[Colour, ...] = ((226, 174, 62), (240, 214, 140), (206, 128, 46), (246, 234, 196), (176, 84, 40))
BLUR = 1 / 62  # of the longer side, a Gaussian's sigma; letters of a zone are 1 / 52 of it tall


def painting() -> bytes:
    """Bristles leave ridges; light from the upper left makes them stand out. No text, no outline of any paper."""
    from PIL import Image, ImageDraw, ImageFilter

    chance = np.random.default_rng(SEED)
    colours = Image.new("RGB", SIZE, (26, 44, 84))
    ridges = Image.new("L", SIZE, 90)
    pens = ImageDraw.Draw(colours), ImageDraw.Draw(ridges)
    for width in (190.0,) * 110 + (130.0,) * 130 + (80.0,) * 90:
        _stroke(chance, pens, width)
    soft = [
        np.asarray(sheet.filter(ImageFilter.GaussianBlur(1.1)), np.float32) for sheet in (colours, ridges)
    ]
    return jpeg(Image.fromarray(_lit(soft[0], soft[1])))


def blurred(picture: bytes) -> bytes:
    """The same picture as an unsteady, unfocused hand would take it: nothing on it can be read."""
    from PIL import Image, ImageFilter

    with Image.open(io.BytesIO(picture)) as opened:
        sharp = opened.convert("RGB")
    return jpeg(sharp.filter(ImageFilter.GaussianBlur(max(sharp.size) * BLUR)))


def _stroke(
    chance: np.random.Generator, pens: tuple[ImageDraw.ImageDraw, ImageDraw.ImageDraw], width: float
) -> None:
    """One pull of the brush: a bent path, a bristle beside the other, each of its own shade, length and height."""
    path, aside = _path(chance, width * chance.uniform(2.4, 4.6))
    base = _mixed(chance, path[STEPS // 2])
    offsets = np.arange(-width / 2, width / 2, 3.2)
    shades = chance.normal(0, 5, (len(offsets), 3)) + _wandering(chance, len(offsets), 7)[:, None]
    ragged = np.abs(_wandering(chance, len(offsets), 2.5)) + 14 * (2 * offsets / width) ** 4
    for offset, dye, short in zip(offsets, shades, ragged, strict=True):
        shade = base + dye
        first, last = int(short / 2), STEPS - int(min(short + chance.integers(0, 5), STEPS * 0.6))
        line = (path + aside * (offset + chance.normal(0, 0.7)))[first:last].ravel().tolist()
        edge = 40 if abs(offset) > width / 2 - 7 else 0  # paint is pushed to the sides
        pens[0].line(line, tuple(int(part) for part in shade.clip(0, 255)), 4)
        pens[1].line(line, int(np.clip(110 + edge + chance.normal(0, 30), 0, 255)), 3)


def _wandering(chance: np.random.Generator, count: int, step: float) -> NDArray[np.float64]:
    """Neighbouring bristles are alike: a walk that is drawn back to nought."""
    walk = np.zeros(count)
    for at, move in enumerate(chance.normal(0, step, count - 1), start=1):
        walk[at] = walk[at - 1] * 0.9 + move
    return walk


def _path(chance: np.random.Generator, long: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Points of a bent line, and the unit vector across it at each; strokes flow around a bright spot."""
    x, y = chance.uniform(-60, SIZE[0] + 60), chance.uniform(-60, SIZE[1] + 60)
    turn = np.arctan2(y - SIZE[1] * 0.4, x - SIZE[0] * 0.62) + np.pi / 2 + chance.normal(0, 0.28)
    angles = turn + np.linspace(0, chance.normal(0.5, 0.35), STEPS)
    ahead = np.stack((np.cos(angles), np.sin(angles)), axis=1)
    points = np.array((x, y)) + np.cumsum(ahead * long / STEPS, axis=0)
    return points, np.stack((-ahead[:, 1], ahead[:, 0]), axis=1)


def _mixed(chance: np.random.Generator, at: NDArray[np.float64]) -> NDArray[np.float64]:
    """Two paints not quite stirred together; the nearer to the spot, the more light."""
    far = float(np.hypot(at[0] - SIZE[0] * 0.62, at[1] - SIZE[1] * 0.4)) / SIZE[0]
    paints = LIGHTS if chance.uniform() < 1.05 - 2.6 * far else BLUES
    one, other = chance.integers(0, len(paints), 2)
    share = chance.uniform(0.5, 1.0)
    return np.array(paints[one]) * share + np.array(paints[other]) * (1 - share)


def _lit(colours: NDArray[np.float32], ridges: NDArray[np.float32]) -> NDArray[np.uint8]:
    down, across = np.gradient(ridges, axis=0), np.gradient(ridges, axis=1)
    light = np.clip((down + across) * 2.0, -70, 90)[..., None]
    shining = np.clip(light - 34, 0, None) * 0.8
    lit: NDArray[np.uint8] = (colours + light * 0.55 + shining).clip(0, 255).astype(np.uint8)
    return lit
