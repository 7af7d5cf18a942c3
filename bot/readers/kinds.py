"""What kind of paper it is, by the code of its machine-readable zone or by the words printed on it."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Folded words as printed, in the languages of the papers most often sent; the first kind that matches wins:
# bills before visas, as statements name cards of that name, and visas before passports, whose number they carry.
WORDS: tuple[tuple[str, str], ...] = (
    (
        "residence_permit",
        (
            r"RESIDENCE PERMIT|PERMANENT RESIDENT|AUFENTHALTSTITEL|TITRE DE SEJOUR|PERMESSO DI SOGGIORNO"
            r"|PERMISO DE RESIDENCIA|TITULO DE RESIDENCIA|VERBLIJFSTITEL|VERBLIJFSDOCUMENT|KARTA POBYTU|OPPHOLDSKORT"
            r"|OPHOLDSKORT|UPPEHALLSTILLSTAND|OLESKELULUPA|IKAMET IZNI|在留カード"
        ),
    ),
    (
        "driving_licence",
        (
            r"DRIVING LICEN[CS]E|DRIVER.?S? LICEN[CS]E|FUHRERSCHEIN|PERMIS DE CONDUIRE|PERMISO DE CONDU|PATENTE DI GUIDA"
            r"|PRAWO JAZDY|RIJBEWIJS|CARTA DE CONDUCAO|KORKORT|AJOKORTTI|KOREKORT|FORERKORT|RIDICSKY PRUKAZ|VODICSKY PREUKAZ"
            r"|VEZETOI ENGEDELY|VOZACKA DOZVOLA|VOZNISKO DOVOLJENJE|PERMIS DE CONDUCERE|VADITAJA APLIECIBA|JUHILUBA"
            r"|SURUCU BELGESI|CARTEIRA NACIONAL DE HABILITACAO|LICENCIA DE CONDUCIR|運転免許証|机动车驾驶证"
        ),
    ),
    (
        "bank_statement",
        (
            r"BANK STATEMENT|ACCOUNT STATEMENT|STATEMENT OF ACCOUNT|KONTOAUSZUG|RELEVE (?:DE COMPTE|BANCAIRE)"
            r"|EXTRACTO (?:BANCARIO|DE CUENTA)|EXTRATO (?:BANCARIO|DE CONTA)|ESTRATTO CONTO|WYCIAG (?:BANKOWY|Z RACHUNKU)"
            r"|REKENINGAFSCHRIFT|REKENINGOVERZICHT|KONTOUTDRAG|KONTOUTSKRIFT|VYPIS Z UCTU|HESAP (?:EKSTRESI|OZETI)"
            r"|ВЫПИСКА (?:ПО|ИЗ) |ВИПИСКА|银行对账单|账户明细"
        ),
    ),
    (
        "company_document",
        r"CERTIFICATE OF INCORPORATION|COMPANIES HOUSE|HANDELSREGISTER|EXTRAIT KBIS|COMMERCIAL REGISTER|REGISTRO MERCANTIL",
    ),
    (
        "utility_bill",
        (
            r"ELECTRICITY|\bKWH\b|WATER BILL|GAS BILL|UTILITY|METER READING|STROMRECHNUNG|WASSERWERK|STADTWERKE"
            r"|FACTURE (?:D.?ELECTRICITE|D.?EAU|DE GAZ|INTERNET|MOBILE)|INTERNET BILL|TELEPHONE BILL|PHONE BILL|POWER . WATER"
            r"|COUNCIL TAX|GASRECHNUNG|NEBENKOSTEN|GRUNDSTEUER|TAXE FONCIERE"
            r"|FACTURA DE (?:LA )?(?:LUZ|ELECTRICIDAD|AGUA|GAS|INTERNET|TELEFONO)|SUMINISTRO|RECIBO DE (?:LUZ|AGUA)"
            r"|BOLLETTA|FORNITURA|ENERGIA ELETTRICA|FATURA D[AEO] (?:LUZ|ENERGIA|AGUA|GAS|INTERNET)|CONTA DE (?:LUZ|AGUA)"
            r"|FAKTURA ZA (?:ENERGIE|PRAD|GAZ|WODE|INTERNET)|ENERGIA ELEKTRYCZNA|ENERGIEREKENING|ENERGIENOTA|WATERREKENING"
            r"|STROOMVERBRUIK|ELRAKNING|ELREGNING|STROMREGNING|VYUCTOVANI|ELEKTRIK FATURA|SU FATURASI|DOGALGAZ FATURA"
            r"|КОММУНАЛЬНЫ|КОМУНАЛЬН|ЭЛЕКТРОЭНЕРГИ|ЕЛЕКТРОЕНЕРГ|КВАРТПЛАТ|电费|水费|燃气费"
        ),
    ),
    ("visa", r"\bVISA\b|\bVISUM\b"),
    (
        "passport",
        r"PASSPORT|PASSEPORT|REISEPASS|PASAPORTE|PASSAPORTO|PASZPORT|PASAPORT|PASSI?\b.{0,12}PASS|护照",
    ),
    (
        "id_card",
        (
            r"IDENTITY CARD|IDENTIFICATION CARD|PERSONALAUSWEIS|CARTE NATIONALE D.IDENTITE|CARTE D.IDENTITE"
            r"|DOCUMENTO NACIONAL DE IDENTIDAD|CARTA D.IDENTITA|DOWOD OSOBISTY|IDENTITEITSKAART|NATIONAL ID|居民身份证"
            r"|PERSONAS APLIECIBA|ASMENS TAPATYBES|LICNA KARTA|OSOBNA ISKAZNICA|OSEBNA IZKAZNICA|OBCANSKY PRUKAZ"
            r"|OBCIANSKY PREUKAZ|SZEMELYAZONOSITO IGAZOLVANY|CARTE DE IDENTITATE|CARTAO DE CIDADAO|HENKILOKORTTI"
            r"|NATIONELLT .?DENTITETSKORT|KIMLIK KARTI|CEDULA DE (?:IDENTIDAD|CIUDADANIA)|CREDENCIAL PARA VOTAR"
            r"|CARTEIRA DE IDENTIDADE|KARTU TANDA PENDUDUK|國民身分證"
        ),
    ),
)
# Directive 2006/126/EC, annex I: the table on a licence's back; single letters are left out, as they are misread.
CATEGORY = re.compile(r"(AM|A1|A2|B1|BE|C1|CE|C1E|D1|DE|D1E)\b(?!.*/)")
DAY = re.compile(r"\b\d{2}\s?[./-]\s?\d{2}\s?[./-]\s?\d{2,4}\b")
CARD = re.compile(r"\b\d{4} ?\d{4} ?\d{4} ?\d{4}\b")  # a payment card's number
CATEGORIES_AT_LEAST, DAYS_AT_LEAST = 4, 2
FEW_LETTERS = 25  # a document has more letters than this on it; a painting's signature has fewer


def by_code(code: str, issuing_country: str) -> str:
    """The kind by the document code of a machine-readable zone (ICAO Doc 9303-3 to -7, position 1 and 2)."""
    first, second = code[:1], code[1:2]
    if first == "P":
        return "passport"
    if first == "V":
        return "visa"
    if code == "DL" or first == "D":
        return "driving_licence"
    residence = second == "R" or code in {"RP", "RT", "CR", "TR"} or (first == "R" and issuing_country != "")
    return "residence_permit" if residence else "id_card"


def beside_code(kind: str, coded: str) -> str:
    """The kind that the words of a page name beside a barcode that names `coded`: no word, no other kind."""
    return coded if kind in {"unknown", "not_a_document"} else kind


def licence_back(rows: Sequence[str]) -> bool:
    """Rows that begin with different categories of vehicles, and days: the table of an EU driving licence's back."""
    starts = {match[1] for row in rows if (match := CATEGORY.match(row.strip().upper()))}
    days = sum(len(DAY.findall(row)) for row in rows)
    return len(starts) >= CATEGORIES_AT_LEAST and days >= DAYS_AT_LEAST


def by_words(text: str) -> str:
    """The kind by what is printed: folded text in, `unknown` where nothing is known, `not_a_document` for too little.

    Recognisers leave gaps out: words are found without them too.
    """
    for kind, pattern in WORDS:
        if kind == "visa" and CARD.search(text):
            continue
        if re.search(pattern.replace(" ", " ?"), text):
            return kind
    return "not_a_document" if sum(c.isalnum() for c in text) < FEW_LETTERS else "unknown"
