"""Invitations: what we made is read back, anything else is nothing; two words stay a seller's own."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.invitations import WORDS, Invitation, code, mint, read

SECRET, OTHER = b"s" * 32, b"o" * 32
NOW = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
WEEK = NOW + timedelta(days=7)


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=7), st.sampled_from(["", "DE", "CN"]))
def test_what_was_minted_is_read_back_and_fits_a_link(seller: str, country: str) -> None:
    token = mint(SECRET, Invitation(seller, country), WEEK)
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", token)
    assert read(SECRET, token, NOW) == Invitation(seller, country)


@given(st.text(max_size=80))
def test_what_anybody_made_up_is_nothing(token: str) -> None:
    assert read(SECRET, token, NOW) is None


@given(st.integers(min_value=0, max_value=60), st.integers(min_value=1, max_value=255))
def test_one_bit_more_or_less_and_it_is_nothing(place: int, flip: int) -> None:
    token = mint(SECRET, Invitation("SHOP-4711", "DE"), WEEK)
    at = place % len(token)
    other = token[:at] + chr(33 + (ord(token[at]) + flip) % 90) + token[at + 1 :]
    found = read(SECRET, other, NOW)
    assert found is None or found == read(
        SECRET, token, NOW
    )  # the last letter may hold bits that mean nothing


def test_it_ends_and_another_key_opens_nothing() -> None:
    token = mint(SECRET, Invitation("SHOP-4711"), WEEK)
    assert read(SECRET, token, WEEK - timedelta(seconds=1))
    assert read(SECRET, token, WEEK) is None
    assert read(OTHER, token, NOW) is None


@pytest.mark.parametrize("seller", ["", "x" * 31, "ß" * 16])
def test_a_name_that_does_not_fit_is_refused(seller: str) -> None:
    with pytest.raises(ValueError, match="bytes long"):
        mint(SECRET, Invitation(seller), WEEK)


def test_a_country_is_two_letters() -> None:
    with pytest.raises(ValueError, match="two letters"):
        mint(SECRET, Invitation("SHOP-4711", "DEU"), WEEK)


def test_two_words_are_a_sellers_own() -> None:
    codes = [code(SECRET, f"SHOP-{n}") for n in range(500)]
    assert codes == [code(SECRET, f"SHOP-{n}") for n in range(500)]
    assert len(set(codes)) > 490
    assert code(OTHER, "SHOP-1") != codes[1]
    assert len(WORDS) == len({word[:4] for word in WORDS}) == 256
