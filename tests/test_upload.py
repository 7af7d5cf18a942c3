"""The link to the upload page, and the door behind it: who may come in, once, and what becomes of what they bring."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.asking import impersonal
from bot.documents import REQUIREMENTS, Document
from bot.model import CaseId, Key, Retention, Submission
from bot.ports import Parcel
from bot.uploading import Uploading
from bot.uploads import GOOD_FOR, LARGEST, Door, Link, Links, kind
from tests.talk import WORDS, Talk
from tests.world import LICENCE, PASSPORT, SAID, SENT

LINKS = Links("https://kyc.example.org/", bytes(range(64, 96)))
LINK = Link(CaseId("c0ffee0000"), Key("identity", 12), 34, datetime(2026, 11, 3, 10, 0, tzinfo=UTC))


class Offered(Talk):
    """A talk whose questions for documents offer the page."""

    def open(self) -> None:
        super().open()
        self.desk.links = LINKS

    @property
    def door(self) -> Uploading:
        return Uploading(self.desk, LINKS)

    async def until(self, *asked: str) -> str:
        """The seller answers up to a question; the token it offers."""
        await self.seller(command="start")
        await self.finish(*asked)
        return await self.token()

    async def token(self) -> str:
        """What the question that is asked again offers."""
        parcels = await self.desk.receive(self.given(command="start"))
        return next(token for token in map(offered, parcels) if token)

    async def link(self, token: str) -> Link:
        _, link = await self.door.see(token)
        assert link
        return link

    async def uploads(self, token: str, *evidence: dict[str, str]) -> list[str]:
        contents = [json.dumps(one).encode() for one in evidence]
        return await self.keep(await self.door.take(await self.link(token), contents))

    async def stands(self, token: str) -> Door:
        return (await self.door.see(token))[0].door


def offered(parcel: Parcel) -> str:
    urls = [button.url for row in parcel.message.buttons for button in row if button.url]
    assert all(url.startswith("https://kyc.example.org/u/") for url in urls)
    return urls[0].rpartition("/")[2] if urls else ""


@pytest.fixture
def talk(sqlite_url: str, tmp_path: Path) -> Iterator[Offered]:
    talk = Offered(sqlite_url, tmp_path)
    yield talk
    asyncio.run(talk.storage.close())


# The link


def test_a_link_says_what_it_was_made_of() -> None:
    assert LINKS.read(LINKS.token(LINK)) == LINK


def test_a_token_is_short_and_needs_no_escaping() -> None:
    token = LINKS.token(LINK)
    assert len(token) < 64
    assert set(token) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")


def test_a_token_with_one_character_changed_is_nobodys() -> None:
    token = LINKS.token(LINK)
    for n, character in enumerate(token):
        other = "0" if character != "0" else "1"
        if n == len(token) - 1:  # its last two bits carry nothing
            other = "A" if character not in "ABCD" else "z"
        assert LINKS.read(token[:n] + other + token[n + 1 :]) is None, n


@pytest.mark.parametrize(
    "token", ["", "-", "----", "a-b-c-d-e", LINKS.token(LINK)[:-1], "\udcff-identity-1-1-x", "x" * 9000]
)
def test_what_is_no_token_is_nobodys(token: str) -> None:
    assert LINKS.read(token) is None


def test_another_key_signs_otherwise() -> None:
    assert Links("", bytes(32)).read(LINKS.token(LINK)) is None


@pytest.mark.parametrize(
    ("begins", "what"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "jpeg"),
        (b"\x89PNG\r\n\x1a\n\x00", "png"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "webp"),
        (b"\x00\x00\x00\x18ftypheic\x00", "heic"),
        (b"\x00\x00\x00\x18ftypmif1\x00", "heic"),
        (b"%PDF-1.7\n", "pdf"),
        (b"\r\n\r\n%PDF-1.4", "pdf"),
        (b"", ""),
        (b"GIF89a", ""),
        (b"<svg xmlns=", ""),
        (b"\x00\x00\x00\x18ftypmp42", ""),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", ""),
        (b" " * 2000 + b"%PDF-1.4", ""),
        (b"PK\x03\x04", ""),
    ],
)
def test_a_file_is_what_it_begins_with(begins: bytes, what: str) -> None:
    assert kind(begins) == what


# The button


async def test_a_documents_question_offers_the_page_and_no_other_does(talk: Offered) -> None:
    heard = "\n".join(await talk.seller(command="start") + await talk.finish("identity"))
    assert heard.count("Upload in a browser instead") == 1
    assert heard.endswith("[Upload in a browser instead]  [I have none of these]")


async def test_without_a_public_address_there_is_no_button(talk: Offered) -> None:
    talk.desk.links = None
    heard = await talk.seller(command="start") + await talk.finish("identity")
    assert "browser" not in "\n".join(heard)


# The door


async def test_what_is_uploaded_is_read_as_a_photo_of_the_chat_is(talk: Offered) -> None:
    token = await talk.until("identity")
    talk.pictures.away = True  # nobody asks Telegram for it
    heard = await talk.uploads(token, PASSPORT)
    assert "looking" in heard[0]
    assert "is fine" in "\n".join(await talk.drain())
    case = await talk.case()
    names = await talk.storage.vault.names(case)
    assert [kept.retention for kept in names] == [Retention.IDENTITY]
    assert await talk.storage.vault.get(case, names[0].name) == json.dumps(PASSPORT).encode()


async def test_several_files_are_one_document(talk: Offered) -> None:
    token = await talk.until("identity")
    front = {k: v for k, v in PASSPORT.items() if k != "number"}
    await talk.uploads(token, front, {"number": "X1234567"})
    assert "is fine" in "\n".join(await talk.drain())
    assert talk.pictures.readings == 1


async def test_a_link_is_good_for_one_answer(talk: Offered) -> None:
    token, again = await talk.until("identity"), await talk.token()
    link = await talk.link(again)
    await talk.uploads(token, LICENCE)
    length = len(await talk.storage.cases.load(link.case))
    assert await talk.stands(token) is await talk.stands(again) is Door.TAKEN
    assert await talk.door.take(link, [b"another"]) == ()
    assert len(await talk.storage.cases.load(link.case)) == length


async def test_two_who_use_a_link_at_once_are_one(talk: Offered) -> None:
    link = await talk.link(await talk.until("identity"))
    content = json.dumps(PASSPORT).encode()
    await asyncio.gather(*(talk.door.take(link, [content]) for _ in range(4)))
    history = (await talk.storage.cases.load(link.case)).history
    assert sum(isinstance(r, Submission) and r.key == link.key for r in history) == 1


async def test_a_refused_document_is_asked_for_with_a_new_link(talk: Offered) -> None:
    token = await talk.until("identity")
    await talk.uploads(token, LICENCE)
    await talk.drain()
    new = await talk.token()
    assert await talk.stands(new) is Door.OPEN
    assert await talk.stands(token) is Door.TAKEN
    await talk.uploads(new, PASSPORT)
    assert "is fine" in "\n".join(await talk.drain())


async def _nothing(_: Offered) -> None: ...


async def _photo(talk: Offered) -> None:
    await talk.photo(PASSPORT, wait=False)


async def _refused_photo(talk: Offered) -> None:
    await talk.photo(LICENCE)


async def _none(talk: Offered) -> None:
    await talk.tap("I have none of these")


async def _a_day(talk: Offered) -> None:
    talk.clock.instant += GOOD_FOR


async def _almost_a_day(talk: Offered) -> None:
    talk.clock.instant += GOOD_FOR - timedelta(seconds=1)


async def _erased(talk: Offered) -> None:
    await talk.storage.cases.erase(await talk.case(), frozenset(Retention))


async def _left(talk: Offered) -> None:
    await talk.seller(command="cancel")
    await talk.tap("Stop, and delete what I gave")


async def _restart(talk: Offered) -> None:
    await talk.restart()


@pytest.mark.parametrize(
    ("happens", "door"),
    [
        (_nothing, Door.OPEN),
        (_restart, Door.OPEN),
        (_almost_a_day, Door.OPEN),
        (_a_day, Door.EXPIRED),
        (_photo, Door.CLOSED),
        (_refused_photo, Door.CLOSED),  # the question came again, with a link of its own
        (_none, Door.CLOSED),
        (_left, Door.CLOSED),
        (_erased, Door.UNKNOWN),
    ],
    ids=lambda what: getattr(what, "__name__", str(what)),
)
async def test_the_page_is_open_while_its_question_is(
    talk: Offered, happens: Callable[[Offered], Awaitable[None]], door: Door
) -> None:
    token = await talk.until("identity")
    await happens(talk)
    assert await talk.stands(token) is door


async def test_what_comes_after_the_page_closed_changes_nothing(talk: Offered) -> None:
    link = await talk.link(await talk.until("identity"))
    await talk.photo(PASSPORT)
    length = len(await talk.storage.cases.load(link.case))
    assert await talk.door.take(link, [b"late"]) == ()
    assert len(await talk.storage.cases.load(link.case)) == length


async def test_a_link_of_no_case_here_is_nobodys(talk: Offered) -> None:
    assert await talk.stands(LINKS.token(replace(LINK, until=talk.clock.now() + GOOD_FOR))) is Door.UNKNOWN


async def test_looking_adds_nothing(talk: Offered) -> None:
    token = await talk.until("identity")
    before = await talk.storage.cases.load(await talk.case())
    for _ in range(3):
        assert await talk.stands(token) is Door.OPEN
    assert await talk.storage.cases.load(before.id) == before


async def test_the_page_says_nothing_of_the_seller(talk: Offered) -> None:
    await talk.seller(command="start")
    await talk.finish("legal_form")
    await talk.seller(text="company")
    await talk.finish("owner")
    await talk.seller(text="Grace Hopper")
    await talk.finish("owner")
    await talk.tap("That is everybody")
    await talk.finish("review")
    case, standing = await talk.desk.show(await talk.case())
    papers = [item.key for item in standing.items if isinstance(REQUIREMENTS[item.key.requirement], Document)]
    assert {key.requirement for key in papers} >= {"identity", "incorporation"}
    asks = [impersonal(standing, key) for key in papers if standing.next == key or key.requirement in SENT]
    shown = " ".join(WORDS.say("en", ask) for ask in asks).lower()
    assert "please send" in shown
    for said in (*SAID.values(), *PASSPORT.values(), "Grace Hopper", "Personalausweis", case.id):
        assert len(said) < 6 or said == PASSPORT["type"] or said.lower() not in shown


async def test_a_link_to_a_correction_takes_the_new_document(talk: Offered) -> None:
    await talk.until("identity")
    await talk.photo(PASSPORT)
    heard = await talk.desk.receive(talk.given(tap="f:identity"))
    token = next(token for token in map(offered, heard) if token)
    assert await talk.stands(token) is Door.OPEN
    await talk.uploads(token, {**PASSPORT, "number": "Y7654321"})
    assert "is fine" in "\n".join(await talk.drain())


async def test_what_is_gone_from_the_vault_is_said_to_be_lost(talk: Offered) -> None:
    link = await talk.link(await talk.until("identity"))
    await talk.uploads(LINKS.token(link), PASSPORT)
    await talk.storage._group.run(lambda db: db.run("DELETE FROM files"))
    heard = "\n".join(await talk.drain())
    assert "is fine" not in heard
    assert heard


def test_the_desk_and_the_chat_agree_on_how_large_a_file_may_be() -> None:
    from bot.conversation import LARGEST as IN_THE_CHAT

    assert LARGEST == IN_THE_CHAT
