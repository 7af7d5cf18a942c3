"""Whether a video shows one living head that turns as asked: it adds confidence, and proves nothing alone.

What it stops: a photo held up or waved about, a film made before the question was known, another person's portrait.
What it does not: a film made to order (any user client can upload one as a video note), a face put on by software.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from bot.readers.faces import DOUBT, RIVAL, Face, Faces, likeness, loaded, portrait_in
from bot.readers.film import Frame, UnwatchableError, frames
from bot.readers.image import Unreadable
from bot.readers.mesh import REAL, Mesh, Pose
from bot.readers.models import MissingModelError, weights
from bot.readers.relief import Still, yaws
from bot.readers.turns import FRONTAL, Turn, ahead, answered, misread, turned

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

SEARCHED = 320  # pixels of the long side: a head that answers fills the picture
SHORTEST = 2.0  # seconds: one turn and back takes about one
LONELY = 1.5  # seconds without a face at most: in more, another may take its place
RIVALS = 3  # frames with a second face
SAMPLES = 6  # frames near the middle whose faces are compared
ASIDE = 0.15  # cosine of a face turned far aside with the one ahead: the same, warped by 60 degrees, had 0.2 at the least
WAVED = 0.35  # of the face's width: it moved, or changed its width, by more, while it did not turn


@dataclass(frozen=True)
class Sight:
    """One frame: when, the face in it (in its pixels) and where it looks, and how many faces could be meant."""

    at: float
    pixels: NDArray[np.uint8]
    face: Face | None = None
    pose: Pose | None = None
    rivals: int = 0


@dataclass(frozen=True)
class Outcome:
    """`verdict`: pass, review or reject; `why`: empty or too_short, too_long, unreadable, no_face, second_face,
    not_enough_turn, flat, wrong_order, face_changed, other_face, no_portrait, no_model.

    `extremes`: the yaw track's, degrees from ahead, to the person's own left below zero once mirroring is known.
    `likeness`: the lowest cosine among the film's frames near ahead; `portrait`: the median one with the portrait.
    """

    verdict: str
    why: str = ""
    turns: tuple[Turn, ...] = ()
    extremes: tuple[float, float] | None = None
    frames: int = 0
    with_face: int = 0
    second_face: int = 0
    likeness: float | None = None
    portrait: float | None = None
    mirrored: bool | None = None


@dataclass(frozen=True)
class Challenge:
    """The turns asked, in order; `mirrored` where the camera's habit is known."""

    turns: tuple[Turn, ...]
    mirrored: bool | None = None
    portrait: bytes | None = field(default=None, repr=False)


@lru_cache(maxsize=1)
def _mesh(folder: Path) -> Mesh:
    return Mesh(weights(folder, "mesh"))


def judged(film: bytes, challenge: Challenge, folder: Path) -> Outcome:
    """Watch a film of at most a minute; 15 ms of one thread a frame looked at, at most 240 of them."""
    try:
        networks, mesh = loaded(folder), _mesh(folder)
        sights = tuple(watched(networks, mesh, frames(film)))
    except MissingModelError:
        return Outcome("review", "no_model")
    except UnwatchableError as error:
        return Outcome("reject", error.code)
    return _judged(networks, sights, challenge)


def evidence(
    film: bytes, challenge: Sequence[str], folder: Path, portrait: bytes | None = None
) -> dict[str, str]:
    """The same as strings: `liveness` (the verdict), `liveness_why`, `turns`, `yaw_least`, `yaw_most`, `frames`,
    `liveness_face` and `liveness_portrait` (cosines), `mirrored`; those unknown are left out.
    """
    outcome = judged(film, Challenge(tuple(map(Turn, challenge)), portrait=portrait), folder)
    least, most = outcome.extremes or (None, None)
    told = {
        "liveness": outcome.verdict,
        "liveness_why": outcome.why or None,
        "turns": ",".join(outcome.turns) or None,
        "yaw_least": None if least is None else f"{least:.0f}",
        "yaw_most": None if most is None else f"{most:.0f}",
        "frames": str(outcome.frames),
        "liveness_face": None if outcome.likeness is None else f"{outcome.likeness:.3f}",
        "liveness_portrait": None if outcome.portrait is None else f"{outcome.portrait:.3f}",
        "mirrored": None if outcome.mirrored is None else str(outcome.mirrored).lower(),
    }
    return {name: value for name, value in told.items() if value is not None}


def watched(networks: Faces, mesh: Mesh, film: Iterator[Frame]) -> Iterator[Sight]:
    """Each frame's largest face and where it looks."""
    for frame in film:
        yield _sight(networks, mesh, frame)


def _sight(networks: Faces, mesh: Mesh, frame: Frame) -> Sight:
    import cv2

    scale = min(SEARCHED / max(frame.pixels.shape[:2]), 1.0)
    small = cv2.resize(frame.pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    for at, face in enumerate(faces := networks.seen(small)):
        pose = mesh.pose(small, face)
        if pose.score >= REAL:
            rivals = [f for f in faces[at + 1 :] if f.height >= RIVAL * face.height]
            real = sum(mesh.pose(small, rival).score >= REAL for rival in rivals)
            return Sight(frame.at, small, face, pose, real)
    return Sight(frame.at, small)


def _judged(networks: Faces, sights: Sequence[Sight], challenge: Challenge) -> Outcome:
    """Everything is measured; the first thing wrong gives the reason."""
    seen = [sight for sight in sights if sight.face]
    steady, track = _track(seen)
    turns = list(turned(track))
    order = answered([side for side, _ in turns], challenge.turns, challenge.mirrored)
    vectors = _vectors(networks, steady, track)
    asides = [_vector(networks, steady[peak]) for _, peak in turns] if vectors else []
    same = min((likeness(vectors[0], other) for other in vectors[1:]), default=None)
    aside = min((likeness(vectors[0], other) for other in asides), default=1.0)
    like, portrait_why = _portrait(networks, vectors, challenge.portrait)
    rivals = sum(sight.rivals > 0 for sight in sights)
    why = (
        _unfit(sights, seen, rivals)
        or (((same is not None and same < DOUBT) or aside < ASIDE) and "face_changed")
        or ("flat" if not turns and _waved(seen) else order.why)
        or portrait_why
    )
    sign = -1.0 if order.mirrored is False else 1.0
    ends = sorted(sign * yaw for yaw in (min(track), max(track))) if track else None
    return Outcome(
        verdict="pass" if not why else "review" if why == "no_portrait" else "reject",
        why=why or "",
        turns=order.seen,
        extremes=(ends[0], ends[1]) if ends else None,
        frames=len(sights),
        with_face=len(seen),
        second_face=rivals,
        likeness=same,
        portrait=like,
        mirrored=order.mirrored,
    )


def _track(seen: Sequence[Sight]) -> tuple[list[Sight], list[float]]:
    """The frames that were read well, and their yaws from ahead, by how the face stands out of the plane: the mesh
    alone takes a print held askew for a turned head, and shies away from heads that are smooth.
    """
    import cv2

    told = [(sight, sight.face, sight.pose) for sight in seen if sight.pose and sight.face]
    middle = ahead([pose.yaw for *_, pose in told])
    greys = [np.asarray(cv2.cvtColor(sight.pixels, cv2.COLOR_BGR2GRAY), dtype=np.uint8) for sight, *_ in told]
    poses = [pose for *_, pose in told]
    track = yaws(
        [Still(grey, pose.points, pose.yaw - middle) for grey, pose in zip(greys, poses, strict=True)]
    )
    wrong = misread(track, [face.nose_aside for _, face, _ in told])
    kept = [at for at, bad in enumerate(wrong) if not bad]
    return [told[at][0] for at in kept], [track[at] for at in kept]


def _unfit(sights: Sequence[Sight], seen: Sequence[Sight], rivals: int) -> str:
    if not sights:
        return "unreadable"
    if sights[-1].at - sights[0].at < SHORTEST:
        return "too_short"
    times = [sights[0].at, *(sight.at for sight in seen), sights[-1].at]
    lonely = max(after - before for before, after in pairwise(times))
    if len(seen) * 2 < len(sights) or lonely > LONELY:
        return "no_face"
    return "second_face" if rivals >= RIVALS else ""


def _waved(seen: Sequence[Sight]) -> bool:
    """The face wandered about the picture, or grew narrow and wide, as a photo does that is moved by hand."""
    faces = [sight.face for sight in seen if sight.face]
    width = float(np.median([face.width for face in faces]))
    across = float(np.ptp([face.centre[0] for face in faces]))
    shape = [face.width / face.height for face in faces]
    return across > WAVED * width or float(np.ptp(shape)) > WAVED * float(np.median(shape))


def _vectors(networks: Faces, seen: Sequence[Sight], track: Sequence[float]) -> list[NDArray[np.float32]]:
    """Of the frame that looks straightest ahead, then of others near ahead, spread over the film: those turned further
    are no measure of who it is.
    """
    frontal = [at for at, yaw in enumerate(track) if abs(yaw) <= FRONTAL]
    if not frontal:
        return []
    best = min(frontal, key=lambda at: abs(track[at]))
    spread = {frontal[round(at)] for at in np.linspace(0, len(frontal) - 1, SAMPLES)}
    return [_vector(networks, seen[at]) for at in (best, *sorted(spread - {best}))]


def _vector(networks: Faces, sight: Sight) -> NDArray[np.float32]:
    assert sight.face is not None
    return networks.vector(sight.pixels, sight.face)


def _portrait(
    networks: Faces, vectors: Sequence[NDArray[np.float32]], picture: bytes | None
) -> tuple[float | None, str]:
    """The median cosine of the film's faces with the portrait's, and what is wrong with it."""
    if picture is None or not vectors:
        return None, ""
    try:
        one = portrait_in(networks, picture)
    except Unreadable:
        return None, "no_portrait"
    if one.vector is None:
        return None, "no_portrait"
    like = float(np.median([likeness(one.vector, vector) for vector in vectors]))
    return like, "other_face" if like < DOUBT else ""
