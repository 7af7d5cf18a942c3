"""From what is said to the words: languages, hostile arguments, Telegram's limits."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from jinja2 import UndefinedError

from bot.ports import Button, Message, Say
from handlers.words import ISOLATE, LONGEST, RELEASE, Words, alpha2, clean, clip, plain, units
from tests.botapi import check
from tests.edge import message, tiny_words


@pytest.fixture
def words(tmp_path: Path) -> Words:
    return tiny_words(tmp_path)


def hello(name: str) -> Message:
    return Message("seller", (Say("hello", {"name": name}),))


def test_says_stand_apart_by_an_empty_line(words: Words) -> None:
    said = Message("seller", (Say("hello", {"name": "Ada"}), Say("plain")))
    assert words.text("en", said) == "Hello <b>Ada</b>.\n\nA question?"


def test_a_repeat_is_marked(words: Words) -> None:
    assert words.text("en", message("plain"), again=True) == "(sent again)\n\nA question?"


@pytest.mark.parametrize(
    ("language", "key", "text"),
    [
        ("zh", "plain", "请问？"),
        ("zh-hans", "plain", "请问？"),
        ("zh_Hans_CN", "plain", "请问？"),
        ("zh", "only_english", "Only here."),
        ("sw", "plain", "A question?"),
        ("", "plain", "A question?"),
        ("../../etc/passwd", "plain", "A question?"),
    ],
)
def test_english_stands_in(words: Words, language: str, key: str, text: str) -> None:
    assert words.text(language, message(key)) == text


def test_words_that_nobody_wrote_are_an_error(words: Words) -> None:
    with pytest.raises(KeyError, match=r"no\.such"):
        words.text("en", message("no.such"))


def test_a_lacking_argument_is_an_error(words: Words) -> None:
    with pytest.raises(UndefinedError, match="name"):
        words.text("en", message("hello"))


@pytest.mark.parametrize(
    ("language", "code", "text"),
    [
        ("en", "DE", "Valid until January 2, 2030, Germany."),
        ("en", "DEU", "Valid until January 2, 2030, Germany."),
        ("en", "D<<", "Valid until January 2, 2030, Germany."),
        ("en", "UTO", "Valid until January 2, 2030, UTO."),
        ("zh", "DEU", "2030年1月2日，德国"),
    ],
)
def test_dates_and_countries_speak_the_language(words: Words, language: str, code: str, text: str) -> None:
    said = Message("seller", (Say("until", {"day": "2030-01-02T00:00:00+00:00", "code": code}),))
    assert words.text(language, said) == text


def test_a_misread_date_is_shown_as_it_was_read(words: Words) -> None:
    said = Message("seller", (Say("until", {"day": "2030-13-<b>", "code": "DE"}),))
    assert words.text("en", said) == "Valid until 2030-13-&lt;b&gt;, Germany."


@pytest.mark.parametrize(
    ("given_code", "code"),
    [("gb", "GB"), ("GBO", "GB"), ("RKS", "XK"), ("USA", "US"), ("", ""), ("UTO", "UTO")],
)
def test_country_codes_of_passports(given_code: str, code: str) -> None:
    assert alpha2(given_code) == code


@pytest.mark.parametrize(
    ("hostile", "text"),
    [
        ("<a href='x'>&", "Hello <b>&lt;a href=&#39;x&#39;&gt;&amp;</b>."),
        ("Ada\n\nApproved\tby staff", "Hello <b>Ada Approved by staff</b>."),
        ("A\u202eda\u0000\u200b\ufeff", "Hello <b>Ada</b>."),
        ("\ud800Ada", "Hello <b>Ada</b>."),
        ("عادة", f"Hello <b>{ISOLATE}عادة{RELEASE}</b>."),
        ("{{ name }}{% block x %}", "Hello <b>{{ name }}{% block x %}</b>."),
        ("José 李", "Hello <b>José 李</b>."),
    ],
)
def test_hostile_arguments_are_only_text(words: Words, hostile: str, text: str) -> None:
    assert words.text("en", hello(hostile)) == text


def test_line_breaks_stay_where_the_template_says_so(words: Words) -> None:
    said = Message("staff", (Say("story", {"text": "one\ntwo <b>\n\n\n\n\nthree\u202e"}),))
    assert words.text("en", said) == "one\ntwo &lt;b&gt;\n\nthree"


@pytest.mark.parametrize("text", ["<" * 5000, "👩‍👩‍👧" * 2000, "&amp;" * 1500, "x" * 4096])
def test_an_endless_argument_loses_its_end_not_the_message_its_markup(words: Words, text: str) -> None:
    rendered = words.text("en", hello(text))
    assert rendered.startswith("Hello <b>")
    assert rendered.endswith("…</b>.")
    check("sendMessage", {"chat_id": 7, "text": rendered, "parse_mode": "HTML"})


def test_too_much_said_at_once_is_cut_and_reported(words: Words, caplog: pytest.LogCaptureFixture) -> None:
    said = Message("seller", (Say("hello", {"name": "<b>Ada"}),) * 1000)
    rendered = words.text("en", said)
    assert LONGEST - 8 < units(plain(rendered)) <= LONGEST
    assert "too long" in caplog.text
    assert "Ada" not in caplog.text
    check("sendMessage", {"chat_id": 7, "text": rendered, "parse_mode": "HTML"})


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.lists(some.text(min_size=1, max_size=3000), min_size=1, max_size=4))
def test_telegram_takes_whatever_was_typed(words: Words, names: list[str]) -> None:
    said = Message("seller", tuple(Say("hello", {"name": name}) for name in names))
    check("sendMessage", {"chat_id": 7, "text": words.text("en", said), "parse_mode": "HTML"})


@given(some.text(), some.integers(2, 50))
def test_a_cut_text_is_as_long_as_allowed(text: str, longest: int) -> None:
    cut = clip(text, longest)
    assert cut == text or (units(cut) <= longest and cut.endswith("…"))
    assert units(text) <= longest or text.startswith(cut[:-1])


@given(some.text())
def test_what_is_clean_stays_as_it_is(text: str) -> None:
    once = clean(text)
    assert clean(once) == once


def test_labels_are_plain_and_short(words: Words) -> None:
    assert words.label("en", Button("legal_form.individual", "x")) == "I sell as a person"
    assert words.label("zh", Button("hello", "x", {"name": "A&B <3"})) == "Hello A&B <3."
    assert len(words.label("en", Button("hello", "x", {"name": "y" * 500}))) == 64


def test_english_is_needed(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"en\.j2"):
        Words(tmp_path)
