"""Persons, companies and accounts as goAML 5.0.2 wants them, its elements in the schema's order.

Of a client of one's own ("..._my_client") the schema wants more than a chat can know, such as the day on which a passport
was issued: where all of that is known the stricter form is written, else the plain one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.answers import country
from bot.reports.codes import Codes
from bot.reports.subject import Account, Company, Identity, Person
from bot.reports.values import Element, node, text

EMAIL = re.compile(r"[_a-zA-Z0-9+-]+(\.[_a-zA-Z0-9+-]+)*@[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)*(\.[a-zA-Z]{2,15})")
UNKNOWN = "-"
LONG = 8000  # characters of a comment


def day(iso: str) -> str:
    """A date as the schema's dateTime; "" where it is none that it takes (1753 is where its calendar begins)."""
    try:
        return f"{iso}T00:00:00" if date.fromisoformat(iso).year >= 1753 else ""
    except ValueError:
        return ""


def person(one: Person, codes: Codes) -> tuple[Element, bool]:
    """Its parts under the name "person", and whether all is there that the stricter form wants."""
    identification = _identification(one.identity, codes)
    strict = bool(
        identification
        and day(one.born)
        and one.nationality
        and one.residence
        and one.phone
        and one.identity.number
    )
    return node("person", _person(one, codes, identification, strict=strict)), strict


def _person(
    one: Person, codes: Codes, identification: Element | None, *, strict: bool
) -> Iterator[Element | None]:
    paper = one.identity
    passport = paper.kind == "passport" and paper.number and codes.country(paper.country)
    yield text("gender", codes.of("gender_type", one.sex) if strict or one.sex in {"M", "F"} else "")
    yield text("first_name", one.first, 100)
    yield text("last_name", one.last, 100)
    yield text("birthdate", day(one.born))
    yield text("alias", one.called, 100)
    if passport:
        yield text("passport_number", paper.number)
        yield text("passport_country", codes.country(paper.country))
    yield text("id_number", paper.number)
    yield _country("nationality1", one.nationality, codes)
    yield _country("residence", one.residence, codes)
    yield from _reached("private", one, one.residence, codes)
    yield text("email", _email(one.email))
    yield text("occupation", one.occupation)
    yield identification
    yield text("tax_number", one.tax_number, 100)
    if strict:
        yield Element("tax_reg_number", "Y" if one.tax_number else UNKNOWN)
    yield text("comments", "; ".join(_remarks(one)), LONG)


def _remarks(one: Person) -> Iterator[str]:
    paper = one.identity
    if paper.number:
        until = f", good until {paper.expires_on}" if paper.expires_on else ""
        yield f"Identified by {paper.kind.replace('_', ' ')} {paper.number} of {paper.country or 'an unknown country'}{until}"
    if one.share:
        yield f"Holds {one.share} %"
    if one.email and not _email(one.email):
        yield f"E-mail: {one.email}"
    yield from one.notes


def _identification(paper: Identity, codes: Codes) -> Element | None:
    """Only where each of its dates is known: the schema wants them all."""
    issued, expires = day(paper.issued_on), day(paper.expires_on)
    if not (paper.number and issued and expires and paper.country):
        return None
    return node(
        "identification",
        (
            Element("type", codes.of("identifier_type", paper.kind)),
            Element("number", paper.number),
            Element("issue_date", issued),
            Element("expiry_date", expires),
            Element("issue_country", codes.country(paper.country)),
        ),
    )


def company(one: Company, codes: Codes) -> Element:
    """Its parts under the name "entity": the plain form, as nobody is asked for the day of incorporation."""
    return node("entity", _company(one, codes))


def _company(one: Company, codes: Codes) -> Iterator[Element | None]:
    yield text("name", one.name)
    yield text("incorporation_number", one.number, 50)
    yield text("business", one.business)
    yield from _reached("business", one, one.country, codes)
    yield text("email", _email(one.email))
    yield text("url", one.url)
    yield _country("incorporation_country_code", one.country, codes)
    for member in one.people:
        parts = _person(member, codes, _identification(member.identity, codes), strict=False)
        role = text("role", codes.of("entity_person_role_type", member.role))
        yield node("director_id", (*parts, role if role and role.text != UNKNOWN else None))
    yield text("tax_number", one.tax_number, 100)
    said = (f"Legal form: {one.form}" if one.form else "", f"Shop: {one.shop}" if one.shop else "")
    named = f"Written by itself: {one.called}" if one.called != one.name else ""
    yield text("comments", "; ".join(part for part in (*said, named) if part), LONG)


def account(one: Account) -> Element:
    """Its parts under the name "account". The schema wants a bank: where the number does not tell, that is said."""
    parts = (
        Element("institution_code", one.bank or "not known"),
        Element("account", one.number),
        Element("account_name", one.holder or UNKNOWN),
        text("iban", one.number if one.bank else "", 34),
        Element("comments", "The account that the seller named for payouts"),
    )
    return node("account", parts)


def _reached(kind: str, one: Person | Company, country: str, codes: Codes) -> Iterator[Element | None]:
    contact = codes.of("contact_type", kind)
    if one.phone:
        parts = (
            Element("tph_contact_type", contact),
            Element("tph_communication_type", codes.of("communication_type", "mobile")),
            Element("tph_number", one.phone[:50]),
        )
        yield node("phones", (node("phone", parts),))
    if one.address:
        yield node("addresses", (node("address", _address(contact, one.address, codes.country(country))),))


def _address(contact: str, said: str, country: str) -> Iterator[Element | None]:
    """An address as it was typed; its last part is taken for the city, less its postcode."""
    city, postcode = city_of(said)
    yield Element("address_type", contact)
    yield Element("address", said[:100])
    yield text("additional_address_line1", said[100:200], 100)
    yield Element("city", city or UNKNOWN)
    yield text("zip", postcode, 10)
    yield Element("country_code", country)
    yield Element("state", UNKNOWN)


def city_of(said: str) -> tuple[str, str]:
    """(city, postcode) of an address in one line, the likeliest reading; "" for what is not there.

    The last part that is no country's name; what holds a digit in it is the postcode, if it is long enough for one.
    """
    parts = [part.split() for part in said.split(",")]
    while len(parts) > 1 and isinstance(country(" ".join(parts[-1])), str):
        parts.pop()
    code = ""
    for words in reversed(parts):
        numbers = [word for word in words if any(c.isdigit() for c in word)]
        city = " ".join(word for word in words if word not in numbers)
        said_code = " ".join(numbers) if len(parts) > 1 else max(numbers, key=len, default="")
        code = code or (said_code if 3 <= len(said_code) <= 10 else "")
        if len(city) > 2:  # two letters are a state's: the city stands before it
            return city[:255], code
    return "", code


def _email(said: str) -> str:
    return said if EMAIL.fullmatch(said) else ""


def _country(name: str, code: str, codes: Codes) -> Element | None:
    return text(name, codes.country(code)) if code else None
