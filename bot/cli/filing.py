"""What `report` does: a report drawn up, checked by the schema and recorded; what became of it; figures over all cases."""

from __future__ import annotations

import argparse
import os
import stat
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.cli.store import existing
from bot.invitations import SELLER
from bot.model import Case, CaseId, Filing, Invited, Transaction, erased
from bot.policy import POLICIES, Policy, by_version
from bot.ports import Change, StaleError
from bot.reports.brief import Brief, Reporter
from bot.reports.codes import Codes
from bot.reports.filed import corrected, filed, settled
from bot.reports.money import Money
from bot.reports.reasons import alerted
from bot.reports.regulator import count, rows
from bot.reports.sar import draft
from bot.reports.xml import written
from bot.settings import Settings, SettingsError
from bot.standing import stand
from bot.turn import Turn, conclude, extended

if TYPE_CHECKING:
    from storage import Storage

TRIES = 5
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it: the file's content where nothing was missing or wrong, else one line for each thing."""

    case: str
    kind: str
    reference: str
    content: bytes = b""
    missing: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    checked: bool = False
    out: str = ""
    ok: bool = False

    def told(self) -> dict[str, Any]:
        """As `--json` prints it; the report itself where no file was named."""
        body = {} if self.out or not self.ok else {"report": self.content.decode()}
        return {
            "case": self.case,
            "kind": self.kind,
            "reference": self.reference,
            "written": self.ok,
            "valid": (self.ok if self.checked else None),
            "missing": list(self.missing),
            "wrong": list(self.wrong),
            "out": self.out,
            **body,
        }


@asynccontextmanager
async def _stored(settings: Settings) -> AsyncIterator[tuple[Storage, Policy]]:
    """The store, and the policy that decides."""
    storage = existing(settings)
    try:
        adopted = await storage.policies.adopted()
        try:
            yield storage, by_version(adopted[0]) if adopted else POLICIES[-1]
        except KeyError:
            raise SettingsError(f"no policy {adopted and adopted[0]} in this build") from None
    finally:
        await storage.close()


async def drawn_up(settings: Settings, asked: argparse.Namespace) -> Done:
    """Draw up a report, check it, and only then record and write it. Raises UnknownError, SettingsError."""
    now = datetime.now(UTC)
    judge = Schema(asked.schema) if asked.schema else None
    async with _stored(settings) as (storage, policy):
        case = await storage.cases.load(CaseId(asked.case))
        moved = await _transactions(storage, case, asked.transactions)
        brief = _brief(settings, asked, case, now, judge)
        made = draft(case, stand(case, policy, now), moved, brief)
        done = Done(case.id, made.kind, brief.reference, checked=judge is not None, out=str(asked.out or ""))
        lacking = [one for one in made.missing if one.needed or not asked.anyway]
        if lacking:
            return replace(done, missing=tuple(f"missing: {one.field}: {one.how}" for one in lacking))
        content = written(made.report)
        wrong = judge.wrong(content) if judge else ()
        if wrong:
            return replace(done, wrong=wrong)
        await _record(
            storage, policy, case.id, Filing(now, "drafted", asked.by, asked.reason, brief.reference)
        )
    if asked.out:
        _write(asked.out, content)
    return replace(done, content=content, ok=True)


def _write(path: Path, content: bytes) -> None:
    """For its owner's eyes alone, also where a file stood there that others could read."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            os.fchmod(file.fileno(), 0o600)
        file.write(content)


def _brief(
    settings: Settings, asked: argparse.Namespace, case: Case, now: datetime, judge: Schema | None
) -> Brief:
    who = Reporter(
        settings.report_entity_id, settings.report_person, settings.report_email, settings.report_branch
    )
    return Brief(
        who,
        _reference(case),
        now,
        Money(settings.report_currency, settings.report_rates),
        Codes(judge.lists() if judge else {}, settings.report_codes),
        asked.reason,
        asked.action,
        asked.name,
        tuple(asked.indicator),
    )


def _reference(case: Case) -> str:
    """Our own: a draft keeps its number until it is filed."""
    return f"{case.id}-{len(filed(case)) + 1}"


async def _transactions(storage: Storage, case: Case, which: str) -> tuple[Transaction, ...]:
    """What the ledger holds of the case's seller, under the marketplace's name for them and under the case's own."""
    if which == "none":
        return ()
    names = [r.seller for r in case.history if isinstance(r, Invited)]
    found: dict[str, Transaction] = {}
    for name in dict.fromkeys([*names, case.id]):
        if name == case.id or await storage.register.case_of(SELLER + name) == case.id:
            found |= {each.id: each for each in await storage.ledger.since(name, BEGINNING)}
    wanted = found if which == "all" else set(alerted(case))
    return tuple(
        sorted((found[each] for each in found if each in wanted), key=lambda each: (each.at, each.id))
    )


async def became(settings: Settings, case: str, filing: Filing) -> str:
    """Record what became of a report; the reference that this one takes the place of, "" for none.

    Raises UnknownError, and SettingsError where there is no report to speak of, or none left to decide on.
    """
    async with _stored(settings) as (storage, policy):
        known = await storage.cases.load(CaseId(case))
        if erased(known):
            raise SettingsError(f"case {case} is erased")
        drawn = any(isinstance(record, Filing) and record.state == "drafted" for record in known.history)
        if filing.state == "filed" and not drawn:
            raise SettingsError(f"case {case} has no report that could be filed: draw one up first")
        if filing.state == "not_to_report" and (reference := settled(known)):
            raise SettingsError(
                f"case {case}: its report is filed under {reference}, so it was reported; "
                "nothing new is to be decided on"
            )
        await _record(storage, policy, CaseId(case), filing)
    was = corrected(known) if filing.state == "filed" else ""
    return "" if was == filing.reference else was


async def _record(storage: Storage, policy: Policy, case_id: CaseId, filing: Filing) -> None:
    """Add it and nothing else: nobody hears of it. What else is due meanwhile is left to who keeps the time."""
    for tried in range(1, TRIES + 1):
        case = await storage.cases.load(case_id)
        last = next((r for r in reversed(case.history) if isinstance(r, Filing)), None)
        if last and replace(last, at=filing.at) == filing:
            return  # the same draft once more
        after = extended(case, filing)
        due, _ = conclude(after, Turn(asks=False, bulk=True), policy, filing.at)
        index = replace(due.index, due_at=filing.at) if due.records else due.index
        try:
            await storage.cases.save(Change(case.id, len(case), (filing,), (), index, at=filing.at))
        except StaleError:
            if tried == TRIES:
                raise
        else:
            return


async def figures(settings: Settings, start: datetime, end: datetime) -> Sequence[str]:
    """CSV lines over all cases, from `start` to before `end`."""
    async with _stored(settings) as (storage, policy):
        counted = count(policy, start, end)
        for case_id in await storage.cases.all():
            counted.add(await storage.cases.load(case_id))
    return rows(counted)


class Schema:
    """An authority's schema. Raises SettingsError where the file is none."""

    def __init__(self, path: Path) -> None:
        try:
            from lxml import etree
        except ImportError:
            raise SettingsError("--schema wants lxml: install the extra `screening`") from None
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        self._etree = etree
        try:
            self._tree = etree.parse(str(path), parser)
            self._schema = etree.XMLSchema(self._tree)
        except (OSError, etree.XMLSyntaxError, etree.XMLSchemaParseError) as error:
            raise SettingsError(f"--schema: {error}") from None

    def lists(self) -> dict[str, frozenset[str]]:
        """The codes of each type that lists them."""
        space = "{http://www.w3.org/2001/XMLSchema}"
        named = self._tree.getroot().findall(f"{space}simpleType")
        found = {
            kind.get("name"): frozenset(code.get("value") for code in kind.iter(f"{space}enumeration"))
            for kind in named
        }
        return {name: codes for name, codes in found.items() if codes}

    def wrong(self, content: bytes) -> tuple[str, ...]:
        """What does not fit, one line each."""
        self._schema.validate(self._etree.fromstring(content))
        return tuple(f"line {entry.line}: {entry.message}" for entry in self._schema.error_log)
