"""POST /v1/transactions: the marketplace tells what moved; what the rules make of it is never in the answer."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from bot.model import Transaction
from bot.monitoring import RowError, known, transaction, zoneless
from bot.ports import AwayError, Clock, Observed, OtherwiseError, Parcel, StaleError
from handlers.telegram.request import decode

MOST = 1_000  # transactions in one call
LARGEST = 1024 * 1024  # bytes; a thousand transactions are about 300 kB
RETRY_AFTER = "2"  # seconds
AHEAD = timedelta(days=1)  # a clock may be wrong, or its zone; what is later is a slip
NAMED = 20  # sellers or ids that an answer names, the first ones
SCHEME = "Bearer "
NO_JSON = "the body is no JSON"
LIST = re.compile(r'\s*(?:\{\s*"transactions"\s*:\s*)?\[\s*')
COMMA = re.compile(r"\s*,\s*")
ROWS = json.JSONDecoder()

_log = logging.getLogger(__name__)


@dataclass
class Transactions:
    """The handler. `observe` stores and watches; `deliver` sends what follows from it, after the answer."""

    observe: Callable[[Sequence[Transaction]], Awaitable[Observed]]
    deliver: Callable[[Sequence[Parcel]], Awaitable[None]]
    key: str
    clock: Clock
    _sending: set[asyncio.Task[None]] = field(default_factory=set)

    def routes(self) -> list[web.RouteDef]:
        """The one door; none where no key is set."""
        if not self.key:
            return []
        return [
            web.post("/v1/transactions", self.post),
            web.route("*", "/v1/transactions", _post_alone),
            web.route("*", "/v1/{rest:.*}", _nothing_there),
        ]

    async def idle(self) -> None:
        """What is being sent is sent."""
        await asyncio.gather(*self._sending, return_exceptions=True)

    async def post(self, request: web.Request) -> web.Response:
        """200 with how many came, and what of them is to be looked at; 401 wrong key, 400 with row and field, 409 an id that came with other content,
        413 too many, 503 try again: all or nothing.
        """
        if not self._may(request.headers.get("Authorization", "")):
            return _refused(401, "the API key is missing or wrong; send it as «Authorization: Bearer KEY»")
        try:
            call = parsed(await request.read(), self.clock.now() + AHEAD)
        except web.HTTPRequestEntityTooLarge:
            return _refused(413, f"a call is at most {MOST} transactions and {LARGEST} bytes")
        except CallError as error:
            return _refused(error.status, str(error), **error.where)
        try:
            seen = await self.observe(call.rows)
        except OtherwiseError as error:
            return _otherwise(call.rows, error.id)
        except (AwayError, StaleError) as error:
            _log.warning("transactions are to come again: %s", type(error).__name__)
            trouble = _refused(503, "not stored just now; send the same call again: a repeat changes nothing")
            trouble.headers["Retry-After"] = RETRY_AFTER
            return trouble
        if seen.parcels:
            sending = asyncio.ensure_future(self.deliver(seen.parcels))
            self._sending.add(sending)
            sending.add_done_callback(self._sending.discard)
        return web.json_response({"received": len(call.rows), **_remarks(call, seen.strangers)})

    def _may(self, given: str) -> bool:
        """In constant time."""
        right = f"{SCHEME}{self.key}".encode()
        return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), right)


class CallError(ValueError):
    """A call that is no list of transactions; `where`: the row and field."""

    def __init__(self, status: int, sentence: str, **where: int | str) -> None:
        super().__init__(sentence)
        self.status, self.where = status, where


@dataclass(frozen=True, slots=True)
class Call:
    """What came. `assumed`: the ids of those whose time names no zone: it was taken for UTC."""

    rows: list[Transaction]
    assumed: list[str]


def parsed(body: bytes, latest: datetime) -> Call:
    """One object, a list of them, or {"transactions": a list}. Rows count from 0; none is after `latest`.

    Raises CallError.
    """
    if len(body) > LARGEST:
        raise CallError(413, f"a call is at most {MOST} transactions and {LARGEST} bytes")
    try:
        rows = _rows(decode(body))
    except ValueError:
        raise _no_json(body, latest) from None
    if len(rows) > MOST:
        raise CallError(413, f"{len(rows)} transactions in one call; at most {MOST}")
    read = [_row(number, row, latest) for number, row in enumerate(rows)]
    return Call(read, [each.id for each, row in zip(read, rows, strict=True) if zoneless(row["at"])])


def _rows(data: Any) -> list[Any]:
    if isinstance(data, dict) and isinstance(data.get("transactions"), list):
        return list(data["transactions"])
    return data if isinstance(data, list) else [data]


def _no_json(body: bytes, latest: datetime) -> CallError:
    """Names the row, where the rest of the body can be read. Only now, as it is read a second time, and leniently."""
    text = body.decode("utf-8", "surrogateescape")
    try:
        rows = _rows(json.loads(text))
    except (ValueError, RecursionError):
        return _broken(text)
    for number, row in enumerate(rows):
        try:
            json.dumps(row, ensure_ascii=False, allow_nan=False).encode()
        except (ValueError, RecursionError):  # not a number, or half a character
            return _refusal(number, row, latest) or CallError(400, NO_JSON, row=number)
    return CallError(400, NO_JSON)


def _refusal(number: int, row: Any, latest: datetime) -> CallError | None:
    try:
        _row(number, row, latest)
    except CallError as error:
        return error
    return None


def _broken(text: str) -> CallError:
    """Rows are read one after the other until one cannot be."""
    begins, number = LIST.match(text), 0
    at = begins.end() if begins else len(text)
    while at < len(text) and text[at] != "]":
        try:
            _, at = ROWS.raw_decode(text, at)
        except (ValueError, RecursionError):
            return CallError(400, NO_JSON, row=number)
        comma = COMMA.match(text, at)
        at, number = (comma.end(), number + 1) if comma else (len(text), number)
    return CallError(400, NO_JSON)


def _row(number: int, row: Any, latest: datetime) -> Transaction:
    if not isinstance(row, dict):
        raise CallError(400, "a transaction is an object", row=number)
    try:
        read = transaction(row)
    except RowError as error:
        raise CallError(400, str(error), row=number, field=error.field) from None
    if read.at > latest:
        raise CallError(400, f"at is more than a day ahead: {row['at']}", row=number, field="at")
    return read


def _remarks(call: Call, strangers: Sequence[str]) -> dict[str, Sequence[str]]:
    """What was taken and may be a slip of the caller's: only what there is."""
    strange = sorted({row.currency for row in call.rows if not known(row.currency)})
    said = [f"there is no rate for {each}: its amounts are taken at their number" for each in strange]
    told = {"remarks": said, "unknown_sellers": strangers[:NAMED], "assumed_utc": call.assumed[:NAMED]}
    return {name: what for name, what in told.items() if what}


def _otherwise(rows: Sequence[Transaction], id_: str) -> web.Response:
    """The last row of this id: within one call it is the one that differs."""
    row = max(number for number, each in enumerate(rows) if each.id == id_)
    said = "this id came before with other content; a transaction is never changed: send the correction under a new id"
    return _refused(409, said, row=row, field="id")


async def _post_alone(request: web.Request) -> web.Response:
    refused = _refused(405, f"{request.method} does nothing here; transactions are sent by POST")
    refused.headers["Allow"] = "POST"
    return refused


async def _nothing_there(request: web.Request) -> web.Response:
    return _refused(404, f"there is nothing at {request.path}; transactions go to /v1/transactions")


def _refused(status: int, sentence: str, **where: int | str) -> web.Response:
    return web.json_response({"error": sentence, **where}, status=status)
