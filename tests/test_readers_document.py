"""From drawn papers and real specimens to evidence."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from bot.readers.document import KEPT, Evidence, read
from bot.readers.image import pages
from tests import barcodes
from tests.test_readers_image import HEIC, pdf, saved
from tests.zones import CUT, FRENCH, TD1, TD3, TODAY

PAPER, INK = (236, 240, 236), (20, 20, 30)


def sheet(rows: Sequence[str], size: tuple[int, int] = (1000, 640)) -> Image.Image:
    """A paper with these rows printed on it."""
    picture = Image.new("RGB", size, PAPER)
    draw, font = ImageDraw.Draw(picture), ImageFont.load_default(34)
    for at, row in enumerate(rows):
        draw.text((60, 50 + 70 * at), row, INK, font)
    return picture


def with_zone(picture: Image.Image, zone: str) -> Image.Image:
    """The same with a machine-readable zone at its foot, evenly spaced."""
    lines, font = zone.splitlines(), ImageFont.load_default(30)
    draw, cell = ImageDraw.Draw(picture), (picture.width - 80) / len(zone.splitlines()[0])
    for row, line in enumerate(reversed(lines)):
        for at, char in enumerate(line):
            draw.text((40 + cell * (at + 0.5), picture.height - 60 - 50 * row), char, INK, font, "mm")
    return picture


def seen(*pictures: Image.Image) -> Evidence:
    return read([saved(picture) for picture in pictures], TODAY)


def test_a_photo_of_an_iphone_is_read() -> None:
    found = read([HEIC.read_bytes()], TODAY)
    assert (found["surname"], found["number"], found["expires_on"]) == ("LOVELACE", "X12345678", "2031-11-20")


def test_a_passport_amid_a_long_contract_is_found_and_a_person_looks_at_the_rest() -> None:
    import pypdfium2

    contract = pypdfium2.PdfDocument(pdf(30, box="0 0 595 842", written=range(30)))
    scan, kept = Image.new("RGB", (1654, 2339), "white"), io.BytesIO()
    scan.paste(Image.fromarray(pages(HEIC.read_bytes())[0].pixels), (300, 400))
    scan.save(kept, "PDF", resolution=200)
    contract.import_pages(pypdfium2.PdfDocument(kept.getvalue()), index=21)
    whole = io.BytesIO()
    contract.save(whole)
    found = read([whole.getvalue()], TODAY)
    assert (found["type"], found["number"], found["skipped"]) == ("passport", "X12345678", "pages")


def test_type_is_never_blurred() -> None:
    found = read([pdf(2, box="0 0 595 842", written=range(2))], TODAY)
    assert found.keys() == {"type", "mrz_cpu_ms", "reader"}
    assert found["type"] == "unknown"


LICENCE = sheet(
    [
        "DRIVING LICENCE   UTOPIA",
        "1. LOVELACE",
        "2. ADA MARIA",
        "3. 10.12.1990 UTOPIA CITY",
        "4a. 01.02.2020   4b. 01.02.2035",
        "5. ABC123456",
    ]
)
BILL = sheet(
    [
        "City Power & Water",
        "Ada Lovelace",
        "12 Main Street",
        "10115 Berlin",
        "Electricity bill",
        "Payment due: 20 June 2026",
        "Invoice date: 2 June 2026",
        "Total 45.20",
    ],
    (1000, 1300),
)
PASSPORT = with_zone(sheet(["PASSPORT UTOPIA"], (1100, 700)), TD3)
HOLDER = {
    "type": "passport",
    "number": "L898902C3",
    "surname": "ERIKSSON",
    "given_names": "ANNA MARIA",
    "birth_date": "1974-08-12",
    "expires_on": "2012-04-15",
    "nationality": "UTO",
    "issuing_country": "UTO",
    "sex": "F",
    "mrz_valid": "true",
}


def test_a_driving_licence() -> None:
    assert {
        "type": "driving_licence",
        "surname": "LOVELACE",
        "given_names": "ADA MARIA",
        "birth_date": "1990-12-10",
        "issued_on": "2020-02-01",
        "expires_on": "2035-02-01",
        "number": "ABC123456",
    }.items() <= seen(LICENCE).items()


def test_a_bill() -> None:
    assert {
        "type": "utility_bill",
        "holder": "Ada Lovelace",
        "address": "12 Main Street, 10115 Berlin",
        "issued_on": "2026-06-02",
    }.items() <= seen(BILL).items()


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_passport_however_it_lies(turn: int) -> None:
    evidence = seen(PASSPORT.rotate(turn, expand=True))
    assert HOLDER.items() <= evidence.items()
    assert evidence["mrz"] == TD3


def test_a_licence_on_its_head() -> None:
    assert {"type": "driving_licence", "number": "ABC123456"}.items() <= seen(LICENCE.rotate(180)).items()


def test_the_back_of_an_american_licence_and_its_front() -> None:
    back = Image.fromarray(barcodes.card(barcodes.aamva()))
    said = {"type": "driving_licence", "number": "T64235789", "surname": "LOVELACE", "barcode_valid": "true"}
    assert {**said, "side": "back"}.items() <= seen(back).items()
    front = sheet(["DRIVER LICENSE  VIRGINIA", "LICENSE NO. T64235780", "DOB: 12/10/1990", "EXP: 12/10/2030"])
    for pictures in ((front, back), (back, front)):
        both = seen(*pictures)
        assert said.items() <= both.items()
        assert both["conflict"] == "number"


def test_a_barcode_whose_words_do_not_hold_is_kept_with_what_is_printed() -> None:
    odd = barcodes.aamva({**barcodes.ADA, "DBA": "99999999"})
    both = seen(Image.fromarray(barcodes.card(odd)))
    assert (both["barcode_valid"], both["barcode_failed"], both["side"]) == ("false", "expires_on", "back")
    assert float(both["mrz_cpu_ms"]) > 0


def test_a_zone_that_fails_says_where() -> None:
    wrong = with_zone(sheet(["PASSPORT UTOPIA"], (1100, 700)), TD3.replace("7408122", "7408128"))
    evidence = seen(wrong)
    assert (evidence["type"], evidence["mrz_valid"]) == ("passport", "false")
    assert evidence["mrz_failed"] == "birth_date,composite"


def noise() -> Image.Image:
    grains = np.random.default_rng(7).integers(0, 256, (480, 640, 3), dtype=np.uint8)
    return Image.fromarray(grains)


def gradient() -> Image.Image:
    return Image.linear_gradient("L").resize((800, 600)).convert("RGB")


@pytest.mark.parametrize(
    "picture",
    [
        noise(),
        gradient(),
        Image.new("RGB", (300, 300)),
        Image.new("RGB", (2400, 2)),
        sheet(["Ada"]),
    ],
)
def test_what_shows_no_document(picture: Image.Image) -> None:
    evidence = seen(picture)
    assert evidence["type"] == "not_a_document"
    assert not evidence.keys() & {*KEPT, "mrz", "unread", "conflict"}


@pytest.mark.parametrize("picture", [Image.new("RGB", (1, 1)), PASSPORT.resize((150, 95))])
def test_tiny_pictures_are_not_looked_at(picture: Image.Image) -> None:
    evidence = seen(picture)
    assert not evidence.keys() & {*KEPT, "mrz", "mrz_cpu_ms"}


def test_words_that_name_no_kind() -> None:
    letter = ["Dear Sir or Madam", "I was born in Utopia and live here still", "With kind regards"]
    assert seen(sheet(letter))["type"] == "unknown"


def test_front_and_back_are_one_document() -> None:
    front = sheet(["IDENTITY CARD   UTOPIA", "Surname: ERIKSSON", "Date of birth: 12.08.1974"])
    back = with_zone(sheet([]), TD1)
    for sides in ((front, back), (back, front)):
        evidence = seen(*sides)
        assert {"type": "id_card", "surname": "ERIKSSON", "mrz_valid": "true"}.items() <= evidence.items()
        assert "conflict" not in evidence


def test_sides_of_two_documents_are_in_conflict() -> None:
    front = sheet(["IDENTITY CARD   UTOPIA", "Surname: LOVELACE", "Date of birth: 10.12.1990"])
    back = with_zone(sheet([]), TD1)
    for sides in ((front, back), (back, front, front)):
        evidence = seen(*sides)
        assert (evidence["conflict"], evidence["surname"]) == ("surname,birth_date", "ERIKSSON")


def test_one_file_of_two_may_be_unreadable() -> None:
    for files in ([b"nothing", saved(PASSPORT)], [saved(PASSPORT), b"nothing"]):
        evidence = read(files, TODAY)
        assert HOLDER.items() <= evidence.items()
        assert "unread" not in evidence


def test_no_file_of_two_may_be_unreadable() -> None:
    assert read([b"nothing", b""], TODAY)["unread"] == "not_a_picture"


def test_evidence_is_words_and_says_its_reader() -> None:
    for evidence in (read([], TODAY), read([b""], TODAY), read([pdf(2)], TODAY)):
        assert evidence["reader"]
        assert all(isinstance(value, str) for value in evidence.values())


@pytest.mark.parametrize("zone", [FRENCH, CUT])
def test_other_zones_that_are_drawn(zone: str) -> None:
    assert seen(with_zone(sheet([], (1100, 700)), zone))["mrz"] == zone


def specimens() -> Path:
    folder = os.environ.get("KYC_SPECIMENS", "")
    if not folder or not (Path(folder) / "mrz" / "truth.json").is_file():
        pytest.skip("KYC_SPECIMENS names no folder with mrz/truth.json: no real pictures to read")
    return Path(folder) / "mrz"


def digits(iso: str) -> str:
    """An ISO date as a zone prints it."""
    return iso.replace("-", "")[2:]


def test_real_specimens() -> None:
    """44 pictures of real zones and 3 whose zones hold no water (misprinted specimens).

    Measured: all 44 right, names too. What may be lost before this fails is what another version of the
    recogniser may cost; nothing may be read as valid and be wrong.
    """
    home = specimens()
    truth: dict[str, dict[str, Any]] = json.loads((home / "truth.json").read_text())
    right = named = 0
    for name, said in truth.items():
        evidence, fields = read([(home / name).read_bytes()], TODAY), said["fields"]
        accepted = evidence.get("mrz_valid") == "true"
        got = (
            evidence.get("number", ""),
            digits(evidence.get("birth_date", "")),
            digits(evidence.get("expires_on", "")),
        )
        agrees = got == tuple((fields[key] or "").replace("<", "") for key in ("number", "dob", "exp"))
        assert accepted <= (agrees and said["expected_valid"]), name
        right += accepted and agrees
        named += accepted and (evidence["surname"], evidence["given_names"]) == (
            fields["surname"],
            fields["given"],
        )
    assert sum(said["expected_valid"] for said in truth.values()) == 44
    assert right >= 42
    assert named >= 37
