"""Where the seller lives, in words and on paper."""

from bot import answers
from bot.checks import address, picture
from bot.documents.base import Document, Question

ADDRESS = Question("address", answers.address)
ADDRESS_PROOF = Document(
    "address_proof",
    accepts=frozenset({"utility_bill", "bank_statement"}),
    checks=(picture.opened, picture.clear, picture.right_kind, address.recent, address.in_their_name),
    reads=("full_name", "address"),
)
