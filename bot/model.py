"""The nouns: what happened to a case, kept as it was; nothing in here is derived."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple, NewType

NOTHING: Mapping[str, str] = MappingProxyType({})
NO_DOCUMENT = "no_document"  # the answer to a document that the seller cannot give

CaseId = NewType("CaseId", str)


class Verdict(IntEnum):
    """What a finding says of a submission; of several the worst wins."""

    PASS = 0
    REVIEW = 1
    REJECT = 2


class State(StrEnum):
    """Where one owed item stands."""

    MISSING = "missing"
    CHECKING = "checking"
    PENDING = "pending"
    REJECTED = "rejected"
    EXPIRED = "expired"
    SATISFIED = "satisfied"


class Stage(StrEnum):
    """Where a whole case stands."""

    COLLECTING = "collecting"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    ACTION_NEEDED = "action_needed"
    SUSPENDED = "suspended"
    DECLINED = "declined"
    CLOSED = "closed"


class Outcome(StrEnum):
    """What a decision does to a case. All but APPROVE carry a person's name."""

    APPROVE = "approve"
    DECLINE = "decline"
    SUSPEND = "suspend"
    REOPEN = "reopen"
    CLOSE = "close"


class Tier(StrEnum):
    """How much risk the contributions add up to."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Retention(StrEnum):
    """The classes of personal data; each case has a data key for each, and each ends on its own day."""

    IDENTITY = "identity"
    BIOMETRICS = "biometrics"
    TALK = "talk"


class Key(NamedTuple):
    """What is owed, and by whom: the subject is the sequence of the record that introduced a person, 0 the seller."""

    requirement: str
    subject: int = 0

    def __str__(self) -> str:
        return f"{self.requirement}.{self.subject}" if self.subject else self.requirement

    @staticmethod
    @lru_cache(4096)
    def parse(text: str) -> Key:
        """The inverse of `str`. Raises ValueError on a subject that is no number."""
        requirement, _, subject = text.partition(".")
        return Key(requirement, int(subject or 0))


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check says of a submission; `code` names the words in the templates, `args` fill them."""

    code: str
    verdict: Verdict
    args: Mapping[str, str] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class File:
    """A file as it was sent: where to fetch it (`ref`), not its bytes; `size` in bytes, 0 where unknown.

    `message`: the id of the message that brought it, 0 where unknown.
    """

    ref: str
    kind: str  # photo, document, video_note
    name: str = ""
    size: int = 0
    message: int = 0


@dataclass(frozen=True, slots=True)
class Submission:
    """The seller gave something: a parsed answer in its canonical form, or files that are yet to be read.

    `answer` of a film: what was asked of it. `key` is what it answers; for files it is what was asked when they came: the evidence may decide otherwise.
    """

    at: datetime
    key: Key
    answer: str = ""
    files: tuple[File, ...] = ()
    album: str = ""


@dataclass(frozen=True, slots=True)
class Challenge:
    """What the seller is asked to do before the camera, drawn by lot: `turns` of the head, "left" or "right"."""

    at: datetime
    key: Key
    turns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """The seller took back what the record `of` introduced, as an owner who left."""

    at: datetime
    of: int


@dataclass(frozen=True, slots=True)
class Examination:
    """What the readers saw in the files of submission `of`, sent for `key`; nothing in it is judged."""

    at: datetime
    key: Key
    of: int
    reader: str
    evidence: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Ruling:
    """A person's word on submission `of` (of the item `key`); it outranks the machine until its ground moves."""

    at: datetime
    key: Key
    of: int
    verdict: Verdict
    by: str
    reason: str = ""
    words: str = ""  # of the member of staff, to the seller, where no reason of the list would do


@dataclass(frozen=True, slots=True)
class Decision:
    """A case was decided; keeps what it rested on: the policy's version, the score and its contributions.

    `drawn`: the lot fell on it, so that a person looks at it too, without knowing what the machine found.
    """

    at: datetime
    outcome: Outcome
    by: str
    reason: str = ""
    policy: str = ""
    score: int = 0
    contributions: Mapping[str, int] = field(default_factory=dict)
    words: str = ""
    drawn: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What the seller was last told: stage and item states (by `str(Key)`), and what was asked.

    `correcting`: the seller wants to change what `asked` names. Its sequence stands in the buttons of its question, so that an older button is known as such.
    """

    at: datetime
    stage: Stage
    items: Mapping[str, State]
    asked: Key | None = None
    correcting: bool = False


@dataclass(frozen=True, slots=True)
class Nudge:
    """A follow-up went out: step `step` of thread `thread` about `key`."""

    at: datetime
    thread: str
    step: int
    key: Key | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    """A monitoring rule fired; `window` makes it unique with `rule`. A quiet one never reaches the seller."""

    at: datetime
    rule: str
    window: str
    quiet: bool
    why: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    transactions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Disposition:
    """What the compliance officer did about the quiet alert of the record `of`: asked, dismissed or reported.

    Or, where `of` is a decision: decline or suspend, where it is theirs, and why, which the decision itself does not say;
    agree, where others opened such a case again, and it may go on.
    """

    at: datetime
    of: int
    outcome: str
    by: str
    reason: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A name of the case and one of a watchlist that may be the same person's. `pair` names both as they stand now.

    `score` in per cent. `born` and `country`: the case's side, "" where unknown. The list's side: its other `names`,
    `listed_born` (ISO dates or beginnings of them), `listed_in` (countries) and `notes` (its programme and remarks).
    """

    pair: str
    who: str
    matched: str
    entity: str
    watchlist: str
    score: int
    reason: str = ""
    born: str = ""
    country: str = ""
    names: tuple[str, ...] = ()
    listed_born: tuple[str, ...] = ()
    listed_in: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Screened:
    """The names of the case (`subjects`, a digest of them) were sought in the watchlists of version `lists`, "" for none."""

    at: datetime
    subjects: str
    lists: str
    matches: tuple[Match, ...] = ()


@dataclass(frozen=True, slots=True)
class Shared:
    """What was given (`of`, a digest of it) was compared with what others gave.

    `kinds`: document, picture, phone, account -> the cases of other sellers that gave the same, between commas.
    """

    at: datetime
    of: str
    kinds: Mapping[str, str] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class Cleared:
    """The compliance officer's word on a pair: the same person (`true`), or not. It holds until either side changes."""

    at: datetime
    pair: str
    true: bool
    by: str
    reason: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Override:
    """The compliance officer set the tier, until then."""

    at: datetime
    tier: Tier
    until: datetime
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """The first of two people who must approve."""

    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Filing:
    """What became of a report to the financial intelligence unit: drafted, filed or not_to_report.

    Or `erased`: what was to be kept for it was erased all the same.
    `reference`: our own of a draft, the unit's of what was filed.
    """

    at: datetime
    state: str
    by: str
    reason: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Threshold:
    """So much was sold by the day `on` that a law ("inform", "dac7") wants to know more of the seller."""

    at: datetime
    law: str
    on: str
    sales: int
    euro: str


@dataclass(frozen=True, slots=True)
class Request:
    """A member of staff asked for a document that no row owes."""

    at: datetime
    key: Key
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Appeal:
    """The seller asked another person to look again at a decision."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Pause:
    """The seller wants to be reminded later, on the day of `until`."""

    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Reach:
    """The seller blocked the bot, or came back."""

    at: datetime
    reachable: bool


@dataclass(frozen=True, slots=True)
class Invited:
    """The marketplace vouches for who writes. `seller`: its own name for them; `code`: two words that its page shows too."""

    at: datetime
    seller: str
    code: str
    country: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """The seller's invitation was opened in another chat, which is to take this one's place."""

    at: datetime
    chat: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The chat of the record `of` has taken this one's place."""

    at: datetime
    of: int


@dataclass(frozen=True, slots=True)
class Erased:
    """A record whose body is gone: that it was, when and of what kind remains."""

    at: datetime
    kind: str
    key: Key | None = None


Record = (
    Submission | Challenge | Withdrawal | Examination | Ruling | Decision | Told | Nudge | Alert
    | Disposition | Screened | Shared | Cleared | Override | Signature | Filing | Threshold | Request | Appeal | Pause | Reach | Invited | Move | Moved | Erased
)  # fmt: skip

QUIET = (
    Alert,
    Disposition,
    Screened,
    Shared,
    Cleared,
    Override,
    Signature,
    Filing,
)  # records that no seller ever reads
BIOMETRIC = frozenset({"selfie", "liveness"})


def retention(record: Record) -> Retention:
    """The class a record's body is encrypted under and erased with."""
    kind = record.kind if isinstance(record, Erased) else type(record).__name__
    if kind.lower() in {"told", "nudge", "pause", "reach"}:
        return Retention.TALK
    key = getattr(record, "key", None)
    if key is not None and key.requirement in BIOMETRIC:
        return Retention.BIOMETRICS
    return Retention.IDENTITY


@dataclass(frozen=True, slots=True)
class Case:
    """A header and its history. Sequences count from 1: `case[1]` is the first record."""

    id: CaseId
    language: str
    opened_at: datetime
    history: tuple[Record, ...] = ()

    def __len__(self) -> int:
        return len(self.history)

    def __getitem__(self, sequence: int) -> Record:
        return self.history[sequence - 1]

    def records(self) -> Iterator[tuple[int, Record]]:
        """(sequence, record), oldest first."""
        return enumerate(self.history, 1)

    def told(self) -> tuple[int, Told | None]:
        """The last `Told` and its sequence; (0, None) before the first word."""
        for sequence in range(len(self.history), 0, -1):
            record = self.history[sequence - 1]
            if isinstance(record, Told):
                return sequence, record
        return 0, None


def erased(case: Case) -> bool:
    """Whether what a case was about is gone: its seller begins anew."""
    return any(isinstance(r, Erased) and retention(r) is Retention.IDENTITY for r in case.history)


@dataclass(frozen=True, slots=True)
class Transaction:
    """Money that moved: amount in minor-unit-free decimal text, currency ISO 4217, country alpha-2."""

    id: str
    seller: str
    at: datetime
    amount: str
    currency: str
    direction: str  # in, out, refund, chargeback
    counterparty: str = ""
    counterparty_country: str = ""
    method: str = ""
    card: str = ""
