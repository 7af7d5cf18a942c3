"""`policy simulate`: what another policy would ask of the sellers that are there, and nothing is changed by asking."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.policy import POLICIES
from tests.talk import Talk
from tests.test_cli import kycbot

STRICTER = """
from dataclasses import replace
from bot import conditions as when
from bot.documents.address import ADDRESS_PROOF
from bot.model import Tier
from bot.policy import POLICIES, Row
now = POLICIES[-1]
POLICY = replace(now, version="2099-01", rows=(*now.rows, Row(ADDRESS_PROOF, when.always)),
                 thresholds={Tier.LOW: -1, Tier.MEDIUM: 0, Tier.HIGH: 60})
"""


async def test_who_would_be_asked_for_what_is_said_before(tmp_path: Path) -> None:
    talk = Talk(f"sqlite:///{tmp_path / 'kyc.sqlite3'}", tmp_path)
    for chat in ("tg:1", "tg:2"):
        talk.chat = chat
        await talk.keep(await talk.desk.receive(talk.given(command="start")))
    talk.chat = "tg:1"
    await talk.finish()
    case = await talk.case()
    before = (await talk.storage.cases.load(case)).history
    await talk.storage.close()
    (tmp_path / "stricter.py").write_text(STRICTER)
    done = kycbot(tmp_path, "policy", "simulate", "--with", str(tmp_path / "stricter.py"), "--json")
    line = json.loads(done.stdout)
    assert (line["with"], line["cases"]) == ("2099-01", 2)
    assert line["asked"]["address_proof"] == 2
    assert line["tiers"] == {"low to medium": 2}
    assert line["no_longer"] == {}
    plain = kycbot(tmp_path, "policy", "simulate", "--with", str(tmp_path / "stricter.py")).stdout
    assert "2 would be asked for: address proof" in plain
    talk.open()
    assert (await talk.storage.cases.load(case)).history == before
    await talk.storage.close()


def test_todays_policy_against_itself_moves_nobody(tmp_path: Path) -> None:
    kycbot(tmp_path, "migrate")
    line = json.loads(kycbot(tmp_path, "policy", "simulate", "--with", POLICIES[-1].version, "--json").stdout)
    assert (line["asked"], line["no_longer"], line["tiers"]) == ({}, {}, {})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import nothing_of_this_name", "ModuleNotFoundError"),
        ("POLICY = (", "SyntaxError"),
        ("raise SystemExit(0)", "SystemExit"),
        ("POLICY = 1", "expected a Policy named POLICY"),
    ],
)
def test_a_file_that_is_no_policy_is_one_line(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "p.py").write_text(text)
    done = kycbot(tmp_path, "policy", "simulate", "--with", str(tmp_path / "p.py"))
    assert (done.returncode, said in done.stderr, len(done.stderr.splitlines())) == (2, True, 1)


CHATTY = """
from dataclasses import replace
from bot.documents.address import ADDRESS_PROOF
from bot.policy import POLICIES, Row
def lately_told(now):
    return now.facts.told is not None
POLICY = replace(POLICIES[-1], rows=(*POLICIES[-1].rows, Row(ADDRESS_PROOF, lately_told)))
"""


async def test_a_condition_that_looks_at_what_was_said_is_refused_and_not_answered_wrongly(
    tmp_path: Path,
) -> None:
    talk = Talk(f"sqlite:///{tmp_path / 'kyc.sqlite3'}", tmp_path)
    await talk.keep(await talk.desk.receive(talk.given(command="start")))
    await talk.storage.close()
    (tmp_path / "p.py").write_text(CHATTY)
    done = kycbot(tmp_path, "policy", "simulate", "--with", str(tmp_path / "p.py"))
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "told" in done.stderr


def test_no_such_policy_is_one_line(tmp_path: Path) -> None:
    done = kycbot(tmp_path, "policy", "simulate", "--with", "1999")
    assert (done.returncode, done.stderr.startswith("kycbot: no policy 1999")) == (2, True)
