"""Accounts and official numbers: the examples of the offices themselves, and what must never be taken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
import stdnum

from bot import answers
from bot.answers import Unclear
from bot.answers.offices import REGISTER, REGISTER_SHAPES, TAX, TAX_SHAPES

FOLDER = Path(stdnum.__file__).parent
# What python-stdnum has of no single country.
NO_COUNTRY = {"eu", "iso7064"}


def _package(country: str) -> str:
    return f"{country.lower()}_" if country in {"IN", "IS"} else country.lower()


def _examples(modules: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """(country, module, number) of every number that a module's own documentation calls valid."""
    for country, names in modules.items():
        for name in names.split():
            text = import_module(f"stdnum.{_package(country)}.{name}").__doc__ or ""
            for number, answer in re.findall(r">>> validate\('([^']+)'\)[^\n]*\n([^\n]*)", text):
                if not answer.startswith("Traceback"):
                    yield country, name, number


def _code(said: str | Unclear) -> str:
    return said.code if isinstance(said, Unclear) else said


@pytest.mark.parametrize(("country", "module", "number"), list(_examples(TAX)))
def test_every_example_of_a_tax_number(country: str, module: str, number: str) -> None:
    said = answers.tax_number(number, country)
    assert isinstance(said, str), module
    assert answers.tax_number(said, country) == said
    assert answers.tax_number(f"TIN: {number}", country) == said


@pytest.mark.parametrize(("country", "module", "number"), list(_examples(REGISTER)))
def test_every_example_of_a_register_number(country: str, module: str, number: str) -> None:
    said = answers.register_number(number, country)
    assert isinstance(said, str), module
    assert answers.register_number(said, country) == said


def test_every_country_of_the_library_has_its_tax_number() -> None:
    packages = {path.parent.name.rstrip("_").upper() for path in FOLDER.glob("*/__init__.py")}
    assert packages - {name.upper() for name in NO_COUNTRY} - TAX.keys() == set()


@pytest.mark.parametrize("shapes", [TAX_SHAPES, REGISTER_SHAPES], ids=["tax", "register"])
def test_every_shape_is_of_a_country_and_can_be_read(shapes: dict[str, str]) -> None:
    for country, shape in shapes.items():
        assert answers.country(country) == country
        assert re.compile(shape)


@pytest.mark.parametrize(
    ("typed", "country", "means"),
    [
        ("DE89 3704 0044 0532 0130 00", "DE", "DE89370400440532013000"),
        ("de89370400440532013000", "DE", "DE89370400440532013000"),
        ("DE89-3704-0044-0532-0130-00", "", "DE89370400440532013000"),
        ("My IBAN is GB82 WEST 1234 5698 7654 32, thanks", "GB", "GB82WEST12345698765432"),
        ("IBAN: FR14 2004 1010 0505 0001 3M02 606", "FR", "FR1420041010050500013M02606"),
        ("DE89 3704 0044 0532 0130 00 Commerzbank", "DE", "DE89370400440532013000"),
        ("ＤＥ８９ ３７０４ ００４４ ０５３２ ０１３０ ００", "DE", "DE89370400440532013000"),
        ("DE٨٩ 3704 0044 0532 0130 00", "DE", "DE89370400440532013000"),
        ("\u200eDE89 3704 0044 0532 0130 00\u200e", "DE", "DE89370400440532013000"),
        ("LT12 1000 0111 0100 1000", "US", "LT121000011101001000"),
        ("NO93 8601 1117 947", "NO", "NO9386011117947"),
        ("DE88 3704 0044 0532 0130 00", "DE", "not_an_iban"),
        ("DE89 3704 0044 0532 0130", "DE", "not_an_iban"),
        ("my iban: DE88 3704 0044 0532 0130 00", "DE", "not_an_iban"),
        ("DE89 3704 0044 0532 0130 00", "US", "DE89370400440532013000"),
        ("DE88 3704 0044 0532 0130 00", "US", "not_an_iban"),
        ("532013000", "DE", "iban_please"),
        ("hello", "DE", "iban_please"),
        ("", "DE", "iban_please"),
        ("021000021 12345678", "US", "021000021 12345678"),
        ("01-902-0068389-00", "NZ", "01-902-0068389-00"),
        ("6222 0212 3456 7890 128", "CN", "6222 0212 3456 7890 128"),
        ("acc 0123456789", "NG", "ACC 0123456789"),
        ("12345", "US", "not_an_account"),
        ("ACCOUNT 12345", "US", "not_an_account"),
        ("1" * 35, "US", "not_an_account"),
        ("<b>12345678</b>", "US", "not_an_account"),
        ("4111 1111 1111 1111", "DE", "card_number"),
        ("4111111111111111", "US", "card_number"),
        ("my card is 5555-5555-5555-4444 12/27", "US", "card_number"),
        ("378282246310005", "NG", "card_number"),
        ("3530 1113 3330 0000", "JP", "card_number"),
        ("6011111111111117", "US", "card_number"),
        ("2223003122003222", "US", "card_number"),
        ("٤١١١ ١١١١ ١١١١ ١١١١", "EG", "card_number"),
        ("4111 1111 1111 1112", "US", "4111 1111 1111 1112"),
    ],
)
def test_accounts(typed: str, country: str, means: str) -> None:
    assert _code(answers.bank_account(typed, country)) == means


@pytest.mark.parametrize(
    ("account", "shown"),
    [
        ("DE89370400440532013000", "DE89 … 3000"),
        ("021000021 12345678", "0210 … 5678"),
        ("12-3456-78", "… 5678"),
        ("123456", "… 3456"),
        ("1234", "…"),
        ("", "…"),
    ],
)
def test_an_account_is_never_read_back_in_full(account: str, shown: str) -> None:
    assert answers.masked(account) == shown


@pytest.mark.parametrize(
    ("typed", "country", "means"),
    [
        ("36 574 261 809", "DE", "36574261809"),
        ("3657426180X", "DE", "not_a_tax_number"),
        ("IdNr. 36 574 261 809", "DE", "36574261809"),
        ("181/815/0815 5", "DE", "18181508155"),
        ("DE 136,695 976", "DE", "136695976"),
        ("QQ 12 34 56 C", "GB", "not_a_tax_number"),
        ("AB 12 34 56 C", "GB", "AB123456C"),
        ("529-98-2242", "US", "529982242"),
        ("000-12-3456", "US", "not_a_tax_number"),
        ("ACUPA7085R", "IN", "ACUPA7085R"),
        ("acupa7085r", "IN", "ACUPA7085R"),
        ("390.533.447-05", "BR", "39053344705"),
        ("٣٦٥٧٤٢٦١٨٠٩", "DE", "36574261809"),
        ("1234567-0001", "NG", "12345670001"),
        ("ab 12-3", "", "AB123"),
        ("AB12", "NG", "not_a_tax_number"),
        ("I have none", "NG", "not_a_tax_number"),
        ("<b>1234</b>", "NG", "not_a_tax_number"),
        ("1" * 21, "NG", "not_a_tax_number"),
    ],
)
def test_tax_numbers(typed: str, country: str, means: str) -> None:
    assert _code(answers.tax_number(typed, country)) == means


@pytest.mark.parametrize(
    ("typed", "country", "means"),
    [
        ("Aachen HRA 11223", "DE", "Aachen HRA 11223"),
        ("Amtsgericht Charlottenburg HRB 12345 B", "DE", "Berlin (Charlottenburg) HRB 12345 B"),
        ("hrb 12345", "DE", "HRB12345"),
        ("Registergericht Entenhausen HRB 12345", "DE", "HRB12345"),
        ("HRB", "DE", "not_a_register_number"),
        ("552 008 443", "FR", "552008443"),
        ("552 008 442", "FR", "not_a_register_number"),
        ("sc123456", "GB", "SC123456"),
        ("00445790", "GB", "00445790"),
        ("445790", "GB", "not_a_register_number"),
        ("XX123456", "GB", "not_a_register_number"),
        ("FN 122119 m", "AT", "122119m"),
        ("KRS 0000028860", "PL", "KRS0000028860"),
        ("33012345", "NL", "33012345"),
        ("KvK-nummer: 33012345", "NL", "33012345"),
        ("U72200KA2009PTC049889", "IN", "U72200KA2009PTC049889"),
        ("RC 123 456", "NG", "RC 123 456"),
        ("DE-2024 / 17", "US", "DE-2024 / 17"),
        ("n/a", "US", "not_a_register_number"),
        ("7", "US", "not_a_register_number"),
        ("1" * 31, "US", "not_a_register_number"),
    ],
)
def test_register_numbers(typed: str, country: str, means: str) -> None:
    assert _code(answers.register_number(typed, country)) == means


def test_what_is_wrong_names_the_country() -> None:
    for said in (answers.tax_number("?", "DE"), answers.register_number("?", "DE")):
        assert isinstance(said, Unclear)
        assert said.args == {"country": "DE"}
