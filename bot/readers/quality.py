"""How well a picture can be read, as numbers; what is good enough is said by checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

WIDTH = 1000  # pixels the longer side is brought to, so that the numbers compare across cameras
TILES = 10
BLOWN = 250  # grey level from which on a pixel is burnt out


def measured(pixels: NDArray[np.uint8]) -> dict[str, str]:
    """`brightness` 0 to 255 (mean), `sharpness` (90th percentile of the tiles' Laplacian variance), `glare` 0 to 1."""
    import cv2

    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    scale = WIDTH / max(grey.shape)
    if scale < 1:
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    edges = cv2.Laplacian(grey, cv2.CV_32F)
    high, wide = (edges.shape[0] // TILES or 1), (edges.shape[1] // TILES or 1)
    tiles = [
        float(edges[y : y + high, x : x + wide].var())
        for y in range(0, edges.shape[0] - high + 1, high)
        for x in range(0, edges.shape[1] - wide + 1, wide)
    ]
    return {
        "brightness": f"{float(grey.mean()):.1f}",
        "sharpness": f"{float(np.percentile(tiles, 90)):.1f}",
        "glare": f"{float((grey >= BLOWN).mean()):.3f}",
    }
