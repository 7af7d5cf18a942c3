"""What evidence means: each check is a pure function of one look, and yields findings where it applies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.model import NOTHING, Finding, Verdict


@dataclass(frozen=True, slots=True)
class Look:
    """One submission as a check sees it: what the readers saw, when it came, what is accepted, what was answered.

    `values`: answers by the name of their question, of the person whose document it is.
    """

    evidence: Mapping[str, str]
    received: datetime
    accepts: frozenset[str]
    values: Mapping[str, str] = field(default_factory=lambda: NOTHING)


Check = Callable[[Look], Iterator[Finding]]


def judge(look: Look, checks: Iterable[Check]) -> tuple[Finding, ...]:
    """Every finding, worst first; after the first refusal later checks are not asked: one reason at a time."""
    findings: list[Finding] = []
    for check in checks:
        found = tuple(check(look))
        findings += found
        if found and worst(found) is Verdict.REJECT:
            break
    return tuple(sorted(findings, key=lambda finding: -finding.verdict))


def worst(findings: Iterable[Finding]) -> Verdict:
    """The verdict of several findings: the worst one; PASS where there is none."""
    return max((finding.verdict for finding in findings), default=Verdict.PASS)
