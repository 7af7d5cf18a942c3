"""Which reports of a case were drawn up and filed: the same reference drawn up anew, or filed under another, is one report."""

from __future__ import annotations

from bot.model import Case, Disposition, Filing, Record

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


def drafted(case: Case) -> tuple[Filing, ...]:
    """Of each report that was drawn up the first draft: it keeps its reference however often it is drawn up anew."""
    first: dict[str, Filing] = {}
    for record in case.history:
        if isinstance(record, Filing) and record.state == "drafted":
            first.setdefault(record.reference, record)
    return tuple(first.values())


def settled(case: Case) -> str:
    """The reference under which all that was to be reported is filed; "" where there is something left to decide on."""
    last = next((r for r in reversed(case.history) if _wants(r)), None)
    return last.reference if isinstance(last, Filing) and last.state == "filed" else ""


def _wants(record: Record) -> bool:
    """Whether a report is wanted, drawn up or filed by it."""
    if isinstance(record, Disposition):
        return record.outcome == "reported"
    return isinstance(record, Filing) and record.state in DRAWN


def corrected(case: Case) -> str:
    """The reference that a filing would take the place of now; "" where it would be the first of a report."""
    reports = filed(case)
    last = next((r for r in reversed(case.history) if isinstance(r, Filing) and r.state in DRAWN), None)
    return reports[-1][-1].reference if reports and last is reports[-1][-1] else ""
