"""Laws of machine-readable zones, over zones printed from random fields and over any text."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from bot.readers.mrz import ALPHABET, DIGITS, LAYOUTS, VALUES, Format, parse
from bot.readers.mrz_dates import century
from bot.readers.mrz_find import from_text, key
from tests.zones import TODAY, Fields, read, values, width

KINDS = st.sampled_from(list(Format))
LETTERS, ALNUM = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
WORD = st.text(LETTERS, min_size=1, max_size=12)
PAST = st.dates(TODAY.replace(year=TODAY.year - 100) + timedelta(days=1), TODAY)
EXPIRY = st.dates(date(TODAY.year - 69, 1, 1), date(TODAY.year + 29, 12, 31))
LONGEST = {Format.TD1: 23, Format.TD2: 14, Format.FRENCH: 12}  # places of a number, with those it runs on in
SHORTEST = {Format.FRENCH: 12}


@st.composite
def fields(draw: st.DrawFn) -> Fields:
    """Any zone that may be printed: every layout, numbers that run on, names of several words, or one only."""
    kind = draw(KINDS)
    surname = "<".join(draw(st.lists(WORD, min_size=1, max_size=2)))
    given = "<".join(draw(st.lists(WORD, min_size=1 if kind is Format.FRENCH else 0, max_size=3)))
    room = (25, 14) if kind is Format.FRENCH else (width(kind) - 2, width(kind) - 2 - len(surname))
    assume(len(surname) <= room[0] and len(given) <= room[1])
    optional = {Format.TD1: 15, Format.TD2: 7, Format.TD3: 14, Format.MRVA: 16, Format.MRVB: 8}
    return Fields(
        kind,
        code=draw(
            st.sampled_from(("V", "VC") if kind in (Format.MRVA, Format.MRVB) else ("P", "I", "AC", "ID"))
        ),
        country=draw(st.sampled_from(("UTO", "D", "AUT", "ZZZ"))),
        number=draw(st.text(ALNUM, min_size=SHORTEST.get(kind, 1), max_size=LONGEST.get(kind, 9))),
        surname=surname,
        given=given,
        nationality=draw(st.text(LETTERS, min_size=1, max_size=3)),
        birth=f"{draw(PAST):%y%m%d}",
        sex=draw(st.sampled_from("MF<")),
        expires=f"{draw(EXPIRY):%y%m%d}",
        optional=draw(st.text(ALNUM, max_size=optional.get(kind, 0))),
    )


@given(fields())
def test_what_is_printed_is_what_is_read(printed: Fields) -> None:
    zone = read(printed.zone())
    assert (zone.format, zone.failed, zone.lines) == (printed.kind, (), tuple(printed.zone().splitlines()))
    french = printed.kind is Format.FRENCH
    assert values(zone) == (
        printed.number,
        printed.surname.replace("<", " "),
        printed.given.replace("<", " "),
        "FRA" if french else printed.nationality,
        century(printed.birth, TODAY, 0),
        printed.sex.replace("<", "X"),
        "" if french else century(printed.expires, TODAY, 30),
    )


@given(fields(), st.data())
def test_one_wrong_character_is_never_another_valid_document(printed: Fields, data: st.DataObject) -> None:
    """In all that a check digit of its own runs over, and in those digits.

    The weights 7, 3 and 1 have no factor in common with 10, so that a digit sees every single error but those
    between characters whose values agree modulo 10 (0, A, K, U and the filler; 1, B, L, V; ...): there it is blind.
    """
    lines = printed.zone().splitlines()
    layout = LAYOUTS[printed.kind]
    watched = [name for name in ("number", "birth_date", "expires_on") if name in layout.spans]
    places = [
        (span.line, at)
        for name in watched
        for span in (layout.spans[name], layout.checks[name])
        for at in range(span.start, span.end)
    ]
    line, at = data.draw(st.sampled_from(places))
    wrong = data.draw(st.sampled_from(ALPHABET))
    assume(VALUES[wrong] % 10 != VALUES[lines[line][at]] % 10)
    damaged = list(lines)
    damaged[line] = lines[line][:at] + wrong + lines[line][at + 1 :]
    zone = from_text("\n".join(damaged), TODAY)
    assert zone is None or not zone.valid or key(zone) == key(read(printed.zone()))


def test_where_check_digits_are_blind() -> None:
    """A and K are 10 and 20: both are 0 to the digit. So such a document passes, as it does at any border."""
    one, other = (Fields(Format.TD3, number=number) for number in ("A8989", "K8989"))
    assert one.zone().replace("A8989", "K8989") == other.zone()
    assert read(one.zone()).valid
    assert read(other.zone()).valid


ROW = st.text(st.sampled_from(ALPHABET + "o ‹«é"), min_size=18, max_size=50)
LIKE_A_ZONE = st.lists(ROW, min_size=1, max_size=5)


@given(st.one_of(st.lists(st.text(max_size=60), max_size=5), LIKE_A_ZONE))
def test_no_text_is_an_error(rows: list[str]) -> None:
    from_text("\n".join(rows), TODAY)
    parse(rows, TODAY)


@given(st.sampled_from([(2, 44), (2, 36), (3, 30)]), st.data())
def test_rows_of_any_characters_are_parsed(shape: tuple[int, int], data: st.DataObject) -> None:
    """Whatever the characters, a zone of the right shape has fields; it is valid only where its dates are shaped."""
    rows = [data.draw(st.text(ALPHABET, min_size=shape[1], max_size=shape[1])) for _ in range(shape[0])]
    zone = parse(rows, TODAY)
    assert zone is not None or rows[0].startswith(("V", "IDFRA"))
    if zone is not None and zone.valid:
        assert set(zone.birth_date) <= DIGITS | {"-"}
        assert replace(zone, failed=("number",)).valid is False
