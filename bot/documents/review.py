"""The periodic review: whether all that was given is still right."""

from bot import answers
from bot.documents.base import Question

REVIEW = Question(
    "review",
    answers.one_of("right", "changed"),
    options=("right", "changed"),
    typed=False,
    about="identity",
    recurs=True,
)
