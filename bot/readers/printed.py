"""What is printed on papers without a machine-readable zone: licences by their numbered fields, bills by their words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from bot.answers import Unclear, clean, day, fold

DATE = r"\d{1,4}\s?[./\- ]\s?\d{1,2}\s?[./\- ]\s?\d{1,4}"
SPELLED = (
    r"\d{1,2}(?:st|nd|rd|th)?\.? ?(?:de )?[A-Za-zÀ-ÿ]{3,12}\.?,? ?\d{4}|[A-Za-zÀ-ÿ]{3,12} \d{1,2}, \d{4}"
)
SPELLED_TWICE = r"(\d{1,2} ?[^\W\d_]{3,12})\.? ?/ ?[^\W\d_]{3,12}\.? (\d{4})"  # 14 MAR/MARS 1987
# So spelled in the USA alone; dates stand there month first.
AMERICAN = re.compile(r"DRIVER.?S? ?LICENSE|IDENTIFICATION CARD|\bUSA\b")
AMERICAN_DATE = re.compile(r"(\d{1,2})\s?[/\-]\s?(\d{1,2})\s?[/\-]\s?(\d{4})")
ISSUED = re.compile(r"DATE|DATUM|FECHA|DATA|ISSUED|EMIS", re.IGNORECASE)
NAME = re.compile(r"[^\W\d_][^\W\d_'’.\-]+(?: [^\W\d_][^\W\d_'’.\-]*){1,4}")
NOT_NAMES = re.compile(
    r"BILL|INVOICE|POWER|WATER|GAS|ENERGY|ELECTRIC|CITY|BANK|STATEMENT|ACCOUNT|CUSTOMER|TOTAL|AMOUNT|SPECIMEN|SERVICE|STREET"
    r"|DATE|PERIOD|METER|CHARGE|SUPPLY|PAGE|DEAR|THANK|UTILIT|PAYMENT|DUE|FICTI"
)
# Directive 2006/126/EC, annex I: what stands behind each number of a driving licence.
NUMBERED = {
    "1": "surname",
    "2": "given_names",
    "3": "birth_date",
    "4A": "issued_on",
    "4B": "expires_on",
    "5": "number",
}
LABELLED = {
    "surname": r"SURNAME|LAST NAME|FAMILY NAME|NACHNAME",
    "given_names": r"GIVEN NAMES?|FIRST NAMES?|VORNAMEN?",
    "birth_date": r"DATE OF BIRTH|\bDOB\b|BIRTH DATE|GEBURTSDATUM",
    "expires_on": r"EXPIRES|EXPIRY|EXP\b|DATE OF EXPIRY|VALID UNTIL|GULTIG BIS",
    "number": r"\b(?:DOCUMENT|CARD|LICEN[CS]E|ID) N(?:UMBER|O|R|O?[.°º])?(?![^\W\d_])",
}
NOT_ISSUED = re.compile(r"DUE|PAY|UNTIL|BIRTH|FALLIG|ECHEANCE|VENC|SCADENZA")


def licence(rows: Sequence[str]) -> dict[str, str]:
    """The numbered fields of an EU licence, else labelled ones; only what was read without doubt."""
    found: dict[str, str] = {}
    month_first = any(AMERICAN.search(_letters(row)) for row in rows)
    for name, text in labelled(rows):
        found.setdefault(name, text)
    for row in rows:
        for number, text in () if _is_label(row) else _numbered(row):
            found.setdefault(NUMBERED[number], text)
    return {
        name: value for name, text in found.items() if (value := _value(name, text, month_first=month_first))
    }


def _numbered(row: str) -> Iterator[tuple[str, str]]:
    """«4a. 01.02.2020 4b. 01.02.2035» -> (4A, 01.02.2020), (4B, 01.02.2035); recognisers leave the gap out."""
    start = r"(?:^|\s|(?<=\.\d{4})(?=4\s?[a-cA-C]))"
    parts = re.split(start + r"(4\s?[a-cA-C]|[1-9])\s?[.,)]\s*", f" {row}")
    for number, text in zip(parts[1::2], parts[2::2], strict=False):
        key = number.replace(" ", "").upper()
        if key in NUMBERED and text.strip():
            yield key, text


def labelled(rows: Sequence[str]) -> Iterator[tuple[str, str]]:
    """A label and what stands behind it, or alone in the next row."""
    for row, after in zip(rows, [*rows[1:], ""], strict=False):
        for name, label in LABELLED.items():
            match = re.search(label, _letters(row))
            if match:
                yield name, _behind(row[match.end() :]) or ("" if _is_label(after) else after)


def _behind(text: str) -> str:
    """What follows a label: «: Lovelace» does; «/ Nom» is the label once more in another language."""
    value = text.rpartition(":")[2].strip(" .")
    return "" if value.startswith("/") else value


def _is_label(row: str) -> bool:
    return any(re.search(label, _letters(row)) for label in LABELLED.values())


def _letters(row: str) -> str:
    """Capitals without accents, one for each character, so that places in both rows are the same."""
    return "".join(unicodedata.normalize("NFKD", char)[0].upper()[0] for char in row)


def _value(name: str, text: str, *, month_first: bool) -> str:
    if name in {"birth_date", "expires_on", "issued_on"}:
        return date_in(AMERICAN_DATE.sub(r"\2/\1/\3", text) if month_first else text)
    if name == "number":
        return re.sub(r"[^A-Z0-9]", "", clean(text).upper())[:20]
    words = clean(re.sub(r"[\d.,:;]+", " ", text))
    return words.upper() if len(words) > 1 else ""


def labels_in(text: str) -> frozenset[str]:
    """The fields that a row's words are a label of."""
    return frozenset(name for name, label in LABELLED.items() if re.search(label, _letters(text)))


def date_in(text: str) -> str:
    """The first date in a row, ISO; "" where there is none. Day first where both orders are possible."""
    return next(iter(dates_in(text)), "")


def dates_in(text: str) -> tuple[str, ...]:
    """All dates in a row with a year of four digits, ISO: spelled ones first."""
    found = []
    for pattern in (SPELLED, SPELLED_TWICE, DATE):
        for match in re.finditer(pattern, text):
            value = day(match.group(1) + " " + match.group(2) if pattern is SPELLED_TWICE else match.group())
            if not isinstance(value, Unclear):
                found.append(value)
    return tuple(found)


def bill(rows: Sequence[str]) -> dict[str, str]:
    """Issue date, holder and address of a bill or a statement, where their rows are plain."""
    found: dict[str, str] = {}
    for at, row in enumerate(rows):
        if "issued_on" not in found and ISSUED.search(row) and not NOT_ISSUED.search(fold(row)):
            issued = date_in(row) or (date_in(rows[at + 1]) if at + 1 < len(rows) else "")
            found |= {"issued_on": issued} if issued else {}
        if "holder" not in found and NAME.fullmatch(row.strip()) and not NOT_NAMES.search(fold(row)):
            found["holder"] = clean(row)
            behind = [r for r in rows[at + 1 : at + 4] if re.search(r"\d", r) and not ISSUED.search(r)]
            found |= {"address": clean(", ".join(behind[:2]))} if behind else {}
    return found
