"""Names and addresses, in any script."""

from __future__ import annotations

from bot.answers.words import LONGEST, Unclear, clean

MOST = 600  # characters of an explanation


def name(text: str) -> str | Unclear:
    """A person's or a company's name, in any script: at least two letters, no more digits than letters."""
    said = clean(text)
    if len(said) > LONGEST:
        return Unclear("too_long", {"limit": str(LONGEST)})
    letters = sum(c.isalpha() for c in said)
    if letters < 2 or sum(c.isdigit() for c in said) > letters:
        return Unclear("not_a_name")
    return said


def sentence(text: str) -> str | Unclear:
    """A few sentences: at least two letters, at most MOST characters."""
    said = clean(text)
    if len(said) > MOST:
        return Unclear("too_long", {"limit": str(MOST)})
    return said if sum(c.isalpha() for c in said) > 1 else Unclear("not_a_sentence")


def address(text: str) -> str | Unclear:
    """Street, place and postcode in one go: letters, and either a number or two parts."""
    said = clean(text.replace("\n", ", "))
    if len(said) > LONGEST:
        return Unclear("too_long", {"limit": str(LONGEST)})
    words = said.split()
    if len(words) < 3 or sum(c.isalpha() for c in said) < 6 or not any(c.isdigit() or c == "," for c in said):
        return Unclear("not_an_address")
    return said
