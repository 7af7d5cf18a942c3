"""A message -> the Bot API call that brings it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.ports import Button, Parcel
from handlers.words import Words

CONTACT = Button("button.contact", "contact")
NO_PREVIEW = {"is_disabled": True}
CHOSEN = "✓ "
MARKED_ITSELF = "m:"  # one option of several: the message is edited to show what is chosen


@dataclass(frozen=True, slots=True)
class Call:
    """A Bot API method, its JSON payload, and the files that go with it, by their parameter."""

    method: str
    payload: Mapping[str, Any]
    files: Mapping[str, bytes] = field(default_factory=dict)

    def riding(self) -> dict[str, Any]:
        """As the body of a webhook response."""
        return {"method": self.method, **self.payload}


def send(parcel: Parcel, words: Words, chat: int, message_id: int | None = None) -> Call:
    """sendMessage, or editMessageText of `message_id` where a slot holds one.

    Raises KeyError on words there are none for, ValueError on two keyboards at once (Telegram takes one).
    """
    message = parcel.message
    if message.deletes:
        return Call("deleteMessages", {"chat_id": chat, "message_ids": list(message.deletes)})
    payload: dict[str, Any] = {
        "chat_id": chat,
        "text": words.text(parcel.language, message, again=parcel.again),
        "parse_mode": "HTML",
        "link_preview_options": NO_PREVIEW,
    }
    if markup := _markup(parcel, words):
        payload["reply_markup"] = markup
    if message_id is None or message.keyboard:  # an edit cannot change the keyboard below
        return Call("sendMessage", payload)
    return Call("editMessageText", {**payload, "message_id": message_id})


def pictured(call: Call, picture: bytes) -> Call:
    """The same words below a picture."""
    left = {
        name: value for name, value in call.payload.items() if name not in {"text", "link_preview_options"}
    }
    return Call("sendPhoto", {**left, "caption": call.payload["text"]}, {"photo": picture})


def _markup(parcel: Parcel, words: Words) -> dict[str, Any] | None:
    """Inline buttons win over taking a keyboard away: the contact keyboard hides itself once it was used."""
    message, language = parcel.message, parcel.language
    if message.keyboard == "contact":
        if message.buttons:
            raise ValueError("a message has either buttons or the contact keyboard")
        button = {"text": words.label(language, CONTACT), "request_contact": True}
        return {"keyboard": [[button]], "resize_keyboard": True, "one_time_keyboard": True}
    if message.buttons:
        return {"inline_keyboard": [[_inline(b, words, language) for b in row] for row in message.buttons]}
    return {"remove_keyboard": True} if message.keyboard == "remove" else None


def _inline(button: Button, words: Words, language: str) -> dict[str, str]:
    text = words.label(language, button)
    if button.url:
        return {"text": text, "url": button.url}
    return {"text": f"{CHOSEN}{text}" if button.chosen else text, "callback_data": button.data}


def answered(tap: Mapping[str, Any]) -> Call:
    """Ends the waiting circle on a tapped button."""
    return Call("answerCallbackQuery", {"callback_query_id": tap["id"]})


def chosen(tap: Mapping[str, Any]) -> Call | None:
    """Leaves of a question's buttons only the tapped one, marked; None where it is marked or gone already."""
    message = tap.get("message", {})
    rows = message.get("reply_markup", {}).get("inline_keyboard", ())
    tapped = [button for row in rows for button in row if button.get("callback_data") == tap.get("data")]
    if not tapped or tapped[0]["text"].startswith(CHOSEN) or str(tap.get("data")).startswith(MARKED_ITSELF):
        return None
    button = {"text": f"{CHOSEN}{tapped[0]['text']}", "callback_data": tap["data"]}
    payload = {
        "chat_id": message["chat"]["id"],
        "message_id": message["message_id"],
        "reply_markup": {"inline_keyboard": [[button]]},
    }
    return Call("editMessageReplyMarkup", payload)
