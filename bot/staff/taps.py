"""What staff gave, as one press: a button of a card, the answer to a prompt, or a command that names a case."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.answers import clean
from bot.documents import REQUIREMENTS, Document
from bot.holds import GUARDED
from bot.model import CaseId, Key, Tier
from bot.ports import Given
from bot.staff.roles import ANYWAY, MAY, OWN, QUIETLY, REASONS, UNSURE

ON_A_DOCUMENT = frozenset({"accept", "refuse"})
BY_NAME = {"case": "show", "remind": "remind"}  # commands that are a press on the case they name
INSIDE = {"case": "quiet_show", "remind": "remind"}  # the same where compliance alone reads
LONGEST = 300  # characters of a reason in one's own words
REFERENCE = re.compile(r"^\w+: ([\w-]+)/(\d+)/(\w+)/([\w.]*)$", re.ASCII)
NAME = re.compile(r"[\w-]{1,32}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Tap:
    """A press: `of` is the sequence it judged; it is refused, kindly, only if that has moved. `words`: one's own."""

    case: CaseId
    of: int
    action: str
    key: Key | None = None
    reason: str = ""
    words: str = ""

    def data(self) -> str:
        """At most 64 bytes, as Telegram allows."""
        return f"s:{self.case}:{self.of}:{self.action}:{self.key or ''}:{self.reason}"

    def reference(self) -> str:
        """What a prompt says of itself, so that a reply to it is known; nothing is kept in memory."""
        return f"{self.case}/{self.of}/{self.action}/{self.key or ''}"

    @classmethod
    def parse(cls, data: str) -> Tap | None:
        """None where it is not one of ours."""
        try:
            kind, case, of, action, key, reason = data.split(":")
            tap = cls(CaseId(case), int(of), action, Key.parse(key) if key else None, reason)
        except ValueError:
            return None
        return tap if kind == "s" and _known(tap) else None


def _known(tap: Tap) -> bool:
    reasons = {"", *REASONS.get(tap.action, ()), *((OWN,) if tap.action in REASONS else ())}
    reasons |= {ANYWAY} if tap.action == "remind" else set()
    if tap.action in QUIETLY:
        return tap.reason in {"", *reasons, *Tier} and (
            tap.key is None or tap.key.requirement.startswith("pair_")
        )
    if tap.key in GUARDED and tap.action in ON_A_DOCUMENT:
        return tap.reason in {"", OWN, *UNSURE}
    document = tap.key is not None and isinstance(REQUIREMENTS.get(tap.key.requirement), Document)
    fits = document if tap.action in ON_A_DOCUMENT else document or tap.key is None
    return tap.action in MAY and tap.reason in reasons and fits


def heard(given: Given, *, inside: bool = False) -> Tap | None:
    """The press that this comes to; None for what people say to each other. `inside`: where compliance alone reads."""
    if given.tap:
        return Tap.parse(given.tap)
    if given.command in BY_NAME:
        named = given.argument.split()[-1:]
        case = named[0].lower() if named and NAME.fullmatch(named[0]) else ""
        return Tap(CaseId(case), 0, (INSIDE if inside else BY_NAME)[given.command])
    return _answered(given)


def _answered(given: Given) -> Tap | None:
    """A reason in one's own words: a reply to the prompt, whose last line says what it was for."""
    found = REFERENCE.match((given.reply.splitlines() or [""])[-1].strip())
    words = clean(given.text)
    if found is None or not words:
        return None
    case, of, action, key = found.groups()
    tap = Tap.parse(f"s:{case}:{of}:{action}:{key}:{OWN}")
    return tap and replace(tap, words=words)
