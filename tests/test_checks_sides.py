"""Sides of a card: which one lacks, which two belong together, and what is accepted where."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.checks import Look, sides
from bot.checks.identity import legible
from bot.merging import merged
from bot.model import Verdict

KINDS = frozenset({"passport", "id_card", "residence_permit", "driving_licence"})
HOLDER = {"surname": "MUSTERMANN", "birth_date": "1964-08-12"}
ZONE = {"mrz": "IDD<<...", "mrz_valid": "true", "number": "T220001293", "issuing_country": "D"}
FRONT = {"type": "id_card", "side": "front", **HOLDER}
BACK = {"type": "id_card", "side": "back", **HOLDER, **ZONE}
UNKNOWN = {"type": "unknown"}


def look(evidence: dict[str, str], **values: str) -> Look:
    return Look(evidence, datetime(2026, 7, 1, tzinfo=UTC), KINDS, values)


@pytest.mark.parametrize(
    ("evidence", "values", "lacking"),
    [
        (FRONT, {}, "back"),
        (BACK, {}, "front"),
        ({**BACK, "issuing_country": "IND"}, {}, None),
        (FRONT, {"country": "NG"}, None),
        (FRONT, {"country": "DE"}, "back"),
        ({**BACK, "issuing_country": "IND"}, {"country": "DE"}, None),
        ({**FRONT, "type": "passport"}, {}, None),
        ({**FRONT, "type": "unknown"}, {}, None),
        ({**HOLDER, **ZONE, "type": "id_card"}, {}, None),
    ],
)
def test_the_side_that_lacks(evidence: dict[str, str], values: dict[str, str], lacking: str | None) -> None:
    found = [(f.code, f.verdict, dict(f.args)) for f in sides.both_sides(look(evidence, **values))]
    said = {"side": lacking, "kind": "id_card"}
    assert found == ([("other_side", Verdict.REJECT, said)] if lacking else [])


def test_a_side_that_may_be_there_is_for_a_person() -> None:
    whole = sides.joined(FRONT, UNKNOWN)
    assert whole is not None
    assert "side" not in whole
    (finding,) = sides.both_sides(look(whole))
    assert (finding.code, finding.verdict, finding.args["side"]) == ("side_unsure", Verdict.REVIEW, "back")


@pytest.mark.parametrize(
    ("evidence", "values", "verdict"),
    [
        ({"type": "id_card", "issuing_country": "GBR"}, {}, Verdict.REJECT),
        ({"type": "id_card", "issuing_country": "POL"}, {"country": "GB"}, None),
        ({"type": "id_card"}, {"country": "GB"}, Verdict.REVIEW),
        ({"type": "id_card", "issuing_country": "UTO"}, {"country": "GB"}, None),
        ({"type": "id_card"}, {}, None),
        ({"type": "passport", "issuing_country": "GBR"}, {}, None),
        ({"type": "driving_licence"}, {"country": "CN"}, Verdict.REVIEW),
        ({"type": "utility_bill"}, {"country": "GB"}, None),
    ],
)
def test_what_is_accepted_where(
    evidence: dict[str, str], values: dict[str, str], verdict: Verdict | None
) -> None:
    found = [(f.code, f.verdict) for f in sides.accepted_here(look(evidence, **values))]
    assert found == ([("not_accepted_here", verdict)] if verdict else [])


READ = {**HOLDER, "given_names": "ERIKA", "number": "T22", "type": "id_card"}


@pytest.mark.parametrize(
    ("country", "kind", "lacking"),
    [
        ("D", "id_card", "expires_on"),
        ("NGA", "id_card", None),
        ("NGA", "passport", "expires_on"),
        ("", "id_card", "expires_on"),
    ],
)
def test_an_expiry_is_asked_for_where_the_kind_has_one(country: str, kind: str, lacking: str | None) -> None:
    found = [f.args["fields"] for f in legible(look({**READ, "type": kind, "issuing_country": country}))]
    assert found == ([lacking] if lacking else [])


def test_front_and_back_become_one() -> None:
    for one, other in ((FRONT, BACK), (BACK, FRONT)):
        assert sides.joined(one, other) == {
            "type": "id_card",
            **HOLDER,
            **ZONE,
            "mrz_cpu_ms": "0",
        }


def test_a_picture_without_a_side_of_its_own_completes_a_card() -> None:
    for beside in ({"type": "id_card", **HOLDER}, {"type": "id_card"}):
        whole = sides.joined(BACK, beside)
        assert whole is not None
        assert not whole.keys() & {"side", "side_unsure", "conflict"}


def test_a_front_of_no_known_kind_completes_a_card() -> None:
    whole = sides.joined(BACK, {**UNKNOWN, "side": "front"})
    assert whole is not None
    assert whole["type"] == "id_card"
    assert not whole.keys() & {"side", "side_unsure"}


def test_a_permit_whose_zone_bears_the_code_of_a_card() -> None:
    for one, other in (({**FRONT, "type": "residence_permit"}, BACK), (BACK, {"type": "residence_permit"})):
        whole = sides.joined(one, other)
        assert whole is not None
        assert whole["type"] == "residence_permit"


def test_another_number_on_the_other_side_is_for_a_person() -> None:
    whole = sides.joined({**FRONT, "number": "99999999R"}, BACK)
    assert whole is not None
    assert (whole["conflict"], whole["number"]) == ("number", "T220001293")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (FRONT, FRONT),
        (BACK, BACK),
        ({"type": "id_card"}, {"type": "id_card"}),
        (FRONT, {**BACK, "type": "driving_licence"}),
        (FRONT, {**BACK, "birth_date": "1964-08-13"}),
        (FRONT, {**BACK, "surname": "MUSTER"}),
        ({"type": "id_card", "side": "front", "number": "1"}, BACK),
        (FRONT, {"type": "not_a_document"}),
        (FRONT, {"type": "utility_bill"}),
        (FRONT, {"unread": "empty"}),
        ({"type": "passport", **HOLDER}, UNKNOWN),
        (UNKNOWN, UNKNOWN),
        ({}, {}),
        (BACK, {"type": "id_card", **ZONE}),
    ],
)
def test_what_does_not_belong_together(one: dict[str, str], other: dict[str, str]) -> None:
    assert sides.joined(one, other) is None
    assert sides.joined(other, one) is None


@pytest.mark.parametrize(
    ("parts", "side", "unsure"),
    [
        ((FRONT, BACK), "", ""),
        ((FRONT, FRONT), "front", ""),
        ((BACK, FRONT, FRONT), "", ""),
        ((FRONT, UNKNOWN), "", "front"),
        ((FRONT, UNKNOWN, BACK), "", ""),
        ((UNKNOWN, BACK), "", "back"),
        ((FRONT, {"type": "not_a_document"}), "front", ""),
        (({"unread": "empty"}, FRONT), "front", ""),
        ((FRONT, {"type": "utility_bill"}), "front", ""),
        ((FRONT, {"type": "id_card"}), "", ""),
    ],
)
def test_sides_of_one_submission(parts: tuple[dict[str, str], ...], side: str, unsure: str) -> None:
    whole: dict[str, str] = {}
    for part in parts:
        whole = merged(whole, part)
    assert (whole.get("side", ""), whole.get("side_unsure", "")) == (side, unsure)


def test_a_name_is_one_in_its_own_letters_and_in_those_of_a_zone() -> None:
    printed, zone = {"surname": "Müller-Lüdenscheidt"}, {"surname": "MUELLER LUEDENSCHEIDT"}
    assert "conflict" not in merged(printed, zone)
    assert "conflict" not in merged({"surname": "Muller"}, {"surname": "Müller"})
    assert merged({"surname": "Moller"}, {"surname": "Müller"})["conflict"] == "surname"
