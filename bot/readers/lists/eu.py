"""The European Union's consolidated financial sanctions file, XML 1.1 (namespace http://eu.europa.ec/fpi/fsd/export)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.readers.lists.record import Record
from bot.readers.lists.tree import elements, texts

KINDS = {"person": "person", "enterprise": "organisation", "p": "person", "e": "organisation"}


def records(data: bytes) -> Iterator[Record]:
    """Each sanctionEntity."""
    for each in elements(data, "sanctionEntity"):
        yield _record(each)


def _record(each: Any) -> Record:
    subject = each.find("subjectType")
    kind = "" if subject is None else subject.get("code") or subject.get("classificationCode") or ""
    record = Record(
        each.get("euReferenceNumber") or each.get("logicalId") or "", kind=KINDS.get(kind.lower(), "unknown")
    )
    for alias in each.iterfind("nameAlias"):
        whole = alias.get("wholeName")
        parts = (alias.get("firstName"), alias.get("middleName"), alias.get("lastName"))
        record.name(*((whole,) if whole else parts))
        record.note(alias.get("function"))
    for born in each.iterfind("birthdate"):
        record.day(born.get("birthdate") or born.get("year"))
        record.between(born.get("yearRangeFrom") or "", born.get("yearRangeTo") or "")
    for tag in ("citizenship", "address"):
        for place in each.iterfind(tag):
            record.place(_known(place.get("countryIso2Code")) or _known(place.get("countryDescription")))
    for rule in each.iterfind("regulation"):
        record.note(rule.get("programme") and f"programme {rule.get('programme')}")
    record.note(*texts(each, "remark"))
    return record


def _known(place: str | None) -> str:
    return "" if not place or place.upper() in {"00", "UNKNOWN"} else place
