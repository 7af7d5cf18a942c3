"""Rows of zones by their geometry; the quick networks where they are, the careful ones where they are not."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("rapidocr", reason="the readers extra is not installed")

from bot.readers.grouping import flanked, groups, lengthened, uneven
from bot.readers.text import Strip, engine, equip, quick

LONG, SHORT = Strip(500, 100, 900, 40, 0), Strip(300, 150, 480, 40, 0)


def test_a_row_cut_short_is_put_where_the_longest_stands() -> None:
    assert uneven((LONG, SHORT))
    assert not uneven((LONG, Strip(500, 150, 880, 40, 0)))
    assert lengthened((LONG, SHORT), 0) == (LONG, Strip(500, 150, 900, 40, 0))
    assert [strip.length for strip in lengthened((LONG, SHORT), 2)] == [1060, 1060]


def test_a_tilted_row_is_lengthened_along_its_own_line() -> None:
    upright = Strip(100, 500, 900, 40, -90), Strip(150, 300, 480, 40, -90)
    _, moved = lengthened(upright, 0)
    assert (round(moved.x), round(moved.y), moved.length) == (150, 500, 900)


def test_rows_above_and_below_stand_as_far_as_the_two_apart() -> None:
    four = flanked((LONG, Strip(500, 150, 880, 40, 0)))
    assert [(strip.x, strip.y) for strip in four] == [(500, 50), (500, 100), (500, 150), (500, 200)]


def test_rows_of_a_zone_are_alike_and_one_under_the_other() -> None:
    below, far, turned = (
        Strip(500, 150, 880, 40, 0),
        Strip(500, 900, 900, 40, 0),
        Strip(500, 150, 900, 40, 30),
    )
    assert groups([below, LONG]) == ((LONG, below),)
    assert groups([LONG, far]) == ()
    assert groups([LONG, turned]) == ()


def test_without_the_quick_networks_the_careful_ones_read_everything(tmp_path: Path) -> None:
    assert not equip(tmp_path)
    assert quick() is engine()
