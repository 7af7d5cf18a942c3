"""The measurement itself: every seller is answered, by the edge alone and by each peer."""

from __future__ import annotations

import pytest

from handlers.bench.chat import StartError, main, started


@pytest.mark.parametrize("peer", ["aiogram", "aiogram-riding"])
async def test_both_bots_answer_every_update(peer: str) -> None:
    result = await main(sellers=5, turns=7, rounds=1, peer=peer, bot="floor")
    for one in (result, result["peer"]):
        assert (one["updates"], one["errors"]) == (35, 0)
        assert one["taps"] == 15
        assert one["cpu_us_per_update"] > 0
    assert result["riding"] == 35
    assert result["peer"]["riding"] == (35 if peer == "aiogram-riding" else 0)


async def test_a_bot_that_does_not_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "handlers.bench.chat.PLAYERS", {"broken": ("-c", "raise SystemExit('no such setting')")}
    )
    with pytest.raises(StartError, match="no such setting"):
        async with started("broken"):
            pytest.fail("it started")
