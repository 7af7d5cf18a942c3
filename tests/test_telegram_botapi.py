"""The validator itself: what it takes and what it catches."""

from __future__ import annotations

from typing import Any

import pytest

from tests.botapi import check

ROW = {"inline_keyboard": [[{"text": "Yes", "callback_data": "a"}]]}


@pytest.mark.parametrize(
    ("method", "payload"),
    [
        ("sendMessage", {"chat_id": 7, "text": "hi"}),
        ("sendMessage", {"chat_id": "7", "text": "hi", "reply_markup": '{"remove_keyboard": true}'}),
        ("sendMessage", {"chat_id": 7, "text": "&lt;b&gt;" * 1300, "parse_mode": "HTML"}),
        ("SendDocument", {"chat_id": 7, "document": b"%PDF", "caption": "{not json"}),
        ("editMessageText", {"chat_id": 7, "message_id": 1, "text": "<b>hi</b>", "parse_mode": "HTML"}),
        ("setWebhook", {"url": "https://x.example/", "allowed_updates": ["message"], "secret_token": "s"}),
        ("getMe", {}),
    ],
)
def test_it_takes_what_telegram_takes(method: str, payload: dict[str, Any]) -> None:
    check(method, payload)


@pytest.mark.parametrize(
    ("method", "payload", "reason"),
    [
        ("sendMesage", {}, "no method"),
        ("sendMessage", {"chat_id": 7}, "text"),
        ("sendMessage", {"chat_id": 7, "text": "hi", "reply_marcup": ROW}, "no field sendMessage.reply_marcup"),
        ("sendMessage", {"chat_id": 7, "text": "hi", "reply_markup": {"inline_keyboard": [[{}]]}}, "reply_markup"),
        (
            "sendMessage",
            {"chat_id": 7, "text": "hi", "reply_markup": {"inline_keyboard": [[{"text": "a", "calback": "x"}]]}},
            "calback",
        ),
        ("sendMessage", {"chat_id": 7, "text": "x" * 4097}, "4097"),
        ("sendMessage", {"chat_id": 7, "text": "👍" * 2049}, "4098"),
        ("sendMessage", {"chat_id": 7, "text": " \n"}, "0 UTF-16"),
        ("sendMessage", {"chat_id": 7, "text": "<b>hi", "parse_mode": "HTML"}, "end tag of b"),
        ("sendMessage", {"chat_id": 7, "text": "<b><i>hi</b></i>", "parse_mode": "HTML"}, "unexpected end tag"),
        ("sendMessage", {"chat_id": 7, "text": "<p>hi</p>", "parse_mode": "HTML"}, "unsupported start tag p"),
        (
            "sendMessage",
            {"chat_id": 7, "text": "hi", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "ä" * 33}]]}},
            "66 bytes",
        ),
        (
            "sendMessage",
            {"chat_id": 7, "text": "hi", "reply_markup": {"inline_keyboard": [[{"text": "", "callback_data": "a"}]]}},
            "button",
        ),
        ("sendPhoto", {"chat_id": 7, "photo": "id", "caption": "x" * 1025}, "1025"),
        ("answerCallbackQuery", {"callback_query_id": "1", "text": "x" * 201}, "201"),
    ],
)  # fmt: skip
def test_it_catches(method: str, payload: dict[str, Any], reason: str) -> None:
    with pytest.raises(AssertionError, match=reason):
        check(method, payload)
