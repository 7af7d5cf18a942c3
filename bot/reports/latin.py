"""Names in the only letters that goAML takes in a name: a to z, digits, and . ' - between them."""

from __future__ import annotations

import re
import unicodedata

from bot.answers import clean

_LETTERS = str.maketrans(
    {
        "ß": "ss", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d",
        "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i", "’": "'", "ʼ": "'", "`": "'", "´": "'",
        "‐": "-", "‑": "-", "–": "-", "—": "-", "&": " and ", "ə": "a", "Ə": "A", "ŋ": "n", "Ŋ": "N",
    }
)  # fmt: skip
_NOT = re.compile(r"[^a-zA-Z0-9 .'-]")


def latin(name: str) -> str:
    """The name in these letters, accents left out; "" where it is written in another script."""
    spelt = unicodedata.normalize("NFKD", clean(name).translate(_LETTERS))
    plain = "".join(c for c in spelt if not unicodedata.combining(c))
    if any(c.isalpha() and not c.isascii() for c in plain):
        return ""
    return " ".join(_NOT.sub(" ", plain).split())


def parted(name: str) -> tuple[str, str]:
    """(first, last): by a comma where there is one ("Last, First"), else the last word is the last name.

    A person of one name alone has "-" for the first.
    """
    last, comma, first = (part.strip() for part in name.partition(","))
    if not comma:
        first, _, last = name.strip().rpartition(" ")
    return (first.strip() or "-", last) if last else ("", "")


def spelt(name: str) -> tuple[str, str]:
    """(first, last) in Latin letters; the comma is seen before it is dropped."""
    first, last = (latin(part) for part in parted(name))
    return (first or "-", last) if last else ("", "")
