"""What compliance alone knows of a case: quiet alerts, names on watchlists, reports; and how long that keeps it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.model import Alert, Case, Cleared, Disposition, Filing, Match, Screened

KEPT = timedelta(days=5 * 365 + 2)  # what a report of suspicion rests on: five years (AMLR, article 77)
ENDED = ("decline", "suspend")  # dispositions of a whole case
AGREED = "agree"  # the one that takes such an end back


@dataclass(slots=True)
class Quiet:
    """What compliance alone knows: no step of the seller's way, and nothing that other staff see, rests on it."""

    alerts: dict[int, Alert] = field(default_factory=dict)  # by sequence
    dispositions: dict[int, Disposition] = field(default_factory=dict)  # by what they are about
    screened: Screened | None = None
    found: dict[str, datetime] = field(default_factory=dict)  # by pair: when it was first found
    cleared: dict[str, Cleared] = field(default_factory=dict)  # by pair
    filings: list[Filing] = field(default_factory=list)

    @classmethod
    def of(cls, case: Case) -> Quiet:
        """All of a history."""
        quiet = cls()
        for sequence, record in case.records():
            quiet.take(sequence, record)
        return quiet

    def copied(self) -> Quiet:
        return Quiet(
            dict(self.alerts),
            dict(self.dispositions),
            self.screened,
            dict(self.found),
            dict(self.cleared),
            list(self.filings),
        )

    def open_alerts(self) -> dict[int, Alert]:
        """Alerts that nobody has dealt with."""
        return {of: alert for of, alert in self.alerts.items() if of not in self.dispositions}

    def open_matches(self) -> tuple[Match, ...]:
        """Matches that nobody has ruled on."""
        found = self.screened.matches if self.screened else ()
        return tuple(match for match in found if match.pair not in self.cleared)

    def same(self) -> tuple[Cleared, ...]:
        """The rulings that a name of the case is the listed person's."""
        found = self.screened.matches if self.screened else ()
        ruled = (self.cleared.get(match.pair) for match in found)
        return tuple(one for one in ruled if one and one.true)

    def reported(self) -> tuple[Disposition, ...]:
        """The alerts that are to be reported, without those of which it was decided later that they are not."""
        last = self.filings[-1] if self.filings else None
        since = last.at if last and last.state == "not_to_report" else None
        done = (self.dispositions.get(of) for of in self.alerts)
        said = (one for one in done if one and one.outcome == "reported")
        return tuple(one for one in said if since is None or one.at > since)

    def filed(self) -> bool:
        """A report went to the authority, and no other is drawn up since."""
        states = [filing.state for filing in self.filings]
        return "filed" in states and states[-1] != "drafted"

    def kept_until(self) -> datetime | None:
        """Until when a case that was reported, or may yet be, is not erased; None where nothing speaks for it."""
        if reported := self.reported_until():
            return reported
        last = self.filings[-1] if self.filings else None
        open_ = [at for at in self._suspected() if last is None or at > last.at]
        return max(open_) + KEPT if open_ else None

    def reported_until(self) -> datetime | None:
        """Until when what was reported, or is about to be, is kept; None where nothing is.

        A decision against another report later does not undo the one that was filed.
        """
        last = self.filings[-1] if self.filings else None
        if last is None or last.state == "erased":
            return None
        rests = [filing.at for filing in self.filings if filing.state == "filed"]
        rests += [last.at] if last.state == "drafted" else []
        return max(rests) + KEPT if rests else None

    def _suspected(self) -> Iterator[datetime]:
        """Since when: alerts and matches that nobody has ruled on, and those that were found to be true."""
        for of, alert in self.alerts.items():
            done = self.dispositions.get(of)
            if done is None:
                yield alert.at
            elif done.outcome == "reported":
                yield done.at
        if self.screened and self.listed():
            yield max([self.screened.at, *(each.at for each in self.cleared.values() if each.true)])

    def listed(self) -> bool:
        """A match is open, or was found to be true."""
        found = self.screened.matches if self.screened else ()
        return any(match.pair not in self.cleared or self.cleared[match.pair].true for match in found)

    def ended(self) -> Disposition | None:
        """Compliance ended the case, and has not agreed since that it goes on; whoever opened it again meanwhile."""
        said = [done for done in self.dispositions.values() if done.outcome in (*ENDED, AGREED)]
        return said[-1] if said and said[-1].outcome in ENDED else None

    def holds(self) -> bool:
        """No approval takes effect until compliance says so."""
        return self.listed() or self.ended() is not None

    def take(self, sequence: int, record: object) -> bool:
        """Whether the next record is one of these."""
        match record:
            case Alert(quiet=True):
                self.alerts[sequence] = record
            case Disposition():
                self.dispositions[record.of] = record
            case Screened():
                self.screened = record
                self.found = {match.pair: record.at for match in record.matches} | self.found
            case Cleared():
                self.cleared[record.pair] = record
            case Filing():
                self.filings.append(record)
            case _:
                return False
        return True
