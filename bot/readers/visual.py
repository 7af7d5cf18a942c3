"""What is printed beside a machine-readable zone, against the zone: a misread digit can satisfy its check digit, and so
can a changed one.

Nothing is said of what was not surely read: a difference counts where both networks read the same letters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from bot.answers import fold
from bot.merging import as_in_zone
from bot.readers.dated import dates_in
from bot.readers.printed import labels_in
from bot.readers.text import Strip, cut, engine, quick

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bot.readers.letters import Row
    from bot.readers.mrz import Mrz
    from bot.readers.zone import Sighting

SIDE = (
    640  # pixels of the longer side at which text is looked for: finds what 960 finds, in a third of the time
)
ROWS_AT_MOST = 45  # largest first; a page has 15 to 40
SURE = 0.9  # mean letter probability from which a difference is believed, by both networks
SEEN = 0.6  # from which an agreement is
SHORTEST = 6  # letters of a number from which a near miss is no chance
NEAR_AT_MOST = 2  # letters that differ in a near miss
NEAR_NAME = 0.75  # of difflib's ratio
SHORTEST_NAME = 5  # letters; shorter ones are like many words, and like themselves in Cyrillic
# Pairs that print alike: of one such letter the zone's check digit is the better witness, as it tells them apart.
ALIKE = frozenset(
    frozenset(pair) for pair in ("O0", "Q0", "D0", "I1", "L1", "S5", "B8", "Z2", "G6", "OD", "OQ", "UV")
)
OF_NUMBER = re.compile(r"\b(?:NO|NR|NUM|NUMBER|NUMMER|NUMERO|NUMER|CISLO|BROJ|SZAM|DOC)\b|号码|號碼")
OF_PERSON = re.compile(r"PERSON|ASMENS|RODNE|SOCIAL|TAX|ANZAHL|CHILDREN")
OTHER_ZONE = 0.75  # of difflib's ratio, below which a row is of another zone
LIGATURE = re.compile("AE|OE")
WHOLE = 10  # letters of an ISO date
LONG = 16  # a zone's row in heights: 30 letters and more
ROW_OF_ZONE = 25  # letters without a gap: no printed row has as many


@dataclass(frozen=True)
class Printed:
    """One row of print: where it stands in the upright page, and how both networks read it."""

    pixels: NDArray[np.uint8]
    strip: Strip
    row: Row

    @property
    def text(self) -> str:
        return self.row.text

    @cached_property
    def careful(self) -> Row:
        """As the careful network reads it."""
        return engine().read(cut(self.pixels, self.strip))

    @property
    def at(self) -> str:
        """Left, top, width and height in shares of the upright page."""
        high, wide = self.pixels.shape[:2]
        left, top = self.strip.x - self.strip.length / 2, self.strip.y - self.strip.height / 2
        return f"{left / wide:.3f},{top / high:.3f},{self.strip.length / wide:.3f},{self.strip.height / high:.3f}"


def compared(page: NDArray[np.uint8], seen: Sighting) -> dict[str, str]:
    """`printed_number`, `printed_birth_date`, `printed_expires_on`, `printed_surname`, each same, near or differs.

    `birth_date` where the print says another century than the zone was taken for.
    Left out where nothing was surely read. Beside a difference stand `..._read`, what is printed, and `..._at`, where
    (shares of the upright page). `several` where a row of another zone stands beside. `rows`: all that is printed, for who looks for words; about 0.3 CPU s.
    """
    zone = seen.zone
    if zone is None or not seen.strips:
        return {}
    every = tuple(_until_settled(_rows(page, seen), zone))
    rows = tuple(row for row in every if len(_plain(row.text)) < ROW_OF_ZONE or " " in row.text.strip())
    found = {
        "number": _number(rows, zone),
        "surname": _surname(rows, zone),
        **(_dates(rows, zone) if not zone.code.startswith("V") else {}),
    }
    said = {"rows": "\n".join(row.text for row in rows if row.row.score >= SEEN)}
    if any(_of_another(row.text, zone) for row in every):
        said["several"] = "zones"
    if born := _century(rows, zone.birth_date):
        said["birth_date"] = born
    for name, verdict in found.items():
        said |= {f"printed_{name}{key}": value for key, value in verdict.items()}
    return said


def _until_settled(rows: Iterable[Printed], zone: Mrz) -> Iterator[Printed]:
    """Rows are read until all that the zone says was found in print: values are printed larger than labels."""
    lacking: list[Callable[[str], bool]] = [
        lambda text: _holds(_plain(text), zone.number),
        lambda text: _stands(text, zone.surname),
        lambda text: zone.birth_date in dates_in(text) or _short(zone.birth_date, text),
        lambda text: zone.expires_on in dates_in(text) or _short(zone.expires_on, text),
    ]
    for row in rows:
        yield row
        lacking = [found for found in lacking if not found(row.text)]
        if not lacking:
            return


def _rows(page: NDArray[np.uint8], seen: Sighting) -> Iterator[Printed]:
    """Rows as long as another zone's first, then by height; not the zone's own."""
    turns = round(seen.strips[0].angle / 90) % 4
    upright = np.ascontiguousarray(np.rot90(page, turns))
    own = [_turned(strip, page.shape, turns) for strip in seen.strips]
    strips = [one for one in quick().strips(upright, SIDE) if not any(_within(one, zone) for zone in own)]
    largest = sorted(strips, key=lambda strip: -strip.length * strip.height)[:ROWS_AT_MOST]
    for strip in sorted(largest, key=lambda strip: (strip.ratio < LONG, -strip.height)):
        yield Printed(upright, strip, quick().read(cut(upright, strip)))


def _of_another(text: str, zone: Mrz) -> bool:
    """A row of digits and fillers of a zone that is not this one: its number, birth date and expiry are not in it."""
    row = re.sub(r"\s", "", text.upper())
    if len(row) < ROW_OF_ZONE or not re.search(r"\d{6}[\dO][MFX<]\d{6}", row):
        return False
    return max(SequenceMatcher(None, row, line).ratio() for line in zone.lines) < OTHER_ZONE


def _turned(strip: Strip, shape: tuple[int, ...], turns: int) -> tuple[float, float, float, float]:
    """Middle, length and height of a strip after the page was turned by quarters, anticlockwise."""
    x, y, high, wide = strip.x, strip.y, shape[0], shape[1]
    for _ in range(turns):
        x, y, high, wide = y, wide - x, wide, high
    return x, y, strip.length, strip.height


def _within(strip: Strip, zone: tuple[float, float, float, float]) -> bool:
    x, y, length, height = zone
    return abs(strip.y - y) < 0.8 * max(height, strip.height) and abs(strip.x - x) < length / 2


def _plain(text: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", text.upper())


def _said(verdict: str, row: Printed | None = None, read: str = "") -> dict[str, str]:
    return {"": verdict, **({"_read": read, "_at": row.at} if row else {})}


def _number(rows: Sequence[Printed], zone: Mrz) -> dict[str, str]:
    """Same where it stands anywhere; else the row that is most like it, where both networks read that."""
    wanted = zone.number
    if len(wanted) < SHORTEST:
        return {}
    if any(_holds(_plain(row.text), wanted) for row in rows):
        return _said("same")
    likely = sorted(
        (
            (_apart(token, wanted), row)
            for row in rows
            for token in _tokens(row.text)
            if _shape(token, wanted)
        ),
        key=lambda pair: pair[0],
    )
    near = [row for apart, row in likely if apart <= NEAR_AT_MOST][:2]
    for row in near:
        if _holds(_plain(row.careful.text), wanted):
            return _said("same")
    for row in near or _labelled_number(rows, likely):
        read = _agreed(row, wanted, zone)
        if read:
            return _said("near" if _apart(read, wanted) <= NEAR_AT_MOST else "differs", row, read)
    return {}


def _labelled_number(rows: Sequence[Printed], likely: Sequence[tuple[int, Printed]]) -> list[Printed]:
    """The one row that has a number of this shape beside a label of a number; else none."""
    shaped = [row for _, row in likely if not dates_in(row.text)]
    labels = [
        row for row in rows if OF_NUMBER.search(fold(row.text)) and not OF_PERSON.search(fold(row.text))
    ]
    found = [row for row in shaped if any(_beside(row, label) for label in labels)]
    return found if len(found) == 1 else []


def _beside(row: Printed, label: Printed) -> bool:
    """In the label's row, to its right, or right below it."""
    tall = max(row.strip.height, label.strip.height)
    down, across = row.strip.y - label.strip.y, abs(row.strip.x - label.strip.x)
    return -0.6 * tall < down < 2.2 * tall and across < (row.strip.length + label.strip.length) * 0.75


def _agreed(row: Printed, wanted: str, zone: Mrz) -> str:
    """The number of this shape that both networks read in a row, but for the zone's other values; else ""."""
    if min(row.row.score, row.careful.score) < SURE:
        return ""
    others = _plain("".join(zone.lines))
    both = {t for t in _tokens(row.text) if _shape(t, wanted)} & set(_tokens(row.careful.text))
    found = [token for token in both if token not in others and not _alike(token, wanted)]
    return found[0] if len(found) == 1 else ""


def _tokens(text: str) -> set[str]:
    """A row's words, each alone and with the next, and the whole of it; letters and digits only."""
    words = [_plain(word) for word in re.split(r"[\s:|]+", text)]
    pairs = [one + other for one, other in pairwise(words)]
    return {word for word in (*words, *pairs, _plain(text)) if word}


def _shape(token: str, wanted: str) -> bool:
    """As long, and at least half digits where the number is, so that no word of a label passes for one."""
    return len(token) == len(wanted) and sum(map(str.isdigit, token)) >= sum(map(str.isdigit, wanted)) - 2


def _apart(token: str, wanted: str) -> int:
    return sum(one != other for one, other in zip(token, wanted, strict=True))


def _holds(text: str, wanted: str) -> bool:
    return any(
        _alike(text[at : at + len(wanted)], wanted) for at in range(max(0, len(text) - len(wanted) + 1))
    )


def _alike(token: str, wanted: str) -> bool:
    """The same but for one letter at the most that prints alike."""
    differ = [frozenset(pair) for pair in zip(token, wanted, strict=True) if pair[0] != pair[1]]
    return not differ or (len(differ) == 1 and differ[0] in ALIKE)


def _dates(rows: Sequence[Printed], zone: Mrz) -> dict[str, dict[str, str]]:
    """Birth and expiry among the dates printed. The earliest of three or more is the birth date, the latest the expiry."""
    there = {day: row for row in rows if row.row.score >= SEEN for day in dates_in(row.text)}
    found = {}
    for name, end in (("birth_date", min), ("expires_on", max)):
        wanted = getattr(zone, name)
        if len(wanted) == WHOLE:
            found[name] = _date(wanted, end(there, default=""), rows, there, birth=name == "birth_date")
    return {name: verdict for name, verdict in found.items() if verdict}


def _date(
    wanted: str, end: str, rows: Sequence[Printed], there: dict[str, Printed], *, birth: bool
) -> dict[str, str]:
    """Before an expiry, often ten years to the day, stands the day of issue: an earlier one is only it by its label."""
    same = any(day[2:] == wanted[2:] for day in there)  # a zone does not say the century
    if same or any(_short(wanted, row.text) for row in rows):
        return _said("same")
    labels = () if birth else [row for row in rows if "expires_on" in labels_in(row.text)]
    may = [
        day for day, row in there.items() if birth or day > wanted or any(_beside(row, one) for one in labels)
    ]
    near = [day for day in may if _apart(day, wanted) == 1]
    for day in near or ([end] if len(there) >= 3 and end in may else []):
        row = there[day]
        if min(row.row.score, row.careful.score) >= SURE and day in dates_in(row.careful.text):
            return _said("near" if near else "differs", row, day)
    return {}


def _century(rows: Sequence[Printed], born: str) -> str:
    """The printed birth date where it is the zone's but for the century, which a zone does not say; else "".

    As both networks read it, all four digits of the year.
    """
    for row in rows:
        for day in dates_in(row.text):
            if day[2:] == born[2:] and day < born and day[:4] in row.text and day[:4] in row.careful.text:
                return day
    return ""


def _short(wanted: str, text: str) -> bool:
    """Without signs, or with two digits of the year, whatever the language of the month."""
    if len(wanted) < WHOLE:
        return False  # the document leaves the day open
    year, month, day = wanted.split("-")
    digits = re.sub(r"\D", "", text)
    if any(form in digits for form in (f"{day}{month}{year}", f"{year}{month}{day}", f"{month}{day}{year}")):
        return True
    written = rf"(?<!\d){day}\W*(?:{month}|[^\W\d][^\d]*?)\W*(?:{year}|{year[2:]})(?!\d)"
    american = rf"(?<!\d){month}\W*{day}\W*(?:{year}|{year[2:]})(?!\d)"
    return bool(re.search(written, text) or re.search(american, text))


def _surname(rows: Sequence[Printed], zone: Mrz) -> dict[str, str]:
    """Same where all words of it stand in the rows; a near miss where one row is nearly it, or the row its label is for."""
    wanted = zone.surname
    if len(wanted) < 3 or zone.code.startswith("V"):
        return {}
    whole = {form.replace(" ", "") for row in rows for form in (fold(row.text), as_in_zone(row.text))}
    if all(any(word in text for text in whole) for word in wanted.split()) or any(
        _stands(row.text, wanted) for row in rows
    ):
        return _said("same")
    near = max(rows, key=lambda row: _likeness(row.text, wanted), default=None)
    if near is None or _stands(near.careful.text, wanted):
        return _said("same") if near else {}
    if len(wanted) >= SHORTEST_NAME and _likeness(near.text, wanted) >= NEAR_NAME:
        return _name(near, wanted, "near")
    labelled = [
        row for label in rows if "surname" in labels_in(label.text) for row in rows if _below(row, label)
    ]
    return _name(labelled[0], wanted, "differs") if len(labelled) == 1 else {}


def _stands(text: str, wanted: str) -> bool:
    """All of it, in one of the spellings; of Æ and Œ recognisers often see one letter."""
    whole = {form.replace(" ", "") for form in (fold(text), as_in_zone(text))}
    name = wanted.replace(" ", "")
    return any(name in text or LIGATURE.sub("E", name) in text for text in whole)


def _likeness(text: str, wanted: str) -> float:
    """Of a row, or of the words before its comma: «ERIKSSON, ANNA MARIA»."""
    forms = {form for part in (text, text.partition(",")[0]) for form in (fold(part), as_in_zone(part))}
    return max(SequenceMatcher(None, form, wanted).ratio() for form in forms)


def _below(row: Printed, label: Printed) -> bool:
    """Right below a label and no label itself: the value it is for."""
    down = row.strip.y - label.strip.y
    left = abs((row.strip.x - row.strip.length / 2) - (label.strip.x - label.strip.length / 2))
    tall = label.strip.height + row.strip.height
    return 0.3 * tall < down < 1.3 * tall and left < 2 * tall and not labels_in(row.text)


def _name(row: Printed, wanted: str, verdict: str) -> dict[str, str]:
    """Believed where both networks read the same, in letters that the zone has too."""
    first, second = as_in_zone(row.text), as_in_zone(row.careful.text)
    sure = min(row.row.score, row.careful.score) >= SURE and first == second
    latin = bool(re.fullmatch(r"[A-Z ]{3,}", second))
    return _said(verdict, row, second) if sure and latin and second != wanted else {}
