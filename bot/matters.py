"""What is open for compliance alone, and since when: its queue and its index come from here. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.asking import own_name
from bot.model import Case, Disposition, Outcome, Stage
from bot.ports import Say
from bot.quiet import Quiet
from bot.standing import OVER, Standing, has_left

KINDS = ("match", "same", "alert", "report", "draft", "held", "leaves")


@dataclass(frozen=True, slots=True)
class Matter:
    """`kind`: match; same, a true match whose case goes on; alert; report, wanted; draft, drawn up and not filed;

    held, an approval; leaves, a seller's wish that all be deleted.
    """

    kind: str
    since: datetime


def matters(standing: Standing) -> tuple[Matter, ...]:
    """The weightiest kind first; none where compliance has nothing to do."""
    quiet = standing.facts.quiet
    return (
        *(Matter("match", quiet.found[match.pair]) for match in quiet.open_matches()),
        *_same(standing),
        *(Matter("alert", alert.at) for alert in quiet.open_alerts().values()),
        *_reports(quiet),
        *_held(standing),
    )


def since(standing: Standing) -> datetime | None:
    """When the oldest came up; None where nothing is open."""
    return min((matter.since for matter in matters(standing)), default=None)


def line(case: Case, standing: Standing) -> Iterator[Say]:
    """The case in a list: what is open, how often, and since when. Nothing where nothing is."""
    oldest = since(standing)
    if oldest is None:
        return
    counted = Counter(matter.kind for matter in matters(standing))
    args = {kind: str(counted[kind] or "") for kind in KINDS}
    named = {"case": case.id, "name": own_name(standing), "company": standing.facts.value("company_name")}
    at = {"date": oldest.date().isoformat(), "time": f"{oldest:%H:%M}"}
    yield Say("list.quiet", {**args, **named, **at})


def leaves(standing: Standing) -> str:
    """The ISO day until which all is kept although its seller wants it deleted; "" where that is not so."""
    until = standing.facts.quiet.kept_until() if has_left(standing) and not standing.facts.erased else None
    return until.date().isoformat() if until else ""


def endings(standing: Standing) -> tuple[Outcome, ...]:
    """How compliance may end a case: for a true match or a report, or once more; and only where the group could too."""
    quiet, stage = standing.facts.quiet, standing.stage
    ended = quiet.ended()
    if stage in OVER or not (quiet.same() or quiet.reported() or ended):
        return ()
    paused = standing.held and ended is not None and ended.outcome == Outcome.SUSPEND
    sells = paused or stage in {Stage.APPROVED, Stage.ACTION_NEEDED}
    return (Outcome.DECLINE, Outcome.SUSPEND) if sells else (Outcome.DECLINE,)


def agreeable(standing: Standing) -> Disposition | None:
    """The end that others undid and compliance may take back; None where a match keeps the seller out as well."""
    quiet = standing.facts.quiet
    return None if standing.stage in OVER or quiet.listed() else quiet.ended()


def _same(standing: Standing) -> Iterator[Matter]:
    if standing.stage not in OVER:
        yield from (Matter("same", ruled.at) for ruled in standing.facts.quiet.same())


def _reports(quiet: Quiet) -> Iterator[Matter]:
    """A report stays open until it is filed, or somebody decides against it."""
    last = quiet.filings[-1] if quiet.filings else None
    yield from (Matter("report", done.at) for done in quiet.reported() if last is None or done.at > last.at)
    if last and last.state == "drafted":
        yield Matter("draft", last.at)


def _held(standing: Standing) -> Iterator[Matter]:
    """What waits for compliance behind the back of everybody else: an approval, or a seller's wish."""
    made = standing.facts.decision
    if made and standing.held:
        yield Matter("held", made[1].at)
    if made and leaves(standing) and not standing.facts.quiet.filed():
        yield Matter("leaves", made[1].at)
