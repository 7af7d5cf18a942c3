"""Arabic script as it is read aloud, before it is romanised letter by letter."""

from __future__ import annotations

import re

# Vowel signs and the stretched line between letters.
SIGNS = re.compile(r"[\u064b-\u0652\u0670\u0640]")
# "al-" is written on to the word; not so in the name of God.
ARTICLE = re.compile(r"(?<!\w)\u0627\u0644(?!\u0644\u0647(?!\w))(?=\w{2})")
# Names that others are written on to: Abd (al-), Muhammad, Ahmad, Ali, Ghulam, Amir, Sayyid.
BEFORE = re.compile(
    r"(?<!\w)("
    r"\u0639\u0628\u062f(?=\u0627\u0644(?!\u0644\u0647))"
    r"|\u0645\u062d\u0645\u062f|[\u0627\u0623]\u062d\u0645\u062f|\u0639\u0644[\u064a\u06cc]"
    r"|\u063a\u0644\u0627\u0645|\u0627\u0645[\u064a\u06cc]\u0631|\u0633[\u064a\u06cc]\u062f"
    r")(?=\w{3})"
)
# An ayn at the beginning, a ta marbuta, an alif maqsura: heard as an "a".
AS_A = re.compile(r"(?<!\w)\u0639|[\u0629\u0649]")
# Letters that only Persian and Urdu have, and those that are a "z" and an "s" there.
PERSIAN = re.compile(r"[\u067e\u0686\u0698\u06af\u06a9\u06cc]")
IN_PERSIAN = str.maketrans("\u0636\u0638\u0630\u062b", "\u0632\u0632\u0632\u0633")
ANY = re.compile(r"[\u0600-\u06ff]")


def read_aloud(text: str) -> str:
    """Still in Arabic script; other text as it is."""
    if not ANY.search(text):
        return text
    text = SIGNS.sub("", text)
    if PERSIAN.search(text):
        text = text.translate(IN_PERSIAN)
    text = ARTICLE.sub("\u0627\u0644 ", BEFORE.sub(r"\1 ", text))
    return AS_A.sub("\u0627", text)
