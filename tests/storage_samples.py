"""What the storage tests store."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.model import Case, CaseId, File, Key, Nudge, Record, Stage, State, Submission, Told
from bot.ports import Button, Change, Index, Message, Opening, Say

NOON = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ADA = CaseId("ada")
CHAT = "tg:1"

GOT = Message("seller", (Say("got_it"),))
ASK = Message(
    "seller", (Say("ask", {"what": "Paß <b>"}),), ((Button("yes", "1:y"), Button("no", "1:n")),), asks=True
)
CARD = Message("staff", (Say("card", {"name": "Ada"}),), slot="card")
NEWS = Message("seller", (Say("news"),), bulk=True)

TOLD = Told(NOON, Stage.COLLECTING, {"identity": State.MISSING}, Key("identity"))
NAMED = Submission(NOON, Key("name"), "Ada Lovelace")
PHOTO = Submission(NOON, Key("identity", 3), files=(File("ref", "photo", size=9),), album="a")
SELFIE = Submission(NOON, Key("selfie"), files=(File("face", "photo"),))
REMINDED = Nudge(NOON, "missing", 1)


def opening(case: CaseId = ADA, chat: str = CHAT, records: tuple[Record, ...] = (TOLD,)) -> Change:
    return Change(case, 0, records, (GOT, ASK), Index(), opening=Opening("en", NOON, chat))


def adding(case: Case, *records: Record, **given: object) -> Change:
    """A change to a case as it was loaded."""
    change = Change(case.id, len(case), records or (NAMED,), (), Index(), at=NOON)
    return replace(change, **given)  # type: ignore[arg-type]
