"""Keyboards: the tables of their fields, and what Telegram refuses in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.playground.kinds import (
    Kind,
    WrongError,
    array,
    boolean,
    encoded,
    limited,
    one_of,
    record,
    string,
    unsupported,
)
from handlers.playground.refusal import Json, bad

DATA_BYTES = 64
BUTTONS = 100  # in one message

_STYLE: Mapping[str, Kind] = {
    "style": one_of("danger", "success", "primary"),
    "icon_custom_emoji_id": string,
}
_WEB_APP = record({"url": string}, {})
_ACTIONS: Mapping[str, Kind] = {
    "url": string,
    "callback_data": string,
    "web_app": _WEB_APP,
    "login_url": record(
        {"url": string}, {"forward_text": string, "bot_username": string, "request_write_access": boolean}
    ),
    "switch_inline_query": string,
    "switch_inline_query_current_chat": string,
    "switch_inline_query_chosen_chat": unsupported,
    "copy_text": record({"text": limited(256)}, {}),
    "callback_game": unsupported,
    "pay": unsupported,
    "disabled": unsupported,
}
_INLINE_BUTTON = record({"text": string}, {**_ACTIONS, **_STYLE})
_REQUESTS: Mapping[str, Kind] = {
    "request_contact": boolean,
    "request_location": boolean,
    "request_users": unsupported,
    "request_chat": unsupported,
    "request_managed_bot": unsupported,
    "request_poll": unsupported,
    "web_app": _WEB_APP,
}
_KEY = record({"text": string}, {**_REQUESTS, **_STYLE})


def _inline_button(raw: object) -> Json:
    try:
        button: Json = _INLINE_BUTTON(raw)
    except WrongError as wrong:
        raise bad(f"can't parse inline keyboard button: {wrong}") from None
    if not button["text"].strip():
        raise bad("inline keyboard button text is empty")
    actions = [name for name in _ACTIONS if button.get(name)]
    if len(actions) != 1:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(button.get("callback_data", "").encode()) > DATA_BYTES:
        raise bad("BUTTON_DATA_INVALID")
    if "url" in button and not button["url"].startswith(("http://", "https://", "tg://")):
        raise bad(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
    return button


def _key(raw: object) -> Json:
    try:
        key: Json = _KEY({"text": raw} if isinstance(raw, str) else raw)
    except WrongError as wrong:
        raise bad(f"can't parse keyboard button: {wrong}") from None
    if not key["text"].strip():
        raise bad("keyboard button text is empty")
    if sum(bool(key.get(name)) for name in _REQUESTS) > 1:
        raise bad("can't parse keyboard button: only one action may be requested")
    return key


_PLACEHOLDER = limited(64)
_INLINE = record({"inline_keyboard": array(array(_inline_button))}, {})
_REPLY = record(
    {"keyboard": array(array(_key))},
    {
        "is_persistent": boolean,
        "resize_keyboard": boolean,
        "one_time_keyboard": boolean,
        "input_field_placeholder": _PLACEHOLDER,
        "selective": boolean,
    },
)
_REMOVE = record({"remove_keyboard": boolean}, {"selective": boolean})
_FORCE = record({"force_reply": boolean}, {"input_field_placeholder": _PLACEHOLDER, "selective": boolean})
_MARKUPS: Mapping[str, Kind] = {
    "inline_keyboard": _INLINE,
    "keyboard": _REPLY,
    "remove_keyboard": _REMOVE,
    "force_reply": _FORCE,
}


def _markup(raw: object) -> Json:
    if not isinstance(raw, dict):
        raise bad("object expected as reply markup")
    for name, kind in _MARKUPS.items():
        if name in raw:
            markup: Json = kind(raw)
            _bounded(markup)
            return markup
    raise bad("reply markup has none of the known kinds")


def _bounded(markup: Json) -> None:
    rows: list[list[Any]] = markup.get("inline_keyboard") or markup.get("keyboard") or []
    if sum(len(row) for row in rows) > BUTTONS:
        raise bad("reply markup is too long")
    if "keyboard" in markup and not any(rows):
        raise bad("keyboard must have at least one button")
    if markup.get("remove_keyboard") is False or markup.get("force_reply") is False:
        raise bad("reply markup must be true where it is given")


def _inline_markup(raw: object) -> Json:
    markup = _markup(raw)
    if "inline_keyboard" not in markup:
        raise bad("inline keyboard expected")
    return markup


reply_markup: Kind = encoded(_markup)
inline_markup: Kind = encoded(_inline_markup)
