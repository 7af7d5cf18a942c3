"""OFAC's sdn.csv, alt.csv and add.csv (and the consolidated list's): no header, "-0-" where there is nothing.

Columns: https://ofac.treasury.gov/specially-designated-nationals-list-data-formats-data-schemas (dat_spec.txt).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence

from bot.readers.lists.record import Record

NOTHING = {"-0-", ""}
KINDS = {"individual": "person", "vessel": "vessel", "aircraft": "vessel", "": "organisation"}
BORN = re.compile(r"\bDOB (?:circa )?([^;.]+)")
NATION = re.compile(r"\b(?:nationality|citizen|Nationality of Registration|Citizenship) ([^;.]+)")
ALIAS = re.compile(r"\b(?:a|f|n)\.k\.a\. ['\"]([^;]+?)['\"](?=[;.]|$)")
ALT_KINDS = {"aka", "fka", "nka", "a.k.a.", "f.k.a.", "n.k.a.", "strong", "weak"}


def rows(text: str) -> Iterator[list[str]]:
    """Cells without "-0-"; the end-of-file mark of old systems is no row."""
    for row in csv.reader(text.splitlines(keepends=True)):
        cells = ["" if (cell := value.strip().strip("\x1a")) in NOTHING else cell for value in row]
        if any(cells):
            yield cells


def which(row: Sequence[str]) -> str:
    """main, alt or add, by the shape of a row; "" for none of them."""
    if not row or not row[0].isdigit():
        return ""
    if len(row) >= 11:
        return "main"
    if len(row) >= 4 and row[1].isdigit() and row[2].lower() in ALT_KINDS:
        return "alt"
    if len(row) >= 5 and row[1].isdigit():
        return "add"
    return ""


def main(found: Iterable[Sequence[str]]) -> Iterator[Record]:
    """Entities."""
    for row in found:
        if which(row) != "main":
            continue
        record = Record(row[0], kind=KINDS.get(row[2].lower(), "unknown"))
        record.name(row[1])
        remarks = row[11] if len(row) > 11 else ""
        for alias in ALIAS.findall(remarks):
            record.name(alias)
        for day in BORN.findall(remarks) if record.kind == "person" else ():
            record.day(day)
        for nation in NATION.findall(remarks):
            record.place(nation)
        record.note(row[3] and f"programme {row[3]}", row[4], remarks)
        yield record


def alt(found: Iterable[Sequence[str]]) -> Iterator[Record]:
    """Further names, by entity."""
    records: dict[str, Record] = {}
    for row in found:
        if which(row) == "alt":
            records.setdefault(row[0], Record(row[0])).name(row[3])
    return iter(records.values())


def add(found: Iterable[Sequence[str]]) -> Iterator[Record]:
    """Addresses, by entity: their countries."""
    records: dict[str, Record] = {}
    for row in found:
        if which(row) == "add":
            records.setdefault(row[0], Record(row[0])).place(row[4])
    return iter(records.values())
