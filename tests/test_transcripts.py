"""Golden conversations: every file in `transcripts/` is played word for word, on a real database.

    > text        the seller types; `> /start` a command; `> [label]` taps; `> {...}` sends a picture whose readers
                  see this; `> contact +49...` shares the own number; `> other voice` sends what is no answer
    < text        what the seller then reads, all of it: buttons in brackets; `...` stands for any words
    staff> [..]   a reviewer presses a button of the card
    staff< text   what the staff's chat then shows
    money> 12000 EUR    comes in from a buyer
    +3d, +5h      time goes by
    restart       the process ends and another begins

With KYC_UPDATE_TRANSCRIPTS=1 the files are written anew from what was said: read them before you keep them.
"""

from __future__ import annotations

import json
import os
import re
from datetime import timedelta
from pathlib import Path

import pytest

from tests.talk import Talk
from tests.world import BILL, LICENCE, PAINTING, PASSPORT

FILES = sorted((Path(__file__).parent / "transcripts").glob("*.txt"))
NAMED = {"passport": PASSPORT, "licence": LICENCE, "painting": PAINTING, "bill": BILL}
UNITS = {"d": "days", "h": "hours", "m": "minutes"}


def _acts(text: str) -> list[tuple[str, list[str]]]:
    """(act, the lines that answer it), and comments as acts of their own."""
    acts: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if line.startswith(("<", "staff<", "  ")) and acts:
            acts[-1][1].append(line)
        elif line.strip():
            acts.append((line, []))
    return acts


async def _play(talk: Talk, act: str) -> list[str]:  # noqa: PLR0911 - one an act
    if act.startswith("staff> "):
        return await talk.staff(act.removeprefix("staff> ").strip("[]"))
    if found := re.fullmatch(r"\+(\d+)([dhm])", act):
        return await talk.passes(timedelta(**{UNITS[found[2]]: int(found[1])}))
    if act.startswith("money> "):
        return await talk.money(*act.removeprefix("money> ").split())
    if act == "restart":
        await talk.restart()
        return []
    said = act.removeprefix("> ")
    if said.startswith("/"):
        return await talk.seller(command=said[1:])
    if said.startswith("["):
        return await talk.tap(said.strip("[]"))
    if said.startswith("{"):
        seen = json.loads(said)
        return await talk.photo(NAMED.get(seen.pop("like", ""), {}) | seen)
    if said.startswith("contact "):
        return await talk.seller(contact=said.removeprefix("contact "))
    if said.startswith("other "):
        return await talk.seller(other=said.removeprefix("other "))
    return await talk.seller(text=said)


def _lines(heard: list[str], case: str) -> list[str]:
    """As they stand in the file: first line marked, the others indented."""
    lines = []
    for message in heard:
        staff = message.startswith("staff: ")
        first, *rest = message.removeprefix("staff: ").replace(case, "CASE").splitlines()
        lines += [f"{'staff<' if staff else '<'} {first}", *[f"  {line}" for line in rest if line.strip()]]
    return lines


def _same(expected: list[str], heard: list[str]) -> bool:
    pattern = re.escape("\n".join(expected)).replace(re.escape("..."), "(?s:.*?)")
    return re.fullmatch(pattern, "\n".join(heard)) is not None


@pytest.mark.parametrize("restarts", [False, True], ids=["", "restarted-at-every-line"])
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
async def test_transcript(path: Path, restarts: bool, tmp_path: Path) -> None:
    text, update = path.read_text(), bool(os.environ.get("KYC_UPDATE_TRANSCRIPTS"))  # noqa: ASYNC240 - a test
    talk = Talk(f"sqlite:///{tmp_path / 'kyc.sqlite3'}", tmp_path)
    written = []
    for act, expected in _acts(text):
        heard: list[str] = []
        if not act.startswith("#"):
            await (talk.restart() if restarts else talk.drain())
            said = await _play(talk, act)
            heard = _lines(said, await talk.case())
        written += [act, *heard, *([""] if heard or act.startswith("#") else [])]
        if not update:
            assert _same(expected, heard), "\n".join([act, "expected:", *expected, "heard:", *heard])
    await talk.storage.close()
    if update:
        path.write_text("\n".join(written).strip() + "\n")  # noqa: ASYNC240 - a test


def test_there_are_transcripts() -> None:
    assert len(FILES) >= 10
