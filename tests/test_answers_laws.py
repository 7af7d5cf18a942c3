"""What holds for every parser, whatever is typed: a value or a reason, never an exception; and a value means itself."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import answers
from bot.answers import Unclear
from bot.answers.offices import REGISTER, TAX

answers.warm()  # else the first text pays for the tables, and is too slow for a law

HOSTILE = {
    "empty": "",
    "spaces": " \n\t\u00a0\u3000",
    "html": "<b>bold</b> & <script>alert('DE89370400440532013000')</script>",
    "template": "{{ 7 * 7 }} {% raw %}",
    "emoji": "\U0001f600" * 2000,
    "long": "x" * 4096,
    "long digits": "1" * 4096,
    "long words": "a 1 " * 1024,
    "long countries": "and DE " * 585,
    "long emails": "a@b " * 1024,
    "separators": ".,/-+ " * 680,
    "nul": "\x00a\x00@\x00b.c\x00",
    "bidi": "\u202e33 %\u202c \u2066مرحبا\u2069",
    "mixed scripts": "аpple.com 1/٣ ½ ²",
    "surrogate": "\ud800 12:30",
    "combining": "a\u200b\u0301" * 100,
    "not decimal digits": "②③ ² Ⅷ ௰",
}
WORDS = (
    *("DE", "fr", "and", "&", "et", "Bosnia", "the", "Österreich", "中国", "half", "1/3", "%", "33,3", "1.000", "k", "2 thousand"),
    *("٣٣", "４２", "2:30", "pm", "14h", "noon", "https://", "www.", "müller.de", "x@y.de", "mailto:", "/shop?a=b#c", ":8080"),
    *("DE89", "3704", "0044 0532 0130 00", "4111 1111 1111 1111", "HRB", "Aachen", "+49", "00", "0151", "-", ".", ",", "\n", "\u200f"),
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=60),
    st.text("0123456789 .,-/:+%٣３ABDEK@", max_size=40),
    st.lists(st.sampled_from(WORDS), max_size=6).map("".join),
    st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join),
    st.sampled_from(sorted(HOSTILE.values())),
)
PLAIN: dict[str, Callable[[str], str | Unclear]] = {
    "name": answers.name,
    "address": answers.address,
    "country": answers.country,
    "countries": answers.countries,
    "day": answers.day,
    "birth_date": answers.birth_date,
    "time_of_day": answers.time_of_day,
    "phone": answers.phone,
    "email": answers.email,
    "link": answers.link,
    "share": answers.share,
    "amount": answers.amount,
    "one_of": answers.one_of("DE", "noon"),
    "several": answers.several("DE", "half", "noon", "on_delivery"),
}
PLACED: dict[str, Callable[[str, str], str | Unclear]] = {
    "bank_account": answers.bank_account,
    "tax_number": answers.tax_number,
    "register_number": answers.register_number,
    "phone": answers.phone,
}
COUNTRIES = sorted({*TAX, *REGISTER, "", "NG", "HK", "IR", "XX"})


def _held(parse: Callable[[str], str | Unclear], text: str) -> None:
    said = parse(text)
    if isinstance(said, Unclear):
        return
    assert said
    assert parse(said) == said
    assert not any(unicodedata.category(c) in {"Cc", "Cf", "Cs"} for c in said)


@pytest.mark.parametrize("parser", PLAIN)
@given(text=TEXTS)
def test_a_value_or_a_reason_and_a_value_means_itself(parser: str, text: str) -> None:
    _held(PLAIN[parser], text)


@pytest.mark.parametrize("parser", PLACED)
@settings(max_examples=300)
@given(text=TEXTS, country=st.sampled_from(COUNTRIES))
def test_the_same_for_what_depends_on_a_country(parser: str, text: str, country: str) -> None:
    _held(lambda said: PLACED[parser](said, country), text)


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("parser", PLAIN)
def test_hostile_texts(parser: str, hostile: str) -> None:
    _held(PLAIN[parser], HOSTILE[hostile])


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("parser", PLACED)
def test_hostile_texts_in_every_country(parser: str, country: str) -> None:
    for text in HOSTILE.values():
        _held(lambda said: PLACED[parser](said, country), text)


@given(st.integers(1, 10_000), st.sampled_from(["{} %", "{}", "{} percent", "about {}%", "{} ％"]))
def test_every_share_of_two_decimals_is_read_as_it_is_written(hundredths: int, words: str) -> None:
    written = f"{hundredths / 100:.2f}"
    for figures in (written, written.replace(".", ",")):
        said = answers.share(words.format(figures))
        assert isinstance(said, str)
        assert round(float(said) * 100) == hundredths


@given(
    st.integers(0, 10**9),
    st.sampled_from(["{:,}", "{:_}", "{}", "{:,}.00"]),
    st.sampled_from(",. '\u00a0\u202f"),
)
def test_every_amount_is_read_however_its_thousands_are_parted(units: int, form: str, sign: str) -> None:
    written = form.format(units)
    if not written.endswith(".00"):
        written = written.replace(",", sign).replace("_", sign)
    assert answers.amount(f"{written} €") == str(units)


@given(st.integers(0, 23), st.integers(0, 59))
def test_every_minute_of_the_day(hour: int, minute: int) -> None:
    whole = f"{hour:02}:{minute:02}"
    half = f"{(hour - 1) % 12 + 1}:{minute:02} {'am' if hour < 12 else 'p.m.'}"
    for text in (whole, f"{hour}.{minute:02}", f"{hour}h{minute:02}", f"{hour:02}{minute:02}", half):
        assert answers.time_of_day(text) == whole


@given(st.lists(st.sampled_from(sorted(c for c in COUNTRIES if c not in {"", "XX"})), min_size=1, max_size=8))
def test_countries_keep_their_order_and_lose_their_repeats(codes: list[str]) -> None:
    said = ",".join(dict.fromkeys(codes))
    for between in (",", ", ", " and ", "; ", "\n", " & "):
        assert answers.countries(between.join(codes)) == said


def test_no_character_is_cleaned_twice() -> None:
    """Of every character that there is, alone and between letters (but for letters that stay as they are: too many)."""
    for code in range(sys.maxunicode + 1):
        if unicodedata.category(chr(code)) in {"Lo", "Co", "Cn"} and unicodedata.is_normalized(
            "NFKC", chr(code)
        ):
            continue
        for text in (chr(code), f"a{chr(code)}b"):
            once = answers.clean(text)
            assert answers.clean(once) == once, hex(code)
