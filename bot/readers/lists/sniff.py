"""Which list a file is, by its content, and what it holds."""

from __future__ import annotations

import csv
import gzip
import io
import json
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.readers.lists import eu, ofac_csv, ofac_xml, opensanctions, uk, un
from bot.readers.lists.record import Record, in_order
from bot.readers.lists.tree import BIGGEST

OFAC, OFAC_OTHER, UN, EU, UK, OPEN = "OFAC SDN", "OFAC non-SDN", "UN", "EU", "UK", "OpenSanctions"
HEAD = 4096
DATED = re.compile(rb'(?:dateGenerated|generationDate)="(\d{4}-\d{2}-\d{2})')
BROKEN = (
    OSError, EOFError, NotImplementedError, ValueError, struct.error, zlib.error, lzma.LZMAError,
    zipfile.BadZipFile,
)  # fmt: skip
WIDE = {b"\xff\xfe", b"\xfe\xff"}  # what UTF-16 begins with
PAGE = re.compile(rb"(?:<!--.*?-->\s*)*<(?:!doctype\s+)?html\b", re.IGNORECASE | re.DOTALL)
ROOT = re.compile(rb"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)")
ROOTS = {
    "CONSOLIDATED_LIST": (UN, un.records),
    "export": (EU, eu.records),
    "Designations": (UK, uk.records),
    "Sanctions": (OFAC, ofac_xml.records),
}


class ListFileError(ValueError):
    """A sentence that says why a file is no list that we know."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a file says. A list has a `main` part; OFAC's CSV has "alt" and "add" beside it.

    `whole`: nothing of the list stands elsewhere. `dated`: the ISO day that an XML file says it was made on, or "".
    """

    list: str
    part: str
    records: tuple[Record, ...]
    whole: bool = True
    dated: str = ""


def parse(data: bytes, hint: str = "") -> Part:
    """`hint`: the file's name, which tells OFAC's two CSV lists apart and nothing else. Raises ListFileError."""
    data = _unpacked(data)
    head = data[:HEAD].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head:
        raise ListFileError("it is empty")
    if data[:2] in WIDE or b"\0" in head[:4]:
        raise ListFileError("its text is UTF-16, or none at all; save it as UTF-8")
    if PAGE.match(head):
        raise ListFileError(
            "it is a web page, as sites give where a file is not to be had; fetch the list anew"
        )
    if head[:1] == b"<":
        return _xml(data)
    text = _text(data)
    if head[:1] == b"{":
        return _lines(text)
    try:
        return _csv(text, hint)
    except csv.Error as error:
        raise ListFileError(f"it is no CSV: {error}") from None


def _unpacked(data: bytes) -> bytes:
    try:
        if data[:2] == b"\x1f\x8b":
            with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
                data = file.read(BIGGEST + 1)
        elif data[:2] == b"PK":
            data = _first(data)
    except ListFileError:
        raise
    except BROKEN as error:
        raise ListFileError(f"it cannot be unpacked: {error}") from None
    if len(data) > BIGGEST:
        raise ListFileError("it is too large")
    return data


def _first(data: bytes) -> bytes:
    """The first file of an archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = [each for each in archive.infolist() if not each.is_dir()]
        if not files:
            raise ListFileError("it is an archive without a file")
        if files[0].flag_bits & 1:
            raise ListFileError("it is locked with a password")
        with archive.open(files[0]) as member:
            return member.read(BIGGEST + 1)


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def _xml(data: bytes) -> Part:
    body = re.sub(rb"<\?.*?\?>|<!--.*?-->", b"", data[:HEAD], flags=re.DOTALL)
    if b"<!" in body:
        raise ListFileError("it has a DTD, which no list has")
    root = ROOT.search(body)
    name = root[1].decode() if root else ""
    if name not in ROOTS:
        raise ListFileError(f"its XML is no list that is known here: {name or 'no element'}")
    list_, read = ROOTS[name]
    try:
        found = in_order(read(data))
    except ValueError as error:
        raise ListFileError(str(error)) from None
    if (
        name == "Sanctions"
        and b">Consolidated List<" in data[:2_000_000]
        and b">SDN List<" not in data[:2_000_000]
    ):
        list_ = OFAC_OTHER
    return replace(_part(list_, "main", found), dated=_dated(data[:HEAD]))


def _dated(head: bytes) -> str:
    """As the UN and the EU write it, or as OFAC does."""
    if found := DATED.search(head):
        return found[1].decode()
    parts = [re.search(rb"<%s>(\d+)</%s>" % (name, name), head) for name in (b"Year", b"Month", b"Day")]
    year, month, day = (int(part[1]) if part else 0 for part in parts)
    return f"{year:04}-{month:02}-{day:02}" if b"DateOfIssue" in head and year and month and day else ""


def _lines(text: str) -> Part:
    try:
        found = [(record, sets) for record, sets in opensanctions.from_lines(text.splitlines())]
    except json.JSONDecodeError as error:
        raise ListFileError(f"its lines are no entities: {error}") from None
    except (ValueError, AttributeError, TypeError, RecursionError):
        raise ListFileError("its lines are no entities: one is of another shape") from None
    return _open(found)


def _csv(text: str, hint: str) -> Part:
    first = list(_first_rows(text))
    if first and {name.strip().lstrip("\ufeff") for name in first[0]} >= opensanctions.COLUMNS:
        rows = csv.DictReader(io.StringIO(text))
        return _open(list(opensanctions.from_csv(rows)))
    if any(uk.is_header(row) for row in first):
        return _part(UK, "main", in_order(uk.from_csv(text)))
    kinds = [kind for row in first if (kind := ofac_csv.which(row))]
    if not kinds:
        raise ListFileError("it is no list that is known here")
    list_ = OFAC_OTHER if hint.lower().startswith("cons_") else OFAC
    kind = max(set(kinds), key=kinds.count)
    rows_ = ofac_csv.rows(text)
    if kind == "main":
        return _part(list_, kind, in_order(ofac_csv.main(rows_)), whole=False)
    if kind == "alt":
        return _part(list_, kind, in_order(ofac_csv.alt(rows_)), whole=False)
    placed = [record for record in ofac_csv.add(rows_) if record.countries]
    return _part(list_, kind, placed, named=False, whole=False)


def _first_rows(text: str) -> Iterator[list[str]]:
    for row, _ in zip(csv.reader(io.StringIO(text)), range(20), strict=False):
        if any(row):
            yield row


def _open(found: Iterable[tuple[Record, Sequence[str]]]) -> Part:
    records, shared = [], None
    for record, sets in found:
        records.append(record)
        shared = set(sets) if shared is None else shared & set(sets)
    name = f"{OPEN} {min(shared)}" if shared and len(shared) == 1 else OPEN
    return _part(name, "main", in_order(records))


def _part(
    list_: str, part: str, records: Sequence[Record], *, named: bool = True, whole: bool = True
) -> Part:
    known = [record for record in records if record.id]
    if not known:
        raise ListFileError("it lists nobody" if named else "it holds no address with a country")
    return Part(list_, part, tuple(known), whole)
