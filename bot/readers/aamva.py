"""Licences and ID cards of North America: the data in their barcode, after the AAMVA card design standard, annex D.

Our own: the one library there is (aamva-parser 0.1.2) looks for an element's three letters anywhere, so that it raises
on the name «AUGUSTA» (DAU is the height) and on dates that are no numbers; it knows no Canadian dates, and takes an
empty text for a licence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

# D.12.3: @ LF RS CR, file type, issuer, version, jurisdiction version (not in version 1), entries; then the table.
# Issuers of the year 2000 wrote AAMVA for the file type; scanners and copyists lose what cannot be printed.
HEADER = re.compile(
    r"@[\s\x1c-\x1f]*(?:ANSI|AAMVA) ?(?P<issuer>\d{6})(?P<version>\d\d)(?:\d\d|\d{4})(?=DL|ID|EN|Z[A-Z])"
)
ENTRY = r"(?:DL|ID|EN|Z[A-Z])\d{4}\d{4}"
SUBFILE = re.compile(rf"(?:{ENTRY})*[\s\x1c-\x1f]*(?P<kind>DL|ID|EN)(?=D[A-Z]{{2}})")
SEPARATOR = re.compile(r"[\r\n\x1c-\x1e]+")
LINE = re.compile(r"[A-Z]{3}[^\x00-\x1f\x7f-\x9f]*|")
ELEMENT = re.compile(r"(D[A-Z]{2})(.*)")
KINDS = {"DL": "driving_licence", "EN": "driving_licence", "ID": "id_card"}
COUNTRIES = {"USA": "USA", "US": "USA", "CAN": "CAN", "CA": "CAN", "MEX": "MEX"}
PROVINCE = re.compile("AB|BC|MB|N[BLSTU]|ON|PE|QC|SK|YT")
STATE = re.compile(
    "A[KLRSZ]|C[AOT]|D[CE]|FL|G[AU]|HI|I[ADLN]|K[SY]|LA|M[ADEINOPST]|N[CDEHJMVY]|O[HKR]|P[AR]|RI|S[CD]|T[NX]|UT|V[AIT]|W[AIVY]"
)
SEXES = {"1": "M", "M": "M", "2": "F", "F": "F"}  # 9: not said
NOTHING = frozenset({"", "NONE", "UNAVL", "UNAVAIL", "N/A"})  # how an element says that it says nothing
NUMBER = re.compile(r"[A-Z0-9][A-Z0-9 *./-]{0,24}")
LONGEST = 8000  # characters; a symbol holds 1850 at most, a few together make up one record
CUT = {"DDE": "surname", "DDF": "given_names", "DDG": "given_names"}


@dataclass(frozen=True)
class Licence:
    """One card; what it does not say is "". `failed` names the fields that do not hold: it is not believed then."""

    kind: str
    issuer: str
    version: int
    number: str
    surname: str
    given_names: str
    birth_date: str
    issued_on: str
    expires_on: str
    issuing_country: str
    sex: str
    address: str
    names_cut: tuple[str, ...]
    failed: tuple[str, ...] = ()


def evidence(text: str, today: date) -> dict[str, str]:
    """What the card says, and `barcode_valid`; {} where the text is of another kind. Never raises."""
    card = parse(text, today)
    if card is None:
        return {}
    names = (
        "number",
        "surname",
        "given_names",
        "birth_date",
        "issued_on",
        "expires_on",
        "issuing_country",
        "sex",
    )
    said = {name: str(getattr(card, name)) for name in (*names, "address")}
    said |= {"names_cut": ",".join(card.names_cut), "barcode_failed": ",".join(card.failed)}
    valid = "false" if card.failed else "true"
    return {
        "type": card.kind,
        **{name: value for name, value in said.items() if value},
        "barcode_valid": valid,
    }


def parse(text: str, today: date) -> Licence | None:
    """The card in a text that has the standard's header; None without one. Separators may be CR, LF or both."""
    header = HEADER.search(text[:LONGEST])
    if header is None:
        return None
    subfile = SUBFILE.match(text, header.end(), LONGEST)
    rows = tuple(row.strip() for row in SEPARATOR.split(text[subfile.end() : LONGEST])) if subfile else ()
    said = elements(rows)
    surname, given = _names(said)
    card = Licence(
        kind=KINDS[subfile["kind"]] if subfile else "driving_licence",
        issuer=header["issuer"],
        version=int(header["version"]),
        number=said.get("DAQ", "").upper(),
        surname=surname,
        given_names=given,
        birth_date=day(said.get("DBB", "")),
        issued_on=day(said.get("DBD", "")),
        expires_on=day(said.get("DBA", "")),
        issuing_country=_country(said),
        sex=SEXES.get(said.get("DBC", "").upper(), ""),
        address=_address(said),
        names_cut=tuple(dict.fromkeys(CUT[name] for name in CUT if said.get(name) == "T")),
    )
    return Licence(**{**vars(card), "failed": _failed(card, said, rows, today)})


def elements(rows: Iterable[str]) -> dict[str, str]:
    """By their three letters; the first of two, and none that says nothing."""
    found: dict[str, str] = {}
    for row in rows:
        match = ELEMENT.fullmatch(row)
        if match and match[2].strip().upper() not in NOTHING:
            found.setdefault(match[1], " ".join(match[2].split()))
    return found


def day(text: str) -> str:
    """MMDDCCYY, as the USA write it, or CCYYMMDD, as Canada and version 1 do; ISO, or "" where it is no day.

    The digits say which: no month is later than 12, and no licence is of a year before 1300.
    """
    if not re.fullmatch("[0-9]{8}", text):
        return ""
    year, month, of_month = (
        (text[:4], text[4:6], text[6:]) if text[:2] > "12" else (text[4:], text[:2], text[2:4])
    )
    try:
        return date(int(year), int(month), int(of_month)).isoformat() if year >= "1850" else ""
    except ValueError:
        return ""


def _names(said: Mapping[str, str]) -> tuple[str, str]:
    """Surname and given names: DCS, DAC and DAD; DCT for all given ones (versions 2 and 3); DAA for all (version 1)."""
    whole = [part.strip() for part in said.get("DAA", "").replace("@", ",").split(",")]
    surname = said.get("DCS") or said.get("DAB") or whole[0]
    given = " ".join(said[name] for name in ("DAC", "DAD") if name in said)
    given = given or said.get("DCT", "") or " ".join(whole[1:3])
    return surname.upper(), " ".join(given.replace(",", " ").upper().split())


def _country(said: Mapping[str, str]) -> str:
    """As it says; early versions do not, there the state of the address does."""
    if "DCG" in said:
        return COUNTRIES.get(said["DCG"].upper(), "")
    state = (said.get("DAJ") or said.get("DAO", "")).upper()
    return "CAN" if PROVINCE.fullmatch(state) else "USA" if STATE.fullmatch(state) else ""


def _address(said: Mapping[str, str]) -> str:
    """Street, city, state and code, of residence where version 1 tells it from the mailing address."""
    home = ("DAL", "DAN", "DAO", "DAP") if said.get("DAL") else ("DAG", "DAI", "DAJ", "DAK")
    street, city, state, code = (said.get(name, "") for name in home)
    code = re.sub(r"^(\d{5})(\d{4})$", r"\1-\2", code).removesuffix("-0000")
    return ", ".join(part for part in (street, said.get("DAH", ""), city, f"{state} {code}".strip()) if part)


def _failed(card: Licence, said: Mapping[str, str], rows: Sequence[str], today: date) -> tuple[str, ...]:
    """The fields that do not hold; «header» where nothing follows it, «elements» where a row is none of the standard's.

    A symbol that was corrected into another one is scrambled all over: its rows give it away.
    """
    now = today.isoformat()
    holds = {
        "header": bool(said) and card.version >= 1,
        "elements": all(LINE.fullmatch(row) for row in rows),
        "number": bool(NUMBER.fullmatch(card.number)),
        "surname": bool(re.search(r"[^\W\d_]", card.surname)),
        "birth_date": bool(card.birth_date) and card.birth_date < now,
        "issued_on": card.birth_date < card.issued_on <= now if card.issued_on else not said.get("DBD"),
        "expires_on": card.expires_on > max(card.issued_on, card.birth_date),
        "issuing_country": bool(card.issuing_country),
    }
    return tuple(name for name, held in holds.items() if not held)
