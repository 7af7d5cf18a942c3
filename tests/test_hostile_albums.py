"""Many pictures at once, pictures while others are read, and a process that dies between saving and sending."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from pydantic import SecretStr

from bot.cli.assemble import house
from bot.cli.demo import TOKEN
from bot.model import Examination, Submission
from bot.ports import Given
from bot.settings import Settings
from handlers.jobs.clock import MovableClock
from handlers.playground.people import Participant
from handlers.playground.server import Playground
from tests.hostile import COUNTRY, FORM, IDENTITY, NOTICE, ByContent, Stage, heard, kept, photo, staged
from tests.world import START

pytestmark = pytest.mark.asyncio(loop_scope="module")
READER = ByContent()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    async with staged(tmp_path_factory.mktemp("albums"), READER) as opened:
        yield opened


async def files(stage: Stage, seller: Participant) -> list[Submission]:
    """The pictures that were kept, oldest first."""
    case = await stage.case(seller)
    assert case
    return [record for record in case.history if isinstance(record, Submission) and record.files]


async def test_an_album_of_ten_with_two_hostile_ones_is_one_answer(stage: Stage) -> None:
    seller = await stage.at(IDENTITY)
    bad = b'{"type": "not_a_document"}'
    contents = [bad if n in {2, 7} else b'{"number": "X%d"}' % n for n in range(10)]
    await seller.hand.send_documents([(f"{n}.jpg", content) for n, content in enumerate(contents)])
    await seller.hears("is fine")
    await stage.demo.playground.settled()
    sent = await files(stage, seller)
    assert len(sent) == 10
    assert len({one.album for one in sent}) == 1
    await kept(seller, "Identity document: done")
    looking = [m for m in seller.messages if m.by_bot and "looking at it" in m.text]
    assert len(looking) == 1


async def test_ten_photos_at_once_are_each_looked_at_and_the_seller_is_not_drowned(stage: Stage) -> None:
    seller = await stage.at(IDENTITY)
    await asyncio.gather(*(seller.photo(photo("red" if n % 2 else "green")) for n in range(10)))
    await stage.demo.playground.settled()
    await stage.demo.playground.advance(timedelta(minutes=1))
    await kept_in_the_end(seller)
    said = [m for m in seller.messages if m.by_bot]
    assert len(said) < 20
    sent = await files(stage, seller)
    assert len(sent) == 10


async def kept_in_the_end(seller: Participant) -> None:
    """The case goes on: its list is still there to be seen."""
    await seller.says("/status")
    await seller.hears("Country: done")


async def test_a_photo_while_an_earlier_one_is_read_takes_its_place(stage: Stage) -> None:
    seller = await stage.at(IDENTITY)
    READER.begun.clear()
    READER.ready.clear()
    await seller.photo(photo("red"))
    await heard(seller, "looking at it")
    await READER.begun.wait()
    await seller.photo(photo("green"))
    await stage.demo.playground.settled()
    other = await stage.at(COUNTRY, "Ada")
    await other.says("Germany")
    await heard(other, FORM)
    READER.ready.set()
    await seller.hears("is fine")
    await kept(seller, "Identity document: done")


async def test_words_while_a_photo_is_read_are_answered(stage: Stage) -> None:
    seller = await stage.at(IDENTITY)
    READER.ready.clear()
    await seller.photo(photo("red"))
    await heard(seller, "looking at it")
    await seller.says("/status")
    await heard(seller, "Identity document: being looked at")
    READER.ready.set()
    await seller.hears("cannot see a document")
    await kept(seller, "Who sells: done")


async def test_a_broken_picture_and_then_a_good_one(stage: Stage) -> None:
    seller = await stage.at(IDENTITY)
    for colour, words in (("red", "cannot see a document"), ("green", "is fine")):
        await seller.photo(photo(colour))
        await seller.hears(words)
    await kept(seller, "Identity document: done")


async def test_a_process_that_dies_between_saving_and_sending_says_it_after_its_restart(
    tmp_path: Path,
) -> None:
    """What was saved and never sent is sent by the next process, marked as a possible repeat, and never a third time."""
    clock, playground = MovableClock(START), Playground(token=TOKEN)
    seller = playground.seller("Ada")
    async with playground.serving() as url:
        settings = Settings(kyc_home=tmp_path, telegram_bot_token=SecretStr(TOKEN), telegram_api_url=url)
        await seller.says("/start")
        async with house(settings, clock, ByContent(), create=True) as first:
            chat = f"tg:{seller.person.id}"
            lost = await first.desk.receive(Given("tg:1", clock.now(), chat, chat, command="start"))
            assert lost
        clock.next_due = clock.drain = None
        await clock.advance(timedelta(minutes=3))
        async with house(settings, clock, ByContent()) as second:
            assert await second.sender.sweep() == len(lost)
            await heard(seller, "Perhaps you have seen this already", NOTICE)
            assert await second.sender.sweep() == 0
            repeat = await second.desk.receive(Given("tg:1", clock.now(), chat, chat, command="start"))
            assert [parcel.message for parcel in repeat] == [parcel.message for parcel in lost]


async def test_a_process_that_dies_while_it_reads_reads_again_after_its_restart(tmp_path: Path) -> None:
    clock, playground, reader = MovableClock(START), Playground(token=TOKEN), ByContent()
    seller = playground.seller("Ada")
    chat = f"tg:{seller.person.id}"
    async with playground.serving() as url:
        settings = Settings(kyc_home=tmp_path, telegram_bot_token=SecretStr(TOKEN), telegram_api_url=url)
        await seller.document(b"{}", "passport.jpg")
        async with house(settings, clock, reader, create=True) as first:
            document = seller.messages[-1].raw["document"]
            sent = {"message": {"chat": {"id": seller.person.id, "type": "private"}, "document": document}}
            now = clock.now()
            await first.desk.receive(Given("tg:1", now, chat, chat, command="start"))
            await first.desk.receive(Given("tg:2", now, chat, chat, tap="a:1:notice:agree"))
            await first.edge.update({"update_id": 9, **sent}, riding=True)
            case = await first.storage.register.case_of(chat)
            assert case
            reader.ready.clear()
            reading = asyncio.ensure_future(first.desk.work(case))
            await reader.begun.wait()
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
        reader.ready.set()
        await clock.advance(timedelta(minutes=3))
        async with house(settings, clock, reader) as second:
            await second.runner.drain()
            history = (await second.storage.cases.load(case)).history
    assert len([record for record in history if isinstance(record, Examination)]) == 1
