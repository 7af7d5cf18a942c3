"""Every check: evidence in, findings out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.checks import Look, judge
from bot.checks.evidence import sound
from bot.documents.address import ADDRESS_PROOF
from bot.documents.base import Document
from bot.documents.company import INCORPORATION
from bot.documents.identity import IDENTITY
from bot.model import Verdict
from tests.world import BILL, EXTRACT, LICENCE, PAINTING, PASSPORT

HOME = {"full_name": "Ada Lovelace", "address": "12 Main Street, 10115 Berlin"}
NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)
LARGE = {"width": "1200", "height": "900", "brightness": "120", "sharpness": "400", "mrz_valid": ""}
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
        ({}, {"birth_date": "1990-10-12"}, ["birth_differs"]),
        ({}, {"birth_date": "1971-04-23"}, ["birth_another"]),
        ({"printed_number": "near"}, {}, ["print_near"]),
        ({"printed_birth_date": "differs"}, {}, ["print_differs"]),
        ({"printed_surname": "same"}, {}, []),
        ({"edited": "GIMP 2.10"}, {}, ["edited"]),
        ({"zone_outlier": "10,500,20,30,900,600"}, {}, ["zone_outlier"]),
        ({"island": "10,500,20,30,900,600"}, {}, ["island"]),
        ({"specimen": "UTO"}, {}, ["specimen"]),
        ({"screen": "14.0"}, {}, ["from_screen"]),
        ({"skipped": "pages"}, {}, ["pages_left"]),
        ({"several": "zones"}, {}, ["several_documents"]),
        (LARGE | {"screen": "14.0"}, {}, ["screen"]),
        (LARGE | {"cut_off": "true"}, {}, ["cut_off"]),
        (LARGE | {"glare_at": "0.1,0.1,0.2,0.2", "number": ""}, {}, ["glare"]),
        (LARGE | {"glare_at": "0.1,0.1,0.2,0.2"}, {}, ["mrz_missing"]),
        ({"cut_off": "true", "glare_at": "0.1,0.1,0.2,0.2"}, {}, []),
        ({"expires_on": "2026-11-01"}, {}, ["expired"]),
        ({"expires_on": "2026-11-02"}, {}, []),
        ({"birth_date": "2008-11-03"}, {}, ["under_age"]),
        ({"birth_date": "2008-11-02"}, {}, []),
        ({"number": ""}, {}, ["incomplete"]),
        ({"mrz_valid": "false"}, {}, ["mrz_digits"]),
        ({"mrz_valid": ""}, {}, ["mrz_missing"]),
        ({"printed_number": "differs"}, {}, ["number_differs"]),
        ({"print": "none"}, {}, ["print_missing"]),
        ({"issuing_country": "OLK"}, {}, ["issuer_unknown"]),
        ({"nationality": "BOU"}, {}, ["issuer_unknown"]),
        ({"issuing_country": "UNO"}, {}, []),
        ({"given_names": ""}, {}, []),
        ({"given_names": "", "mrz_valid": ""}, {}, ["incomplete", "mrz_missing"]),
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
        ({}, {"full_name": "Charles Babbage"}, ["holder_differs"]),
        ({}, {"full_name": "Ada Lovelage"}, ["holder_near"]),
        (
            {"holder": "ANALYTICAL ENGINES"},
            {"full_name": "Ada Lovelace", "company_name": "Analytical Engines"},
            [],
        ),
        ({"issued_on": "2026-08-01", "yearly": "true"}, {"full_name": "Ada Lovelace"}, []),
        ({"issued_on": "2025-10-31", "yearly": "true"}, {"full_name": "Ada Lovelace"}, ["too_old"]),
        ({"issued_on": "2026-11-05"}, {"full_name": "Ada Lovelace"}, ["dated_ahead"]),
        ({"address": "Main St. 12, Berlin"}, HOME, []),
        ({"address": ""}, HOME, ["address_unread"]),
        ({"address": ""}, {"full_name": "Ada Lovelace"}, []),  # none was typed
        ({"address": "13 Main Street, Berlin"}, HOME, ["address_near"]),
        ({"address": "7 Oak Avenue, 20095 Hamburg"}, HOME, ["address_differs"]),
        ({}, {}, ["holder_unsure"]),
        ({"issued_on": "2026-08-02"}, {"full_name": "Ada Lovelace"}, []),
        ({"issued_on": "2026-08-01"}, {"full_name": "Ada Lovelace"}, ["too_old"]),
        ({"issued_on": ""}, {"full_name": "Ada Lovelace"}, ["incomplete"]),
        ({"type": "passport"}, {}, ["wrong_kind"]),
    ],
)
def test_address_proof(changes: dict[str, str], values: dict[str, str], found: list[str]) -> None:
    assert _codes(ADDRESS_PROOF, BILL | changes, values) == found


@pytest.mark.parametrize(
    ("changes", "values", "found"),
    [
        ({}, {"company_name": "Analytical Engines GmbH"}, []),
        ({"legal_name": "ANALYTICAL ENGINES LIMITED"}, {"company_name": "Analytical Engines Ltd."}, []),
        (
            {"legal_name": "ANALYTICAL ENGINE GMBH"},
            {"company_name": "Analytical Engines GmbH"},
            ["company_near"],
        ),
        ({}, {"company_name": "Difference Works AG"}, ["company_differs"]),
        ({"holder": ""}, {"company_name": "Analytical Engines GmbH"}, ["company_unsure"]),
        ({"register_number": "HRB 11223"}, {"register_number": "HRB 11223 Aachen"}, []),
        (
            {"register_number": "HRB 11224"},
            {"register_number": "HRB 11223 Aachen"},
            ["register_number_differs"],
        ),
    ],
)
def test_a_company_paper(changes: dict[str, str], values: dict[str, str], found: list[str]) -> None:
    assert _codes(INCORPORATION, EXTRACT | changes, {"company_name": EXTRACT["holder"]} | values) == found


def _codes(document: Document, evidence: dict[str, str], values: dict[str, str]) -> list[str]:
    findings = judge(Look(sound(evidence), NOW, document.accepts, values), document.checks)
    assert [f.verdict for f in findings] == sorted((f.verdict for f in findings), reverse=True)
    assert all(f.verdict is not Verdict.PASS for f in findings)
    return [f.code for f in findings]


def test_evidence_is_made_sound() -> None:
    assert sound({"birth_date": "2011-02-29", "expires_on": "2030-01-01", "number": "", "width": "wide"}) == {
        "expires_on": "2030-01-01"
    }
