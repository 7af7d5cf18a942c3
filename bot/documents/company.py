"""A company: its entry in a register, its seat, who acts for it and who owns it."""

from bot import answers
from bot.checks import company, marks, picture
from bot.documents.base import Document, Question

COMPANY_NAME = Question("company_name", answers.name)
COMPANY_FORM = Question("company_form", answers.name)
REGISTER_COUNTRY = Question("register_country", answers.country)
REGISTER_NUMBER = Question(
    "register_number", answers.register_number, place="register_country", after=("register_country",)
)
COMPANY_ADDRESS = Question("company_address", answers.address)
PREMISES = Question("premises", answers.one_of("yes", "online"), options=("yes", "online"), typed=False)
ROLE = Question(
    "role", answers.one_of("director", "owner", "agent"), options=("director", "owner", "agent"), typed=False
)
OWNER = Question("owner", answers.name, options=("myself", "complete"), introduces=True, ends=("complete",))
OWNER_SHARE = Question("owner_share", answers.share)
SHARES_OVER = Question("shares_over", answers.one_of(), typed=False)
SHARES_UNDER = Question(
    "shares_under", answers.one_of("right"), options=("right",), typed=False, after=("owner", "owner_share")
)
INCORPORATION = Document(
    "incorporation",
    accepts=frozenset({"company_document"}),
    checks=(
        picture.opened,
        picture.clear,
        picture.right_kind,
        company.same_company,
        company.same_number,
        marks.edited,
        marks.specimen,
    ),
    reads=("company_name", "register_number"),
)
MANDATE = Document(
    "mandate",
    accepts=frozenset({"company_document", "unknown"}),
    checks=(picture.opened, picture.clear, picture.right_kind),
)
OWNERSHIP = Document(
    "ownership",
    accepts=frozenset({"company_document", "unknown"}),
    checks=(picture.opened, picture.clear, picture.right_kind),
)
