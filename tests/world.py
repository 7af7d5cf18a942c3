"""A case without a database: the core's own turns, one after the other, for laws over every history."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.conversation import respond
from bot.followups import abandoned_at
from bot.model import Case, CaseId, Examination, File, Key, Record, Stage, Told
from bot.policy import POLICIES, Policy
from bot.ports import Change, Given, Index, Message
from bot.standing import Standing, stand
from bot.tick import tick
from bot.turn import Known, Turn, conclude, extended

START = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
PASSPORT = {
    "type": "passport",
    "surname": "LOVELACE",
    "given_names": "ADA",
    "birth_date": "1990-12-10",
    "number": "X1234567",
    "expires_on": "2030-01-01",
    "nationality": "GBR",
    "mrz_valid": "true",
    "width": "1200",
    "height": "900",
    "brightness": "140",
    "sharpness": "400",
}
LICENCE = {**PASSPORT, "type": "driving_licence", "expires_on": "2024-05-17", "mrz_valid": ""}
CARD = {**PASSPORT, "type": "id_card", "issuing_country": "D"}
PAINTING = {
    "type": "not_a_document",
    "width": "1200",
    "height": "900",
    "brightness": "140",
    "sharpness": "400",
}
BILL = {
    "type": "utility_bill",
    "holder": "ADA LOVELACE",
    "address": "12 Main Street, 10115 Berlin",
    "issued_on": "2026-10-20",
}
EXTRACT = {"type": "company_document", "holder": "ANALYTICAL ENGINES GMBH", "issued_on": "2026-10-01"}
# A good answer to every question, as typed or as a tap's value; papers are pictures of what they say.
SAID = {
    "country": "Germany",
    "full_name": "Ada Lovelace",
    "native_name": "Ada Lovelace",
    "birth_date": "10.12.1990",
    "nationality": "United Kingdom",
    "email": "ada@example.org",
    "address": "12 Main Street, 10115 Berlin",
    "company_name": "Analytical Engines GmbH",
    "register_country": "Germany",
    "register_number": "HRB 11223 Aachen",
    "company_form": "GmbH",
    "company_address": "12 Main Street, 10115 Berlin",
    "owner_share": "100 %",
    "shop_name": "Ada's Cameras",
    "shop_link": "https://cameras.example.com",
    "goods": "second-hand cameras",
    "markets": "Germany, France",
    "tax_country": "Germany",
    "tax_number": "36574261809",
    "time": "14:30",
    "refunds": "A batch of lenses was scratched.",
    "payout_account": "DE89 3704 0044 0532 0130 00",
}
TAPPED = {
    "notice": "agree",
    "legal_form": "individual",
    "card": "correct",
    "role": "director",
    "premises": "online",
    "shares_under": "right",
    "business_line": "electronics",
    "payment_methods": "card",
    "expected_volume": "1000",
    "payout_holder": "own",
    "pep": "no",
    "self_certification": "certify",
    "face_consent": "decline",
    "review": "right",
}
SENT = {
    "identity": PASSPORT,
    "incorporation": EXTRACT,
    "address_proof": BILL,
    "source_of_funds": {"type": "bank_statement"},
    "second_proof": {**LICENCE, "expires_on": "2030-01-01"},
    "ownership": EXTRACT,
    "name_change": {"type": "company_document"},
}
NOTHING_READ = {"unread": "timeout"}


@dataclass
class World:
    """One case and the time."""

    policy: Policy = POLICIES[-1]
    now: datetime = START
    case: Case = field(default_factory=lambda: Case(CaseId("c0ffee0000"), "en", START))
    heard: list[tuple[datetime, Message]] = field(default_factory=list)
    draws: bool = False  # the lot falls on every approval of the policy's own
    strict: bool = False  # every conclusion is drawn a second time, from what was known before

    def standing(self) -> Standing:
        """Where the case stands."""
        return stand(self.case, self.policy, self.now)

    def apply(self, turn: Turn) -> Change:
        """What a door would save."""
        change, standing = conclude(self.case, turn, self.policy, self.now, Known(draws=self.draws))
        if self.strict and len(self.case):
            last = stand(self.case, self.policy, self.case[len(self.case)].at)
            same = conclude(self.case, turn, self.policy, self.now, Known(last, draws=self.draws))
            assert same == (change, standing), "what was known moved it"
        self.case = extended(self.case, *change.records)
        assert standing == stand(self.case, self.policy, self.now), "what was concluded is not what stands"
        self.heard += [(self.now, message) for message in change.messages]
        self.now += timedelta(seconds=1)
        return change

    def given(self, **what: object) -> Change:
        """Something came from the chat."""
        given = Given(cause=f"tg:{len(self.heard)}", at=self.now, chat="tg:1", who="tg:1", **what)  # type: ignore[arg-type]
        return self.apply(respond(self.case, self.standing(), given))

    def tap(self, value: str) -> Change:
        """The button with this value under the question that is asked."""
        sequence, told = self.case.told()
        assert told
        return self.given(tap=f"a:{sequence}:{told.asked}:{value}")

    def photo(self, album: str = "") -> Change:
        """A picture, not yet read."""
        return self.given(files=(File(f"file{len(self.case)}", "photo", size=1000),), album=album)

    def examine(self, evidence: dict[str, str]) -> Change | None:
        """A reader has looked at the first paper that waits."""
        waiting = self.standing().facts.unread()
        if not waiting:
            return None
        return self.apply(
            Turn((Examination(self.now, waiting[0].key, waiting[0].sequence, "test", evidence),), asks=False)
        )

    def add(self, *records: Record) -> Change:
        """Records by another door."""
        return self.apply(Turn(records, asks=False))

    def passes(self, by: timedelta) -> None:
        """Time goes by, through every due instant."""
        until = self.now + by
        for _ in range(400):
            due = self.apply(Turn(asks=False, bulk=True)).index.due_at
            if due is None or due > until:
                break
            self.now = max(self.now, due)
            if self.tick().index.due_at is None:
                break
        self.now = max(self.now, until)

    def tick(self) -> Change:
        """What the clock's door does."""
        standing = self.standing()
        left = abandoned_at(self.case, standing)
        if left and left <= self.now:
            self.case = Case(self.case.id, "en", self.now)  # erased; the seller comes back and begins anew
            self.given(command="start")
            return Change(self.case.id, 0, (), (), Index())
        return self.apply(tick(self.case, standing, self.now))

    def answer(self, asked: Key) -> None:
        """Answer this in the usual way."""
        name = asked.requirement
        if name == "owner":
            self.tap("complete" if self.standing().facts.people.get("owner") else "myself")
        elif name == "contact":
            self.given(contact="+4915123456789")
        elif name in SENT:
            self.photo()
            self.examine(SENT[name])
        elif name in TAPPED:
            self.tap(TAPPED[name])
        else:
            self.given(text=SAID[name])

    def finish(self, *until: str) -> None:
        """Answer whatever is asked, in the usual way, up to one of these questions."""
        for _ in range(60):
            asked = self.told().asked
            if asked is None or asked.requirement in until:
                return
            self.answer(asked)
        raise AssertionError(f"asked for ever: {asked}")

    def said(self) -> list[str]:
        """The keys of all that the seller was told, in order."""
        return [say.key for _, message in self.heard if message.to == "seller" for say in message.says]

    def told(self) -> Told:
        """The last word."""
        told = self.case.told()[1]
        assert told
        return told


def approved() -> World:
    """A private seller, approved on a good passport."""
    world = World()
    world.given(command="start")
    world.finish()
    assert world.standing().stage is Stage.APPROVED
    return world
