"""English: every word that the code can say is there, and renders whatever is put into it."""

from __future__ import annotations

import re
from itertools import chain
from pathlib import Path

import jinja2
import pytest
from jinja2 import meta, nodes

from bot import speech, staff
from bot.checks import face
from bot.checks.picture import SELLERS
from bot.cli.serve import MENU, QUIET_MENU, STAFF_MENU
from bot.conversation import NO_ANSWERS
from bot.documents import REQUIREMENTS, Question
from bot.holds import TELEGRAM
from bot.model import CaseId, Outcome, Stage, Tier
from bot.monitoring import RULES
from bot.ports import Button, Message, Parcel, Say
from bot.staff.roles import ANOTHER, MAY, OWN, QUIETLY, REASONS, UNSURE
from bot.standing import OURS
from handlers.telegram.calls import send
from handlers.words import TEMPLATES, Words
from tests.botapi import check

WORDS = Words()
BOT = Path(__file__).parent.parent / "bot"
SOURCE = "\n".join(path.read_text() for path in BOT.rglob("*.py") if "readers" not in path.parts)


SHOWN = {
    "quiet",
    "quiet_show",
    "tier_low",
    "tier_medium",
    "tier_high",
}  # presses that no button of its own makes


def _said() -> set[str]:
    """Every key that the code can say, from its text and its tables."""
    keys = set(re.findall(r'(?:Say|_say)\(\s*"([\w.]+)"', SOURCE))
    keys |= {f"unclear.{code}" for code in re.findall(r'Unclear\("(\w+)"', SOURCE)}
    for code, verdict in re.findall(r'Finding\(\s*"([\w.]+)", Verdict\.(\w+)', SOURCE):
        keys |= {f"finding.{code}"} | ({f"refused.{code}"} if verdict == "REJECT" else set())
    keys |= {f"{kind}.unread.{code}" for code in SELLERS for kind in ("finding", "refused")}
    faces = {*(f"selfie.{code}" for code in face.SELLERS), *(f"turns.{code}" for code in face.TURNS)}
    keys |= {f"{kind}.{code}" for code in faces for kind in ("finding", "refused")}
    keys |= {f"{kind}.{stage}" for stage in Stage for kind in ("stage", "status")}
    keys |= {f"other.{kind}" for kind in (*NO_ANSWERS, "unknown")} | {
        f"card.{outcome}" for outcome in Outcome
    }
    keys |= {f"refused.{reason}" for reason in (*staff.REFUSALS, OWN, ANOTHER)}
    given = (reasons for action, reasons in REASONS.items() if action not in QUIETLY)
    keys |= {f"reason.{reason}" for reason in (*chain(*given), *UNSURE, OWN)}
    keys |= {f"change.{state}" for state in OURS}
    keys |= {f"card.choose.{action}" for action in (*(REASONS.keys() - set(QUIETLY)), "ask")}
    keys |= {
        f"card.button.{action}"
        for action in (*(MAY.keys() - {"card", "show", *QUIETLY}), "anyway", "back", "console")
    }
    keys |= {f"remind.{thread}" for thread in re.findall(r'Nudge\(\w+, "(\w+)"', SOURCE)}
    keys |= {f"alert.{rule.name}" for rule in RULES}
    keys |= {f"quiet.{name}" for name in ("head", "nothing", "asked", "dismissed", "reported", "choose.tier")}
    keys |= {f"quiet.{outcome}" for outcome in ("decline", "suspend", "agree", "filed", "not_to_report")}
    keys |= {f"quiet.button.{tap}" for tap in QUIETLY if tap not in SHOWN}
    explained = REASONS.keys() & set(QUIETLY)
    keys |= {f"quiet.choose.{action}" for action in explained}
    keys |= {
        f"quiet.reason.{reason}"
        for reason in (*chain(*(REASONS[action] for action in explained)), OWN, *Tier)
    }
    keys |= {f"grew.{why}" for why in speech.GROWS}
    keys |= set(re.findall(r'Button\(\s*"([\w.]+)"', SOURCE))
    for name, requirement in REQUIREMENTS.items():
        keys |= {f"ask.{name}"} if name != TELEGRAM.requirement else set()  # nobody is ever asked for it
        if isinstance(requirement, Question):
            keys |= (
                {f"heard.{name}"}
                if requirement.options or requirement.typed or requirement.contact
                else set()
            )
            keys |= {*(f"{name}.{option}" for option in requirement.options)}
    return keys


@pytest.mark.parametrize("key", sorted(_said()))
def test_every_word_is_there(key: str) -> None:
    assert key.replace(".", "__") in WORDS.keys()  # noqa: SIM118 - a method that takes a language


def test_no_word_is_left_over() -> None:
    dynamic = {
        "staff.second_person",
        "staff.another_person",
        "button.contact",
        "country.option",
        "again",
        "satisfied",
        "pending",
        "checking",
        "none.heard",
    }
    dynamic |= {"status.change", "status.remove", *(f"menu.{name}" for name in MENU)}
    dynamic |= {f"menu.staff.{name}" for name in STAFF_MENU}
    dynamic |= {f"menu.quiet.{name}" for name in QUIET_MENU}
    dynamic |= {"command.help", "command.privacy", "command.cancel", "command.language"}
    dynamic |= {"finding.name_near", "finding.name_differs", "finding.same_document", "finding.same_picture"}
    dynamic |= {f"law.{name}" for name in speech.LAWS}
    dynamic |= {
        "card.paper",
        "list.show",
        "film.please",
        "button.ready",
        "button.turns_again",
        "button.cannot",
        "button.no_document",
        "insist.picture",
    }
    known = {key.replace(".", "__") for key in _said() | dynamic}
    assert WORDS.keys() - known == set()


HOSTILE = (
    "<b>bold</b> & <script>alert(1)</script>",
    "\u202eright to left\u202c \u0645\u0631\u062d\u0628\u0627",
    "\U0001f600" * 2000,
    "x" * 4096,
    "{{ 7 * 7 }} {% raw %}",
    "",
)
PLAIN = {"state": "satisfied", "stage": "approved", "step": "1", "days": "3", "n": "3", "total": "9"}
JINJA = jinja2.Environment(autoescape=True)
JINJA.filters |= dict.fromkeys(("date", "country", "countries", "lines"), str)
TREE = JINJA.parse((TEMPLATES / "en.j2").read_text())


def _names() -> set[str]:
    """Every argument that any block takes."""
    return meta.find_undeclared_variables(TREE) - {macro.name for macro in TREE.find_all(nodes.Macro)}


@pytest.mark.parametrize("hostile", HOSTILE, ids=["html", "bidi", "emoji", "long", "template", "empty"])
def test_every_block_renders_whatever_was_typed(hostile: str) -> None:
    args = dict.fromkeys(_names(), hostile) | PLAIN
    for block in sorted(WORDS.keys()):
        message = Message("seller", (Say(block, args),), ((Button(block, "a:1:x:y", args),),))
        if not WORDS.text("en", message):
            message = Message("seller", (Say("stale"), *message.says), message.buttons)
        call = send(Parcel(1, CaseId("c"), "tg:1", "en", message), WORDS, 1)
        label = call.payload["reply_markup"]["inline_keyboard"][0][0]
        label["text"] = label["text"] or "empty"
        check(call.method, call.payload)
        assert "alert(1)</" not in call.payload["text"], block
        assert "49" not in call.payload["text"] or "{{" not in hostile, block
