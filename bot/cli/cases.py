"""`export`, `erase`, `audit verify`, `policy`: an operator's work on cases, from a shell."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from bot.cli.assemble import opened
from bot.disclosure import disclosed, file_name, numbers
from bot.model import CaseId, Key, Retention
from bot.policy import POLICIES, by_version
from bot.settings import Settings, SettingsError


async def export(settings: Settings, case_id: str) -> dict[str, Any]:
    """Everything a case holds, as its seller may have it: never alerts or scores. Raises UnknownError."""
    storage = opened(settings, create=False)
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
    """Without what is the marketplace's own judgement of risk; keys as people read them."""
    kept = {name: value for name, value in body.items() if name not in {"score", "contributions", "policy"}}
    return {name: str(value) if isinstance(value, Key) else value for name, value in kept.items()}


async def erase(settings: Settings, case_id: str) -> None:
    """Destroy the case's data keys, bodies, files and search tokens; that it was remains. Raises UnknownError."""
    storage = opened(settings, create=False)
    try:
        await storage.cases.load(CaseId(case_id))
        await storage.cases.erase(CaseId(case_id), frozenset(Retention))
    finally:
        await storage.close()


async def audit(settings: Settings) -> tuple[bool, str]:
    """Whether every chain is whole, and a sentence that says so or names the first broken row."""
    storage = opened(settings, create=False)
    try:
        report = await storage.audit()
    finally:
        await storage.close()
    breaks = [f"case {one.case}, record {one.sequence}: {one.why}" for one in report.broken]
    counted = f"{report.cases} cases, {report.records} records, {report.erased} of them erased"
    return not breaks, "\n".join(breaks) or f"all chains are whole: {counted}"


async def adopt(settings: Settings, version: str, by: str, reason: str) -> None:
    """Make a version decide; every case is then stood anew. Raises SettingsError for a version not in this build."""
    try:
        policy = by_version(version)
    except KeyError:
        raise SettingsError(f"no policy {version} in this build") from None
    storage = opened(settings, create=False)
    try:
        await storage.policies.adopt(version, policy.fingerprint(), by, reason, datetime.now(UTC))
    finally:
        await storage.close()


def show(version: str = "") -> str:
    """The policy's rows, factors and thresholds as JSON, with the sentence of each condition."""
    policy = by_version(version) if version else POLICIES[-1]
    table = {
        "version": policy.version,
        "fingerprint": policy.fingerprint(),
        "rows": [
            {"requirement": row.requirement.name, "each": row.each, "when": _why(row.when), "days": row.days}
            for row in policy.rows
        ],
        "factors": [
            {"name": f.name, "points": f.weight, "quiet": f.quiet, "why": _why(f.applies)}
            for f in policy.factors
        ],
        "thresholds": {str(tier): points for tier, points in policy.thresholds.items()},
    }
    return json.dumps(table, indent=2)


def _why(function: object) -> str:
    return (function.__doc__ or "").strip()
