"""Machine-readable zones: ICAO's own examples, and tables of what is repaired, fitted and refused."""

from __future__ import annotations

import pytest

from bot.readers.mrz import Format, Span, check_digit
from bot.readers.mrz_dates import century
from bot.readers.mrz_find import disputed, find, from_text
from bot.readers.mrz_repair import clean, fitted, tidy_names
from tests.zones import (
    CUT,
    FRENCH,
    MRVA,
    MRVB,
    TD1,
    TD1_LONG,
    TD2,
    TD2_LONG,
    TD3,
    TODAY,
    Fields,
    read,
    values,
)

EXAMPLES = [
    (Format.TD3, TD3, ("L898902C3", "ERIKSSON", "ANNA MARIA", "UTO", "1974-08-12", "F", "2012-04-15")),
    (Format.TD1, TD1, ("D23145890", "ERIKSSON", "ANNA MARIA", "UTO", "1974-08-12", "F", "2012-04-15")),
    (Format.TD2, TD2, ("D23145890", "ERIKSSON", "ANNA MARIA", "UTO", "1974-08-12", "F", "2012-04-15")),
    (Format.MRVA, MRVA, ("L8988901C", "ERIKSSON", "ANNA MARIA", "XXX", "1940-09-07", "F", "1996-12-10")),
    (Format.MRVB, MRVB, ("L8988901C", "ERIKSSON", "ANNA MARIA", "XXX", "1940-09-07", "F", "1996-12-10")),
    (
        Format.TD1,
        TD1_LONG,
        ("D23145890734", "STEVENSON", "PETER JOHN", "UTO", "1934-07-12", "M", "1995-07-12"),
    ),
    (
        Format.TD2,
        TD2_LONG,
        ("D23145890734", "STEVENSON", "PETER JOHN", "UTO", "1934-07-12", "M", "1995-07-12"),
    ),
    (Format.FRENCH, FRENCH, ("880692310285", "BERTHIER", "CORINNE", "FRA", "1965-12-06", "F", "")),
]


@pytest.mark.parametrize(("kind", "text", "said"), EXAMPLES)
def test_examples_are_read(kind: Format, text: str, said: tuple[str, ...]) -> None:
    zone = read(text)
    assert (zone.format, zone.failed, values(zone)) == (kind, (), said)
    assert zone.lines == tuple(text.splitlines())
    assert not zone.names_cut


@pytest.mark.parametrize(("kind", "text", "said"), EXAMPLES)
def test_examples_are_found_in_other_text(kind: Format, text: str, said: tuple[str, ...]) -> None:
    zone = read(f"UTOPIA\nPassport / Passeport\n\n  {text.replace('<', ' <').lower()} \nSignature of bearer")
    assert (zone.format, zone.valid, values(zone)) == (kind, True, said)


def test_cut_names_are_said_to_be_cut() -> None:
    zone = read(CUT)
    assert (zone.surname, zone.given_names) == ("NILAVADHANANANDA", "CHAYAPA DEJTHAMRONG K")
    assert (zone.valid, zone.names_cut) == (True, True)


@pytest.mark.parametrize(
    ("text", "check"),
    [("520727", "3"), ("D23145890734", "9"), ("AB2134<<<", "5"), ("", "0"), ("<<<<<<", "0")],
)
def test_check_digits(text: str, check: str) -> None:
    assert check_digit(text) == check


@pytest.mark.parametrize(
    ("text", "ahead", "iso"),
    [
        ("740812", 0, "1974-08-12"),
        ("260701", 0, "2026-07-01"),
        ("260702", 0, "1926-07-02"),
        ("260702", 30, "2026-07-02"),
        ("560701", 30, "2056-07-01"),
        ("560702", 30, "1956-07-02"),
        ("7408<<", 0, "1974-08"),
        ("74<<<<", 0, "1974"),
        ("740800", 0, "1974-08"),
        ("740000", 0, "1974"),
        ("110229", 0, "2011-02-29"),
        ("991331", 30, "1999-13-31"),
        ("<<<<<<", 0, None),
        ("74081", 0, None),
        ("7A0812", 0, None),
        ("74<812", 0, None),
        ("٧٤0812", 0, None),
    ],
)
def test_centuries_and_open_dates(text: str, ahead: int, iso: str | None) -> None:
    assert century(text, TODAY, ahead) == iso


@pytest.mark.parametrize(
    ("born", "said"), [("7408<<", "1974-08"), ("74<<<<", "1974"), ("<<<<<<", ""), ("740812", "1974-08-12")]
)
def test_unknown_birth_days(born: str, said: str) -> None:
    zone = read(Fields(Format.TD3, birth=born).zone())
    assert (zone.valid, zone.birth_date) == (True, said)


def test_an_unknown_birth_date_may_have_a_filler_for_check_digit() -> None:
    """Part 3, 4.8: only where nothing of the date is known."""
    lines = Fields(Format.MRVA, code="V", birth="<<<<<<").zone().splitlines()
    lines[1] = lines[1][:19] + "<" + lines[1][20:]
    assert read("\n".join(lines)).valid
    lines[1] = lines[1].replace("<<<<<<<F", "740812<F")
    assert read("\n".join(lines)).failed == ("birth_date",)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("O", "0"),
        ("Q", "0"),
        ("D", "0"),
        ("I", "1"),
        ("L", "1"),
        ("Z", "2"),
        ("S", "5"),
        ("B", "8"),
        ("G", "6"),
    ],
)
@pytest.mark.parametrize("span", [Span(1, 13, 20), Span(1, 21, 28)])
def test_letters_in_dates_are_the_digits_they_look_like(wrong: str, right: str, span: Span) -> None:
    text = Fields(Format.TD3, birth="801256", expires="801256").zone()
    lines = text.splitlines()
    row = lines[1]
    mended = row[: span.start] + row[span.start : span.end].replace(right, wrong) + row[span.end :]
    assert mended != row or right not in span.of(lines)
    zone = read(f"{lines[0]}\n{mended}")
    assert (zone.valid, zone.lines) == (True, tuple(lines))


def test_digits_in_names_and_countries_are_the_letters_they_look_like() -> None:
    zone = read(TD3.replace("UTOERIKSSON", "UT0ER1K550N"))
    assert (zone.valid, zone.issuing_country, zone.surname) == (True, "UTO", "ERIKSSON")


def test_letters_in_numbers_are_never_guessed() -> None:
    assert read(TD3.replace("L898902C3", "L8989O2C3")).failed == ("number", "composite")


@pytest.mark.parametrize("places", range(-8, 9))
@pytest.mark.parametrize(
    ("text", "rows"), [(TD3, (0, 1)), (TD1, (0, 1, 2)), (TD2, (0, 1)), (MRVA, (0, 1)), (FRENCH, (0,))]
)
def test_rows_with_fillers_miscounted_are_fitted(places: int, text: str, rows: tuple[int, ...]) -> None:
    """Recognisers lose count in rows of fillers. With one row miscounted, the zone is whole again."""
    for row in rows:
        lines = text.splitlines()
        lines[row] = _miscounted(lines[row], places)
        if lines[row]:
            zone = read("\n".join(lines))
            assert zone.valid
            assert values(zone) == values(read(text))


def _miscounted(line: str, places: int) -> str:
    """The line with its longest run of fillers that many places longer; "" where none of it would be left."""
    longest = max(_runs(line), key=len, default="")
    return line.replace(longest, "<" * (len(longest) + places), 1) if len(longest) + places > 0 else ""


def _runs(line: str) -> list[str]:
    return [part for part in "".join(c if c == "<" else " " for c in line).split(" ") if part]


@pytest.mark.parametrize(
    ("line", "width", "first"),
    [
        ("AB<<C", 5, ("AB<<C",)),
        ("AB<C", 5, ("AB<<C", "AB<C<")),
        ("AB<<<C", 5, ("AB<<C",)),
        ("A<B<<<C", 5, ("A<B<C",)),
        ("ABCDE", 4, ()),
        ("A", 20, ()),
    ],
)
def test_only_fillers_are_added_or_taken(line: str, width: int, first: tuple[str, ...]) -> None:
    assert fitted(line, width) == first


@pytest.mark.parametrize(
    ("names", "tidied"),
    [
        ("ERIKSSON<<ANNA<MARIA<<<<<<K<<<<", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<<"),
        ("ERIKSSON<<ANNA<<<<KK<<<CC<<<<<<", "ERIKSSON<<ANNA<<<<<<<<<<<<<<<<<"),
        ("ERIKSSON<<ANNA<<<<MARIA<<<<<<<<", "ERIKSSON<<ANNA<<<<MARIA<<<<<<<<"),
        ("ERIKSSON<<ANNA<<KKKKK", "ERIKSSON<<ANNA<<KKKKK"),
        ("KLECK<KESSEL<<<<<<<<<", "KLECK<KESSEL<<<<<<<<<"),
    ],
)
def test_letters_for_fillers_go_from_the_tail_of_names(names: str, tidied: str) -> None:
    assert tidy_names(names) == tidied


def test_the_zones_alphabet_as_recognisers_spell_it() -> None:
    assert clean("P‹utoEriksson «Anna＜ 1-2.3\u00a0é") == "P<UTOERIKSSON<ANNA<123"


def test_two_valid_zones_that_differ_are_both_doubted() -> None:
    other = Fields(Format.TD3, number="L898902C4").zone()
    pairs = list(zip(TD3.splitlines(), other.splitlines(), strict=True))
    zone = find(pairs, TODAY)
    assert zone is not None
    assert zone.failed == ("ambiguous",)


def test_a_reading_that_holds_beats_one_that_does_not() -> None:
    first, second = TD3.splitlines()
    zone = find([(first,), (second.replace("L8", "LB"), second)], TODAY)
    assert zone is not None
    assert (zone.valid, zone.number) == (True, "L898902C3")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<" * 44,
        f"{'A' * 44}\n{'B' * 44}",
        f"{'0' * 30}\n{'0' * 30}\n{'0' * 30}",
        f"{TD3.splitlines()[0]}",
        "Dear customer, your electricity bill of 1 May 2026\nPlease pay 120,00 EUR until 1 June 2026 at",
    ],
)
def test_other_text_is_no_zone(text: str) -> None:
    assert from_text(text, TODAY) is None


def test_a_sex_there_is_not_fails() -> None:
    assert read(TD3.replace("7408122F", "74081221")).failed[:1] == ("sex",)


def test_a_zone_begins_with_a_letter() -> None:
    assert read(TD1.replace("I<UTO", "1<UTO")).code == "I"


@pytest.mark.parametrize(
    ("other", "doubted"),
    [
        ("L898902C36UTO7408122F1204159ZE184226B<<<<<10", False),
        ("1898902C36UTO7408122F1204159ZE184226B<<<<<10", True),  # 1 and L agree modulo 10
        ("1898902C36UIA7408122F120415976184226B<<<<<10", True),
        ("X898902C36UTO7408122F1204159ZE184226B<<<<<10", False),  # its check digit says no
        ("L898902C36UTO740812<F1204159ZE184226B<<<<<10", False),
        ("L898902C36UTO8408129F1204159ZE184226B<<<<<10", True),
        ("L898902C36UT07408122F1204159ZE184226B<<<<10", False),
        ("189890236", False),
    ],
)
def test_a_number_or_date_that_another_reading_disputes(other: str, doubted: bool) -> None:
    """What check digits cannot tell apart, a second reading may: then neither is believed."""
    assert disputed(read(TD3), [*TD3.splitlines(), other]) is doubted


@pytest.mark.parametrize("hidden", [1, 2])
def test_a_passport_whose_first_letters_are_covered(hidden: int) -> None:
    """All else stands a place off, and no check digit tells."""
    first, second = TD3.splitlines()
    zone = find([(first[hidden:],), (second,)], TODAY)
    assert zone is not None
    assert (zone.valid, values(zone)) == (True, values(read(TD3)))
    assert zone.code == "P"


def test_a_row_that_stands_right_is_not_moved() -> None:
    """Issued by one country to a citizen of another."""
    zone = read(TD3.replace("P<UTO", "P<D<<"))
    assert (zone.issuing_country, zone.nationality, zone.surname) == ("D", "UTO", "ERIKSSON")
