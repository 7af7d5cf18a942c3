"""What staff see and may do: one card a case, its buttons, and who may press which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.asking import Buttons, person
from bot.documents import REQUIREMENTS, Document
from bot.model import Case, CaseId, Key, Stage, State, Told
from bot.ports import Button, Message, Say
from bot.standing import Item, Standing


class Role(StrEnum):
    """What a member of staff may do."""

    AGENT = "agent"
    REVIEWER = "reviewer"
    OFFICER = "officer"


MAY: Mapping[str, frozenset[Role]] = {
    "card": frozenset(Role),
    "remind": frozenset(Role),
    "accept": frozenset({Role.REVIEWER, Role.OFFICER}),
    "refuse": frozenset({Role.REVIEWER, Role.OFFICER}),
    "approve": frozenset({Role.REVIEWER, Role.OFFICER}),
    "decline": frozenset({Role.REVIEWER, Role.OFFICER}),
}
REFUSALS = ("unreadable", "wrong_document", "not_theirs", "looks_altered")
DECLINES = ("cannot_verify", "not_supported", "against_terms")


@dataclass(frozen=True, slots=True)
class Tap:
    """A staff button: `of` is the sequence it judged; it is refused, kindly, only if that has moved."""

    case: CaseId
    of: int
    action: str
    key: Key | None
    reason: str

    def data(self) -> str:
        """At most 64 bytes, as Telegram allows."""
        return f"s:{self.case}:{self.of}:{self.action}:{self.key or ''}:{self.reason}"

    @classmethod
    def parse(cls, data: str) -> Tap | None:
        """None where it is not one of ours."""
        try:
            kind, case, of, action, key, reason = data.split(":")
            tap = cls(CaseId(case), int(of), action, Key.parse(key) if key else None, reason)
        except ValueError:
            return None
        return tap if kind == "s" and action in MAY else None


def wanted(told: Told | None, standing: Standing) -> bool:
    """A card is wanted where a person must look, or had to a moment ago."""
    pending = told is not None and (told.stage is Stage.IN_REVIEW or State.PENDING in told.items.values())
    return standing.needs_person or pending


def card(case: Case, standing: Standing) -> Message:
    """Why a person must look, what was found, and the buttons. No document numbers, no pictures."""
    says = (
        Say(
            "card.head",
            {
                "case": case.id,
                "stage": str(standing.stage),
                "country": standing.facts.value("country"),
                "form": standing.facts.value("legal_form"),
                "tier": str(standing.risk.tier),
                "score": str(standing.risk.score),
            },
        ),
        *(
            Say(f"factor.{name}", {"points": str(points)})
            for name, points in standing.risk.contributions.items()
        ),
        *_looks(standing),
        *_last_word(standing),
    )
    return Message("staff", says, _card_buttons(case, standing), slot="card")


def _looks(standing: Standing) -> Iterator[Say]:
    for item in _documents(standing):
        args = {"what": item.key.requirement, "who": person(standing, item.key), "state": str(item.state)}
        yield Say("card.item", {**args, "kind": item.evidence.get("type", "")})
        for finding in item.findings:
            yield Say(f"finding.{finding.code}", finding.args)


def _documents(standing: Standing) -> Iterator[Item]:
    return (i for i in standing.items if isinstance(REQUIREMENTS[i.key.requirement], Document) and i.of)


def _last_word(standing: Standing) -> Iterator[Say]:
    if standing.facts.decision:
        decision = standing.facts.decision[1]
        yield Say(f"card.{decision.outcome}", {"by": decision.by, "reason": decision.reason})


def ready(standing: Standing) -> bool:
    """Everything is there and only a person's signature is lacking."""
    return standing.needs_person and all(item.state is State.SATISFIED for item in standing.items)


def _card_buttons(case: Case, standing: Standing) -> Buttons:
    def button(action: str, of: int, key: Key | None = None) -> Button:
        args = {"what": key.requirement, "who": person(standing, key)} if key else {}
        return Button(f"card.button.{action}", Tap(case.id, of, action, key, "").data(), args)

    if standing.stage in {Stage.DECLINED, Stage.CLOSED, Stage.SUSPENDED}:
        return ()
    rows: list[tuple[Button, ...]] = [
        (button("accept", item.of, item.key), button("refuse", item.of, item.key))
        for item in _documents(standing)
        if item.state in {State.PENDING, State.REJECTED}
    ]
    if ready(standing):
        rows.append((button("approve", standing.facts.ground), button("decline", standing.facts.judged)))
    elif standing.stage is Stage.APPROVED:
        rows.append((button("remind", 0),))
    elif standing.stage in {Stage.COLLECTING, Stage.IN_REVIEW, Stage.ACTION_NEEDED}:
        rows.append((button("remind", 0), button("decline", standing.facts.judged)))
    return tuple(rows)


def menu(case: Case, standing: Standing, tap: Tap) -> Message:
    """The reasons to choose from before a refusal, in place of the card's buttons."""
    reasons = REFUSALS if tap.action == "refuse" else DECLINES
    rows = tuple(
        (Button(f"reason.{reason}", Tap(case.id, tap.of, tap.action, tap.key, reason).data()),)
        for reason in reasons
    )
    back = (Button("card.button.back", Tap(case.id, 0, "card", None, "").data()),)
    shown = card(case, standing)
    return Message("staff", (*shown.says, Say(f"card.choose.{tap.action}")), (*rows, back), slot="card")
