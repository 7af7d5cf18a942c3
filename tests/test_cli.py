"""The command line: what operators type, what they get, and one clear line where something is wrong."""

from __future__ import annotations

import base64
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage import migrate
from tests.talk import Talk
from tests.world import PASSPORT

KEY = base64.b64encode(bytes(range(32))).decode()


def kycbot(home: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    """One command in a process of its own, with nothing else set."""
    clean = {name: value for name, value in os.environ.items() if name in {"PATH", "PYTHONPATH", "HOME"}}
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        env=clean | {"KYC_HOME": str(home), "MASTER_KEY": KEY, **env},
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("words", "env", "says"),
    [
        (("export", "nobody"), {}, "kycbot: no case nobody\n"),
        (("erase", "nobody"), {}, "kycbot: no case nobody\n"),
        (("audit", "verify"), {"PORT": "abc"}, "kycbot: PORT: "),
        (("run", "--polling"), {}, "kycbot: TELEGRAM_BOT_TOKEN: "),
        (("run", "--webhook"), {"TELEGRAM_BOT_TOKEN": "1:a"}, "kycbot: WEBHOOK_SECRET: "),
        (("audit", "verify"), {"DATABASE_URL": "postgresql://kyc@127.0.0.1:1/kyc"}, "kycbot: cannot reach"),
        (("migrate",), {"DATABASE_URL": "postgresql://kyc@127.0.0.1:1/kyc"}, "kycbot: cannot reach"),
        (("audit", "verify"), {"DATABASE_URL": "mysql://kyc@127.0.0.1/kyc"}, "kycbot: DATABASE_URL: "),
        (
            ("policy", "adopt", "1999", "--by", "me", "--reason", "why"),
            {},
            "kycbot: no policy 1999 in this build",
        ),
    ],
)
def test_what_is_wrong_is_one_line(
    words: tuple[str, ...], env: dict[str, str], says: str, tmp_path: Path
) -> None:
    migrate(f"sqlite:///{tmp_path / 'kyc.sqlite3'}")
    done = kycbot(tmp_path, *words, **env)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith(says.strip())


@pytest.mark.parametrize(
    "words",
    [
        ("report", "regulator", "--to", "2026-01-31", "--from"),
        ("report", "regulator", "--from", "2026-01-31", "--to"),
        ("demo", "--date"),
    ],
)
@pytest.mark.parametrize("wrong", ["foo", "2026-02-30", ""])
def test_what_is_no_day_is_told_what_one_looks_like(
    words: tuple[str, ...], wrong: str, tmp_path: Path
) -> None:
    done = kycbot(tmp_path, *words, wrong)
    said = f"error: argument {words[-1]}: it wants a day such as 2026-01-31, not {wrong!r}"
    assert (done.returncode, done.stderr.splitlines()[-1].partition(": ")[2]) == (2, said)


@pytest.mark.parametrize(
    "words",
    [
        ("audit", "verify"),
        ("export", "c"),
        ("erase", "c"),
        ("report", "regulator", "--from", "2026-01-01", "--to", "2026-02-01"),
    ],
)
def test_where_there_is_nothing_nothing_is_made(words: tuple[str, ...], tmp_path: Path) -> None:
    home = tmp_path / "mistyped"
    done = kycbot(home, *words)
    assert (done.returncode, done.stderr.startswith("kycbot: there is no database at")) == (2, True)
    assert not home.exists()


def modes(home: Path) -> dict[str, str]:
    """Of the folder, and of whatever lies right in it."""
    return {path.name: f"{path.stat().st_mode & 0o777:o}" for path in (home, *home.iterdir())}


def test_what_is_made_is_its_owners_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert kycbot(home, "migrate").returncode == 0
    assert modes(home) == {"home": "700", "kyc.sqlite3": "600"}
    assert kycbot(home, "invite", "SHOP-1").returncode == 0
    assert {name: mode for name, mode in modes(home).items() if mode not in {"600", "700"}} == {}
    with closing(sqlite3.connect(home / "kyc.sqlite3")) as db, db:  # its logs are there while it is open
        db.execute("CREATE TABLE more (n)")
        assert modes(home).items() >= {"kyc.sqlite3-wal": "600", "kyc.sqlite3-shm": "600"}.items()


def test_a_home_that_is_there_keeps_its_modes_and_works(tmp_path: Path) -> None:
    assert kycbot(tmp_path, "migrate").returncode == 0
    tmp_path.chmod(0o750)
    (tmp_path / "kyc.sqlite3").chmod(0o640)
    assert kycbot(tmp_path, "audit", "verify").returncode == 0
    assert modes(tmp_path).items() >= {tmp_path.name: "750", "kyc.sqlite3": "640"}.items()


@pytest.mark.parametrize("command", [("lists", "show"), ("invite", "SHOP-1")])
def test_whichever_command_comes_first_makes_a_home_of_its_owner_alone(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    home = tmp_path / "home"
    kycbot(home, *command)
    assert set(modes(home).values()) <= {"600", "700"}


async def test_a_lost_master_key_is_not_made_anew(tmp_path: Path) -> None:
    talk = Talk(f"sqlite:///{tmp_path / 'kyc.sqlite3'}", tmp_path)
    await talk.seller(command="start")
    await talk.storage.close()
    done = kycbot(tmp_path, "audit", "verify", MASTER_KEY="")
    assert (done.returncode, "master.key is missing" in done.stderr) == (2, True)
    assert not (tmp_path / "master.key").exists()


def test_a_file_that_is_no_database_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "kyc.sqlite3").write_text("no database " * 100)
    done = kycbot(tmp_path, "audit", "verify")
    assert (done.returncode, "file is not a database" in done.stderr) == (2, True)
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback" not in done.stderr


async def test_a_case_is_exported_erased_and_audited(tmp_path: Path) -> None:
    talk = Talk(f"sqlite:///{tmp_path / 'kyc.sqlite3'}", tmp_path)
    await talk.seller(command="start")
    await talk.tap("I agree")
    await talk.seller(text="Germany")
    await talk.tap("I sell as a private person")
    await talk.photo(PASSPORT)
    case = await talk.case()
    await talk.storage.close()
    exported = json.loads(kycbot(tmp_path, "export", case).stdout)
    assert exported["case"] == case
    assert "LOVELACE" in json.dumps(exported)
    assert exported["files"] == ["8-0"]
    assert kycbot(tmp_path, "erase", case).returncode == 0
    assert "LOVELACE" not in kycbot(tmp_path, "export", case).stdout
    assert kycbot(tmp_path, "audit", "verify").stdout.startswith("all chains are whole: 1 cases")
    wrong = kycbot(tmp_path, "audit", "verify", MASTER_KEY=base64.b64encode(bytes(32)).decode())
    assert wrong.returncode == 2
    assert "another master key" in wrong.stderr


async def test_the_audit_prints_a_head_and_names_what_a_hand_did(tmp_path: Path) -> None:
    talk = Talk(f"sqlite:///{tmp_path / 'kyc.sqlite3'}", tmp_path)
    await talk.seller(command="start")
    case = await talk.case()
    await talk.storage.policies.adopt("2026-12", "f", "tg:8, tg:9", "why", datetime(2026, 12, 1, tzinfo=UTC))
    await talk.storage.close()
    first, head = kycbot(tmp_path, "audit", "verify").stdout.splitlines()
    assert first.startswith("all chains are whole: 1 cases, ")
    assert first.endswith("; 0 transactions, 1 adoptions of policies")
    head = head.removeprefix("head: ")
    assert kycbot(tmp_path, "audit", "verify", "--since-head", head).returncode == 0
    refused = kycbot(tmp_path, "audit", "verify", "--since-head", case)
    assert (refused.returncode, refused.stderr) == (
        2,
        "kycbot: --since-head: not a head that `audit verify` printed\n",
    )
    with closing(sqlite3.connect(tmp_path / "kyc.sqlite3")) as db, db:
        db.execute("UPDATE adoptions SET adopted_by = 'tg:1, tg:2'")
        db.execute("DELETE FROM cases")
    done = kycbot(tmp_path, "audit", "verify")
    opened, adopted, counted = done.stdout.splitlines()
    assert done.returncode == 1
    assert opened.startswith(f"case {case}, record 0: the whole case is missing; it was opened on 2026-")
    assert adopted.startswith("adoption of a policy 1 (2026-12, by tg:1, tg:2): it was changed")
    assert counted == "1 case missing: 1 were stored"


HARMS = {
    "data key": (
        "UPDATE data_keys SET wrapped = zeroblob(60)",
        {"export": "kycbot: «key CASE ", "audit": "case CASE, record 1: its data key was changed"},
    ),
    "body": (
        "UPDATE records SET body = 'text' WHERE sequence = 2",
        {"export": "kycbot: «CASE 2 ", "audit": "case CASE, record 2: its body was changed"},
    ),
    "root key": (
        "UPDATE meta SET value = zeroblob(60)",
        dict.fromkeys(
            ("export", "audit"), "kycbot: the store's root key (root, in the table meta) was changed"
        ),
    ),
    "table": (
        "DROP TABLE tallies",
        dict.fromkeys(("export", "audit"), "kycbot: the database is not whole: no such table: tallies"),
    ),
    "unknown schema": (
        "UPDATE alembic_version SET version_num = '9999'",
        dict.fromkeys(
            ("export", "migrate"), "kycbot: the database says that it is at schema 9999, and cannot"
        ),
    ),
    "older schema": (
        "UPDATE alembic_version SET version_num = '0003'",
        {"audit": "kycbot: the database says that it is at schema 0003, and cannot"},
    ),
    "no schema": (
        "DELETE FROM alembic_version",
        {"audit": "kycbot: the database says that it is at schema (none), and cannot"},
    ),
}


@pytest.mark.parametrize(("sql", "heard"), HARMS.values(), ids=HARMS)
async def test_a_harmed_store_is_told_of_in_one_sentence(
    tmp_path: Path, sql: str, heard: dict[str, str]
) -> None:
    talk = Talk(f"sqlite:///{tmp_path / 'kyc.sqlite3'}", tmp_path)
    await talk.seller(command="start")
    await talk.tap("I agree")
    case = await talk.case()
    await talk.storage.close()
    with closing(sqlite3.connect(tmp_path / "kyc.sqlite3")) as db, db:
        db.execute(sql)
    words = {"export": ("export", case), "audit": ("audit", "verify"), "migrate": ("migrate",)}
    for command, says in heard.items():
        done = kycbot(tmp_path, *words[command])
        (line,) = (done.stdout + done.stderr).splitlines()
        assert line.startswith(says.replace("CASE", case))
        assert done.returncode == (1 if says.startswith("case ") else 2)


def test_a_file_that_is_not_there_is_a_finding(tmp_path: Path) -> None:
    done = kycbot(tmp_path, "verify", str(tmp_path / "nothing.jpg"), str(Path(__file__)), "--json")
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert (first["type"], [f["verdict"] for f in first["findings"]]) == ("unknown", ["review"])
    assert [f["code"] for f in second["findings"]] == ["unread.not_a_picture"]
    assert done.returncode == 0


async def test_an_invitation_made_here_opens_the_door_there(tmp_path: Path) -> None:
    line = json.loads(kycbot(tmp_path, "invite", "SHOP-1", "--country", "de", "--json").stdout)
    assert (line["seller"], line["link"], len(line["code"].split())) == ("SHOP-1", "", 2)
    talk = Talk(f"sqlite:///{tmp_path / 'kyc.sqlite3'}", tmp_path, anybody=False)
    talk.desk.secret = talk.storage.secret("invitations")
    assert "open the link" in (await talk.seller(command="start"))[0]
    talk.clock.instant = datetime.now(UTC)  # of the command, which asked the machine
    heard = await talk.seller(command="start", argument=line["token"])
    assert line["code"] in heard[0]
    await talk.storage.close()
    refused = kycbot(tmp_path, "invite", "x" * 31)
    assert (refused.returncode, refused.stderr) == (
        2,
        "kycbot: SELLER: a seller's name is 1 to 30 bytes long\n",
    )
