"""`export`, `erase`, `audit verify`: an operator's work on cases, from a shell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from bot.cli.store import existing
from bot.disclosure import disclosed, file_name, numbers
from bot.folding import gather
from bot.model import CaseId, Filing, Key, Retention, Stage
from bot.ports import Change, Index
from bot.settings import Settings, SettingsError
from storage import Head, Report
from storage.instants import instant

STAFF = "tg:"  # begins the name of a member of staff


async def export(settings: Settings, case_id: str) -> dict[str, Any]:
    """Everything a case holds, as its seller may have it: never alerts or scores. Raises UnknownError."""
    storage = existing(settings)
    try:
        case = await storage.cases.load(CaseId(case_id))
        files = await storage.vault.names(case.id)
        return {
            "case": case.id,
            "language": case.language,
            "opened_at": case.opened_at.isoformat(),
            "records": [
                {"sequence": n, "kind": type(record).__name__, **_plain(asdict(record))}
                for n, record in disclosed(case)
            ],
            "files": [file_name(str(kept.name), numbers(case)) for kept in files],
        }
    finally:
        await storage.close()


def _plain(body: dict[str, Any]) -> dict[str, Any]:
    """Without what is the marketplace's own judgement of risk, and who of its staff did what; keys as people read them."""
    if str(body.get("by", "")).startswith(STAFF):
        body = {**body, "by": "staff"}
    kept = {name: value for name, value in body.items() if name not in {"score", "contributions", "policy"}}
    return {name: str(value) if isinstance(value, Key) else value for name, value in kept.items()}


async def erase(
    settings: Settings, case_id: str, *, anyway: bool = False, by: str = "", reason: str = ""
) -> None:
    """Destroy the case's data keys, bodies, files and search tokens; that it was remains.

    Raises UnknownError, and SettingsError where the law wants it kept and `anyway` was not asked; `by` and `reason`
    of who asked for it are then kept in what is left of the case.
    """
    storage = existing(settings)
    try:
        until = gather(await storage.cases.load(CaseId(case_id))).quiet.kept_until()
        now = datetime.now(UTC)
        kept = until is not None and until > now
        if kept and not (anyway and by and reason):
            raise SettingsError(
                f"case {case_id} is kept until {until and until.date()}, as it was reported or may have to be;"
                " --anyway erases it, with --by and --reason, which are kept"
            )
        await storage.cases.erase(CaseId(case_id), frozenset(Retention))
        if kept:
            left = await storage.cases.load(CaseId(case_id))
            note = Filing(now, "erased", by, reason)
            await storage.cases.save(
                Change(left.id, len(left), (note,), (), Index(stage=Stage.CLOSED), at=now)
            )
    finally:
        await storage.close()


async def audit(settings: Settings, since: str = "") -> tuple[bool, str]:
    """Whether all is as it was stored, and sentences that say so or name the first broken row of each case or table.

    Raises SettingsError where `since` is no head.
    """
    try:
        head = Head.parse(since) if since else None
    except ValueError:
        raise SettingsError("--since-head: not a head that `audit verify` printed") from None
    storage = existing(settings)
    try:
        report = await storage.audit(head)
    finally:
        await storage.close()
    return not report.broken, "\n".join(map(str, report.broken) if report.broken else _whole(report))


def _whole(report: Report) -> Iterator[str]:
    counted = f"{report.cases} cases, {report.records} records, {report.erased} of them erased"
    yield f"all chains are whole: {counted}; {report.transactions} transactions, {report.adoptions} adoptions of policies"
    began = report.sealed
    if began and any(began[1:]):
        yield (
            f"what was there on {instant(began.at):%F %H:%M} UTC was sealed then, as it was found:"
            f" {began.cases} cases, {began.transactions} transactions, {began.adoptions} adoptions"
        )
    yield f"head: {report.head}"
