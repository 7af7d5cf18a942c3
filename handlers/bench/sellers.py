"""Virtual sellers, and the Bot API that their bot calls: they answer question after question."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import parse_qs

from handlers.bench.wire import Line, WireError, post
from handlers.telegram.request import decode, encode

PATIENCE = 10.0  # seconds a seller waits for a reply before it counts as an error
ANSWERS = ("Ada Lovelace", "1990-05-17", "Hauptstrasse 5, 10115 Berlin", "Handmade lamps", "DE")
ME = {"id": 1, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}

Reply = Mapping[str, Any]


@dataclass
class World:
    """Telegram as far as a load needs it: takes every call, hands messages to the chats they are for."""

    waiting: dict[int, asyncio.Queue[Reply]] = field(default_factory=dict)
    calls: int = 0
    _ids: count[int] = field(default_factory=lambda: count(1000))

    def answer(self, path: str, head: bytes, body: bytes) -> bytes:
        """The body of the answer to a Bot API call, given as JSON or as a form."""
        self.calls += 1
        method = path.rpartition("/")[2].lower()
        payload = _payload(head, body)
        if method == "getme":
            return encode({"ok": True, "result": ME})
        if method not in {"sendmessage", "editmessagetext"}:
            return b'{"ok":true,"result":true}'
        return encode({"ok": True, "result": self.deliver(payload)})

    def deliver(self, payload: Reply) -> Mapping[str, Any]:
        """Put a message into its chat; what Telegram says of it."""
        chat = int(payload["chat_id"])
        if queue := self.waiting.get(chat):
            queue.put_nowait(payload)
        home = {"id": chat, "type": "private", "first_name": "Ada"}
        return {"message_id": next(self._ids), "from": ME, "chat": home, "date": 1772366400, "text": "?"}


def _payload(head: bytes, body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    if b"application/json" in head:
        payload: dict[str, Any] = decode(body)
        return payload
    return _unfolded({name: values[0] for name, values in parse_qs(body.decode()).items()})


def _riding(body: bytes) -> Reply:
    """The call in a webhook response, given as JSON or in parts."""
    if not body.startswith(b"--"):
        call: Reply = decode(body) if body else {}
        return call
    parts = (part.partition(b"\r\n\r\n") for part in body.split(body[: body.index(b"\r\n")])[1:-1])
    return _unfolded({_name(head): value.removesuffix(b"\r\n").decode() for head, _, value in parts})


def _name(head: bytes) -> str:
    return head.partition(b'name="')[2].partition(b'"')[0].decode()


def _unfolded(form: dict[str, Any]) -> dict[str, Any]:
    return form | {"reply_markup": decode(form["reply_markup"].encode())} if "reply_markup" in form else form


@dataclass
class Score:
    """What a round saw; `waits` in seconds, from an update's leaving to its reply's arrival."""

    waits: list[float] = field(default_factory=list)
    taps: int = 0
    riding: int = 0
    errors: int = 0


@dataclass
class Seller:
    """One chat that plays `turns` updates: taps the first button, else shares a contact, else types."""

    chat: int
    line: Line
    world: World
    path: str
    secret: str
    score: Score
    first_update: int

    async def play(self, turns: int) -> None:
        """An update that brings no reply in time, or an answer that is not 200, counts as an error and ends it."""
        self.world.waiting[self.chat] = asyncio.Queue()
        reply: Reply = {}
        try:
            for turn in range(turns):
                reply = await self._turn(turn, reply)
        except (WireError, TimeoutError):
            self.score.errors += 1
        finally:
            del self.world.waiting[self.chat]

    async def _turn(self, turn: int, reply: Reply) -> Reply:
        request = post(self.path, encode(self._update(turn, reply)), self.secret)
        start = time.perf_counter()
        status, body = await self.line.ask(request)
        if status != 200:
            raise WireError(f"status {status}")
        reply = _riding(body)
        if reply.get("method"):
            self.score.riding += 1
        else:
            reply = await asyncio.wait_for(self.world.waiting[self.chat].get(), PATIENCE)
        self.score.waits.append(time.perf_counter() - start)
        return reply

    def _update(self, turn: int, reply: Reply) -> dict[str, Any]:
        markup = reply.get("reply_markup") or {}
        number = self.first_update + turn
        if rows := markup.get("inline_keyboard"):
            self.score.taps += 1
            return {"update_id": number, "callback_query": self._tap(number, rows, markup)}
        message = self._message(number)
        if turn == 0:
            message |= {"text": "/start", "entities": [{"type": "bot_command", "offset": 0, "length": 6}]}
        elif markup.get("keyboard"):
            message["contact"] = {
                "phone_number": f"+49151{self.chat:08}",
                "first_name": "Ada",
                "user_id": self.chat,
            }
        else:
            message["text"] = ANSWERS[turn % len(ANSWERS)]
        return {"update_id": number, "message": message}

    def _tap(self, number: int, rows: list[list[dict[str, str]]], markup: Reply) -> dict[str, Any]:
        question = self._message(number) | {"from": ME, "text": "?", "reply_markup": markup}
        return {
            "id": str(number),
            "from": self._user(),
            "chat_instance": "1",
            "data": rows[0][0]["callback_data"],
            "message": question,
        }

    def _message(self, number: int) -> dict[str, Any]:
        home = {"id": self.chat, "type": "private", "first_name": "Ada"}
        return {"message_id": number, "from": self._user(), "chat": home, "date": 1772366400}

    def _user(self) -> dict[str, Any]:
        return {"id": self.chat, "is_bot": False, "first_name": "Ada", "language_code": "en"}
