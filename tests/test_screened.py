"""Names of cases against watchlists: a match waits for compliance, nobody else learns of it, a ruled pair rests."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from bot.cli.loading import retire
from bot.cli.watching import Lists, following
from bot.model import CaseId, Screened, Stage
from bot.ports import Parcel
from bot.screening import Entity, Kind
from tests.watched import NAMESAKE, OTHER, Watched


@pytest.fixture
async def talk(tmp_path: Path) -> Watched:
    return Watched(f"sqlite:///{tmp_path / 'kyc.sqlite3'}", tmp_path)


async def test_who_is_on_no_list_is_approved(talk: Watched) -> None:
    await talk.load(OTHER)
    assert any("You can sell" in text for text in await talk.sells())


async def test_a_match_waits_for_compliance_and_nobody_else_learns_of_it(talk: Watched) -> None:
    await talk.load(NAMESAKE, OTHER)
    heard = await talk.sells()
    quiet = [text for text in heard if text.startswith("compliance: ")]
    assert "may be Ada Lovelace (Drawn, X-1)" in quiet[-1]
    others = [text for text in heard if text not in quiet]
    assert not any("list" in text.lower() or "X-1" in text for text in others)
    assert not any(text.startswith("staff: ") for text in heard)
    assert "A person looks at it now" in others[-1]
    assert (
        "Here: born December 10, 1990, Germany\nThere: born 1970, United Kingdom. Also: A. King" in quiet[-1]
    )
    tap = talk.data("compliance", "A: another person")
    after = await talk.keep(await talk.desk.staff(talk.given("compliance", "tg:900", tap=tap)))
    assert after == []  # a reviewer may not
    (asked,) = await talk.ruled("A: another person")
    assert "Why is it another person?" in asked
    assert await talk.stage() is Stage.IN_REVIEW
    after = await talk.ruled("The birth dates differ")
    assert any("You can sell" in text for text in after)
    assert any(
        "ADA LOVELACE is not Ada Lovelace (Drawn, X-1), says tg:901: the birth dates differ." in t
        for t in after
    )


async def test_a_match_is_ruled_in_ones_own_words_too(talk: Watched) -> None:
    await talk.load(NAMESAKE)
    await talk.sells()
    await talk.ruled("A: the same person")
    prompt, _ = await talk.ruled("In my own words …")
    assert "why is it the same person?" in prompt
    reply = talk.given("compliance", "tg:901", text="Her passport and the listing agree", reply=prompt)
    said = await talk.keep(await talk.desk.staff(reply))
    assert any(
        "is Ada Lovelace (Drawn, X-1), says tg:901: “Her passport and the listing agree”." in text
        for text in said
    )
    assert await talk.stage() is Stage.IN_REVIEW


async def test_a_ruled_pair_rests_until_a_side_changes(talk: Watched) -> None:
    await talk.load(NAMESAKE)
    await talk.sells()
    await talk.ruled("A: another person")
    await talk.ruled("The countries differ")
    assert await talk.load(NAMESAKE, OTHER) == []
    moved = Entity(
        "X-1", ("Ada Lovelace", "Augusta Ada King"), Kind.PERSON, born=("1970",), countries=("GB",)
    )
    said = await talk.load(moved, OTHER)
    assert [text[:12] for text in said] == ["compliance: "]
    assert await talk.stage() is Stage.APPROVED  # whoever sells goes on until a person decides


async def test_a_new_listing_reaches_compliance_by_itself(talk: Watched) -> None:
    await talk.load(OTHER)
    await talk.sells()
    said = await talk.load(OTHER, NAMESAKE)
    assert len(said) == 1
    assert "may be Ada Lovelace" in said[0]


async def test_the_same_person_is_never_approved_by_machine(talk: Watched) -> None:
    await talk.load(NAMESAKE)
    await talk.sells()
    await talk.ruled("A: the same person")
    await talk.ruled("Everything agrees")
    assert await talk.stage() is Stage.IN_REVIEW


@pytest.mark.parametrize("old", [False, True], ids=["none loaded", "eight days old"])
async def test_without_fresh_lists_a_person_signs(talk: Watched, old: bool) -> None:
    if old:
        await talk.load(OTHER)
        talk.clock.instant += timedelta(days=8)
    heard = await talk.sells()
    assert not any("You can sell" in text for text in heard)
    assert any("no watchlist is up to date, so a person signs" in text for text in heard)
    assert any("You can sell" in text for text in await talk.staff("Approve"))


async def test_looking_twice_changes_nothing(talk: Watched) -> None:
    await talk.load(NAMESAKE)
    await talk.sells()
    case: CaseId = await talk.case()
    before = (await talk.storage.cases.load(case)).history
    assert [parcels async for parcels in talk.desk.rescreen()] == []
    assert (await talk.storage.cases.load(case)).history == before
    assert sum(isinstance(record, Screened) for record in before) >= 1


async def test_a_signature_of_who_does_not_know_approves_nobody_who_is_listed(talk: Watched) -> None:
    await talk.load(NAMESAKE)
    await talk.seller(command="start")
    await talk.finish("country")
    await talk.seller(text="Kenya")
    await talk.finish()
    tap = talk.data("compliance", "A: the same person")
    await talk.staff("Approve")
    assert await talk.stage() is Stage.IN_REVIEW
    await talk.keep(await talk.desk.staff(talk.given("compliance", "tg:901", tap=tap)))
    await talk.ruled("Everything agrees")
    assert await talk.stage() is Stage.IN_REVIEW


async def test_lists_that_grow_old_forget_nobody(talk: Watched) -> None:
    await talk.load(NAMESAKE)
    await talk.sells()
    talk.clock.instant += timedelta(days=8)
    await talk.seller(tap="f:shop_name")
    await talk.seller(text="Ada's Lenses")
    await talk.seller(tap="f:full_name")
    _, standing = await talk.desk.show(await talk.case())
    assert standing.facts.quiet.screened
    assert standing.facts.quiet.screened.lists == ""
    assert [match.entity for match in standing.facts.quiet.open_matches()] == ["X-1"]


class Delivered:
    """A sender that keeps what it is given, and says when there is something."""

    def __init__(self, talk: Watched) -> None:
        self.talk = talk
        self.heard: list[str] = []
        self.some = asyncio.Event()

    async def deliver(self, parcels: Sequence[Parcel]) -> None:
        self.heard += await self.talk.keep(parcels)
        self.some.set()


async def test_a_list_loaded_while_the_bot_was_stopped_is_compared_at_its_start(talk: Watched) -> None:
    await talk.load(OTHER)
    await talk.sells()
    stored = talk.lists.stored
    await stored.load("Drawn", {"main": {e.id: e for e in (OTHER, NAMESAKE)}}, talk.clock.now(), "a test")
    talk.lists = talk.desk.watchlists = Lists(stored, talk.clock)  # as a start makes it
    sender = Delivered(talk)
    running = asyncio.create_task(following(talk.lists, talk.desk, sender))
    try:
        await asyncio.wait_for(sender.some.wait(), 10)
    finally:
        running.cancel()
    assert len(sender.heard) == 1
    assert sender.heard[0].startswith("compliance: ")
    assert "may be Ada Lovelace (Drawn, X-1)" in sender.heard[0]


async def test_an_approval_is_held_back_until_every_match_is_somebody_else(talk: Watched) -> None:
    talk.desk.names = {"tg:900": "Ann Lee"}
    await talk.load(NAMESAKE)
    await talk.seller(command="start")
    await talk.finish("country")
    await talk.seller(text="Kenya")
    await talk.finish()
    (card,) = await talk.staff("Approve")
    assert card.startswith("staff: Nothing to do here at the moment.")
    assert "approved\nKenya" in card
    found = await talk.keep(
        await talk.desk.staff(talk.given("staff", "tg:900", command="find", argument="Ada"))
    )
    assert "· approved ·" in found[0]
    queue = await talk.keep(await talk.desk.staff(talk.given("staff", "tg:900", command="queue")))
    assert queue == ["staff: Nobody is waiting. Well done!"]
    (asked,) = await talk.ruled("A: another person")
    assert "Approved by Ann Lee: that takes effect when every match was found to be another person." in asked
    heard = await talk.ruled("The birth dates differ")
    assert any("You can sell" in text for text in heard)
    assert not [text for text in heard if text.startswith("staff: ")]


async def test_every_new_match_calls_once(talk: Watched) -> None:
    """A new message, for an edit of the card calls nobody; and none for what is known."""
    await talk.load(NAMESAKE)
    await talk.sells()
    assert talk.new["compliance"] == 1
    await talk.restart()
    await talk.load(OTHER, NAMESAKE)  # the lists changed, what was found in them did not
    assert talk.new["compliance"] == 1
    await talk.load(OTHER, NAMESAKE, Entity("X-3", ("Lovelace, Ada",), Kind.PERSON))
    assert talk.new["compliance"] == 2
    await talk.ruled("A: another person")
    await talk.ruled("The birth dates differ")
    assert talk.new["compliance"] == 2


async def test_compliance_asks_where_it_reads(talk: Watched) -> None:
    await talk.load(NAMESAKE)
    await talk.sells()

    async def said(command: str, argument: str = "", who: str = "tg:901") -> list[str]:
        return await talk.wrote(who, command=command, argument=argument)

    case = await talk.case()
    (drawn,) = await said("case", case)
    assert drawn.startswith(f"compliance: For compliance alone. Case {case}")
    assert talk.new["compliance"] == 2
    (found,) = await said("find", "lovelace")
    assert found.startswith("compliance: Found:")
    assert (await talk.ruled(f"Show {case}"))[0].startswith(f"compliance: For compliance alone. Case {case}")
    assert (await said("help"))[0].startswith("compliance: What I can do here")
    assert (await said("queue"))[0].startswith("compliance: Open for you")
    assert await said("case", case, who="tg:900") == []  # a reviewer may not
    assert (await said("case", "nobody"))[0].startswith("compliance: I know no case")
    assert (await said("queue", who="tg:77"))[0].startswith("compliance: Hello! Only the staff")


async def test_a_list_that_is_retired_holds_nobody_and_need_not_be_fresh(talk: Watched) -> None:
    stored = talk.lists.stored
    await stored.load("Old", {"main": {NAMESAKE.id: NAMESAKE}}, talk.clock.now(), "a test")
    await talk.load(OTHER)
    await talk.sells()
    assert await talk.stage() is Stage.IN_REVIEW
    talk.clock.instant += timedelta(days=8)
    await talk.load(OTHER)
    assert talk.lists.lists == ""
    await retire(stored, "Old")
    assert await talk.lists.refresh()
    assert talk.lists.lists
    heard = [text async for parcels in talk.desk.rescreen() for text in await talk.keep(parcels)]
    assert any("You can sell" in text for text in heard)
    _, standing = await talk.desk.show(await talk.case())
    assert standing.facts.quiet.open_matches() == ()
