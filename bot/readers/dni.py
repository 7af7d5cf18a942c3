"""Argentine identity cards (DNI): the two layouts of the barcode on their front, values between «@».

RENAPER has published neither; both are as scanners in Argentine shops and clinics read them, for example
https://github.com/andes/app (documento-escaneado.const.ts). The newest cards bear a QR code instead.
"""

from __future__ import annotations

import re
from datetime import date, datetime

DAY = r"\d\d/\d\d/\d{4}"
NUMBER = r"[MF]?\d{6,8}"
NAME = r"[^@\d]+"
CARD = (
    re.compile(  # since 2012: first comes the number of the application, last three digits of the tax number
        rf"\d{{11}}@(?P<surname>{NAME})@(?P<given_names>{NAME})@(?P<sex>[MFX])@(?P<number>{NUMBER})@[A-Z]@"
        rf"(?P<birth_date>{DAY})@(?P<issued_on>{DAY})(?:@(?P<cuil>\d{{3}})?)?(?:@.*)?"
    )
)
FIRST = re.compile(  # 2009 to 2012
    rf"@(?P<number>{NUMBER}) *@[A-Z]@\d+@(?P<surname>{NAME})@(?P<given_names>{NAME})@(?P<nationality>{NAME})@"
    rf"(?P<birth_date>{DAY})@(?P<sex>[MF])@(?P<issued_on>{DAY})@\d{{11}}@\d+ *@(?P<expires_on>{DAY})(?:@.*)?"
)
DATES = ("birth_date", "issued_on", "expires_on")
WEIGHTS = (
    5,
    4,
    3,
    2,
    7,
    6,
    5,
    4,
    3,
    2,
)  # of the tax number CUIL: two digits, the DNI's number, a check digit


def evidence(text: str, today: date) -> dict[str, str]:
    """What the card says, and `barcode_valid`; {} where the text is of another kind. Never raises."""
    match = CARD.fullmatch(text.strip()) or FIRST.fullmatch(text.strip())
    if match is None:
        return {}
    said = {name: " ".join((value or "").upper().split()) for name, value in match.groupdict().items()}
    dates = {name: _iso(said[name]) for name in DATES if name in said}
    failed = [name for name, value in dates.items() if not value]
    failed += ["birth_date"] if dates["birth_date"] >= today.isoformat() else []
    failed += (
        ["issued_on"]
        if not failed and not dates["birth_date"] <= dates["issued_on"] <= today.isoformat()
        else []
    )
    failed += ["number"] if said.get("cuil") and not _checks(said["cuil"], said["number"]) else []
    said |= {**dates, "nationality": "ARG" if said.get("nationality") == "ARGENTINA" else "", "cuil": ""}
    said |= {"sex": said["sex"].strip("X"), "barcode_failed": ",".join(failed)}
    whole = {
        "type": "id_card",
        "issuing_country": "ARG",
        **said,
        "barcode_valid": "false" if failed else "true",
    }
    return {name: value for name, value in whole.items() if value}


def _iso(text: str) -> str:
    try:
        return datetime.strptime(text, "%d/%m/%Y").date().isoformat()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return ""


def _checks(cuil: str, number: str) -> bool:
    """The check digit of the tax number, modulus 11: its first two digits and its last stand in the barcode."""
    digits = f"{cuil[:2]}{number.lstrip('MF').zfill(8)}"
    rest = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, digits, strict=True)) % 11
    return (11 - rest) % 11 == int(cuil[2])
