"""A head turned far may be read as one that looks ahead: where the nose says otherwise, that frame is left out."""

from __future__ import annotations

import pytest

from bot.readers.turns import misread, turned

# One portrait rendered as a head that turns to its right by 55 degrees and back: the mesh lost it on the way.
FAR = [0.0, 0, -13, -24, -39, -57, -19, 8, 14, 7, -21, -57, -38, -23, -13, 0, 0]
NOSES = [
    0.0,
    0.0,
    0.02,
    -0.1,
    -0.2,
    -0.17,
    -0.24,
    -0.23,
    -0.23,
    -0.23,
    -0.2,
    -0.17,
    -0.19,
    -0.1,
    0.0,
    0.0,
    0.0,
]


def kept(yaws: list[float], noses: list[float]) -> list[float]:
    return [yaw for yaw, bad in zip(yaws, misread(yaws, noses), strict=True) if not bad]


def test_a_far_turn_that_was_lost_on_the_way_is_one_turn() -> None:
    assert [side for side, _ in turned(FAR)] == [-1, -1]
    assert [side for side, _ in turned(kept(FAR, NOSES))] == [-1]


@pytest.mark.parametrize("build", [-0.1, 0.0, 0.25])
def test_a_nose_that_is_always_aside_tells_nothing(build: float) -> None:
    yaws = [0.0, 0.0, 15.0, 35.0, 35.0, 10.0, 0.0, -35.0, -35.0, 0.0]
    noses = [build + yaw / 150 for yaw in yaws]
    assert kept(yaws, noses) == yaws


def test_a_head_that_never_looked_ahead_is_left_as_it_is() -> None:
    assert kept([40.0, 41.0], [0.1, 0.1]) == [40.0, 41.0]
