"""The link under a document's question that opens an upload page: what it carries, and whether its page is open. Pure."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from bot.documents import REQUIREMENTS, Document
from bot.facts import OPEN
from bot.model import Case, CaseId, File, Key, Submission, erased
from bot.ports import Button, Message
from bot.standing import OVER, Standing

GOOD_FOR = timedelta(hours=24)  # from the question that offers it; the next question brings a new one
MAC_BYTES = 16  # a forger's chance is 2**-128 a try
MARK = "upload:"  # a file's `ref` that names what lies in the vault already, and is asked of nobody else
MOST = 5  # files at once: a card's two sides, the pages of an extract
LARGEST = 20 * 1024 * 1024  # bytes a file, as in the chat

# how files of the accepted kinds begin: their signatures, by position
SIGNATURES = (
    ("jpeg", 0, (b"\xff\xd8\xff",)),
    ("png", 0, (b"\x89PNG\r\n\x1a\n",)),
    ("webp", 8, (b"WEBP",)),
    ("heic", 4, (b"ftyphei", b"ftyphev", b"ftypmif1", b"ftypmsf1")),  # ISO/IEC 23008-12, brands
)
PDF, PDF_WITHIN = b"%PDF-", 1024  # readers of PDF accept its header anywhere in the first kilobyte


class Door(StrEnum):
    """Whether a page takes files; if not, why."""

    OPEN = "open"
    TAKEN = "taken"  # by this very page
    CLOSED = "closed"  # sent in the chat, or not needed any more
    EXPIRED = "expired"
    UNKNOWN = "unknown"  # forged, cut short, or of a case that is erased


@dataclass(frozen=True, slots=True)
class Link:
    """What was asked of whom: `sequence` is that of the `Told` that asked. It ends at `until` (whole seconds)."""

    case: CaseId
    key: Key
    sequence: int
    until: datetime

    @property
    def cause(self) -> str:
        """One for all links of one question: the second use of any of them is a repeat."""
        return f"up:{self.case}:{self.sequence}:{self.key}"


@dataclass(frozen=True, slots=True)
class Links:
    """Makes and reads links under the public address `url`, signed with `key` (32 bytes)."""

    url: str
    key: bytes = field(repr=False)

    def token(self, link: Link) -> str:
        """URL-safe, about 50 characters; it names no person."""
        said = f"{link.case}-{link.key}-{link.sequence}-{int(link.until.timestamp()):x}"
        return f"{said}-{self._mac(said)}"

    def read(self, token: str) -> Link | None:
        """None where nobody here signed it."""
        case, _, rest = token.partition("-")
        key, _, rest = rest.partition("-")
        sequence, _, rest = rest.partition("-")
        until, _, mac = rest.partition("-")
        said = f"{case}-{key}-{sequence}-{until}"
        if not hmac.compare_digest(mac.encode("utf-8", "surrogatepass"), self._mac(said).encode()):
            return None
        return Link(CaseId(case), Key.parse(key), int(sequence), datetime.fromtimestamp(int(until, 16), UTC))

    def offered(self, message: Message, case: Case, asked: Key | None, now: datetime) -> Message:
        """The message; one that asks the seller for a document, with the page's button above its others."""
        document = REQUIREMENTS.get(asked.requirement) if asked else None
        paper = isinstance(document, Document) and not document.film
        if not asked or not paper or not message.asks or message.to != "seller" or message.keyboard:
            return message
        link = Link(case.id, asked, case.told()[0], now + GOOD_FOR)
        button = Button("button.upload", "", url=f"{self.url.rstrip('/')}/u/{self.token(link)}")
        return replace(message, buttons=((button,), *message.buttons))

    def _mac(self, said: str) -> str:
        mac = hmac.digest(self.key, said.encode("utf-8", "surrogatepass"), sha256)[:MAC_BYTES]
        return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def door(case: Case, standing: Standing, link: Link, now: datetime) -> Door:
    """Open while what it asks for is still the seller's to give and nothing was given for it since."""
    if erased(case):
        return Door.UNKNOWN
    given = [
        r for n, r in case.records() if n > link.sequence and isinstance(r, Submission) and r.key == link.key
    ]
    if any(file.ref.startswith(MARK) for submission in given for file in submission.files):
        return Door.TAKEN
    if now >= link.until:
        return Door.EXPIRED
    item = standing.item(link.key)
    owed = item is not None and item.state in OPEN and standing.stage not in OVER
    return Door.OPEN if (owed or standing.next == link.key) and not given else Door.CLOSED


def submission(link: Link, names: Sequence[str], sizes: Sequence[int], at: datetime) -> Submission:
    """What the seller gave, by names in the vault."""
    files = tuple(File(f"{MARK}{name}", "document", size=n) for name, n in zip(names, sizes, strict=True))
    return Submission(at, link.key, files=files)


def kept_as(sequence: int, n: int, file: File) -> str:
    """Under what name the vault keeps the `n`th file of a paper, which came with record `sequence`."""
    return file.ref.removeprefix(MARK) if file.ref.startswith(MARK) else f"{sequence}-{n}"


def kind(content: bytes) -> str:
    """jpeg, png, webp, heic or pdf, by how it begins, whatever its name says; "" for all else."""
    for name, at, signatures in SIGNATURES:
        if content.startswith(signatures, at):
            return name
    return "pdf" if PDF in content[:PDF_WITHIN] else ""
