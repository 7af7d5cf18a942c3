"""Figures for the supervisor over a stretch of time: cases by tier, decisions, times, alerts and reports."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import takewhile
from statistics import median

from bot.model import Alert, Case, Decision, Erased, Filing, Outcome, Record, Stage, Told
from bot.policy import Policy
from bot.reports.filed import filed
from bot.standing import MACHINE, SELLER, stand

HEADER = ("section", "name", "detail", "value")
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
        self._times(past)
        self.counts.update(self._second_looks(past))
        self.counts.update(row for record in past.history if record.at >= self.start for row in _rows(record))
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

    def _times(self, case: Case) -> None:
        """Hours from opening, and from when it was first ready for review, to the first decision."""
        review: datetime | None = None
        for record in case.history:
            if isinstance(record, Told) and record.stage is Stage.IN_REVIEW and review is None:
                review = record.at
            if isinstance(record, Decision):
                if record.at >= self.start:
                    self._took("opening_to_decision", case.opened_at, record.at)
                    self._took("review_to_decision", review or record.at, record.at)
                return

    def _took(self, what: str, since: datetime, until: datetime) -> None:
        self.hours.setdefault(what, []).append((until - since).total_seconds() / 3600)


def count(policy: Policy, start: datetime, end: datetime) -> Figures:
    """Nothing yet."""
    return Figures(policy, start, end, Counter({("cases", "opened", ""): 0}))


def _rows(record: Record) -> Iterator[Row]:
    match record:
        case Decision(outcome=outcome, by=by):
            yield "decisions", str(outcome), {MACHINE: "machine", SELLER: "seller"}.get(by, "person")
        case Alert(rule=rule, quiet=quiet):
            yield "alerts", rule, "quiet" if quiet else "ask"
        case Filing(state=state) if state != "filed":
            yield "reports", state, ""
        case Erased(kind=kind) if kind.lower() in {"decision", "alert", "filing"}:
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
