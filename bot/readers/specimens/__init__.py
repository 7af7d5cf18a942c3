"""Papers that nobody owns, drawn for the demo and the tests: same arguments, same bytes; all JPEG, SPECIMEN on each.

Needs the `readers` extra (Pillow, numpy). The font inside Pillow has Latin letters without accents only: texts are
printed without them, and letters of other scripts are refused with ValueError.
"""

from bot.readers.specimens.bill import utility_bill
from bot.readers.specimens.card import id_card
from bot.readers.specimens.extract import register_extract
from bot.readers.specimens.held import held
from bot.readers.specimens.licence import driving_licence, driving_licence_back
from bot.readers.specimens.painting import blurred, painting
from bot.readers.specimens.passport import passport

__all__ = [
    "blurred",
    "driving_licence",
    "driving_licence_back",
    "held",
    "id_card",
    "painting",
    "passport",
    "register_extract",
    "utility_bill",
]
