"""Figures as people write them: a share of a whole, an amount of money."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from bot.answers.words import LONGEST, Unclear, fold, plain

_NUMBER = re.compile(r"(-\s?)?(\d+(?:[ .,'’]\d+)*)")
_MIXED = re.compile(r"(?<=\d)(?=[¼½¾⅐-⅞])")  # 33⅓ is 33 and a third, not 331 thirds
_FRACTION = re.compile(r"([^\d]*)(?:(\d{1,3}) )?(\d{1,9}) ?/ ?(\d{1,9})([^\d]*)")
_SHARES = {
    **dict.fromkeys(("ALL", "ALL OF IT", "EVERYTHING", "THE WHOLE", "WHOLE"), Fraction(100)),
    **dict.fromkeys(("HALF", "A HALF", "ONE HALF", "HALF OF IT"), Fraction(50)),
    **dict.fromkeys(("A THIRD", "ONE THIRD"), Fraction(100, 3)),
    **dict.fromkeys(("TWO THIRDS",), Fraction(200, 3)),
    **dict.fromkeys(("A QUARTER", "ONE QUARTER"), Fraction(25)),
    **dict.fromkeys(("THREE QUARTERS",), Fraction(75)),
    **dict.fromkeys(("A FIFTH", "ONE FIFTH"), Fraction(20)),
    **dict.fromkeys(("A TENTH", "ONE TENTH"), Fraction(10)),
}
# A share decides who has to prove who they are: no "more than".
_INEXACT = re.compile(r"\b(?:more|less|over|under|above|below|least|most|between|up to)\b|[<>+]")

_MULTIPLIERS = (
    (100, "HUNDRED HUNDREDS"),
    (1000, "K THOUSAND THOUSANDS GRAND TSD TAUSEND MILLE MILA TYS TYSIECY ТЫС ТЫСЯЧ ТЫСЯЧИ BIN 千"),
    (10_000, "万 萬 만"),
    (100_000, "LAKH LAKHS LAC"),
    (1_000_000, "M MIO MLN MILLION MILLIONS MILLIONEN МЛН"),
    (10_000_000, "CRORE CRORES CR"),
)
_TIMES = {fold(word): times for times, words in _MULTIPLIERS for word in words.split()}
_WORD = re.compile(r"[^\W\d]+")
_NEXT = re.compile(r" ?[^\W\d]")
# Not a month's; and MIL, which is a thousand in Madrid and a million in London.
_OTHER_TIMES = (
    "YEAR YEARS YEARLY ANNUAL ANNUALLY ANNUM WEEK WEEKS WEEKLY DAY DAYS DAILY JAHR WOCHE TAG ANNEE SEMAINE JOUR "
    "ANO SEMANA DIA ANNO SETTIMANA GIORNO ГОД НЕДЕЛЮ ДЕНЬ MIL"
)
_OTHERWISE = frozenset(fold(word) for word in _OTHER_TIMES.split())
_MOST = 10**12


def share(text: str) -> str | Unclear:
    """A percentage, or a fraction of the whole -> percent as plain decimal text: over 0, at most 100, two decimals."""
    said = plain(_MIXED.sub(" ", text[:LONGEST])).lower()
    percent = None if _INEXACT.search(said) else _SHARES.get(fold(said)) or _fraction(said) or _percent(said)
    hundredths = int(percent * 100 + Fraction(1, 2)) if percent is not None else 0
    return f"{Decimal(hundredths) / 100:f}" if 0 < hundredths <= 10_000 else Unclear("not_a_share")


def _fraction(said: str) -> Fraction | None:
    """«1/3», «33 1/3 %»; of «51/49» the first. Not «1/3 %», which may mean either."""
    found = _FRACTION.fullmatch(said)
    if not found or "-" in said:
        return None
    whole, above, below = found[2], int(found[3]), int(found[4])
    if not below or ("%" in said and not whole):
        return None
    if whole:
        return int(whole) + Fraction(above, below)
    return Fraction(above) if above + below == 100 else Fraction(100 * above, below)


def _percent(said: str) -> Fraction | None:
    found = _NUMBER.findall(said)
    return _value(found[0][1], exact=True) if len(found) == 1 and not found[0][0] else None


def amount(text: str) -> str | Unclear:
    """Money in a month, in whatever currency, as one number -> whole units, as digits."""
    said = plain(text[:LONGEST])
    found = list(_NUMBER.finditer(said))
    words = fold(said).split()
    if len(found) != 1 or found[0][1] or not _OTHERWISE.isdisjoint(words):
        return Unclear("not_an_amount")
    times = _times(said[found[0].end() :])
    value = _value(found[0][2], exact=times > 1)
    if value is None or not times or value * times >= _MOST:
        return Unclear("not_an_amount")
    return str(int(value * times + Fraction(1, 2)))


def _times(after: str) -> int:
    """What the words after a number multiply it by; 0 where that is not plain: «2 thousand five hundred», «5 m»."""
    words = [fold(word) for word in _WORD.findall(after)]
    first = _TIMES.get(words[0], 0) if words and _NEXT.match(after) else 0
    if any(len(word) > 2 and word in _TIMES for word in words[1 if first else 0 :]):
        return 0
    return 0 if first and after[0] == " " and words[0] == "M" else first or 1


def _value(number: str, *, exact: bool) -> Fraction | None:
    """A number with separators. `exact`: a single point or comma is the decimal one, even before three digits."""
    signs, parts = re.findall(r"\D", number), re.split(r"\D", number)
    last = signs[-1] if signs else ""
    decimal = (
        last in {".", ","} and signs.count(last) == 1 and (len(signs) > 1 or exact or len(parts[-1]) != 3)
    )
    groups, between = (parts[:-1], signs[:-1]) if decimal else (parts, signs)
    if len(set(between)) > 1 or (between and not _grouped(groups)):
        return None
    if decimal and len(parts[-1]) > 2 and not exact:
        return None
    whole, rest = "".join(groups), parts[-1] if decimal else ""
    return Fraction(int(whole + rest), 10 ** len(rest))


def _grouped(groups: list[str]) -> bool:
    """In threes, or as in India in twos with a three at the end."""
    first, *middle, end = groups
    return (
        len(first) <= 3
        and len(end) == 3
        and len({len(group) for group in middle} | {2, 3}) == 2
        and first != "0"
    )
