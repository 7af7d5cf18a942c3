"""The doors: receive, staff, work, observe. Each loads, adds records, saves, and gives what is to be sent."""

from __future__ import annotations

import logging
import secrets
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from typing import Any

from bot import elsewhere, invitations, quietly, speech
from bot.checks.evidence import sound
from bot.conversation import blocked, respond
from bot.facts import Paper
from bot.followups import abandoned_at
from bot.holds import HOLD, TELEGRAM
from bot.invitations import SELLER, code
from bot.model import (
    Alert,
    Case,
    CaseId,
    Examination,
    Invited,
    Move,
    Moved,
    Retention,
    Threshold,
    Transaction,
    erased,
)
from bot.monitoring.live import Watch
from bot.monitoring.ports import Ledger
from bot.policy import Policy, by_version
from bot.ports import (
    Cases,
    Clock,
    Fetch,
    Given,
    Message,
    Observed,
    Opening,
    Parcel,
    Policies,
    Reader,
    Register,
    Say,
    StaleError,
    UnknownError,
    Vault,
)
from bot.reading import Reading
from bot.ruling import pushed, ruled
from bot.screened import Watchlists, screening
from bot.selling import crossed, profile
from bot.staff import BY_NAME, LISTS, MAY, QUIETLY, Role, Tap, answer, dressed, heard, listed
from bot.standing import Standing, faces_are_done, has_left, openly, stand
from bot.tick import tick
from bot.turn import Known, Turn, approves, conclude, extended
from bot.uploads import Links

log = logging.getLogger(__name__)

TRIES = 5  # loads of one door before a second writer's luck becomes the caller's trouble
SILENT = frozenset({"blocked", "unblocked"})  # opens no case: nobody said anything
HELD = 2_000  # standings in memory
DELETABLE = timedelta(hours=47)  # Telegram lets a bot delete what is younger than 48 hours
LOST = frozenset({"lost", "too_big"})  # never fetched: the only copy is the one in the chat


@dataclass(slots=True)
class Desk:
    """The core behind its ports; built once, in `__main__`."""

    cases: Cases
    register: Register
    policies: Policies
    vault: Vault
    ledger: Ledger
    reader: Reader
    fetch: Fetch
    clock: Clock
    roles: Mapping[str, Role]  # "tg:<id>" of each member of staff
    policy: Policy
    names: Mapping[str, str] = field(default_factory=dict)  # how cards call each member of staff
    console: str = ""  # where a card's case opens in a browser
    watchlists: Watchlists | None = None  # loaded; None where nobody is screened
    secret: bytes = b""  # what invitations are signed with
    anybody: bool = True  # registration is open to who comes without an invitation
    second_looks: int = 0  # per cent of the policy's own approvals that a person looks at too
    compliance_chat: str = ""  # "tg:<id>" where the compliance officer alone reads
    links: Links | None = None  # to the page that takes a document in a browser; None leaves its button out
    due_now: Callable[[], None] = lambda: None  # told when a saved change left something to do at once
    _after: OrderedDict[CaseId, tuple[Case, Standing]] = field(default_factory=OrderedDict)
    _watch: Watch = field(init=False)

    def __post_init__(self) -> None:
        self._watch = Watch(self.ledger)

    def _stand(self, case: Case, now: datetime) -> Standing:
        """Where it stands: what followed from its last change, where neither history, policy nor time has moved on."""
        standing = self._last(case)
        if standing is None:
            return stand(case, self.policy, now)
        if standing.policy is self.policy and not standing.over(now):
            return standing
        return stand(case, self.policy, now, standing.facts)

    def _last(self, case: Case) -> Standing | None:
        """Where it stood after its last change, where that is still in memory."""
        last, standing = self._after.get(case.id, (None, None))
        return standing if last == case else None

    async def _conclude(self, case: Case, turn: Turn, cause: str = "", **more: Any) -> tuple[Parcel, ...]:
        """Save what follows from a turn; `more` goes into the change."""
        drawn = secrets.randbelow(100) < self.second_looks
        known = Known(self._last(case), self.watchlists, draws=drawn)
        change, standing = conclude(case, turn, self.policy, self.clock.now(), known)
        if not elsewhere.compared(standing) or approves(change):
            holders = await self.register.holders(elsewhere.words(standing), case.id)
            known = replace(known, holders=holders)
            change, standing = conclude(case, turn, self.policy, self.clock.now(), known)
        after = extended(case, *change.records)
        messages = tuple(dressed(m, case.id, self.names, self.console) for m in change.messages)
        if self.links:
            messages = tuple(self.links.offered(m, after, standing.next, self.clock.now()) for m in messages)
        parcels = await self.cases.save(replace(change, messages=messages, cause=cause, **more))
        self._after[case.id] = after, standing
        if len(self._after) > HELD:
            self._after.popitem(last=False)
        if change.index.due_at and change.index.due_at <= self.clock.now():
            self.due_now()
        return parcels

    async def refresh(self) -> None:
        """Take up the policy that people adopted. Raises KeyError where this build does not hold it."""
        adopted = await self.policies.adopted()
        if adopted and adopted[0] != self.policy.version:
            self.policy = by_version(adopted[0])

    async def receive(self, given: Given, *, riding: bool = False) -> tuple[Parcel, ...]:
        """A seller said, tapped or sent something; the first update of a chat opens its case."""
        return await _retried(lambda: self._receive(given, riding=riding))

    async def _receive(self, given: Given, *, riding: bool) -> tuple[Parcel, ...]:
        case_id = await self.register.case_of(given.chat)
        now = self.clock.now()
        opening = None
        case = await self.cases.load(case_id) if case_id else None
        if given.other in SILENT and (case is None or self._ended(case)):
            return ()
        invited = self._invited(given, now)
        there = await self._seller(invited)
        if case is None or self._ended(case):
            if there is not None:
                return await self._move(there, given, now)
            if invited is None and not self.anybody:
                return (outside(given, Say("uninvited")),)
            opening = Opening(given.language, now, given.chat, previous=case_id)
            case = Case(CaseId(secrets.token_hex(5)), given.language, now)
        standing = self._stand(case, now)
        if invited and (there is not None or standing.facts.invited):
            invited = None  # known already, or another seller's
        binds = (SELLER + invited.seller,) if invited else ()
        turn = respond(case, standing, given, invited)
        return await self._conclude(case, turn, given.cause, opening=opening, riding=riding, binds=binds)

    def _invited(self, given: Given, now: datetime) -> Invited | None:
        """What the link says that the seller came by."""
        token = given.argument if given.command == "start" else ""
        found = invitations.read(self.secret, token, now) if token and self.secret else None
        return Invited(now, found.seller, code(self.secret, found.seller), found.country) if found else None

    async def _seller(self, invited: Invited | None) -> Case | None:
        """The case of an invited seller, where there is one."""
        case_id = await self.register.case_of(SELLER + invited.seller) if invited else None
        case = await self.cases.load(case_id) if case_id else None
        return None if case is None or self._ended(case) else case

    def _ended(self, case: Case) -> bool:
        """Its seller begins anew: it is erased, or is to be, also where the law has it kept a while."""
        return erased(case) or has_left(self._stand(case, self.clock.now()))

    async def _move(self, case: Case, given: Given, now: datetime) -> tuple[Parcel, ...]:
        """Another chat wants to go on with a case: its own chat hears of it, a person decides, and it takes two days."""
        standing = self._stand(case, now)
        moving = standing.facts.moving
        wait = outside(given, Say("moving", {"until": (now + HOLD).date().isoformat()}))
        if moving and moving.chat == given.chat:
            return (wait,)
        turn = Turn((Move(now, given.chat),), asks=False, card=True)
        return (*await self._conclude(case, turn, given.cause), wait)

    async def staff(self, given: Given) -> tuple[Parcel, ...]:
        """Staff pressed a button, gave a command or answered a prompt. Anybody else changes nothing."""
        role = self.roles.get(given.who)
        inside = given.chat == self.compliance_chat
        if role is None and given.command in {*LISTS, *BY_NAME}:
            return (answer(given, Say("staff.stranger"), inside=inside),)
        if given.command == "queue" and inside and role not in MAY["quiet"]:
            return ()  # it names matches
        if given.command in LISTS:
            return (await listed(given, self.register, self.show, inside=inside),)
        tap = heard(given, inside=inside)
        if tap is None:
            return ()
        if role not in MAY[tap.action]:
            log.info("%s pressed «%s» on a staff card and may not", given.who, tap.action)
            return ()
        try:
            return await _retried(lambda: self._staff(given, tap))
        except UnknownError:
            log.warning("a press on the card of a case that is not here")
            return (answer(given, Say("staff.no_such_case", {"case": tap.case}), inside=inside),)

    async def change(
        self, case_id: CaseId, makes: Callable[[Case, Standing], Turn | None], cause: str
    ) -> tuple[Parcel, ...]:
        """A door that stands elsewhere: the turn that it makes of where the case stands, if any. Raises UnknownError."""

        async def door() -> tuple[Parcel, ...]:
            case, standing = await self.show(case_id)
            turn = makes(case, standing)
            return await self._conclude(case, turn, cause) if turn else ()

        return await _retried(door)

    async def show(self, case_id: CaseId) -> tuple[Case, Standing]:
        """A case and where it stands now. Raises UnknownError."""
        case = await self.cases.load(case_id)
        return case, self._stand(case, self.clock.now())

    async def _staff(self, given: Given, tap: Tap) -> tuple[Parcel, ...]:
        case, standing = await self.show(tap.case)
        now = self.clock.now()
        if tap.action in QUIETLY:
            turn = quietly.ruled(case, standing, tap, given.who, now)
        else:
            turn = ruled(case, openly(standing), tap, given.who, now)
        return await self._conclude(case, turn, given.cause)

    async def work(self, case_id: CaseId) -> tuple[Parcel, ...]:
        """What a case is due without anyone's hand: files to read, then time's own news or one follow-up.

        Raises UnreadError where a file cannot be fetched just now: the lease runs out and it is tried again.
        """
        readings: dict[int, Mapping[str, str]] = {}  # a stale save does not read a picture twice
        return await _retried(lambda: self._work(case_id, readings))

    async def _work(self, case_id: CaseId, readings: dict[int, Mapping[str, str]]) -> tuple[Parcel, ...]:
        case = await self.cases.load(case_id)
        standing = self._stand(case, self.clock.now())
        left = abandoned_at(case, standing)
        if left and left <= self.clock.now():
            log.info("case %s was left unfinished: it is erased", case.id)
            await self.cases.erase(case.id, frozenset(Retention))
            return ()
        if faces_are_done(standing):
            await self.cases.erase(case.id, frozenset({Retention.BIOMETRICS}))
            case = await self.cases.load(case.id)
            standing = self._stand(case, self.clock.now())
        hold, moving = standing.facts.holds.get(TELEGRAM), standing.facts.moving
        if hold and moving and hold.over(self.clock.now()):
            return await self._moved(case, standing, moving.chat, hold.sequence)
        papers = standing.facts.unread()
        reading = Reading(self.vault, self.reader, self.fetch, self.clock)
        for paper in papers:
            if paper.sequence not in readings:
                readings[paper.sequence] = sound(await reading.evidence(case.id, paper, standing.facts))
        turn = self._read(papers, readings) if papers else tick(case, standing, self.clock.now())
        return await self._conclude(case, turn)

    async def _moved(self, case: Case, standing: Standing, chat: str, of: int) -> tuple[Parcel, ...]:
        """From here on the case is talked about in the new chat alone."""
        old = tuple(one for one in await self.register.chats_of(case.id) if one != chat)
        says = (Say("moved_here", {"code": speech.code(standing)}),)
        turn = Turn((Moved(self.clock.now(), of),), says, bulk=True)
        return await self._conclude(case, turn, binds=(chat,), unbinds=old)

    def _read(self, papers: list[Paper], readings: Mapping[int, Mapping[str, str]]) -> Turn:
        """What was seen; the pictures are safely kept by now, and leave the chat."""
        now, seen = self.clock.now(), [(paper, readings[paper.sequence]) for paper in papers]
        records = (Examination(now, paper.key, paper.sequence, e.get("reader", ""), e) for paper, e in seen)
        kept = [paper for paper, e in seen if e.get("unread") not in LOST and now - paper.at < DELETABLE]
        gone = tuple(file.message for paper in kept for _, file in paper.files if file.message)
        extra = (Message("seller", (), deletes=gone),) if gone else ()
        return Turn(tuple(records), extra=extra, asks=False)

    async def remind(self, case_id: CaseId, *, dry: bool = False) -> tuple[str, tuple[Parcel, ...]]:
        """Staff's reminder to one of many: in a word what becomes of it, and what is to be sent unless it is `dry`.

        Raises UnknownError.
        """
        case = await self.cases.load(case_id)
        now = self.clock.now()
        turn, word = pushed(case, self._stand(case, now), now)
        return word, await self._conclude(case, turn) if turn and not dry else ()

    async def rescreen(self) -> AsyncIterator[tuple[Parcel, ...]]:
        """Every case whose names were sought in other watchlists than today's is looked at anew; its messages, case by case."""
        for case_id in await self.cases.all():
            if parcels := await _retried(partial(self._rescreen, case_id)):
                yield parcels

    async def _rescreen(self, case_id: CaseId) -> tuple[Parcel, ...]:
        case, standing = await self.show(case_id)
        if erased(case) or not self.watchlists or not screening(standing, self.watchlists, self.clock.now()):
            return ()
        return await self._conclude(case, Turn(asks=False, bulk=True))

    async def blocked(self, case_id: CaseId) -> None:
        """A message to its seller was refused for good. Noted once; a case that is gone is none."""
        try:
            await _retried(lambda: self._blocked(case_id))
        except UnknownError:
            log.info("a seller whose case is gone cannot be reached")

    async def _blocked(self, case_id: CaseId) -> tuple[Parcel, ...]:
        now = self.clock.now()
        case = await self.cases.load(case_id)
        turn = blocked(self._stand(case, now), now)
        return await self._conclude(case, turn) if turn.records and not erased(case) else ()

    async def observe(self, transactions: Sequence[Transaction]) -> tuple[Parcel, ...]:
        """See `observed`."""
        return (await self.observed(transactions)).parcels

    async def observed(self, transactions: Sequence[Transaction]) -> Observed:
        """Money moved. A repeat changes nothing; sellers without a case are kept in the ledger alone."""
        await self.ledger.add(transactions)
        earliest: dict[str, datetime] = {}
        for each in transactions:
            earliest[each.seller] = min(each.at, earliest.get(each.seller, each.at))
        seen = {seller: await self._observe(seller, at) for seller, at in earliest.items()}
        strangers = tuple(seller for seller, parcels in seen.items() if parcels is None)
        return Observed(tuple(chain.from_iterable(parcels or () for parcels in seen.values())), strangers)

    async def settle(self) -> tuple[Parcel, ...]:
        """What money did is far enough in the past for the rules that wait until nothing older is expected."""
        now = self.clock.now()
        seen = [await self._observe(seller, now) for seller in self._watch.waiting(now)]
        return tuple(chain.from_iterable(parcels or () for parcels in seen))

    async def _observe(self, seller: str, earliest: datetime) -> tuple[Parcel, ...] | None:
        """The rules look at one seller; `earliest` of what has just been stored. An alert may concern others too.

        None where the seller has no case.
        """
        case_id = await self._named(seller)
        try:
            case, standing = await self.show(case_id)
        except UnknownError:
            return None
        raised: dict[CaseId, list[Alert | Threshold]] = {}
        if laws := await crossed(self.ledger, seller, standing.facts, self.clock.now()):
            raised[case.id] = [*laws]
        for name, alert in await self._watch.look(seller, profile(standing), self.clock.now(), earliest):
            raised.setdefault(case.id if name == seller else await self._named(name), []).append(alert)
        parcels = [await _retried(partial(self._raise, one, what)) for one, what in raised.items()]
        return tuple(chain.from_iterable(parcels))

    async def _named(self, name: str) -> CaseId:
        """The case of the marketplace's seller of this name; else the name is taken for a case's."""
        return await self.register.case_of(SELLER + name) or CaseId(name)

    async def _raise(self, case_id: CaseId, what: Sequence[Alert | Threshold]) -> tuple[Parcel, ...]:
        """Those that are new to a case, as of now; a seller without one has none."""
        try:
            case = await self.cases.load(case_id)
        except UnknownError:
            return ()
        if erased(case):
            return ()
        known, now = {_unique(r) for r in case.history if isinstance(r, Alert | Threshold)}, self.clock.now()
        new = tuple(replace(one, at=now) for one in what if _unique(one) not in known)
        return await self._conclude(case, Turn(new, asks=False, bulk=True)) if new else ()


def _unique(what: Alert | Threshold) -> tuple[str, str]:
    """What makes it one and the same."""
    return (what.rule, what.window) if isinstance(what, Alert) else (what.law, what.on)


def outside(given: Given, say: Say) -> Parcel:
    """To a chat that has no case: nothing of it is kept, and a lost one is said again when they write again."""
    return Parcel(0, CaseId(""), given.chat, given.language, Message("seller", (say,)))


async def _retried(door: Callable[[], Awaitable[tuple[Parcel, ...]]]) -> tuple[Parcel, ...]:
    """A second writer was first: start from the top, five times, then say so."""
    for _ in range(TRIES - 1):
        try:
            return await door()
        except StaleError:
            continue
    return await door()
