"""Staff's reminder to many: whom a filter names, and what becomes of each."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.cli.remind import remind, wanted
from bot.settings import Settings, SettingsError
from tests.talk import Talk
from tests.world import START


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    talk = Talk(f"sqlite:///{tmp_path / 'kyc.sqlite3'}", tmp_path)
    await talk.seller(command="start")
    await talk.finish("identity")
    await talk.seller(chat="tg:2", command="start")
    yield talk
    await talk.storage.close()


@pytest.mark.parametrize(
    ("filters", "chats"),
    [
        ({}, ["tg:1", "tg:2"]),
        ({"country": "DE"}, ["tg:1"]),
        ({"stage": "collecting", "tier": "low"}, ["tg:1", "tg:2"]),
        ({"owed": "notice"}, ["tg:2"]),
        ({"owed": "identity", "country": "DE"}, ["tg:1"]),
        ({"owed": "ident"}, []),
        ({"stage": "approved"}, []),
    ],
)
async def test_a_filter_names_cases_by_their_index(
    talk: Talk, filters: dict[str, str], chats: list[str]
) -> None:
    expected = {await talk.case(chat) for chat in chats}
    assert set(await talk.storage.register.select(filters)) == expected


async def test_each_is_reminded_once_a_day_and_not_at_night(talk: Talk) -> None:
    case = await talk.case()
    assert await talk.desk.remind(case, dry=True) == ("reminded", ())
    word, (parcel,) = await talk.desk.remind(case)
    assert word == "reminded"
    assert parcel.message.bulk
    assert [say.key for say in parcel.message.says] == ["remind.staff", "ask.identity", "genuine"]
    assert await talk.desk.remind(case) == ("reminded_today", ())
    talk.clock.instant = START.replace(hour=2) + timedelta(days=2)
    assert await talk.desk.remind(case) == ("asleep", ())


async def test_who_owes_nothing_is_left_alone(talk: Talk) -> None:
    await talk.finish()
    assert await talk.desk.remind(await talk.case()) == ("nothing_open", ())


@pytest.mark.parametrize(
    "wrong", ["stage", "stage=", "stage=sleeping", "colour=red", "owed=money", "owed=identity.x"]
)
def test_a_filter_that_names_nothing_there_is_is_refused(wrong: str) -> None:
    with pytest.raises(SettingsError, match="--filter"):
        wanted([wrong])


async def test_the_command_counts(tmp_path: Path) -> None:
    lines: list[str] = []
    await remind(Settings(kyc_home=tmp_path), ["country=de"], lines.append, dry=True, as_json=True)
    assert lines == ['{"matched": 0, "dry_run": true}']


async def test_without_a_token_nothing_is_sent(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="TELEGRAM_BOT_TOKEN"):
        await remind(Settings(kyc_home=tmp_path), [], print, dry=False, as_json=True)
