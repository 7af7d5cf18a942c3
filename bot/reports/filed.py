"""Which reports of a case were filed: one that is filed again under another reference is the same report."""

from __future__ import annotations

from bot.model import Case, Filing

DRAWN = ("drafted", "filed")


def filed(case: Case) -> list[list[Filing]]:
    """Of each report the filings, oldest first: the first says when it was filed, the last under which reference.

    A new report begins with a new draft. Without one a second filing is a slip set right, or the authority's new
    number for a report that it had sent back.
    """
    reports: list[list[Filing]] = []
    new = True
    for record in case.history:
        if isinstance(record, Filing) and record.state == "filed":
            reports += [[]] if new else []
            reports[-1].append(record)
            new = False
        elif isinstance(record, Filing) and record.state == "drafted":
            new = True
    return reports


def corrected(case: Case) -> str:
    """The reference that a filing would take the place of now; "" where it would be the first of a report."""
    reports = filed(case)
    last = next((r for r in reversed(case.history) if isinstance(r, Filing) and r.state in DRAWN), None)
    return reports[-1][-1].reference if reports and last is reports[-1][-1] else ""
