"""Text as it comes: made clean, made comparable, its digits made plain; and the value that says what was not understood."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.model import NOTHING

LONGEST = 300  # characters of one typed answer; an address is the longest thing we ask for


@dataclass(frozen=True, slots=True)
class Unclear:
    """The seller's mistake, as a value: `code` names the words that tell how to mend it."""

    code: str
    args: Mapping[str, str] = field(default_factory=lambda: NOTHING)


_NO_WORD = re.compile(r"[^\w]|_")
_NO_LATIN = (("ß", "ss"), ("æ", "ae"), ("ø", "o"), ("ł", "l"), ("đ", "d"), ("ð", "d"), ("þ", "th"))
_SIGNS = str.maketrans(
    {"٫": ".", "٬": ",", "٪": "%", "⁄": "/", "−": "-", "‐": "-", "‑": "-", "–": "-", "—": "-"}
)
Parse = Callable[[str], "str | Unclear"]


def clean(text: str) -> str:
    """NFKC, no control or zero-width characters, single spaces."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    spaced = (" " if c.isspace() else c for c in text)
    kept = "".join(c for c in spaced if unicodedata.category(c) not in {"Cc", "Cf", "Cs"})
    return " ".join(unicodedata.normalize("NFKC", kept).split())


def fold(text: str) -> str:
    """For comparing names and words: upper case, no accents, letters and digits only, single spaces."""
    if text.isascii():
        return " ".join(_NO_WORD.sub(" ", text).upper().split())
    plain = "".join(c for c in unicodedata.normalize("NFKD", clean(text)) if not unicodedata.combining(c))
    for letter, latin in _NO_LATIN:
        plain = plain.replace(letter, latin).replace(letter.upper(), latin)
    return " ".join(_NO_WORD.sub(" ", plain).upper().split())


def plain(text: str) -> str:
    """Clean text whose digits of any script (٣, ３, ३) are 0 to 9, and whose signs are the keyboard's."""
    said = clean(text)
    if said.isascii():
        return said
    return "".join(str(unicodedata.decimal(c, c)) for c in said).translate(_SIGNS)
