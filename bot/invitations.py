"""Invitations: a link that only the marketplace can make, and two words by which a seller knows the genuine bot.

A token is what follows `?start=` in a link to the bot: at most 64 of A-Z a-z 0-9 _ - (Telegram's limit). It holds when it
ends, a message authentication code (HMAC-SHA256 cut to 96 bits: nobody can try 2**96 chats), the seller's country and
the marketplace's name for the seller.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

MAC = 12  # bytes
LONGEST = 48  # bytes of a token: 64 characters
COUNTRY = 2
NOWHERE = "--"
SELLER = "seller:"  # before the marketplace's name for a seller, where cases are bound to it


@dataclass(frozen=True, slots=True)
class Invitation:
    """Whom the marketplace invited: its own name for the seller, and the country of the shop, "" where not said."""

    seller: str
    country: str = ""


def mint(secret: bytes, invited: Invitation, until: datetime) -> str:
    """A token. Raises ValueError where the seller's name is empty or longer than 30 bytes, or the country is no alpha-2."""
    name, country = invited.seller.encode(), (invited.country or NOWHERE).encode("ascii", "replace")
    room = LONGEST - 4 - MAC - COUNTRY
    if not name or len(name) > room:
        raise ValueError(f"a seller's name is 1 to {room} bytes long")
    if len(country) != COUNTRY:
        raise ValueError("a country is two letters, like DE")
    said = int(until.timestamp()).to_bytes(4, "big") + country + name
    return base64.urlsafe_b64encode(_mac(secret, said) + said).rstrip(b"=").decode()


def read(secret: bytes, token: str, now: datetime) -> Invitation | None:
    """What a token says; None where we did not make it, or where its time has passed."""
    try:
        whole = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    mac, said = whole[:MAC], whole[MAC:]
    if len(said) <= 4 + COUNTRY or not hmac.compare_digest(mac, _mac(secret, said)):
        return None
    if now >= datetime.fromtimestamp(int.from_bytes(said[:4], "big"), UTC):
        return None
    country = said[4 : 4 + COUNTRY].decode()
    return Invitation(said[4 + COUNTRY :].decode(), "" if country == NOWHERE else country)


WORDS = tuple(
    (Path(__file__).parent / "words.txt").read_text().split()
)  # 256, apart in their first four letters


def code(secret: bytes, seller: str) -> str:
    """Two words for a seller: the bot and the marketplace's page show the same, and nobody else can say them."""
    first, second = hmac.digest(secret, b"code\n" + seller.encode(), sha256)[:2]
    return f"{WORDS[first]} {WORDS[second]}"


def _mac(secret: bytes, said: bytes) -> bytes:
    return hmac.digest(secret, b"invitation\n" + said, sha256)[:MAC]
