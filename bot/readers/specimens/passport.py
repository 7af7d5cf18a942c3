"""A passport's data page, after ICAO Doc 9303 Part 4: 125 x 88 mm, a zone of two rows at its foot."""

from __future__ import annotations

from datetime import date, timedelta

from bot.readers.mrz import Format
from bot.readers.specimens.pen import LABEL, Pen, day, guilloche
from bot.readers.specimens.rows import Person, zone

SIZE = 1400, 986
TEN_YEARS = timedelta(days=3652)
COUNTRIES = {"UTO": "UTOPIA"}
PAPER, INKS = (232, 238, 243), ((122, 168, 186), (190, 150, 182), (150, 186, 150))


def passport(  # noqa: PLR0913 - one argument a field of the page
    *,
    surname: str = "Lovelace",
    given_names: str = "Ada",
    birth_date: date = date(1990, 12, 10),
    expires_on: date = date(2032, 1, 1),
    number: str = "X12345678",
    country: str = "UTO",
    sex: str = "F",
) -> bytes:
    """Printed and machine-readable parts say the same; names too long for the zone are cut there.

    ValueError for a number of more than nine letters and digits, or a name not in Latin letters.
    """
    person = Person(
        surname=surname,
        given_names=given_names,
        birth_date=birth_date,
        expires_on=expires_on,
        number=number,
        country=country,
        sex=sex,
    )
    rows = zone(Format.TD3, "P", person)
    pen = Pen(guilloche(SIZE, PAPER, INKS))
    _frame(pen, COUNTRIES.get(country, country))
    _fields(pen, person)
    pen.box((0, 796, *SIZE), (243, 246, 248))
    pen.zone((80, 872), rows, 28.2, 62)
    return pen.jpeg()


def _frame(pen: Pen, country: str) -> None:
    pen.text((80, 82), country, 46, (36, 62, 112), 2)
    pen.text((450, 82), "PASSPORT / PASSEPORT", 34, (36, 62, 112), 1)
    pen.line([(80, 108), (1320, 108)], (36, 62, 112), 2)
    pen.portrait((80, 150, 400, 562))
    pen.portrait((1180, 318, 1310, 486), (150, 162, 182))
    pen.stamp((1120, 582), 52, 9)
    pen.text((80, 612), "Signature of holder", 17, LABEL)
    pen.signature((100, 690), 250)


def _fields(pen: Pen, person: Person) -> None:
    pen.field((450, 160), "Type", "P")
    pen.field((580, 160), "Code / Code du pays", person.country)
    pen.field((900, 160), "Passport No. / No du passeport", person.number.upper())
    pen.field((450, 248), "Surname / Nom", person.surname.upper(), 860)
    pen.field((450, 336), "Given names / Prenoms", person.given_names.upper(), 700)
    pen.field((450, 424), "Nationality / Nationalite", COUNTRIES.get(person.country, person.country))
    pen.field((450, 512), "Date of birth / Date de naissance", day(person.birth_date))
    pen.field((820, 424), "Sex / Sexe", person.sex)
    pen.field((450, 600), "Date of issue / Date de delivrance", day(person.expires_on - TEN_YEARS))
    pen.field((450, 688), "Date of expiry / Date d'expiration", day(person.expires_on))
    pen.field((820, 688), "Authority / Autorite", "PASSPORT OFFICE")
