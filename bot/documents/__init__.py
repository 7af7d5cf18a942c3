"""What can be owed: one file a kind of thing, one constant a question or a document, registered by hand below."""

from __future__ import annotations

from bot.documents import address, company, face, funds, identity, person, review, shop
from bot.documents.base import Document, Question, Requirement

__all__ = ["INTRODUCES", "REQUIREMENTS", "UNASKED", "Document", "Question", "Requirement"]

REQUIREMENTS: dict[str, Requirement] = {
    requirement.name: requirement
    for requirement in (
        person.NOTICE,
        person.COUNTRY,
        person.LEGAL_FORM,
        company.COMPANY_NAME,
        company.REGISTER_COUNTRY,
        company.REGISTER_NUMBER,
        company.COMPANY_FORM,
        company.COMPANY_ADDRESS,
        company.PREMISES,
        company.INCORPORATION,
        identity.IDENTITY,
        identity.CARD,
        identity.SECOND_PROOF,
        person.FULL_NAME,
        person.BIRTH_DATE,
        person.NATIVE_NAME,
        person.NATIONALITY,
        company.ROLE,
        company.MANDATE,
        person.CONTACT,
        person.EMAIL,
        person.ADDRESS,
        company.OWNERSHIP,
        company.OWNER,
        company.OWNER_SHARE,
        company.SHARES_OVER,
        company.SHARES_UNDER,
        shop.SHOP_NAME,
        shop.SHOP_LINK,
        shop.BUSINESS_LINE,
        shop.GOODS,
        shop.MARKETS,
        shop.PAYMENT_METHODS,
        shop.EXPECTED_VOLUME,
        shop.TAX_COUNTRY,
        shop.TAX_NUMBER,
        shop.PAYOUT_ACCOUNT,
        shop.PAYOUT_HOLDER,
        person.PEP,
        shop.SELF_CERTIFICATION,
        shop.REFUNDS,
        address.ADDRESS_PROOF,
        funds.SOURCE_OF_FUNDS,
        face.FACE_CONSENT,
        face.SELFIE,
        face.LIVENESS,
        review.REVIEW,
        person.NAME_CHANGE,
        person.TELEGRAM,
        person.TIME,
    )
}
UNASKED = frozenset({"time"})  # never owed: answered only by a seller who wants to put it right

INTRODUCES = {
    name: requirement.ends
    for name, requirement in REQUIREMENTS.items()
    if isinstance(requirement, Question) and requirement.introduces
}
