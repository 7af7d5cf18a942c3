"""A round thing that turns stands out of the plane; a flat one, however it is held, does not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from bot.readers.mesh import POINTS
from bot.readers.relief import Still, yaws
from tests.heads import SIDE, Head, Picture, Points, rounded, tilted

ANGLES = (0.0, 10.0, 20.0, 30.0, 40.0, 30.0, 20.0, 10.0, 0.0, -10.0, -20.0, -30.0, -40.0)


@pytest.fixture(scope="module")
def speckled() -> Head:
    """No face: blots of grey, and as many points over them as a mesh has."""
    chance = np.random.default_rng(7)
    blots = cv2.GaussianBlur(chance.normal(0, 1, (SIDE, SIDE)), (0, 0), 3)
    grey = np.asarray(cv2.normalize(blots, None, 0, 255, cv2.NORM_MINMAX), dtype=np.uint8)
    points = np.column_stack([chance.uniform(-1, 1, (POINTS, 2)) * (70, 90) + SIDE / 2, np.zeros(POINTS)])
    points[[234, 454], :2] = (SIDE / 2 - 75, SIDE / 2), (SIDE / 2 + 75, SIDE / 2)
    picture = np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), dtype=np.uint8)
    return Head(picture, points, np.zeros((0, 3), dtype=np.int64), points.mean(axis=0))


def followed(pictures: list[Picture], points: Points) -> list[float]:
    """The mesh reads no turn at all from any of them."""
    greys = [np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), dtype=np.uint8) for picture in pictures]
    return yaws([Still(grey, points, 0.0) for grey in greys])


def test_a_cylinder_turns_as_far_as_it_turns(speckled: Head) -> None:
    read = followed([rounded(speckled, angle) for angle in ANGLES], speckled.points)
    assert read == pytest.approx(ANGLES, abs=10)


@pytest.mark.parametrize("most", [30, 45, 60])
def test_a_print_turned_and_moved_does_not_turn(speckled: Head, most: int) -> None:
    flat = [tilted(speckled.picture, angle / 40 * most, shift=angle / 2) for angle in ANGLES]
    assert max(map(abs, followed(flat, speckled.points))) < 12


def test_no_frames_no_yaws() -> None:
    assert yaws([]) == []
