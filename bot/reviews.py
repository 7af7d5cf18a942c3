"""The periodic review: when an approval must be looked at again, and when the seller is asked for it. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.facts import Facts
from bot.model import Key, Outcome

REVIEW = Key("review")
AHEAD = timedelta(days=30)  # the seller is asked so long before the day, so that it is done by then
YEAR = 365  # days: never later than the anniversary (AMLR, article 26: 1 year for high risk, 5 for others)


def due(since: datetime, years: int) -> date:
    """The day by which what was last looked at `since` is to be looked at again."""
    return since.date() + timedelta(days=YEAR * years)


def next_due(facts: Facts, years: int) -> date | None:
    """The day of the next review: counted from the approval, or from when the seller last said that all is right."""
    if facts.decision is None or facts.decision[1].outcome is not Outcome.APPROVE:
        return None
    said = facts.answers.get(REVIEW)
    since = facts.decision[1].at
    return due(max(since, said.at) if said and said.text == "right" else since, years)


def opens(on: date) -> date:
    """The first day on which the review of that day is asked for."""
    return on - AHEAD
