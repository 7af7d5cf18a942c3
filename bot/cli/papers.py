"""`verify`: what the readers see in a file and what the checks make of it, without any case."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.checks import Look, judge
from bot.checks.evidence import sound
from bot.cli.assemble import readers
from bot.documents.address import ADDRESS_PROOF
from bot.documents.base import Document
from bot.documents.company import INCORPORATION
from bot.documents.identity import IDENTITY
from bot.model import Finding
from bot.ports import Reader, Say
from bot.settings import Settings
from handlers.words import Words, plain

log = logging.getLogger(__name__)

MEASURED = frozenset(
    {
        "type",
        "unread",
        "width",
        "height",
        "brightness",
        "sharpness",
        "glare",
        "reader",
        "mrz_cpu_ms",
        "cpu_ms",
        "wall_ms",
    }
)


def document_for(kind: str) -> Document:
    """The requirement whose checks a type is put to; an identity document's where nothing else fits."""
    return next((d for d in (IDENTITY, ADDRESS_PROOF, INCORPORATION) if kind in d.accepts), IDENTITY)


def verified(file: str, evidence: Mapping[str, str], now: datetime, words: Words) -> dict[str, Any]:
    """One line of `verify --json`; `evidence` also carries the reader's `cpu_ms` and `wall_ms`."""
    seen = sound(evidence)
    kind = seen.get("type", "unknown")
    document = document_for(kind)
    fields: dict[str, Any] = {
        name: value for name, value in evidence.items() if value and name not in MEASURED
    }
    if "mrz_valid" in fields:
        fields["mrz_valid"] = fields["mrz_valid"] == "true"
    findings = judge(Look(seen, now, document.accepts), document.checks)
    line = {
        "file": file,
        "type": kind,
        "fields": fields,
        "findings": [_finding(finding, words) for finding in findings],
        "cpu_ms": round(float(seen.get("cpu_ms", "0")), 1),
        "wall_ms": round(float(seen.get("wall_ms", "0")), 1),
    }
    return line | ({"mrz_cpu_ms": round(float(seen["mrz_cpu_ms"]), 1)} if "mrz_cpu_ms" in seen else {})


def _finding(finding: Finding, words: Words) -> dict[str, str]:
    why = plain(words.say("en", Say(f"finding.{finding.code}", finding.args)))
    return {"code": finding.code, "verdict": finding.verdict.name.lower(), "why": why}


async def verify(settings: Settings, files: list[str], say: Callable[[str], None], *, as_json: bool) -> None:
    """Read each file by itself and print what was found: one JSON object a line, or a few plain lines."""
    words, reader = Words(), readers(settings)
    try:
        for name in files:
            evidence = await _evidence(reader, name)
            line = verified(name, evidence, datetime.now(UTC), words)
            say(json.dumps(line, ensure_ascii=False) if as_json else _plainly(line))
    finally:
        await reader.close()


async def _evidence(reader: Reader, name: str) -> Mapping[str, str]:
    try:
        content = await asyncio.to_thread(Path(name).read_bytes)
    except OSError as error:
        log.warning("%s: %s", name, error.strerror)
        return {"unread": "no_file"}
    return await reader.read([content])


def _plainly(line: Mapping[str, Any]) -> str:
    fields = [f"  {name}: {value}" for name, value in line["fields"].items() if name != "mrz"]
    findings = [f"  {finding['verdict']}: {finding['why']}" for finding in line["findings"]]
    return "\n".join([f"{line['file']}: {line['type']}", *fields, *(findings or ["  nothing to object"])])
