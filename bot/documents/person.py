"""What a person is asked about themselves."""

from bot import answers
from bot.checks import picture
from bot.documents.base import Document, Question

NOTICE = Question("notice", answers.one_of("agree"), options=("agree", "refuse"), typed=False)
COUNTRY = Question("country", answers.country)
LEGAL_FORM = Question(
    "legal_form",
    answers.one_of("individual", "sole_trader", "company"),
    options=("individual", "sole_trader", "company"),
    typed=False,
)
FULL_NAME = Question("full_name", answers.name)
NATIVE_NAME = Question("native_name", answers.name)
BIRTH_DATE = Question("birth_date", answers.birth_date)
NATIONALITY = Question("nationality", answers.country)
CONTACT = Question("contact", answers.phone, typed=False, contact=True)
EMAIL = Question("email", answers.email)
ADDRESS = Question("address", answers.address)
PEP = Question("pep", answers.one_of("no", "self", "close"), options=("no", "self", "close"), typed=False)
TELEGRAM = Question(
    "telegram", answers.one_of(), typed=False
)  # never asked: another chat is to take this one's place
TIME = Question("time", answers.time_of_day)
NAME_CHANGE = Document(  # a certificate of marriage, a deed: no reader knows it, so a person looks
    "name_change",
    accepts=frozenset({"unknown", "company_document"}),
    checks=(picture.opened, picture.clear, picture.right_kind),
)
