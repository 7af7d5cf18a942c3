"""A company and the people behind it."""

from bot import answers
from bot.documents.base import Question

COMPANY_NAME = Question("company_name", answers.name)
OWNER = Question("owner", answers.name, options=("complete",), introduces=True)
