"""What a history says: the latest answer to everything, the papers that were given, what people ruled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

from bot.holds import Hold
from bot.model import (
    Alert,
    Appeal,
    Challenge,
    Decision,
    File,
    Invited,
    Key,
    Move,
    Nudge,
    Override,
    Request,
    Ruling,
    Shared,
    Signature,
    State,
    Threshold,
    Told,
)
from bot.quiet import Quiet

OPEN = (State.MISSING, State.REJECTED, State.EXPIRED)  # the seller's turn; a tuple: enum members hash slowly


TALK = ("told", "nudges", "sold", "opened", "paused", "reachable")  # what is known from records of talk alone


class Answer(NamedTuple):
    """The latest answer to a question; `changed`: the sequence at which it was first given in these words."""

    sequence: int
    text: str
    at: datetime
    changed: int


@dataclass(frozen=True, slots=True)
class Paper:
    """Files that were given together: an album, or pictures that came before the first of them was read.

    `sequence` is that of the newest of them: what an examination and a ruling name.
    """

    sequence: int
    key: Key
    at: datetime
    files: tuple[tuple[int, File], ...]
    album: str
    evidence: Mapping[str, str] | None = None
    examined: int = 0
    asked: str = ""  # of a film: the turns, in order


def amount(answer: str) -> float:
    """The number that an answer is; 0 where it is none."""
    try:
        return float(answer)
    except ValueError:
        return 0.0


@dataclass(slots=True)
class Facts:
    """What a history says, before any policy."""

    answers: dict[Key, Answer] = field(default_factory=dict)
    own: dict[str, str] = field(default_factory=dict)  # question -> the seller's answer in its canonical form
    people: dict[str, list[int]] = field(default_factory=dict)
    papers: list[Paper] = field(default_factory=list)
    rulings: dict[int, tuple[int, Ruling]] = field(default_factory=dict)
    decision: tuple[int, Decision] | None = None
    told: tuple[int, Told] | None = None
    nudges: list[tuple[int, Nudge]] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)
    quiet: Quiet = field(default_factory=Quiet)  # what compliance alone knows
    override: Override | None = None
    signature: tuple[int, Signature] | None = None  # of the first of two, since what it rests on last moved
    edits: dict[str, int] = field(default_factory=dict)  # question -> how often its answer was changed
    shared: Shared | None = None  # what other sellers gave too
    thresholds: dict[str, Threshold] = field(default_factory=dict)  # law -> the newest day it was crossed
    requests: list[Request] = field(default_factory=list)
    appeal: tuple[int, Appeal] | None = None  # since the last decision
    approved: bool = False  # once, whatever came after
    sold: bool = False  # was told so since anybody declined or suspended them: may sell
    known_as: str = ""  # the name under which the seller was approved
    invited: Invited | None = None
    holds: dict[Key, Hold] = field(default_factory=dict)  # changes that wait for a person, and for two days
    moving: Move | None = None  # to another chat
    challenge: Challenge | None = None  # that nothing was sent for yet
    face: int = 0  # the sequence of the last record that holds a face
    paused: datetime | None = None  # until when the seller wants to be left alone
    reachable: bool = True
    opened: dict[str, datetime] = field(
        default_factory=dict
    )  # item -> when the seller was told that it is open
    touched: dict[str, int] = field(default_factory=dict)  # question -> when an answer to it last changed
    heard: int = 0  # the sequence of the last thing the seller gave
    ground: int = 0  # the sequence of the last record that can move a judgement
    judged: int = 0  # the same, without answers in words
    erased: bool = False
    length: int = 0  # how many records were folded

    def copied(self) -> Facts:
        """To fold more records into, while these stay as they are."""
        return replace(
            self,
            answers=dict(self.answers),
            own=dict(self.own),
            people={requirement: list(people) for requirement, people in self.people.items()},
            papers=list(self.papers),
            rulings=dict(self.rulings),
            nudges=list(self.nudges),
            alerts=list(self.alerts),
            requests=list(self.requests),
            touched=dict(self.touched),
            holds=dict(self.holds),
            edits=dict(self.edits),
            thresholds=dict(self.thresholds),
            quiet=self.quiet.copied(),
        )

    def forget_talk(self) -> None:
        """Drop what only talk says: whoever asks for it from now on gets an AttributeError instead of a wrong word."""
        for name in TALK:
            delattr(self, name)

    def put(self, key: Key, answer: Answer) -> None:
        """Take an answer as the latest one."""
        self.answers[key] = answer
        if not key.subject:
            self.own[key.requirement] = answer.text

    def value(self, requirement: str, subject: int = 0) -> str:
        """The latest answer in its canonical form; "" where there is none."""
        if not subject:
            return self.own.get(requirement, "")
        answer = self.answers.get(Key(requirement, subject))
        return answer.text if answer else ""

    def unread(self) -> list[Paper]:
        """Papers that no reader has looked at yet."""
        return [paper for paper in self.papers if paper.evidence is None]
