"""Cards without a machine-readable zone, by their own country's way of printing: China, India, Brazil, Nigeria, the USA.

What is surely read is taken: the rest stays with a person. Layouts as their issuers show them (Ministry of Public
Security, GA 448; UIDAI; Income Tax Department; Senatran; NIMC; AAMVA card design standard, annex A).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from bot.answers import clean, fold
from bot.readers.dated import dates_in

NAME = re.compile(r"[^\W\d_]{2,}(?:[ .'\-][^\W\d_]+){0,5}")
TWO_SIGNS = frozenset(
    [
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "东方",
        "皇甫",
        "尉迟",
        "公孙",
        "令狐",
        "慕容",
        "夏侯",
        "司徒",
        "长孙",
        "宇文",
    ]
)
CHINESE = re.compile(r"公民身[份分]号码|中华人民共和国|居民身[份分]证")
INDIAN = re.compile(
    r"INCOME TAX DEPARTMENT|PERMANENT ACCOUNT NUMBER|GOVERNMENT OF INDIA|GOVT\.? OF INDIA|AADHAAR|UNIQUE IDENTIFICATION|भारत सरकार"
)
BRAZILIAN = re.compile(
    r"CARTEIRA NACIONAL DE HABILITACAO|REPUBLICA FEDERATIVA DO BRASIL|CARTEIRA DE IDENTIDADE|SECRETARIA NACIONAL DE TRANSITO"
)
NIGERIAN = re.compile(
    r"NATIONAL IDENTITY MANAGEMENT|NATIONAL IDENTIFICATION NUMBER|\bNIMC\b|FEDERAL REPUBLIC OF NIGERIA|\bNIN SLIP\b|DIGITAL NIN"
)
AMERICAN = re.compile(r"\bDRIVER S? ?LICENSE\b|\bDRIVERS? ?LICENSE\b|\bREAL ID\b|\bORGAN DONOR\b")

Fields = dict[str, str]


def read(rows: Sequence[str]) -> Fields:
    """Fields of one of these cards, with `type` and `issuing_country` (alpha-3); {} where it is none of them."""
    whole = fold(" ".join(rows))
    for sign, reader in READERS.items():
        if sign.search(whole) or sign.search(" ".join(rows)):
            return {name: value for name, value in reader(rows).items() if value}
    return {}


def china(rows: Sequence[str]) -> Fields:
    """The front: 姓名, 出生, 公民身份号码; the back: 有效期限. The birth date also stands inside the number."""
    text = "".join(re.sub(r"\s", "", row) for row in rows)
    number = next(iter(re.findall(r"(?<!\d)[1-9]\d{16}[\dX](?!\d)", text.upper())), "")
    name = re.search(r"姓名?([\u4e00-\u9fff·]{2,8}?)(?=性别|性|民族|$)", text) or re.search(
        r"(?<![\u4e00-\u9fff])名([\u4e00-\u9fff·]{2,4})(?=性|民)", text
    )
    han = name[1] if name else ""
    cut = 2 if han[:2] in TWO_SIGNS else 1
    until = re.search(r"有效期限.{0,3}?(\d{4}\.\d\d\.\d\d)\W{0,3}(\d{4})[.\s]?(\d\d)[.\s]?(\d\d)", text)
    born = f"{number[6:10]}-{number[10:12]}-{number[12:14]}" if number else ""
    return {
        "type": "id_card",
        "issuing_country": "CHN",
        "number": number,
        "surname": han[:cut],
        "given_names": han[cut:],
        "birth_date": (next(iter(dates_in(text)), "") or born) if number or "出生" in text else "",
        "expires_on": "-".join(until.groups()[1:]) if until else "",
        "side": "back" if until and not number else "",
    }


def india(rows: Sequence[str]) -> Fields:
    """Aadhaar, its number masked to four digits on many copies, and PAN. The name stands in the row above the birth date."""
    text = " ".join(rows).upper()
    pan = re.search(r"\b[A-Z]{3}[ABCFGHLJPT][A-Z]\d{4}[A-Z]\b", text)
    aadhaar = re.search(r"\b(?:[2-9]\d{3}|X{4}) ?(?:\d{4}|X{4}) ?\d{4}\b", text)
    at = next((n for n, row in enumerate(rows) if re.search(r"DOB|BIRTH|YEAR|जन्म", row.upper())), -1)
    above = [
        row for row in rows[max(0, at - 3) : at] if at > 0 and NAME.fullmatch(clean(row)) and row.isascii()
    ]
    labelled = _after(rows, r"^NAME$|NAM[E] ?/|/ ?NAME$|नाम")
    name = labelled or (clean(above[-1]) if above else "")
    given, _, surname = name.upper().rpartition(" ")
    return {
        "type": "id_card",
        "issuing_country": "IND",
        "number": pan[0] if pan else aadhaar[0].replace(" ", "") if aadhaar else "",
        "surname": surname,
        "given_names": given,
        "birth_date": next((day for row in rows for day in dates_in(row)), ""),
    }


def brazil(rows: Sequence[str]) -> Fields:
    """Driving licence (CNH) and identity card; CPF is the person's own number."""
    text = " ".join(rows)
    cpf = re.search(r"\d{3}\.\d{3}\.\d{3}[-–]\d{2}", text)
    name = _after(rows, r"^(?:2 E 1 )?NOME|NOME E SOBRENOME")
    given, _, surname = name.upper().partition(" ")
    licence = "HABILITACAO" in fold(text)
    register = re.search(r"REGISTRO\D{0,20}(\d{9,11})", fold(text))
    return {
        "type": "driving_licence" if licence else "id_card",
        "issuing_country": "BRA",
        "number": register[1] if register else "",
        "personal_number": re.sub(r"\D", "", cpf[0]) if cpf else "",
        "surname": surname,
        "given_names": given,
        "birth_date": _day(rows, r"NASCIMENTO"),
        "expires_on": _day(rows, r"VALIDADE"),
    }


def nigeria(rows: Sequence[str]) -> Fields:
    """The slip of the National Identity Number: eleven digits, surname, first and middle name."""
    number = re.search(r"(?<!\d)\d{4} ?\d{3} ?\d{4}(?!\d)", " ".join(rows))
    given = (_after(rows, r"FIRST ?NAME|GIVEN NAMES?"), _after(rows, r"MIDDLE ?NAME"))
    return {
        "type": "id_card",
        "issuing_country": "NGA",
        "number": number[0].replace(" ", "") if number else "",
        "surname": _after(rows, r"SURNAME").upper(),
        "given_names": " ".join(part for part in given if part).upper(),
        "birth_date": _day(rows, r"BIRTH|DOB"),
    }


def america(rows: Sequence[str]) -> Fields:
    """The front of a state's licence: 1 surname, 2 given names, 3 DOB, 4a ISS, 4b EXP, 4d DLN, or their words."""
    number = re.search(
        r"(?:4D ?)?\b(?:DLN?|LIC(?:ENSE)?|ID)\b[ #.:NO]*([A-Z]?[\dA-Z]{0,2}[\d\-]{5,16})",
        " ".join(rows).upper(),
    )
    return {
        "number": re.sub(r"\W", "", number[1]) if number else "",
        "surname": _inline(rows, r"^(?:1|LN|1 ?LN)\.? +"),
        "given_names": _inline(rows, r"^(?:2|FN|2 ?FN)\.? +"),
        "birth_date": _american(rows, r"DOB|BIRTH|^3\b"),
        "expires_on": _american(rows, r"\bEXP|4B"),
        "issued_on": _american(rows, r"\bISS\b|4A"),
    }


READERS: Mapping[re.Pattern[str], Callable[[Sequence[str]], Fields]] = {
    CHINESE: china,
    INDIAN: india,
    BRAZILIAN: brazil,
    NIGERIAN: nigeria,
}


def _after(rows: Sequence[str], label: str) -> str:
    """The name behind a label, or alone in the next row."""
    for row, after in zip(rows, [*rows[1:], ""], strict=True):
        found = re.search(label, fold(row))
        if found:
            behind = clean(re.split(r"[:：]", row)[-1]) if re.search(r"[:：]", row) else ""
            value = behind or clean(after)
            return value if NAME.fullmatch(value) else ""
    return ""


def _inline(rows: Sequence[str], start: str) -> str:
    for row in rows:
        found = re.match(start, row.upper())
        value = clean(row[found.end() :]).upper() if found else ""
        if value and NAME.fullmatch(value.replace(",", " ").strip()):
            return value
    return ""


def _day(rows: Sequence[str], label: str) -> str:
    """The first date in a label's row or the next."""
    for row, after in zip(rows, [*rows[1:], ""], strict=True):
        if re.search(label, fold(row)):
            found = (*dates_in(row), *dates_in(after))
            if found:
                return found[0]
    return ""


def _american(rows: Sequence[str], label: str) -> str:
    """MM/DD/YYYY, as the USA print it."""
    for row in rows:
        found = re.search(rf"(?:{label})\D{{0,8}}(\d\d)[/\-](\d\d)[/\-](\d{{4}})", row.upper())
        if found and int(found[1]) <= 12:
            return f"{found[3]}-{found[1]}-{found[2]}"
    return ""
