"""The measurement itself: every seller is answered, by the edge alone and by each peer."""

from __future__ import annotations

import pytest

from handlers.bench.chat import StartError, main, started


async def test_both_bots_answer_every_update() -> None:
    result = await main(sellers=5, turns=7, rounds=1, peer="aiogram-riding", bot="floor")
    for one in (result, result["peer"]):
        assert (one["updates"], one["errors"]) == (35, 0)
        assert one["taps"] == 15
        assert one["cpu_us_per_update"] > 0
    assert result["riding"] == result["peer"]["riding"] == 35


async def test_a_bot_that_does_not_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "handlers.bench.chat.PLAYERS", {"broken": ("-c", "raise SystemExit('no such setting')")}
    )
    with pytest.raises(StartError, match="no such setting"):
        async with started("broken"):
            pytest.fail("it started")
