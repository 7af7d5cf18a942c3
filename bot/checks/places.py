"""Two spellings of one address: order of its parts, abbreviations, other letters, parts that one of them leaves out."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from bot.answers import fold
from bot.answers.places import table
from bot.checks.names import Alike
from bot.merging import as_in_zone

SAME_WORD = 0.8  # of difflib's ratio
ALL, SOME = 0.6, 0.3  # shares of the shorter address's words that stand in the other: the same; perhaps
# Kinds of streets and parts of buildings say little, and everybody shortens them: they are left out.
_SAY_LITTLE = """
    STREET ST STR STRASSE STRAAT ROAD RD AVENUE AVE AV AVENIDA AVDA BOULEVARD BLVD BD LANE LN DRIVE DR COURT CT CLOSE
    SQUARE SQ PLACE PL PLAZA PLATZ PIAZZA PZA PZZA RUE RUA R CALLE C CL VIA VIALE ULICA UL ULITSA PROSPEKT PR GATAN GATA WEG
    ALLEE FLAT APARTMENT APT APP APPT UNIT SUITE STE FLOOR FL ETAGE PISO PLANTA KV DOM D G GOROD NO NR NUMERO NUM N HOUSE
    BLOCK BUILDING BLDG BIS TER DE LA LE LES DU DES DEL DI DA DO DOS THE OF AND UND AN AM IM IN CEDEX"""
SAY_LITTLE = frozenset(_SAY_LITTLE.split())
ENDING = re.compile(r"(?<=[A-Z]{3})(?:STRASSE|STRAAT|STR|GATAN|WEG|GASSE|PLATZ|PL)$")


def compared(typed: str, printed: str) -> Alike:
    """Numbers (house, flat, postcode) and words of the shorter one in the longer one: all, some, or hardly any."""
    words, others = _words(typed), _words(printed)
    numbers, other_numbers = _numbers(typed), _numbers(printed)
    if not (words or numbers) or not (others or other_numbers):
        return Alike.NEAR
    common = _share(words, others)
    counted = numbers & other_numbers
    differ = bool(numbers and other_numbers) and not (numbers <= other_numbers or other_numbers <= numbers)
    if common >= ALL and (counted or not numbers or not other_numbers) and not differ:
        return Alike.YES
    return Alike.NEAR if common >= SOME or len(counted) > 1 or _other_script(typed, printed) else Alike.NO


def _words(address: str) -> set[str]:
    """Without what says little; countries are left out, as most papers name none."""
    kept = ", ".join(part for part in re.split(r"[,\n]", address) if fold(part) not in table())
    plain = (
        ENDING.sub("", word) for word in re.findall(r"[^\W\d_]{2,}", as_in_zone(re.sub(r"[.\-/]", " ", kept)))
    )
    return {word for word in plain if word not in SAY_LITTLE and len(word) > 1}


def _numbers(address: str) -> set[str]:
    """«12a» counts as 12; the two halves of a postcode such as 111 51 or 00-238 as one number."""
    joined = re.sub(r"\b(\d{3}) (\d{2})\b|\b(\d{2})-(\d{3})\b|\b(\d{5})-\d{3,4}\b", r"\1\2\3\4\5", address)
    return {number.lstrip("0") or "0" for number in re.findall(r"\d+", joined)}


def _share(words: set[str], others: set[str]) -> float:
    fewer, more = sorted((words, others), key=len)
    if not fewer:
        return 0.0
    alike = [word for word in fewer if any(_same(word, other) for other in more)]
    return len(alike) / len(fewer)


def _same(one: str, other: str) -> bool:
    return one == other or SequenceMatcher(None, one, other).ratio() >= SAME_WORD


def _other_script(one: str, other: str) -> bool:
    """One is written in Latin letters and the other is not: a person compares them."""
    return fold(one).isascii() != fold(other).isascii()
