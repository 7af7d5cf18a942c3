"""A driving licence after Directive 2006/126/EC, annex I: a card with numbered fields and no machine-readable zone."""

from __future__ import annotations

from datetime import date, timedelta

from bot.readers.specimens.pen import INK, Pen, guilloche, plain

SIZE = 1400, 884  # ID-1: 85.6 x 54 mm
PAPER, INKS = (243, 226, 230), ((206, 150, 170), (178, 160, 200), (200, 176, 150))
FIFTEEN_YEARS = timedelta(days=5478)
BLUE = (36, 62, 140)


def driving_licence(  # noqa: PLR0913 - one argument a field of the card
    *,
    surname: str = "Lovelace",
    given_names: str = "Ada",
    birth_date: date = date(1990, 12, 10),
    expires_on: date = date(2030, 6, 30),
    issued_on: date | None = None,
    number: str = "LOVEL901210A",
) -> bytes:
    """The front. ValueError for letters that the font lacks."""
    pen = Pen(guilloche(SIZE, PAPER, INKS))
    issued = issued_on or expires_on - FIFTEEN_YEARS
    pen.box((60, 50, 170, 130), BLUE, 10)
    pen.text((85, 108), "UT", 46, (255, 224, 120), 2)
    pen.text((220, 108), "DRIVING LICENCE", 56, BLUE, 2)
    pen.text((980, 108), "UTOPIA", 40, BLUE, 1)
    pen.portrait((70, 200, 390, 610))
    pen.signature((110, 720), 240)
    rows = (
        ("1.", plain(surname).upper()),
        ("2.", plain(given_names).upper()),
        ("3.", f"{birth_date:%d.%m.%Y}"),
        ("4a.", f"{issued:%d.%m.%Y}"),
        ("4b.", f"{expires_on:%d.%m.%Y}"),
        ("5.", number.upper()),
        ("9.", "AM/B"),
    )
    for at, (label, value) in enumerate(rows):
        pen.text((470, 240 + at * 84), f"{label} {value}", 42, INK, 1)
    pen.stamp((1140, 720), 48, 9)
    return pen.jpeg()
