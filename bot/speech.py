"""What to say: questions, news since the last word, reminders. Only keys and arguments; the words live in templates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from bot.asking import appeal, in_rows, person
from bot.documents import REQUIREMENTS, Document, Question
from bot.facts import OPEN
from bot.followups import zone
from bot.items import Item
from bot.model import BIOMETRIC, NO_DOCUMENT, Key, Nudge, Stage, State, Told
from bot.ports import Button, Message, Say
from bot.standing import OURS, OVER, Standing, due_items, has_left

NOT_ME = "not_me"  # why a change was taken back: the seller says that it was somebody else


def news(told: Told | None, standing: Standing) -> Iterator[Say]:
    """What moved since the seller was last told, whatever moved it."""
    before: Mapping[str, State] = told.items if told else {}
    for item in standing.items:
        was = before.get(str(item.key))
        if was is not item.state:
            yield from _moved(standing, item, was)
    if told and told.stage is standing.stage is Stage.COLLECTING:
        yield from _longer(told, standing)
    if told and told.stage in SELLING:
        yield from _by_law(told, standing)
    if told and told.stage is not standing.stage:
        yield from _stage(standing, told.stage)


GROWS = (
    "face_helps",
    "acts_for_another",
    "somebody_else",
    "taxed",
    "has_a_place",
    "some_risk",
)  # conditions with a reason
SELLING = (Stage.APPROVED, Stage.ACTION_NEEDED)
LAWS = {"reportable": "dac7", "high_volume": "inform", "certification_is_due": "inform"}  # condition -> law
AT_HAND = ("register_number", "incorporation", "tax_number", "payout_account", "address_proof")


def _longer(told: Told, standing: Standing) -> Iterator[Say]:
    """Why there is more to do than before: once for the whole list, then for whatever an answer brings with it."""
    if told.items.get("legal_form") is not standing.states().get("legal_form"):
        things = [item.key.requirement for item in standing.items if item.key.requirement in AT_HAND]
        yield Say("prepare", {"things": ",".join(things), "form": standing.facts.value("legal_form")})
        return
    new = [item for item in standing.items if str(item.key) not in told.items and item.state in OPEN]
    for why in dict.fromkeys(item.row.when.__name__ for item in new):
        if why in GROWS:
            who = next(person(standing, item.key) for item in new if item.row.when.__name__ == why)
            yield Say(f"grew.{why}", {"who": who})


def _by_law(told: Told, standing: Standing) -> Iterator[Say]:
    """What was sold, and the law that for this wants more of somebody who sells already."""
    new = [i for i in standing.items if i.state in OPEN and told.items.get(str(i.key)) not in OPEN]
    for why in dict.fromkeys(item.row.when.__name__ for item in new):
        noted = standing.facts.thresholds.get(LAWS.get(why, ""))
        if noted:
            yield Say(f"law.{why}", {"sales": str(noted.sales), "euro": noted.euro})
    more = [item.key.requirement for item in new if item.key != standing.next]
    if more and told.stage is standing.stage:
        yield Say("more_is_open", {"things": ",".join(dict.fromkeys(more)), "by": str(standing.due_by or "")})


def _moved(standing: Standing, item: Item, was: State | None) -> Iterator[Say]:
    name = item.key.requirement
    args = {"what": name, "who": person(standing, item.key), "kind": item.evidence.get("type", "unknown")}
    if isinstance(REQUIREMENTS[name], Question):
        yield from _held(standing, item, was)  # any other answer was read back when it was given
        return
    if args["kind"] == NO_DOCUMENT:
        yield Say("none.accepted" if item.state is State.SATISFIED else "none.heard", args)
    elif item.state is State.REJECTED:
        yield refusal(standing, item)
        if item.tries > 1 and name not in BIOMETRIC:
            yield Say("tip", args)
    elif item.state is State.EXPIRED:
        yield Say("ran_out", {**args, "date": item.until})
    elif item.state is not State.MISSING:
        yield Say(str(item.state), args)
    elif item.key in {request.key for request in standing.facts.requests}:
        yield Say("requested", args)
    elif was is not None:
        yield Say("gone", args)


def _held(standing: Standing, item: Item, was: State | None) -> Iterator[Say]:
    """A change that waits for a person, then for its time, and is then in force or taken back."""
    hold = standing.facts.holds.get(item.key)
    args = {"what": item.key.requirement}
    if hold and item.state in OURS:
        until = hold.ends.astimezone(zone(standing.facts)).date().isoformat()
        yield Say(f"change.{item.state}", {**args, "until": until})
    elif was in OURS and hold:
        yield Say("change.done", args)
    elif was in OURS and item.reason and item.reason != NOT_ME:
        words = standing.facts.rulings[item.of][1].words
        yield Say("change.refused", {**args, "reason": item.reason, "words": words})


def not_me(before: Told | None, standing: Standing) -> tuple[Button, ...]:
    """Under the word of a change: for a seller who did not ask for it."""
    was = before.items if before else {}
    new = (
        item
        for item in standing.items
        if item.state is State.PENDING
        and item.key in standing.facts.holds
        and was.get(str(item.key)) not in OURS
    )
    return tuple(Button("button.not_me", f"n:{item.of}:{item.key}") for item in new)


def refusal(standing: Standing, item: Item) -> Say:
    """Why a document was refused, and how to mend it."""
    args = {
        "what": item.key.requirement,
        "who": person(standing, item.key),
        "kind": item.evidence.get("type", "unknown"),
    }
    if item.reason:
        words = standing.facts.rulings[item.of][1].words
        return Say(f"refused.{item.reason}", {**args, "words": words})
    finding = item.findings[0]
    return Say(f"refused.{finding.code}", {**args, **finding.args})


def stage_args(standing: Standing) -> dict[str, str]:
    """Until when an approval holds, by when something is due, why a person decided as they did."""
    made = standing.facts.decision[1] if standing.facts.decision else None
    why = {"reason": made.reason if made else "", "words": made.words if made else ""}
    return {
        "until": str(standing.valid_until or ""),
        "by": str(standing.due_by or ""),
        "late": "yes" if standing.overdue else "",
        **why,
    }


def _stage(standing: Standing, was: Stage) -> Iterator[Say]:
    args = stage_args(standing)
    if has_left(standing):
        return  # it was said when they left
    if standing.stage is Stage.COLLECTING and was is Stage.IN_REVIEW:
        return
    if standing.stage is Stage.APPROVED and was in {Stage.ACTION_NEEDED, *OVER}:
        yield Say("stage.approved_again", args)
        return
    yield Say(f"stage.{standing.stage}", args)


def insist(standing: Standing) -> Say:
    """Words came where a picture is due: if the last one was refused, stay kind and say again what is needed."""
    item = standing.item(standing.next) if standing.next else None
    requirement = REQUIREMENTS[item.key.requirement] if item else None
    if item is None or not isinstance(requirement, Document):
        return Say("unclear.tap_please")
    if item.state is State.EXPIRED:
        return Say("insist.expired", {"date": item.until, "kind": item.evidence.get("type", "unknown")})
    if item.state is State.REJECTED and item.findings and item.findings[0].code == "expired":
        return Say("insist.expired", {"date": item.until, "kind": item.evidence.get("type", "unknown")})
    return Say("film.please" if requirement.film else "insist.picture", {"what": item.key.requirement})


FIXED = frozenset({"notice", "card", "telegram"})  # what no tap in the list changes
FEW = 4  # buttons, up to which each has a row of its own


def status(standing: Standing) -> Message:
    """The checklist in words, and a tap on each answered thing to change it."""
    lines = tuple(
        Say("status.line", {"what": i.key.requirement, "state": str(i.state), "who": person(standing, i.key)})
        for i in standing.items
    )
    changeable = [i for i in standing.items if i.state not in OPEN and i.key.requirement not in FIXED]
    buttons = [
        Button("status.change", f"f:{i.key}", {"what": i.key.requirement, "who": person(standing, i.key)})
        for i in changeable
    ]
    people = [n for subjects in standing.facts.people.values() for n in subjects]
    buttons += [Button("status.remove", f"w:{n}", {"who": person(standing, Key("", n))}) for n in people]
    stage = Say(f"status.{standing.stage}", stage_args(standing))
    if standing.stage in OVER:
        return Message("seller", (stage,), appeal(standing))
    why = (refusal(standing, item) for item in standing.items if item.state is State.REJECTED)
    return Message("seller", (stage, *lines, *why), in_rows(buttons, 2 if len(buttons) > FEW else 1))


def remind(standing: Standing, nudge: Nudge, now: datetime) -> tuple[Say, ...]:
    """A follow-up's words, before the question; where a document was refused, why."""
    key = nudge.key or standing.next or Key("")
    item = standing.item(key)
    legal = nudge.thread == "legal"
    until = str(standing.due_by or "") if legal else item.until if item else ""
    today = now.astimezone(zone(standing.facts)).date()
    document = isinstance(REQUIREMENTS.get(key.requirement), Document)
    args = {
        "what": key.requirement,
        "who": person(standing, key),
        "kind": item.evidence.get("type", "unknown") if item else "unknown",
        "state": str(item.state) if item else "",
        "paper": "yes" if document else "",
        "date": until,
        "days": str((date.fromisoformat(until) - today).days if until else nudge.step),
        "step": str(nudge.step),
    }
    says = (Say(f"remind.{nudge.thread}", args | (_lawful(standing) if legal else {})),)
    refused = document and item and item.state is State.REJECTED and nudge.thread != "slow"
    return (*says, refusal(standing, item)) if refused and item else says


def genuine(standing: Standing) -> tuple[Say, ...]:
    """How a seller knows that a reminder is ours."""
    return (Say("genuine", {"code": code(standing)}),)


def code(standing: Standing) -> str:
    """The two words that the seller's page at the marketplace shows too; "" for who came without an invitation."""
    return standing.facts.invited.code if standing.facts.invited else ""


def _lawful(standing: Standing) -> dict[str, str]:
    """What a warning names: the things, what a person decides on when the day has passed, and the law behind it."""
    items = due_items(standing)
    return {
        "things": ",".join(dict.fromkeys(item.key.requirement for item in items)),
        "basis": ", ".join(dict.fromkeys(item.row.basis for item in items if item.row.basis)),
        "consequence": items[0].row.consequence if items else "",
    }
