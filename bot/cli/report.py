"""`report`: a report of suspicion on one case, what became of it, and the supervisor's figures."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.settings import Settings

LAST = date(9000, 1, 1)  # terms are counted from the end of a stretch on: the calendar must go on after it


def add(commands: Any) -> None:
    """`report` and what it does."""
    report = commands.add_parser("report", help="reports to authorities")
    what = report.add_subparsers(dest="what", required=True)
    sar = what.add_parser("sar", help="a report of suspicion on one case, in goAML's format")
    sar.add_argument("case", metavar="CASE")
    sar.add_argument(
        "--schema", type=Path, metavar="FILE", help="the authority's schema, to choose codes and to check by"
    )
    sar.add_argument(
        "--out", type=Path, metavar="FILE", help="where to write it; the standard output where left out"
    )
    sar.add_argument("--json", action="store_true", help="one JSON object that says what was done")
    sar.add_argument("--by", default="", metavar="WHO", help="who does it")
    sar.add_argument("--reason", default="", metavar="WHY", help="why, in your own words")
    sar.add_argument("--action", default="", help="what you have done about the seller")
    sar.add_argument("--name", default="", help="the seller's name in Latin letters, like «Last, First»")
    sar.add_argument(
        "--indicator", action="append", default=[], metavar="CODE", help="of the authority's list"
    )
    choices = ("alerted", "all", "none")
    sar.add_argument("--transactions", choices=choices, default="alerted", help="which to report (alerted)")
    sar.add_argument(
        "--anyway", action="store_true", help="without what the schema itself does not insist on"
    )
    became = sar.add_mutually_exclusive_group()
    became.add_argument(
        "--filed",
        metavar="REFERENCE",
        help="it was filed; the authority's reference; once more: its reference set right",
    )
    became.add_argument(
        "--decide", choices=("not-to-report",), help="it was decided, with a reason, not to report"
    )
    sar.set_defaults(do=_sar)
    regulator = what.add_parser(
        "regulator", help="counts by tier, decisions, times, alerts, watchlists and reports, as CSV"
    )
    regulator.add_argument("--from", dest="start", type=day, required=True, metavar="DATE")
    regulator.add_argument("--to", dest="end", type=day, required=True, metavar="DATE")
    regulator.set_defaults(do=_regulator)


def day(text: str) -> date:
    """For argparse, which puts the option's name before what is wrong."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"it wants a day such as 2026-01-31, not {text!r}") from None


def _sar(settings: Settings, asked: argparse.Namespace) -> int:
    from bot.cli.filing import became, drawn_up
    from bot.model import Filing
    from bot.settings import SettingsError

    if asked.filed is not None and not asked.filed.strip():
        raise SettingsError("--filed: the authority's reference is missing")
    if asked.decide or asked.filed:
        if not asked.by or (asked.decide and not asked.reason):
            raise SettingsError("--by WHO is needed, and --reason WHY to decide not to report")
        state, reference = ("filed", asked.filed.strip()) if asked.filed else ("not_to_report", "")
        filing = Filing(datetime.now(UTC), state, asked.by, asked.reason, reference)
        was = asyncio.run(became(settings, asked.case, filing))
        said = {"case": asked.case, "state": state, "by": asked.by, "reference": reference}
        plain = f"case {asked.case}: {state.replace('_', ' ')}"
        plain += f"; the same report, its reference was {was} and is {reference}" if was else ""
        print(json.dumps(said | ({"instead_of": was} if was else {})) if asked.json else plain)
        return 0
    done = asyncio.run(drawn_up(settings, asked))
    for line in (*done.missing, *done.wrong):
        print(f"kycbot: {line}", file=sys.stderr)
    if asked.json:
        print(json.dumps(done.told(), ensure_ascii=False))
    elif done.ok and not asked.out:
        sys.stdout.write(done.content.decode())
    elif done.ok:
        print(f"{done.kind} {done.reference} written to {asked.out}{' and valid' if asked.schema else ''}")
    return 0 if done.ok else 1


def _regulator(settings: Settings, asked: argparse.Namespace) -> int:
    from bot.cli.filing import figures
    from bot.settings import SettingsError

    if asked.end < asked.start:
        raise SettingsError("--to lies before --from")
    start = datetime.combine(asked.start, time(), UTC)
    end = datetime.combine(min(asked.end, LAST) + timedelta(days=1), time(), UTC)
    for line in asyncio.run(figures(settings, start, end)):
        print(line)
    return 0
