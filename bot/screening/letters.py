"""Any script to plain Latin words: width, marks, invisible characters and look-alikes are undone first."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rigour.text import ascii_text

from bot.screening.arabic import read_aloud

# Letters of one script that stand for those of another in a word that mixes them. Unicode TR39 has the whole list;
# these are the ones that look alike in ordinary type.
CYRILLIC = "аеорсухіјѕԁһԛԝвкмнтьзАВЕЅІЈКМНОРСТУХЗԚԜ"
LATIN = "aeopcyxijsdhqwbkmhtb3ABESIJKMHOPCTYX3QW"
GREEK, GREEK_LATIN = "οανικρτυχμηςΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "oavikptuxunsABEZHIKMNOPTYX"
TO_LATIN = str.maketrans(CYRILLIC + GREEK, LATIN + GREEK_LATIN)
TO_CYRILLIC = str.maketrans("aeopcyxijsABEKMHOPCTXIJS", "аеорсухіјѕАВЕКМНОРСТХІЈЅ")
WORD = re.compile(r"[^\W_]+(?:['\u2019\u02bc`\u2018\u02bf\u02be\u05f3][^\W_]+)*")
HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]{2,}")
HANGUL = re.compile(r"[\uac00-\ud7a3]{2,}")
DOUBLE_SURNAMES = frozenset(
    [
        "欧阳",
        "歐陽",
        "司马",
        "司馬",
        "诸葛",
        "諸葛",
        "上官",
        "司徒",
        "夏侯",
        "东方",
        "東方",
        "皇甫",
        "尉迟",
        "公孙",
        "公孫",
        "慕容",
    ]
)
# How families write themselves, where that is far from the letters. Ministry of Culture of Korea, 2007 and 2015.
KOREAN = {
    "이": "lee",
    "박": "park",
    "최": "choi",
    "정": "jung",
    "임": "lim",
    "노": "roh",
    "유": "yoo",
    "김": "kim",
}
VOWELLESS = ("ARABIC", "HEBREW", "SYRIAC")


def plain(text: str) -> str:
    """NFKC without what cannot be seen; control characters are spaces; look-alikes are of their word's script."""
    text = COLOURS.sub(" ", text)
    if text.isascii():
        return text.translate(CONTROLS)
    seen = (_visible(each) for each in unicodedata.normalize("NFKC", text))
    return re.sub(r"\w+", lambda found: _one_script(found[0]), "".join(seen))


COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")  # what a terminal takes for one
CONTROLS = dict.fromkeys((*range(32), 127), " ")


def _visible(letter: str) -> str:
    kind = unicodedata.category(letter)
    if kind == "Cf" or letter in "\u034f\u115f\u1160\u3164\ufe0e\ufe0f":
        return ""
    return " " if kind in {"Cc", "Zl", "Zp", "Zs", "Co", "Cn"} else letter


def _one_script(word: str) -> str:
    if word.isascii():
        return word
    scripts = [script(letter) for letter in word if letter.isalpha()]
    latin, cyrillic, greek = (scripts.count(name) for name in ("LATIN", "CYRILLIC", "GREEK"))
    if latin and (cyrillic or greek):
        return word.translate(TO_CYRILLIC if cyrillic > latin else TO_LATIN)
    return word


@lru_cache(maxsize=4096)
def script(letter: str) -> str:
    """The first word of the letter's Unicode name: LATIN, CYRILLIC, CJK ..."""
    return unicodedata.name(letter, "").split(" ")[0]


def vowelless(text: str) -> bool:
    """Written in a script that leaves vowels out."""
    return not text.isascii() and any(script(letter) in VOWELLESS for letter in text if letter.isalpha())


def syllabic(text: str) -> bool:
    """Written in Han or Hangul, where a sign is a syllable."""
    return HAN.search(text) is not None or HANGUL.search(text) is not None


def foreign(text: str) -> bool:
    """Has letters that are not Latin."""
    return not text.isascii() and any(letter.isalpha() and script(letter) != "LATIN" for letter in text)


def latin(text: str) -> str:
    """In ASCII, as far as there is a way; of a script without one the letters themselves, without their marks."""
    if text.isascii():
        return text
    text = read_aloud(text)
    text = HANGUL.sub(lambda found: f" {_korean(found[0])} ", text)
    text = HAN.sub(lambda found: f" {_chinese(found[0])} ", text)
    return " ".join(_romanised(word) for word in WORD_OR_GAP.split(text) if word)


WORD_OR_GAP = re.compile(r"[\s\u30fb\u00b7]+")


def _romanised(word: str) -> str:
    if word.isascii():
        return word
    found = ascii_text(word).replace("?", "")  # stands for what it has no letter for
    return found if sum(map(str.isalnum, found)) * 3 >= len(word) else _unmarked(word)


def _unmarked(word: str) -> str:
    parts = unicodedata.normalize("NFD", word)
    return "".join(letter for letter in parts if not unicodedata.category(letter).startswith("M"))


def _korean(word: str) -> str:
    """Family name first, the given name in one word, as is the custom for names of two to four syllables."""
    if len(word) > 4:
        return ascii_text(word)
    return f"{KOREAN.get(word[0]) or _opened(word[0])} {_opened(word[1:])}"


def _opened(word: str) -> str:
    """An "l" is an "r" where a word begins."""
    found = ascii_text(word).replace("-", "")
    return "r" + found[1:] if found.startswith("l") else found


def _chinese(word: str) -> str:
    """In pinyin: family name first, the given name in one word. Longer runs are no names of people."""
    if len(word) > 4:
        return ascii_text(word)
    first = 2 if word[:2] in DOUBLE_SURNAMES and len(word) > 2 else 1
    return f"{_run(word[:first])} {_run(word[first:])}"


def _run(word: str) -> str:
    return ascii_text(word).replace(" ", "")
