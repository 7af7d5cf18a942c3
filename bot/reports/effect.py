"""When decisions took effect: an approval that compliance holds back does so once compliance lets it go, or never."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.folding import ENDS
from bot.model import Case, Decision, Outcome, Stage, Told
from bot.quiet import Quiet


def effective(case: Case) -> Iterator[tuple[datetime, Decision]]:
    """(when, decision), in the order in which they took effect; see decision 0008 and `held` of a standing.

    One that was still held when a person decided otherwise, or at the end of the history, is none of them.
    """
    quiet, sold = Quiet(), False
    held: list[Decision] = []
    for sequence, record in case.records():
        quiet.take(sequence, record)
        match record:
            case Told(stage=Stage.APPROVED):
                sold = True
            case Decision(outcome=Outcome.APPROVE):
                held.append(record)
            case Decision():
                held.clear()
                sold = sold and record.outcome not in ENDS
                yield record.at, record
        if held and (sold or not quiet.holds()):
            yield from ((record.at, each) for each in held)
            held.clear()
