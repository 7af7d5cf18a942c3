"""Reports of suspicion: what is in them, what is missing, and that they fit goAML's structure."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.model import Alert, Key, Submission, Transaction
from bot.reports.brief import Brief, Reporter
from bot.reports.codes import Codes
from bot.reports.latin import latin, parted
from bot.reports.money import Money
from bot.reports.sar import Draft, draft
from bot.reports.values import Element
from bot.reports.xml import written
from tests.world import PASSPORT, SENT, START, TAPPED, World

etree = pytest.importorskip("lxml.etree")
OURS = Path(__file__).parent / "goaml.xsd"
LICENCE = {
    **PASSPORT,
    "type": "driving_licence",
    "issuing_country": "GBR",
    "issued_on": "2020-05-04",
    "sex": "F",
}
MONEY = Money("EUR", {})
BRIEF = Brief(Reporter(1234, "Grace Hopper", "grace@example.org"), "c0ffee-1", START, MONEY)
ALERT = Alert(
    START,
    "structuring",
    "2026-W45",
    quiet=True,
    why={"count": "4", "from": "9000", "under": "10000"},
    transactions=("t1", "t2", "t3", "t4"),
)
MOVED = (
    Transaction("t1", "s", START, "9500", "EUR", "in", "a" * 64, "FR", "card", "b" * 64),
    Transaction("t2", "s", START, "12.5", "USD", "refund", "a" * 64, "", "wallet"),
    Transaction("t3", "s", START, "9000", "EUR", "out", "", "", "crypto"),
    Transaction("t4", "s", START, "80", "GBP", "chargeback", "c" * 64, "GB", ""),
)


def schemas() -> Iterator[Any]:
    """Our own structure, and the licensed schema where it is at hand."""
    yield pytest.param(OURS, id="ours")
    home = os.environ.get("KYC_SPECIMENS", "")
    real = Path(home) / "goaml" / "goAMLSchema.xsd"
    there = bool(home) and real.exists()
    skip = pytest.mark.skipif(not there, reason="no KYC_SPECIMENS/goaml/goAMLSchema.xsd")
    yield pytest.param(real, id="goAML 5.0.2", marks=skip)


def seller(form: str, monkeypatch: pytest.MonkeyPatch, paper: dict[str, str] = PASSPORT) -> World:
    """A seller of this legal form who has answered everything, and an alert that nobody but compliance knows of."""
    world = World()
    monkeypatch.setitem(TAPPED, "legal_form", form)
    monkeypatch.setitem(SENT, "identity", paper)
    world.given(command="start")
    world.finish()
    world.add(ALERT)
    return world


def drafted(world: World, moved: tuple[Transaction, ...] = (), brief: Brief = BRIEF) -> Draft:
    return draft(world.case, world.standing(), moved, brief)


def found(element: Element, *path: str) -> list[str]:
    """The texts at a path of names."""
    if not path:
        return [element.text]
    return [text for part in element.parts if part.name == path[0] for text in found(part, *path[1:])]


@pytest.mark.parametrize("schema", [*schemas()])
@pytest.mark.parametrize("moved", [(), MOVED], ids=["SAR", "STR"])
@pytest.mark.parametrize("form", ["individual", "sole_trader", "company"])
@pytest.mark.parametrize("paper", [PASSPORT, LICENCE], ids=["passport", "licence"])
def test_a_report_fits_the_schema(
    form: str,
    paper: dict[str, str],
    moved: tuple[Transaction, ...],
    schema: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = drafted(seller(form, monkeypatch, paper), moved)
    assert made.missing == ()
    assert made.kind == ("STR" if moved else "SAR")
    judge = etree.XMLSchema(etree.parse(schema))
    judge.validate(etree.fromstring(written(made.report)))
    assert str(judge.error_log) == ""
