"""Settings: every one is in `.env.example`, and a wrong value is one clear line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError, load
from bot.staff import Member, Role

EXAMPLE = (Path(__file__).parent.parent / ".env.example").read_text()


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_the_example_names_every_setting_and_no_other() -> None:
    named = set(re.findall(r"^#? ?([A-Z_]+)=", EXAMPLE, re.MULTILINE))
    assert named == {name.upper() for name in Settings.model_fields}


def test_the_example_is_what_one_gets_without_it(tmp_path: Path) -> None:
    plain = load()
    (tmp_path / ".env").write_text(re.sub(r"^# ([A-Z_]+=)", r"\1", EXAMPLE, flags=re.MULTILINE))
    assert load() == plain


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PORT", "http", "PORT: "),
        ("PORT", "70000", "PORT: "),
        ("STAFF", "Anna", "STAFF: expected like 111:reviewer"),
        ("STAFF", "111:boss", "STAFF: expected like 111:reviewer"),
        ("CONSOLE_URL", "console.example.org", "CONSOLE_URL: expected an address"),
        ("MASTER_KEY", "secret", "MASTER_KEY: expected 32 bytes"),
        ("LOG_LEVEL", "LOUD", "LOG_LEVEL: "),
        ("WEBHOOK_PATH", "a/b", "WEBHOOK_PATH: "),
    ],
)
def test_a_wrong_value_is_one_line_without_the_value(
    name: str, value: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load()
    sentence = str(caught.value)
    assert sentence.startswith(says)
    assert "\n" not in sentence
    assert name != "MASTER_KEY" or value not in sentence


def test_staff_have_roles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAFF", "111:reviewer:Ann Lee, 222:officer")
    settings = load()
    assert settings.staff == {"tg:111": Member(Role.REVIEWER, "Ann Lee"), "tg:222": Member(Role.OFFICER)}
    assert settings.roles() == {"tg:111": Role.REVIEWER, "tg:222": Role.OFFICER}
    assert settings.names() == {"tg:111": "Ann Lee", "tg:222": "officer 222"}


def test_a_secret_may_come_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "token").write_text("123:abc\n")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN_FILE", str(tmp_path / "token"))
    assert load().telegram_bot_token.get_secret_value() == "123:abc"
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN_FILE", str(tmp_path / "nowhere"))
    monkeypatch.delenv("TELEGRAM_BOT_TOKEN", raising=False)
    with pytest.raises(SettingsError, match="TELEGRAM_BOT_TOKEN_FILE: No such file"):
        load()
