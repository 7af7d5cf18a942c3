"""The Telegram edge: updates in, messages out; nothing is decided here."""

import os

# python-telegram-bot's switch to its coming type; without it every RetryAfter warns of it
os.environ.setdefault("PTB_TIMEDELTA", "true")
