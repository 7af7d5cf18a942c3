"""What every seller is asked in words."""

from bot import answers
from bot.documents.base import Question

NOTICE = Question("notice", answers.one_of("agree"), options=("agree", "refuse"), typed=False)
COUNTRY = Question("country", answers.country)
LEGAL_FORM = Question(
    "legal_form",
    answers.one_of("individual", "sole_trader", "company"),
    options=("individual", "sole_trader", "company"),
    typed=False,
)
FULL_NAME = Question("full_name", answers.name)
BIRTH_DATE = Question("birth_date", answers.birth_date)
CONTACT = Question("contact", answers.phone, typed=False, contact=True)
