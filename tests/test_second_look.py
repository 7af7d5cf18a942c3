"""Some of the policy's own approvals are looked at by a person who is not told what the machine found."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.model import Stage
from bot.policy import POLICIES
from bot.reports.regulator import count
from tests.talk import Talk


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    talk = Talk(f"sqlite:///{tmp_path / 'kyc.sqlite3'}", tmp_path)
    talk.desk.second_looks = 100
    yield talk
    await talk.storage.close()


async def sells(talk: Talk) -> list[str]:
    await talk.seller(command="start")
    return await talk.finish()


async def figures(talk: Talk) -> dict[str, int]:
    case = await talk.storage.cases.load(await talk.case())
    found = count(POLICIES[-1], talk.clock.now() - timedelta(days=9), talk.clock.now() + timedelta(days=9))
    found.add(case)
    return {name: n for (section, name, _), n in found.counts.items() if section == "second_looks"}


async def test_the_seller_sells_at_once_and_staff_see_nothing_of_the_machines_mind(talk: Talk) -> None:
    heard = await sells(talk)
    spoken = [line for line in heard if not line.startswith("staff: ")]
    assert "You can sell" in spoken[-1]
    (card,) = [line for line in heard if line.startswith("staff: ")]
    assert "drawn by lot for a second look" in card
    assert "Read: ADA LOVELACE" in card
    assert not any(word in card for word in ("risk", "points", "accepted", "Approved", "policy"))
    assert [label for label, _ in talk.buttons["staff"]] == ["Approve", "Ask for a document …", "Suspend …"]
    assert await figures(talk) == {"drawn": 1}


async def test_who_agrees_ends_it_and_the_seller_hears_nothing(talk: Talk) -> None:
    await sells(talk)
    after = await talk.staff("Approve")
    assert [line for line in after if not line.startswith("staff: ")] == []
    assert "Approved by" in after[-1]
    _, standing = await talk.desk.show(await talk.case())
    assert (standing.stage, standing.needs_person) == (Stage.APPROVED, False)
    assert await figures(talk) == {"drawn": 1, "agreed": 1}
    assert not any("staff: " in line for line in await talk.passes(timedelta(days=5)))


async def test_who_does_not_suspends_and_says_why(talk: Talk) -> None:
    await sells(talk)
    await talk.staff("Suspend …")
    await talk.staff("We are checking something")
    _, standing = await talk.desk.show(await talk.case())
    assert standing.stage is Stage.SUSPENDED
    assert await figures(talk) == {"drawn": 1, "differed": 1}


async def test_a_second_look_that_waits_is_in_the_queue_and_staff_are_told_again(talk: Talk) -> None:
    await sells(talk)
    assert await talk.storage.register.queue() == (await talk.case(),)
    later = await talk.passes(timedelta(days=2))
    assert any("second look" in line for line in later if line.startswith("staff: "))
    assert not any("takes longer" in line for line in later)


async def test_without_the_lot_nobody_looks(talk: Talk) -> None:
    talk.desk.second_looks = 0
    assert not any(line.startswith("staff: ") for line in await sells(talk))
    assert await figures(talk) == {}
