"""`report` at the command line: files written, what is missing said first, and what became of a report on the case."""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.cli import report
from bot.cli.cases import audit, export
from bot.cli.store import opened
from bot.model import Alert, Case, Disposition, Filing, Transaction
from bot.ports import Change, Index, Opening, UnknownError
from bot.reports.filed import settled
from bot.reports.regulator import count
from bot.settings import Settings, SettingsError
from storage import Storage, migrate
from tests.test_reports import ALERT, MOVED, OURS, etree, schemas, seller
from tests.world import START, World

Run = Callable[..., int]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(tmp_path)
    migrate(f"sqlite:///{tmp_path / 'kyc.sqlite3'}")
    return Settings(
        kyc_home=tmp_path, report_entity_id=77, report_person="Grace Hopper", report_email="grace@example.org"
    )


@pytest.fixture
def kyc(settings: Settings) -> Run:
    """The command line on a store of its own."""
    return commands(settings)


def commands(settings: Settings) -> Run:
    """The command line with these settings, and what differs from them."""

    def run(*words: str, **other: Any) -> int:
        parser = argparse.ArgumentParser()
        report.add(parser.add_subparsers())
        asked = parser.parse_args(["report", *words])
        return int(asked.do(settings.model_copy(update=other), asked))

    return run


def within(settings: Settings, work: Callable[[Storage], Awaitable[Any]]) -> Any:
    """What comes of some work on the store."""

    async def done() -> Any:
        storage = opened(settings, create=True)
        try:
            return await work(storage)
        finally:
            await storage.close()

    return asyncio.run(done())


def keep(settings: Settings, world: World, moved: tuple[Transaction, ...] = ()) -> str:
    """Store a case as the core made it, and what it sold."""
    case = world.case

    async def work(storage: Storage) -> None:
        opening = Opening("en", case.opened_at, "tg:1")
        await storage.cases.save(Change(case.id, 0, case.history, (), Index(), opening=opening))
        await storage.ledger.add([replace(each, seller=case.id) for each in moved])

    within(settings, work)
    return case.id


def filings(settings: Settings, case_id: str) -> list[tuple[str, str, str]]:
    async def load(storage: Storage) -> Case:
        return await storage.cases.load(case_id)  # type: ignore[arg-type]

    history = within(settings, load).history
    return [(r.state, r.by, r.reference) for r in history if isinstance(r, Filing)]


@pytest.mark.parametrize("schema", [*schemas()])
@pytest.mark.parametrize("form", ["individual", "sole_trader", "company"])
def test_a_report_is_checked_written_and_recorded(
    form: str,
    schema: Path,
    kyc: Run,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = keep(settings, seller(form, monkeypatch), MOVED)
    out = settings.kyc_home / "sar.xml"
    out.touch(mode=0o644)  # a draft of before
    assert kyc("sar", case, "--schema", str(schema), "--out", str(out), "--by", "ann") == 0
    assert out.stat().st_mode & 0o777 == 0o600
    tree = etree.parse(out)
    etree.XMLSchema(etree.parse(schema)).assertValid(tree)
    assert [each.text for each in tree.iterfind(".//transactionnumber")] == ["t1", "t2", "t3", "t4"]
    assert filings(settings, case) == [("drafted", "ann", f"{case}-1")]


def test_what_is_missing_is_said_before_and_nothing_is_written(
    kyc: Run, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World()
    world.given(command="start")
    case, out = keep(settings, world), tmp_path / "sar.xml"
    assert kyc("sar", case, "--out", str(out), report_entity_id=0, report_person="") == 1
    lines = capsys.readouterr().err.splitlines()
    named = [line.removeprefix("kycbot: missing: ").partition(":")[0] for line in lines]
    assert named == [
        "rentity_id",
        "reporting_person",
        "reason",
        "first_name, last_name",
        "birthdate",
        "nationality1",
        "residence",
        "id_number",
        "account",
    ]
    assert not out.exists()
    assert filings(settings, case) == []


def test_a_person_may_report_without_what_only_the_seller_could_tell(
    kyc: Run, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World()
    world.given(command="start")
    case, out = keep(settings, world), tmp_path / "sar.xml"
    words = (
        "sar",
        case,
        "--out",
        str(out),
        "--schema",
        str(OURS),
        "--reason",
        "A forged bill.",
        "--name",
        "Doe, J",
    )
    assert kyc(*words) == 1
    assert kyc(*words, "--anyway") == 0
    names = [each.text for each in etree.parse(out).iterfind(".//person/last_name")]
    assert names == ["Doe"]
    assert "valid" in capsys.readouterr().out


def test_a_file_that_does_not_fit_is_not_written(
    kyc: Run,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """An authority whose schema wants another element than ours, and has codes of its own."""
    case, out, other = (
        keep(settings, seller("individual", monkeypatch)),
        tmp_path / "a.xml",
        tmp_path / "o.xsd",
    )
    other.write_text(
        OURS.read_text().replace('name="rentity_branch" type="any" minOccurs="0"', 'name="office" type="any"')
    )
    assert kyc("sar", case, "--out", str(out), "--schema", str(other)) == 1
    assert "line 4: Element 'submission_code'" in capsys.readouterr().err
    assert not out.exists()
    assert filings(settings, case) == []
    other.write_text("no schema")
    with pytest.raises(SettingsError, match="--schema"):
        kyc("sar", case, "--schema", str(other))


def test_codes_are_those_of_the_schema_at_hand(
    kyc: Run,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    case, other = keep(settings, seller("individual", monkeypatch)), tmp_path / "o.xsd"
    listed = '<xs:simpleType name="report_indicator_type"><xs:restriction base="xs:string"><xs:enumeration value="{}"/></xs:restriction></xs:simpleType></xs:schema>'
    other.write_text(OURS.read_text().replace("</xs:schema>", listed.format("Q7")))
    assert kyc("sar", case, "--schema", str(other)) == 1
    assert "missing: report_indicators:" in capsys.readouterr().err
    assert kyc("sar", case, "--schema", str(other), "--indicator", "Q7") == 0
    assert "<indicator>Q7</indicator>" in capsys.readouterr().out
    assert kyc("sar", case, "--schema", str(other), report_codes={"report_indicator_type": "Q7"}) == 0
    assert "<indicator>Q7</indicator>" in capsys.readouterr().out


def test_which_transactions_are_reported_is_for_a_person_to_say(
    kyc: Run, settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = replace(MOVED[0], id="t9", at=START + timedelta(days=1))
    case = keep(settings, seller("individual", monkeypatch), (*MOVED, plain))
    for which, n in (("alerted", 4), ("all", 5), ("none", 0)):
        assert kyc("sar", case, "--transactions", which) == 0
        told = capsys.readouterr().out
        assert told.count("<transactionnumber>") == n
        assert f"<report_code>{'STR' if n else 'SAR'}</report_code>" in told


def test_what_became_of_a_report_stays_on_the_case(
    settings: Settings,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """On either database; the same draft twice is one record, and the chain stays whole."""
    there = settings.model_copy(update={"database_url": database_url})
    kyc = commands(there)
    case = keep(there, seller("individual", monkeypatch), MOVED)
    for _ in range(2):
        assert kyc("sar", case, "--by", "ann") == 0
    assert kyc("sar", case, "--filed", "FIU-9", "--by", "ann") == 0
    assert kyc("sar", case, "--by", "ann") == 0
    assert kyc("sar", case, "--decide", "not-to-report", "--by", "bob", "--reason", "explained") == 0
    assert filings(there, case) == [
        ("drafted", "ann", f"{case}-1"),
        ("filed", "ann", "FIU-9"),
        ("drafted", "ann", f"{case}-2"),
        ("not_to_report", "bob", ""),
    ]
    assert capsys.readouterr().out.endswith(f"case {case}: not to report\n")
    assert asyncio.run(audit(there))[0]


@pytest.mark.parametrize(
    "words", [("--decide", "not-to-report", "--by", "ann"), ("--decide", "not-to-report"), ("--filed", "9")]
)
def test_who_and_why_are_asked_for(kyc: Run, words: tuple[str, ...]) -> None:
    with pytest.raises(SettingsError, match="--by WHO"):
        kyc("sar", "nobody", *words)


def test_only_what_was_drawn_up_can_be_filed(
    kyc: Run, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = keep(settings, seller("individual", monkeypatch))
    with pytest.raises(SettingsError, match="draw one up first"):
        kyc("sar", case, "--filed", "FIU-9", "--by", "ann")
    with pytest.raises(SettingsError, match="reference is missing"):
        kyc("sar", case, "--filed", " ", "--by", "ann")
    assert filings(settings, case) == []


def test_a_report_filed_again_is_the_same_report_under_its_last_reference(
    kyc: Run, settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    case = keep(settings, seller("individual", monkeypatch), MOVED)
    kyc("sar", case, "--by", "ann")
    for reference in ("FIU-8", " FIU-9 ", "FIU-9"):
        assert kyc("sar", case, "--filed", reference, "--by", "ann") == 0
    said = capsys.readouterr().out.splitlines()[-3:]
    same = f"case {case}: filed; the same report, its reference was FIU-8 and is FIU-9"
    assert said == [f"case {case}: filed", same, f"case {case}: filed"]
    kyc("sar", case, "--by", "ann")  # another report: it has a number of its own
    kyc("sar", case, "--filed", "FIU-10", "--by", "ann")
    kyc("sar", case, "--filed", "FIU-11", "--by", "ann", "--json")
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["instead_of"] == "FIU-10"
    assert [(state, reference) for state, _, reference in filings(settings, case)] == [
        ("drafted", f"{case}-1"),
        ("filed", "FIU-8"),
        ("filed", "FIU-9"),
        ("drafted", f"{case}-2"),
        ("filed", "FIU-10"),
        ("filed", "FIU-11"),
    ]
    assert kyc("regulator", "--from", "2026-11-01", "--to", "9999-12-31") == 0
    assert "reports,filed,,2" in capsys.readouterr().out


def test_a_reference_set_right_in_another_month_is_counted_in_the_first() -> None:
    world = World()
    for days, state in ((0, "drafted"), (1, "filed"), (40, "filed"), (41, "drafted"), (42, "filed")):
        world.add(Filing(START + timedelta(days=days), state, "ann", "", str(days)))
    counted = []
    for start, end in ((0, 30), (30, 60), (0, 60)):
        figures = count(world.policy, START + timedelta(days=start), START + timedelta(days=end))
        figures.add(world.case)
        counted.append(figures.counts["reports", "filed", ""])
    assert counted == [1, 1, 2]


def test_a_draft_drawn_up_anew_is_counted_once_and_in_its_first_month() -> None:
    world = World()
    for days, reference in ((0, "c-1"), (5, "c-1"), (40, "c-1"), (41, "c-2")):
        world.add(Filing(START + timedelta(days=days), "drafted", "ann", str(days), reference))
    counted = []
    for start, end in ((0, 30), (30, 60), (0, 60)):
        figures = count(world.policy, START + timedelta(days=start), START + timedelta(days=end))
        figures.add(world.case)
        counted.append(figures.counts["reports", "drafted", ""])
    assert counted == [1, 1, 2]


def test_what_was_filed_is_not_decided_against(
    kyc: Run, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = keep(settings, seller("individual", monkeypatch), MOVED)
    against = ("sar", case, "--decide", "not-to-report", "--by", "bob", "--reason", "explained")
    kyc("sar", case, "--by", "ann")
    kyc("sar", case, "--filed", "FIU-9", "--by", "ann")
    with pytest.raises(SettingsError, match=f"case {case}: its report is filed under FIU-9"):
        kyc(*against)
    kyc("sar", case, "--by", "ann")  # another report: that one may be decided against
    assert kyc(*against) == 0
    assert [state for state, *_ in filings(settings, case)] == [
        "drafted",
        "filed",
        "drafted",
        "not_to_report",
    ]


@pytest.mark.parametrize(
    ("told", "under"),
    [
        ((), ""),
        (("drafted",), ""),
        (("drafted", "filed"), "1"),
        (("drafted", "filed", "filed"), "2"),
        (("drafted", "filed", "drafted"), ""),
        (("drafted", "filed", "reported"), ""),  # another alert, of which there is no draft yet
        (("reported", "drafted", "filed", "dismissed"), "2"),
    ],
)
def test_where_all_is_filed_nothing_is_left_to_decide(told: tuple[str, ...], under: str) -> None:
    world = World()
    for n, state in enumerate(told):
        dealt = state in {"reported", "dismissed"}
        world.add(Disposition(START, n, state, "ann") if dealt else Filing(START, state, "ann", "", str(n)))
    assert settled(world.case) == under


def test_the_last_day_there_is_ends_a_stretch(kyc: Run) -> None:
    assert kyc("regulator", "--from", "2026-01-01", "--to", "9999-12-31") == 0


def test_a_program_reads_what_was_done(
    kyc: Run, settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    case = keep(settings, seller("individual", monkeypatch), MOVED)
    assert kyc("sar", case, "--json", report_entity_id=0) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["written"], told["valid"], "report" in told) == (False, None, False)
    assert told["missing"] == [
        "missing: rentity_id: set REPORT_ENTITY_ID to the number that the authority gave you"
    ]
    assert kyc("sar", case, "--json", "--schema", str(OURS)) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["kind"], told["valid"], told["reference"]) == ("STR", True, f"{case}-1")
    assert told["report"].startswith("<?xml")


def test_an_unknown_case_is_named(kyc: Run) -> None:
    with pytest.raises(UnknownError, match="nobody"):
        kyc("sar", "nobody")


async def test_an_export_holds_nothing_of_alerts_and_reports(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = seller("individual", monkeypatch)
    world.add(Filing(world.now, "filed", "ann", "suspicious", "FIU-9"))
    case = world.case
    storage = opened(settings, create=True)
    opening = Opening("en", case.opened_at, "tg:1")
    await storage.cases.save(Change(case.id, 0, case.history, (), Index(), opening=opening))
    await storage.close()
    said = json.dumps(await export(settings, case.id), default=str)
    assert "full_name" in said or "identity" in said
    for secret in ("FIU-9", "Filing", "filed", "structuring", "Alert", "suspicious", "tier", "score"):
        assert secret not in said


def test_figures_for_the_supervisor(kyc: Run, settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    world = World()
    world.given(command="start")
    world.now += timedelta(hours=3)
    world.finish()
    world.add(ALERT)
    world.add(Alert(world.now, "high_volume", "2026-11", quiet=False))
    world.add(Filing(world.now, "filed", "ann", "", "FIU-9"))
    world.add(Filing(world.now + timedelta(days=40), "not_to_report", "ann", "explained"))
    keep(settings, world)
    assert kyc("regulator", "--from", "2026-11-01", "--to", "2026-11-30") == 0
    table = [*csv.reader(capsys.readouterr().out.splitlines())]
    assert table[0] == ["section", "name", "detail", "value"]
    told = {tuple(row[:3]): row[3] for row in table[1:]}
    assert told["cases", "opened", ""] == "1"
    assert told["decisions", "approve", "machine"] == "1"
    assert (told["alerts", "structuring", "quiet"], told["alerts", "high_volume", "ask"]) == ("1", "1")
    assert told["reports", "filed", ""] == "1"
    assert ("reports", "not_to_report", "") not in told
    assert told["hours", "opening_to_decision", "median"] == "3.00"
    assert sum(int(n) for (section, *_), n in told.items() if section == "tier") == 1
    assert kyc("regulator", "--from", "2026-12-01", "--to", "2026-12-31") == 0
    later = capsys.readouterr().out
    assert "reports,not_to_report,,1" in later
    assert "cases,opened,,0" in later
    assert "decisions" not in later
    with pytest.raises(SettingsError, match="--to"):
        kyc("regulator", "--from", "2026-12-02", "--to", "2026-12-01")
