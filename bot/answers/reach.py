"""Where somebody is reached: phone, e-mail, and the address of a shop on the web."""

from __future__ import annotations

import re

import phonenumbers

from bot.answers.words import LONGEST, Unclear, clean, plain

_LINK = re.compile(
    r"(?:(https?)://)?([^\s/?#:@\\<>\"']+)(?::(\d{1,5}))?([/?#][^\s<>\"'`{}|\\^]*)?", re.IGNORECASE
)
_FEWEST = 5  # digits of a number that can be called from anywhere
_AROUND = re.compile(r"[\s<>,;()\[\]\"]+")
_MAILTO = re.compile(r"mailto:([^?]*).*", re.IGNORECASE)
_LINK_WORD = re.compile(r"https?://|www\.", re.IGNORECASE)
_TOP = re.compile(r"[a-z]{2,63}|xn--[a-z0-9-]{2,59}")
# What ends in a dot and these is a file, or stands on no public network (RFC 6761, RFC 6762, RFC 7686).
_FILES = "jpg jpeg png gif heic pdf doc docx xls xlsx txt html htm php exe mp4"
_PRIVATE = "local localhost internal lan home corp test example invalid onion arpa"
_NO_TOP = frozenset(f"{_FILES} {_PRIVATE}".split())


def phone(text: str, country: str = "") -> str | Unclear:
    """A number -> E.164: an international one, with or without its plus, or one as dialled within `country`."""
    said = plain(text)
    digits = "".join(c for c in said if c.isdecimal() and c.isascii())
    abroad = _dialled(f"+{digits.removeprefix('00')}", None)
    inside = _dialled(digits, country) if country and "+" not in said else None
    own = digits.startswith(str(phonenumbers.country_code_for_region(country)))
    numbers = [n for n in ((abroad, inside) if own else (inside, abroad)) if n is not None]
    if not numbers:
        return Unclear("not_a_phone")
    best = next((number for number in numbers if phonenumbers.is_valid_number(number)), numbers[0])
    return _e164(best)


def _dialled(digits: str, country: str | None) -> phonenumbers.PhoneNumber | None:
    """What may be dialled with these digits, if anything: a number that stays itself once it is written out."""
    try:
        number = phonenumbers.parse(digits, country)
        again = phonenumbers.parse(written := _e164(number))
    except phonenumbers.NumberParseException:
        return None
    fits = phonenumbers.is_possible_number(number) and len(written) > _FEWEST
    return number if fits and _e164(again) == written else None


def _e164(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def email(text: str) -> str | Unclear:
    """The one e-mail address in what was typed or pasted, normalised; whether it exists is not asked."""
    said = clean(text)[: 2 * LONGEST]
    words = (_MAILTO.sub(r"\1", word) for word in _AROUND.split(said) if "@" in word)
    found = {address for address in (_mailbox(word.strip(".:!'`*")) for word in words) if address}
    return found.pop() if len(found) == 1 else Unclear("not_an_email")


def _mailbox(word: str) -> str:
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(word, check_deliverability=False, strict=True).normalized
    except EmailNotValidError:
        return ""


def link(text: str) -> str | Unclear:
    """The address of a web page -> "https://host/path", the host in ASCII: there, letters that look alike differ.

    In a sentence only what begins with http or www counts, and only one. No host without a name of its own
    (an IP address, localhost), and nothing with a user's name or a password in it.
    """
    words = clean(text).split()
    if len(words) > 1:
        words = [word.rstrip(".,;!") for word in words if _LINK_WORD.match(word)]
    found = _LINK.fullmatch(words[0]) if len(words) == 1 and len(words[0]) <= LONGEST else None
    host = _host(found[2]) if found else ""
    if not found or not host or int(found[3] or 0) > 65535:
        return Unclear("not_a_link")
    port, path = f":{found[3]}" if found[3] else "", found[4] or "/"
    path = path if path.startswith("/") else f"/{path}"
    return f"{(found[1] or 'https').lower()}://{host}{port}{_escaped(path)}"


def _host(said: str) -> str:
    """The name in lower case and ASCII, or "" where it is none of the public network."""
    import idna

    try:
        host = idna.encode(said.removesuffix("."), uts46=True).decode()
    except idna.IDNAError:
        return ""
    top = host.rpartition(".")[2]
    return host if "." in host and _TOP.fullmatch(top) and top not in _NO_TOP else ""


def _escaped(path: str) -> str:
    return "".join(c if c.isascii() else "".join(f"%{byte:02X}" for byte in c.encode()) for c in path)
