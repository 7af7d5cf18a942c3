"""Drawn specimens: what is printed on them is what our own reader reads, also from a small copy."""

from __future__ import annotations

import io
from datetime import date
from functools import cache
from typing import Any

import pytest

Image = pytest.importorskip("PIL.Image", reason="the readers extra is not installed")
pytest.importorskip("rapidocr", reason="the readers extra is not installed")

from bot.answers import fold  # noqa: E402
from bot.readers import kinds, papers, printed, specimens  # noqa: E402
from bot.readers.document import read  # noqa: E402
from bot.readers.image import pages  # noqa: E402
from bot.readers.mrz import Format, parse  # noqa: E402
from bot.readers.specimens.rows import Person, zone  # noqa: E402
from bot.readers.text import cut, engine  # noqa: E402
from bot.readers.zone import look  # noqa: E402

TODAY = date(2026, 11, 20)
IAN: dict[str, Any] = {
    "surname": "Fitzgerald-Illingworth",
    "given_names": "Ian Ivo",
    "sex": "M",
    "number": "K4471093Z",
    "country": "GBR",
    "birth_date": date(1968, 2, 29),
    "expires_on": date(2028, 2, 28),
}
LONG: dict[str, Any] = {
    "surname": "Papathanasopoulou-Konstantinidou-Georgiou",
    "given_names": "Wilhelmina",
    "number": "AE5551234",
}
UMLAUT: dict[str, Any] = {"surname": "Müller", "given_names": "Zoë O'Neil", "number": "C01X00T47", "sex": "X"}


def small(picture: bytes) -> bytes:
    """As a chat sends it on: 1280 pixels long, JPEG quality 75."""
    kept = io.BytesIO()
    with Image.open(io.BytesIO(picture)) as opened:
        scale = 1280 / max(opened.size)
        opened.resize([round(edge * scale) for edge in opened.size]).save(kept, "JPEG", quality=75)
    return kept.getvalue()


def zone_of(picture: bytes) -> tuple[str, ...]:
    """Rows of the valid zone in a picture."""
    pixels = pages(picture)[0].pixels
    found = look(pixels, engine().strips(pixels, 960), TODAY).zone
    assert found is not None
    assert found.valid
    return found.lines


def words(picture: bytes) -> list[str]:
    pixels = pages(picture)[0].pixels
    strips = sorted(engine().strips(pixels, 960), key=lambda strip: strip.y)
    return [engine().read(cut(pixels, strip)).text for strip in strips]


@cache
def ada() -> bytes:
    return specimens.passport()


@cache
def ada_card() -> tuple[bytes, bytes]:
    return specimens.id_card()


@cache
def painted() -> bytes:
    return specimens.painting()


def person(**said: Any) -> Person:
    plain = {"surname": "Lovelace", "given_names": "Ada", "number": "X12345678", "country": "UTO", "sex": "F"}
    return Person(**{"birth_date": date(1990, 12, 10), "expires_on": date(2032, 1, 1), **plain, **said})


@pytest.mark.parametrize("said", [LONG, UMLAUT], ids=["long", "umlaut"])
def test_the_zone_of_a_passport_is_read_as_it_was_drawn(said: dict[str, Any]) -> None:
    assert zone_of(small(specimens.passport(**said))) == zone(Format.TD3, "P", person(**said))


def test_the_zone_of_a_card_is_read_as_it_was_drawn() -> None:
    _, back = specimens.id_card(**IAN)
    assert zone_of(small(back)) == zone(Format.TD1, "I", person(**IAN))


def test_zones_are_read_at_full_size() -> None:
    assert zone_of(ada()) == zone(Format.TD3, "P", person())
    assert zone_of(ada_card()[1]) == zone(Format.TD1, "I", person(number="UK4209317"))


def test_a_zone_says_what_it_was_given() -> None:
    """The example of ICAO Doc 9303 Part 4, appendix B, but for its optional data."""
    drawn = zone(
        Format.TD3,
        "P",
        person(
            surname="Eriksson",
            given_names="Anna Maria",
            number="L898902C3",
            birth_date=date(1974, 8, 12),
            expires_on=date(2012, 4, 15),
        ),
    )
    assert drawn[0] == "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
    assert drawn[1].startswith("L898902C36UTO7408122F1204159")
    seen = parse(drawn, TODAY)
    assert seen is not None
    assert seen.valid


def test_names_are_transliterated_and_cut() -> None:
    names = zone(Format.TD3, "P", person(surname="Ångström-Łuß", given_names="Zoë d'Arc"))[0][5:]
    assert names == "AANGSTROEM<LUSS<<ZOE<DARC".ljust(39, "<")
    cut_short = zone(Format.TD1, "I", person(**LONG))[2]
    assert cut_short == "PAPATHANASOPOULOU<KONSTANTI<<W"


@pytest.mark.parametrize("wrong", [{"number": "X123456789"}, {"number": "-"}, {"surname": "Иванов"}])
def test_what_cannot_be_printed_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"number|Latin"):
        specimens.passport(**wrong)


def test_both_sides_of_a_card_agree() -> None:
    seen = read([small(side) for side in ada_card()], TODAY)
    assert seen["type"] == "id_card"
    assert seen["mrz_valid"] == "true"
    assert "conflict" not in seen


def test_a_driving_licence_is_read_by_its_numbers() -> None:
    drawn = specimens.driving_licence(
        surname="Fitzgerald-Illingworth",
        given_names="Ian",
        birth_date=date(1968, 2, 29),
        issued_on=date(2016, 5, 4),
        expires_on=date(2026, 5, 3),
        number="FI680229K",
    )
    rows = words(small(drawn))
    assert "DRIVING LICENCE" in rows
    assert printed.licence(rows) == {
        "surname": "FITZGERALD-ILLINGWORTH",
        "given_names": "IAN",
        "birth_date": "1968-02-29",
        "issued_on": "2016-05-04",
        "expires_on": "2026-05-03",
        "number": "FI680229K",
    }


def test_a_bill_is_read_with_name_address_and_date() -> None:
    drawn = specimens.utility_bill(
        name="Ada Lovelace", address="12 Main Street, 10115 Berlin", issued_on=date(2026, 10, 20)
    )
    rows = words(small(drawn))
    for value in ("City Power & Water", "12 Main Street", "10115 Berlin", "Invoice date: 20 October 2026"):
        assert value in rows
    assert kinds.by_words(fold(" ".join(rows))) == "utility_bill"
    seen = papers.read("utility_bill", rows)
    assert (seen["holder"], seen["issued_on"]) == ("Ada Lovelace", "2026-10-20")
    assert seen["address"] == "12 Main Street, 10115 Berlin"


def test_a_painting_is_sharp_and_no_document() -> None:
    seen = read([small(painted())], TODAY)
    assert seen["type"] == "not_a_document"
    assert float(seen["sharpness"]) > 100


def test_nothing_is_read_from_a_blurred_passport() -> None:
    seen = read([specimens.blurred(ada())], TODAY)
    assert seen["type"] == "not_a_document"
    assert "mrz" not in seen
    assert float(seen["sharpness"]) < 10


def test_the_same_arguments_give_the_same_bytes() -> None:
    assert specimens.passport() == ada()
    assert specimens.painting() == painted()
