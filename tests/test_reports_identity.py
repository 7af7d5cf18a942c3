"""By which documents a report identifies its people: those that stand, and no others."""

from __future__ import annotations

import pytest

from bot.model import Examination, File, Key, Ruling, Submission, Verdict
from bot.reports.values import Element
from tests.test_reports import ALERT, LICENCE, drafted, seller
from tests.world import PASSPORT, START, World

OTHER = {**PASSPORT, "surname": "BABBAGE", "given_names": "CHARLES", "number": "B7654321", "sex": "M"}
YOUNGER = {**PASSPORT, "birth_date": "1971-12-26", "number": "B7654321", "sex": "M"}
EDITED = {**PASSPORT, "edited": "Photo Editor 9", "number": "B7654321"}
DAY = f"{START:%Y-%m-%d}"
NUMBERS = {"passport_number", "id_number", "identification"}


def sent(world: World, evidence: dict[str, str], who: int = 0) -> int:
    """An identity document, read; its sequence."""
    key = Key("identity", who)
    world.add(Submission(world.now, key, files=(File(f"file{len(world.case)}", "photo", size=1000),)))
    of = next(n for n, record in reversed([*world.case.records()]) if isinstance(record, Submission))
    world.add(Examination(world.now, key, of, "test", evidence))
    return of


def typed(world: World, **answers: str) -> None:
    for name, answer in answers.items():
        world.add(Submission(world.now, Key(name), answer))


def beginning() -> World:
    """A seller who has typed who they are, and an alert."""
    world = World()
    world.given(command="start")
    world.finish("identity")
    typed(world, full_name="Ada Lovelace", birth_date="1990-12-10")
    world.add(ALERT)
    return world


def people(world: World) -> list[dict[str, str]]:
    """Each person of the report: the text of their elements by name."""
    found: list[dict[str, str]] = []

    def walk(element: Element) -> None:
        if any(part.name == "last_name" for part in element.parts) and element.name != "reporting_person":
            found.append({part.name: whole(part) for part in element.parts})
        for part in element.parts:
            walk(part)

    walk(drafted(world).report)
    return found


def whole(element: Element) -> str:
    return element.text or " ".join(whole(part) for part in element.parts)


@pytest.mark.parametrize(
    ("evidence", "verdict", "remark"),
    [
        (OTHER, None, f"A passport in another name was sent on {DAY}"),
        (OTHER, Verdict.REJECT, f"A passport in another name was sent on {DAY}"),
        ({**OTHER, "expires_on": "2020-01-01"}, None, f"A passport in another name was sent on {DAY}"),
        ({**OTHER, "type": "id_card"}, None, f"An identity card in another name was sent on {DAY}"),
        (YOUNGER, None, f"A passport with another birth date was sent on {DAY}"),
        (EDITED, None, f"A passport that nobody has accepted yet was sent on {DAY}"),
        (EDITED, Verdict.REJECT, f"A passport that was not accepted was sent on {DAY}"),
        ({"type": "not_a_document"}, None, ""),
    ],
)
def test_nobody_is_identified_by_what_does_not_stand(
    evidence: dict[str, str], verdict: Verdict | None, remark: str
) -> None:
    world = beginning()
    of = sent(world, evidence)
    if verdict is not None:
        world.add(Ruling(world.now, Key("identity"), of, verdict, "tg:9"))
    (person,) = people(world)
    assert not NUMBERS & person.keys()
    assert (person["first_name"], person["last_name"]) in {("ADA", "LOVELACE"), ("Ada", "Lovelace")}
    assert person["birthdate"] == "1990-12-10T00:00:00"
    assert ("gender" in person, "nationality1" in person) == (False, evidence is EDITED and not verdict)
    assert person.get("comments", "") == remark
    assert "id_number" in {one.field for one in drafted(world).missing}
    assert "B7654321" not in str(drafted(world).report)


@pytest.mark.parametrize("evidence", [OTHER, EDITED])
def test_what_a_person_accepted_identifies(evidence: dict[str, str]) -> None:
    world = beginning()
    world.add(Ruling(world.now, Key("identity"), sent(world, evidence), Verdict.PASS, "tg:9"))
    (person,) = people(world)
    assert (person["passport_number"], person["id_number"]) == ("B7654321", "B7654321")
    assert person["comments"] == "Identified by passport B7654321 of GB, good until 2030-01-01"


def test_the_one_that_was_accepted_stays_whatever_is_sent_after_it() -> None:
    world = beginning()
    sent(world, LICENCE)
    for later in (OTHER, EDITED):
        sent(world, later)
    (person,) = people(world)
    assert person["id_number"] == "X1234567"
    assert person["comments"].split("; ") == [
        "Identified by driving licence X1234567 of GB, good until 2030-01-01",
        f"A passport in another name was sent on {DAY}",
        f"A passport that nobody has accepted yet was sent on {DAY}",
    ]


def test_one_that_has_run_out_since_still_identifies() -> None:
    world = beginning()
    sent(world, LICENCE)
    world.now = world.now.replace(year=2031)
    (person,) = people(world)
    assert person["id_number"] == "X1234567"


def test_a_name_typed_anew_takes_the_document_away() -> None:
    world = beginning()
    sent(world, LICENCE)
    typed(world, full_name="Charles Babbage")
    (person,) = people(world)
    assert not NUMBERS & person.keys()
    assert person["comments"] == f"A driving licence in another name was sent on {DAY}"


def test_owners_are_identified_by_what_stands_too(monkeypatch: pytest.MonkeyPatch) -> None:
    world = seller("company", monkeypatch)
    world.add(Submission(world.now, Key("owner"), "Charles Babbage"))
    who = world.standing().facts.people["owner"][-1]
    sent(world, EDITED | {"number": "B0000000"}, who)
    owner = next(one for one in people(world) if one["last_name"] == "Babbage")
    assert not NUMBERS & owner.keys()
    assert owner["comments"] == f"A passport in another name was sent on {DAY}"
    sent(world, OTHER, who)
    owner = next(one for one in people(world) if one["last_name"] == "BABBAGE")
    assert owner["id_number"] == "B7654321"
