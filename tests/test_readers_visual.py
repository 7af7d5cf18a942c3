"""Print against zone: what agrees, what is nearly so, what differs; and signs that a file gives away."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from importlib import import_module
from typing import Any

import pytest

Image = pytest.importorskip("PIL.Image", reason="the readers extra is not installed")
pytest.importorskip("rapidocr", reason="the readers extra is not installed")

from bot.readers import marks, personal, visual  # noqa: E402
from bot.readers.document import read  # noqa: E402
from bot.readers.image import pages  # noqa: E402
from bot.readers.mrz import Format, parse  # noqa: E402
from bot.readers.specimens import id_card, pen, rows  # noqa: E402
from bot.readers.zone import see  # noqa: E402

paper: Any = import_module("bot.readers.specimens.passport")

TODAY = date(2026, 11, 20)
ADA = rows.Person(
    surname="Lovelace",
    given_names="Ada",
    birth_date=date(1990, 12, 10),
    expires_on=date(2032, 1, 1),
    number="X12345678",
    country="UTO",
    sex="F",
)


def altered(**printed: Any) -> bytes:
    """A passport on which the print was changed, and the zone was not."""
    inks = pen.Pen(pen.guilloche(paper.SIZE, paper.PAPER, paper.INKS))
    paper._frame(inks, "UTOPIA")
    paper._fields(inks, replace(ADA, **printed))
    inks.box((0, 796, *paper.SIZE), (243, 246, 248))
    inks.zone((80, 872), rows.zone(Format.TD3, "P", ADA), 28.2, 62)
    return inks.jpeg()


@pytest.mark.parametrize(
    ("printed", "field", "verdict"),
    [
        ({}, "number", "same"),
        ({}, "birth_date", "same"),
        ({}, "expires_on", "same"),
        ({}, "surname", "same"),
        ({"number": "X12345679"}, "number", "near"),
        ({"number": "K90817265"}, "number", "differs"),
        ({"birth_date": date(1998, 12, 10)}, "birth_date", "near"),
        ({"birth_date": date(1971, 4, 23)}, "birth_date", "differs"),
        ({"expires_on": date(2036, 7, 9)}, "expires_on", "differs"),
        ({"expires_on": date(2022, 1, 1)}, "expires_on", "near"),
        ({"surname": "Lovelage"}, "surname", "near"),
        ({"surname": "Babbage"}, "surname", "differs"),
    ],
    ids=str,
)
def test_print_against_zone(printed: dict[str, Any], field: str, verdict: str) -> None:
    page = pages(altered(**printed))[0].pixels
    said = visual.compared(page, see(page, TODAY))
    assert said.get(f"printed_{field}") == verdict
    assert (f"printed_{field}_at" in said) == (verdict != "same")
    others = {name: said.get(f"printed_{name}") for name in ("number", "birth_date", "expires_on", "surname")}
    assert set(others.values()) - {"same"} <= ({verdict} if verdict != "same" else set())


def test_the_print_says_the_century() -> None:
    old = replace(ADA, birth_date=date(1926, 3, 3))
    inks = pen.Pen(pen.guilloche(paper.SIZE, paper.PAPER, paper.INKS))
    paper._frame(inks, "UTOPIA")
    paper._fields(inks, old)
    inks.box((0, 796, *paper.SIZE), (243, 246, 248))
    inks.zone((80, 872), rows.zone(Format.TD3, "P", old), 28.2, 62)
    page = pages(inks.jpeg())[0].pixels
    seen = see(page, TODAY)
    assert seen.zone is not None
    assert seen.zone.birth_date == "2026-03-03"
    assert visual.compared(page, seen)["birth_date"] == "1926-03-03"


def test_a_birth_date_that_is_left_open() -> None:
    page = pages(altered())[0].pixels
    seen = see(page, TODAY)
    assert seen.zone is not None
    for open_date in ("1990", "1990-12", ""):
        said = visual.compared(page, replace(seen, zone=replace(seen.zone, birth_date=open_date)))
        assert "printed_birth_date" not in said
        assert said["printed_number"] == "same"


def test_the_day_of_issue_is_no_expiry() -> None:
    """Ten years before the end to the day, and the end itself not printed on this side."""
    page = pages(id_card()[1])[0].pixels
    assert visual.compared(page, see(page, TODAY)).get("printed_expires_on") != "near"


@pytest.mark.parametrize(
    ("lines", "own"),
    [
        (
            ("P<LTUBASANAVICIENE<<BIRUTE<<<<<<<<<<<<<<<<<<", "00000000<0LTU5911239F120101145911231023<<<16"),
            "45911231023",
        ),
        (
            ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"),
            "",
        ),
        (
            (
                "IDESPBAA000589599999999R<<<<<<",
                "8001014F2501017ESP<<<<<<<<<<<7",
                "ESPANOLA<ESPANOLA<<CARMEN<<<<<",
            ),
            "99999999R",
        ),
    ],
)
def test_a_holders_own_number(lines: tuple[str, ...], own: str) -> None:
    zone = parse(lines, TODAY)
    assert zone is not None
    assert personal.number(zone) == own


def saved(note: str = "", size: tuple[int, int] = (640, 400)) -> bytes:
    picture = Image.linear_gradient("L").resize(size).convert("RGB")
    notes = Image.Exif()
    if note:
        notes[305] = note
    content = io.BytesIO()
    picture.save(content, "JPEG", quality=80, exif=notes)
    return content.getvalue()


@pytest.mark.parametrize(
    ("note", "named"),
    [
        ("Adobe Photoshop 25.0 (Macintosh)", True),
        ("GIMP 2.10.34", True),
        ("17.5.1", False),
        ("HDR+ 1.0.540104767zd", False),
        ("", False),
    ],
)
def test_software_that_changes_pictures(note: str, named: bool) -> None:
    assert marks.of_file(saved(note)) == ({"edited": note} if named else {})


def test_specimens_are_known() -> None:
    assert read([altered()], TODAY)["specimen"] == "UTO"
    assert marks.of_words(("REPUBLIC OF X", "SPECIMEN"), None) == {"specimen": "SPECIMEN"}
    assert marks.of_words(("SPECIMENTAL STREET 5",), None) == {}


def test_a_copy_has_nearly_the_same_hash() -> None:
    one = int(marks.picture_hash(pages(altered())[0].pixels), 16)
    small = pages(resized(altered()))[0].pixels
    assert (one ^ int(marks.picture_hash(small), 16)).bit_count() <= 4
    far = pages(saved())[0].pixels
    assert (one ^ int(marks.picture_hash(far), 16)).bit_count() > 8


def resized(content: bytes) -> bytes:
    kept = io.BytesIO()
    with Image.open(io.BytesIO(content)) as opened:
        opened.resize((700, 493)).save(kept, "JPEG", quality=60)
    return kept.getvalue()
