"""Methods about the bot itself, its updates, chats and files."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from handlers.playground.call import Call
from handlers.playground.delivery import Hook
from handlers.playground.feed import Event
from handlers.playground.files import described
from handlers.playground.refusal import Json, RefusedError, bad

FILE_BYTES = 20 * 1024 * 1024
COMMANDS = 100


async def get_me(call: Call) -> Json:
    abilities = {
        "can_join_groups": True,
        "can_read_all_group_messages": True,
        "supports_inline_queries": False,
    }
    return call.world.bot | abilities | {"can_connect_to_business": False, "has_main_web_app": False}


async def get_updates(call: Call) -> list[Json]:
    if call.delivery.hook is not None:
        raise RefusedError(
            "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
            409,
        )
    _allow(call)
    updates = call.world.updates
    batch = await updates.poll(call.get("offset", 0), call.get("limit", 100), call.get("timeout", 0))
    return [update.body for update in batch]


async def set_webhook(call: Call) -> bool:
    url = call.get("url") or ""
    if not url:
        return await delete_webhook(call)
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if parts.scheme == "http" and parts.hostname not in {"localhost", "127.0.0.1", "::1"}:
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    secret = call.get("secret_token") or ""
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
        raise bad("secret token contains unallowed characters")
    _allow(call)
    _drop(call)
    call.delivery.set(Hook(url, secret, call.get("max_connections") or 40))
    return True


async def delete_webhook(call: Call) -> bool:
    _drop(call)
    call.delivery.remove()
    return True


async def get_webhook_info(call: Call) -> Json:
    hook, updates = call.delivery.hook, call.world.updates
    info: Json = {"url": "", "has_custom_certificate": False, "pending_update_count": len(updates.waiting())}
    if hook is not None:
        info |= {
            "url": hook.url,
            "max_connections": hook.max_connections,
            "ip_address": "127.0.0.1",
        } | call.delivery.last_error
    return info | ({"allowed_updates": list(updates.allowed)} if updates.allowed else {})


async def get_file(call: Call) -> Json:
    file = call.world.files.by_id(call.get("file_id"))
    if file is None:
        raise bad("invalid file_id")
    if len(file.content) > FILE_BYTES:
        raise bad("file is too big")
    return described(file) | {"file_path": file.path}


async def get_chat(call: Call) -> Json:
    full = {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(_GIFTS, False),
    }
    return call.chat().header | full


_GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


async def get_chat_member(call: Call) -> Json:
    chat, person = call.chat(), call.world.people.get(call.get("user_id"))
    if person is None:
        raise bad("PARTICIPANT_ID_INVALID")
    return {"status": "member" if person.id in chat.members else "left", "user": person.user()}


async def set_my_commands(call: Call) -> bool:
    commands = call.get("commands")
    if len(commands) > COMMANDS:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    if any(not command["description"].strip() for command in commands):
        raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    call.world.commands[_scope(call)] = commands
    call.world.feed.tell(Event.COMMANDS)
    return True


async def delete_my_commands(call: Call) -> bool:
    call.world.commands.pop(_scope(call), None)
    call.world.feed.tell(Event.COMMANDS)
    return True


async def get_my_commands(call: Call) -> list[Json]:
    return call.world.commands.get(_scope(call), [])


async def taken_note(_call: Call) -> bool:
    """For settings that show nowhere in the playground."""
    return True


def _scope(call: Call) -> str:
    scope: dict[str, Any] = call.get("scope") or {"type": "default"}
    return ":".join([scope["type"], str(scope.get("chat_id", "")), call.get("language_code") or ""])


def _allow(call: Call) -> None:
    """The list stays as it was where none is given; an empty one means the default kinds."""
    if call.get("allowed_updates") is not None:
        call.world.updates.allowed = tuple(call.get("allowed_updates"))


def _drop(call: Call) -> None:
    if call.get("drop_pending_updates"):
        call.world.updates.drop_all()
