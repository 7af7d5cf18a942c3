"""The matcher, a table for each way that a name may be written otherwise; and its laws."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.screening import THRESHOLD, Entity, Kind, index, screen
from bot.screening.letters import latin, plain
from bot.screening.match import agreement
from bot.screening.names import read
from bot.screening.pairing import How
from bot.screening.words import NUMBERS

PERSON, FIRM = Kind.PERSON, Kind.ORGANISATION

SAME = {
    "script": [
        ("Владимир Зеленский", "Vladimir Zelensky"),
        ("习近平", "Xi Jinping"),
        ("Xi Jinping", "习近平"),
        ("김정은", "Kim Jong Un"),
        ("محمد بن سلمان", "Mohammed bin Salman"),
        ("Saddam Hussein al-Tikriti", "صدام حسين التكريتي"),
        ("حسن نصر الله", "Hasan Nasrallah"),
        ("أسامة بن لادن", "BIN LADIN, Usama"),
        ("إسماعيل هنية", "HANIYEH, Ismail"),
        ("عبدالملك الحوثي", "AL HOUTHI, Abdul Malik"),
        ("محمدرضا نقدی", "NAQDI, Mohammad Reza"),
        ("مرتضی رضایی", "REZAIE, Morteza"),
        ("رمضان قديروف", "KADYROV, Ramzan Akhmatovich"),
        ("장경화", "CHANG, Kyong-hwa"),
        ("리태철", "RI, Thae Chol"),
        ("Κυριάκος Μητσοτάκης", "Kyriakos Mitsotakis"),
        ("ბარაკ ობამა", "Barack Obama"),
    ],
    "hidden letters": [
        ("Vla\u200bdimir \u202ePutin", "Vladimir Putin"),
        ("Vlаdimir Рutin", "Vladimir Putin"),
        ("Ｖladimir Ｐutin", "Vladimir Putin"),
        ("Ig0r Sech1n", "Igor Sechin"),
    ],
    "order": [("PUTIN, Vladimir", "Vladimir Putin"), ("Le Pen Jean-Marie", "Jean Marie Le Pen")],
    "spelling": [
        ("Vladmir Putin", "Vladimir Putin"),
        ("Emmanuel Marcon", "Emmanuel Macron"),
        ("Alexandr Lukashnko", "Alexander Lukashenko"),
        ("Moammar Qaddafi", "Muammar Gaddafi"),
        ("Abou Moussab al-Zarkaoui", "Abu Mus'ab al-Zarqawi"),
        ("Hasan Rohani", "Hassan Rouhani"),
        ("Mhmd bn Slmn", "Mohammed bin Salman"),
        ("Igor Szczegolew", "SHCHEGOLEV, Igor"),
        ("Abdelfattah Koudsieh", "QUDSIYAH, Abdul Fatah"),
        ("Ch'en Ming-fu", "CHEN, Mingfu"),
        ("Mao Tse-tung", "Mao Zedong"),
    ],
    "initials": [
        ("V. Putin", "Vladimir Putin"),
        ("J.-C. Juncker", "Jean-Claude Juncker"),
        ("JC Juncker", "Jean-Claude Juncker"),
        ("A.V. Minin", "MININ, Alexey Valerevich"),
    ],
    "missing": [
        ("Sergey Lavrov", "Sergey Viktorovich Lavrov"),
        ("Osama bin Laden", "Usāma bin Muhammad ibn Awad ibn Lādin"),
        ("Boris Johnson", "Alexandre Boris de Pfeffel Johnson"),
    ],
    "particles": [
        ("Abdul Aziz Nooristani", "'Abd al-Aziz al-Nuristani"),
        ("Bashar Assad", "Bashar al-Assad"),
        ("Ludwig Beethoven", "Ludwig van Beethoven"),
    ],
    "short forms": [
        ("Zhenya Prigozhin", "PRIGOZHIN, Yevgeniy Viktorovich"),
        ("Bibi Netanyahu", "Benjamin Netanyahu"),
        ("Ted Doe", "Theodore Doe"),
    ],
    "spaces": [
        ("AlisherUsmanov", "Alisher Usmanov"),
        ("Nikolai Patr ushev", "Nikolai Patrushev"),
        ("Kim Jongun", "Kim Jong Un"),
        ("KimJongUn", "KIM, Jong Un"),
        ("K i m J o n g U n", "KIM, Jong Un"),
        ("\x1b[31mKim Jong Un", "KIM, Jong Un"),
        ("Yue Qun Zhu", "ZHU, Yuequn"),
        ("Zhang Wenfu", "ZHANG, Wen-Fu"),
        ("Gorka Pala cios Alday", "PALACIOS ALDAY, Gorka"),
        ("Mikhail Georgievichgagloev", "GAGLOEV, Mikhail Georgievich"),
        ("Hassan Nasr Allah", "NASRALLAH, Hasan"),
    ],
    "titles": [("Dr. Rami Makhlouf", "Rami Makhlouf"), ("Shaikh Isa bin Tarif", "Isa bin Tarif")],
}
FIRMS = [
    ("Siemens Aktiengesellschaft", "Siemens AG"),
    ("OAO Gazprom", "Open Joint Stock Company Gazprom"),
    ("ООО АЯС 2000", 'ООО "АЯС 2000"'),
    ("The Homs Refinery Company", "HOMS REFINERY CORPORATION"),
    ("Hizb Allah", "HIZBALLAH"),
    ("Goodwill Company", "Good Will Company"),
    ("Brigade Forty-Four", "Brigade 44"),
    ("313 Brigade", "Brigade 313"),
    ("Sima Shpg Co", "SIMA SHIPPING COMPANY LIMITED"),
    ("Libyan Investment Auth.", "LIBYAN INVESTMENT AUTHORITY"),
    ("Sektor 7", "Sector 7"),
    ("Sector Seven", "Sector 7"),
    ("PLA", "People's Liberation Army"),
    ("Al Qaeda", "Al-Qa'ida/Islamic Army"),
]
OTHERS = [
    ("Octavian Scholz", "Olaf Scholz", PERSON),
    ("Boris Netanyahu", "Benjamin Netanyahu", PERSON),
    ("Omar Muhammad bin Uthman", "UTHMAN, Omar Mahmoud", PERSON),
    ("A. Nazarbayev", "Nursultan Nazarbayev", PERSON),
    ("Hans O Friedrich", "Hans Joachim Friedrich", PERSON),
    ("Sergey Ivanovich Lavrov", "Sergey Viktorovich Lavrov", PERSON),
    ("Saif Fulayyih Hassan Taha al-Mosuli", "Saif Fulayyih Hassan Taha al-Rawi", PERSON),
    ("Luiz Inácio Lula da Souza", "Luiz Inácio Lula da Silva", PERSON),
    ("习近朋", "习近平", PERSON),
    ("Vladimir", "Vladimir Vladimirovich Putin", PERSON),
    ("N.N.", "Nursultan Nazarbayev", PERSON),
    ("Iván García", "CRUZ, Juan M. de la", PERSON),
    ("Guoqiang Fang", "WANG, Guoying", PERSON),
    ("Kim Yong Mi", "KIM, Song", PERSON),
    ("Fatima Abdelrahman", "ABDERRAHMANE", PERSON),
    ("Jiang Zihan", "HAN, Jang Su", PERSON),
    ("Sunhee Shin", "SUNSHINE", FIRM),
    ("طارق وليد زيدان", "TODOROVIC, Stevan", PERSON),
    ("عمر كنعان", "MUROV, Yevgeny", PERSON),
    ("نادية شريف صباغ", "AL-UZBEKI, Jafar", PERSON),
    ("Saudi Arabian Gas Company", "Saudi Arabian Oil Company", FIRM),
    ("OJSC Tactical Kittens Corporation", "Tactical Missiles Corporation", FIRM),
    ("C.B.A. Company", "A.B.C. Company", FIRM),
    ("Bowne of Atlanta, Inc.", "Bowne of Boston, Inc.", FIRM),
]


@pytest.mark.parametrize(("asked", "listed"), [pair for pairs in SAME.values() for pair in pairs])
def test_one_person_however_written(asked: str, listed: str) -> None:
    hits = screen(index({"L": [Entity("1", (listed,), PERSON)]}), asked)
    assert [hit.entity.id for hit in hits] == ["1"], agreement(read(asked), read(listed, PERSON))


@pytest.mark.parametrize(("asked", "listed"), FIRMS)
def test_one_firm_however_written(asked: str, listed: str) -> None:
    assert screen(index({"L": [Entity("1", (listed,), FIRM)]}), asked)


@pytest.mark.parametrize(("asked", "listed", "kind"), OTHERS)
def test_others_with_a_like_name(asked: str, listed: str, kind: Kind) -> None:
    assert agreement(read(asked), read(listed, kind)).score < THRESHOLD
    assert not screen(index({"L": [Entity("1", (listed,), kind)]}), asked)


@pytest.mark.parametrize(
    ("asked", "how"),
    [
        ("Vladimir Putin", How.EXACT),
        ("Putin Vladimir", How.ORDER),
        ("Владимир Путин", How.SCRIPT),
        ("Vladimyr Putin", How.SPELLING),
        ("V Putin", How.INITIALS),
        ("Vova Putin", How.SHORT),
        ("VladimirPutin", How.SPACES),
        ("Vladimir Ivan Putin", How.MORE),
    ],
)
def test_the_reason_names_the_way(asked: str, how: How) -> None:
    assert how in agreement(read(asked), read("Vladimir Putin", PERSON)).how


def test_a_reason_is_a_sentence_with_both_spellings() -> None:
    (hit,) = screen(index({"UN": [Entity("1", ("Saddam Hussein",), PERSON)]}), "Sadam Husayn")
    assert hit.reason == ("«Saddam Hussein» on UN: another spelling; sadam for saddam, husayn for hussein.")


def test_birth_date_and_country_rank_and_never_clear() -> None:
    twins = [
        Entity("a", ("Ivan Petrov",), PERSON, ("1960-01-02",), ("RU",)),
        Entity("b", ("Ivan Petrov",), PERSON, ("1980",), ("BG",)),
    ]
    found = index({"L": twins})
    assert [hit.entity.id for hit in screen(found, "Ivan Petrov", "1980-05-05", ["BG"])] == ["b", "a"]
    assert [hit.entity.id for hit in screen(found, "Ivan Petrov", "1960-01-02", ["RU"])] == ["a", "b"]
    weak = index({"L": [Entity("a", ("Keir Starmer",), PERSON, ("1962",), ("GB",))]})
    (without,), (against,) = screen(weak, "Keir Starkey"), screen(weak, "Keir Starkey", "1999-01-01", ["FR"])
    assert THRESHOLD <= against.score <= without.score


def test_common_words_alone_are_nobody() -> None:
    crowd = [
        Entity(str(n), (f"Mohammed Ali {'abcdefghijklmnopqrstuvwxyz'[n % 26] * 2}ron{n}",), PERSON)
        for n in range(600)
    ]
    crowd.append(Entity("x", ("Mohammed Ali Hassan Rezaei",), PERSON))
    assert not screen(index({"L": crowd}), "Mohammed Ali")


def test_what_cannot_be_seen_goes_and_what_looks_alike_is_of_one_script() -> None:
    assert plain("Vla\u200bdi\u00admir\u202e") == "Vladimir"
    assert latin(plain("Рutin")) == "Putin"
    assert latin(plain("Путин")) == "Putin"


@pytest.mark.parametrize("text", ["", " ", "\x00", "!!!", "\u200b", "'", "🙂", "a" * 10_000, "x " * 5_000])
def test_what_is_no_name_is_no_trouble(text: str) -> None:
    assert screen(index({"L": [Entity("1", ("Ivan Petrov",), PERSON)]}), text) == ()


WORDS = st.text("abcdefghijklmnoprstuvyz", min_size=3, max_size=9) | st.sampled_from(sorted(NUMBERS))
NAMES = st.lists(WORDS, min_size=2, max_size=4, unique=True)


@settings(max_examples=60, deadline=None)
@given(NAMES, st.randoms(use_true_random=False))
def test_a_listed_name_always_finds_itself_in_any_order(words: list[str], draw: object) -> None:
    found = index({"L": [Entity("1", (" ".join(words),), PERSON)]})
    mixed = list(words)
    draw.shuffle(mixed)  # type: ignore[attr-defined]
    for asked in (words, mixed):
        hits = screen(found, " ".join(asked))
        assert [hit.score for hit in hits] == [1.0]


@settings(max_examples=60, deadline=None)
@given(NAMES, NAMES)
def test_screening_twice_is_the_same_and_scores_are_scores(one: list[str], other: list[str]) -> None:
    found = index({"L": [Entity("1", (" ".join(one),), PERSON)]})
    first = screen(found, " ".join(other), threshold=0.0)
    assert first == screen(found, " ".join(other), threshold=0.0)
    assert all(0 <= hit.score <= 1 for hit in first)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_may_be_asked_and_listed(asked: str, listed: str) -> None:
    found = index({"L": [Entity("1", (listed,))]})
    screen(found, asked)
    if read(listed).words:
        assert screen(found, listed), listed
