"""PDF417 barcodes in pictures: found by the bars' common direction, set level, decoded; then what licences say in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bot.readers import aamva, dni

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

LOOK = 640  # pixels of the longer side at which bars are looked for
WINDOW = 25  # pixels there, over which directions are averaged
ONE_WAY = 0.28  # coherence of directions, 0 to 1: 0.3 in symbols of few bars, 0.6 and more in licences
# Squared Sobel response to squared light: at least, and in shares of the picture's 99th percentile.
STRONG, STRONGEST = 0.5, 0.2
LIT = 101  # pixels there, over which the light is averaged: shadows are wider
DARK = 20  # grey levels added to the light: noise in the dark is no edge
SHARE = 0.008  # of the picture, the least that a barcode takes up
LONG = 0.8, 14  # width of a symbol along the direction of reading to its height
FULL = 0.55  # of its frame: a symbol fills it, text and portraits are ragged
LEAST = 100  # pixels along the direction of reading: the narrowest symbol has 86 modules
REGIONS = 2
MARGIN = 0.25  # of a region's sides, added around it
# Degrees around the measured direction: the decoder is blind from about 3 on, and seen from aside a card is sheared.
STEPS = 0, 1, -3, 3, -6, 6
PAGE = 1600  # pixels of the longer side at which a whole page is read as it is and on its side
WIDE = (
    900,
    1800,
)  # pixels a level region is brought to: at 300 modules, 3 and 6 a module; below 1.6 nothing is read
FEW = 250  # pixels of a region below which only symbols of few, wide modules can be read
ENLARGED = 3  # times at most: what is smaller than that cannot be read in any size
TEXT = 500  # characters kept of what is of no known kind
AREA = 600_000  # pixels of a level region at most


def evidence(pixels: NDArray[np.uint8], today: date) -> dict[str, str]:
    """What the barcode on a page says; {} where there is none, only `barcode` and `barcode_text` (its beginning)
    where it is of a kind we do not know.

    Keys: `barcode` (pdf417), `type` (driving_licence, id_card), `number`, `surname`, `given_names`, `birth_date`,
    `issued_on`, `expires_on`, `issuing_country`, `sex`, `address`, `names_cut`; `barcode_valid`, and where that is
    false `barcode_failed`: the fields that do not hold. Dates ISO, countries alpha-3.
    """
    best: dict[str, str] = {}
    for content in contents(pixels):
        text = decoded(content)
        card = aamva.evidence(text, today) or dni.evidence(text, today)
        said = {"barcode": "pdf417", **(card or _unknown(text))}
        if said.get("barcode_valid") == "true":
            return said
        best = max(best, said, key=len)
    return best


def _unknown(text: str) -> dict[str, str]:
    plain = "".join(char if char.isprintable() else " " for char in text[:TEXT])
    return {"barcode_text": " ".join(plain.split())} if plain.strip() else {}


def decoded(content: bytes) -> str:
    """Issuers write Latin-1 by the standard and UTF-8 by habit."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("latin-1")


def contents(pixels: NDArray[np.uint8]) -> Iterator[bytes]:
    """What the PDF417 symbols in an RGB picture hold, at any tilt, likeliest first, each once; the search is lazy.

    A symbol read askew can be corrected into another text, most of it scrambled: who knows the kind goes on where
    a text does not hold. What was read twice is believed, and the search ends.
    """
    import cv2

    seen: set[bytes] = set()
    for level in _attempts(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)):
        found = _read(level)
        yield from (content for content in found if content not in seen)
        if not seen.isdisjoint(found):
            return
        seen.update(found)


def _attempts(grey: NDArray[np.uint8]) -> Iterator[NDArray[np.uint8]]:
    """Likeliest first: the page as it is, on its side, then what looks like bars, set level."""
    page = _shrunk(grey, PAGE)
    yield page
    yield np.ascontiguousarray(np.rot90(page))
    found = regions(page, max(page.shape) / max(grey.shape))
    for wide in WIDE:
        for region in found:
            if wide == WIDE[0] or region.wide > WIDE[0]:
                yield from (levelled(grey, region, step, wide) for step in STEPS)


def _shrunk(grey: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    import cv2

    scale = side / max(grey.shape)
    if scale >= 1:
        return grey
    return np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def _read(grey: NDArray[np.uint8]) -> list[bytes]:
    import zxingcpp

    found = zxingcpp.read_barcodes(
        grey,
        formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.PDF417),
        try_rotate=False,
        try_downscale=False,
        try_invert=False,
    )
    return [symbol.bytes for symbol in found]


@dataclass(frozen=True)
class Region:
    """Middle; width along and height across the direction of reading, in pixels; that direction in degrees, ±90."""

    x: float
    y: float
    wide: float
    high: float
    angle: float
    full: float

    @property
    def likely(self) -> bool:
        return self.wide >= LEAST and LONG[0] <= self.wide / self.high <= LONG[1] and self.full >= FULL


def regions(page: NDArray[np.uint8], scale: float = 1.0) -> tuple[Region, ...]:
    """Where strong edges all run one way, largest first: the structure tensor's coherence, averaged over a window.

    In pixels of the picture of which `page` is shrunk to `scale`.
    """
    import cv2

    small = _shrunk(page, LOOK)
    scale *= max(small.shape) / max(page.shape)
    tensor = _tensor(small)
    energy = tensor[0] + tensor[1]
    spread = np.hypot(tensor[0] - tensor[1], 2 * tensor[2])
    lit = energy / (cv2.blur(small, (LIT, LIT)).astype(np.float32) + DARK) ** 2
    strong = max(STRONG, STRONGEST * float(np.percentile(lit[::4, ::4], 99)))
    mask = ((lit > strong) & (spread > ONE_WAY * energy)).astype(np.uint8)
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((WINDOW // 2, WINDOW // 2), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    areas = stats[:, cv2.CC_STAT_AREA]
    largest = sorted((n for n in range(1, count) if areas[n] >= SHARE * mask.size), key=lambda n: -areas[n])
    found = (_region(labels == n, tensor, scale) for n in largest[: 3 * REGIONS])
    return tuple(region for region in found if region.likely)[:REGIONS]


def _tensor(small: NDArray[np.uint8]) -> NDArray[np.float32]:
    import cv2

    across, down = (cv2.Sobel(small, cv2.CV_32F, dx, 1 - dx) for dx in (1, 0))
    parts = (across * across, down * down, across * down)
    return np.stack([cv2.blur(part, (WINDOW, WINDOW)) for part in parts])


def _region(inside: NDArray[np.bool_], tensor: NDArray[np.float32], scale: float) -> Region:
    xx, yy, xy = (float(part[inside].mean()) for part in tensor)
    angle = 0.5 * np.arctan2(2 * xy, xx - yy)
    axes = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    places = np.argwhere(inside)[:, ::-1] @ axes.T
    low, high = places.min(0), places.max(0)
    x, y = axes.T @ (low + high) / 2 / scale
    wide, tall = (high - low + 1) / scale
    full = len(places) / scale**2 / (wide * tall)
    return Region(float(x), float(y), float(wide), float(tall), float(np.degrees(angle)), float(full))


def levelled(grey: NDArray[np.uint8], region: Region, step: float, wide: int) -> NDArray[np.uint8]:
    """The region cut out and set level, turned by `step` degrees more; `wide` pixels, or what ENLARGED and AREA allow."""
    import cv2

    frame = np.array([region.wide, region.high]) * (1 + 2 * MARGIN)
    zoom = min(ENLARGED, wide / frame[0], float(np.sqrt(AREA / frame.prod())))
    turn = cv2.getRotationMatrix2D((region.x, region.y), region.angle + step, zoom)
    size = np.ceil(frame * zoom).astype(int)
    turn[:, 2] += size / 2 - (region.x, region.y)
    way = cv2.INTER_CUBIC if zoom > 1 and region.wide > FEW else cv2.INTER_LINEAR
    return np.asarray(
        cv2.warpAffine(grey, turn, size.tolist(), flags=way, borderMode=cv2.BORDER_REPLICATE), np.uint8
    )
