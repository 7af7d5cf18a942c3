"""Papers that prove an address or a company: bills, statements, extracts of registers, by where things stand on them.

Words are matched folded (capitals, no accents); rows are what a PDF says itself, or what was recognised.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from bot.answers import clean, fold
from bot.readers.dated import dates_in

# What stands before the day on which a paper was made, surest first; then before other days.
ISSUED = (
    re.compile(
        r"(?:INVOICE|BILL|STATEMENT|ISSUE|ISSUING|TAX POINT|LETTER) ?DATE|DATE (?:OF )?(?:ISSUE|INVOICE|BILL|STATEMENT)|ISSUED|GIVEN AT|"
        r"BILLED ON|DATED|RECHNUNGSDATUM|AUSSTELLUNGSDATUM|BRIEFDATUM|BELEGDATUM|ERSTELLT AM|AUSGESTELLT AM|RECHNUNG VOM|"
        r"KONTOAUSZUG VOM|DATE (?:DE |D ?.?)(?:LA )?(?:FACTURE|EMISSION|FACTURATION|RELEVE)|FACTURE DU|EMISE? LE|EDITE LE|"
        r"FECHA (?:DE )?(?:LA )?(?:EMISION|FACTURA|EXPEDICION)|DATA (?:DI |DE |DA )?(?:EMISSIONE|EMISSAO|FATTURA|FATURA)|"
        r"EMESSA IL|EMITID[AO] EM|DATA (?:WYSTAWIENIA|SPORZADZENIA|VYSTAVENI)|DATUM VYSTAVENI|FACTUURDATUM|FAKTURADATUM|"
        r"FATURA TARIHI|DUZENLEME TARIHI|ДАТА (?:СОСТАВЛЕНИЯ|ВЫСТАВЛЕНИЯ|ВЫДАЧИ)|KIALLITAS|LASKUN PAIVAYS|开票日期|发行日"
    ),
    re.compile(
        r"\bDATE\b|DATUM|\bDATO\b|FECHA|\bDATA\b|ДАТА|TARIH|PAIVAYS|日期|\bLE\b|\bDEN\b|\bVOM\b|PRINTED|STAND VOM|AS OF"
    ),
)
HEADED = re.compile(  # "Estratto conto al 31 ottobre 2026"
    r"ESTRATTO CONTO|EXTRACTO (?:BANCARIO|DE CUENTA)|EXTRATO|WYCIAG|REKENINGAFSCHRIFT|REKENINGOVERZICHT|KONTOUTDRAG|VYPIS"
    r"|RELEVE (?:DE COMPTE|BANCAIRE)|KONTOAUSZUG|STATEMENT OF ACCOUNT|HESAP|ВЫПИСКА|ВИПИСКА"
)
NOT_ISSUED = re.compile(
    r"\bDUE\b|\bPAY|\bUNTIL\b|BIRTH|FALLIG|ZAHLBAR|ECHEANCE|LIMITE|VENC|SCADENZA|ENTRO IL|TERMIN PLATNOSCI|VERVALDATUM|"
    r"FORFALL|EXPIR|\bNEXT\b|NACHST|PROCHAIN|PROXIM|GEBURT|NAISSANCE|NACIMIENTO|NASCITA|SON ODEME|SPLATNOST|READING|"
    r"ABLESUNG|DIRECT DEBIT|ABBUCHUNG|PRELEV|REGISTERED ON|INCORPORAT|СРОК|GULTIG|VALID"
)
PERIOD = re.compile(
    r"PERIOD|ZEITRAUM|PERIODE|PERIODO|OKRES|FROM\b|\bVON\b|\bDU\b.*\bAU\b|\bDAL\b|DONEM|FOR THE MONTH"
)
HOLDER = re.compile(
    r"^(?:ACCOUNT (?:HOLDER|NAME)|CUSTOMER(?: NAME)?|NAME OF (?:CUSTOMER|ACCOUNT HOLDER)|NAME|BILL(?:ED)? TO|INVOICE TO|HOLDER|"
    r"KONTOINHABER(?:IN)?|KUNDE|KUNDIN|VERTRAGSPARTNER|TITULAIRE(?: DU (?:COMPTE|CONTRAT))?|CLIENT|TITULAR(?: DEL? [A-Z]+)?|"
    r"CLIENTE|INTESTATARIO|INTESTATO A|NOM(?: DU CLIENT)?|NOMBRE|NOME|NABYWCA|ODBIORCA|KLANT|ODBERATEL|KUND|MUSTERI(?: ADI)?|"
    r"ABONENT|АБОНЕНТ|КЛИЕНТ|ПЛАТЕЛЬЩИК|ФИО|户名|客户名称)\b"
)
PLACED = re.compile(
    r"^(?:SERVICE|SUPPLY|BILLING|POSTAL|CUSTOMER|MAILING|PROPERTY|HOME|RESIDENTIAL)? ?ADDRESS|^(?:LIEFER|RECHNUNGS|KUNDEN)?ADRESSE|"
    r"^(?:LIEFERSTELLE|VERBRAUCHSSTELLE|LIEU DE CONSOMMATION|DIRECCION|DOMICILIO|INDIRIZZO|ENDERECO|MORADA|ADRES|ADRESA|АДРЕС|地址)"
)
PART = r"[^\W\d_](?:[^\W\d_]|['’.\-])*"
NAME = re.compile(rf"{PART}(?:,? {PART}){{1,5}}")
TITLE = re.compile(
    r"^(?:MR|MRS|MS|MISS|DR|HERRN?|FRAU|M|MME|MLLE|MONSIEUR|MADAME|SR|SRA|DON|DONA|SIG|SIGRA|PAN|PANI|DHR|MEVR|SHRI|SMT)\b[. ]+"
)
COMPANY = re.compile(
    r"\b(?:LTD|LIMITED|LLC|LLP|INC|PLC|CORP|GMBH|AG|KG|UG|OHG|SE|SA|SAU|SAS|SARL|SRL|SPA|SL|BV|NV|AB|AS|OY|APS|PTY|PTE|KFT|SP Z O|"
    r"DOO|ПАО|ООО|АО|BANK|ENERGY|ENERGI[AE]|POWER|WATER|GAS|TELECOM|TELEKOM|UTILIT\w*|CITY|COUNCIL|SERVICES?|COMPANY|STADTWERKE|ELECTRIC\w*)\b"
)
NOT_NAMES = re.compile(
    r"BILL|INVOICE|STATEMENT|ACCOUNT|CUSTOMER|TOTAL|AMOUNT|SPECIMEN|\bDATE|PERIOD|METER|CHARGE|SUPPLY|\bPAGE|DEAR|THANK|PAYMENT"
    r"|\bDUE\b|FICTI|RECHNUNG|KONTO|AUSZUG|BETRAG|KUNDE|SEITE|STROM|FACTURE|RELEVE|COMPTE|MONTANT|FACTURA|CUENTA|IMPORTE|FATTURA"
    r"|CONTO|IMPORTO|FATURA|CONTA|FAKTURA|\bSEHR\b|GEEHRT|BALANCE|OPENING|CLOSING|NUMBER|TARIFF|USAGE|REFERENCE|REGISTER|CERTIFI"
    r"|STREET|ROAD|AVENUE|STRASSE|GERMANY|FRANCE|ESPANA|ITALIA|KINGDOM|\bYOUR?\b|DESCRIPTION|BESCHREIBUNG|DELIVER"
)
YEARLY = re.compile(
    r"ANNUAL|COUNCIL TAX|PROPERTY TAX|TAX ASSESSMENT|JAHRESRECHNUNG|JAHRESABRECHNUNG|GRUNDSTEUER|STEUERBESCHEID|AVIS D.IMPOT"
    r"|TAXE FONCIERE|TAXE D.HABITATION|ANUAL\b|ANNUALE|ROCZN|\bIBI\b|\bIPTU\b|\bTARI\b"
)
FULL_YEAR = 330, 370  # days of a period
STREET = re.compile(r"(?=.*\d)(?=.*[^\W\d_]{3})")
POSTAL = re.compile(
    r"\b\d{4,6}\b(?!.*[€$£])|\b\d{3} \d{2}\b|\b\d{2}-\d{3}\b|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b|\b[A-Z]\d[A-Z] \d[A-Z]\d\b"
)
NOT_PLACES = re.compile(
    r"@|WWW|IBAN|\bBIC\b|\bTEL|PHONE|\bFAX\b|\bVAT\b|\bUST\b|TOTAL|KWH|[€$£]|\d[.,]\d\d\b|\bNO\.|\bNR\.|NUMBER|:"
)
AMERICAN = re.compile(r"\b[A-Z]{2},? \d{5}(?:-\d{4})?\b")
HEADING = re.compile(
    r"BILL|STATEMENT|INVOICE|RECHNUNG|FACTUR|FATTURA|FATURA|FAKTURA|KONTOAUSZUG|RELEVE|EXTRACTO|^YOUR |^IHRE"
)
ADDRESS_ROWS = 4
ISSUER_ROWS = 12  # from the top, where issuers print their name

LEGAL_NAME = re.compile(
    r"^(?:COMPANY NAME|NAME OF (?:THE )?COMPANY|LEGAL NAME|BUSINESS NAME|NAME|FIRMA|FIRMENNAME|DENOMINATION(?: OU RAISON)?(?: SOCIALE)?|RAISON SOCIALE"
    r"|DENOMINACION(?: SOCIAL)?|RAZON SOCIAL|DENOMINAZIONE|RAGIONE SOCIALE|DENOMINACAO|NAZWA|NAAM|NIMI|OBCHODNI FIRMA|UNVANI?|企业名称|名称)\b"
)
CERTIFIED = re.compile(r"CERTIF(?:Y|IES) THAT|HEREBY CERTIF")
REGISTERED = re.compile(
    r"(?:COMPANY|REGISTRATION|REGISTERED|REGISTER|ENTITY|INCORPORATION)(?: (?:NO|NUMBER|NR))?\b|HANDELSREGISTER(?:NUMMER)?|\bHR[AB]\b"
    r"|\bKRS\b|SIREN|SIRET|\bRCS\b|\bKVK|\bCIF\b|\bNIF\b|\bREA\b|\bCNPJ\b|\bICO\b|REGISTR|NUMERO"
)
NUMBER = re.compile(r"\bHR[AB] ?\d{1,6}\b|\b(?:[A-Z]{2} ?)?\d[\d ./\-]{4,16}\d\b|\b[A-Z]\d{7,8}\b")


def read(kind: str, rows: Sequence[str]) -> dict[str, str]:
    """`issuer`, `holder`, `address`, `issued_on`, `yearly` of a bill or statement; of a company paper `legal_name` (and `holder`,
    the same), `register_number`, `issued_on`. What is not there, or not plain, is left out.
    """
    kept = [row for text in rows if (row := clean(text))]
    issued = issued_on(kept)
    dated = {"issued_on": issued} if issued else {}
    dated |= {"yearly": "true"} if any(_of_a_year(row, kind) for row in kept) else {}
    if kind == "company_document":
        return {**_company(kept), **dated}
    return {**_issuer(kept), **_addressed(kept), **dated}


def issued_on(rows: Sequence[str]) -> str:
    """The day a paper was made: behind its label, else beside a place, else the end of what it is for; "" where none."""
    american = any(AMERICAN.search(row) for row in rows)
    best: dict[int, str] = {}
    for at, row in enumerate(rows):
        days = dates_in(row, month_first=american)
        if days:
            rank = _rank(row, rows[at - 1] if at else "")
            best.setdefault(rank, days[-1] if rank == len(ISSUED) + 1 else days[0])
    return best[min(best)] if best and min(best) <= len(ISSUED) + 1 else ""


def _of_a_year(row: str, kind: str) -> bool:
    """It comes once a year: by its words, or by the days it is for. A statement's words are those of its payments."""
    days = dates_in(row)
    span = date.fromisoformat(days[-1]) - date.fromisoformat(days[0]) if len(days) > 1 else timedelta()
    worded = kind != "bank_statement" and YEARLY.search(fold(row))
    return bool(worded) or FULL_YEAR[0] <= span.days <= FULL_YEAR[1]


def _rank(row: str, before: str) -> int:
    """0 surest; behind the ranks of ISSUED come rows of a place and a day, then periods, then days of something else."""
    said = fold(row)
    label = said if re.search(r"[^\W\d_]{3,}.*\d", said) else f"{fold(before)} {said}"
    if NOT_ISSUED.search(label) and not ISSUED[0].search(label):
        return len(ISSUED) + 2
    if HEADED.search(said) and len(dates_in(row)) == 1:
        return 0
    for rank, pattern in enumerate(ISSUED):
        if pattern.search(label) and not (rank and PERIOD.search(label)):
            return rank
    if PERIOD.search(label) or len(dates_in(row)) > 1:
        return len(ISSUED) + 1
    alone = re.fullmatch(r"(?:[^\W\d_ ,]+ ?){0,3},? *[\d\s./,-]{6,}|.{6,22}", row)
    return len(ISSUED) if alone else len(ISSUED) + 2


def _issuer(rows: Sequence[str]) -> dict[str, str]:
    """The first row from the top that names a company or an office; else the very first, where it is no person's name."""
    for row in rows[:ISSUER_ROWS]:
        named = COMPANY.search(_undotted(row)) or "&" in row
        if named and not re.search(r"\d{3}", row) and not HEADING.search(fold(row)):
            return {"issuer": row[:80]}
    plain = rows[0] if rows and not re.search(r"\d|:", rows[0]) and not HEADING.search(fold(rows[0])) else ""
    return {"issuer": plain[:80]} if plain and not _person(plain) else {}


def _addressed(rows: Sequence[str]) -> dict[str, str]:
    """Holder and address: behind their labels, else the block of a name and rows of a place below it."""
    found: dict[str, str] = {}
    for label, text, at in _labelled(rows):
        if label == "holder" and "holder" not in found and (name := _person(text)):
            found |= {"holder": name, **_below(rows, at)}
        elif label == "address" and "address" not in found and STREET.match(text):
            found["address"] = clean(", ".join([text, *_place(rows[at : at + ADDRESS_ROWS - 1])]))
    if "holder" in found:
        return found
    for at, row in enumerate(rows):
        name, below = _person(row), _below(rows, at + 1)
        if name and (below or at + 1 == len(rows)):
            return {"holder": name, **below, **found}
    return found


def _labelled(rows: Sequence[str]) -> Iterator[tuple[str, str, int]]:
    """Label, what stands behind it or in the next row, and the row after that."""
    for at, row in enumerate(rows):
        for label, pattern in (("holder", HOLDER), ("address", PLACED)):
            match = pattern.match(fold(row))
            if not match:
                continue
            behind = row.partition(":")[2].strip() if ":" in row else _after(row, match.group())
            if behind:
                yield label, behind, at + 1
            elif at + 1 < len(rows):
                yield label, rows[at + 1], at + 2


def _after(row: str, label: str) -> str:
    """The rest of a row behind a label of so many words; of «Name Street» as a table's head, nothing."""
    rest = row.split()[len(label.split()) :]
    return (
        " ".join(rest) if not rest or not (HOLDER.match(fold(rest[0])) or PLACED.match(fold(rest[0]))) else ""
    )


def _below(rows: Sequence[str], at: int) -> dict[str, str]:
    place = _place(rows[at : at + ADDRESS_ROWS])
    return {"address": clean(", ".join(place))} if place else {}


def _place(rows: Sequence[str]) -> list[str]:
    """Rows of an address, up to the one with a postcode, and no more."""
    found: list[str] = []
    for row in rows:
        said = fold(row)
        if (
            NOT_PLACES.search(row.upper())
            or dates_in(row)
            or not (STREET.match(row) or POSTAL.search(said) or found)
        ):
            break
        found.append(row.strip(" ,"))
        if POSTAL.search(row.upper()) and len(found) > 1:
            break
    return found if any(re.search(r"\d", row) for row in found) else []


def _person(text: str) -> str:
    """A person's name, without titles; "" where it may be anything else."""
    row = text.strip(" .,:;")
    title = TITLE.match(fold(row))
    plain = " ".join(row.split()[1:]) if title and len(row.split()) > 2 else row
    said = fold(plain)
    if not NAME.fullmatch(plain) or NOT_NAMES.search(said) or COMPANY.search(_undotted(plain)):
        return ""
    return (
        plain
        if all(word[:1].isupper() or len(word) <= 3 or not word[:1].islower() for word in plain.split())
        else ""
    )


def _undotted(text: str) -> str:
    """«S.p.A.» is SPA."""
    return fold(text.replace(".", ""))


def _company(rows: Sequence[str]) -> dict[str, str]:
    name = _legal_name(rows)
    number = next(
        (found for at, row in enumerate(rows) if (found := _number(row, rows[at + 1 : at + 2]))), ""
    )
    said = {"legal_name": name, "holder": name, "register_number": number}
    return {key: value for key, value in said.items() if value}


def _legal_name(rows: Sequence[str]) -> str:
    """Behind its label, or below «certifies that»; else the first row that ends as companies' names do."""
    for at, row in enumerate(rows):
        match, after = LEGAL_NAME.match(fold(row)), (rows[at + 1] if at + 1 < len(rows) else "")
        if match and (behind := row.partition(":")[2].strip() or _after(row, match.group()) or after):
            return behind[:120]
        if CERTIFIED.search(fold(row)) and after:
            return after[:120]
    ends = re.compile(COMPANY.pattern.partition("|BANK")[0] + r")\W*$")
    return next((row[:120] for row in rows if len(row.split()) > 1 and ends.search(_undotted(row))), "")


def _number(row: str, after: Sequence[str]) -> str:
    """Behind a register's word, or alone in the next row."""
    said = row.upper()
    label = REGISTERED.search(fold(row))
    if not label:
        return ""
    places = [said, *(text.upper() for text in after if not re.search(r"\d", said))]
    found = next((match for place in places if not dates_in(place) and (match := NUMBER.search(place))), None)
    return clean(found.group()) if found else ""
