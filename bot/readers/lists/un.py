"""The Security Council's consolidated list. https://scsanctions.un.org/resources/xml/en/consolidated.xml"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.readers.lists.record import Record
from bot.readers.lists.tree import elements, text, texts

PARTS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME", "FIFTH_NAME", "SIXTH_NAME")
KINDS = {"INDIVIDUAL": "person", "ENTITY": "organisation"}


def records(data: bytes) -> Iterator[Record]:
    """Individuals and entities."""
    for each in elements(data, *KINDS):
        yield _record(each)


def _record(each: Any) -> Record:
    kind = each.tag
    record = Record(text(each, "REFERENCE_NUMBER") or text(each, "DATAID"), kind=KINDS[kind])
    record.name(*(text(each, part) for part in PARTS))
    for name in texts(each, f"{kind}_ALIAS/ALIAS_NAME"):
        for one in name.split(";"):
            record.name(one)
    record.name(text(each, "NAME_ORIGINAL_SCRIPT"))
    for path in ("NATIONALITY/VALUE", f"{kind}_ADDRESS/COUNTRY"):
        for found in texts(each, path):
            record.place(found)
    for born in each.iterfind("INDIVIDUAL_DATE_OF_BIRTH"):
        record.day(text(born, "DATE") or text(born, "YEAR"))
        record.between(text(born, "FROM_YEAR"), text(born, "TO_YEAR"))
    for found in texts(each, "INDIVIDUAL_ALIAS/DATE_OF_BIRTH"):
        record.day(found)
    record.note(
        f"list {text(each, 'UN_LIST_TYPE')}", *texts(each, "DESIGNATION/VALUE"), text(each, "COMMENTS1")
    )
    return record
