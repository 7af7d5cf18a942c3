"""The face in a case: what its checks say, that it is compared with the document, and that nothing of it stays."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from bot.checks import Look, judge, worst
from bot.documents.face import LIVENESS, SELFIE
from bot.model import BIOMETRIC, Erased, Verdict
from bot.ports import ALONE, Beside
from bot.taps import MIXED, drawn
from tests.talk import Pictures, Talk
from tests.world import PASSPORT, START

FACE = {"type": "selfie", "faces": "1", "face_match": "pass"}


@pytest.mark.parametrize(
    ("evidence", "code", "verdict"),
    [
        (FACE, "", Verdict.PASS),
        ({"unread": "no_model"}, "unread", Verdict.REVIEW),
        ({**FACE, "face_why": "no_face"}, "selfie.no_face", Verdict.REJECT),
        ({**FACE, "face_why": "several_faces"}, "selfie.several_faces", Verdict.REJECT),
        ({**FACE, "face_why": "too_small"}, "selfie.too_small", Verdict.REJECT),
        ({**FACE, "face_why": "eyes_covered"}, "selfie.eyes_covered", Verdict.REJECT),
        ({**FACE, "face_match": "reject"}, "face_differs", Verdict.REJECT),
        ({**FACE, "face_match": "review"}, "face_unsure", Verdict.REVIEW),
        ({**FACE, "face_match": ""}, "face_unsure", Verdict.REVIEW),
        ({**FACE, "face_match": "reject", "portrait_why": "no_face"}, "portrait_unread", Verdict.REVIEW),
        ({**FACE, "type": "passport"}, "wrong_kind", Verdict.REJECT),
    ],
)
def test_what_is_said_of_a_selfie(evidence: dict[str, str], code: str, verdict: Verdict) -> None:
    found = judge(Look(evidence, START, SELFIE.accepts), SELFIE.checks)
    assert ([f.code for f in found[:1]], worst(found)) == ([code] if code else [], verdict)


@pytest.mark.parametrize(
    ("why", "verdict"),
    [
        ("", Verdict.PASS),
        ("wrong_order", Verdict.REJECT),
        ("no_portrait", Verdict.REVIEW),
        ("no_model", Verdict.REVIEW),
    ],
)
def test_what_is_said_of_a_film(why: str, verdict: Verdict) -> None:
    evidence = {"type": "liveness", "liveness_why": why, "liveness": "review" if why else "pass"}
    assert worst(judge(Look(evidence, START, LIVENESS.accepts), LIVENESS.checks)) is verdict


def test_turns_are_drawn_from_all_orders_but_the_plain_ones() -> None:
    assert {drawn(n) for n in range(12)} == set(MIXED)
    assert len(MIXED) == 6
    assert all(set(turns) == {"left", "right"} for turns in MIXED)


class Asked(Pictures):
    """Keeps what each reading was asked beside its files."""

    def __init__(self) -> None:
        super().__init__()
        self.beside: list[tuple[str, Beside]] = []

    async def read(self, files: Sequence[bytes], hint: str = "", beside: Beside = ALONE) -> Mapping[str, str]:
        self.beside.append((hint, beside))
        return await super().read(files, hint, beside)


async def test_a_face_is_compared_with_the_document_and_goes_when_the_case_is_decided(tmp_path: Path) -> None:
    reader = Asked()
    talk = Talk(f"sqlite:///{tmp_path / 'kyc.sqlite3'}", tmp_path, pictures=reader)
    await talk.seller(command="start")
    await talk.finish("pep")
    await talk.tap("Yes, I do or did")
    await talk.finish("face_consent")
    await talk.tap("Yes, compare my face")
    await talk.photo(FACE)
    await talk.seller(tap="x:ready", chance=2)
    await talk.photo({"type": "liveness", "liveness": "pass"}, kind="video_note")
    paper, selfie = json.dumps(PASSPORT).encode(), json.dumps(FACE).encode()
    asked = dict(reader.beside)
    assert asked["selfie"] == Beside((paper,))
    assert asked["liveness"] == Beside((selfie,), MIXED[2])
    case = await talk.case()
    kept = {str(one.name) for one in await talk.storage.vault.names(case)}
    await talk.finish()
    await talk.staff("Approve")
    await talk.staff("Approve", "tg:901")
    await talk.drain()
    history = (await talk.storage.cases.load(case)).history
    faces = [r for r in history if getattr(r, "key", None) and r.key.requirement in BIOMETRIC]  # type: ignore[union-attr]
    assert len(faces) == 5  # two submissions, two examinations, the turns
    assert all(isinstance(record, Erased) for record in faces)
    left = {str(one.name) for one in await talk.storage.vault.names(case)}
    assert len(kept - left) == 2
    assert (await talk.storage.audit()).broken == ()
    await talk.storage.close()


async def test_no_longer_agreeing_deletes_at_once(tmp_path: Path) -> None:
    talk = Talk(f"sqlite:///{tmp_path / 'kyc.sqlite3'}", tmp_path)
    await talk.seller(command="start")
    await talk.finish("pep")
    await talk.tap("Yes, I do or did")
    await talk.finish("face_consent")
    await talk.tap("Yes, compare my face")
    await talk.photo(FACE)
    await talk.seller(tap="f:face_consent")
    await talk.tap("No, let a person check")
    await talk.drain()
    history = (await talk.storage.cases.load(await talk.case())).history
    assert sum(isinstance(record, Erased) for record in history) == 2
    await talk.storage.close()
