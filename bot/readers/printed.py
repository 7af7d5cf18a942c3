"""What is printed on papers without a machine-readable zone: licences by their numbered or labelled fields."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from bot.answers import clean
from bot.readers.dated import dates_in

# So spelled in the USA alone; dates stand there month first.
AMERICAN = re.compile(r"DRIVER.?S? ?LICENSE|IDENTIFICATION CARD|\bUSA\b")
# Directive 2006/126/EC, annex I: what stands behind each number of a driving licence.
NUMBERED = {
    "1": "surname",
    "2": "given_names",
    "3": "birth_date",
    "4A": "issued_on",
    "4B": "expires_on",
    "5": "number",
}
ALONE = re.compile(r"\s*(4\s?[a-cA-C]|[1-9])\s?[.,)]\s*")  # a number that stands far from what is behind it
LABELLED = {
    "surname": r"(?:SURNAME|LAST NAME|FAMILY NAME|NACHNAME)(?: ?\(S\)|S\b)?",
    "given_names": r"(?:GIVEN NAME|FIRST NAME|FORENAME)(?: ?\(S\)|S)?|VORNAME(?:\(N\)|N)?",
    "birth_date": (
        r"DATE OF BIRTH|\bDOB\b|BIRTH DATE|GEBURTSDATUM|DATE DE NAISSANCE|FECHA DE NACIMIENTO|DATA DI NASCITA|DATA URODZENIA"
        r"|DATA DE NASCIMENTO|GEBOORTEDATUM|FODELSEDATUM|F.DSELSDATO|DATUM NAROZEN|DATUM NARODENIA|DATUM RODENJA|DATUM ROJSTVA"
        r"|SZULETESI IDO|DATA NASTERII|DZIMSANAS DATUMS|GIMIMO DATA|SUNNIAEG|SYNTYMAAIKA|DOGUM TARIHI|ДАТА РОЖДЕНИЯ"
        r"|ДАТА НАРОДЖЕННЯ|出生日期"
    ),
    "expires_on": (
        r"EXPIRES|EXPIRY|EXP\b|DATE OF EXPIRY|VALID UNTIL|GULTIG BIS|DATE D.EXPIRATION|FECHA DE (?:CADUCIDAD|VENCIMIENTO)"
        r"|DATA DI SCADENZA|TERMIN WAZNOSCI|DATA DE VALIDADE|GELDIG TOT|GILTIG T|GYLDIG TIL|PLATNOST DO|PLATI DO|VRIJEDI DO"
        r"|VELJA DO|ERVENYESSEGI IDO|VALABILITATE|DERIGA LIDZ|GALIOJA IKI|KEHTIV KUNI|VOIMASSA|SON GECERLILIK"
        r"|СРОК ДЕИСТВИЯ|ДІИСНИИ ДО|有效期"
    ),
    "number": r"\b(?:DOCUMENT|CARD|LICEN[CS]E|ID) N(?:UMBER|O|R|O?[.°º])?(?![^\W\d_])",
}


def licence(rows: Sequence[str]) -> dict[str, str]:
    """The numbered fields of an EU licence, else labelled ones; only what was read without doubt."""
    found: dict[str, str] = {}
    month_first = any(AMERICAN.search(_letters(row)) for row in rows)
    for name, text in labelled(rows):
        found.setdefault(name, text)
    for row, after in zip(rows, [*rows[1:], ""], strict=False):
        for number, text in () if _is_label(row) else _numbered(row):
            found.setdefault(NUMBERED[number], text)
        if (alone := ALONE.fullmatch(row)) and not ALONE.match(after):
            found.setdefault(NUMBERED.get(alone[1].replace(" ", "").upper(), ""), after)
    return {
        name: value
        for name, text in found.items()
        if name and (value := _value(name, text, month_first=month_first))
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
        return next(iter(dates_in(text, month_first=month_first)), "")
    if name == "number":
        return re.sub(r"[^A-Z0-9]", "", clean(text).upper())[:20]
    words = clean(re.sub(r"[\d.,:;]+", " ", text))
    return words.upper() if len(words) > 1 else ""


def labels_in(text: str) -> frozenset[str]:
    """The fields that a row's words are a label of."""
    return frozenset(name for name, label in LABELLED.items() if re.search(label, _letters(text)))
