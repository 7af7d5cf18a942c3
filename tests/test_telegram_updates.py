"""Every kind of update Telegram posts, and what it is taken for."""

from __future__ import annotations

from typing import Any

import aiogram.types
import pytest
import telegram

from bot.model import File
from bot.ports import Given
from handlers.telegram.updates import chat_of, read
from tests.edge import NOW, SELLER, STAFF_CHAT, private, tapped, user, wrote

COMMAND: dict[str, Any] = {"entities": [{"type": "bot_command", "offset": 0, "length": 6}]}
SIZES = [
    {"file_id": "small", "file_unique_id": "s", "width": 90, "height": 60, "file_size": 1000},
    {"file_id": "large", "file_unique_id": "l", "width": 1280, "height": 853, "file_size": 90000},
    {"file_id": "middle", "file_unique_id": "m", "width": 320, "height": 213},
]
DOCUMENT = {"file_id": "doc", "file_unique_id": "d", "file_name": "bill.pdf", "file_size": 4096}
NOTE = {"file_id": "note", "file_unique_id": "n", "length": 240, "duration": 9, "file_size": 700000}
FORWARDED: dict[str, Any] = {"forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": "X"}}
CARD = {"phone_number": "+4915112345678", "first_name": "Ada"}
VOICE = {"file_id": "v", "file_unique_id": "v", "duration": 2}
GIF = {"file_id": "g", "file_unique_id": "g", "width": 1, "height": 1, "duration": 1}
GROUP = {"id": STAFF_CHAT, "type": "supergroup", "title": "Staff"}
POLL = {
    "id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": False, "is_anonymous": True,
    "type": "regular", "allows_multiple_answers": False, "allows_revoting": False, "members_only": False,
}  # fmt: skip
STICKER = {
    "file_id": "s", "file_unique_id": "s", "type": "regular", "width": 1, "height": 1, "is_animated": False,
    "is_video": False,
}  # fmt: skip


def member(status: str) -> dict[str, Any]:
    bot = {"id": 1, "is_bot": True, "first_name": "KYC"}
    new = {"status": status, "user": bot, **({"until_date": 0} if status == "kicked" else {})}
    old = {"status": "member", "user": bot}
    change = {"chat": private(), "from": user(), "date": 1, "old_chat_member": old, "new_chat_member": new}
    return {"update_id": 1, "my_chat_member": change}


def edited(update: dict[str, Any]) -> dict[str, Any]:
    return {"update_id": 1, "edited_message": {**update["message"], "edit_date": 2}}


def grouped(**content: Any) -> dict[str, Any]:
    update = wrote(1, **content)
    return {"update_id": 1, "message": {**update["message"], "chat": GROUP}}


def file(ref: str, kind: str, name: str = "", size: int = 0) -> dict[str, Any]:
    return {"files": (File(ref, kind, name, size, message=1),)}


CASES: dict[str, tuple[dict[str, Any], dict[str, Any] | None]] = {
    "text": (wrote(1, text="Ada Lovelace"), {"text": "Ada Lovelace"}),
    "slash within": (wrote(1, text="1/2 Main Street"), {"text": "1/2 Main Street"}),
    "command": (wrote(1, text="/start", **COMMAND), {"command": "start"}),
    "argument": (wrote(1, text="/start inv_1-A", **COMMAND), {"command": "start", "argument": "inv_1-A"}),
    "argument below": (wrote(1, text="/START\nabc ", **COMMAND), {"command": "start", "argument": "abc"}),
    "command to us": (
        wrote(1, text="/queue@kyc_bot high", entities=[{"type": "bot_command", "offset": 0, "length": 14}]),
        {"command": "queue", "argument": "high"},
    ),
    "tap": (tapped(1, "legal_form:individual:3"), {"tap": "legal_form:individual:3", "message": 50}),
    "photo": (wrote(1, photo=SIZES, caption="mine"), file("large", "photo", size=90000)),
    "album": (
        wrote(1, photo=SIZES[:1], media_group_id="99"),
        file("small", "photo", size=1000) | {"album": "99"},
    ),
    "document": (wrote(1, document=DOCUMENT), file("doc", "document", "bill.pdf", 4096)),
    "hostile name": (
        wrote(1, document=DOCUMENT | {"file_name": "../../etc/\x00passwd"}),
        file("doc", "document", ".._.._etc__passwd", 4096),
    ),
    "video note": (wrote(1, video_note=NOTE), file("note", "video_note", size=700000)),
    "forwarded photo": (wrote(1, photo=SIZES, **FORWARDED), {"other": "forwarded"}),
    "forwarded video note": (wrote(1, video_note=NOTE, **FORWARDED), {"other": "forwarded"}),
    "forwarded text": (wrote(1, text="hi", **FORWARDED), {"text": "hi"}),
    "own contact": (wrote(1, contact=CARD | {"user_id": SELLER}), {"contact": "+4915112345678"}),
    "foreign contact": (wrote(1, contact=CARD | {"user_id": 8}), {"other": "foreign_contact"}),
    "contact of nobody": (wrote(1, contact=CARD), {"other": "foreign_contact"}),
    "voice": (wrote(1, voice=VOICE), {"other": "voice"}),
    "sticker": (wrote(1, sticker=STICKER), {"other": "sticker"}),
    "location": (wrote(1, location={"latitude": 1.0, "longitude": 2.0}), {"other": "location"}),
    "animation": (wrote(1, animation=GIF, document=DOCUMENT), {"other": "animation"}),
    "video": (wrote(1, video=GIF), {"other": "video"}),
    "poll": (wrote(1, poll=POLL), {"other": "poll"}),
    "dice": (wrote(1, dice={"emoji": "🎲", "value": 3}), {"other": "dice"}),
    "edited": (edited(wrote(1)), {"other": "edited"}),
    "blocked": (member("kicked"), {"other": "blocked"}),
    "unblocked": (member("member"), {"other": "unblocked"}),
    "new to us": (wrote(1, hologram={"x": 1}), {"other": "unknown"}),
    "timer set": (wrote(1, message_auto_delete_timer_changed={"message_auto_delete_time": 9}), None),
    "photo in the group": (grouped(photo=SIZES), None),
    "joined the group": (grouped(new_chat_members=[user(9)]), None),
    "a kind never asked for": ({"update_id": 1, "poll": POLL}, None),
}


@pytest.mark.parametrize(("update", "what"), CASES.values(), ids=CASES.keys())
def test_is_taken_for(update: dict[str, Any], what: dict[str, Any] | None) -> None:
    expected = what and Given(cause="tg:1", at=NOW, chat=f"tg:{SELLER}", who=f"tg:{SELLER}", **what)
    assert read(update, NOW) == expected


@pytest.mark.parametrize("update", [update for update, _ in CASES.values()], ids=CASES.keys())
def test_the_table_is_shaped_as_telegram_posts(update: dict[str, Any]) -> None:
    aiogram.types.Update.model_validate(update)


@pytest.mark.parametrize("update", [update for update, _ in CASES.values()], ids=CASES.keys())
def test_python_telegram_bot_reads_the_same(update: dict[str, Any]) -> None:
    given, seen = read(update, NOW), telegram.Update.de_json(update, None)
    if given is None:
        return
    assert seen.effective_chat is not None
    assert seen.effective_user is not None
    assert (given.chat, given.who) == (f"tg:{seen.effective_chat.id}", f"tg:{seen.effective_user.id}")
    assert given.tap == (seen.callback_query.data if seen.callback_query else "")
    if given.text:
        assert seen.effective_message is not None
        assert given.text == seen.effective_message.text
    if given.files:
        assert given.files[0].ref == _reference(seen)


def _reference(seen: telegram.Update) -> str:
    assert seen.effective_message is not None
    attachment: Any = seen.effective_message.effective_attachment
    sizes = attachment if isinstance(attachment, tuple | list) else (attachment,)
    return str(max(sizes, key=lambda size: getattr(size, "width", 0)).file_id)


def test_in_the_staff_group_chat_and_person_differ() -> None:
    given = read(grouped(text="looks fine"), NOW)
    assert given is not None
    assert (given.chat, given.who, given.text) == (f"tg:{STAFF_CHAT}", f"tg:{SELLER}", "looks fine")


def test_language_is_the_senders() -> None:
    update = wrote(1)
    update["message"]["from"]["language_code"] = "pt-BR"
    given = read(update, NOW)
    assert given is not None
    assert given.language == "pt-br"
    del update["message"]["from"]["language_code"]
    given = read(update, NOW)
    assert given is not None
    assert given.language == "en"


@pytest.mark.parametrize("update", [update for update, _ in CASES.values() if "poll" not in update])
def test_an_update_is_ordered_by_its_chat(update: dict[str, Any]) -> None:
    given = read(update, NOW)
    assert given is None or given.chat == f"tg:{chat_of(update)}"
