"""National numbers in a zone's optional data, where the issuing state puts its holders' own number there.

As the states' specimens show it (PRADO, the Council of the European Union's register of authentic documents).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot.readers.mrz import LAYOUTS, Format

if TYPE_CHECKING:
    from bot.readers.mrz import Mrz

# Issuing state as its zones print it -> layout -> field, and the shape that the number has there.
ELEVEN, TEN, THIRTEEN = r"\d{11}", r"\d{10}", r"\d{13}"
WHERE: Mapping[str, Mapping[Format, tuple[str, str]]] = {
    "BEL": {Format.TD1: ("optional_2", ELEVEN)},
    "BGR": {Format.TD3: ("optional", TEN), Format.TD1: ("optional_2", TEN)},
    "CZE": {Format.TD3: ("optional", r"\d{9,10}")},
    "ESP": {Format.TD1: ("optional", r"[XYZ]?\d{7,8}[A-Z]"), Format.TD3: ("optional", r"A?\d{8}[A-Z]")},
    "EST": {Format.TD1: ("optional", ELEVEN), Format.TD3: ("optional", ELEVEN)},
    "HRV": {Format.TD1: ("optional", ELEVEN), Format.TD3: ("optional", ELEVEN)},
    "LTU": {Format.TD1: ("optional", ELEVEN), Format.TD3: ("optional", ELEVEN)},
    "NLD": {Format.TD3: ("optional", r"\d{9}")},
    "ROU": {Format.TD3: ("optional", THIRTEEN)},
    "SVK": {Format.TD3: ("optional", r"\d{9,10}")},
    "SVN": {Format.TD1: ("optional", THIRTEEN), Format.TD3: ("optional", THIRTEEN)},
    "TUR": {Format.TD1: ("optional", ELEVEN), Format.TD3: ("optional", ELEVEN)},
    "ZAF": {Format.TD3: ("optional", THIRTEEN)},
    "POL": {Format.TD3: ("optional", ELEVEN)},
}


def number(zone: Mrz) -> str:
    """The holder's own number; "" where the state does not print it there, or it has not its shape."""
    field, shape = WHERE.get(zone.issuing_country, {}).get(zone.format, ("", ""))
    if not field:
        return ""
    said = LAYOUTS[zone.format].spans[field].of(zone.lines).replace("<", "")
    return said if re.fullmatch(shape, said) else ""
