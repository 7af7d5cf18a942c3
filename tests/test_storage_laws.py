"""Laws: one winner of any interleaving, and a history that is whole wherever the process died."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import CaseId, Key, Submission
from bot.ports import StaleError
from storage import Storage, migrate
from tests.conftest import MASTER, Fresh
from tests.storage_samples import ADA, GOT, NOON, adding, opening

WRITERS = 3
KILLED = """
import asyncio, sys
from pathlib import Path
from storage import Storage
from tests.conftest import MASTER
from tests.storage_samples import ADA, ASK, NAMED, PHOTO, TOLD, adding, opening

async def main(url, home):
    storage = Storage.open(url, Path(home), MASTER)
    await storage.cases.save(opening())
    for turn in range(100_000):
        case = await storage.cases.load(ADA)
        change = adding(case, NAMED, PHOTO, TOLD, messages=(ASK,), cause=f"u{turn}")
        await storage.cases.save(change)
        print(turn, flush=True)

asyncio.run(main(*sys.argv[1:]))
"""


async def play(storage: Storage, steps: list[tuple[int, str]]) -> list[str]:
    """Writers load and save in any order; who saved what was accepted, in order."""
    await storage.cases.save(opening())
    loaded = {writer: await storage.cases.load(ADA) for writer in range(WRITERS)}
    accepted: list[str] = []
    for number, (writer, act) in enumerate(steps):
        if act == "load":
            loaded[writer] = await storage.cases.load(ADA)
            continue
        if act == "forget":
            storage.cases._cache.drop(ADA)
            continue
        answer = f"{writer}/{number}"
        newest = len(loaded[writer]) == len(accepted) + 1
        record = Submission(NOON, Key("name"), answer)
        try:
            await storage.cases.save(adding(loaded[writer], record, messages=(GOT,), cause=answer))
        except StaleError:
            assert not newest
        else:
            assert newest
            accepted.append(answer)
    return accepted


STEPS = st.lists(
    st.tuples(st.integers(0, WRITERS - 1), st.sampled_from(["load", "save", "save", "forget"])), max_size=12
)


@given(STEPS)
@settings(max_examples=25, deadline=None)
def test_of_any_interleaving_each_length_has_one_winner(steps: list[tuple[int, str]]) -> None:
    async def run(home: Path) -> None:
        url = f"sqlite:///{home}/kyc.db"
        migrate(url)
        storage = Storage.open(url, home, MASTER)
        accepted = await play(storage, steps)
        history = (await storage.cases.load(ADA)).history[1:]
        assert [record.answer for record in history if isinstance(record, Submission)] == accepted
        seen = [
            bool(await storage.cases.seen(f"{writer}/{number}")) for number, (writer, _) in enumerate(steps)
        ]
        assert sum(seen) == len(accepted)
        assert (await storage.audit()).broken == ()
        await storage.close()

    with tempfile.TemporaryDirectory() as home:
        asyncio.run(run(Path(home)))


@pytest.mark.parametrize("at_once", [2, 20])
async def test_of_those_who_save_at_once_one_wins(storage: Storage, at_once: int) -> None:
    await storage.cases.save(opening())
    other = CaseId("other")
    await storage.cases.save(opening(other, "tg:2"))
    case, untouched = await storage.cases.load(ADA), await storage.cases.load(other)
    saves = [
        storage.cases.save(adding(case, messages=(GOT,), cause=f"u{number}")) for number in range(at_once)
    ]
    results = await asyncio.gather(*saves, storage.cases.save(adding(untouched)), return_exceptions=True)
    assert [type(result) for result in results[:-1]].count(StaleError) == at_once - 1
    assert results[-1] == ()
    assert (len(await storage.cases.load(ADA)), len(await storage.cases.load(other))) == (2, 2)


def killed(url: str, home: Path, acknowledged: int) -> int:
    """The last turn that a process told of, which is killed once it has told of so many."""
    command = [sys.executable, "-c", KILLED, url, str(home)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1]
    ) as process:
        assert process.stdout is not None
        for _ in range(acknowledged):
            assert process.stdout.readline()
        os.kill(process.pid, signal.SIGKILL)
        return acknowledged - 1 + len(process.stdout.read().split())


@pytest.mark.parametrize("acknowledged", [1, 30])
async def test_a_killed_process_leaves_a_whole_history(
    fresh: Fresh, tmp_path: Path, acknowledged: int
) -> None:
    """SIGKILL in the midst of saving: all that was acknowledged is there, the rest is there whole or not at all."""
    url = fresh()
    last = await asyncio.to_thread(killed, url, tmp_path, acknowledged)
    storage = Storage.open(url, tmp_path, MASTER)
    turns = (len(await storage.cases.load(ADA)) - 1) / 3
    assert turns in (last + 1, last + 2)
    assert (await storage.audit()).broken == ()
    seen = [bool(await storage.cases.seen(f"u{turn}")) for turn in range(last + 3)]
    assert sum(seen) == turns
    await storage.cases.save(adding(await storage.cases.load(ADA)))
    await storage.close()
