"""`policy show` and `policy adopt`: tables with every reason, and two officers for a version to decide."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.cli.policy import adopt, described
from bot.monitoring.table import RULES
from bot.policy import POLICIES
from bot.settings import Settings, SettingsError
from storage import Storage, migrate

STAFF = "1:officer:Ann Lee,2:officer:Bo Chen,3:reviewer:Cy Diaz"
VERSION = POLICIES[-1].version


def settings(home: Path) -> Settings:
    found = Settings(kyc_home=home, staff=STAFF)
    migrate(found.database())
    return found


async def adopted(found: Settings) -> tuple[str, str] | None:
    from bot.cli.store import opened

    storage: Storage = opened(found, create=False)
    try:
        return await storage.policies.adopted()
    finally:
        await storage.close()


async def test_a_version_decides_once_two_officers_say_so(tmp_path: Path) -> None:
    found = settings(tmp_path)
    assert await adopted(found) is None
    assert not await adopt(found, VERSION, "Ann Lee", "a new law")
    assert await adopted(found) is None
    assert not await adopt(found, VERSION, "1", "I say it again")  # the same person by another name
    assert await adopted(found) is None
    assert await adopt(found, VERSION, "Bo Chen", "read and agreed") == "Ann Lee"
    assert await adopted(found) == (VERSION, POLICIES[-1].fingerprint())


async def test_what_was_said_before_an_adoption_does_not_count_for_the_next(tmp_path: Path) -> None:
    found = settings(tmp_path)
    await adopt(found, VERSION, "1", "a new law")
    await adopt(found, VERSION, "2", "agreed")
    assert not await adopt(found, VERSION, "2", "once more")


@pytest.mark.parametrize("by", ["Cy Diaz", "3", "tg:3", "somebody", ""])
async def test_nobody_but_an_officer_adopts(tmp_path: Path, by: str) -> None:
    with pytest.raises(SettingsError, match="no compliance officer"):
        await adopt(settings(tmp_path), VERSION, by, "why not")


async def test_a_reason_is_needed_and_the_version_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="why"):
        await adopt(settings(tmp_path), VERSION, "1", " ")
    with pytest.raises(SettingsError, match="no policy 1999"):
        await adopt(settings(tmp_path), "1999", "1", "why")


def test_every_row_factor_and_rule_is_shown_with_its_reason(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = described(POLICIES[-1])
    assert len(found["rows"]) == len(POLICIES[-1].rows)
    assert [rule["name"] for rule in found["rules"]] == [rule.name for rule in RULES]
    assert all(one["why"] for one in (*found["factors"], *found["rules"]))
    assert all(row["when"] for row in found["rows"])
    monkeypatch.setattr(sys, "argv", ["kycbot", "policy", "show"])
    with pytest.raises(SystemExit) as end:
        main()
    shown = capsys.readouterr().out
    assert end.value.code == 0
    named = [row["requirement"] for row in found["rows"]] + [one["name"] for one in found["factors"]]
    assert [name for name in named if name not in shown] == []
    assert "call_for_action" in shown
    assert "Never below high." in shown
    assert max(map(len, shown.splitlines())) <= 130


def test_the_same_as_json() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "bot", "policy", "show", "--json"], capture_output=True, text=True, check=True
    )
    assert json.loads(run.stdout) == json.loads(json.dumps(described(POLICIES[-1])))
