"""The table of identity documents: every row is sound, and says what is known of its country."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
from babel import Locale

from bot.checks import accepted

KINDS = {"passport", "id_card", "residence_permit", "driving_licence"}
COLUMNS = {"accepts", "sides", "runs_out", "name", "marked"}
ROWS = tomllib.loads(Path(accepted.__file__).with_suffix(".toml").read_text(encoding="utf-8"))
SELLERS = [
    "AT",
    "BE",
    "BG",
    "HR",
    "CY",
    "CZ",
    "DK",
    "EE",
    "FI",
    "FR",
    "DE",
    "GR",
    "HU",
    "IE",
    "IT",
    "LV",
    "LT",
    "LU",
    "MT",
    "NL",
    "PL",
    "PT",
    "RO",
    "SK",
    "SI",
    "ES",
    "SE",
    "IS",
    "LI",
    "NO",
    "GB",
    "CH",
    "US",
    "CA",
    "AU",
    "NZ",
    "CN",
    "HK",
    "TW",
    "JP",
    "KR",
    "IN",
    "PK",
    "BD",
    "ID",
    "VN",
    "TH",
    "PH",
    "MY",
    "SG",
    "TR",
    "UA",
    "RS",
    "IL",
    "AE",
    "SA",
    "EG",
    "MA",
    "NG",
    "KE",
    "ZA",
    "BR",
    "MX",
    "AR",
    "CL",
    "CO",
    "PE",
]


@pytest.mark.parametrize("code", [code for code in ROWS if code != "dated"])
def test_every_row_is_sound(code: str) -> None:
    row = ROWS[code]
    assert code == "default" or (re.fullmatch("[A-Z]{2}", code) and code in Locale("en").territories)
    assert row.keys() <= COLUMNS
    assert set(row.get("accepts", KINDS)) <= KINDS
    assert len(set(row.get("accepts", ()))) == len(row.get("accepts", ()))
    for column in COLUMNS - {"accepts"}:
        assert set(row.get(column, {})) <= KINDS
    assert set(row.get("sides", {}).values()) <= {1, 2}
    assert all(isinstance(ends, bool) for ends in row.get("runs_out", {}).values())
    assert all(name.strip() == name != "" for name in row.get("name", {}).values())


def test_a_country_that_does_not_say_is_as_the_default() -> None:
    assert set(ROWS["default"]["sides"]) == set(ROWS["default"]["runs_out"]) == KINDS
    for country in ("", "ZW", "default", "dated"):
        assert set(accepted.kinds(country)) == KINDS
        assert [accepted.sides(country, kind) for kind in ("passport", "id_card")] == [1, 2]
        assert accepted.runs_out(country, "id_card")
        assert accepted.local_name(country, "id_card") == ""


@pytest.mark.parametrize("country", SELLERS)
def test_the_countries_of_most_sellers_have_a_row_of_their_own(country: str) -> None:
    assert country in accepted.countries()
    assert "passport" in accepted.kinds(country)


def test_what_is_known_of_some() -> None:
    assert accepted.kinds("DE")[0] == "id_card"
    assert "id_card" not in {*accepted.kinds("GB"), *accepted.kinds("DK"), *accepted.kinds("NZ")}
    assert accepted.sides("NG", "id_card") == accepted.sides("IN", "id_card") == 1
    assert accepted.sides("IN", "driving_licence") == 2
    for country in ("CN", "IN", "NG", "BR", "ES"):
        assert not accepted.runs_out(country, "id_card")
        assert accepted.runs_out(country, "passport")
    assert accepted.local_name("PL", "id_card") == "dowód osobisty"
    assert accepted.local_name("US", "driving_licence") == "driver's license"
    assert accepted.marked("DE") == ("id_card",)
    assert accepted.marked("FR") == accepted.marked("") == ()


def test_kinds_that_are_no_identity_document_run_out_and_have_one_side() -> None:
    assert accepted.sides("DE", "visa") == 1
    assert accepted.runs_out("DE", "visa")


@pytest.mark.parametrize(
    ("code", "country"),
    [
        ("D", "DE"),
        ("DEU", "DE"),
        ("DE", "DE"),
        ("GBR", "GB"),
        ("GBN", "GB"),
        ("RKS", "XK"),
        ("CHN", "CN"),
        ("UTO", ""),
        ("UNO", ""),
        ("SUN", ""),
        ("", ""),
        ("d", ""),
    ],
)
def test_codes_of_issuers(code: str, country: str) -> None:
    assert accepted.alpha2(code) == country


def test_the_table_is_dated() -> None:
    assert accepted.DATE == ROWS["dated"] > date(2026, 1, 1)
