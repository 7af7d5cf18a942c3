"""What a yaw track tells: which way a head turned, in which order, and whether that is what was asked. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

# Degrees. Measured: a flat photo tilted by up to 30 degrees moves the yaw by 2 in the median and 12 at the most, by up
# to 45 degrees by 21 at the most; tilted further, one frame in 15 reads as 25 and more. A head turned by 40 reads as
# 35 in the median.
TURN = 25.0
CENTRE = 12.0  # within: the head looks ahead again
ASKEW = 30.0  # yaw that a head looking ahead may read as, by build, lens or a camera held to the side
FRONTAL = 18.0  # from ahead: near enough to compare faces
HELD = 2  # frames in a row beyond TURN; one alone may be a misread
ASIDE = 0.12  # of the distance from eyes to mouth: the nose so far from where it is ahead, a head looks aside. Heads
# turned by 35 degrees have 0.15 to 0.35, by 55 degrees 0.2 to 0.4


class Turn(StrEnum):
    """The person's own left and right."""

    LEFT = "left"
    RIGHT = "right"

    @property
    def other(self) -> Turn:
        return Turn.RIGHT if self is Turn.LEFT else Turn.LEFT


@dataclass(frozen=True)
class Order:
    """How the turns seen answer those asked: `why` is empty where they do, else not_enough_turn or wrong_order.

    `seen`: in the person's own directions, as `mirrored` has them. `mirrored`: None where no turn told it.
    """

    seen: tuple[Turn, ...]
    mirrored: bool | None
    why: str


def ahead(yaws: Sequence[float]) -> float:
    """The yaw of this head when it looks ahead: the median of those near the middle, 0 where there are none."""
    near = [yaw for yaw in yaws if abs(yaw) <= ASKEW]
    return median(near) if near else 0.0


def misread(yaws: Sequence[float], noses: Sequence[float]) -> list[bool]:
    """Frames whose yaw (from ahead) says ahead or the other side while the nose says aside.

    Far turned, the mesh at times lays itself over half a face as over a whole one; the detector's nose stays put.
    `noses`: where each frame's nose lies beside the middle of the face, to the picture's right above zero.
    """
    near = [nose for yaw, nose in zip(yaws, noses, strict=True) if abs(yaw) <= CENTRE]
    middle = median(near) if near else 0.0
    asides = [nose - middle if abs(nose - middle) >= ASIDE else 0.0 for nose in noses]
    return [
        bool(aside) and (abs(yaw) <= CENTRE or yaw * aside < 0)
        for yaw, aside in zip(yaws, asides, strict=True)
    ]


def turned(yaws: Sequence[float]) -> Iterator[tuple[int, int]]:
    """(direction, index of the furthest frame) of each turn: 1 to the picture's right, -1 to its left.

    `yaws`: degrees from ahead, in time's order. The same direction counts again only after the head came back.
    """
    side, held, peak = 0, 0, 0
    for at, yaw in enumerate(yaws):
        beyond = 0 if abs(yaw) < TURN else 1 if yaw > 0 else -1
        if side and (abs(yaw) <= CENTRE or beyond == -side):
            if held >= HELD:
                yield side, peak
            side, held = 0, 0
        if beyond:
            peak = at if not side or abs(yaw) > abs(yaws[peak]) else peak
            side, held = beyond, held + 1
    if held >= HELD:
        yield side, peak


def answered(directions: Sequence[int], asked: Sequence[Turn], mirrored: bool | None = None) -> Order:
    """The turns seen against those asked. `mirrored` None: the first turn is taken for the one asked first.

    Not mirrored, the person's own left is the picture's right. All turns count: one too many is a wrong order, since
    a film of every turn would hold any order somewhere.
    """
    if not directions:
        return Order((), mirrored, "not_enough_turn")
    if mirrored is None:
        mirrored = _own(directions[0]) != asked[0]
    seen = tuple(_own(-direction if mirrored else direction) for direction in directions)
    if seen == tuple(asked):
        return Order(seen, mirrored, "")
    short = len(seen) < len(asked) and seen == tuple(asked[: len(seen)])
    return Order(seen, mirrored, "not_enough_turn" if short else "wrong_order")


def _own(direction: int) -> Turn:
    return Turn.LEFT if direction > 0 else Turn.RIGHT
