"""The face of nobody, built of soft ellipses: enough of one for a face detector, and of no living person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Centre, half axes and shade of each part: in halves of the head's width, from its middle; shade -1 dark to 1 light.
HEAD = (0.0, 0.38)  # across, down, as shares of the half width and of the height of the picture
WIDE, TALL = 0.5, 0.25
PARTS: tuple[tuple[float, float, float, float, float], ...] = (
    (0.0, -0.94, 1.08, 0.52, -0.85),  # hair
    (-1.0, -0.35, 0.2, 0.85, -0.8),
    (1.0, -0.35, 0.2, 0.85, -0.8),
    (0.0, -0.42, 0.62, 0.22, 0.16),  # forehead
    (-0.4, -0.24, 0.3, 0.07, -0.62),  # brows
    (0.4, -0.24, 0.3, 0.07, -0.62),
    (-0.4, -0.04, 0.27, 0.12, -0.34),  # sockets
    (0.4, -0.04, 0.27, 0.12, -0.34),
    (-0.4, -0.03, 0.19, 0.07, 0.3),  # whites
    (0.4, -0.03, 0.19, 0.07, 0.3),
    (-0.4, -0.03, 0.09, 0.085, -0.95),  # irises
    (0.4, -0.03, 0.09, 0.085, -0.95),
    (0.0, 0.12, 0.1, 0.3, 0.22),  # nose
    (0.0, 0.36, 0.2, 0.06, -0.36),
    (-0.5, 0.28, 0.2, 0.2, 0.07),  # cheeks
    (0.5, 0.28, 0.2, 0.2, 0.07),
    (0.0, 0.58, 0.34, 0.07, -0.6),  # mouth
    (0.0, 0.72, 0.22, 0.05, 0.16),
    (0.0, 1.0, 0.42, 0.1, -0.24),  # under the chin
)
SOFT = 0.12  # of a part's radius, where it fades


def portrait(wide: int, tall: int, ink: tuple[int, int, int]) -> NDArray[np.uint8]:
    """RGB pixels: head and shoulders in shades of `ink` on a light ground."""
    across, down = np.meshgrid(np.linspace(-1, 1, wide), np.linspace(0, 1, tall))
    ground = np.repeat(np.linspace(236, 206, tall)[:, None], wide, axis=1)
    shade = _over(ground, np.full_like(ground, 96.0), _body(across, down))
    x, y = (across - HEAD[0]) / WIDE, (down - HEAD[1]) / TALL
    skin = 178 - 16 * np.abs(x) - 12 * np.clip(y, 0, None)
    shade = _over(shade, skin, _inside(np.hypot(x, y)))
    for right, under, width, height, light in PARTS:
        towards = np.full_like(shade, 255.0 if light > 0 else 24.0)
        shade = _over(
            shade, towards, abs(light) * _inside(np.hypot((x - right) / width, (y - under) / height))
        )
    tint = np.array(ink, float) / max(ink)
    tinted: NDArray[np.uint8] = (shade[..., None] * (0.55 + 0.45 * tint)).clip(0, 255).astype(np.uint8)
    return tinted


def _inside(far: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 inside, 0 outside, soft at the edge; `far` is 1 on it."""
    return np.clip((1 - far) / SOFT + 0.5, 0, 1)


def _body(across: NDArray[np.float64], down: NDArray[np.float64]) -> NDArray[np.float64]:
    neck = _inside(np.hypot(across / 0.26, (down - 0.64) / 0.2))
    return np.maximum(neck, _inside(np.hypot(across / 0.94, (down - 1.04) / 0.34)))


def _over(
    under: NDArray[np.float64], paint: NDArray[np.float64], share: NDArray[np.float64]
) -> NDArray[np.float64]:
    return under + (paint - under) * share
