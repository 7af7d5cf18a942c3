"""Who is staff, what each role may do, and the reasons that a refusal is chosen from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a member of staff may do."""

    AGENT = "agent"
    REVIEWER = "reviewer"
    OFFICER = "officer"


@dataclass(frozen=True, slots=True)
class Member:
    """A member of staff; `name` is what colleagues read, "" where nobody gave one."""

    role: Role
    name: str = ""


ALL = frozenset(Role)
JUDGES = frozenset({Role.REVIEWER, Role.OFFICER})
QUIETLY = (
    "quiet",
    "quiet_show",
    "timeline",
    "routine",
    "dismiss",
    "report",
    "not_them",
    "them",
    "tier",
    "tier_low",
    "tier_medium",
    "tier_high",
    "quiet_decline",
    "quiet_suspend",
    "quiet_agree",
)  # compliance alone
MAY: Mapping[str, frozenset[Role]] = {
    "card": ALL,
    "show": ALL,
    "remind": ALL,
    "ask": ALL,
    "accept": JUDGES,
    "refuse": JUDGES,
    "approve": JUDGES,
    "decline": JUDGES,
    "suspend": JUDGES,
    "reopen": JUDGES,
    **dict.fromkeys(QUIETLY, frozenset({Role.OFFICER})),
}

REFUSALS = ("unreadable", "wrong_document", "not_theirs", "looks_altered")
UNSAID = "unsaid"  # to anybody: with it a decision of compliance's looks like any other
DECLINES = ("cannot_verify", "under_age", "not_supported", "against_terms", UNSAID)
SUSPENDS = ("overdue", "being_checked", "against_terms", UNSAID)
DISMISSALS = ("explained", "usual_business", "rule_too_strict")
NOT_THEM = ("born_otherwise", "from_elsewhere", "named_otherwise")
THEM = ("all_agrees", "said_so")
TIERED = ("well_known", "explained", "does_not_fit")
AGREED = ("explained", "nothing_found", "ordered")
ENDED = ("is_listed", "unexplained", "ordered")
REASONS: Mapping[str, tuple[str, ...]] = {
    "refuse": REFUSALS,
    "decline": DECLINES,
    "suspend": SUSPENDS,
    "dismiss": DISMISSALS,
    "not_them": NOT_THEM,
    "them": THEM,
    **dict.fromkeys(("tier_low", "tier_medium", "tier_high"), TIERED),
    **dict.fromkeys(("quiet_decline", "quiet_suspend"), ENDED),
    "quiet_agree": AGREED,
}
UNSURE = ("not_confirmed",)  # why a change is not made
OWN = "own"  # the reason whose words the member of staff typed
ANOTHER = "another"  # the reason of a paper in whose place another is asked for
ANYWAY = "anyway"  # a reminder that does not wait for the seller's morning
