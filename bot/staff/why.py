"""Why a case is before staff, and since when. Pure; what the card, the queue and the index say comes from here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from bot.asking import person
from bot.documents import REQUIREMENTS, Document
from bot.items import Item
from bot.model import Case, Reach, Stage, State, Tier
from bot.ports import Say
from bot.standing import Standing, due_items, second_look, unscreened


def documents(standing: Standing) -> Iterator[Item]:
    """The documents that were given, in the order of asking."""
    return (i for i in standing.items if isinstance(REQUIREMENTS[i.key.requirement], Document) and i.of)


def changes(standing: Standing) -> Iterator[Item]:
    """Changes of what is in force that a person must look at."""
    return (i for i in standing.items if i.key in standing.facts.holds and i.state is State.PENDING)


def ready(standing: Standing) -> bool:
    """Everything is there and only a person's signature is lacking."""
    return standing.needs_person and _whole(standing)


def signable(standing: Standing) -> bool:
    """A person may approve: what is lacking is a signature, or the last word on a whole case that was declined."""
    return ready(standing) or (appealed(standing) and standing.stage is Stage.DECLINED and _whole(standing))


def appealed(standing: Standing) -> bool:
    """The seller asked another person to look again, and nobody has decided since."""
    return standing.facts.appeal is not None and standing.stage in {Stage.DECLINED, Stage.SUSPENDED}


def _whole(standing: Standing) -> bool:
    return all(item.state is State.SATISFIED for item in standing.items)


def unreachable(standing: Standing) -> bool:
    """Something is open of a seller who may sell, and who cannot be asked for it: they blocked the bot."""
    return standing.stage is Stage.ACTION_NEEDED and not standing.facts.reachable


def waits(standing: Standing) -> bool:
    """Whether a person must do something."""
    return standing.needs_person or appealed(standing)


def reasons(standing: Standing) -> Iterator[Say]:
    """Every reason, the weightiest first; none where nobody needs to look."""
    decision = standing.facts.decision
    if appealed(standing) and decision:
        yield Say("why.appeal", {"by": decision[1].by, "stage": str(standing.stage)})
    if not standing.needs_person:
        return
    for item in documents(standing):
        if item.state is State.PENDING:
            worst = max(item.findings, key=lambda finding: finding.verdict, default=None)
            args = {"what": item.key.requirement, "who": person(standing, item.key)}
            yield Say("why.document", {**args, "code": worst.code if worst else ""})
    for item in changes(standing):
        yield Say("why.change", {"what": item.key.requirement})
    if standing.overdue:
        things = ",".join(item.key.requirement for item in due_items(standing))
        yield Say("why.overdue", {"things": things, "since": str(standing.due_by)})
    if unreachable(standing):
        yield Say("why.unreachable")
    if second_look(standing.facts) and ready(standing):
        yield Say("why.second_look")
    elif ready(standing):
        lists = "yes" if unscreened(standing.facts) else ""
        yield Say("why.signature", {"two": "yes" if standing.risk.tier is Tier.HIGH else "", "lists": lists})


def waiting_since(case: Case, standing: Standing) -> datetime | None:
    """When the first of the reasons came up; None where nobody needs to look."""
    facts, since = standing.facts, list[datetime]()
    if appealed(standing) and facts.appeal:
        since.append(facts.appeal[1].at)
    if standing.needs_person:
        pending = {item.of for item in documents(standing) if item.state is State.PENDING}
        since += [case[p.examined].at for p in facts.papers if p.sequence in pending and p.examined]
    since += [facts.holds[item.key].at for item in changes(standing)]
    if standing.overdue and standing.due_by:
        since.append(datetime.combine(standing.due_by + timedelta(days=1), time(), UTC))
    if unreachable(standing):
        since += [record.at for record in case.history[::-1] if isinstance(record, Reach)][:1]
    if ready(standing) and facts.ground:
        since.append(case[facts.ground].at)
    return min(since, default=None)
