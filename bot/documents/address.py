"""Where the seller lives or works, on paper."""

from bot.checks import address, marks, picture
from bot.documents.base import Document

ADDRESS_PROOF = Document(
    "address_proof",
    accepts=frozenset({"utility_bill", "bank_statement"}),
    checks=(
        picture.opened,
        picture.clear,
        picture.right_kind,
        address.recent,
        address.in_their_name,
        address.at_their_address,
        marks.edited,
        marks.specimen,
    ),
    reads=("full_name", "company_name", "address"),
)
