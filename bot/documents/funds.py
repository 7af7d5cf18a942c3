"""Where the money comes from: owed when more moves than was expected."""

from bot.checks import picture
from bot.documents.base import Document

SOURCE_OF_FUNDS = Document(
    "source_of_funds",
    accepts=frozenset({"bank_statement", "company_document"}),
    checks=(picture.opened, picture.clear, picture.right_kind),
)
