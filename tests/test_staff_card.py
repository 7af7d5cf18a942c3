"""The card: why it is there, what was read beside what was typed, and never a number or a picture."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.model import Tier
from bot.ports import Button, Message, Say
from bot.staff import dressed
from bot.standing import stand
from bot.turn import Known, Turn, conclude
from handlers.telegram.calls import send
from handlers.words import Words
from tests.botapi import check
from tests.edge import parcel
from tests.staffroom import AGENT, DOUBTFUL, OFFICER, Staffroom, staffroom
from tests.world import BILL, PAINTING, PASSPORT, SAID, World


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Staffroom]:
    talk = staffroom(tmp_path)
    yield talk
    await talk.storage.close()


async def test_the_first_lines_say_why_and_since_when(talk: Staffroom) -> None:
    card = (await talk.doubted()).split("staff: ")[1]
    assert card.splitlines()[:2] == [
        "Please look: Identity document. Check digits do not agree.",
        "Waiting since November 2, 2026, 10:00 UTC.",
    ]
    assert f"Case {await talk.case()} · ADA LOVELACE · waiting for the seller" in card
    assert "Germany · private person\n• something in a document wants a second look" in card
    assert "risk" not in card


async def test_the_third_picture_that_did_not_pass(talk: Staffroom) -> None:
    await talk.seller(command="start")
    await talk.finish("identity")
    for _ in range(2):
        await talk.photo(PAINTING)
    card = "".join(await talk.photo(PAINTING))
    assert "Please look: Identity document. Several pictures did not pass." in card
    assert "There is no document in the picture." in card


async def test_a_tier_that_needs_a_signature(talk: Staffroom) -> None:
    await talk.seller(command="start")
    await talk.finish("country")
    await talk.seller(text="Kenya")
    card = "".join(await talk.finish())
    assert "Please decide: everything is here, and a person's signature is needed." in card
    assert "[Approve]  [Decline …]" in card


async def test_what_was_read_stands_beside_what_was_typed(talk: Staffroom) -> None:
    await talk.doubted()
    await talk.finish("card")
    await talk.tap("Something is wrong")
    await talk.seller(text="Ada Lovelas")
    await talk.seller(text="11 December 1990")
    card = await talk.order("case", await talk.case())
    assert (
        "Read: ADA LOVELACE, born December 10, 1990, until January 1, 2030"
        " · Typed: Ada Lovelas, born December 11, 1990"
    ) in card


async def test_a_yes_to_what_was_read_is_no_typing(talk: Staffroom) -> None:
    await talk.doubted()
    card = await talk.order("case", await talk.case())
    assert "· Nothing typed beside it yet" in card
    await talk.finish("email")
    assert "· The seller says that this is right" in await talk.order("case", await talk.case())


async def test_a_proof_stands_beside_the_sellers_name(talk: Staffroom) -> None:
    await talk.order("case", await talk.approved())
    await talk.press("Ask for a document …", AGENT)
    await talk.press("Proof of address", AGENT)
    card = "".join(await talk.photo({**BILL, "holder": "MARY SMITH"}))
    assert "Read: MARY SMITH, issued October 20, 2026 · Seller: ADA LOVELACE" in card


@pytest.mark.parametrize("form", ["A company sells", "I am self-employed"])
async def test_no_number_ever_reaches_the_group(talk: Staffroom, form: str) -> None:
    await talk.seller(command="start")
    await talk.finish("legal_form")
    await talk.tap(form)
    await talk.finish("identity")
    heard = await talk.photo(DOUBTFUL)
    heard += await talk.finish("owner")
    if form == "A company sells":
        heard += await talk.seller(text="Ada Lovelace")
        heard += await talk.finish("owner", "owner_share")
        heard += await talk.seller(text="100") + await talk.finish("owner")
        heard += await talk.tap("That is everybody")
    heard += await talk.finish()
    for command, argument in (("case", await talk.case()), ("queue", ""), ("find", SAID["email"])):
        heard.append(await talk.order(command, argument))
    group = "".join(text for text in heard if text.startswith("staff: ")).replace(" ", "")
    secrets = [PASSPORT["number"], "15123456789", SAID["tax_number"], SAID["payout_account"], SAID["email"]]
    secrets += [SAID[name] for name in ("register_number", "address", "company_address") if name in SAID]
    assert group.count(await talk.case()) > 3
    assert [secret for secret in secrets if secret.replace(" ", "") in group] == []


async def test_colleagues_stand_by_name(talk: Staffroom) -> None:
    await talk.doubted()
    await talk.press("Refuse …")
    assert "Refused by Ann Lee: cannot be read." in await talk.press("Cannot be read")
    await talk.press("Decline …", OFFICER)
    assert "Declined by Olga: cannot be verified." in await talk.press("Cannot be verified", OFFICER)
    records = (await talk.storage.cases.load(await talk.case())).history
    assert [r.by for r in records if hasattr(r, "by")] == ["tg:900", "tg:901"]


async def test_a_console_is_a_link_on_every_card(talk: Staffroom) -> None:
    await talk.doubted()
    talk.desk.console = "https://console.example.org/"
    parcels = await talk.desk.staff(talk.given("staff", AGENT, command="case", argument=await talk.case()))
    call = send(parcels[-1], Words(), -5)
    check(call.method, call.payload)
    button = call.payload["reply_markup"]["inline_keyboard"][-1][0]
    url = f"https://console.example.org/cases/{await talk.case()}"
    assert button == {"text": "Open in the console", "url": url}


def test_only_cards_are_given_a_link() -> None:
    plain = Message("staff", (Say("staff.reminded", {"case": "c"}),))
    assert dressed(plain, parcel(1).case, {}, "https://c.example.org") == plain
    seller = Message(
        "seller", (Say("hello", {"by": "tg:1"}),), ((Button("notice.agree", "a"),),), slot="card"
    )
    assert dressed(seller, parcel(1).case, {"tg:1": "Ann"}, "https://c.example.org") == seller


def test_a_policy_that_wants_a_signature_calls_people() -> None:
    world = World()
    world.given(command="start")
    world.finish("country")
    world.given(text="Kenya")
    world.finish()
    lenient = replace(world.policy, thresholds={Tier.LOW: 0, Tier.MEDIUM: 998, Tier.HIGH: 999})
    for before, calls in ((lenient, [("staff", True)]), (world.policy, [])):
        last = Known(stand(world.case, before, world.now))
        change, _ = conclude(world.case, Turn(asks=False, bulk=True), world.policy, world.now, last)
        assert [(message.to, message.anew) for message in change.messages] == calls
