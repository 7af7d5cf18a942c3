"""What staff press and write: rulings, decisions, own words, papers asked for, a second look, reminders."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.model import Appeal, Decision, Key, Pause, Reach, Request, Ruling, Stage, Verdict
from bot.staff import Tap, heard
from bot.standing import Standing, stand
from bot.turn import Turn
from storage import Storage
from tests.staffroom import AGENT, OFFICER, REVIEWER, STRANGER, Staffroom, staffroom
from tests.talk import MASTER


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Staffroom]:
    talk = staffroom(tmp_path)
    yield talk
    await talk.storage.close()


async def records(talk: Staffroom, kind: type) -> list[object]:
    return [r for r in (await talk.storage.cases.load(await talk.case())).history if isinstance(r, kind)]


async def stands(talk: Staffroom) -> Standing:
    case = await talk.storage.cases.load(await talk.case())
    return stand(case, talk.desk.policy, talk.clock.now())


# ---- own words


async def test_a_reply_to_the_prompt_is_the_reason_in_ones_own_words(talk: Staffroom) -> None:
    await talk.doubted()
    prompt = await talk.prompted("Refuse …")
    assert "why is it refused (identity document)?" in prompt
    said = await talk.wrote(text="The <b>page</b>\nwith your photo, please", reply=prompt)
    assert "A person of our team writes: “The <b>page</b> with your photo, please”" in said
    assert "Please send another photo of your identity document" in said
    assert "Refused by Ann Lee: “The <b>page</b> with your photo, please”." in said
    (ruling,) = await records(talk, Ruling)
    assert isinstance(ruling, Ruling)
    assert (ruling.verdict, ruling.reason, ruling.by) == (Verdict.REJECT, "own", REVIEWER)


async def test_a_seller_declined_in_somebodys_own_words_reads_them(talk: Staffroom) -> None:
    await talk.doubted()
    prompt = await talk.prompted("Decline …")
    said = await talk.wrote(text="We do not sell lottery tickets.", reply=prompt)
    assert "A person of our team writes: “We do not sell lottery tickets.”" in said
    assert "A person of our team writes" in "".join(await talk.seller(command="status"))


async def test_a_reply_after_a_restart_still_counts(talk: Staffroom) -> None:
    await talk.doubted()
    prompt = await talk.prompted("Refuse …")
    await talk.restart()
    assert "“Too dark”" in await talk.wrote(text="Too dark", reply=prompt)


async def test_a_reply_to_what_has_moved_does_nothing(talk: Staffroom) -> None:
    await talk.doubted()
    prompt = await talk.prompted("Refuse …")
    await talk.press("Accept: Identity document", OFFICER)
    assert "has moved since that card was drawn, so I did nothing" in await talk.wrote(
        text="Too dark", reply=prompt
    )
    assert len(await records(talk, Ruling)) == 1


async def test_words_have_a_limit(talk: Staffroom) -> None:
    await talk.doubted()
    prompt = await talk.prompted("Refuse …")
    assert "300 characters are the most. Nothing was done" in await talk.wrote(text="x" * 301, reply=prompt)
    assert await records(talk, Ruling) == []
    assert "x" * 300 in await talk.wrote(text="x" * 300, reply=prompt)


@pytest.mark.parametrize("who", [AGENT, STRANGER])
async def test_words_of_who_may_not_are_nothing(talk: Staffroom, who: str) -> None:
    await talk.doubted()
    prompt = await talk.prompted("Refuse …")
    assert await talk.wrote(who, text="Too dark", reply=prompt) == ""
    assert await records(talk, Ruling) == []


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "Nobody is waiting. Well done!",
        "Ref: CASE/8/accept/identity",
        "Ref: CASE/8/remind/",
        "Ref: CASE/8/refuse/email",
        "Ref: CASE/x/refuse/identity",
        "Ref: CASE/8/refuse/identity\nand more",
        "Ref: CASE/8/refuse/identity:unreadable",
    ],
)
async def test_what_people_say_to_each_other_is_left_alone(talk: Staffroom, reply: str) -> None:
    await talk.doubted()
    assert await talk.wrote(text="ok", reply=reply.replace("CASE", await talk.case())) == ""
    assert await records(talk, Ruling) == []


# ---- papers


async def test_a_paper_that_no_row_owes_is_asked_for_in_the_chat(talk: Staffroom) -> None:
    await talk.order("case", await talk.approved())
    menu = await talk.press("Ask for a document …", AGENT)
    assert (
        "[Second identity document]  [Proof of address]  [Where the money comes from]  [Change of name]"
        in menu
    )
    said = await talk.press("Proof of address", AGENT)
    assert "Please send a utility bill or a bank statement" in said
    assert "Amir asked for: Proof of address." in said
    assert await records(talk, Request) == [Request(talk.clock.now(), Key("address_proof"), AGENT)]
    assert "Proof of address]" not in await talk.press("Ask for a document …", AGENT)
    said = "".join(await talk.finish())
    assert "All is in order again" in said
    assert "asked for" not in await talk.order("case", await talk.case())


async def test_another_paper_in_the_place_of_a_good_one(talk: Staffroom) -> None:
    await talk.order("case", await talk.approved())
    await talk.press("Ask for a document …", AGENT)
    said = await talk.press("Identity document", AGENT)
    assert "would like another document in its place" in said
    assert "Please send another photo of your identity document" in said
    assert "Refused by Amir: another one was asked for." in said
    assert "All is in order again" in "".join(await talk.finish())


async def test_two_who_ask_for_the_same_ask_once(talk: Staffroom) -> None:
    await talk.order("case", await talk.approved())
    await talk.press("Ask for a document …", AGENT)
    await talk.press("Proof of address", AGENT)
    again = await talk.press("Proof of address", REVIEWER)
    assert "the seller is asked for that already (proof of address)" in again
    assert len(await records(talk, Request)) == 1


async def test_nothing_is_asked_of_somebody_who_is_not_there(talk: Staffroom) -> None:
    case = await talk.approved()
    for key in ("identity.99", "incorporation"):
        assert "has moved" in await talk.wrote(AGENT, tap=f"s:{case}:0:ask:{key}:")
    assert await records(talk, Request) == []


# ---- decisions


async def test_selling_is_paused_and_opened_again(talk: Staffroom) -> None:
    await talk.order("case", await talk.approved())
    await talk.press("Suspend …")
    said = await talk.press("We are checking something")
    assert "Selling is paused for now. We are checking something in your account." in said
    assert "Suspended by Ann Lee: something is being checked." in said
    assert (await stands(talk)).stage is Stage.SUSPENDED
    await talk.press("Reopen")
    assert (await stands(talk)).stage is not Stage.SUSPENDED


@pytest.mark.parametrize("label", ["Suspend …", "Decline …", "Accept: Identity document", "Refuse …"])
async def test_an_agent_looks_reminds_and_asks_but_does_not_judge(talk: Staffroom, label: str) -> None:
    await talk.doubted()
    await talk.press("Accept: Identity document")
    await talk.finish()
    await talk.order("case", await talk.case())
    before = await talk.storage.cases.load(await talk.case())
    assert await talk.press(label, AGENT) == ""
    assert await talk.storage.cases.load(await talk.case()) == before


async def declined(talk: Staffroom, by: str = REVIEWER) -> None:
    await talk.doubted()
    await talk.press("Decline …", by)
    await talk.press("Cannot be verified", by)


async def test_another_person_decides_about_an_appeal(talk: Staffroom) -> None:
    await declined(talk)
    card = "".join(await talk.seller(tap="x:appeal"))
    assert "the seller asks for another person. Declined by Ann Lee, so somebody else decides." in card
    assert len(await records(talk, Appeal)) == 1
    for label in ("Reopen", "Decline …"):
        assert "the decision was yours" in await talk.press(label, REVIEWER)
    assert [type(r) for r in await records(talk, Decision)] == [Decision]
    said = await talk.press("Reopen", OFFICER)
    assert "Your case is open again" in said
    assert "Reopened by Olga." in said


async def test_an_appeal_that_changes_nothing_is_answered(talk: Staffroom) -> None:
    await declined(talk)
    await talk.seller(tap="x:appeal")
    await talk.press("Decline …", OFFICER)
    said = await talk.press("Against the terms", OFFICER)
    assert "Another person has looked again, and the answer stays the same. It would be against" in said
    assert "Declined by Olga: against the terms." in said
    assert await talk.order("queue") == "staff: Nobody is waiting. Well done!"


async def test_a_whole_case_may_be_approved_on_appeal(talk: Staffroom) -> None:
    await talk.seller(command="start")
    await talk.finish("country")
    await talk.seller(text="Kenya")
    await talk.finish()
    await talk.press("Decline …")
    await talk.press("Cannot be verified")
    await talk.seller(tap="x:appeal")
    assert "the decision was yours" in await talk.press("Approve")
    said = await talk.press("Approve", OFFICER)
    assert "You can sell" in said
    assert "Approved by Olga." in said


# ---- twice, and two at once


async def test_the_same_press_twice_is_harmless(talk: Staffroom) -> None:
    await talk.doubted()
    tap = talk.data("staff", "Accept: Identity document")
    assert "Your passport is fine" in await talk.wrote(tap=tap)
    for who in (REVIEWER, OFFICER):
        again = await talk.wrote(who, tap=tap)
        assert "has moved" not in again
        assert "Your passport" not in again
    assert len(await records(talk, Ruling)) == 1


async def test_a_decision_pressed_twice_is_one(talk: Staffroom) -> None:
    await talk.seller(command="start")
    await talk.finish("country")
    await talk.seller(text="Kenya")
    await talk.finish()
    tap = talk.data("staff", "Approve")
    await talk.wrote(tap=tap)
    assert "has moved" not in await talk.wrote(tap=tap)
    assert "has moved" in await talk.wrote(OFFICER, tap=tap)
    assert len(await records(talk, Decision)) == 1


async def test_two_at_once_on_one_database_do_not_overrule_each_other(
    talk: Staffroom, tmp_path: Path
) -> None:
    await talk.doubted()
    accept = talk.data("staff", "Accept: Identity document")
    await talk.press("Refuse …")
    refuse = talk.data("staff", "Cannot be read")
    beside = Storage.open(talk.url, tmp_path, MASTER)
    other = staffroom(tmp_path).desk
    other.cases, other.register = beside.cases, beside.register
    said = await asyncio.gather(talk.wrote(REVIEWER, tap=accept), talk.wrote(OFFICER, desk=other, tap=refuse))
    await beside.close()
    assert sum("has moved since that card was drawn" in text for text in said) == 1
    case = await talk.desk.cases.load(await talk.case())
    assert sum(isinstance(record, Ruling) for record in case.history) == 1


# ---- reminders


async def test_a_reminder_waits_for_the_sellers_morning(talk: Staffroom) -> None:
    await talk.doubted()
    case = await talk.case()
    talk.clock.instant += timedelta(hours=12)  # 22:00 UTC, 23:00 in Berlin
    said = await talk.order("remind", case)
    assert "it is night where the seller lives, so I sent nothing." in said
    assert "from 09:00 their time, in about 10 hours." in said
    talk.clock.instant += timedelta(hours=10)
    said = await talk.order("remind", case)
    assert "A short reminder from our team: one thing is open." in said
    assert f"Case {case}: the seller was reminded." in said
    assert "staff reminded the seller within the last day" in await talk.order("remind", case, OFFICER)
    talk.clock.instant += timedelta(hours=24)
    assert "A short reminder" in await talk.order("remind", case)


async def test_a_reminder_may_be_sent_at_night_by_a_second_press(talk: Staffroom) -> None:
    await talk.doubted()
    talk.clock.instant += timedelta(hours=12)
    await talk.order("remind", await talk.case())
    assert "A short reminder" in await talk.press("Send it now anyway", AGENT)
    assert "within the last day" in await talk.press("Send it now anyway", AGENT)


async def test_nothing_open_nothing_to_remind_of(talk: Staffroom) -> None:
    said = await talk.order("remind", await talk.approved())
    assert "nothing is open on the seller's side" in said
    assert "A short reminder" not in said


async def test_a_seller_who_blocked_the_bot_or_asked_for_peace(talk: Staffroom) -> None:
    await talk.doubted()
    case = await talk.storage.cases.load(await talk.case())
    later = talk.clock.now() + timedelta(days=3)
    await talk.desk._conclude(case, Turn((Pause(talk.clock.now(), later),), asks=False))
    said = await talk.order("remind", case.id)
    assert "asked to be reminded only on November 5, 2026, so I sent nothing" in said
    case = await talk.storage.cases.load(case.id)
    await talk.desk._conclude(case, Turn((Reach(talk.clock.now(), reachable=False),), asks=False))
    assert "the seller has blocked the bot" in await talk.order("remind", case.id)


# ---- what a button carries


@pytest.mark.parametrize(
    "data",
    [
        "s:c:1:refuse:identity:own2",
        "s:c:1:accept::",
        "s:c:1:accept:email:",
        "s:c:1:approve::unreadable",
        "s:c:1:decline::unreadable",
        "s:c:1:fire::",
        "s:c:one:approve::",
        "a:1:identity:x",
        "",
    ],
)
def test_forged_buttons_are_nothing(data: str) -> None:
    assert Tap.parse(data) is None


async def test_no_press_carries_more_than_telegram_allows(talk: Staffroom) -> None:
    await talk.order("case", await talk.approved())
    longest = Tap(await talk.case(), 99_999, "ask", Key("source_of_funds", 99_999), "")
    assert len(longest.data()) <= 64
    given = talk.given("staff", tap=longest.data())
    assert heard(given) == longest
