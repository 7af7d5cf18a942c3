"""The card: one a case in the staff's chat, drawn anew in its place. No numbers of papers or accounts, no pictures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.asking import Buttons, own_name, person
from bot.items import Item
from bot.model import Case, Key, Stage, State
from bot.ports import Button, Message, Say
from bot.staff.menus import askable
from bot.staff.taps import Tap
from bot.staff.why import appealed, changes, documents, reasons, signable, waiting_since
from bot.standing import OURS, SELLER, Standing, second_look

OPEN_STAGES = frozenset({Stage.COLLECTING, Stage.IN_REVIEW, Stage.ACTION_NEEDED})
SELLING = frozenset({Stage.APPROVED, Stage.ACTION_NEEDED})


def card(case: Case, standing: Standing) -> Message:
    """Why a person must look, what weighs, what was found and read beside what was typed, and a button an action.

    Tier and points are for compliance alone. At a second look it says nothing of what the machine found.
    """
    if second_look(standing.facts) and standing.needs_person:
        says = (*_why(case, standing), Say("card.blind", _head(case, standing)), *_unjudged(standing))
        return Message("staff", says, _buttons(case, standing), slot="card")
    says = (
        *_why(case, standing),
        Say("card.head", _head(case, standing)),
        *(Say("card.factor", {"factor": name}) for name in standing.risk.contributions),
        *_elsewhere(standing),
        *_changes(standing),
        *_looks(standing),
        *_requests(standing),
        *((Say("card.unreachable"),) if not standing.facts.reachable else ()),
        *_last_word(standing),
    )
    return Message("staff", says, _buttons(case, standing), slot="card")


def instant(at: datetime) -> dict[str, str]:
    """The arguments of a moment, in UTC."""
    return {"date": at.date().isoformat(), "time": f"{at:%H:%M}"}


def _why(case: Case, standing: Standing) -> Iterator[Say]:
    since = waiting_since(case, standing)
    if since is None:
        yield Say("why.nobody")
        return
    yield from reasons(standing)
    again = any(nudge.thread == "late" and nudge.at >= since for _, nudge in standing.facts.nudges)
    yield Say("why.late", instant(since)) if again else Say("why.since", instant(since))


def _head(case: Case, standing: Standing) -> dict[str, str]:
    return {
        "case": case.id,
        "name": own_name(standing),
        "company": standing.facts.value("company_name"),
        "stage": str(standing.stage),
        "country": standing.facts.value("country"),
        "form": standing.facts.value("legal_form"),
    }


def _changes(standing: Standing) -> Iterator[Say]:
    """What is to take another thing's place, and what the seller says was not theirs."""
    for key, hold in standing.facts.holds.items():
        item = standing.item(key)
        if item and item.state in OURS:
            args = {"what": key.requirement, **instant(hold.at), "until": hold.ends.date().isoformat()}
            yield Say("finding.change", {**args, "state": str(item.state)})
    for _, ruling in standing.facts.rulings.values():
        if ruling.by == SELLER:
            yield Say("finding.not_me", {"what": ruling.key.requirement, **instant(ruling.at)})


def _elsewhere(standing: Standing) -> Iterator[Say]:
    """Which cases gave the same phone or account; of documents that is a finding."""
    shared = standing.facts.shared
    for kind in ("phone", "account"):
        if shared and kind in shared.kinds:
            yield Say("card.elsewhere", {"kind": kind, "cases": shared.kinds[kind]})


def _looks(standing: Standing) -> Iterator[Say]:
    if standing.facts.value("face_consent") == "decline" and not standing.facts.approved:
        yield Say("finding.no_face_wanted")
    for item in documents(standing):
        args = {"what": item.key.requirement, "who": person(standing, item.key), "state": str(item.state)}
        yield Say("finding.document", {**args, "kind": item.evidence.get("type", "")})
        for finding in item.findings:
            yield Say(f"finding.{finding.code}", finding.args)
        if item.state is State.REJECTED and item.reason:
            ruling = standing.facts.rulings[item.of][1]
            args = {"by": ruling.by, "reason": ruling.reason, "words": ruling.words}
            yield Say("finding.refused", args)
        yield from _beside(standing, item)


def _unjudged(standing: Standing) -> Iterator[Say]:
    """The documents, and what was read beside what was typed."""
    for item in documents(standing):
        args = {"what": item.key.requirement, "who": person(standing, item.key), "state": ""}
        yield Say("finding.document", {**args, "kind": item.evidence.get("type", "")})
        yield from _beside(standing, item)


def _beside(standing: Standing, item: Item) -> Iterator[Say]:
    """What was read beside what was typed: names and dates, never a number."""
    seen = item.evidence
    name = f"{seen.get('given_names', '')} {seen.get('surname', '')}".strip() or seen.get("holder", "")
    read = {"name": name, "born": seen.get("birth_date", ""), "until": seen.get("expires_on", "")}
    read["issued"] = seen.get("issued_on", "")
    if any(read.values()):
        yield Say("finding.beside", {**read, **_typed(standing, item)})


def _typed(standing: Standing, item: Item) -> dict[str, str]:
    key, facts = item.key, standing.facts
    if key.requirement != "identity":
        names = filter(None, (own_name(standing), facts.value("company_name")))
        return {"typed": "", "typed_born": "", "confirmed": "", "seller": ", ".join(names)}
    typed = person(standing, key) if key.subject else facts.value("full_name")
    born = facts.value("birth_date", key.subject)
    answer = facts.answers.get(Key("card"))
    examined = next((p.examined for p in facts.papers if p.sequence == item.of), 0)
    confirmed = not key.subject and answer and answer.text == "correct" and answer.sequence > examined
    return {"typed": typed, "typed_born": born, "confirmed": "yes" if confirmed else "", "seller": ""}


def _requests(standing: Standing) -> Iterator[Say]:
    for request in standing.facts.requests:
        item = standing.item(request.key)
        if item is None or item.state is not State.SATISFIED:
            args = {"what": request.key.requirement, "who": person(standing, request.key)}
            yield Say("card.requested", {**args, "by": request.by})


def _last_word(standing: Standing) -> Iterator[Say]:
    if standing.facts.signature:
        yield Say("card.signed", {"by": standing.facts.signature[1].by})
    if standing.facts.decision:
        decision = standing.facts.decision[1]
        args = {"by": decision.by, "reason": decision.reason, "words": decision.words}
        yield Say(f"card.{decision.outcome}", args)


def _buttons(case: Case, standing: Standing) -> Buttons:
    def row(*actions: str, key: Key | None = None) -> tuple[Button, ...]:
        args = {"what": key.requirement, "who": person(standing, key)} if key else {}
        taps = (Tap(case.id, judged(standing, action, key), action, key) for action in actions)
        return tuple(Button(f"card.button.{tap.action}", tap.data(), args) for tap in taps)

    rows = [row("accept", "refuse", key=item.key) for item in _ruled_on(standing)]
    rows += [row(*actions) for actions in _actions(standing)]
    return tuple(rows)


def _ruled_on(standing: Standing) -> Iterator[Item]:
    if standing.stage in OPEN_STAGES | SELLING:
        yield from changes(standing)
        yield from (i for i in documents(standing) if i.state in {State.PENDING, State.REJECTED})


def _actions(standing: Standing) -> Iterator[tuple[str, ...]]:
    """What may be done with the whole case, by rows."""
    stage, looks_again = standing.stage, appealed(standing)
    if stage in {Stage.DECLINED, Stage.SUSPENDED}:
        yield ("approve", "reopen") if signable(standing) else ("reopen",)
        if looks_again:
            yield ("decline",) if stage is Stage.DECLINED else ("suspend",)
        return
    if stage is Stage.CLOSED:
        return
    if second_look(standing.facts) and signable(standing):
        yield ("approve",)
    elif signable(standing):
        yield ("approve", "decline")
    elif stage in OPEN_STAGES:
        yield ("remind", "decline")
    if askable(standing):
        yield ("ask", "suspend") if stage in SELLING else ("ask",)
    elif stage in SELLING:
        yield ("suspend",)


def judged(standing: Standing, action: str, key: Key | None) -> int:
    """The sequence on which a press of this button of today's card rests; 0 where it rests on nothing."""
    facts = standing.facts
    if key:
        item = standing.item(key)
        return max(item.of, facts.rulings[item.of][0] if item.of in facts.rulings else 0) if item else 0
    if action in {"remind", "ask", "card", "show"}:
        return 0
    if action == "reopen":
        return facts.decision[0] if facts.decision else 0
    return facts.ground if action == "approve" else facts.judged
