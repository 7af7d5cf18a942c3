"""What can be owed: one file a kind of thing, one constant a question or a document, registered by hand below."""

from __future__ import annotations

from bot.documents.address import ADDRESS, ADDRESS_PROOF
from bot.documents.base import Document, Question, Requirement
from bot.documents.business import COMPANY_NAME, OWNER
from bot.documents.funds import SOURCE_OF_FUNDS
from bot.documents.identity import CARD, IDENTITY
from bot.documents.person import BIRTH_DATE, CONTACT, COUNTRY, FULL_NAME, LEGAL_FORM, NOTICE

__all__ = [
    "ADDRESS",
    "ADDRESS_PROOF",
    "BIRTH_DATE",
    "CARD",
    "COMPANY_NAME",
    "CONTACT",
    "COUNTRY",
    "FULL_NAME",
    "IDENTITY",
    "INTRODUCES",
    "LEGAL_FORM",
    "NOTICE",
    "OWNER",
    "REQUIREMENTS",
    "SOURCE_OF_FUNDS",
    "Document",
    "Question",
    "Requirement",
]

REQUIREMENTS: dict[str, Requirement] = {
    requirement.name: requirement
    for requirement in (
        NOTICE,
        COUNTRY,
        LEGAL_FORM,
        COMPANY_NAME,
        IDENTITY,
        CARD,
        FULL_NAME,
        BIRTH_DATE,
        CONTACT,
        ADDRESS,
        OWNER,
        ADDRESS_PROOF,
        SOURCE_OF_FUNDS,
    )
}

INTRODUCES = {
    name: requirement.options
    for name, requirement in REQUIREMENTS.items()
    if isinstance(requirement, Question) and requirement.introduces
}
