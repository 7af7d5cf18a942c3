"""Countries, one or several, by their names in any language."""

from __future__ import annotations

import re
from functools import cache

from babel import Locale

from bot.answers.words import LONGEST, Unclear, clean, fold

# The languages whose names for countries and months we know without asking: those of most sellers and their neighbours.
_LANGUAGES = (
    "en ar bg bn cs da de el es et fa fi fr gu he hi hr hu id it ja ko lt lv ms nb nl pa pl pt ro ru sk sl sr sv "
    "sw ta te th tr uk ur vi zh"
)
LANGUAGES = tuple(_LANGUAGES.split())
# Names in use that the Unicode tables do not hold.
_ALSO = {
    "AMERICA": "US",
    "BURMA": "MM",
    "CAPE VERDE": "CV",
    "CZECH REPUBLIC": "CZ",
    "ENGLAND": "GB",
    "GREAT BRITAIN": "GB",
    "HOLLAND": "NL",
    "HONG KONG": "HK",
    "IVORY COAST": "CI",
    "MACEDONIA": "MK",
    "NORTHERN IRELAND": "GB",
    "RUSSIAN FEDERATION": "RU",
    "SCOTLAND": "GB",
    "SWAZILAND": "SZ",
    "TURKEY": "TR",
    "UAE": "AE",
    "UK": "GB",
    "UNITED STATES OF AMERICA": "US",
    "USA": "US",
    "WALES": "GB",
}
_NO_COUNTRY = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ"})
_BETWEEN = re.compile(r"[,;\n/+،؛、]")
_AND = "& and und et y e i a og och ja en ve dan va та и і و"  # as typed: ET is Ethiopia, et is "and"
_MOST_WORDS = 9  # of one country's name


@cache
def table() -> dict[str, str]:
    """Folded name in any of LANGUAGES -> alpha-2; English wins where two languages disagree."""
    names: dict[str, str] = {}
    for language in LANGUAGES:
        for code, word in Locale(language).territories.items():
            if re.fullmatch("[A-Z]{2}", str(code)) and code not in _NO_COUNTRY:
                names.setdefault(fold(str(word)), str(code))
                if "&" in str(word):
                    names.setdefault(fold(str(word).replace("&", " and ")), str(code))
                names.setdefault(str(code), str(code))
    return names | _ALSO


def country(text: str) -> str | Unclear:
    """A country's name in any language, or its code -> ISO 3166-1 alpha-2."""
    return _code(text) or _unknown(text)


def countries(text: str) -> str | Unclear:
    """Several, in any language, as people list them -> "DE,FR" in the order typed, each once."""
    if len(text) > LONGEST:
        return Unclear("too_long", {"limit": str(LONGEST)})
    codes: list[str] = []
    for part in _BETWEEN.split(text):
        words = clean(part.replace("&", " & ")).split()
        while words:
            here = _first(words)
            if here is None:
                return _unknown(" ".join(words))
            code, taken = here
            codes += [code] if code else []
            words = words[taken:]
    return ",".join(dict.fromkeys(codes)) or _unknown(text)


def _first(words: list[str]) -> tuple[str, int] | None:
    """The country that the first words name, or "" for an "and", with how many words that took."""
    for taken in range(min(_MOST_WORDS, len(words)), 0, -1):
        if taken == 1 and words[0] in _AND.split() and len(words) > 1:
            return "", 1
        if code := _code(" ".join(words[:taken])):
            return code, taken
    return None


def _code(text: str) -> str:
    said = fold(text)
    return table().get(said) or table().get(said.removeprefix("THE ")) or ""


def _unknown(said: str) -> Unclear:
    return Unclear("not_a_country", {"said": clean(said)[:60]})
