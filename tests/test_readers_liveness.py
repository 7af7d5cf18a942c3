"""A head that turns as asked passes; everything else fails with its own reason."""

from __future__ import annotations

import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from bot.readers.faces import Faces, loaded
from bot.readers.film import UnwatchableError, frames
from bot.readers.liveness import Challenge, Outcome, evidence, judged, watched
from bot.readers.mesh import Mesh
from bot.readers.models import MissingModelError, weights
from bot.readers.turns import Turn, ahead, answered, turned
from tests import heads

LEFT, RIGHT = Turn.LEFT, Turn.RIGHT
FOLDER = Path(os.environ.get("KYC_HOME", "var")).absolute() / "models"
SPECIMENS = os.environ.get("KYC_SPECIMENS", "")
PORTRAITS = Path(SPECIMENS) / "faces"
ASKED = Challenge((LEFT, RIGHT, LEFT))


@pytest.mark.parametrize(
    ("yaws", "directions"),
    [
        ([0, 30, 32, 0], [1]),
        ([0, 30, 0, 0], []),  # one frame alone may be a misread
        ([0, 24, 24, 24, 0], []),
        ([0, 30, 30, 20, 30, 30, 0], [1]),  # it did not come back in between
        ([0, 30, 30, 5, 30, 30, 0], [1, 1]),
        ([0, 30, 30, -30, -30, 0], [1, -1]),  # crossing is coming back
        ([0, 30, 30, 0, -30, -40], [1, -1]),
        ([], []),
    ],
)
def test_a_turn_is_held_and_counted_again_only_after_the_head_came_back(
    yaws: list[float], directions: list[int]
) -> None:
    assert [side for side, _ in turned(yaws)] == directions


def test_the_furthest_frame_of_a_turn_is_told() -> None:
    assert list(turned([0, 26, 40, 30, 0, -26, -27, 0])) == [(1, 2), (-1, 6)]


@pytest.mark.parametrize(
    ("directions", "mirrored", "why"),
    [
        ([1, -1, 1], False, ""),
        ([-1, 1, -1], True, ""),
        ([1, -1], False, "not_enough_turn"),
        ([], None, "not_enough_turn"),
        ([1, 1, -1], False, "wrong_order"),
        ([1, -1, 1, -1], False, "wrong_order"),  # a film of all turns holds every order
    ],
)
def test_the_first_turn_tells_the_mirror_and_the_rest_must_agree(
    directions: list[int], mirrored: bool | None, why: str
) -> None:
    order = answered(directions, (LEFT, RIGHT, LEFT))
    assert (order.mirrored, order.why) == (mirrored, why)


def test_where_the_mirror_is_known_the_first_turn_is_held_to_it() -> None:
    assert answered([-1, 1, -1], (LEFT, RIGHT, LEFT), mirrored=False).why == "wrong_order"
    assert answered([-1, 1, -1], (LEFT, RIGHT, LEFT), mirrored=True).why == ""


def test_a_head_that_sits_askew_still_has_a_middle() -> None:
    assert ahead([8, 9, 8, 50, 51, 52, 50, 8]) == 8
    assert ahead([60, 61]) == 0


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "unreadable"),
        (b"\0\0\0\x18ftypisom" + b"junk" * 500, "unreadable"),
        (b"#EXTM3U\n#EXTINF:1,\n/etc/passwd\n", "unreadable"),
        (b"\0" * (20 * 1024 * 1024 + 1), "too_long"),
    ],
)
def test_what_is_no_film_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(UnwatchableError) as refused:
        list(frames(data))
    assert refused.value.code == why


def test_only_the_kinds_phones_send_reach_the_decoder(tmp_path: Path) -> None:
    """FFmpeg knows hundreds, and playlists that name other files: an AVI it would open stands for them."""
    path = tmp_path / "film.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 12, (64, 64))
    for _ in range(30):
        writer.write(np.full((64, 64, 3), 90, np.uint8))
    writer.release()
    with pytest.raises(UnwatchableError, match="unreadable"):
        list(frames(path.read_bytes()))


def test_a_film_is_thinned_and_ends_at_a_minute(tmp_path: Path) -> None:
    still = np.full((heads.SIDE, heads.SIDE, 3), 90, np.uint8)
    kept = list(frames(heads.film([still] * (heads.RATE * 50), tmp_path / "long.mp4")))
    assert len(kept) <= 240
    assert kept[-1].at > 49
    with pytest.raises(UnwatchableError, match="too_long"):
        list(frames(heads.film([still] * (heads.RATE * 63), tmp_path / "longer.mp4")))


def test_without_its_weights_a_person_looks(tmp_path: Path) -> None:
    loaded.cache_clear()
    assert evidence(b"", ["left"], tmp_path) == {
        "liveness": "review",
        "liveness_why": "no_model",
        "frames": "0",
    }


@pytest.fixture(scope="module")
def networks() -> tuple[Faces, Mesh]:
    try:
        return loaded(FOLDER), Mesh(weights(FOLDER, "mesh"))
    except MissingModelError as error:
        pytest.skip(f"{error} (`python -m bot models fetch` brings it)")


@pytest.fixture(scope="module")
def sitter(networks: tuple[Faces, Mesh]) -> heads.Head:
    return _sitter("obama.jpg", networks)


@pytest.fixture(scope="module")
def another(networks: tuple[Faces, Mesh]) -> heads.Head:
    return _sitter("biden2.jpg", networks)


def _sitter(name: str, networks: tuple[Faces, Mesh]) -> heads.Head:
    if not SPECIMENS:
        pytest.skip("KYC_SPECIMENS is not set: no real portraits")
    return heads.head(PORTRAITS / name, *networks)


def outcome(pictures: list[heads.Picture], tmp_path: Path, challenge: Challenge = ASKED) -> Outcome:
    return judged(heads.film(pictures, tmp_path / "note.mp4"), challenge, FOLDER)


def answer(sitter: heads.Head, peaks: tuple[float, ...] = (45, -45, 45)) -> list[heads.Picture]:
    """Left is the picture's right, as a camera sees it that does not mirror."""
    return [heads.turned(sitter, yaw) for yaw in heads.sway(peaks)]


def test_a_head_that_turns_as_asked_passes(sitter: heads.Head, tmp_path: Path) -> None:
    portrait = (PORTRAITS / "obama3.jpg").read_bytes()
    seen = outcome(answer(sitter), tmp_path, Challenge(ASKED.turns, portrait=portrait))
    assert (seen.verdict, seen.why, seen.turns, seen.mirrored) == ("pass", "", ASKED.turns, False)
    assert seen.portrait is not None
    assert seen.portrait > 0.45


@pytest.mark.parametrize("name", ["biden.jpg", "obama2.jpg", "obama3.jpg"])
def test_a_smooth_head_that_turns_passes(networks: tuple[Faces, Mesh], name: str, tmp_path: Path) -> None:
    """The mesh alone reads these as 10 to 20 degrees."""
    round_head = _sitter(name, networks)
    seen = outcome([heads.rounded(round_head, yaw) for yaw in heads.sway((40, -40, 40))], tmp_path)
    assert (seen.verdict, seen.why, seen.turns) == ("pass", "", ASKED.turns)
    little = [heads.rounded(round_head, yaw) for yaw in heads.sway((14, -14, 14))]
    assert outcome(little, tmp_path).verdict == "reject"


def test_a_mirrored_camera_is_found_out(sitter: heads.Head, tmp_path: Path) -> None:
    mirrored = [np.ascontiguousarray(picture[:, ::-1]) for picture in answer(sitter)]
    seen = outcome(mirrored, tmp_path)
    assert (seen.verdict, seen.mirrored) == ("pass", True)
    assert outcome(mirrored, tmp_path, Challenge(ASKED.turns, mirrored=False)).why == "wrong_order"


@pytest.mark.parametrize("asked", [(LEFT, LEFT, RIGHT), (RIGHT, LEFT), (LEFT, RIGHT, RIGHT)])
def test_another_order_fails(sitter: heads.Head, tmp_path: Path, asked: tuple[Turn, ...]) -> None:
    seen = outcome(answer(sitter), tmp_path, Challenge(asked))
    assert (seen.verdict, seen.why) == ("reject", "wrong_order")


def test_too_few_turns_fail(sitter: heads.Head, tmp_path: Path) -> None:
    assert outcome(answer(sitter, (45, -45)), tmp_path).why == "not_enough_turn"
    assert outcome(answer(sitter, (12, -12, 12)), tmp_path).why == "not_enough_turn"


def test_a_photo_waved_about_fails(sitter: heads.Head, tmp_path: Path) -> None:
    waved = [heads.tilted(sitter.picture, angle, shift=angle) for angle in heads.sway((40, -40, 40))]
    seen = outcome(waved, tmp_path)
    assert (seen.verdict, seen.why) == ("reject", "flat")


def test_a_second_face_fails(sitter: heads.Head, another: heads.Head, tmp_path: Path) -> None:
    half = slice(heads.SIDE // 4, 3 * heads.SIDE // 4)
    beside = [np.hstack([picture[:, half], another.picture[:, half]]) for picture in answer(sitter)]
    assert outcome(beside, tmp_path).why == "second_face"


def test_a_face_that_changes_midway_fails(sitter: heads.Head, another: heads.Head, tmp_path: Path) -> None:
    changed = answer(sitter, (45, -45)) + answer(another, (45,))
    seen = outcome(changed, tmp_path)
    assert (seen.verdict, seen.why) == ("reject", "face_changed")


def test_another_persons_portrait_fails(sitter: heads.Head, tmp_path: Path) -> None:
    portrait = (PORTRAITS / "biden.jpg").read_bytes()
    assert outcome(answer(sitter), tmp_path, Challenge(ASKED.turns, portrait=portrait)).why == "other_face"


def test_a_portrait_without_a_face_is_for_a_person(sitter: heads.Head, tmp_path: Path) -> None:
    seen = outcome(answer(sitter), tmp_path, Challenge(ASKED.turns, portrait=b"no picture"))
    assert (seen.verdict, seen.why) == ("review", "no_portrait")


@pytest.mark.usefixtures("networks")
def test_a_film_without_a_face_or_too_short_fails(sitter: heads.Head, tmp_path: Path) -> None:
    empty = np.full((heads.SIDE, heads.SIDE, 3), 90, np.uint8)
    assert outcome([empty] * 60, tmp_path).why == "no_face"
    assert outcome([sitter.picture] * 10, tmp_path).why == "too_short"
    gone = answer(sitter, (45,)) + [empty] * 30 + answer(sitter, (-45, 45))
    assert outcome(gone, tmp_path).why == "no_face"


def test_a_real_clip_gives_a_sane_track(networks: tuple[Faces, Mesh]) -> None:
    """A man on a stage: from the third second to the seventh he looks ahead, aside to the picture's left, ahead."""
    if not SPECIMENS:
        pytest.skip("KYC_SPECIMENS is not set: no real clip")
    clip = (PORTRAITS / "short_hamilton_clip.mp4").read_bytes()
    track = {round(s.at, 1): s.pose.yaw for s in watched(*networks, frames(clip)) if s.pose and 3 < s.at < 7}
    assert len(track) >= 35
    assert min(track.values()) < -30
    assert abs(float(np.median([yaw for at, yaw in track.items() if 5.0 < at < 6.0]))) < 15
    assert max(track.values()) < 25


def test_evidence_is_strings_alone(sitter: heads.Head, tmp_path: Path) -> None:
    note = heads.film(answer(sitter), tmp_path / "note.mp4")
    told = evidence(note, ["left", "right", "left"], FOLDER)
    assert (told["liveness"], told["turns"], told["mirrored"]) == ("pass", "left,right,left", "false")
    assert float(told["yaw_least"]) < -25 < 25 < float(told["yaw_most"])
    assert set(map(type, told.values())) == {str}
