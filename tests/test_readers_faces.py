"""Faces: found however the picture lies, told apart on real portraits, and doubtful ones left to a person."""

from __future__ import annotations

import io
import json
import os
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bot.cli.faces import compared, match
from bot.readers.faces import (
    ACCEPT,
    DOUBT,
    Face,
    Faces,
    Portrait,
    evidence,
    likeness,
    loaded,
    portrait_in,
    verdict,
)
from bot.readers.models import MissingModelError
from bot.settings import Settings

HOME = Path(os.environ.get("KYC_HOME", "var")).absolute()
FOLDER = HOME / "models"
SPECIMENS = os.environ.get("KYC_SPECIMENS", "")
PEOPLE = {"biden": ("biden", "biden2"), "obama": ("obama", "obama2", "obama3")}
WHO = {name: person for person, names in PEOPLE.items() for name in names}


@pytest.mark.parametrize(
    ("similarity", "expected"),
    [
        (1.0, "pass"),
        (ACCEPT, "pass"),
        (0.449, "review"),
        (DOUBT, "review"),
        (0.359, "reject"),
        (-1, "reject"),
    ],
)
def test_what_lies_between_is_for_a_person(similarity: float, expected: str) -> None:
    assert verdict(similarity) == expected


def test_likeness_is_a_cosine() -> None:
    one, other = np.array([3, 4], np.float32), np.array([4, -3], np.float32)
    assert likeness(one, one * 7) == pytest.approx(1)
    assert likeness(one, other) == pytest.approx(0)
    assert likeness(one, one * 0) == 0


def test_an_eye_taken_for_a_face_lies_in_the_face() -> None:
    points = ((0.0, 0.0),) * 5
    face, eye = Face(0, 0, 100, 120, points, 0.9), Face(20, 30, 20, 20, points, 0.8)
    assert face.holds(eye)
    assert not eye.holds(face)


@pytest.mark.parametrize("why", ["several_faces", "too_small", "eyes_covered"])
def test_whatever_speaks_against_a_picture_leaves_it_to_a_person(why: str) -> None:
    vector = np.ones(128, np.float32)
    doubtful, plain = Portrait(2, vector, why), Portrait(1, vector)
    assert compared(doubtful, plain) == {
        "similarity": 1.0,
        "verdict": "review",
        "faces": [2, 1],
        "why": why,
    }
    assert compared(plain, plain)["verdict"] == "pass"
    assert compared(plain, Portrait(0, why="no_face"))["similarity"] is None


def test_without_its_weights_a_person_looks(tmp_path: Path) -> None:
    loaded.cache_clear()
    assert evidence(b"", b"", tmp_path) == {"unread": "no_model"}
    lines: list[str] = []
    code = match(Settings(kyc_home=tmp_path), ["a.jpg", "b.jpg"], lines.append, as_json=True)
    told = json.loads(lines[0])
    assert (code, told["verdict"], told["similarity"], told["why"]) == (1, "review", None, "no_model")


@pytest.fixture(scope="module")
def networks() -> Faces:
    try:
        return loaded(FOLDER)
    except MissingModelError as error:
        pytest.skip(f"{error} (`python -m bot models fetch` brings it)")


@pytest.fixture(scope="module")
def pictures() -> Path:
    if not SPECIMENS:
        pytest.skip("KYC_SPECIMENS is not set: no real portraits")
    return Path(SPECIMENS) / "faces"


@pytest.fixture(scope="module")
def portraits(networks: Faces, pictures: Path) -> dict[str, Portrait]:
    return {name: portrait_in(networks, (pictures / f"{name}.jpg").read_bytes()) for name in WHO}


def test_the_same_person_passes_and_another_is_refused(portraits: dict[str, Portrait]) -> None:
    for one, other in combinations(WHO, 2):
        line = compared(portraits[one], portraits[other])
        assert line["verdict"] == ("pass" if WHO[one] == WHO[other] else "reject"), (one, other, line)


def test_two_people_are_two_faces_and_for_a_person(networks: Faces, pictures: Path) -> None:
    seen = portrait_in(networks, (pictures / "two_people.jpg").read_bytes())
    assert (seen.count, seen.why) == (2, "several_faces")


def saved(picture: Image.Image) -> bytes:
    held = io.BytesIO()
    picture.save(held, "JPEG", quality=90)
    return held.getvalue()


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_picture_on_its_side_is_righted(
    networks: Faces, pictures: Path, portraits: dict[str, Portrait], angle: int
) -> None:
    with Image.open(pictures / "obama.jpg") as upright:
        turned = portrait_in(networks, saved(upright.rotate(angle, expand=True)))
    assert turned.vector is not None
    assert portraits["obama"].vector is not None
    assert likeness(turned.vector, portraits["obama"].vector) > 0.8


def test_a_smaller_print_of_the_same_portrait_is_no_second_person(networks: Faces, pictures: Path) -> None:
    with Image.open(pictures / "obama.jpg") as opened:
        large = opened.convert("RGB").resize((400, 500))
    paper = Image.new("RGB", (900, 560), "white")
    paper.paste(large, (20, 30))
    paper.paste(large.resize((260, 325)), (600, 150))
    seen = portrait_in(networks, saved(paper))
    assert (seen.count, seen.why) == (2, "")


def test_a_face_of_a_few_pixels_is_too_small(networks: Faces, pictures: Path) -> None:
    with Image.open(pictures / "obama.jpg") as opened:
        tiny = opened.resize((64, 80))
    seen = portrait_in(networks, saved(tiny))
    assert (seen.count, seen.why) == (1, "too_small")


def worn(networks: Faces, path: Path, opaque: float) -> bytes:
    """A portrait with dark glasses drawn over its eyes."""
    from PIL import ImageDraw

    with Image.open(path) as opened:
        picture = opened.convert("RGB")
    found = networks.found(np.asarray(picture)[:, :, ::-1].copy())
    bare = Image.fromarray(found.pixels[:, :, ::-1])
    right, left = found.faces[0].eyes
    apart = float(np.hypot(left[0] - right[0], left[1] - right[1]))
    mask = Image.new("L", bare.size, 0)
    for x, y in (right, left):
        box = (x - 0.38 * apart, y - 0.27 * apart, x + 0.38 * apart, y + 0.27 * apart)
        ImageDraw.Draw(mask).ellipse(box, fill=round(255 * opaque))
    bare.paste(Image.new("RGB", bare.size, (15, 16, 18)), mask=mask)
    return saved(bare)


@pytest.mark.parametrize("name", ["biden", "obama", "obama2", "obama3"])
@pytest.mark.parametrize("opaque", [1.0, 0.8])
def test_dark_glasses_are_seen(networks: Faces, pictures: Path, name: str, opaque: float) -> None:
    assert portrait_in(networks, worn(networks, pictures / f"{name}.jpg", opaque)).why == "eyes_covered"


@pytest.mark.parametrize("name", WHO)
@pytest.mark.parametrize("gamma", [1.0, 1.6, 2.2])
def test_eyes_in_shadow_are_no_dark_glasses(networks: Faces, pictures: Path, name: str, gamma: float) -> None:
    with Image.open(pictures / f"{name}.jpg") as opened:
        dark = opened.convert("RGB").point([round(255 * (n / 255) ** gamma) for n in range(256)] * 3)
    assert portrait_in(networks, saved(dark)).why != "eyes_covered"


def test_a_picture_without_a_face_says_so(networks: Faces) -> None:
    seen = portrait_in(networks, saved(Image.new("RGB", (800, 600), "grey")))
    assert (seen.count, seen.vector, seen.why) == (0, None, "no_face")


def test_the_portraits_of_documents_are_found(networks: Faces) -> None:
    """Two prints of one passport; and no specimen looks like a face it is not."""
    folder = Path(SPECIMENS) / "mrz"
    if not SPECIMENS:
        pytest.skip("KYC_SPECIMENS is not set: no real documents")
    passport, card = (
        portrait_in(networks, (folder / name).read_bytes())
        for name in ("passporteye__tests__passport-td3.jpg", "fastmrz__td1.jpg")
    )
    assert compared(passport, card)["verdict"] == "pass"  # the same specimen's picture on both
    other = portrait_in(networks, (folder / "mrz__docs__images__passports__Iceland.png").read_bytes())
    assert compared(passport, other)["verdict"] == "reject"


def test_evidence_is_strings_alone(networks: Faces, pictures: Path) -> None:
    del networks
    one, other = ((pictures / name).read_bytes() for name in ("obama.jpg", "obama2.jpg"))
    told = evidence(one, other, FOLDER)
    assert told["face_match"] == "pass"
    assert (told["faces"], told["portrait_faces"]) == ("1", "1")
    assert float(told["similarity"]) > ACCEPT
    assert evidence(b"no picture", other, FOLDER) == {
        "faces": "0",
        "portrait_faces": "1",
        "face_why": "not_a_picture",
        "face_match": "review",
    }


def test_match_prints_one_line(networks: Faces, pictures: Path) -> None:
    del networks
    lines: list[str] = []
    files = [str(pictures / "biden.jpg"), str(pictures / "obama.jpg")]
    assert match(Settings(kyc_home=HOME), files, lines.append, as_json=True) == 0
    told = json.loads(lines[0])
    assert set(told) == {"similarity", "verdict", "faces", "cpu_ms"}
    assert (told["verdict"], told["faces"]) == ("reject", [1, 1])
