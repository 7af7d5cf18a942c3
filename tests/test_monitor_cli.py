"""`monitor replay` and `monitor backtest` beside a store: what is known of a seller counts, and nothing is written."""

from __future__ import annotations

import asyncio
import base64
import io
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.cli.monitor import backtest, replay
from bot.cli.profiles import known_profiles, profiles
from bot.model import CaseId, Override, Tier, Transaction
from bot.ports import Change, Index
from bot.settings import Settings
from tests.conftest import MASTER
from tests.talk import Talk

ROW = "t1,{},2026-03-01T10:00:00Z,4000,EUR,in,p,DE,card,c\n"
HEADER = "id,seller,at,amount,currency,direction,counterparty,counterparty_country,method,card\n"


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    talk = Talk(f"sqlite:///{tmp_path / 'kyc.sqlite3'}", tmp_path)
    yield talk
    await talk.storage.close()


async def watched_closely(talk: Talk) -> str:
    """A seller whose tier was set to high by hand."""
    await talk.seller(command="start")
    case = await talk.storage.cases.load(await talk.case())
    now = talk.clock.now()
    override = Override(now, Tier.HIGH, now + timedelta(days=9_000), "tg:9")
    change = Change(case.id, len(case), (override,), (), Index(), binds=("seller:shop-7",))
    await talk.storage.cases.save(change)
    return case.id


def settings(home: Path) -> Settings:
    return Settings(kyc_home=home, master_key=SecretStr(base64.b64encode(MASTER).decode()), _env_file=None)


def rules(file: str, home: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    known = partial(known_profiles, settings(home))
    assert replay(io.StringIO(HEADER + file), as_json=True, of=known) == 0
    return [json.loads(line).get("rule", "") for line in capsys.readouterr().out.splitlines()[:-1]]


async def test_the_store_knows_sellers_by_case_and_by_the_marketplaces_name(talk: Talk) -> None:
    case = await watched_closely(talk)
    found = await profiles(talk.storage, [case, "nobody"])
    assert {name: one.tier for name, one in found.items()} == {case: Tier.HIGH}
    found = await profiles(talk.storage, ["shop-7", "shop-8"])
    assert {name: one.tier for name, one in found.items()} == {"shop-7": Tier.HIGH}


async def test_a_replay_watches_a_high_risk_more_closely(
    talk: Talk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await watched_closely(talk)
    for seller, said in (("shop-8", []), ("shop-7", ["single_large"])):
        assert await asyncio.to_thread(rules, ROW.format(seller), tmp_path, capsys) == said


async def test_a_backtest_does_too_and_records_nothing(
    talk: Talk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case, now = await watched_closely(talk), datetime.now(UTC)
    rows = [
        Transaction(name, name, now - timedelta(hours=1), "4000", "EUR", "in")
        for name in ("shop-7", "shop-8")
    ]
    await talk.storage.ledger.add(rows)
    before = len(await talk.storage.cases.load(CaseId(case)))
    await backtest(settings(tmp_path), "single_large", timedelta(days=1), as_json=True)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["seller"] for line in lines[:-1]] == ["shop-7"]
    assert (lines[-1]["transactions"], lines[-1]["alerts"]) == (2, 1)
    assert len(await talk.storage.cases.load(CaseId(case))) == before


def test_a_replay_makes_no_store(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert rules(ROW.format("s"), tmp_path / "home", capsys) == []
    assert not (tmp_path / "home").exists()
