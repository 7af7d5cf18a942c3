"""From files to evidence: what was seen, in plain strings. What it means is said elsewhere, by checks."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from bot.answers import fold
from bot.merging import FIELDS, merged
from bot.readers import barcode, kinds, local, marks, papers, personal, printed, sides, tamper, visual
from bot.readers.image import PAGES_READ, Page, Unreadable, pages
from bot.readers.quality import measured
from bot.readers.text import cut, engine
from bot.readers.zone import Sighting, see

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bot.readers.mrz import Mrz
    from bot.readers.text import Strip

VERSION = "documents/1"
SIDE = 960  # pixels of the longer side at which text is looked for
ROWS_AT_MOST = 60
LONGEST_SURNAME = 24
SURE = 0.6  # mean letter probability below which a row is not text but texture
TURNED = 0.75  # where the rows' median falls below it, the page may stand on its head
KEPT = FIELDS
TINY = (
    160  # pixels of the longer side: a zone's letters would be under 5 pixels wide, and nothing is looked for
)
SECONDS = 6.0  # CPU; pages that come after that are left to a person
SELFIE = 0.2  # of the picture's height, the least that a face takes up in a selfie
LEVEL = 3, 30.0  # a row that tells: its length in heights at least, its tilt in degrees at most
EDGE = 0.006  # of the width; rows of 16 whole specimens end further inside, but for one or two
OVER = 3, 0.12  # rows that run over the edge: their number, and their share of all
CARDS = frozenset({"id_card", "residence_permit", "driving_licence"})
AMERICAN = frozenset({"USA", "CAN"})
SYMBOL = frozenset({"barcode", "barcode_text"})
LOCAL = frozenset(
    {"unknown", "not_a_document", "id_card", "driving_licence"}
)  # kinds that its own country's print tells
NAMED = frozenset({"number", "surname", "given_names"})
COMPARED = frozenset({"number", "birth_date", "expires_on"})  # of print with a barcode: what has one spelling

Evidence = dict[str, str]


def read(files: Sequence[bytes], today: date) -> Evidence:
    """Evidence of one submission: front and back, an album, or the pages of a PDF, merged.

    Keys: `type`, what KEPT names, `mrz` (rows), `mrz_valid`, `mrz_failed`, `issued_on`, what bot.readers.papers says, the
    measures of quality, `side` and `side_unsure` (see bot.merging; only where surely one side of a card was sent),
    `conflict` (fields that differ between sides), `unread` (why nothing was read), `mrz_cpu_ms`; of a barcode those of
    bot.readers.barcode, of print beside a zone those of bot.readers.visual (`print` none: of a passport's zone nothing stands there), of the file those of bot.readers.marks,
    `zone_outlier` (where a letter of the zone is unlike its row's: x, y, width and height in pixels of the upright
    picture as it was looked at, and that picture's width and height), `picture_hash` (128 bits in hex, one a page). Dates are ISO, countries alpha-3 as printed.
    Never raises for what is in a file.
    """
    whole: Evidence = {}
    hashes: list[str] = []
    began = time.process_time()
    for content in files:
        try:
            found = pages(content)
        except Unreadable as error:
            whole = merged(whole, {"unread": error.code})
            continue
        whole = merged(whole, marks.of_file(content))
        if found[0].of > PAGES_READ:
            whole["skipped"] = "pages"
        for page in found:
            if time.process_time() - began > SECONDS:
                whole["skipped"] = "pages"
                break
            seen = _page(page, today)
            hashes += [seen["picture_hash"]] if page.pictured else []
            whole = merged(whole, seen)
    if "type" in whole:
        whole.pop("unread", None)
    if hashes:
        whole["picture_hash"] = ",".join(hashes)
    return {**whole, "reader": VERSION}


def _page(page: Page, today: date) -> Evidence:
    if not page.pictured:
        return _typed(page)
    seen = {"width": str(page.width), "height": str(page.height), **measured(page.pixels)}
    seen["picture_hash"] = marks.picture_hash(page.pixels)
    if max(page.width, page.height) < TINY:
        return {**seen, "type": "not_a_document"}
    began = time.process_time()
    sighting = see(page.pixels, today)
    seen["mrz_cpu_ms"] = f"{(time.process_time() - began) * 1000:.0f}"
    if sighting.zone is not None and sighting.zone.valid:
        return {**seen, **_with_zone(page, sighting)}
    coded = barcode.evidence(page.pixels, today)
    if not coded.get("barcode_valid") or sighting.zone is not None:
        return {
            **seen,
            **_without(page, sighting),
            **{name: text for name, text in coded.items() if name in SYMBOL},
        }
    return {**_with_barcode(page, coded), **seen}


def _typed(page: Page) -> Evidence:
    """A page of type alone: it cannot be blurred, and bears no zone and no face."""
    text = Text(tuple(page.text.splitlines()))
    kind = kinds.by_words(fold(" ".join(text.rows)))
    return {**_printed(kind, text, page), **marks.of_words(text.rows, None)}


def _with_barcode(page: Page, coded: Evidence) -> Evidence:
    """North American cards bear it on the back; where a portrait stands beside it, its side of the card is read too."""
    portrait = sides.any_portrait(page.pixels)
    if coded.get("barcode_valid") == "true" and not portrait:
        return {**coded, **({"side": "back"} if coded.get("issuing_country") in AMERICAN else {})}
    text = _text(page.pixels)
    kind = kinds.beside_code(kinds.by_words(fold(" ".join(text.rows))), coded["type"])
    beside = {name: value for name, value in printed.licence(text.rows).items() if name in COMPARED}
    whole = merged(coded, {"type": kind, **beside})
    side = {"side": "back"} if coded.get("issuing_country") in AMERICAN and not portrait else {}
    return {**whole, **marks.of_words(text.rows, None), **side}


def _with_zone(page: Page, sighting: Sighting) -> Evidence:
    """A page whose zone holds, and what is printed beside it."""
    zone = sighting.zone
    if zone is None:
        return {}
    kind = kinds.by_code(zone.code, zone.issuing_country)
    beside = visual.compared(page.pixels, sighting)
    rows = tuple(beside.pop("rows", "").splitlines())
    outlier = tamper.outlier(page.pixels, sighting)
    return {
        "type": kind,
        **_fields(zone),
        **({"zone_outlier": f"{outlier},{page.pixels.shape[1]},{page.pixels.shape[0]}"} if outlier else {}),
        **beside,
        **({} if kind != "passport" or "same" in beside.values() else {"print": "none"}),
        **marks.of_words(rows, zone),
        **_back(page, sighting, kind),
    }


def _without(page: Page, sighting: Sighting) -> Evidence:
    """A page without a zone, or with one that does not hold: what its words say."""
    zone = sighting.zone
    text = Text(tuple(page.text.splitlines())) if len(page.text) > 100 else _text(page.pixels)
    kind = kinds.by_words(fold(" ".join(text.rows)))
    marked = marks.of_words(text.rows, zone) | ({"cut_off": "true"} if _cut_off(text) else {})
    if zone is None:
        return {**_printed(kind, text, page), **marked}
    if kind not in {"driving_licence", "residence_permit"}:
        kind = kinds.by_code(zone.code, zone.issuing_country)
    return {"type": kind, **_fields(zone), **marked, **_back(page, sighting, kind)}


def _printed(kind: str, text: Text, page: Page) -> Evidence:
    """What is read from a page without a zone. A card of a kind not recognised may still show that it is a front."""
    if kind in {"utility_bill", "bank_statement", "company_document"}:
        return {"type": kind, **papers.read(kind, text.rows)}
    table = kinds.licence_back(text.rows)
    if table and kind in {"unknown", "not_a_document"}:
        return {"type": "driving_licence", "side": "back"}
    own = local.read(text.rows) if kind in LOCAL else {}
    if kind == "not_a_document" and not own:
        return {"type": "selfie" if page.pictured and sides.face(page.pixels) > SELFIE else kind}
    if own:
        seen, kind = own, own["type"]
    else:
        seen = {"type": kind, **(_labelled(kind, text) if kind != "unknown" else {})}
    if kind not in {*CARDS, "unknown"} or table or text.pixels is None:
        return seen
    side = sides.of_text(text.pixels, text.strips, text.rows)
    return {**seen, **({"side": side} if side else {})}


def _labelled(kind: str, text: Text) -> Evidence:
    """Fields by their labels or numbers; those of an American licence have neither colons nor dots."""
    found = printed.licence(text.rows)
    if kind != "driving_licence" or not local.AMERICAN.search(fold(" ".join(text.rows))):
        return found
    front = local.america(text.rows)
    dates = {name: value for name, value in front.items() if value and name not in NAMED}
    return {**{name: value for name, value in front.items() if value}, **found, **dates}


def _back(page: Page, sighting: Sighting, kind: str) -> Evidence:
    """Zones of three rows stand on the backs of most cards; only there is a portrait looked for."""
    if sighting.zone is None or len(sighting.zone.lines) != 3 or kind not in CARDS:
        return {}
    side = sides.of_zone(page.pixels, sighting.strips)
    return {"side": side} if side else {}


def _fields(zone: Mrz) -> Evidence:
    fields = {name: str(getattr(zone, name)) for name in KEPT}
    if not zone.given_names and len(zone.surname) > LONGEST_SURNAME:
        fields["surname"] = ""  # a row whose fillers were read as letters: where a name ends is not known
    if not zone.valid:
        fields["mrz_failed"] = ",".join(zone.failed)
    own = personal.number(zone)
    fields |= {"personal_number": own} if own else {}
    return {**fields, "mrz": "\n".join(zone.lines), "mrz_valid": "true" if zone.valid else "false"}


def _cut_off(text: Text) -> bool:
    """Rows run over the left or right edge of the picture: on a whole document they keep a distance."""
    if text.pixels is None:
        return False
    wide = text.pixels.shape[1]
    level = [one for one in text.strips if one.ratio > LEVEL[0] and abs(one.angle) < LEVEL[1]]
    over = [one for one in level if min(one.x, wide - one.x) - one.length / 2 < EDGE * wide]
    return len(over) >= OVER[0] and len(over) >= OVER[1] * len(level)


@dataclass(frozen=True)
class Text:
    """Rows of text, top to bottom; where they were read off a picture, that picture upright, and their boxes."""

    rows: tuple[str, ...]
    pixels: NDArray[np.uint8] | None = None
    strips: tuple[Strip, ...] = ()


def _text(pixels: NDArray[np.uint8]) -> Text:
    """The page is turned first where most of its rows stand upright or on their head."""
    strips = engine().strips(pixels, SIDE)
    if strips and median(abs(strip.angle) for strip in strips) > 45:
        pixels = np.ascontiguousarray(np.rot90(pixels))
        strips = engine().strips(pixels, SIDE)
    rows, score = _recognised(pixels, strips)
    if rows and score < TURNED:
        upturned = np.ascontiguousarray(np.rot90(pixels, 2))
        again = engine().strips(upturned, SIDE)
        other, better = _recognised(upturned, again)
        if better > score:
            return Text(tuple(other), upturned, again)
    return Text(tuple(rows), pixels, strips)


def _recognised(pixels: NDArray[np.uint8], strips: Sequence[Strip]) -> tuple[list[str], float]:
    largest = sorted(strips, key=lambda strip: -strip.length * strip.height)[:ROWS_AT_MOST]
    tall = median(strip.height for strip in largest) if largest else 1.0
    ordered = sorted(largest, key=lambda strip: (round(strip.y / tall), strip.x))
    found = [engine().read(cut(pixels, strip)) for strip in ordered]
    sure = [row for row in found if row.score >= SURE and row.text.strip()]
    return [row.text for row in sure], median(row.score for row in found) if found else 0.0
