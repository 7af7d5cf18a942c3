"""Bills, statements and company papers of many layouts and languages, as rows; days as rows print them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.readers import papers
from bot.readers.dated import dates_in

BILL, STATEMENT, COMPANY = "utility_bill", "bank_statement", "company_document"


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("10.12.1990", "1990-12-10"),
        ("on 10/12/1990 in London", "1990-12-10"),
        ("1990-12-10", "1990-12-10"),
        ("10 . 12 . 1990", "1990-12-10"),
        ("10 12 1990", "1990-12-10"),
        ("12/05/26", "2026-05-12"),
        ("2 June 2026", "2026-06-02"),
        ("June 2, 2026", "2026-06-02"),
        ("2nd June 2026", "2026-06-02"),
        ("12-MAY-2026", "2026-05-12"),
        ("12MAY2026", "2026-05-12"),
        ("14 MAR/MARS 1987", "1987-03-14"),
        ("12. Mai 2026", "2026-05-12"),
        ("le 1er juin 2026", "2026-06-01"),
        ("3 de junio de 2026", "2026-06-03"),
        ("12 maja 2026", "2026-05-12"),
        ("12 мая 2026 г.", "2026-05-12"),
        ("2026年5月12日", "2026-05-12"),
        ("31.02.1990", ""),
        ("99.99.9999 then 01.02.2020", "2020-02-01"),
        ("Total 1.234,50", ""),
        ("Tel 030 12 34 56", ""),
        ("IBAN DE12 3456 7890 1234", ""),
        ("", ""),
    ],
)
def test_days(text: str, iso: str) -> None:
    assert next(iter(dates_in(text)), "") == iso


def test_several_days_and_those_of_americans() -> None:
    assert dates_in("01.04.26-30.04.26") == ("2026-04-01", "2026-04-30")
    assert dates_in("05/12/2026", month_first=True) == ("2026-05-12",)
    assert dates_in("25/12/2026", month_first=True) == ("2026-12-25",)


@pytest.mark.parametrize(
    ("rows", "issued"),
    [
        (["Invoice date: 02.06.2026"], "2026-06-02"),
        (["Date", "2 June 2026"], "2026-06-02"),
        (["Due date: 20.06.2026", "Invoice date: 02.06.2026"], "2026-06-02"),
        (["Fecha de emisión: 02/06/2026", "Vencimiento 20/06/2026"], "2026-06-02"),
        (["Rechnungsdatum 2.6.2026", "zahlbar bis 20.6.2026"], "2026-06-02"),
        (["München, 12.05.2026", "Zeitraum 01.04.2025 - 31.03.2026"], "2026-05-12"),
        (["Paris, le 3 juin 2026", "Échéance 18 juin 2026"], "2026-06-03"),
        (["Kontoauszug 005/2026 vom 29.05.2026"], "2026-05-29"),
        (["ESTRATTO CONTO al 31 ottobre 2026", "01.10.2026 POS 7,20"], "2026-10-31"),
        (["Wyciąg nr 10, 31.10.2026", "01.10.2026 przelew"], "2026-10-31"),
        (["Statement period 1 May 2026 to 31 May 2026"], "2026-05-31"),
        (["CHASE", "SPRINGFIELD IL 62704", "Statement Date: 05/12/2026"], "2026-05-12"),
        (["Please pay by 20 June 2026"], ""),
        (["Date of birth: 10.12.1990"], ""),
        ([], ""),
    ],
)
def test_the_day_a_paper_was_made(rows: Sequence[str], issued: str) -> None:
    assert papers.issued_on(rows) == issued


@pytest.mark.parametrize(
    ("kind", "rows", "holder", "address", "issuer"),
    [
        (
            BILL,
            ["City Power & Water", "Ada Lovelace", "12 Main Street", "10115 Berlin", "Electricity bill"],
            *("Ada Lovelace", "12 Main Street, 10115 Berlin", "City Power & Water"),
        ),
        (
            BILL,
            [
                "Stadtwerke München GmbH",
                "Noether-Straße 2",
                "80992 München",
                "Herrn",
                "Max Müller",
                "Hauptstr. 12",
                "80331 München",
            ],
            *("Max Müller", "Hauptstr. 12, 80331 München", "Stadtwerke München GmbH"),
        ),
        (
            BILL,
            ["EDF SA", "Mme Élise Dupont", "14 bis rue de la Paix", "75002 Paris", "Votre facture"],
            *("Élise Dupont", "14 bis rue de la Paix, 75002 Paris", "EDF SA"),
        ),
        (
            STATEMENT,
            ["First National Bank", "Account holder: John A. Smith", "Address: 5 Park Lane, London W1K 1AA"],
            *("John A. Smith", "5 Park Lane, London W1K 1AA", "First National Bank"),
        ),
        (
            BILL,
            [
                "FACTURA",
                "Iberdrola Clientes S.A.U.",
                "Titular: Juan García",
                "Dirección: C/ Mayor 5, 28013 Madrid",
            ],
            *("Juan García", "C/ Mayor 5, 28013 Madrid", "Iberdrola Clientes S.A.U."),
        ),
        (
            BILL,
            ["Enel S.p.A.", "Intestatario", "Giulia Rossi", "Via Roma 10", "00184 Roma"],
            *("Giulia Rossi", "Via Roma 10, 00184 Roma", "Enel S.p.A."),
        ),
        (
            BILL,
            ["Thames Water", "Mr J Smith", "Flat 2", "18 Baker Street", "London", "NW1 6XE", "Your bill"],
            *("J Smith", "Flat 2, 18 Baker Street, London, NW1 6XE", "Thames Water"),
        ),
        (
            BILL,
            ["ПАО Мосэнерго", "Плательщик: Иванов Иван", "Адрес: Москва, ул. Ленина, д. 5"],
            *("Иванов Иван", "Москва, ул. Ленина, д. 5", "ПАО Мосэнерго"),
        ),
        (BILL, ["Electricity Bill", "Total Amount Due"], "", "", ""),
    ],
)
def test_holder_and_address(kind: str, rows: Sequence[str], holder: str, address: str, issuer: str) -> None:
    said = papers.read(kind, rows)
    assert tuple(said.get(name, "") for name in ("holder", "address", "issuer")) == (holder, address, issuer)


@pytest.mark.parametrize(
    ("rows", "name", "number", "issued"),
    [
        (
            [
                "Company Number 12345678",
                "hereby certifies that",
                "ANALYTICAL ENGINES LIMITED",
                "Given at Cardiff on 12th May 2026",
            ],
            *("ANALYTICAL ENGINES LIMITED", "12345678", "2026-05-12"),
        ),
        (
            [
                "Handelsregister B Aachen",
                "Nummer der Firma: HRB 11223",
                "Firma: Analytical Engines GmbH",
                "Abruf vom 12.05.2026",
            ],
            *("Analytical Engines GmbH", "HRB 11223", "2026-05-12"),
        ),
        (
            [
                "EXTRAIT KBIS",
                "RCS, numéro 552 100 554 R.C.S. Paris",
                "Dénomination ou raison sociale",
                "ANALYTIQUE SAS",
            ],
            *("ANALYTIQUE SAS", "552 100 554", ""),
        ),
    ],
)
def test_a_company_paper(rows: Sequence[str], name: str, number: str, issued: str) -> None:
    said = papers.read(COMPANY, rows)
    assert [said.get(key, "") for key in ("legal_name", "register_number", "issued_on")] == [
        name,
        number,
        issued,
    ]


@pytest.mark.parametrize(
    ("kind", "rows", "yearly"),
    [
        ("utility_bill", ["Council tax 2026"], True),
        ("bank_statement", ["03 May COUNCIL TAX LEEDS 120.00", "04 May ANNUAL FEE 20.00"], False),
        ("bank_statement", ["Statement for 1 Jan 2026 to 31 Dec 2026"], True),
    ],
)
def test_a_statement_is_not_yearly_for_what_was_paid(kind: str, rows: Sequence[str], yearly: bool) -> None:
    assert ("yearly" in papers.read(kind, rows)) == yearly
