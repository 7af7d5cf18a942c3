"""How a command ends: with a sentence, and a code that a script can go by."""

from __future__ import annotations

import argparse
import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot import __main__ as command


def test_who_has_read_enough_gets_no_traceback(tmp_path: Path) -> None:
    line = f"'{sys.executable}' -m bot policy show --json | head -c 10"
    done = subprocess.run(
        ("bash", "-c", line), env=os.environ | {"KYC_HOME": str(tmp_path)}, capture_output=True, check=False
    )
    assert (done.stdout[:1], done.stderr) == (b"{", b"")


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (KeyboardInterrupt(), 130, "kycbot: stopped\n"),
        (FileNotFoundError(errno.ENOENT, "No such file or directory", "/no/x"), 2, "kycbot: /no/x: No such file or directory\n"),
        (OSError(errno.EADDRINUSE, "busy"), 2, "kycbot: PORT: another program listens there already; choose another\n"),
    ],
)  # fmt: skip
def test_what_goes_wrong_is_a_sentence(
    error: BaseException,
    code: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fails(*_: object) -> int:
        raise error

    parser = argparse.ArgumentParser()
    parser.set_defaults(do=fails)
    monkeypatch.setattr(command, "parser", lambda: parser)
    monkeypatch.setattr(sys, "argv", ["kycbot"])
    with pytest.raises(SystemExit) as ended:
        command.main()
    assert (ended.value.code, capsys.readouterr().err) == (code, said)
