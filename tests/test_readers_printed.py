"""What kind of paper it is and what is printed on it, as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from bot.answers import fold
from bot.readers import kinds, printed


@pytest.mark.parametrize(
    ("code", "country", "kind"),
    [
        ("P", "UTO", "passport"),
        ("PM", "UTO", "passport"),
        ("PD", "CHE", "passport"),
        ("V", "UTO", "visa"),
        ("VD", "DEU", "visa"),
        ("I", "UTO", "id_card"),
        ("ID", "FRA", "id_card"),
        ("AC", "UTO", "id_card"),
        ("C1", "USA", "id_card"),
        ("IR", "GBR", "residence_permit"),
        ("AR", "D", "residence_permit"),
        ("RP", "NLD", "residence_permit"),
        ("TR", "FRA", "residence_permit"),
        ("DL", "UTO", "driving_licence"),
        ("D1", "FRA", "driving_licence"),
        ("", "", "id_card"),
    ],
)
def test_kinds_by_code(code: str, country: str, kind: str) -> None:
    assert kinds.by_code(code, country) == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("UNITED STATES OF UTOPIA PASSPORT", "passport"),
        ("RÉPUBLIQUE FRANÇAISE Passeport", "passport"),
        ("中华人民共和国护照", "passport"),
        ("DRIVER'S LICENSE", "driving_licence"),
        ("BUNDESREPUBLIK DEUTSCHLAND FÜHRERSCHEIN", "driving_licence"),
        ("Permis de conduire", "driving_licence"),
        ("KÖRKORT Sverige", "driving_licence"),
        ("TITRE DE SÉJOUR", "residence_permit"),
        ("RESIDENCE PERMIT, passport number", "residence_permit"),
        ("VISA, passport number L898902C", "visa"),
        ("CARTE NATIONALE D'IDENTITÉ", "id_card"),
        ("Personalausweis", "id_card"),
        ("DOCUMENTO NACIONAL DE IDENTIDAD", "id_card"),
        ("VISA 4000 0012 3456 7899 VALID THRU 01/30", "unknown"),
        ("Extracto de cuenta", "bank_statement"),
        ("Estratto conto", "bank_statement"),
        ("Wyciąg bankowy", "bank_statement"),
        ("Rekeningafschrift", "bank_statement"),
        ("Выписка по счёту", "bank_statement"),
        ("Factura de electricidad", "utility_bill"),
        ("Bolletta energia elettrica", "utility_bill"),
        ("Faktura za energię elektryczną", "utility_bill"),
        ("Elektrik faturası", "utility_bill"),
        ("Council tax 2026", "utility_bill"),
        ("Account statement: VISA card 1 May, 20.00", "bank_statement"),
        ("Kontoauszug", "bank_statement"),
        ("Certificate of incorporation", "company_document"),
        ("Your electricity bill", "utility_bill"),
        ("Zählerstand 4711 kWh, bezahlt mit Visa", "utility_bill"),
        ("Once upon a time in a land of hills", "unknown"),
        ("Vincent", "not_a_document"),
        ("", "not_a_document"),
    ],
)
def test_kinds_by_words(text: str, kind: str) -> None:
    assert kinds.by_words(fold(text)) == kind


@pytest.mark.parametrize(
    ("rows", "fields"),
    [
        (["1. Lovelace", "2. Ada-Maria"], {"surname": "LOVELACE", "given_names": "ADA-MARIA"}),
        (["4a. 1.2.2020 4b. 3.4.2035 4c. City"], {"issued_on": "2020-02-01", "expires_on": "2035-04-03"}),
        (["4a.01.02.20204b.01.02.2035"], {"issued_on": "2020-02-01", "expires_on": "2035-02-01"}),
        (["3. 10.12.1990 London", "5. AB 123/456"], {"birth_date": "1990-12-10", "number": "AB123456"}),
        (["3. 31.02.1990"], {}),
        (["1.", "Lovelace", "2.", "Ada"], {"surname": "LOVELACE", "given_names": "ADA"}),
        (["4b.", "03.04.2035", "5.", "AB 123/456"], {"expires_on": "2035-04-03", "number": "AB123456"}),
        (["1.", "2.", "Ada"], {"given_names": "ADA"}),
        (["Given name(s)", "Ada"], {"given_names": "ADA"}),
        (["Surname(s): Lovelace"], {"surname": "LOVELACE"}),
        (["1. Surname: Lovelace"], {"surname": "LOVELACE"}),
        (["Surname / Nom", "LOVELACE"], {"surname": "LOVELACE"}),
        (["Surname", "Given names", "Ada"], {"given_names": "ADA"}),
        (["Given names/Prénoms: Ada"], {"given_names": "ADA"}),
        (["Document No. X12345"], {"number": "X12345"}),
        (["Licence number: X 12345"], {"number": "X12345"}),
        (["ID No X12345"], {"number": "X12345"}),
        (["Date of expiry / Date d'expiration", "1 FEB 2030"], {"expires_on": "2030-02-01"}),
        (["Geburtsdatum 10.12.1990"], {"birth_date": "1990-12-10"}),
        (
            ["Data urodzenia", "10.12.1990", "Termin ważności", "03.04.2035"],
            {"birth_date": "1990-12-10", "expires_on": "2035-04-03"},
        ),
        (["Fødselsdato 10.12.1990"], {"birth_date": "1990-12-10"}),
        (["Дата рождения 10.12.1990"], {"birth_date": "1990-12-10"}),
        (["Дійсний до 03.04.2035"], {"expires_on": "2035-04-03"}),
        (["Not valid for travel"], {}),
        ([], {}),
    ],
)
def test_fields_of_a_licence(rows: Sequence[str], fields: Mapping[str, str]) -> None:
    assert printed.licence(rows) == fields
