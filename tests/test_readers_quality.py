"""What is wrong with a picture, measured: light on it, a screen before the camera, a part outside of it."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

np = pytest.importorskip("numpy", reason="the readers extra is not installed")
cv2 = pytest.importorskip("cv2", reason="the readers extra is not installed")
Image = pytest.importorskip("PIL.Image", reason="the readers extra is not installed")

from datetime import date  # noqa: E402

from bot.readers import specimens  # noqa: E402
from bot.readers.document import read  # noqa: E402
from bot.readers.image import pages  # noqa: E402
from bot.readers.quality import measured  # noqa: E402
from tests.test_readers_document import sheet  # noqa: E402

Pixels = Any  # arrays of 8-bit RGB
TODAY = date(2026, 11, 20)


@cache
def page(name: str = "passport") -> Pixels:
    drawn: dict[str, Callable[[], bytes]] = {
        "passport": specimens.passport,
        "licence": specimens.driving_licence,
        "card": lambda: specimens.id_card()[0],
        "painting": specimens.painting,
    }
    return pages(drawn[name]())[0].pixels


def lit(pixels: Pixels, x: float = 0.5, y: float = 0.5) -> Pixels:
    """With a lamp's reflection there."""
    high, wide = pixels.shape[:2]
    yy, xx = np.mgrid[:high, :wide]
    far = ((xx - x * wide) / (0.11 * wide)) ** 2 + ((yy - y * high) / (0.09 * high)) ** 2
    return np.clip(pixels + 400 * np.exp(-far / 1.2)[..., None], 0, 255).astype(np.uint8)


def on_screen(pixels: Pixels, turn: float = 3.0, zoom: float = 0.47) -> Pixels:
    """As a phone sees it on a screen: three colours a dot, a dark line between rows, not quite level."""
    small = cv2.resize(pixels, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    dot = np.full((3, 3, 3), 0.25, np.float32)
    for colour in range(3):
        dot[:2, colour, colour] = 1.05
    lamps = np.repeat(np.repeat(small, 3, 0), 3, 1) * np.tile(dot, (*small.shape[:2], 1))
    high, wide = lamps.shape[:2]
    seen = cv2.getRotationMatrix2D((wide / 2, high / 2), turn, zoom)
    size = int(wide * zoom), int(high * zoom)
    seen[:, 2] += np.array(size) / 2 - (wide / 2, high / 2)
    soft = cv2.GaussianBlur(lamps, (0, 0), 0.8)
    return np.clip(1.9 * cv2.warpAffine(soft, seen, size, borderMode=cv2.BORDER_REFLECT), 0, 255).astype(
        np.uint8
    )


@pytest.mark.parametrize("name", ["passport", "licence", "card", "painting"])
def test_nothing_is_said_of_what_is_as_it_should_be(name: str) -> None:
    assert not measured(page(name)).keys() & {"glare_at", "screen"}


@pytest.mark.parametrize(("x", "y"), [(0.5, 0.5), (0.3, 0.7), (0.6, 0.35)])
def test_light_on_it(x: float, y: float) -> None:
    left, top, wide, high = map(float, measured(lit(page(), x, y))["glare_at"].split(","))
    assert left < x < left + wide
    assert top < y < top + high


@pytest.mark.parametrize(("turn", "zoom"), [(3.0, 0.47), (-4.5, 0.55), (1.5, 0.6)])
def test_a_screen(turn: float, zoom: float) -> None:
    assert float(measured(on_screen(page(), turn, zoom))["screen"]) > 9


def test_a_part_outside_of_the_picture() -> None:
    rows = [f"{n}. A row of words that reaches nearly to the other edge" for n in range(1, 9)]
    whole = np.asarray(sheet(["DRIVING LICENCE", *rows]))
    assert "cut_off" not in read([kept(whole)], TODAY)
    assert read([kept(whole[:, : int(whole.shape[1] * 0.7)])], TODAY)["cut_off"] == "true"


def test_measuring_takes_little() -> None:
    began = time.process_time()
    measured(page())
    assert time.process_time() - began < 0.15


def kept(pixels: Pixels) -> bytes:
    content = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(content, "JPEG", quality=90)
    return content.getvalue()
