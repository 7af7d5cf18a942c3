"""The HTTP backend of python-telegram-bot on one aiohttp session: calls as JSON, uploads as multipart."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from urllib.request import getproxies, proxy_bypass

import aiohttp
import yarl
from telegram._utils.defaultvalue import DefaultValue
from telegram._utils.types import ODVInput
from telegram.error import NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

try:
    import orjson
except ImportError:  # the extra "fast" is not installed
    orjson = None  # type: ignore[assignment]

MEBIBYTE = 1024 * 1024
LARGEST = 20 * MEBIBYTE  # getFile stops there: core.telegram.org/bots/api#getfile
HEADERS = {"Content-Type": "application/json"}


class UnsentError(NetworkError):
    """Nothing reached the server: sending again cannot show anything twice."""


class TooLargeError(NetworkError):
    """A download ran past its cap and was broken off."""


def encode(value: object) -> bytes:
    """JSON as UTF-8. Raises TypeError on what JSON cannot say."""
    return orjson.dumps(value) if orjson else json.dumps(value, ensure_ascii=False).encode()


def decode(payload: bytes) -> Any:
    """The value of a JSON text. Raises ValueError, also where it is nested too deep."""
    if orjson:
        return orjson.loads(payload)
    try:
        return json.loads(payload)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def seconds(error: RetryAfter) -> float:
    """How long Telegram wants us to wait."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def proxy_of(url: yarl.URL) -> str | None:
    """The proxy the environment names for this address (HTTPS_PROXY, NO_PROXY ...). Raises ValueError on SOCKS."""
    if url.host is None or proxy_bypass(url.host):
        return None
    proxy = getproxies().get(url.scheme)
    if proxy and not proxy.startswith(("http://", "https://")):
        raise ValueError(f"only http and https proxies are spoken here, not {proxy.split(':', 1)[0]}")
    return proxy


class AiohttpRequest(BaseRequest):
    """Seconds: `connect` to get and open a connection, `read` between two reads. `pool`: connections at once.

    The session is made in the loop that first needs it. A time-out before the request left is an UnsentError,
    after that a TimedOut: its outcome is unknown. Nothing is sent twice here.
    """

    def __init__(
        self, *, pool: int = 64, connect: float = 10.0, read: float = 20.0, largest: int = LARGEST
    ) -> None:
        self._pool = pool
        self._connect = connect
        self._read = read
        self._largest = largest
        self._session: aiohttp.ClientSession | None = None
        self._shut = False
        self._proxies: dict[tuple[str, str | None], str | None] = {}
        self._timeout = self._limits(connect, read)

    @property
    def read_timeout(self) -> float | None:
        """Seconds."""
        return self._read

    async def initialize(self) -> None:
        """Allow calls (again); the session itself comes with the first one."""
        self._shut = False

    async def shutdown(self) -> None:
        """Close every connection; later calls raise UnsentError."""
        self._shut = True
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Raises TelegramError; the payload stays out of the logs."""
        try:
            answer: dict[str, Any] = decode(payload)
        except ValueError as error:
            raise TelegramError("Invalid server response") from error
        return answer

    async def do_request(  # noqa: PLR0913, PLR0917 - python-telegram-bot's signature
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - aiohttp has none
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - within `connect`
    ) -> tuple[int, bytes]:
        """Status and body. Raises UnsentError, TimedOut, TooLargeError."""
        timeout = self._timeout
        if not (isinstance(read_timeout, DefaultValue) and isinstance(connect_timeout, DefaultValue)):
            timeout = self._limits(
                self._connect if isinstance(connect_timeout, DefaultValue) else connect_timeout,
                self._read if isinstance(read_timeout, DefaultValue) else read_timeout,
            )
        try:
            return await self._exchange(url, method, request_data, timeout)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise UnsentError(f"no connection: {type(error).__name__}") from error
        except TimeoutError as error:
            raise TimedOut("no answer in time") from error
        except aiohttp.ClientError as error:
            raise TimedOut(f"the connection ended before the answer: {type(error).__name__}") from error

    async def _exchange(
        self, url: str, method: str, data: RequestData | None, limits: aiohttp.ClientTimeout
    ) -> tuple[int, bytes]:
        address = yarl.URL(url, encoded=True)
        body, headers = _body(data)
        async with self._open().request(
            method, address, data=body, headers=headers, timeout=limits, proxy=self._proxy(address)
        ) as answer:
            if method == "GET":
                return answer.status, await self._capped(answer)
            return answer.status, await answer.read()

    async def _capped(self, answer: aiohttp.ClientResponse) -> bytes:
        if (answer.content_length or 0) > self._largest:
            raise TooLargeError(f"more than {self._largest} bytes")
        kept = bytearray()
        async for chunk in answer.content.iter_any():
            kept += chunk
            if len(kept) > self._largest:
                raise TooLargeError(f"more than {self._largest} bytes")
        return bytes(kept)

    def _open(self) -> aiohttp.ClientSession:
        if self._shut:
            raise UnsentError("shut down")
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._pool, ttl_dns_cache=300),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )
        return self._session

    def _proxy(self, url: yarl.URL) -> str | None:
        """Asked of the environment once a host: asking costs more than the call."""
        key = (url.scheme, url.host)
        if key not in self._proxies:
            self._proxies[key] = proxy_of(url)
        return self._proxies[key]

    @staticmethod
    def _limits(connect: float | None, read: float | None) -> aiohttp.ClientTimeout:
        return aiohttp.ClientTimeout(total=None, connect=connect, sock_connect=connect, sock_read=read)


def _body(data: RequestData | None) -> tuple[bytes | aiohttp.FormData | None, dict[str, str] | None]:
    if data is None:
        return None, None
    if not data.contains_files:
        return encode(data.parameters), HEADERS
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return form, None
