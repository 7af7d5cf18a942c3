"""The UK Sanctions List, as XML (Designations/Designation) or CSV, and OFSI's consolidated list as CSV."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.readers.lists.record import Record
from bot.readers.lists.tree import elements, text, texts

KINDS = {"individual": "person", "entity": "organisation", "ship": "vessel"}
PARTS = ("Name1", "Name2", "Name3", "Name4", "Name5", "Name6")
ID_COLUMNS = ("unique id", "uniqueid", "group id", "groupid", "ofsi group id")


def records(data: bytes) -> Iterator[Record]:
    """Each Designation."""
    for each in elements(data, "Designation"):
        yield _record(each)


def _record(each: Any) -> Record:
    kind = text(each, "IndividualEntityShip") or text(each, "DesignationType")
    record = Record(
        text(each, "UniqueID") or text(each, "OFSIGroupID"), kind=KINDS.get(kind.lower(), "unknown")
    )
    for name in each.iterfind("Names/Name"):
        record.name(*(text(name, part) for part in PARTS))
    for written in texts(each, "NonLatinNames/NonLatinName/NameNonLatinScript"):
        record.name(written)
    for path in (".//DOB", ".//DateOfBirth"):
        for found in texts(each, path):
            record.day(found)
    for path in (".//Nationality", ".//AddressCountry"):
        for found in texts(each, path):
            record.place(found)
    record.note(text(each, "RegimeName"), *texts(each, ".//Position"), text(each, "OtherInformation"))
    return record


def header(row: Sequence[str]) -> list[str]:
    """Column names without case, spaces and underscores."""
    return [re.sub(r"[^a-z0-9]+", "", name.lower().lstrip("\ufeff")) for name in row]


def is_header(row: Sequence[str]) -> bool:
    """Whether this is the line that names the UK's columns; a line with the report's date may stand before it."""
    names = header(row)
    return "name6" in names and "name1" in names


def from_csv(text_: str) -> Iterator[Record]:
    """One row a name; rows of one id are one entity."""
    rows = csv.reader(text_.splitlines(keepends=True))
    columns: list[str] = []
    found: dict[str, Record] = {}
    for row in rows:
        if columns:
            _add(found, dict(zip(columns, row, strict=False)))
        elif is_header(row):
            columns = header(row)
    return iter(found.values())


def _add(found: dict[str, Record], row: Mapping[str, str]) -> None:
    ids = (row.get(re.sub(" ", "", name), "") for name in ID_COLUMNS)
    id_ = next((id_.strip() for id_ in ids if id_.strip()), "")
    if not id_:
        return
    record = found.setdefault(id_, Record(id_))
    kind = row.get("designationtype") or row.get("grouptype") or row.get("individualentityship") or ""
    record.kind = KINDS.get(kind.strip().lower(), record.kind)
    record.name(*(row.get(part.lower()) for part in PARTS))
    record.name(row.get("namenonlatinscript"))
    for column in ("dob", "dateofbirth", "dobs"):
        record.day(row.get(column))
    for column in ("nationalityies", "nationality", "addresscountry", "country"):
        for place in re.split(r"[|;]|\(\d\)", row.get(column) or ""):
            record.place(place)
    record.note(row.get("regimename") or row.get("regime"), row.get("position"), row.get("otherinformation"))
