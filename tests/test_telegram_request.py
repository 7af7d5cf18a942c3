"""The HTTP backend over real HTTP: what is sent, what comes back, and what each kind of trouble is called."""

from __future__ import annotations

import asyncio
import socket

import pytest
import yarl
from telegram import InputFile
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TimedOut

from bot.ports import UnreadError
from handlers.telegram.api import Api
from handlers.telegram.files import Files
from handlers.telegram.request import AiohttpRequest, UnsentError, proxy_of, seconds
from tests.edge import TOKEN, bot_api


async def test_a_call_travels_as_json_and_its_result_comes_back() -> None:
    async with bot_api() as (server, api):
        sent = await api.send_message(7, "Hello <b>Ada</b>", parse_mode="HTML")
    assert sent.message_id == 101
    assert server.calls == [("sendMessage", {"chat_id": 7, "text": "Hello <b>Ada</b>", "parse_mode": "HTML"})]


async def test_a_file_travels_as_multipart() -> None:
    async with bot_api() as (server, api):
        await api.send_document(7, InputFile(b"%PDF", filename="bill.pdf"), caption="Größe")
    assert server.calls == [("sendDocument", {"chat_id": "7", "document": b"%PDF", "caption": "Größe"})]


async def test_the_session_is_made_in_the_loop_that_first_calls_and_closes() -> None:
    request = AiohttpRequest()
    api = Api(TOKEN, url="http://127.0.0.1:1", request=request)
    await api.close_all()
    with pytest.raises(UnsentError, match="shut down"):
        await api.call("getMe", {})


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, {"description": "Bad Request: chat not found"}, BadRequest),
        (403, {"description": "Forbidden: bot was blocked by the user"}, Forbidden),
        (502, {"description": "Bad Gateway"}, NetworkError),
    ],
)
async def test_a_refusal_has_the_librarys_name(
    status: int, body: dict[str, str], error: type[Exception]
) -> None:
    async with bot_api() as (server, api):
        server.answers = [(status, body)]
        with pytest.raises(error):
            await api.call("sendMessage", {"chat_id": 7, "text": "hi"})


async def test_flood_control_says_how_long() -> None:
    async with bot_api() as (server, api):
        server.answers = [(429, {"description": "Too Many Requests", "parameters": {"retry_after": 17}})]
        with pytest.raises(RetryAfter) as caught:
            await api.call("sendMessage", {"chat_id": 7, "text": "hi"})
    assert seconds(caught.value) == 17


@pytest.mark.parametrize("trouble", ["hang", "drop"])
async def test_no_answer_leaves_the_outcome_unknown_and_nothing_is_sent_twice(trouble: str) -> None:
    async with bot_api(read=0.2) as (server, api):
        server.answers = [trouble]
        with pytest.raises(TimedOut):
            await api.call("sendMessage", {"chat_id": 7, "text": "hi"})
    assert len(server.calls) == 1


async def test_no_connection_is_known_to_have_sent_nothing() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]  # bound, not listening
        api = Api(TOKEN, url=f"http://127.0.0.1:{port}")
        with pytest.raises(UnsentError):
            await api.call("getMe", {})
        await api.close_all()


async def test_more_calls_than_connections_wait_their_turn() -> None:
    async with bot_api(pool=2) as (server, api):
        await asyncio.gather(*(api.call("sendMessage", {"chat_id": n, "text": "hi"}) for n in range(1, 21)))
    assert len(server.calls) == 20


async def test_a_webhook_is_announced_with_its_secret() -> None:
    async with bot_api() as (server, api):
        await api.announce("https://kyc.example/telegram/abc", "s3cret")
    ((method, payload),) = server.calls
    assert method == "setWebhook"
    assert payload["secret_token"] == "s3cret"
    assert "callback_query" in payload["allowed_updates"]


async def test_files_are_fetched() -> None:
    async with bot_api() as (server, api):
        server.files["x/abc"] = b"jpeg" * 1000
        assert await Files(api).fetch("abc") == b"jpeg" * 1000


@pytest.mark.parametrize("name", ["abc", "long"])
async def test_a_file_past_the_cap_is_broken_off_and_said_plainly(name: str) -> None:
    async with bot_api(largest=1000) as (server, api):
        server.files[f"x/{name}"] = b"x" * 1000
        assert len(await Files(api).fetch(name)) == 1000
        server.files[f"x/{name}"] += b"x"
        with pytest.raises(UnreadError, match="larger than 20 MB"):
            await Files(api).fetch(name)


@pytest.mark.parametrize(
    ("description", "said"),
    [("Bad Request: file is too big", "larger than 20 MB"), ("Bad Request: wrong file_id", "did not give")],
)
async def test_a_refused_file_is_unread(description: str, said: str) -> None:
    async with bot_api() as (server, api):
        server.answers = [(400, {"description": description})]
        with pytest.raises(UnreadError, match=said):
            await Files(api).fetch("abc")


def test_the_environment_names_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("https_proxy", "http_proxy", "no_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    url = yarl.URL("https://api.telegram.org/bot1/getMe")
    assert proxy_of(url) is None
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    assert proxy_of(url) == "http://proxy.example:3128"
    monkeypatch.setenv("NO_PROXY", "api.telegram.org")
    assert proxy_of(url) is None
    monkeypatch.delenv("NO_PROXY")
    monkeypatch.setenv("HTTPS_PROXY", "socks5://proxy.example:1080")
    with pytest.raises(ValueError, match="socks5"):
        proxy_of(url)
