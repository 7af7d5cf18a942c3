"""Follow-ups through the desk and a real database: what is kept, what is due, who cannot be reached."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.model import CaseId, Pause, Reach
from tests.talk import Talk

DAY = timedelta(days=1)


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    talk = Talk(f"sqlite:///{tmp_path / 'kyc.sqlite3'}", tmp_path)
    yield talk
    await talk.storage.close()


async def _begun(talk: Talk) -> CaseId:
    await talk.seller(command="start")
    await talk.finish("identity")
    return await talk.case()


async def test_a_refused_message_marks_the_seller_once_and_stops_every_reminder(talk: Talk) -> None:
    case = await _begun(talk)
    await talk.desk.blocked(case)
    await talk.desk.blocked(case)
    history = (await talk.storage.cases.load(case)).history
    assert [r.reachable for r in history if isinstance(r, Reach)] == [False]
    assert await talk.passes(20 * DAY) == []


async def test_who_comes_back_after_a_restart_is_asked_again_and_reminded_again(talk: Talk) -> None:
    case = await _begun(talk)
    await talk.desk.blocked(case)
    await talk.restart()
    await talk.passes(5 * DAY)
    (heard,) = await talk.seller(other="unblocked")
    assert heard.startswith("Good to have you back! Nothing was lost.")
    assert "Please send a photo of your identity document" in heard
    assert any("Still there?" in words for words in await talk.passes(2 * DAY))


async def test_a_case_that_is_gone_is_nobody_to_mark(talk: Talk) -> None:
    await talk.desk.blocked(CaseId("nobody"))
    case = await _begun(talk)
    await talk.seller(command="cancel")
    await talk.tap("Stop, and delete what I gave")
    await talk.drain()
    before = len((await talk.storage.cases.load(case)).history)
    await talk.desk.blocked(case)
    assert len((await talk.storage.cases.load(case)).history) == before


async def test_a_reminder_is_put_off_by_a_tap_and_the_day_outlives_a_restart(talk: Talk) -> None:
    case = await _begun(talk)
    await talk.passes(1.5 * DAY)
    (heard,) = await talk.tap("In 3 days")
    assert heard.startswith("Good: I will remind you on November 6, 2026.")
    (pause,) = [r for r in (await talk.storage.cases.load(case)).history if isinstance(r, Pause)]
    await talk.restart()
    assert await talk.passes(2 * DAY) == []
    assert pause.until > talk.clock.instant
    (reminder,) = await talk.passes(1 * DAY)
    assert reminder.startswith("As you wished, here is your reminder.")


async def test_the_clock_they_told_moves_their_night(talk: Talk) -> None:
    await _begun(talk)
    await talk.seller(command="time")
    await talk.seller(text="23:00")  # it is 10:00 UTC: thirteen hours ahead
    await talk.passes(DAY)
    assert await talk.storage.cases.next_due() == talk.clock.instant.replace(hour=20, minute=0, second=0)
