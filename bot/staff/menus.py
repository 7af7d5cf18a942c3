"""What is chosen from in place of the card's buttons: a reason, or the document to ask for; and the prompt for words."""

from __future__ import annotations

from bot.asking import Buttons, person
from bot.documents import REQUIREMENTS, Document
from bot.facts import OPEN
from bot.holds import GUARDED
from bot.model import BIOMETRIC, Key, Stage, State
from bot.ports import Button, Message, Say
from bot.staff.roles import OWN, REASONS, UNSURE
from bot.staff.taps import LONGEST, Tap
from bot.standing import Standing

A_COMPANYS = frozenset({"incorporation", "mandate", "ownership"})
CLOSED = frozenset({Stage.DECLINED, Stage.SUSPENDED, Stage.CLOSED})


def choices(tap: Tap) -> Buttons:
    """The reasons to choose from before a refusal."""
    reasons = UNSURE if tap.key in GUARDED else REASONS[tap.action]
    listed = [(f"reason.{reason}", reason) for reason in (*reasons, OWN)]
    rows = tuple(
        (Button(word, Tap(tap.case, tap.of, tap.action, tap.key, reason).data()),) for word, reason in listed
    )
    return (*rows, _back(tap))


def papers(standing: Standing, tap: Tap, of: dict[Key, int]) -> Buttons:
    """The documents that may be asked for; `of` says what each press rests on."""
    rows = tuple(
        (
            Button(
                "card.paper",
                Tap(tap.case, of[key], "ask", key).data(),
                {"what": key.requirement, "who": person(standing, key)},
            ),
        )
        for key in askable(standing)
    )
    return (*rows, _back(tap))


def _back(tap: Tap) -> tuple[Button, ...]:
    return (Button("card.button.back", Tap(tap.case, 0, "card").data()),)


def prompt(standing: Standing, tap: Tap) -> Message:
    """Asks for a reply with the reason; its last line says what the reply is for."""
    args = {"case": tap.case, "action": tap.action, "limit": str(LONGEST), "reference": tap.reference()}
    what = tap.key.requirement if tap.key else ""
    args |= {"what": what, "who": person(standing, tap.key) if tap.key else ""}
    return Message("staff", (Say("staff.own_words", args),))


def askable(standing: Standing) -> tuple[Key, ...]:
    """Documents that the seller is not asked for yet: given ones (for another in their place), and any that fits."""
    if standing.stage in CLOSED:
        return ()
    there = [i.key for i in standing.items if isinstance(REQUIREMENTS[i.key.requirement], Document)]
    company = standing.facts.value("legal_form") == "company"
    others = [
        Key(name)
        for name, requirement in REQUIREMENTS.items()
        if isinstance(requirement, Document) and name not in BIOMETRIC and (company or name not in A_COMPANYS)
    ]
    return tuple(key for key in dict.fromkeys((*there, *others)) if not asked(standing, key))


def asked(standing: Standing, key: Key) -> bool:
    """Whether the seller is asked for it already, or it is being read."""
    item = standing.item(key)
    return item is not None and (item.state in OPEN or item.state is State.CHECKING)
