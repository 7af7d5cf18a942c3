"""Every check: evidence in, findings out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.checks import Look, judge
from bot.checks.evidence import sound
from bot.documents.address import ADDRESS_PROOF
from bot.documents.base import Document
from bot.documents.identity import IDENTITY
from bot.model import Verdict
from tests.world import BILL, LICENCE, PAINTING, PASSPORT

NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)
SMALL_GREY = {"width": "300", "height": "200", "brightness": "120", "sharpness": "400", "mrz_valid": ""}


@pytest.mark.parametrize(
    ("changes", "values", "found"),
    [
        ({}, {}, []),
        ({}, {"full_name": "Ada Lovelace", "birth_date": "1990-12-10"}, []),
        ({}, {"full_name": "LOVELACE Ada Augusta"}, []),
        ({}, {"full_name": "Ada Lovelage"}, ["name_near"]),
        ({}, {"full_name": "Charles Babbage"}, ["name_differs"]),
        ({}, {"birth_date": "1990-12-11"}, ["birth_differs"]),
        ({"expires_on": "2026-11-01"}, {}, ["expired"]),
        ({"expires_on": "2026-11-02"}, {}, []),
        ({"birth_date": "2008-11-03"}, {}, ["under_age"]),
        ({"birth_date": "2008-11-02"}, {}, []),
        ({"number": ""}, {}, ["incomplete"]),
        ({"mrz_valid": "false"}, {}, ["mrz_digits"]),
        ({"mrz_valid": ""}, {}, ["mrz_missing"]),
        ({"printed_number": "differs"}, {}, ["number_differs"]),
        ({"conflict": "surname"}, {}, ["sides_differ"]),
        ({"conflict": "number", "barcode_valid": "true"}, {}, ["barcode_differs"]),
        ({"barcode_valid": "false", "barcode_failed": "number"}, {}, ["barcode_failed"]),
        ({"personal_number": "44051401458", "issuing_country": "POL"}, {}, ["number_invalid"]),
        ({"type": "visa"}, {}, ["wrong_kind"]),
        ({"type": "unknown"}, {}, ["unknown_kind"]),
        ({"unread": "empty"}, {}, ["unread.empty"]),
        ({"type": "", "mrz_valid": "", "unread": "timeout"}, {}, ["unread"]),
        (SMALL_GREY, {}, ["too_small"]),
        ({"mrz_valid": "", "brightness": "30"}, {}, ["dark"]),
        ({"mrz_valid": "", "sharpness": "7"}, {}, ["blurred"]),
        ({"brightness": "30", "sharpness": "7"}, {}, []),
        (dict(PAINTING), {}, ["not_a_document"]),
        (dict(LICENCE), {}, ["expired"]),
    ],
)
def test_identity(changes: dict[str, str], values: dict[str, str], found: list[str]) -> None:
    assert _codes(IDENTITY, PASSPORT | changes, values) == found


@pytest.mark.parametrize(
    ("changes", "values", "found"),
    [
        ({}, {"full_name": "Ada Lovelace"}, []),
        ({}, {"full_name": "Charles Babbage"}, ["holder_unsure"]),
        ({}, {}, ["holder_unsure"]),
        ({"issued_on": "2026-08-02"}, {"full_name": "Ada Lovelace"}, []),
        ({"issued_on": "2026-08-01"}, {"full_name": "Ada Lovelace"}, ["too_old"]),
        ({"issued_on": ""}, {"full_name": "Ada Lovelace"}, ["incomplete"]),
        ({"type": "passport"}, {}, ["wrong_kind"]),
    ],
)
def test_address_proof(changes: dict[str, str], values: dict[str, str], found: list[str]) -> None:
    assert _codes(ADDRESS_PROOF, BILL | changes, values) == found


def _codes(document: Document, evidence: dict[str, str], values: dict[str, str]) -> list[str]:
    findings = judge(Look(sound(evidence), NOW, document.accepts, values), document.checks)
    assert [f.verdict for f in findings] == sorted((f.verdict for f in findings), reverse=True)
    assert all(f.verdict is not Verdict.PASS for f in findings)
    return [f.code for f in findings]


def test_evidence_is_made_sound() -> None:
    assert sound({"birth_date": "2011-02-29", "expires_on": "2030-01-01", "number": "", "width": "wide"}) == {
        "expires_on": "2030-01-01"
    }
