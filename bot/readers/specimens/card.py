"""An identity card of 85.6 x 54 mm (ISO/IEC 7810 ID-1) with a zone of three rows on its back."""

from __future__ import annotations

from datetime import date

from bot.readers.mrz import Format
from bot.readers.specimens.passport import COUNTRIES, TEN_YEARS
from bot.readers.specimens.pen import FINE, LABEL, Colour, Pen, day, guilloche
from bot.readers.specimens.rows import Person, zone

SIZE = 1400, 883
NAVY: Colour = (36, 62, 112)
GREEN, GREENS = (232, 241, 234), ((128, 182, 156), (186, 184, 130), (140, 172, 192))
DESK: Colour = (222, 220, 216)
DROP = 46  # pixels, more than a row is tall: labels and values never stand on one row
CORNER = 44.0  # pixels: 3.18 mm would be 52


def id_card(  # noqa: PLR0913 - one argument a field of the card
    *,
    surname: str = "Lovelace",
    given_names: str = "Ada",
    birth_date: date = date(1990, 12, 10),
    expires_on: date = date(2032, 1, 1),
    number: str = "UK4209317",
    country: str = "UTO",
    sex: str = "F",
) -> tuple[bytes, bytes]:
    """Front and back; the zone (TD1, ICAO Doc 9303 Part 5) is on the back. ValueError as for a passport."""
    person = Person(
        surname=surname,
        given_names=given_names,
        birth_date=birth_date,
        expires_on=expires_on,
        number=number,
        country=country,
        sex=sex,
    )
    return _front(person), _back(person)


def _front(person: Person) -> bytes:
    pen = Pen(guilloche(SIZE, GREEN, GREENS))
    pen.text((70, 106), COUNTRIES.get(person.country, person.country), 50, NAVY, 2)
    pen.text((450, 106), "IDENTITY  CARD", 44, NAVY, 1)
    pen.line([(70, 134), (1330, 134)], NAVY, 2)
    pen.portrait((70, 190, 400, 614))
    column = (
        ("Surname", person.surname.upper()),
        ("Given names", person.given_names.upper()),
        ("Date of birth", day(person.birth_date)),
        ("Date of expiry", day(person.expires_on)),
        ("Number", person.number.upper()),
    )
    for at, (label, value) in enumerate(column):
        pen.field((450, 196 + 102 * at), label, value, 880, DROP)
    pen.field((820, 604), "Sex", person.sex, drop=DROP)
    pen.field((980, 604), "Nationality", person.country, drop=DROP)
    pen.text((70, 668), "Signature", 17, LABEL)
    pen.signature((90, 740), 270)
    pen.portrait((1190, 660, 1310, 814), (140, 168, 152))
    pen.stamp((800, 752), 54, 8)
    return _cut_out(pen)


def _back(person: Person) -> bytes:
    pen = Pen(guilloche(SIZE, GREEN, GREENS))
    pen.box((70, 60, 250, 196), (214, 186, 110), 18)
    for edge in (105, 150):
        pen.line([(70, edge), (250, edge)], (150, 124, 60), 2)
    pen.line([(160, 60), (160, 196)], (150, 124, 60), 2)
    pen.field((330, 96), "Authority", "CITY OF UTOPIA")
    pen.field((330, 206), "Date of issue", day(person.expires_on - TEN_YEARS))
    pen.field((330, 316), "Height", "168 cm")
    pen.stamp((1060, 210), 62, 10)
    pen.box((0, 480, *SIZE), (244, 248, 245))
    pen.zone((70, 592), zone(Format.TD1, "I", person), 42, 98)
    return _cut_out(pen)


def _cut_out(pen: Pen) -> bytes:
    """The card with its round corners on a grey desk."""
    from PIL import Image, ImageDraw

    mask = Image.new("L", pen.sheet.size, 0)
    inside = (0, 0, pen.sheet.width - 1, pen.sheet.height - 1)
    ImageDraw.Draw(mask).rounded_rectangle(inside, CORNER * FINE, 255)
    desk = Image.new("RGB", pen.sheet.size, DESK)
    desk.paste(pen.sheet, (0, 0), mask)
    return Pen(desk).jpeg()
