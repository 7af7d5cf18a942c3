"""What a seller gets of their own history is the same whether or not compliance knows anything."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot import quietly
from bot.disclosure import disclosed, file_name, numbers
from bot.model import (
    Alert,
    Case,
    Cleared,
    Decision,
    Erased,
    Examination,
    Filing,
    Key,
    Match,
    Outcome,
    Record,
    Screened,
    Stage,
    Submission,
    Told,
)
from bot.ruling import ruled
from bot.staff import Tap, judged
from bot.staff.roles import UNSAID
from bot.turn import extended
from tests.world import PASSPORT, START, World

SECRETS: tuple[Record, ...] = (
    Alert(START, "structuring", "2026-W45", quiet=True),
    Filing(START, "filed", "tg:9", "", "FIU-1"),
    Filing(START, "not_to_report", "tg:9", "explained"),
)


def told(secrets: tuple[Record, ...]) -> Case:
    """A company with an owner other than who writes, whose document came after what is secret."""
    world = World()
    world.given(command="start")
    world.tap("agree")
    world.given(text="Germany")
    world.case = extended(world.case, *secrets)
    world.tap("company")
    world.finish("owner")
    world.given(text="Grace Hopper")
    world.finish("identity", "shop_name")
    world.photo()
    world.examine(PASSPORT)
    return world.case


def read(case: Case) -> list[tuple[int, Record]]:
    """What the seller reads, but for the names of files, which the chat gives."""
    return [(n, replace(r, files=()) if isinstance(r, Submission) else r) for n, r in disclosed(case)]


@pytest.mark.parametrize("n", range(1, len(SECRETS) + 1))
def test_nothing_tells_that_something_was_left_out(n: int) -> None:
    assert read(told(SECRETS[:n])) == read(told(()))


@pytest.mark.parametrize("kind", ["alert", "filing"])
def test_nor_does_what_is_left_of_it_after_an_erasure(kind: str) -> None:
    case = told(SECRETS[:1])
    left = tuple(Erased(r.at, kind) if isinstance(r, Alert) else r for r in case.history)
    assert read(replace(case, history=left)) == read(told(()))


def test_a_signature_is_read_when_the_approval_is_told() -> None:
    case = told(())
    signed = extended(case, Decision(START, Outcome.APPROVE, "tg:9"))
    assert read(signed) == read(case)
    approved = extended(signed, Told(START, Stage.APPROVED, {}))
    assert [type(record) for _, record in read(approved)][-2:] == [Decision, Told]
    declined = extended(case, Decision(START, Outcome.DECLINE, "tg:9", "other"))
    assert len(read(declined)) == len(read(case)) + 1


def test_a_seller_whom_compliance_declines_reads_what_any_other_reads() -> None:
    match = Match("pair", "Grace Hopper", "HOPPER", "1", "OFAC", 100, "the same")
    secrets = (Screened(START, "digest", "1", (match,)), Cleared(START, "pair", True, "tg:9", "said_so"))
    world = World(case=told(secrets))
    tap = Tap(world.case.id, 0, "quiet_decline", None, "own", "The unit asked for it")
    world.apply(quietly.ruled(world.case, world.standing(), tap, "tg:9", START))
    assert world.standing().stage is Stage.DECLINED
    other = World(case=told(()))
    tap = Tap(other.case.id, judged(other.standing(), "decline", None), "decline", reason=UNSAID)
    other.apply(ruled(other.case, other.standing(), tap, "tg:9", START))
    assert read(world.case) == read(other.case)


def test_what_names_a_record_names_it_still() -> None:
    whole = dict(disclosed(told(SECRETS)))
    assert list(whole) == list(range(1, len(whole) + 1))
    examined = [record for record in whole.values() if isinstance(record, Examination)]
    for one in examined:
        assert getattr(whole[one.of], "files", ())
    people = {
        k.subject for r in whole.values() if isinstance(k := getattr(r, "key", None), Key) and k.subject
    }
    assert people
    assert {getattr(whole[subject], "answer", "") for subject in people} == {"Grace Hopper"}


def test_files_go_by_the_same_numbers() -> None:
    case = extended(told(SECRETS))
    last = len(case)
    assert file_name(f"{last}-0", numbers(case)) == f"{last - len(SECRETS)}-0"
    assert file_name("upload-0f", numbers(case)) == "upload-0f"
