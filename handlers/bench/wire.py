"""Just enough HTTP/1.1 for a load: it must cost less than what it measures. No proxies, no chunks, no TLS."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import cast

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
LARGEST = 1024 * 1024  # bytes of a message


class WireError(Exception):
    """The other side ended the connection, or says what is not spoken here."""


class _Framed(asyncio.Protocol):
    """Cuts the stream into (head, body)."""

    def __init__(self) -> None:
        self._buffer = b""
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's is none by class

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end]
            whole = end + 4 + _length(head)
            if len(self._buffer) < whole:
                return
            body, self._buffer = self._buffer[end + 4 : whole], self._buffer[whole:]
            self.framed(head, body)

    def framed(self, head: bytes, body: bytes) -> None:
        raise NotImplementedError


def _length(head: bytes) -> int:
    lower = head.lower()
    position = lower.find(b"\r\ncontent-length:")
    if position < 0:
        return 0
    length = int(lower[position + 17 :].split(b"\r\n", 1)[0])
    if length > LARGEST:
        raise WireError(f"{length} bytes are more than a message has")
    return length


class Line(_Framed):
    """A connection that carries requests one after the other; `connect` opens it."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: deque[asyncio.Future[tuple[int, bytes]]] = deque()

    @classmethod
    async def connect(cls, port: int) -> Line:
        """Raises OSError."""
        _, line = await asyncio.get_running_loop().create_connection(cls, "127.0.0.1", port)
        return line

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Status and body. Raises WireError."""
        if self.transport is None or self.transport.is_closing():
            raise WireError("the connection is closed")
        answer: asyncio.Future[tuple[int, bytes]] = asyncio.get_running_loop().create_future()
        self._waiting.append(answer)
        self.transport.write(request)
        return await answer

    def framed(self, head: bytes, body: bytes) -> None:
        answer = self._waiting.popleft()
        if not answer.done():
            answer.set_result((int(head[9:12]), body))

    def connection_lost(self, exc: Exception | None) -> None:
        for answer in self._waiting:
            if not answer.done():
                answer.set_exception(WireError(f"the connection ended: {exc}"))

    def close(self) -> None:
        if self.transport is not None:
            self.transport.close()


class Listener(_Framed):
    """Answers each request at once with what `reply(path, head, body)` gives as JSON."""

    def __init__(self, reply: Callable[[str, bytes, bytes], bytes]) -> None:
        super().__init__()
        self._reply = reply

    def framed(self, head: bytes, body: bytes) -> None:
        answer = self._reply(head.split(b" ", 2)[1].decode(), head, body)
        assert self.transport is not None
        self.transport.write(ANSWER % len(answer) + answer)


def post(path: str, body: bytes, secret: str) -> bytes:
    """A webhook request as Telegram sends it."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"X-Telegram-Bot-Api-Secret-Token: {secret}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def get(path: str) -> bytes:
    """A plain request."""
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
