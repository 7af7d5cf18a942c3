"""What must not open a case, pass the notice, or trip the core: through the real HTTP path."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.hostile import COUNTRY, IDENTITY, NOTICE, ByContent, Stage, heard, staged

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    async with staged(tmp_path_factory.mktemp("gate"), ByContent()) as opened:
        yield opened


async def _kinds(stage: Stage, seller: object) -> set[str]:
    case = await stage.case(seller)  # type: ignore[arg-type]
    assert case
    return {type(record).__name__ for record in case.history}


@pytest.mark.parametrize(
    "data",
    [
        *(
            "a:²:country:DE",
            "w:²",
            "w:٣",
            "f:identity.²",
            "f:identity.999999999999999999999999",
            "m:²",
            "p:²",
        ),
        *("s:²:1:approve::", "d:²", "e:²:x", "x:", "x:appeal", "m:1:payment_methods:card"),
    ],
)
async def test_a_button_that_no_card_ever_had_changes_nothing(stage: Stage, data: str) -> None:
    seller = await stage.at(COUNTRY)
    answer = await stage.post(stage.tapped(seller, data))
    assert answer.status == 200
    assert COUNTRY in answer.text


async def test_who_blocks_the_bot_before_ever_writing_has_no_case(stage: Stage) -> None:
    seller = stage.demo.playground.seller("Shy")
    seller.hand.block()
    await stage.demo.playground.settled()
    await stage.demo.built.edge.idle()
    assert await stage.case(seller) is None


async def test_a_number_shared_before_the_notice_is_not_kept(stage: Stage) -> None:
    seller = await stage.at(NOTICE)
    await seller.shares_contact()
    await heard(seller, NOTICE)
    assert await _kinds(stage, seller) == {"Told"}


@pytest.mark.parametrize("data", ["a:1:country:DE", "a:1:legal_form:company", "f:country", "w:1"])
async def test_a_forged_tap_before_the_notice_is_not_kept(stage: Stage, data: str) -> None:
    seller = await stage.at(NOTICE)
    answer = await stage.post(stage.tapped(seller, data))
    assert "before that I must not keep anything" in answer.text
    assert await _kinds(stage, seller) == {"Told"}


@pytest.mark.parametrize("command", ["back", "time"])
async def test_a_command_before_the_notice_asks_nothing_else(stage: Stage, command: str) -> None:
    seller = await stage.at(NOTICE)
    await seller.says(f"/{command}")
    await heard(seller, "before that I must not keep anything", NOTICE)
    await seller.says("14:30")
    await heard(seller, NOTICE)
    assert await _kinds(stage, seller) == {"Told"}


async def test_a_large_file_whose_size_nobody_said_is_named_too_large(stage: Stage) -> None:
    seller = await stage.at(IDENTITY)
    file = stage.demo.playground.world.files.document(bytes(21 * 1024 * 1024), "x.pdf", "", None)
    del file["file_size"]
    seller.hand.send({"document": file})
    await seller.hears("too large", 5)
    assert ("getFile", "Bad Request: file is too big") in stage.demo.playground.api.refusals
    stage.demo.playground.api.refusals[:] = [
        r for r in stage.demo.playground.api.refusals if r[0] != "getFile"
    ]
