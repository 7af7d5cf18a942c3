"""Parts put into a saved picture are found by what they did not go through, and pictures left alone raise nothing."""

from __future__ import annotations

import io
from functools import lru_cache

import numpy as np
import pytest

pytest.importorskip("cv2", reason="the readers extra is not installed")

from PIL import Image, ImageDraw

from bot.readers import marks
from bot.readers.islands import Blocks, island, oddest

SIZE = 640, 448
PART = 330, 205, 110, 40  # off the grid of blocks
SIDEWAYS, MIRRORED = 6, 2  # EXIF 2.3


@lru_cache(maxsize=4)
def paper(seed: int = 1) -> Image.Image:
    """Softly patterned paper with rows of print, as no picture that was ever saved."""
    grain = np.random.default_rng(seed).normal(0, 60, (SIZE[1] // 4, SIZE[0] // 4, 3))
    soft = Image.fromarray(np.clip(170 + grain, 60, 235).astype(np.uint8)).resize(
        SIZE, Image.Resampling.BICUBIC
    )
    pen = ImageDraw.Draw(soft)
    for row in range(12):
        pen.text((20, 14 + row * 36), f"ROW {row} OF WHAT IS PRINTED 0123456789", (50, 48, 60), font_size=20)
    return soft


def saved(picture: Image.Image, quality: int, turned: int = 1) -> bytes:
    file, notes = io.BytesIO(), Image.Exif()
    notes[274] = turned
    picture.save(file, "JPEG", quality=quality, exif=notes)
    return file.getvalue()


def opened(content: bytes) -> Image.Image:
    with Image.open(io.BytesIO(content)) as picture:
        return picture.convert("RGB")


def forged(how: str, first: int = 75) -> Image.Image:
    picture = opened(saved(paper(), first))
    left, top, wide, high = PART
    box = (left, top, left + wide, top + high)
    if how == "pasted":
        picture.paste(opened(saved(paper(2), 90)).crop((51, 102, 51 + wide, 102 + high)), box)
    elif how == "moved":
        picture.paste(picture.crop((51, 102, 51 + wide, 102 + high)), box)
    else:
        ImageDraw.Draw(picture).text((left, top + 4), "8021993", (45, 45, 55), font_size=28)
    return picture


def close(found: str, box: tuple[int, ...], size: tuple[int, int]) -> bool:
    """The middle of what was found is in the part that was put in."""
    left, top, wide, high, width, height = map(int, found.split(","))
    across, down = left + wide / 2 - box[0], top + high / 2 - box[1]
    return (width, height) == size and -8 < across < box[2] + 8 and -8 < down < box[3] + 8


@pytest.mark.parametrize("last", [88, 95, 98])
@pytest.mark.parametrize("how", ["pasted", "moved", "written over"])
def test_a_part_put_in_after_the_first_saving_is_found_where_it_is(how: str, last: int) -> None:
    assert close(island(saved(forged(how), last)), PART, SIZE)


@pytest.mark.parametrize(("first", "last"), [(60, 95), (75, 88), (85, 95), (90, 97), (95, 85), (80, 80)])
def test_a_picture_saved_again_and_again_raises_nothing(first: int, last: int) -> None:
    twice = saved(opened(saved(paper(), first)), last)
    assert island(twice) == ""
    assert island(saved(opened(twice), 98)) == ""


@pytest.mark.parametrize("quality", [60, 75, 90, 95, 100])
def test_a_picture_saved_once_raises_nothing(quality: int) -> None:
    assert island(saved(paper(), quality)) == ""


def test_a_forgery_saved_coarsely_at_the_end_is_not_seen() -> None:
    assert island(saved(forged("pasted", first=92), 80)) == ""


@pytest.mark.parametrize(("odd", "found"), [(0.0, True), (0.01, True), (0.1, False)])
def test_the_more_blocks_are_odd_all_over_the_odder_an_island_must_be(odd: float, found: bool) -> None:
    chance = np.random.default_rng(4)
    score = np.where(chance.random((40, 60)) < odd, -2.0, 5.0)
    score[10:14, 20:24] = -4.0
    blocks = Blocks(np.zeros((2400, 64), np.uint8), (40, 60), 1)
    assert (oddest(score, 12, blocks) == (160, 80, 32, 32)) == found
    assert oddest(score, 2, blocks) is None  # too few frequencies show that anything was saved before


@pytest.mark.parametrize(
    ("turned", "box", "size"),
    [
        (1, PART, SIZE),
        (MIRRORED, (SIZE[0] - PART[0] - PART[2], PART[1], PART[2], PART[3]), SIZE),
        (SIDEWAYS, (SIZE[1] - PART[1] - PART[3], PART[0], PART[3], PART[2]), (SIZE[1], SIZE[0])),
        (8, (PART[1], SIZE[0] - PART[0] - PART[2], PART[3], PART[2]), (SIZE[1], SIZE[0])),
    ],
)
def test_it_is_said_where_in_the_upright_picture(
    turned: int, box: tuple[int, ...], size: tuple[int, int]
) -> None:
    assert close(island(saved(forged("pasted"), 95, turned)), box, size)


def test_grey_pictures_are_looked_at_too() -> None:
    assert close(island(saved(forged("pasted").convert("L"), 95)), PART, SIZE)


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff", b"GIF89a", b"%PDF-1.7"])
def test_what_is_no_jpeg_says_nothing(content: bytes) -> None:
    assert island(content) == ""


def test_a_file_cut_off_says_nothing() -> None:
    assert island(saved(forged("pasted"), 95)[:9000]) == ""


@pytest.mark.parametrize("size", [(1, 1), (7, 90), (64, 48)])
def test_a_tiny_picture_says_nothing(size: tuple[int, int]) -> None:
    assert island(saved(forged("pasted").crop((300, 190, 300 + size[0], 190 + size[1])), 95)) == ""


@pytest.mark.parametrize("step", [0, 255])
def test_a_file_that_states_odd_steps_says_nothing(step: int) -> None:
    content = saved(forged("pasted"), 95)
    at = content.index(b"\xff\xdb") + 5
    assert island(content[:at] + bytes([step]) * 64 + content[at + 64 :]) == ""


def test_it_is_among_the_marks_of_a_file() -> None:
    content = saved(forged("written over"), 95)
    assert marks.of_file(content) == {"island": island(content)}
    assert marks.of_file(saved(paper(), 95)) == {}
