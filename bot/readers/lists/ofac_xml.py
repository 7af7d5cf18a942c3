"""OFAC's advanced XML (the "Advanced Sanctions Data Model", namespace http://www.un.org/sanctions/1.0 and later).

Structure: https://home.treasury.gov/system/files/126/sdn_advanced_notes.pdf
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.readers.lists.record import Record
from bot.readers.lists.tree import elements, text

BIRTH = "birthdate"
NATIONS = ("nationality country", "citizenship country", "nationality of registration", "vessel flag")


@dataclass(slots=True)
class _Tables:
    """What the numbers in the file stand for."""

    countries: dict[str, str] = field(default_factory=dict)
    features: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    subkinds: dict[str, tuple[str, str]] = field(default_factory=dict)
    places: dict[str, list[str]] = field(default_factory=dict)

    def kind(self, subtype: str) -> str:
        name, party = self.subkinds.get(subtype, ("", ""))
        found = self.kinds.get(party, "")
        if "individual" in found:
            return "person"
        if name in {"vessel", "aircraft"} or "transport" in found:
            return "vessel"
        return "organisation" if "entity" in found else "unknown"


def records(data: bytes) -> Iterator[Record]:
    """Each DistinctParty; its programmes stand at the end of the file and come with the notes."""
    tables = _Tables()
    found: dict[str, Record] = {}
    wanted = (
        "Country",
        "FeatureType",
        "PartyType",
        "PartySubType",
        "Location",
        "DistinctParty",
        "SanctionsEntry",
    )
    for each in elements(data, *wanted):
        if each.tag == "DistinctParty":
            record = _party(each, tables)
            found[record.id] = record
        elif each.tag == "SanctionsEntry":
            _entry(each, found)
        else:
            _learn(each, tables)
    return iter(found.values())


def _learn(each: Any, tables: _Tables) -> None:
    id_, name = each.get("ID") or "", (each.text or "").strip()
    if each.tag == "Country":
        tables.countries[id_] = each.get("ISO2") or name
    elif each.tag == "FeatureType":
        tables.features[id_] = name.lower()
    elif each.tag == "PartyType":
        tables.kinds[id_] = name.lower()
    elif each.tag == "PartySubType":
        tables.subkinds[id_] = (name.lower(), each.get("PartyTypeID") or "")
    elif each.tag == "Location":
        ids = [one.get("CountryID") or "" for one in each.iterfind("LocationCountry")]
        tables.places[id_] = [tables.countries[one] for one in ids if one in tables.countries]


def _party(each: Any, tables: _Tables) -> Record:
    profile = each.find("Profile")
    subtype = "" if profile is None else profile.get("PartySubTypeID") or ""
    record = Record(each.get("FixedRef") or "", kind=tables.kind(subtype))
    if profile is None:
        return record
    aliases = [alias for identity in profile.iterfind("Identity") for alias in identity.iterfind("Alias")]
    for alias in sorted(aliases, key=lambda one: one.get("Primary") != "true"):
        for name in alias.iterfind("DocumentedName"):
            parts = [part.text for part in name.iterfind("DocumentedNamePart/NamePartValue")]
            record.name(*parts)
    for feature in profile.iterfind("Feature"):
        _feature(feature, record, tables)
    record.note(text(each, "Comment"))
    return record


def _feature(feature: Any, record: Record, tables: _Tables) -> None:
    kind = tables.features.get(feature.get("FeatureTypeID") or "", "")
    if kind == BIRTH:
        for period in feature.iterfind("FeatureVersion/DatePeriod"):
            record.between(_date(period, "Start/From"), _date(period, "End/To") or _date(period, "End/From"))
    elif kind in NATIONS or kind == "location":
        for place in feature.iterfind("FeatureVersion/VersionLocation"):
            for code in tables.places.get(place.get("LocationID") or "", ()):
                record.place(code)


def _date(period: Any, path: str) -> str:
    """An ISO date or its beginning; a year is written as a period from its first day to its last."""
    parts = [text(period, f"{path}/{part}") for part in ("Year", "Month", "Day")]
    return "-".join(part.zfill(2) for part in parts if part and part != "0")


def _entry(each: Any, found: dict[str, Record]) -> None:
    record = found.get(each.get("ProfileID") or "")
    if record is not None:
        for measure in each.iterfind("SanctionsMeasure"):
            if comment := text(measure, "Comment"):
                record.note(f"programme {comment}")
