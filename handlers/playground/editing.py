"""Methods that change or remove what was said, and answer taps."""

from __future__ import annotations

from handlers.playground.call import Call, captioned, worded
from handlers.playground.feed import Event
from handlers.playground.refusal import Json, bad
from handlers.playground.world import Chat, Message

DELETABLE_S = 48 * 3600
ANSWERABLE_S = 150.0  # how long a callback query lives: source of tdlib/telegram-bot-api
_SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


async def edit_message_text(call: Call) -> Json:
    content = worded(call.args)
    message = _own(call)
    if "text" not in message.body:
        raise bad("there is no text in the message to edit")
    return _edit(call, message, content | {"entities": content.get("entities")})


async def edit_message_caption(call: Call) -> Json:
    content = captioned(call.args)
    message = _own(call)
    if not message.body.keys() & {"photo", "document"}:
        raise bad("there is no caption in the message to edit")
    return _edit(call, message, {"caption": None, "caption_entities": None} | content)


async def edit_message_reply_markup(call: Call) -> Json:
    return _edit(call, _own(call), {})


async def delete_message(call: Call) -> bool:
    chat = call.chat()
    message = call.message(chat, "delete")
    if not _deletable(call, message):
        raise bad("message can't be deleted for everyone")
    call.world.remove(chat, message.id)
    return True


async def delete_messages(call: Call) -> bool:
    """Those that cannot be found or deleted are passed over, as in Telegram."""
    chat, ids = call.chat(), call.get("message_ids")
    if not 1 <= len(ids) <= 100:
        raise bad("there must be from 1 to 100 message identifiers")
    for number in ids:
        message = chat.messages.get(number)
        if message is not None and _deletable(call, message):
            call.world.remove(chat, number)
    return True


async def answer_callback_query(call: Call) -> bool:
    tap = call.world.taps.get(call.get("callback_query_id"))
    now = call.world.clock.now().timestamp()
    if tap is None or tap.answer is not None or now - tap.at > ANSWERABLE_S:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    if len(call.get("text") or "") > 200:
        raise bad("MESSAGE_TOO_LONG")
    shown = {name: call.get(name) for name in ("text", "show_alert", "url")}
    tap.answer = shown
    tap.answered.set()
    call.world.feed.tell(Event.ANSWERED, tap.chat, callback_id=tap.id, person=tap.person, **shown)
    return True


async def set_message_reaction(call: Call) -> bool:
    chat = call.chat()
    if chat.messages.get(call.get("message_id")) is None:
        raise bad("message to react not found")
    reactions = call.get("reaction") or []
    if len(reactions) > 1:
        raise bad("REACTIONS_TOO_MANY")
    emoji = reactions[0]["emoji"] if reactions else None
    call.world.react(chat, call.get("message_id"), emoji)
    return True


def _own(call: Call) -> Message:
    """The bot's own message that is to be edited."""
    if call.get("inline_message_id") is not None:
        raise bad("message to edit not found")
    message = call.message(_writable(call), "edit")
    if not message.by_bot:
        raise bad("message can't be edited")
    return message


def _writable(call: Call) -> Chat:
    chat = call.chat()
    return call.open_chat() if chat.blocked else chat


def _edit(call: Call, message: Message, content: Json) -> Json:
    """An edit without reply_markup takes the buttons away, as in Telegram."""
    markup = call.get("reply_markup") or {}
    content = content | {"reply_markup": markup if markup.get("inline_keyboard") else None}
    if all(message.body.get(name) == value for name, value in content.items()):
        raise bad(_SAME)
    call.world.change(call.chat(), message, content | {"edit_date": call.world.now()})
    return message.body


def _deletable(call: Call, message: Message) -> bool:
    return call.world.now() - int(message.body["date"]) < DELETABLE_S
