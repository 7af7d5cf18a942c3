"""Where the seller lives or works, on paper."""

from bot.checks import address, picture
from bot.documents.base import Document

ADDRESS_PROOF = Document(
    "address_proof",
    accepts=frozenset({"utility_bill", "bank_statement"}),
    checks=(picture.opened, picture.clear, picture.right_kind, address.recent, address.in_their_name),
    reads=("full_name", "address"),
)
