"""Two spellings of one name: the same, nearly, or not."""

from __future__ import annotations

import pytest

from bot.checks.names import Alike, compared

YES, NEAR, NO = Alike.YES, Alike.NEAR, Alike.NO


@pytest.mark.parametrize(
    ("typed", "given", "surname", "verdict"),
    [
        ("Ada Lovelace", "ADA", "LOVELACE", YES),
        ("Lovelace, Ada", "ADA", "LOVELACE", YES),
        ("Ada Lovelace", "ADA AUGUSTA", "LOVELACE", YES),
        ("Ada Augusta King Lovelace", "ADA", "LOVELACE", YES),
        ("Jürgen Müller", "JUERGEN", "MUELLER", YES),
        ("Jurgen Muller", "JUERGEN", "MUELLER", YES),
        ("Søren Ångström", "SOEREN", "AANGSTROEM", YES),
        ("Łukasz Żółć", "LUKASZ", "ZOLC", YES),
        ("Yulia Tymoshenko", "IULIIA", "TYMOSHENKO", YES),
        ("Mohammed Al-Sayed", "MOHAMMED", "AL SAYED", YES),
        ("Wang Xiaoming", "XIAO MING", "WANG", YES),
        ("Maria Lopez", "MARIA DE LOS ANGELES", "LOPEZ GARCIA", YES),
        ("Ada Lovelage", "ADA", "LOVELACE", NEAR),
        ("Muhammad Khan", "MOHAMED", "KHAN", NEAR),
        ("Ada Byron", "ADA", "LOVELACE", NEAR),
        ("A. Lovelace", "ADA", "LOVELACE", NEAR),
        ("王小明", "XIAOMING", "WANG", NEAR),
        ("王小明", "小明", "王", YES),
        ("Charles Babbage", "ADA", "LOVELACE", NO),
        ("Lovelace", "CHARLES", "BABBAGE", NO),
        ("Charles Lovelace", "ADA", "LOVELACE", NO),
    ],
)
def test_names(typed: str, given: str, surname: str, verdict: Alike) -> None:
    assert compared(typed, given, surname) is verdict


def test_a_name_that_the_zone_cut() -> None:
    typed, given, surname = "Christelle Helene Laurence Martin", "CHRISTELLE HELENE LAUR", "MARTIN"
    assert compared(typed, given, surname, cut=True) is YES
    assert compared(typed, given, surname) is NEAR
