"""OpenSanctions: entities in FollowTheMoney's JSON lines, and targets.simple.csv. Free for non-commercial use only."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from bot.readers.lists.record import Record

KINDS = {
    "Person": "person",
    "Company": "organisation",
    "Organization": "organisation",
    "PublicBody": "organisation",
    "LegalEntity": "unknown",
    "Vessel": "vessel",
    "Airplane": "vessel",
}
NAMES = ("name", "alias", "previousName", "weakAlias", "abbreviation")
PARTS = ("firstName", "secondName", "middleName", "fatherName", "lastName")
COUNTRIES = ("nationality", "citizenship", "country", "jurisdiction", "flag")
NOTES = ("topics", "program", "position", "notes")
ODD = (dict, list, type(None))  # what no value is
COLUMNS = {"id", "schema", "name", "aliases"}


def from_lines(lines: Iterable[str]) -> Iterator[tuple[Record, Sequence[str]]]:
    """Each entity that can be screened against, and its data sets. Raises ValueError for a line that is no JSON."""
    for line in lines:
        if line.strip():
            row = json.loads(line)
            if isinstance(row, dict) and row.get("schema") in KINDS and row.get("target", True) is not False:
                yield _record(row), _texts(row, "datasets")


def _record(row: Mapping[str, Any]) -> Record:
    known = row.get("properties") or {}
    record = Record(next(iter(_texts(row, "id")), ""), kind=KINDS[str(row["schema"])])
    record.name(*([] if known.get("name") else _texts(row, "caption")))
    for key in NAMES:
        for value in _texts(known, key):
            record.name(value)
    if not record.names:
        record.name(*(" ".join(_texts(known, part)[:1]) for part in PARTS))
    for value in _texts(known, "birthDate"):
        record.day(value)
    for key in COUNTRIES:
        for value in _texts(known, key):
            record.place(value)
    for key in NOTES:
        record.note(*_texts(known, key)[:4])
    return record


def _texts(known: Mapping[str, Any], key: str) -> list[str]:
    """Half a character, which JSON can hold and UTF-8 cannot, becomes a mark."""
    values = known.get(key) or []
    plain = (
        value for value in (values if isinstance(values, list) else [values]) if not isinstance(value, ODD)
    )
    return [str(value).encode("utf-8", "replace").decode() for value in plain]


def from_csv(rows: Iterable[Mapping[str, str]]) -> Iterator[tuple[Record, Sequence[str]]]:
    """Each row, and its data sets."""
    for row in rows:
        record = Record(
            (row.get("id") or "").strip(), kind=KINDS.get((row.get("schema") or "").strip(), "unknown")
        )
        record.name(row.get("name"))
        for value in _parts(row.get("aliases")):
            record.name(value)
        for value in _parts(row.get("birth_date")):
            record.day(value)
        for value in _parts(row.get("countries")):
            record.place(value)
        record.note(*_parts(row.get("sanctions"))[:4])
        yield record, _parts(row.get("dataset"))


def _parts(text: str | None) -> list[str]:
    """Cells hold several values between semicolons, quoted where a value has one itself."""
    if not text:
        return []
    return [part.strip() for part in next(csv.reader([text], delimiter=";"), []) if part.strip()]
