"""A driving licence after Directive 2006/126/EC, annex I: a card with numbered fields and no machine-readable zone."""

from __future__ import annotations

from datetime import date, timedelta

from bot.readers.specimens.pen import INK, Pen, guilloche, plain

SIZE = 1400, 884  # ID-1: 85.6 x 54 mm
PAPER, INKS = (243, 226, 230), ((206, 150, 170), (178, 160, 200), (200, 176, 150))
FIFTEEN_YEARS = timedelta(days=5478)
BLUE = (36, 62, 140)
CATEGORIES = ["AM", "A1", "A2", "A", "B1", "B", "C1", "C", "D1", "D", "BE", "C1E", "CE", "D1E", "DE"]
HELD = frozenset({"AM", "B1", "B"})


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


def driving_licence_back(
    *, issued_on: date = date(2015, 7, 1), expires_on: date = date(2030, 6, 30)
) -> bytes:
    """The back: the table of categories, with the days from which and to which each is held (annex I, 9 to 12)."""
    pen = Pen(guilloche(SIZE, PAPER, INKS))
    for left, number in ((150, "9."), (520, "10."), (800, "11."), (1060, "12.")):
        pen.text((left, 80), number, 26, INK, 1)
    for at, category in enumerate(CATEGORIES):
        under = 130 + 47 * at
        pen.line([(140, under + 12), (1180, under + 12)], (150, 140, 170), 1)
        pen.text((150, under), category, 27, INK, 1)
        held = category in HELD
        pen.text((480, under), f"{issued_on:%d.%m.%y}" if held else "-------", 27)
        pen.text((760, under), f"{expires_on:%d.%m.%y}" if held else "-------", 27)
    pen.text((60, 860), "1. Surname 2. Given names 3. Birth 4a. Issued 4b. Expires 5. Number", 18)
    pen.stamp((1250, 460), 26, 90)
    return pen.jpeg()
