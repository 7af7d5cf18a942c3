"""What was reported is kept for as long as the law wants; its seller hears what everybody hears."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.cli.cases import erase
from bot.model import Alert, Cleared, Disposition, Filing, Match, Record, Screened, erased
from bot.quiet import KEPT
from bot.settings import Settings, SettingsError
from bot.turn import Turn
from tests.talk import MASTER, Talk

DAY = timedelta(days=1)
BEGINS = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    talk = Talk(f"sqlite:///{tmp_path / 'kyc.sqlite3'}", tmp_path)
    yield talk
    await talk.storage.close()


async def filed(talk: Talk, *states: str) -> None:
    """Officers write that a report was drafted, filed, or not made."""
    for state in states:
        filing = Filing(talk.clock.now(), state, "ann", "", "ref")
        await talk.desk.change(await talk.case(), lambda _, __, one=filing: Turn((one,), asks=False), "")  # type: ignore[misc]


async def gone(talk: Talk) -> bool:
    return erased(await talk.storage.cases.load(await talk.case()))


async def leaves(talk: Talk) -> list[str]:
    """The seller stops, and wants what they gave to be deleted."""
    await talk.seller(command="start")
    await talk.finish("email")
    return []


@pytest.mark.parametrize(
    ("states", "kept"),
    [
        ((), False),
        (("drafted",), True),
        (("drafted", "filed"), True),
        (("drafted", "not_to_report"), False),
        (
            ("drafted", "filed", "drafted", "not_to_report"),
            True,
        ),  # of another report than the one that was filed
        (("drafted", "filed", "erased"), False),
    ],
)
async def test_who_is_silent_is_erased_unless_a_report_rests_on_it(
    talk: Talk, states: tuple[str, ...], kept: bool
) -> None:
    await leaves(talk)
    await filed(talk, *states)
    await talk.passes(100 * DAY)
    assert await gone(talk) is not kept
    await talk.passes(KEPT)
    assert await gone(talk)


@pytest.mark.parametrize("states", [(), ("filed",)])
async def test_who_stops_hears_the_same_and_what_was_reported_stays(
    talk: Talk, states: tuple[str, ...]
) -> None:
    await leaves(talk)
    await filed(talk, *states)
    await talk.seller(command="cancel")
    label = next(text for text, data in talk.buttons["tg:1"][::-1] if "elete" in text)
    heard = await talk.tap(label)
    heard += await talk.drain()
    assert any("deleted" in line or "erase" in line for line in heard)
    assert await gone(talk) is not bool(states)
    again = await talk.seller(text="hello again")
    assert "Hello! I check sellers" in again[0]
    assert not await gone(talk)  # another case


ALERT = Alert(BEGINS, "structuring", "2026-W10", True, {"count": "5", "under": "1000"})
SCREENED = Screened(BEGINS, "digest", "1", (Match("pair", "Ada", "LOVELACE", "1", "OFAC", 100, "the same"),))


@pytest.mark.parametrize(
    ("records", "kept"),
    [
        ((ALERT,), True),
        ((ALERT, "dismissed"), False),
        ((ALERT, "reported"), True),
        ((ALERT, "reported", "not_to_report"), False),
        ((SCREENED,), True),
        ((SCREENED, Cleared(BEGINS, "pair", False, "ann")), False),
        ((SCREENED, Cleared(BEGINS, "pair", True, "ann")), True),
    ],
)
async def test_what_may_have_to_be_reported_stays_until_that_is_decided(
    talk: Talk, records: tuple[Record | str, ...], kept: bool
) -> None:
    await leaves(talk)
    for record in records:
        if record == "not_to_report":
            await filed(talk, record)
            continue
        stored = await talk.storage.cases.load(await talk.case())
        last = next((n for n, each in reversed(list(stored.records())) if isinstance(each, Alert)), 0)
        now = talk.clock.now()
        one = Disposition(now, last, record, "ann") if isinstance(record, str) else replace(record, at=now)
        await talk.desk.change(stored.id, lambda _, __, one=one: Turn((one,), asks=False), "")  # type: ignore[misc]
    await talk.seller(command="cancel")
    await talk.tap(next(text for text, data in talk.buttons["tg:1"][::-1] if "elete" in text))
    await talk.drain()
    assert await gone(talk) is not kept


async def test_compliance_hears_of_a_seller_who_wants_what_is_kept_deleted(talk: Talk) -> None:
    await leaves(talk)
    alert = replace(ALERT, at=talk.clock.now())
    await talk.desk.change(await talk.case(), lambda _, __: Turn((alert,), asks=False), "")
    await talk.seller(command="cancel")
    heard = await talk.tap(next(text for text, data in talk.buttons["tg:1"][::-1] if "elete" in text))
    (card,) = [text for text in heard if text.startswith("compliance: ")]
    assert "The seller wants everything deleted and was told that it will be. It is kept until" in card
    assert await talk.drain() == []


async def test_an_operator_must_insist(talk: Talk, tmp_path: Path) -> None:
    import base64

    await leaves(talk)
    await filed(talk, "filed")
    case = await talk.case()
    found = Settings(kyc_home=tmp_path, master_key=base64.b64encode(MASTER).decode())
    with pytest.raises(SettingsError, match="kept until"):
        await erase(found, case)
    assert not await gone(talk)
    with pytest.raises(SettingsError, match="with --by and --reason"):
        await erase(found, case, anyway=True)
    assert not await gone(talk)
    await erase(found, case, anyway=True, by="Olga", reason="ordered by a court")
    await talk.restart()
    assert await gone(talk)
    left = (await talk.storage.cases.load(case)).history[-1]
    assert isinstance(left, Filing)
    assert (left.state, left.by, left.reason) == ("erased", "Olga", "ordered by a court")
    assert (await talk.storage.audit()).broken == ()
    assert (await talk.seller(text="hello again"))[0].startswith("Hello! I check sellers")
