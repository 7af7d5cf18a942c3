"""The codes that a report is written in. Every financial intelligence unit has lists of its own; its schema holds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

NONE: Mapping[str, str] = MappingProxyType({})
UNKNOWN = "-"  # what the lists hold for "not known"

# By the schema's type and what is meant: codes in the order in which they are tried, as the lists of goAML 5.0.2 that
# we have seen hold them.
TRIED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "submission_type": {"": ("E",)},
    "contact_type": {"private": ("PRIVT", "PRSNL", "P"), "business": ("BU", "OFFIC", "B")},
    "communication_type": {"mobile": ("M",)},
    "gender_type": {"M": ("M",), "F": ("F",)},
    "identifier_type": {
        "passport": ("PASSP", "P"),
        "driving_licence": ("DRIVL", "D"),
        "id_card": ("GOVDC", "EID", "I"),
        "residence_permit": ("GOVDC", "R"),
    },
    "entity_person_role_type": {
        "director": ("DIR", "D"),
        "owner": ("UBO", "SHRHL", "B"),
        "agent": ("ATR", "A"),
    },
    "legal_form_type": {"": ()},
    "funds_type": {
        "": ("ELCFT", "E"),
        "card": ("CRTCR", "ELCFT", "E"),
        "cash": ("CASH", "K"),
        "crypto": ("CRPTC", "ELCFT"),
    },
    "conduction_type": {"": ("ELCFT", "ONBNK", "E"), "crypto": ("DAWLT", "ELCFT"), "card": ("ELCFT", "CCD")},
    "report_indicator_type": {
        "": ("UNUSU",),
        "structuring": ("STRUC", "UNUSU"),
        "high_risk_geography": ("HRCTR", "UNUSU"),
    },
}


@dataclass(frozen=True, slots=True)
class Codes:
    """`lists`: the codes of the schema at hand, by type; empty where there is none at hand.

    `own`: the operator's, by "type" or "type.meaning", which are taken before ours.
    """

    lists: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    own: Mapping[str, str] = field(default_factory=lambda: NONE)

    def of(self, kind: str, meaning: str = "") -> str:
        """The code for what is meant, else for the kind at large, else for not known; "" where the list has none of them."""
        meanings = TRIED.get(kind, {})
        chosen = self.own.get(f"{kind}.{meaning}" if meaning else kind) or self.own.get(kind)
        tried = (chosen,) if chosen else (*meanings.get(meaning, ()), *meanings.get("", ()), UNKNOWN)
        return next((code for code in tried if self.holds(kind, code)), "")

    def holds(self, kind: str, code: str) -> bool:
        """Whether the code may be used."""
        return kind not in self.lists or code in self.lists[kind]

    def country(self, code: str) -> str:
        """A country's code where the list has it, else that for not known."""
        return code if code and self.holds("country_type", code) else self.of("country_type")


def pairs(said: str) -> dict[str, str]:
    """What is said like funds_type.card=CRTCR,report_indicator_type=UNUSU. Raises ValueError."""
    parts = [part.strip().partition("=") for part in said.split(",") if part.strip()]
    if any(not (name.strip() and value.strip()) for name, _, value in parts):
        raise ValueError("expected like NAME=VALUE,NAME=VALUE")
    return {name.strip(): value.strip() for name, _, value in parts}
