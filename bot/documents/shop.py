"""What is sold, where, how it is paid for and where the money goes."""

from bot import answers
from bot.documents.base import Question

LINES = (
    "clothing",
    "home",
    "electronics",
    "beauty",
    "food",
    "toys",
    "books",
    "crafts",
    "art",
    "jewellery",
    "digital",
    "services",
)
METHODS = ("card", "transfer", "wallet", "on_delivery", "crypto")
VOLUMES = ("1000", "5000", "20000", "100000")

SHOP_NAME = Question("shop_name", answers.name)
SHOP_LINK = Question("shop_link", answers.link, options=("none",))
BUSINESS_LINE = Question("business_line", answers.name, options=LINES)
GOODS = Question("goods", answers.name)
MARKETS = Question("markets", answers.countries, options=("home", "europe", "world"))
PAYMENT_METHODS = Question("payment_methods", answers.several(*METHODS), options=METHODS, several=True)
EXPECTED_VOLUME = Question("expected_volume", answers.amount, options=VOLUMES)
PAYOUT_ACCOUNT = Question("payout_account", answers.bank_account, place="country")
PAYOUT_HOLDER = Question("payout_holder", answers.name, options=("own",), after=("payout_account",))
TAX_COUNTRY = Question("tax_country", answers.country)
TAX_NUMBER = Question(
    "tax_number", answers.tax_number, options=("none",), place="tax_country", after=("tax_country",)
)
REFUNDS = Question("refunds", answers.sentence)
SELF_CERTIFICATION = Question(
    "self_certification", answers.one_of("certify"), options=("certify",), typed=False
)
