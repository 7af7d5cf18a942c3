"""What the edge's tests stand on: a Bot API over real HTTP, a desk with a script, an outbox in memory, updates."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.model import CaseId
from bot.ports import Button, Given, Message, Parcel, Say
from handlers.telegram.api import Api
from handlers.telegram.edge import Edge
from handlers.telegram.request import AiohttpRequest
from handlers.telegram.sender import Sender
from handlers.words import Words
from tests.botapi import check

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TOKEN = "12345:TESTTESTTESTTESTTESTTESTTESTTESTTEST"
STAFF_CHAT = -1001
SELLER = 7

ENGLISH = """
{% block hello %}Hello <b>{{ name }}</b>.{% endblock %}
{% block again %}(sent again){% endblock %}
{% block legal_form__individual %}I sell as a person{% endblock %}
{% block button__contact %}Share my number{% endblock %}
{% block until %}Valid until {{ day|date }}, {{ code|country }}.{% endblock %}
{% block plain %}A question?{% endblock %}
{% block only_english %}Only here.{% endblock %}
{% block story %}{{ text|lines }}{% endblock %}
"""
CHINESE = """
{% block plain %}请问？{% endblock %}
{% block until %}{{ day|date }}，{{ code|country }}{% endblock %}
"""

Answer = Callable[[Mapping[str, Any]], tuple[int, Mapping[str, Any]]]


def tiny_words(folder: Path) -> Words:
    (folder / "en.j2").write_text(ENGLISH, "utf-8")
    (folder / "zh.j2").write_text(CHINESE, "utf-8")
    return Words(folder)


@dataclass(frozen=True)
class Fixed:
    """A clock that stands."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at


def message(*says: str, **what: Any) -> Message:
    return Message(to="seller", says=tuple(Say(key) for key in says or ("plain",)), **what)


def parcel(number: int, chat: str = f"tg:{SELLER}", language: str = "en", **what: Any) -> Parcel:
    return Parcel(number, CaseId("c1"), chat, language, what.pop("message", None) or message(**what))


YES = Button("legal_form.individual", "legal_form:individual:3")


@dataclass
class MemoryOutbox:
    """The states of parcels, as storage keeps them."""

    states: dict[int, str] = field(default_factory=dict)
    ids: dict[int, int | None] = field(default_factory=dict)
    retry: dict[int, datetime] = field(default_factory=dict)
    slots: dict[str, int] = field(default_factory=dict)
    queue: list[Parcel] = field(default_factory=list)
    known: dict[int, Parcel] = field(default_factory=dict)

    async def take(self, now: datetime, limit: int = 30) -> tuple[Parcel, ...]:  # noqa: ARG002
        taken, self.queue = tuple(self.queue[:limit]), self.queue[limit:]
        for one in taken:
            self.known[one.id] = one
        return taken

    async def sent(self, parcel: int, message_id: int | None) -> None:
        self.states[parcel], self.ids[parcel] = "sent", message_id
        if (one := self.known.get(parcel)) and one.message.slot and message_id:
            self.slots[one.message.slot] = message_id

    async def failed(self, parcel: int, *, unknown: bool = False, retry_at: datetime | None = None) -> None:
        self.states[parcel] = "unknown" if unknown else "queued" if retry_at else "failed"
        if retry_at:
            self.retry[parcel] = retry_at

    async def slot(self, case: CaseId, chat: str, slot: str) -> int | None:  # noqa: ARG002
        return self.slots.get(slot)


@dataclass
class ScriptedDesk:
    """Gives the same parcels for the same cause; `script` says which for a new one."""

    script: Callable[[Given], tuple[Parcel, ...]] = lambda given: (parcel(1, given.chat),)
    received: list[Given] = field(default_factory=list)
    staffed: list[Given] = field(default_factory=list)
    raises: list[Exception] = field(default_factory=list)
    pause: float = 0.0
    under_way: int = 0
    most: int = 0
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    _answers: dict[str, tuple[Parcel, ...]] = field(default_factory=dict)

    async def receive(self, given: Given, *, riding: bool = False) -> tuple[Parcel, ...]:  # noqa: ARG002
        return await self._take(given, self.received)

    async def staff(self, given: Given) -> tuple[Parcel, ...]:
        return await self._take(given, self.staffed)

    async def _take(self, given: Given, book: list[Given]) -> tuple[Parcel, ...]:
        self.begun.set()
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await asyncio.sleep(self.pause)
        self.under_way -= 1
        if self.raises:
            raise self.raises.pop(0)
        if given.cause not in self._answers:
            book.append(given)
            self._answers[given.cause] = self.script(given)
        return self._answers[given.cause]


@dataclass
class BotApi:
    """Answers as api.telegram.org does, checks every call, and can be told to misbehave (`answers`, in order)."""

    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    answers: list[tuple[int, Mapping[str, Any]] | str] = field(default_factory=list)
    updates: list[dict[str, Any]] = field(default_factory=list)
    refuse_updates: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    next_id: int = 100
    url: str = ""

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/bot{token}/{method}", self.method)
        app.router.add_get("/file/bot{token}/{path:.*}", self.file)
        return app

    def methods(self) -> list[str]:
        return [method for method, _ in self.calls]

    async def method(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        payload = await self._payload(request)
        check(method, payload)
        self.calls.append((method, payload))
        if method == "getUpdates" and self.refuse_updates:
            return await self._misbehave(request, self.refuse_updates.pop(0))
        if self.answers and method != "getUpdates":
            return await self._misbehave(request, self.answers.pop(0))
        return web.json_response({"ok": True, "result": self._result(method, payload)})

    async def file(self, request: web.Request) -> web.StreamResponse:
        """A file whose name begins with "long" comes in pieces, its size unsaid."""
        path = request.match_info["path"]
        if not path.startswith("x/long"):
            return web.Response(body=self.files[path])
        answer = web.StreamResponse()
        await answer.prepare(request)
        for start in range(0, len(self.files[path]), 100):
            await answer.write(self.files[path][start : start + 100])
        return answer

    @staticmethod
    async def _payload(request: web.Request) -> dict[str, Any]:
        if request.content_type == "application/json":
            payload: dict[str, Any] = await request.json()
            return payload
        payload = dict(await request.post())
        for name, part in payload.items():
            if isinstance(part, web.FileField):
                with part.file as file:
                    payload[name] = file.read()
        return payload

    @staticmethod
    async def _misbehave(
        request: web.Request, answer: tuple[int, Mapping[str, Any]] | str
    ) -> web.StreamResponse:
        if answer == "hang":
            await asyncio.sleep(5)
        if isinstance(answer, str):  # "drop": the connection ends without an answer
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        status, body = answer
        return web.json_response({"ok": False, "error_code": status, **body}, status=status)

    def _result(self, method: str, payload: Mapping[str, Any]) -> Any:
        if method == "getUpdates":
            due = [update for update in self.updates if update["update_id"] >= payload.get("offset", 0)]
            return due[:100]
        if method == "getFile":
            return {
                "file_id": payload["file_id"],
                "file_unique_id": "u",
                "file_path": f"x/{payload['file_id']}",
            }
        if method.startswith(("send", "editMessage")):
            self.next_id += 1
            number = payload.get("message_id", self.next_id)
            return {"message_id": number, "date": 0, "chat": {"id": payload["chat_id"], "type": "private"}}
        return True


@asynccontextmanager
async def bot_api(**request: Any) -> AsyncIterator[tuple[BotApi, Api]]:
    """A server and a client of it."""
    server_side = BotApi()
    async with TestServer(server_side.app()) as server:
        server_side.url = str(server.make_url("/"))
        api = Api(TOKEN, url=server_side.url, request=AiohttpRequest(**request))
        try:
            yield server_side, api
        finally:
            await api.close_all()


def edge_of(api: Api, words: Words, desk: ScriptedDesk, outbox: MemoryOutbox | None = None) -> Edge:
    sender = Sender(api, outbox or MemoryOutbox(), words, Fixed(), STAFF_CHAT)
    return Edge(api, desk, sender, Fixed(), pause=0)


def user(number: int = SELLER, **more: Any) -> dict[str, Any]:
    return {"id": number, "is_bot": False, "first_name": "Ada", "language_code": "en", **more}


def private(number: int = SELLER) -> dict[str, Any]:
    return {"id": number, "type": "private", "first_name": "Ada"}


def wrote(update_id: int, number: int = SELLER, **content: Any) -> dict[str, Any]:
    """A message update of a private chat, shaped as Telegram posts it."""
    body = {"message_id": update_id, "from": user(number), "chat": private(number), "date": 1772366400}
    return {"update_id": update_id, "message": {**body, **(content or {"text": "Ada Lovelace"})}}


def tapped(update_id: int, data: str = YES.data, number: int = SELLER) -> dict[str, Any]:
    rows = [
        [{"text": "I sell as a person", "callback_data": YES.data}],
        [{"text": "Other", "callback_data": "o"}],
    ]
    question = {
        "message_id": 50,
        "from": {"id": 1, "is_bot": True, "first_name": "KYC"},
        "chat": private(number),
        "date": 1772366400,
        "text": "?",
        "reply_markup": {"inline_keyboard": rows},
    }
    tap = {
        "id": str(update_id),
        "from": user(number),
        "chat_instance": "1",
        "data": data,
        "message": question,
    }
    return {"update_id": update_id, "callback_query": tap}


def renamed(update: Mapping[str, Any], number: int) -> dict[str, Any]:
    copy: dict[str, Any] = json.loads(json.dumps(update))
    return {**copy, "update_id": number}
