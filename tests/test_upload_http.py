"""The upload page over real HTTP: as a form, in pieces, with what is wrong, too much, too slow; and what it gives away."""

from __future__ import annotations

import asyncio
import io
import json
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, FormData, web

from bot.ports import AwayError, Parcel
from bot.uploading import Sight
from bot.uploads import GOOD_FOR, LARGEST, MOST, Link
from handlers.web import upload as edge
from handlers.web.upload import Upload
from handlers.web.upload_page import UploadPage
from handlers.web.webhook import serve
from storage.uploads import Pieces
from tests.talk import WORDS
from tests.test_upload import Offered
from tests.world import PASSPORT

KEY = bytes(range(96, 128))


def paper(seen: dict[str, str] = PASSPORT, size: int = 0) -> bytes:
    """A PDF, as far as its beginning tells, that reads like this."""
    return json.dumps({"": "%PDF-", **seen}).encode().ljust(size)


@dataclass
class Browser:
    """Somebody with a link, the server, and what the chat then said."""

    talk: Offered
    upload: Upload
    session: ClientSession
    origin: str
    token: str
    said: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"{self.origin}/u/{self.token}"

    async def asks(self, method: str = "GET", end: str = "", **what: Any) -> tuple[int, str]:
        async with self.session.request(method, self.url + end, **what) as response:
            return response.status, await response.text()

    async def sends(self, *files: bytes, **fields: str) -> tuple[int, str]:
        form = FormData(default_to_multipart=True)
        for name, value in fields.items():
            form.add_field(name, value)
        for n, content in enumerate(files):
            form.add_field("files", io.BytesIO(content), filename=f"{n}.pdf", content_type="application/pdf")
        return await self.asks("POST", data=form())

    async def puts(self, content: bytes, at: int, whole: int, name: str) -> tuple[int, int]:
        """One piece: the status, and how much is there."""
        headers = {"Upload-Offset": str(at), "Upload-Length": str(whole)}
        async with self.session.patch(
            f"{self.url}/{name}", data=io.BytesIO(content), headers=headers
        ) as response:
            return response.status, int(response.headers.get("Upload-Offset", -1))

    async def there(self, name: str) -> int:
        async with self.session.head(f"{self.url}/{name}") as response:
            assert response.status == 200
            return int(response.headers["Upload-Offset"])

    async def submissions(self) -> int:
        _, standing = await self.talk.desk.show(await self.talk.case())
        return len(standing.facts.papers)


@asynccontextmanager
async def served(upload: Upload) -> AsyncIterator[str]:
    app = web.Application()
    app.add_routes(upload.routes())
    runner = await serve(app, 0, "127.0.0.1")
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
        await upload.idle()


@pytest.fixture
async def browser(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Browser]:
    talk = Offered(sqlite_url, tmp_path)
    token, said = await talk.until("identity"), list[str]()

    async def deliver(parcels: Sequence[Parcel]) -> None:
        said.extend(await talk.keep(parcels))

    upload = Upload(talk.door, Pieces(tmp_path / "uploads", KEY), UploadPage(WORDS), deliver)
    async with served(upload) as origin, ClientSession() as session:
        yield Browser(talk, upload, session, origin, token, said)
    await talk.storage.close()


def problem(page: str) -> str:
    """What the page says is wrong."""
    found = re.search('role="alert">([^<]*)<', page)
    return found[1] if found else ""


def digest(content: bytes) -> str:
    return sha256(content).hexdigest()


# What the page gives away


@pytest.mark.parametrize("end", ["", "/../static/upload.js", "x", "/" + "0" * 64, "/../static/no.js"])
async def test_every_answer_keeps_to_itself(browser: Browser, end: str) -> None:
    async with browser.session.get(browser.url + end) as response:
        headers = response.headers
        if response.status == 405:
            return
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    policy = dict(part.strip().partition(" ")[::2] for part in headers["Content-Security-Policy"].split(";"))
    assert (policy["default-src"], policy["script-src"], policy["frame-ancestors"]) == (
        "'none'",
        "'self'",
        "'none'",
    )
    assert "unsafe" not in str(policy)


async def test_the_page_asks_for_nothing_elsewhere(browser: Browser) -> None:
    _, page = await browser.asks()
    assert "http" not in page.replace("http-equiv", "")
    assert "//" not in page
    assert "<style" not in page
    assert "onclick" not in page


async def test_the_page_asks_in_the_words_of_the_chat(browser: Browser) -> None:
    status, page = await browser.asks()
    assert status == 200
    assert "<b>Please send a photo of your identity document.</b>" in page
    assert 'lang="en" dir="ltr"' in page


async def test_looking_uses_nothing_up(browser: Browser) -> None:
    for method in ("GET", "HEAD", "GET"):
        assert (await browser.asks(method))[0] == 200
    assert await browser.submissions() == 0


# The form


async def test_a_form_is_an_answer_and_the_chat_says_so(browser: Browser) -> None:
    status, page = await browser.sends(paper(), paper({"side": "back"}))
    assert (status, "We have it" in page) == (200, True)
    await browser.upload.idle()
    assert "looking" in browser.said[0]
    assert "is fine" in "\n".join(await browser.talk.drain())
    assert await browser.submissions() == 1
    assert not list(browser.upload.pieces._home.glob("*"))  # type: ignore[attr-defined]


async def test_a_form_that_comes_twice_is_one(browser: Browser) -> None:
    await browser.sends(paper())
    status, page = await browser.sends(paper({"another": "one"}))
    assert (status, "We have it" in page) == (200, True)
    assert await browser.submissions() == 1


@pytest.mark.parametrize(
    ("files", "status", "words"),
    [
        ([], 422, "No file was chosen"),
        ([b""], 422, "A file is empty"),
        ([b"GIF89a" + bytes(100)], 415, "That is not a photo or a PDF"),
        ([paper(), b"<script>alert(1)</script>"], 415, "That is not a photo or a PDF"),
        ([paper(size=LARGEST + 1)], 413, "larger than 20 MB"),
        ([paper()] * (MOST + 1), 422, "more than 5 files"),
    ],
    ids=["none", "empty", "gif", "one of two", "too big", "too many"],
)
async def test_what_is_wrong_is_said_on_the_page_and_keeps_it_open(
    browser: Browser, files: list[bytes], status: int, words: str
) -> None:
    answer, page = await browser.sends(*files)
    assert (answer, words in problem(page)) == (status, True)
    assert '<input id="files"' in page
    assert await browser.submissions() == 0
    assert (await browser.sends(paper()))[0] == 200


async def test_an_empty_choice_of_a_form_is_no_file(browser: Browser) -> None:
    form = FormData()
    form.add_field("files", b"", filename="", content_type="application/octet-stream")
    status, page = await browser.asks("POST", data=form)
    assert (status, "No file was chosen" in problem(page)) == (422, True)


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"Content-Type": "application/json"}, b"{}"),
        ({"Content-Type": "multipart/form-data"}, b"no boundary"),
        ({"Content-Type": "multipart/form-data; boundary=x"}, b"no part"),
        ({"Content-Type": "multipart/form-data; boundary=x"}, b"--x\r\nno header\r\n"),
        (
            {"Content-Type": "multipart/form-data; boundary=x"},
            b'--x\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\n%PDF',
        ),
    ],
)
async def test_what_is_no_form_is_refused(browser: Browser, headers: dict[str, str], body: bytes) -> None:
    status, _ = await browser.asks("POST", data=body, headers=headers)
    assert 400 <= status < 500
    assert await browser.submissions() == 0


async def test_a_form_of_no_stated_length_is_refused(browser: Browser) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield b"--x\r\n"

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    assert (await browser.asks("POST", data=endless(), headers=headers))[0] == 413


# In pieces


async def test_pieces_go_on_where_they_stopped_also_on_a_server_that_was_restarted(
    browser: Browser, tmp_path: Path
) -> None:
    content = paper(size=300_000)
    name, cut = digest(content), 200_000
    assert await browser.there(name) == 0
    assert await browser.puts(content[:cut], 0, len(content), name) == (204, cut)
    browser.upload.pieces = Pieces(tmp_path / "uploads", KEY)
    assert await browser.there(name) == cut
    assert await browser.puts(content[:cut], 0, len(content), name) == (204, cut)  # the answer to it was lost
    assert await browser.puts(content[:9], 0, len(content), name) == (409, cut)
    assert await browser.puts(content[cut:], cut, len(content), name) == (204, len(content))
    status, page = await browser.sends(kept=name)
    assert (status, "We have it" in page) == (200, True)
    case = await browser.talk.case()
    (kept,) = await browser.talk.storage.vault.names(case)
    assert await browser.talk.storage.vault.get(case, kept.name) == content


async def test_what_is_not_all_there_is_not_an_answer(browser: Browser) -> None:
    content = paper(size=2000)
    await browser.puts(content[:1000], 0, 2000, digest(content))
    status, page = await browser.sends(kept=digest(content))
    assert (status, "Not everything arrived" in problem(page)) == (409, True)
    status, page = await browser.sends(kept="no digest at all")
    assert (status, "Not everything arrived" in problem(page)) == (422, True)
    assert await browser.submissions() == 0


@pytest.mark.parametrize(
    ("at", "whole", "length", "status"),
    [
        (0, LARGEST + 1, 10, 413),
        (0, 5, 10, 413),
        (-1, 100, 10, 413),
        (95, 100, 10, 413),
        (0, 100, 0, 413),
        (0, 10**7, edge.PIECE + 1, 413),
        (50, 100, 10, 409),
    ],
)
async def test_a_piece_has_its_bounds(
    browser: Browser, at: int, whole: int, length: int, status: int
) -> None:
    assert (await browser.puts(bytes(length), at, whole, "a" * 64))[0] == status


async def test_a_piece_that_says_nothing_of_itself_is_refused(browser: Browser) -> None:
    assert (await browser.asks("PATCH", "/" + "a" * 64, data=b"abc"))[0] == 400
    headers = {"Upload-Offset": "x", "Upload-Length": "3"}
    assert (await browser.asks("PATCH", "/" + "a" * 64, data=b"abc", headers=headers))[0] == 400


async def test_where_there_is_no_room_the_browser_is_told_to_wait(browser: Browser, tmp_path: Path) -> None:
    browser.upload.pieces = Pieces(tmp_path / "small", KEY, room=100)
    assert (await browser.puts(b"abc", 0, 101, "a" * 64))[0] == 503
    status, page = await browser.sends(paper())
    assert (status, "Please try again in a few minutes" in problem(page)) == (503, True)


async def test_a_crowd_is_told_to_wait_and_loses_nothing(browser: Browser) -> None:
    await browser.puts(b"abc", 0, 6, "a" * 64)
    browser.upload.crowd = 0
    assert (await browser.puts(b"def", 3, 6, "a" * 64))[0] == 503
    assert (await browser.sends(paper()))[0] == 503
    assert await browser.there("a" * 64) == 3
    browser.upload.crowd = 1
    for _ in range(3):  # those that are done are not counted
        assert (await browser.sends(b""))[0] == 422


async def _trickle(browser: Browser, head: str) -> bytes:
    """What the server says to who sends a beginning and then nothing."""
    host = browser.origin.removeprefix("http://")
    reader, writer = await asyncio.open_connection(*host.split(":"))
    writer.write(head.format(path=f"/u/{browser.token}", host=host).encode())
    answer = await reader.readline()
    writer.close()
    return answer


async def test_who_sends_nothing_is_not_waited_for(browser: Browser) -> None:
    browser.upload.piece_seconds = browser.upload.still_seconds = 0.05
    piece = (
        "PATCH {path}/" + "a" * 64 + " HTTP/1.1\r\nHost: {host}\r\nUpload-Offset: 0\r\nUpload-Length: 100\r\n"
        "Content-Length: 100\r\n\r\nabc"
    )
    assert b" 408 " in await _trickle(browser, piece)
    form = (
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 1000\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\n\r\n"
        '--x\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\n%PDF-'
    )
    assert b" 408 " in await _trickle(browser, form)
    assert (await browser.sends(paper()))[0] == 200


# A link that does not open


async def test_a_link_that_ran_out_takes_nothing(browser: Browser) -> None:
    browser.talk.clock.instant += GOOD_FOR
    status, page = await browser.asks()
    assert (status, "This link has run out" in page) == (410, True)
    assert (await browser.sends(paper()))[0] == 410
    assert (await browser.puts(b"abc", 0, 3, "a" * 64))[0] == 410
    assert await browser.submissions() == 0


@pytest.mark.parametrize(
    "token",
    ["x", "c0ffee0000-identity-1-ffffffff-AAAAAAAAAAAAAAAAAAAAAA", "%00", "%FF", "static", "a" * 3000],
)
async def test_a_forged_link_takes_nothing(browser: Browser, token: str) -> None:
    browser.token = token
    status, page = await browser.asks()
    assert (status, "This link does not work" in page) == (404, True)
    assert (await browser.sends(paper()))[0] == 404
    assert (await browser.puts(b"abc", 0, 3, "a" * 64))[0] == 404


async def test_what_was_sent_in_the_chat_need_not_be_sent_here(browser: Browser) -> None:
    await browser.talk.photo(PASSPORT)
    status, page = await browser.asks()
    assert (status, "answered already" in page) == (410, True)
    assert (await browser.sends(paper()))[0] == 410
    assert await browser.submissions() == 1


async def test_a_page_that_is_closed_names_nobody(browser: Browser) -> None:
    await browser.talk.photo(PASSPORT)
    browser.talk.clock.instant += timedelta(days=3)
    _, page = await browser.asks()
    for said in (*PASSPORT.values(), await browser.talk.case()):
        assert len(said) < 5 or said not in page


class Away:
    """A door whose database does not answer."""

    async def see(self, token: str) -> tuple[Sight, Link | None]:
        raise AwayError(token[:0])

    async def take(self, link: Link, contents: Sequence[bytes]) -> tuple[Parcel, ...]:
        raise AwayError(f"{link.case} {len(contents)}")


async def test_while_storage_is_away_the_page_says_so(browser: Browser) -> None:
    browser.upload.door = Away()
    status, page = await browser.asks()
    assert (status, "does not answer just now" in page) == (503, True)
