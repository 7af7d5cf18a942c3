"""How well a picture can be read, as numbers; what is good enough is said by checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

WIDTH = 1000  # pixels the longer side is brought to, so that the numbers compare across cameras
TILES = 10
BLOWN = 250  # grey level from which on a pixel is burnt out
# A glare: a burnt-out patch that fades into what is around it. Paper, portraits and prints end at an edge.
PATCH = 0.003, 0.2  # shares of the picture
FADES = 12.0  # grey levels a pixel at its rim, at most; printed edges have 25 and more
FULL, LONGEST = 0.45, 4  # of its frame; length to width: gaps between pictures are longer
PAPER = 0.35  # share of burnt-out pixels from which on the paper itself is white
# A screen: its grid against the camera's beats in one direction at one pitch, all over the picture.
FIELD = 256  # pixels of a side that is looked at, as they were sent
PITCH = 2.2, 10.0  # pixels from line to line
BEAT = 9.0  # robust deviations; whole specimens have up to 7.4, 22 of 24 of them seen on a screen 10 and more
AXES = 2.5  # bins beside the axes, where frames and rows of text stand out


def measured(pixels: NDArray[np.uint8]) -> dict[str, str]:
    """`brightness` 0 to 255 (mean), `sharpness` (90th percentile of the tiles' Laplacian variance), `glare` 0 to 1.

    `glare_at`: where a patch of light lies on it, in shares of the picture (left, top, width, height). `screen`: how
    far the pitch of a screen stands out, where it does. About 30 CPU ms.
    """
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
    blown = float((grey >= BLOWN).mean())
    patch = _patch(np.asarray(grey, np.uint8)) if PATCH[0] <= blown <= PAPER else ""
    beating = beat(pixels)
    return {
        "brightness": f"{float(grey.mean()):.1f}",
        "sharpness": f"{float(np.percentile(tiles, 90)):.1f}",
        "glare": f"{blown:.3f}",
        **({"glare_at": patch} if patch else {}),
        **({"screen": f"{beating:.1f}"} if beating >= BEAT else {}),
    }


def _patch(grey: NDArray[np.uint8]) -> str:
    """The largest burnt-out patch with a soft rim, in shares of the picture; "" for none."""
    import cv2

    mask = cv2.morphologyEx((grey >= BLOWN).astype(np.uint8), cv2.MORPH_OPEN, np.ones((7, 7), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    across, down = (cv2.Sobel(grey, cv2.CV_32F, dx, 1 - dx, scale=1 / 8) for dx in (1, 0))
    steep = np.hypot(across, down)
    for n in sorted(range(1, count), key=lambda n: -stats[n, cv2.CC_STAT_AREA])[:3]:
        left, top, wide, high, area = (int(one) for one in stats[n])
        if not PATCH[0] <= area / mask.size <= PATCH[1]:
            continue
        inside = (labels == n).astype(np.uint8)
        rim = cv2.dilate(inside, np.ones((9, 9), np.uint8)) - cv2.dilate(inside, np.ones((3, 3), np.uint8))
        at_edge = left == 0 or top == 0 or left + wide == grey.shape[1] or top + high == grey.shape[0]
        round_ = area > FULL * wide * high and max(wide, high) < LONGEST * min(wide, high)
        if round_ and not at_edge and float(np.median(steep[rim > 0])) < FADES:
            shares = (left / grey.shape[1], top / grey.shape[0], wide / grey.shape[1], high / grey.shape[0])
            return ",".join(f"{share:.3f}" for share in shares)
    return ""


def beat(pixels: NDArray[np.uint8]) -> float:
    """How far one fine pitch stands out of the picture's mean spectrum, in robust deviations.

    A screen's grid seen by a camera rules the whole picture; print and guilloche change from field to field.
    """
    import cv2

    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32)
    side = min(FIELD, *grey.shape)
    window = np.outer(np.hanning(side), np.hanning(side)).astype(np.float32)
    rows = np.linspace(0, grey.shape[0] - side, min(3, -(-grey.shape[0] // side))).astype(int)
    columns = np.linspace(0, grey.shape[1] - side, min(3, -(-grey.shape[1] // side))).astype(int)
    fields = (grey[y : y + side, x : x + side] for y in rows for x in columns)
    spectra = [np.log1p(np.abs(np.fft.rfft2((field - field.mean()) * window))) for field in fields]
    power = np.mean(spectra, axis=0)
    y, x = np.meshgrid(np.fft.fftfreq(side), np.fft.rfftfreq(side), indexing="ij")
    radius = np.hypot(x, y)
    around = cv2.blur(power.astype(np.float32), (15, 15))
    slanted = (np.abs(x) > AXES / side) & (np.abs(y) > AXES / side)
    band = (radius > 1 / PITCH[1]) & (radius < 1 / PITCH[0]) & slanted
    above = (power - around)[band]
    if not above.size:
        return 0.0
    return float(
        (above.max() - np.median(above)) / (1.4826 * np.median(np.abs(above - np.median(above))) or 1.0)
    )
