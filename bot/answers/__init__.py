"""What was typed or tapped becomes a value in its canonical form, or a sentence about what was not understood."""

from bot.answers import dates, places
from bot.answers.bank import bank_account, masked
from bot.answers.choices import one_of, several
from bot.answers.dates import age, birth_date, day, time_of_day
from bot.answers.figures import amount, share
from bot.answers.names import address, name, sentence
from bot.answers.numbers import register_number, tax_number
from bot.answers.places import LANGUAGES, countries, country
from bot.answers.reach import email, link, phone
from bot.answers.words import LONGEST, Parse, Unclear, clean, fold

__all__ = [
    "LANGUAGES",
    "LONGEST",
    "Parse",
    "Unclear",
    "address",
    "age",
    "amount",
    "bank_account",
    "birth_date",
    "clean",
    "countries",
    "country",
    "day",
    "email",
    "fold",
    "link",
    "masked",
    "name",
    "one_of",
    "phone",
    "register_number",
    "sentence",
    "several",
    "share",
    "tax_number",
    "time_of_day",
    "warm",
]


def warm() -> None:
    """Build the tables before the first seller waits for them (0.3 s)."""
    places.table()
    dates.months()
