"""Which identity documents are accepted of each country, their sides and whether they run out: a dated table."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from babel.core import get_global

# Issuers of machine-readable zones that are no ISO 3166 code (ICAO Doc 9303 Part 3, section 5).
ISSUERS = {"D": "DE", "GBD": "GB", "GBN": "GB", "GBO": "GB", "GBP": "GB", "GBS": "GB", "RKS": "XK"}
# Organisations, stateless people and refugees, specimens, and countries that were (ICAO Doc 9303 Part 3, section 5).
CODES = """
UNO UNA UNK EUE IAO XBA XIM XCC XCE XCO XEC XPO XES XMP XOM XDC XCT XXA XXB XXC XXX UTO
NTZ YUG SCG ROM ZAR TMP ANT SUN CSK DDR
"""
OTHERS = frozenset(CODES.split())


@cache
def _file() -> Mapping[str, Any]:
    return MappingProxyType(tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")))


DATE: date = _file()["dated"]
"""The day to which the table was brought."""
DEFAULT: Mapping[str, Any] = _file()["default"]


@cache
def countries() -> tuple[str, ...]:
    """Alpha-2 codes of the countries that have a row of their own."""
    return tuple(code for code in _file() if code not in {"dated", "default"})


def kinds(country: str) -> tuple[str, ...]:
    """Kinds accepted of an issuing country (alpha-2), the ones we like best first."""
    return tuple(_row(country).get("accepts", DEFAULT["accepts"]))


def sides(country: str, kind: str) -> int:
    """How many sides of this kind say something of the holder; 1 for a kind that is not in the table."""
    return int(_said(country, "sides", kind, 1))


def runs_out(country: str, kind: str) -> bool:
    """Whether every document of this kind names the day it runs out."""
    return bool(_said(country, "runs_out", kind, True))


def local_name(country: str, kind: str) -> str:
    """What people there call it; "" where there is no such name."""
    return str(_said(country, "name", kind, ""))


def marked(country: str) -> tuple[str, ...]:
    """Kinds of which only copies may be passed on that can be seen to be copies."""
    return tuple(_row(country).get("marked", ()))


@cache
def alpha2(code: str) -> str:
    """ISO 3166 alpha-2 of an issuing country as documents print it; "" where it is none (UTO, UNO, XXA)."""
    if code in ISSUERS:
        return ISSUERS[code]
    if re.fullmatch("[A-Z]{2}", code):
        return code
    if not re.fullmatch("[A-Z]{3}", code):
        return ""
    found: list[str] = get_global("territory_aliases").get(code, [])
    return found[0] if len(found) == 1 else ""


def issues(code: str) -> bool:
    """Whether anybody issues documents under this code."""
    return code in OTHERS or bool(alpha2(code))


def _row(country: str) -> Mapping[str, Any]:
    return _file()[country] if country in countries() else {}


def _said(country: str, what: str, kind: str, otherwise: object) -> Any:
    """The country's word, else the default's, else `otherwise`."""
    own, default = _row(country).get(what, {}), DEFAULT.get(what, {})
    return own.get(kind, default.get(kind, otherwise))
