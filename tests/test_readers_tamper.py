"""Letters that were pasted into a zone: seen where they stand off, and nothing said of rows that are all alike."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

pytest.importorskip("cv2", reason="the readers extra is not installed")

from bot.checks.marks import place
from bot.readers import tamper
from bot.readers.mrz_find import from_text
from bot.readers.text import Strip
from bot.readers.zone import Sighting

LINES = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
PITCH, HEIGHT, AT = 20, 44, 16
DIGIT = slice(60 + AT * PITCH, 60 + (AT + 1) * PITCH), slice(140 + HEIGHT, 140 + 2 * HEIGHT)


def page() -> np.ndarray:
    import cv2

    paper = np.full((260, 1000, 3), 225, np.uint8)
    for at, line in enumerate(LINES):
        for n, letter in enumerate(line):
            spot = 62 + n * PITCH, 140 + at * HEIGHT + 32
            cv2.putText(paper, letter, spot, cv2.FONT_HERSHEY_PLAIN, 1.6, (30, 30, 30), 2, cv2.LINE_AA)
    grain = np.random.default_rng(1).normal(0, 2, paper.shape)
    return np.clip(paper + grain, 0, 255).astype(np.uint8)


def seen() -> Sighting:
    rows = tuple(Strip(60 + 22 * PITCH, 140 + (at + 0.5) * HEIGHT, 44 * PITCH, HEIGHT, 0) for at in (0, 1))
    zone = from_text("\n".join(LINES), date(2026, 11, 2))
    assert zone is not None
    return Sighting(zone, rows)


def another_font(places: tuple[int, ...] = (AT,), letter: str = "") -> np.ndarray:
    """Digits of the lower row in a font of the same height, ink and foot, on the same paper."""
    import cv2

    forged = page()
    for at in places:
        box = DIGIT[1], slice(60 + at * PITCH, 60 + (at + 1) * PITCH)
        forged[box] = page()[:HEIGHT, :PITCH]
        spot = 61 + at * PITCH, 140 + HEIGHT + 32
        cv2.putText(
            forged, letter or LINES[1][at], spot, cv2.FONT_HERSHEY_COMPLEX, 0.8, (30, 30, 30), 2, cv2.LINE_AA
        )
    return forged


def pasted(how: str) -> np.ndarray:
    if how == "another font":
        return another_font()
    forged = page().astype(np.int16)
    across, down = DIGIT
    if how == "lower":
        forged[down, across] = np.roll(forged[down, across], 4, axis=0)
    elif how == "fainter":
        forged[down, across] = 225 - (225 - forged[down, across]) * 0.5
    else:
        forged[down, across] -= 18
    return np.clip(forged, 0, 255).astype(np.uint8)


def test_rows_all_alike_raise_nothing() -> None:
    assert tamper.outlier(page(), seen()) == ""


@pytest.mark.parametrize("how", ["lower", "fainter", "other paper", "another font"])
def test_a_pasted_digit_is_found_where_it_stands(how: str) -> None:
    left, top, wide, high = map(int, tamper.outlier(pasted(how), seen()).split(","))
    across, down = DIGIT
    assert abs(left + wide / 2 - (across.start + across.stop) / 2) < PITCH
    assert top <= down.start + 4
    assert top + high >= down.stop - 4


@pytest.mark.parametrize("edge", [1, 2, 3, 8, 20])
def test_a_shade_that_falls_across_the_rows_is_nothing_pasted(edge: int) -> None:
    """From half the light to all of it, around this letter."""
    across = (np.arange(1000) - 60 - edge * PITCH) / (2.5 * PITCH)
    light = 0.55 + 0.45 / (1 + np.exp(-across))
    shaded = np.clip(page() * light[None, :, None], 0, 255).astype(np.uint8)
    assert tamper.outlier(shaded, seen()) == ""


def test_small_letters_are_not_judged() -> None:
    small = pasted("fainter")[::2, ::2]
    strips = tuple(
        Strip(one.x / 2, one.y / 2, one.length / 2, one.height / 2, one.angle) for one in seen().strips
    )
    assert tamper.outlier(small, Sighting(seen().zone, strips)) == ""


def test_a_row_all_uneven_is_not_judged() -> None:
    ragged = pasted("lower")
    for at in range(3, 40, 3):
        box = slice(60 + at * PITCH, 60 + (at + 1) * PITCH)
        ragged[DIGIT[1], box] = np.roll(ragged[DIGIT[1], box], 4, axis=0)
    assert tamper.outlier(ragged, seen()) == ""


def test_fonts_mixed_all_over_are_not_judged() -> None:
    assert tamper.outlier(another_font((3, 6, 14, 16, 18, 25, 31)), seen()) == ""


@pytest.mark.parametrize(("noise", "judged"), [(60, True), (110, False)])
def test_rough_print_is_not_judged_by_its_shapes(noise: float, judged: bool) -> None:
    import cv2

    strange = another_font((AT,), letter="Y")
    grain = np.random.default_rng(2).normal(0, noise, (260, 1000, 1))
    rough = cv2.GaussianBlur(np.clip(strange + grain, 0, 255).astype(np.uint8), (0, 0), 1.5)
    assert bool(tamper.outlier(rough, seen())) == judged


@pytest.mark.parametrize(
    ("region", "said"),
    [
        ("10,10,20,20,900,600", "upper left"),
        ("440,290,20,20,900,600", "middle"),
        ("800,500,20,20,900,600", "lower right"),
        ("440,500,20,20,900,600", "lower"),
    ],
)
def test_a_region_is_said_in_words(region: str, said: str) -> None:
    assert place(region) == said
