"""Lines that come one by one are answered at once; many are shared by every core, and stay in order."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from bot.cli.bulk import MANY, answered

ECHO = """
import os, sys, time
from bot.cli.bulk import answered
def answer(line):
    time.sleep(0.0005)
    return f"{os.getpid()} {line}"
for line in answered(sys.stdin.buffer, answer):
    print(line, flush=True)
"""


@pytest.fixture
def echo() -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-c", ECHO]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        yield child
        child.kill()


def ends(child: subprocess.Popen[bytes]) -> tuple[BinaryIO, BinaryIO]:
    assert child.stdin is not None
    assert child.stdout is not None
    return child.stdin, child.stdout  # type: ignore[return-value]


def test_who_asks_and_waits_is_answered(echo: subprocess.Popen[bytes]) -> None:
    asking, answering = ends(echo)
    for name in (b"Ada", b"", b"\xff\xfe"):
        asking.write(name + b"\n")
        asking.flush()
        who, _, said = answering.readline().rstrip(b"\n").partition(b" ")
        assert (int(who), said.decode()) == (echo.pid, name.decode("utf-8", "replace"))


@pytest.mark.skipif(len(os.sched_getaffinity(0)) == 1, reason="one core: there is nobody to share with")
@pytest.mark.parametrize("end", [b"", b"\n"])
def test_many_are_answered_in_order_by_several(echo: subprocess.Popen[bytes], end: bytes) -> None:
    asking, answering = ends(echo)
    names = [str(number).encode() for number in range(40 * MANY)]
    asking.write(b"\n".join(names) + end)
    asking.close()
    said = [line.rstrip(b"\n").split(b" ") for line in answering]
    assert [name for _, name in said] == names
    assert len({who for who, _ in said}) > 1


@pytest.mark.parametrize("text", [b"", b"\n", b"a", b"a\n", b"a\nb", b"a\n\nb\n"])
@pytest.mark.parametrize("cores", [{0}, {0, 1}])
def test_every_line_has_its_answer(monkeypatch: pytest.MonkeyPatch, text: bytes, cores: set[int]) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: cores)
    wanted = [line.decode() for line in text.splitlines()]
    assert [line.rstrip("\n") for line in answered(io.BytesIO(text), str)] == wanted


def test_what_goes_wrong_in_a_child_is_heard(tmp_path: Path) -> None:
    def odd(line: str) -> str:
        raise ValueError(line)

    lines = tmp_path / "lines"
    lines.write_bytes(b"x\n" * MANY)
    with lines.open("rb") as stream, pytest.raises(ValueError, match="x"):
        list(answered(stream, odd))
