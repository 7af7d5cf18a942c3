"""A ring at one account, at the desk: what compliance reads, the picture, the report's reason, and the past tried anew."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.cli.assemble import drawn
from bot.cli.monitor import backtest
from bot.model import Alert, Transaction
from bot.reports.reasons import sentence
from handlers.telegram.timeline import span_of, timeline
from tests.talk import Talk
from tests.test_monitor_cli import settings

RULE = "many_sellers_one_payee"


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    talk = Talk(f"sqlite:///{tmp_path / 'kyc.sqlite3'}", tmp_path)
    yield talk
    await talk.storage.close()


def crowd(now: datetime) -> list[Transaction]:
    """Others who have sold for two months."""
    began = now - timedelta(days=60)
    return [
        Transaction(f"c{n}", f"old{n}", began + timedelta(hours=n), "30", "EUR", "in", f"b{n}")
        for n in range(40)
    ]


def ring(sellers: list[str], now: datetime) -> list[Transaction]:
    """Each takes in 800 and sends 760 on, in turn."""
    rows = []
    for n, seller in enumerate(sellers):
        came = now - timedelta(days=9 - n)
        rows += [
            Transaction(f"in{n}", seller, came, "800", "EUR", "in", f"buyer{n}"),
            Transaction(
                f"out{n}", seller, came + timedelta(hours=30), "760", "EUR", "out", "IBAN of the mule"
            ),
        ]
    return rows


@pytest.mark.parametrize("nth", [0, 2, 4])
async def test_compliance_reads_how_many_sellers_and_the_sum(talk: Talk, nth: int) -> None:
    for n in range(5):
        await talk.seller(chat=f"tg:{n + 1}", command="start")
    names, now = [str(await talk.case(f"tg:{n + 1}")) for n in range(5)], talk.clock.now()
    case = await talk.case(f"tg:{nth + 1}")
    await talk.storage.ledger.add(crowd(now))
    rows = sorted(ring(names, now), key=lambda row: row.at)
    said = [text for row in rows for text in await talk.keep(await talk.desk.observe([row]))]
    cards = [text for text in said if "to one account" in text]
    assert len(cards) == 5
    (card,) = (text for text in cards if case in text)
    assert "Many sellers, one account" in card
    count = max(nth + 1, 4)
    sums = f"{count * 760:,}"
    day = f"{rows[2 * count - 1].at:%B} {rows[2 * count - 1].at.day}"
    assert (
        f"{count} sellers sent {sums} EUR, nearly all that they took in, to one account within 30 days, up to {day}"
        in card
    )
    kept = (await talk.storage.cases.load(case)).history
    (of,) = (n for n, record in enumerate(kept, 1) if isinstance(record, Alert) and record.rule == RULE)
    alert = kept[of - 1]
    assert isinstance(alert, Alert)
    assert alert.quiet
    assert sentence(alert).startswith(
        f"{count} sellers sent {sums} euro, nearly all that they took in, to one account"
    )
    own = await talk.storage.ledger.those([f"out{nth}"])
    around = await talk.storage.ledger.between(case, *span_of(own))
    assert await drawn(talk.storage, case, of) == timeline(own, around)


async def test_the_rule_is_tried_on_the_past(
    talk: Talk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    now = datetime.now(UTC)
    await talk.storage.ledger.add(crowd(now) + ring(["a", "b", "c", "d"], now))
    await backtest(settings(tmp_path), RULE, timedelta(days=20), as_json=True)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {line["seller"] for line in lines[:-1]} == set("abcd")
    assert lines[-1]["alerts"] == 4
