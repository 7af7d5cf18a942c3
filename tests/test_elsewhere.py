"""What two sellers both give is shown to staff with the other's case, and keeps the machine from approving."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.elsewhere import ALIKE, BAND
from bot.model import Case, Retention, Shared, Stage, Tier
from bot.standing import Standing
from tests.talk import Talk
from tests.world import PAINTING, PASSPORT, SENT

PICTURE = "0123456789abcdef0123456789abcdef"
FIRST = {**PASSPORT, "number": "A1111111"}


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    talk = Talk(f"sqlite:///{tmp_path / 'kyc.sqlite3'}", tmp_path)
    yield talk
    await talk.storage.close()


async def sells(
    talk: Talk, chat: str, phone: str, account: str, passport: dict[str, str], *, until: str = ""
) -> tuple[Case, Standing, list[str]]:
    """A whole registration in this chat: the case, where it stands, and the lines that were heard."""
    talk.chat = chat
    heard = await talk.seller(command="start")
    heard += await talk.finish("identity", "contact")
    before, SENT["identity"] = SENT["identity"], passport
    try:
        heard += await talk.finish("contact")
    finally:
        SENT["identity"] = before
    heard += await talk.seller(contact=phone)
    heard += await talk.finish("payout_account")
    heard += await talk.seller(text=account)
    heard += await talk.finish("address_proof", "face_consent", until)
    case, standing = await talk.desk.show(await talk.case(chat))
    return case, standing, heard


ONE = ("+49 151 23456789", "DE89 3704 0044 0532 0130 00")
OTHER = ("+49 160 5550123", "FR14 2004 1010 0505 0001 3M02 606")


async def test_what_nobody_else_gave_is_approved_at_once(talk: Talk) -> None:
    _, one, _ = await sells(talk, "tg:1", *ONE, FIRST)
    _, other, _ = await sells(
        talk, "tg:2", OTHER[0], "DE02 1203 0000 0000 2020 51", {**FIRST, "number": "B2"}
    )
    assert (one.stage, other.stage) == (Stage.APPROVED, Stage.APPROVED)
    assert not one.facts.shared or not one.facts.shared.kinds


@pytest.mark.parametrize("kind", ["phone", "account", "document", "picture"])
async def test_what_another_seller_gave_raises_the_tier_and_is_shown_to_staff(talk: Talk, kind: str) -> None:
    first, _, _ = await sells(talk, "tg:1", *ONE, {**FIRST, "picture_hash": PICTURE})
    shrunk = PICTURE[:-BAND] + "ffff"  # saved again, a few bits are others
    second, standing, heard = await sells(
        talk,
        "tg:2",
        ONE[0] if kind == "phone" else OTHER[0],
        ONE[1] if kind == "account" else "DE02 1203 0000 0000 2020 51",
        {
            **FIRST,
            "number": FIRST["number"] if kind == "document" else "B2222222",
            "picture_hash": shrunk if kind == "picture" else "f" * 32,
        },
    )
    assert standing.facts.shared
    assert standing.facts.shared.kinds == {kind: first.id}
    assert standing.stage is not Stage.APPROVED
    assert standing.risk.tier is not Tier.LOW
    assert standing.risk.contributions["given_by_others"] == 30
    spoken = [line for line in heard if not line.startswith(("staff: ", "compliance: "))]
    assert not any(first.id in line for line in spoken)
    shown = await talk.keep(
        await talk.desk.staff(talk.given("staff", "tg:902", command="case", argument=second.id))
    )
    assert any(first.id in line and "also given" in line for line in shown)


async def test_pictures_of_one_kind_of_document_are_not_the_same(talk: Talk) -> None:
    await sells(talk, "tg:1", *ONE, {**FIRST, "picture_hash": PICTURE})
    alike = PICTURE[: (ALIKE - 1) * BAND] + "f" * (32 - (ALIKE - 1) * BAND)
    _, standing, _ = await sells(
        talk,
        "tg:2",
        OTHER[0],
        "DE02 1203 0000 0000 2020 51",
        {**FIRST, "number": "B2", "picture_hash": alike},
    )
    assert standing.stage is Stage.APPROVED


async def test_two_black_pictures_are_no_double(talk: Talk) -> None:
    black = {**PAINTING, "picture_hash": "0" * 32}
    for chat in ("tg:1", "tg:2"):
        talk.chat = chat
        await talk.seller(command="start")
        await talk.finish("identity")
        await talk.photo(black)
    _, standing = await talk.desk.show(await talk.case())
    assert not standing.facts.shared or not standing.facts.shared.kinds


async def test_an_approval_looks_again(talk: Talk) -> None:
    """What nobody had given when it was compared may be another's by the time of the approval, which looks again."""
    account = "DE02 1203 0000 0000 2020 51"
    early, standing, _ = await sells(talk, "tg:1", OTHER[0], account, FIRST, until="pep")
    assert standing.facts.shared
    assert not standing.facts.shared.kinds
    late, _, _ = await sells(talk, "tg:2", *ONE, FIRST)
    talk.chat = "tg:1"
    await talk.finish("address_proof", "face_consent")
    _, standing = await talk.desk.show(early.id)
    assert standing.facts.shared
    assert standing.facts.shared.kinds == {"document": late.id}
    assert standing.stage is not Stage.APPROVED


async def test_a_case_that_is_erased_is_nobodys_double(talk: Talk) -> None:
    first, _, _ = await sells(talk, "tg:1", *ONE, FIRST)
    await talk.storage.cases.erase(first.id, frozenset(Retention))
    _, standing, _ = await sells(talk, "tg:2", *ONE, FIRST)
    assert standing.stage is Stage.APPROVED


async def test_nobody_but_staff_reads_who_the_other_is(talk: Talk) -> None:
    from bot.disclosure import disclosed

    await sells(talk, "tg:1", *ONE, FIRST)
    second, _, _ = await sells(talk, "tg:2", *ONE, FIRST)
    assert not any(isinstance(record, Shared) for _, record in disclosed(second))
