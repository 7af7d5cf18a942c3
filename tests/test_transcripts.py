"""Golden conversations: every file in `transcripts/` is played word for word, on a real database.

    > text        the seller types; `> /start` a command; `> [label]` taps; `> {...}` sends a picture whose readers
                  see this, `> film {...}` a round video; `> contact +49...` shares the own number; `> other voice` sends what is no answer
    < text        what the seller then reads, all of it: buttons in brackets; `...` stands for any words
    staff> [..]   a reviewer presses a button of the card; `staff> /queue` a command, `CASE` in it the seller's case;
                  other words answer the bot's last message there; `officer> ..` the same, by the compliance officer
    staff< text   what the staff's chat then shows
    other> text   the same person, or somebody else, in another Telegram account; `other< text` what is read there;
                  `INVITATION` is what follows the link on the seller's page
    invited       from here on nobody begins without an invitation
    listed NAME   from here on somebody of that name is on a watchlist
    compliance> [..]   the compliance officer presses a button of the card that nobody else sees; `compliance< text`
    money> 12000 EUR    comes in from a buyer
    +3d, +5h      time goes by
    restart       the process ends and another begins
    play hello    the acts of `parts/hello.txt`, of which only the last answer is shown: another file shows the rest

With KYC_UPDATE_TRANSCRIPTS=1 the files are written anew from what was said: read them before you keep them.
"""

from __future__ import annotations

import json
import os
import re
from datetime import timedelta
from pathlib import Path

import pytest

from bot.invitations import Invitation, mint
from tests.staffroom import OFFICER, REVIEWER, Staffroom
from tests.talk import SECRET
from tests.world import BILL, CARD, EXTRACT, LICENCE, PAINTING, PASSPORT

PARTS = Path(__file__).parent / "transcripts" / "parts"
FILES = sorted((Path(__file__).parent / "transcripts").glob("*.txt"))
NAMED = {
    "passport": PASSPORT,
    "licence": LICENCE,
    "painting": PAINTING,
    "bill": BILL,
    "extract": EXTRACT,
    "card": CARD,
}
UNITS = {"d": "days", "h": "hours", "m": "minutes"}


def _acts(text: str) -> list[tuple[str, list[str]]]:
    """(act, the lines that answer it), and comments as acts of their own."""
    acts: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if line.startswith(("<", "staff<", "other<", "compliance<", "  ")) and acts:
            acts[-1][1].append(line)
        elif line.strip():
            acts.append((line, []))
    return acts


async def _play(talk: Staffroom, act: str) -> list[str]:
    who, _, said = act.partition(" ")
    match who:
        case "play":
            return await _part(talk, said)
        case "staff>" | "officer>" | "compliance>":
            chat = "compliance" if who == "compliance>" else "staff"
            return await _staff(talk, said, REVIEWER if who == "staff>" else OFFICER, chat)
        case "money>":
            return await talk.money(*said.split())
        case "other>":
            talk.chat = "tg:2"
            heard = await _said(talk, said)
            talk.chat = "tg:1"
            return heard
        case "listed" | "invited" | "restart":
            return await _befalls(talk, who, said)
        case ">":
            return await _said(talk, said)
    found = re.fullmatch(r"\+(\d+)([dhm])", act)
    assert found, f"not an act: {act}"
    return await talk.passes(timedelta(**{UNITS[found[2]]: int(found[1])}))


async def _befalls(talk: Staffroom, act: str, said: str) -> list[str]:
    """What nobody in a chat does."""
    if act == "listed":
        await talk.list(said)
    elif act == "restart":
        await talk.restart()
    else:
        talk.anybody = talk.desk.anybody = False
    return []


async def _staff(talk: Staffroom, said: str, who: str, chat: str = "staff") -> list[str]:
    if said.startswith("["):
        tap = talk.data(chat, said.strip("[]").replace("CASE", await _case(talk)))
        return await talk.keep(await talk.desk.staff(talk.given(chat, who, tap=tap)))
    if said.startswith("/"):
        command, _, argument = said[1:].partition(" ")
        argument = argument.replace("CASE", await _case(talk))
        given = talk.given(chat, who, command=command, argument=argument)
    else:
        given = talk.given(chat, who, text=said, reply=talk.last_to_staff)
    return await talk.keep(await talk.desk.staff(given))


async def _part(talk: Staffroom, name: str) -> list[str]:
    """Every act of a part; what is heard after the last one."""
    heard: list[str] = []
    for act in (PARTS / f"{name}.txt").read_text().splitlines():
        heard = await _play(talk, act) + await talk.drain()
    return heard


async def _said(talk: Staffroom, said: str) -> list[str]:
    if said.startswith("/"):
        command, _, argument = said[1:].partition(" ")
        token = mint(SECRET, Invitation("SHOP-4711", "DE"), talk.clock.now() + timedelta(days=7))
        return await talk.seller(command=command, argument=argument.replace("INVITATION", token))
    if said.startswith("["):
        return await talk.tap(said.strip("[]"))
    if said.startswith("{"):
        seen = json.loads(said)
        return await talk.photo(NAMED.get(seen.pop("like", ""), {}) | seen)
    kind, _, rest = said.partition(" ")
    if kind == "film":
        return await talk.photo(json.loads(rest), kind="video_note")
    if kind in {"contact", "other"}:
        return await talk.seller(**{kind: rest})
    return await talk.seller(text=said)


def _lines(heard: list[str], case: str) -> list[str]:
    """As they stand in the file: first line marked, the others indented."""
    lines = []
    for message in heard:
        whose = next((one for one in ("staff", "other", "compliance") if message.startswith(f"{one}: ")), "")
        first, *rest = message.removeprefix(f"{whose}: ").replace(case, "CASE").splitlines()
        lines += [f"{whose}< {first}", *[f"  {line}" for line in rest if line.strip()]]
    return lines


async def _case(talk: Staffroom) -> str:
    return next(iter(await talk.storage.cases.all()), "CASE")


def _same(expected: list[str], heard: list[str]) -> bool:
    pattern = re.escape("\n".join(expected)).replace(re.escape("..."), "(?s:.*?)")
    return re.fullmatch(pattern, "\n".join(heard)) is not None


@pytest.mark.parametrize("restarts", [False, True], ids=["", "restarted-at-every-line"])
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
async def test_transcript(path: Path, restarts: bool, tmp_path: Path) -> None:
    text, update = path.read_text(), bool(os.environ.get("KYC_UPDATE_TRANSCRIPTS"))  # noqa: ASYNC240 - a test
    talk = Staffroom(f"sqlite:///{tmp_path / 'kyc.sqlite3'}", tmp_path)
    written = []
    for act, expected in _acts(text):
        heard: list[str] = []
        if not act.startswith("#"):
            await (talk.restart() if restarts else talk.drain())
            said = await _play(talk, act)
            heard = _lines(said, await _case(talk))
        written += [act, *heard, *([""] if heard or act.startswith("#") else [])]
        if not update:
            assert _same(expected, heard), "\n".join([act, "expected:", *expected, "heard:", *heard])
    await talk.storage.close()
    if update:
        path.write_text("\n".join(written).strip() + "\n")  # noqa: ASYNC240 - a test


def test_there_are_transcripts() -> None:
    assert len(FILES) >= 10
