"""An update as Telegram posts it -> what was given. Pure; reads the JSON itself.

python-telegram-bot's `Update.de_json` costs 130 us (a text) to 200 us (a tap) of CPU, as much as all the rest
of the edge together; the few fields used here take 4 us. A table test holds both readings together.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.model import File
from bot.ports import Given

Json = Mapping[str, Any]

MEDIA = ("photo", "document", "video_note")
# what has no meaning here, by the name of its field; order matters: an animation is a document too
OTHERS = (
    "animation", "voice", "audio", "video", "sticker", "location", "venue", "poll", "dice", "game", "story",
    "paid_media", "checklist", "live_photo",
)  # fmt: skip
# what a client does by itself: nobody said anything
SERVICE = frozenset(
    {
        "pinned_message", "message_auto_delete_timer_changed", "write_access_allowed", "chat_background_set",
        "boost_added", "connected_website", "giveaway", "giveaway_created", "giveaway_winners", "giveaway_completed",
        "gift", "unique_gift", "refunded_payment", "successful_payment",
    }
)  # fmt: skip
GONE = frozenset({"kicked", "left"})
LANGUAGE = re.compile(r"[a-z]{2,3}([-_][a-z0-9]{2,8}){0,3}")  # as far as words are chosen by it
UNSAFE_IN_NAMES = re.compile(r'[\x00-\x1f\x7f/\\<>:"|?*]')


def read(update: Json, now: datetime) -> Given | None:
    """What was given, at `now` (our own time of receipt); None where it is nothing to us.

    Outside private chats only commands, texts and taps count. Raises KeyError or TypeError on a shape that
    Telegram does not send.
    """
    if message := update.get("message"):
        return _message(update, message, now)
    if tap := update.get("callback_query"):
        return _tap(update, tap, now)
    if message := update.get("edited_message"):
        return (
            _given(update, message, now, other="edited") if _private(message) and _reworded(message) else None
        )
    if member := update.get("my_chat_member"):
        gone = member["new_chat_member"]["status"] in GONE
        return (
            _given(update, member, now, other="blocked" if gone else "unblocked")
            if _private(member)
            else None
        )
    return None


def chat_of(update: Json) -> object:
    """What orders an update among others: the id of its chat, or of the one who tapped."""
    for part in update.values():
        if isinstance(part, Mapping):
            home = part.get("chat") or part.get("message", {}).get("chat") or part.get("from", {})
            return home.get("id")
    return None


def _private(message: Json) -> bool:
    return bool(message["chat"]["type"] == "private")


def _reworded(message: Json) -> bool:
    """Whether a person changed what they sent: a live location and a poll change by themselves."""
    return "text" in message or "caption" in message or any(kind in message for kind in MEDIA)


def _given(update: Json, message: Json, now: datetime, /, **what: Any) -> Given:
    sender = message.get("from") or message["chat"]
    if not all(isinstance(value, str | tuple) for name, value in what.items() if name != "message"):
        raise TypeError("words that are no text")
    return Given(
        cause=_named(update["update_id"]),
        at=now,
        chat=_named(message["chat"]["id"]),
        who=_named(sender["id"]),
        language=_language(sender),
        **what,
    )


def _named(number: object) -> str:
    if not isinstance(number, int):
        raise TypeError("an id that is no number")
    return f"tg:{number}"


def _language(sender: Json) -> str:
    """The app's language; English where it says none, or what is no language tag."""
    said = str(sender.get("language_code", "")).lower()
    return said if LANGUAGE.fullmatch(said) else "en"


def _tap(update: Json, tap: Json, now: datetime) -> Given:
    chat = tap["message"]["chat"] if "message" in tap else {"id": tap["from"]["id"]}
    message = int(tap.get("message", {}).get("message_id", 0))
    what = {"tap": tap["data"], "message": message} if tap.get("data") else {"other": "unknown"}
    return _given(update, {"from": tap["from"], "chat": chat}, now, **what)


def _message(update: Json, message: Json, now: datetime) -> Given | None:
    if text := message.get("text"):
        return _given(update, message, now, **_typed(message, text))
    if not _private(message):
        return None
    what = _content(message)
    return _given(update, message, now, **what) if what else None


def _typed(message: Json, text: str) -> dict[str, str]:
    for entity in message.get("entities", ()):
        if entity["type"] == "bot_command" and entity["offset"] == 0:
            command, argument = text[1 : entity["length"]], text[entity["length"] :]
            return {"command": command.partition("@")[0].lower(), "argument": argument.strip()}
    return {"text": text, **_replied(message)}


def _replied(message: Json) -> dict[str, str]:
    """What the text is a reply to, where a bot said that."""
    there = message.get("reply_to_message", {})
    return {"reply": there["text"]} if there.get("text") and there.get("from", {}).get("is_bot") else {}


def _content(message: Json) -> dict[str, Any]:
    """One of Given's fields by name; nothing where nobody said anything."""
    for name in OTHERS:
        if name in message:
            return {"other": name}
    for kind in MEDIA:
        if kind in message:
            return _files(message, kind)
    if contact := message.get("contact"):
        return _contact(contact, message)
    return {} if not SERVICE.isdisjoint(message) else {"other": "unknown"}


def _files(message: Json, kind: str) -> dict[str, Any]:
    if "forward_origin" in message:
        return {"other": "forwarded"}
    sent = message[kind]
    if kind == "photo":
        sent = max(sent, key=lambda size: size["width"] * size["height"])
    name = UNSAFE_IN_NAMES.sub("_", sent.get("file_name", ""))[-128:]
    file = File(
        ref=sent["file_id"],
        kind=kind,
        name=name,
        size=sent.get("file_size", 0),
        message=message.get("message_id", 0),
    )
    return {"files": (file,), "album": message.get("media_group_id", "")}


def _contact(contact: Json, message: Json) -> dict[str, str]:
    """A contact counts only where it is the sender's own."""
    if contact.get("user_id") != message["from"]["id"]:
        return {"other": "foreign_contact"}
    return {"contact": contact["phone_number"]}
