"""The doors on a real database: repeats, two writers, slow files, erasure, and a policy that people adopt."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot import policy as policies
from bot.conditions import always
from bot.documents.funds import SOURCE_OF_FUNDS
from bot.model import Erased, Examination, File, Retention, Shared, Stage, Submission, Told
from bot.policy import POLICIES, Policy, Row
from bot.ports import UnknownError, UnreadError
from bot.standing import stand
from tests.talk import Talk
from tests.world import PASSPORT


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    talk = Talk(f"sqlite:///{tmp_path / 'kyc.sqlite3'}", tmp_path)
    yield talk
    await talk.storage.close()


async def to_identity(talk: Talk) -> None:
    await talk.seller(command="start")
    await talk.tap("I agree")
    await talk.seller(text="Germany")
    await talk.tap("I sell as a private person")


async def to_approval(talk: Talk) -> None:
    await to_identity(talk)
    assert "You can sell" in "".join(await talk.finish())


async def history(talk: Talk) -> tuple[object, ...]:
    return (await talk.storage.cases.load(await talk.case())).history


async def test_a_repeated_update_changes_nothing_and_says_the_same(talk: Talk) -> None:
    await talk.seller(command="start")
    await talk.tap("I agree")
    given = talk.given(text="Germany")
    first = await talk.keep(await talk.desk.receive(given))
    before = await history(talk)
    await talk.seller(text="not a tap")
    again = await talk.keep(await talk.desk.receive(given))
    assert again == first
    assert [r for r in await history(talk) if isinstance(r, Submission)] == [
        r for r in before if isinstance(r, Submission)
    ]


@pytest.mark.parametrize("other", ["photo", "work", "start"])
async def test_two_updates_at_once_end_as_one_after_the_other(talk: Talk, other: str) -> None:
    await to_identity(talk)
    if other == "work":
        await talk.photo(PASSPORT, wait=False)
    case = await talk.case()
    one = talk.desk.receive(talk.given(contact="+49 151 23456789"))
    others: dict[str, Callable[[], Awaitable[object]]] = {
        "photo": lambda: talk.photo(PASSPORT, wait=False),
        "work": lambda: talk.desk.work(case),
        "start": lambda: talk.seller(command="start"),
    }
    await asyncio.gather(one, others[other]())
    kinds = [type(r).__name__ for r in await history(talk) if not isinstance(r, Told | Shared)]
    answered = {"photo": ["Submission"], "work": ["Examination"], "start": []}[other]
    assert sorted(kinds[-1 - len(answered) :]) == sorted(["Submission", *answered])
    standing = stand(await talk.storage.cases.load(case), talk.desk.policy, talk.clock.now())
    assert standing.facts.value("contact") == "+4915123456789"


async def test_many_first_words_at_once_open_one_case(talk: Talk) -> None:
    await asyncio.gather(*(talk.desk.receive(talk.given(command="start")) for _ in range(8)))
    assert len(await talk.storage.cases.all()) == 1


async def test_a_file_that_cannot_be_fetched_costs_the_seller_nothing(talk: Talk) -> None:
    await to_identity(talk)
    talk.pictures.away = True
    heard = await talk.photo(PASSPORT, wait=False)
    assert "Got it" in heard[0]
    with pytest.raises(UnreadError):
        await talk.desk.work(await talk.case())
    talk.pictures.away = False
    talk.clock.instant += timedelta(minutes=2)
    assert "Your passport is fine" in "".join(await talk.drain())


async def test_a_file_that_never_comes_goes_to_a_person(talk: Talk) -> None:
    await to_identity(talk)
    talk.pictures.away = True
    await talk.photo(PASSPORT, wait=False)
    talk.clock.instant += timedelta(hours=7)
    heard = "".join(await talk.drain())
    assert "A person will look" in heard
    assert "could not be read by the machine (lost)" in heard


async def test_a_picture_is_read_once_and_kept_encrypted(talk: Talk, tmp_path: Path) -> None:
    await to_identity(talk)
    await talk.photo(PASSPORT)
    await talk.drain()
    assert talk.pictures.readings == 1
    everything = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())  # noqa: ASYNC240 - a test
    assert b"LOVELACE" not in everything
    assert b"X1234567" not in everything


async def test_erasure_leaves_a_whole_chain_and_nothing_personal(talk: Talk) -> None:
    await to_approval(talk)
    case = await talk.case()
    assert await talk.storage.register.find(["LOVELACE"]) == (case,)
    await talk.storage.cases.erase(case, frozenset(Retention))
    report = await talk.storage.audit()
    assert not report.broken
    assert report.erased > 5
    assert all(isinstance(record, Erased) for record in await history(talk))
    assert await talk.storage.register.find(["LOVELACE"]) == ()
    with pytest.raises(UnknownError):
        await talk.storage.vault.get(case, "11-0")
    assert stand(await talk.storage.cases.load(case), POLICIES[-1], talk.clock.now()).stage is Stage.CLOSED


async def test_a_registration_left_for_ninety_days_is_erased(talk: Talk) -> None:
    await to_identity(talk)
    case = await talk.case()
    await talk.passes(timedelta(days=89))
    assert not any(isinstance(record, Erased) for record in await history(talk))
    await talk.passes(timedelta(days=2))
    assert all(isinstance(record, Erased) for record in await history(talk))
    assert await talk.storage.cases.next_due() is None
    await talk.seller(text="I am back")
    assert await talk.case() != case


async def test_an_erased_case_is_never_due_again(talk: Talk) -> None:
    await to_identity(talk)
    await talk.photo(PASSPORT, wait=False)
    case = await talk.case()
    await talk.storage.cases.erase(case, frozenset(Retention))
    assert await talk.storage.cases.next_due() is None
    await talk.storage.policies.adopt("2099-01", "f", "tg:901", "new law", talk.clock.now())
    assert await talk.storage.cases.claim(talk.clock.now(), timedelta(minutes=1)) == ()
    assert not (await talk.storage.audit()).broken


async def test_a_seller_who_returns_after_erasure_starts_anew(talk: Talk) -> None:
    await to_approval(talk)
    case = await talk.case()
    await talk.storage.cases.erase(case, frozenset(Retention))
    heard = "".join(await talk.seller(text="hello again"))
    assert "Hello! I check sellers" in heard
    assert await talk.case() != case


async def test_only_staff_with_the_right_role_may_press(talk: Talk) -> None:
    await to_identity(talk)
    await talk.photo({**PASSPORT, "mrz_valid": "false"})
    for nobody in ("tg:1", "tg:902"):
        assert await talk.staff("Accept: Identity document", who=nobody) == []
    assert "Your passport is fine" in "".join(await talk.staff("Accept: Identity document", who="tg:901"))


async def test_a_press_on_a_card_that_has_moved_does_nothing_and_says_so(talk: Talk) -> None:
    await to_identity(talk)
    await talk.photo({**PASSPORT, "mrz_valid": "false"})
    old = talk.data("staff", "Accept: Identity document")
    await talk.tap("I agree")
    await talk.seller(command="status")
    await talk.tap("Change: Identity document")
    await talk.photo({**PASSPORT, "mrz_valid": "false", "number": "Z9"})
    heard = "".join(await talk.keep(await talk.desk.staff(talk.given("staff", "tg:900", tap=old))))
    assert "has moved since that card was drawn" in heard
    assert not any(type(r).__name__ == "Ruling" for r in await history(talk))


NEWER = replace(
    POLICIES[-1], version="2099-01", rows=(*POLICIES[-1].rows, Row(SOURCE_OF_FUNDS, always, days=30))
)


@pytest.fixture
def deployed(monkeypatch: pytest.MonkeyPatch) -> Policy:
    """A build that brings a newer policy."""
    monkeypatch.setattr(policies, "POLICIES", (*POLICIES, NEWER))
    return NEWER


async def test_a_deploy_says_nothing_and_an_adoption_asks(talk: Talk, deployed: Policy) -> None:
    await to_approval(talk)
    await talk.storage.policies.adopt(
        POLICIES[-1].version, POLICIES[-1].fingerprint(), "tg:901", "start", talk.clock.now()
    )
    await talk.restart()
    await talk.desk.refresh()
    assert await talk.passes(timedelta(days=2)) == []
    await talk.storage.policies.adopt(
        deployed.version, deployed.fingerprint(), "tg:901", "new law", talk.clock.now()
    )
    await talk.desk.refresh()
    heard = "".join(await talk.passes(timedelta(days=1)))
    assert "You can go on selling for now. Please do this by" in heard
    assert "where your business's money comes from" in heard


async def test_reading_is_derived_again_when_an_answer_is_corrected(talk: Talk) -> None:
    await to_approval(talk)
    seen = [r for r in await history(talk) if isinstance(r, Examination)]
    await talk.seller(command="status")
    await talk.tap("Change: Address")
    assert "I noted: 5 Side Street" in "".join(await talk.seller(text="5 Side Street, 20095 Hamburg"))
    assert [r for r in await history(talk) if isinstance(r, Examination)] == seen


async def test_a_case_goes_on_when_only_its_talk_is_erased(talk: Talk) -> None:
    await to_approval(talk)
    case = await talk.case()
    await talk.storage.cases.erase(case, frozenset({Retention.TALK}))
    assert stand(await talk.storage.cases.load(case), POLICIES[-1], talk.clock.now()).stage is Stage.APPROVED
    assert "You can sell" in "".join(await talk.seller(command="start"))
    assert await talk.case() == case


async def test_an_album_is_one_submission_and_one_answer(talk: Talk) -> None:
    await to_identity(talk)
    front, back = ({k: v for k, v in PASSPORT.items() if (k == "number") is alone} for alone in (False, True))
    first = await talk.photo(front, "album", wait=False)
    second = await talk.photo(back, "album", wait=False)
    assert "Got it" in first[0]
    assert second == []
    assert "Your passport is fine" in "".join(await talk.drain())
    assert talk.pictures.readings == 1


async def test_pictures_leave_the_chat_once_they_are_safely_kept(talk: Talk) -> None:
    await to_identity(talk)
    file = File(json.dumps(PASSPORT), "photo", size=1000, message=77)
    await talk.seller(files=(file,))
    assert talk.deleted == []
    await talk.drain()
    assert talk.deleted == [77]
    assert await talk.storage.vault.get(await talk.case(), f"{(await sent_at(talk))}-0")


async def test_a_picture_that_could_not_be_fetched_stays_in_the_chat(talk: Talk) -> None:
    await to_identity(talk)
    talk.pictures.away = True
    await talk.seller(files=(File(json.dumps(PASSPORT), "photo", size=1000, message=77),))
    talk.clock.instant += timedelta(hours=7)
    assert "A person will look" in "".join(await talk.drain())
    assert talk.deleted == []


async def sent_at(talk: Talk) -> int:
    """The sequence of the first files that were sent."""
    records = enumerate(await history(talk), 1)
    return next(n for n, r in records if isinstance(r, Submission) and r.files)
