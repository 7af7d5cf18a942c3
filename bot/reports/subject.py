"""Whom a report is about: the person or company, the people around it and the account, as the case knows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from bot.answers import fold
from bot.checks.accepted import alpha2
from bot.papers import SELLER
from bot.reports.identified import papers, read, remarks, stands
from bot.reports.latin import latin, parted, spelt
from bot.standing import Standing


@dataclass(frozen=True, slots=True)
class Identity:
    """A document that shows who somebody is; dates are ISO, "" where they were not read."""

    kind: str = ""
    number: str = ""
    issued_on: str = ""
    expires_on: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """A person; "" for what is not known. `called`: how they write their own name; `role` and `share` in a company."""

    first: str
    last: str
    called: str = ""
    born: str = ""
    sex: str = ""
    nationality: str = ""
    residence: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    identity: Identity = field(default_factory=Identity)
    tax_number: str = ""
    occupation: str = ""
    role: str = ""
    share: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Company:
    """A company and the people who act for it or own it."""

    name: str
    called: str
    form: str
    number: str
    country: str
    address: str
    shop: str
    business: str
    phone: str
    email: str
    url: str
    tax_number: str
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """Where the seller is paid to."""

    number: str
    holder: str
    bank: str  # the bank's code within its country; "" where the number does not tell
    country: str


@dataclass(frozen=True, slots=True)
class Subject:
    """Exactly one of `person` and `company` is set."""

    person: Person | None
    company: Company | None
    account: Account | None

    @property
    def name(self) -> str:
        """The name in the letters of goAML."""
        if self.company:
            return self.company.name
        return _called(self.person) if self.person else ""


def subject(standing: Standing, name: str = "") -> Subject:
    """What the case knows. `name`: the seller's in Latin letters, as a person spelt it where nothing else does."""
    facts = standing.facts
    company = facts.value("legal_form") == "company"
    account = _account(standing, name)
    if company:
        return Subject(None, _company(standing, name), account)
    return Subject(_seller(standing, name), None, account)


def _seller(standing: Standing, name: str = "") -> Person:
    """Who writes: the seller, or who acts for it."""
    facts = standing.facts
    says = facts.value
    sent = papers(standing, SELLER)
    seen = read(standing, sent)
    first, last = _names(says("full_name"), seen, name)
    native = says("native_name") or says("full_name")
    trade = {"sole_trader": "sole trader", "individual": "private seller"}.get(says("legal_form"), "")
    return Person(
        first,
        last,
        called=native if latin(native) != native else "",
        born=says("birth_date") or seen.get("birth_date", ""),
        sex=seen.get("sex", ""),
        nationality=says("nationality") or alpha2(seen.get("nationality", "")),
        residence=says("country"),
        phone=says("contact"),
        email=says("email"),
        address=says("address"),
        identity=_identity(stands(sent)),
        tax_number="" if says("tax_number") == "none" else says("tax_number"),
        occupation=": ".join(part for part in (trade, says("goods") or says("business_line")) if part),
        role=says("role"),
        notes=(*_notes(standing), *remarks(standing, sent)),
    )


def _notes(standing: Standing) -> tuple[str, ...]:
    pep = {
        "self": "holds or held a prominent public office",
        "close": "is close to somebody in public office",
    }
    said = pep.get(standing.facts.value("pep"))
    shop = standing.facts.value("shop_name")
    return tuple(
        part for part in (f"Says that they {said}" if said else "", f"Shop: {shop}" if shop else "") if part
    )


def _names(typed: str, seen: Mapping[str, str], name: str) -> tuple[str, str]:
    """(first, last) in Latin letters: as a person spelt them, as typed, as the document says; ("", "") where none does."""
    first, last = latin(seen.get("given_names", "")), latin(seen.get("surname", ""))
    if name:
        return spelt(name)
    same = set(fold(typed).split()) <= set(fold(f"{first} {last}").split())
    if last and (not typed or same or not latin(typed)):
        return first or "-", last
    return parted(latin(typed))


def _identity(seen: Mapping[str, str]) -> Identity:
    country = alpha2(seen.get("issuing_country", "")) or alpha2(seen.get("nationality", ""))
    return Identity(
        seen.get("type", ""),
        seen.get("number", ""),
        seen.get("issued_on", ""),
        seen.get("expires_on", ""),
        country,
    )


def _company(standing: Standing, name: str) -> Company:
    says = standing.facts.value
    return Company(
        name=latin(name.replace(",", " ")) or latin(says("company_name")),
        called=says("company_name"),
        form=says("company_form"),
        number=says("register_number"),
        country=says("register_country") or says("country"),
        address=says("company_address"),
        shop=says("shop_name"),
        business=says("goods") or says("business_line"),
        phone=says("contact"),
        email=says("email"),
        url="" if says("shop_link") == "none" else says("shop_link"),
        tax_number="" if says("tax_number") == "none" else says("tax_number"),
        people=tuple(_people(standing)),
    )


def _people(standing: Standing) -> Iterator[Person]:
    """Who acts for the company, then its owners; those of whom no name in Latin letters is known are left out."""
    own = replace(_seller(standing), tax_number="", occupation="", address="")
    owners = (_owner(standing, who, own) for who in standing.facts.people.get("owner", ()))
    return (person for person in (own, *owners) if person.last)


def _owner(standing: Standing, who: int, own: Person) -> Person:
    says = standing.facts.value
    named, share = says("owner", who), says("owner_share", who)
    if named == "myself":
        return replace(own, role="owner", share=share)
    sent = papers(standing, who)
    seen = read(standing, sent)
    first, last = _names(named, seen, "")
    return Person(
        first,
        last,
        called=named if latin(named) != named else "",
        born=says("birth_date", who) or seen.get("birth_date", ""),
        sex=seen.get("sex", ""),
        nationality=says("nationality", who) or alpha2(seen.get("nationality", "")),
        identity=_identity(stands(sent)),
        role="owner",
        share=share,
        notes=tuple(remarks(standing, sent)),
    )


def _account(standing: Standing, name: str) -> Account | None:
    says = standing.facts.value
    number, holder = says("payout_account"), says("payout_holder")
    if not number:
        return None
    if holder in {"", "own"}:
        holder = (
            _company(standing, name).name
            if says("legal_form") == "company"
            else _called(_seller(standing, name))
        )
    country, bank = bank_of(number)
    return Account(number, latin(holder), bank, country or says("country"))


def _called(person: Person) -> str:
    return f"{person.first} {person.last}".removeprefix("- ").strip()


def bank_of(number: str) -> tuple[str, str]:
    """(country, the bank's code) of an IBAN by SWIFT's registry; ("", "") of any other number.

    The bank comes first after the check digits; where one check letter precedes it (Italy, San Marino) that is left out.
    """
    from stdnum import iban, numdb

    if not iban.is_valid(number):
        return "", ""
    shape = numdb.get("iban").info(number[:2])[0][1].get("bban", "")
    lengths = [
        int(part.split("!")[0])
        for part in shape.replace("n", " ").replace("a", " ").replace("c", " ").split()
    ]
    start = 1 if lengths[0] == 1 else 0
    length = lengths[1] if start else lengths[0]
    return number[:2], number[4 + start : 4 + start + length]
