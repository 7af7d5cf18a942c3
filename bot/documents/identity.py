"""The identity document, and the card of what was read from it."""

from bot import answers
from bot.checks import identity, marks, national, picture, sides
from bot.documents.base import Document, Question

IDENTITY = Document(
    "identity",
    accepts=frozenset({"passport", "id_card", "residence_permit", "driving_licence"}),
    checks=(
        picture.opened,
        picture.clear,
        picture.right_kind,
        picture.one_document,
        identity.issuer_exists,
        identity.barcode_holds,
        national.national_number,
        identity.zones_agree,
        marks.edited,
        marks.specimen,
        marks.screen,
        marks.all_pages,
        identity.in_date,
        sides.accepted_here,
        sides.both_sides,
        identity.of_age,
        identity.legible,
        identity.check_digits,
        identity.same_name,
        identity.same_birth,
        identity.given_once,
    ),
    reads=("full_name", "birth_date"),
    runs_out=True,
)
CARD = Question(
    "card", answers.one_of("correct", "fix"), options=("correct", "fix"), typed=False, about="identity"
)
SECOND_PROOF = Document(
    "second_proof",
    accepts=IDENTITY.accepts,
    checks=(identity.another_kind, *(one for one in IDENTITY.checks if one is not sides.accepted_here)),
    reads=("full_name", "birth_date"),
    runs_out=True,
)
