"""Figures for the supervisor over a stretch of time: cases by tier, decisions, times, alerts, watchlists and reports."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import takewhile
from statistics import median

from bot.model import Alert, Case, Cleared, Decision, Erased, Filing, Outcome, Record, Screened, Stage, Told
from bot.policy import Policy
from bot.quiet import Quiet
from bot.reports.effect import effective
from bot.reports.filed import DRAWN, drafted, filed
from bot.standing import MACHINE, SELLER, stand

HEADER = ("section", "name", "detail", "value")
WATCHLISTS = "watchlists"
Row = tuple[str, str, str]


@dataclass(slots=True)
class Figures:
    """What was counted so far: from `start` to before `end`, tiers as they stood at `end` under `policy`."""

    policy: Policy
    start: datetime
    end: datetime
    counts: Counter[Row] = field(default_factory=Counter)
    hours: dict[str, list[float]] = field(default_factory=dict)

    def add(self, case: Case) -> None:
        """One case, as far as its history went by the end."""
        if case.opened_at >= self.end:
            return
        past = Case(
            case.id,
            case.language,
            case.opened_at,
            tuple(takewhile(lambda record: record.at < self.end, case.history)),
        )
        standing = stand(past, self.policy, self.end)
        if standing.facts.erased:
            self.counts["cases", "erased", ""] += 1
        else:
            self.counts["tier", str(standing.risk.tier_with_quiet), str(standing.stage)] += 1
        self.counts["cases", "opened", ""] += case.opened_at >= self.start
        decided = [*effective(past)]
        self._times(past, decided)
        self.counts.update(_decision(one) for at, one in decided if at >= self.start)
        self.counts["cases", "approval_held", ""] += standing.held
        self.counts.update(self._watchlists(past))
        self.counts.update(self._second_looks(past))
        self.counts.update(row for record in past.history if record.at >= self.start for row in _rows(record))
        self.counts.update(("reports", "drafted", "") for one in drafted(past) if one.at >= self.start)
        self.counts.update(("reports", "filed", "") for first, *_ in filed(past) if first.at >= self.start)

    def _second_looks(self, case: Case) -> Iterator[Row]:
        """Approvals that were drawn for a person, and what the next decision of a person says of the machine's."""
        drawn = False
        for record in case.history:
            if isinstance(record, Decision):
                if drawn and record.by not in {MACHINE, SELLER} and record.at >= self.start:
                    yield "second_looks", "agreed" if record.outcome is Outcome.APPROVE else "differed", ""
                drawn = record.drawn
                if drawn and record.at >= self.start:
                    yield "second_looks", "drawn", ""

    def _watchlists(self, case: Case) -> Iterator[Row]:
        """Matches that were new, the last ruling on each, and what waits for one at the end; of each list, and of all."""
        lists: dict[str, str] = {}
        found: list[tuple[str, str]] = []
        ruled: dict[str, str] = {}
        quiet = Quiet.of(case)
        for record in case.history:
            if isinstance(record, Screened):
                new = {match.pair: match.watchlist for match in record.matches if match.pair not in lists}
                found += [("found", name) for name in new.values() if record.at >= self.start]
                lists |= new
            if isinstance(record, Cleared) and record.pair in lists and record.at >= self.start:
                ruled[record.pair] = "true" if record.true else "false"
        found += [(ruling, lists[pair]) for pair, ruling in ruled.items()]
        found += [("open", match.watchlist) for match in quiet.open_matches()]
        for what, name in found:
            yield WATCHLISTS, what, name
            yield WATCHLISTS, what, ""

    def _times(self, case: Case, decided: Sequence[tuple[datetime, Decision]]) -> None:
        """Hours from opening, and from when it was first ready for review, to when the first decision took effect."""
        if not decided or decided[0][0] < self.start:
            return
        at = decided[0][0]
        in_review = (r.at for r in case.history if isinstance(r, Told) and r.stage is Stage.IN_REVIEW)
        review = next(in_review, at)
        self._took("opening_to_decision", case.opened_at, at)
        self._took("review_to_decision", min(review, at), at)

    def _took(self, what: str, since: datetime, until: datetime) -> None:
        self.hours.setdefault(what, []).append((until - since).total_seconds() / 3600)


def count(policy: Policy, start: datetime, end: datetime) -> Figures:
    """Nothing yet."""
    told = [("cases", "opened", ""), ("cases", "approval_held", "")]  # also where there are none
    told += [(WATCHLISTS, what, "") for what in ("found", "true", "false", "open")]
    return Figures(policy, start, end, Counter(dict.fromkeys(told, 0)))


def _decision(one: Decision) -> Row:
    return "decisions", str(one.outcome), {MACHINE: "machine", SELLER: "seller"}.get(one.by, "person")


def _rows(record: Record) -> Iterator[Row]:
    match record:
        case Alert(rule=rule, quiet=quiet):
            yield "alerts", rule, "quiet" if quiet else "ask"
        case Filing(state=state) if state not in DRAWN:
            yield "reports", state, ""
        case Erased(kind=kind) if kind.lower() in {"decision", "alert", "cleared", "filing"}:
            yield "erased", kind.lower(), ""


def rows(figures: Figures) -> list[str]:
    """CSV lines under HEADER, always in the same order; times in hours, the median and how many it is of."""
    said = [(*row, str(n)) for row, n in sorted(figures.counts.items())]
    for what, hours in sorted(figures.hours.items()):
        said.append(("hours", what, "median", f"{median(hours):.2f}"))
        said.append(("hours", what, "decisions", str(len(hours))))
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([HEADER, *said])
    return out.getvalue().splitlines()
