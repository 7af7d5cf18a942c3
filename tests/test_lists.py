"""Files of watchlists: what each format says, recognised by content; hostile ones; and the command line."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import os
import re
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.cli import lists
from bot.cli.doctor import doctor
from bot.cli.loading import entity_of, watchlists
from bot.cli.store import opened
from bot.readers.lists import ListFileError, Part, parse
from bot.readers.lists.record import country, days
from bot.screening import Entity, Kind, index, screen
from bot.settings import Settings

SDN = (
    '7001,"PETROV, Ivan","individual","TEST",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"DOB 12 Feb 1973; alt. DOB 1974;'
    " POB Sofia, Bulgaria; nationality Bulgaria; a.k.a. 'VANYA'.\"\r\n"
    '7002,"GOLDEN STAR TRADING LTD.",-0- ,"TEST",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n'
    '7003,"SEA WOLF","vessel","TEST",-0- ,"ABCD","Bulk Cargo",-0- ,-0- ,"Panama",-0- ,-0- \r\n\x1a'
)
ALT = '7001,1,"aka","PETROFF, Iwan",-0- \r\n7002,2,"fka","GOLD STAR",-0- \r\n'
ADD = '7002,1,"1 Main Street","Nicosia","Cyprus",-0- \r\n7001,2,-0- ,-0- ,"Russia",-0- \r\n'

UN = """<?xml version="1.0" encoding="UTF-8"?>
<CONSOLIDATED_LIST><INDIVIDUALS><INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>IVAN</FIRST_NAME>
<SECOND_NAME>PETROV</SECOND_NAME><UN_LIST_TYPE>DRC</UN_LIST_TYPE><REFERENCE_NUMBER>CDi.900</REFERENCE_NUMBER>
<NAME_ORIGINAL_SCRIPT>Иван Петров</NAME_ORIGINAL_SCRIPT><NATIONALITY><VALUE>Iran (Islamic Republic of)</VALUE></NATIONALITY>
<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Iwan Petroff</ALIAS_NAME></INDIVIDUAL_ALIAS>
<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1970</FROM_YEAR><TO_YEAR>1971</TO_YEAR></INDIVIDUAL_DATE_OF_BIRTH>
</INDIVIDUAL></INDIVIDUALS><ENTITIES><ENTITY><FIRST_NAME>GOLDEN STAR</FIRST_NAME><REFERENCE_NUMBER>CDe.900</REFERENCE_NUMBER>
<ENTITY_ADDRESS><COUNTRY>Cyprus</COUNTRY></ENTITY_ADDRESS></ENTITY></ENTITIES></CONSOLIDATED_LIST>"""

EU = """<?xml version="1.0" encoding="UTF-8"?>
<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2026-01-01T00:00:00">
<sanctionEntity euReferenceNumber="EU.1.1" logicalId="1"><remark>A remark</remark><regulation programme="RUS"/>
<subjectType code="person" classificationCode="P"/>
<nameAlias firstName="Ivan" middleName="" lastName="Petrov" wholeName="Ivan Petrov" function="Minister"/>
<nameAlias firstName="Iwan" middleName="I" lastName="Petroff" wholeName=""/>
<citizenship countryIso2Code="BG" countryDescription="BULGARIA"/>
<birthdate birthdate="1973-02-12" year="1973" circa="false"/></sanctionEntity></export>"""

UK_XML = """<?xml version="1.0" encoding="utf-8"?><Designations><DateGenerated>01/01/2026</DateGenerated><Designation>
<UniqueID>RUS0001</UniqueID><OFSIGroupID>1</OFSIGroupID><Names><Name><Name1>Ivan</Name1><Name6>Petrov</Name6>
<NameType>Primary Name</NameType></Name><Name><Name6>Petroff</Name6><NameType>Alias</NameType></Name></Names>
<NonLatinNames><NonLatinName><NameNonLatinScript>Иван Петров</NameNonLatinScript></NonLatinName></NonLatinNames>
<RegimeName>Russia</RegimeName><IndividualEntityShip>Individual</IndividualEntityShip><IndividualDetails><Individual>
<DOBs><DOB>12/02/1973</DOB><DOB>dd/mm/1974</DOB></DOBs><Nationalities><Nationality>Bulgaria</Nationality></Nationalities>
</Individual></IndividualDetails></Designation></Designations>"""

UK_CSV = """Report Date: 01-Jan-2026
Last Updated,Unique ID,OFSI Group ID,UN Reference Number,Name 6,Name 1,Name 2,Name type,Name non-latin script,Regime Name,Designation Type,D.O.B,Nationality(/ies),Address Country
01/01/2026,RUS0001,1,,Petrov,Ivan,,Primary Name,Иван Петров,Russia,Individual,12/02/1973,Bulgaria,Russia
01/01/2026,RUS0001,1,,Petroff,Iwan,,Alias,,Russia,Individual,,,
"""

ADVANCED = """<?xml version="1.0" encoding="utf-8"?><Sanctions xmlns="http://www.un.org/sanctions/1.0"><ReferenceValueSets>
<CountryValues><Country ID="1" ISO2="BG">Bulgaria</Country></CountryValues>
<FeatureTypeValues><FeatureType ID="8">Birthdate</FeatureType><FeatureType ID="10">Nationality Country</FeatureType></FeatureTypeValues>
<ListValues><List ID="1550">SDN List</List></ListValues>
<PartySubTypeValues><PartySubType ID="4" PartyTypeID="1">Unknown</PartySubType></PartySubTypeValues>
<PartyTypeValues><PartyType ID="1">Individual</PartyType></PartyTypeValues></ReferenceValueSets>
<Locations><Location ID="77"><LocationCountry CountryID="1"/></Location></Locations>
<DistinctParties><DistinctParty FixedRef="7001"><Profile ID="7001" PartySubTypeID="4"><Identity ID="1" Primary="true">
<Alias Primary="false"><DocumentedName><DocumentedNamePart><NamePartValue>Петров</NamePartValue></DocumentedNamePart>
<DocumentedNamePart><NamePartValue>Иван</NamePartValue></DocumentedNamePart></DocumentedName></Alias>
<Alias Primary="true"><DocumentedName><DocumentedNamePart><NamePartValue>Petrov</NamePartValue></DocumentedNamePart>
<DocumentedNamePart><NamePartValue>Ivan</NamePartValue></DocumentedNamePart></DocumentedName></Alias></Identity>
<Feature FeatureTypeID="8"><FeatureVersion><DatePeriod><Start><From><Year>1973</Year><Month>2</Month><Day>12</Day></From></Start></DatePeriod></FeatureVersion></Feature>
<Feature FeatureTypeID="10"><FeatureVersion><VersionLocation LocationID="77"/></FeatureVersion></Feature>
</Profile></DistinctParty></DistinctParties>
<SanctionsEntries><SanctionsEntry ProfileID="7001" ListID="1550"><SanctionsMeasure><Comment>TEST</Comment></SanctionsMeasure></SanctionsEntry></SanctionsEntries>
</Sanctions>"""

FTM = "\n".join(
    json.dumps(row)
    for row in (
        {
            "id": "Q1", "schema": "Person", "caption": "Ivan Petrov", "datasets": ["xx_test"], "target": True,
            "properties": {
                "name": ["Ivan Petrov"], "alias": ["Иван Петров"], "birthDate": ["1973-02-12"], "nationality": ["bg"]
            },
        },
        {"id": "Q2", "schema": "Sanction", "properties": {"program": ["X"]}},
    )
)  # fmt: skip
SIMPLE = (
    '"id","schema","name","aliases","birth_date","countries","addresses","identifiers","sanctions","dataset"\n'
    '"Q1","Person","Ivan Petrov","Иван Петров;""Petroff; Iwan""","1973-02-12","bg;ru","","","Reg","Test List"\n'
)
FORMATS = {
    "sdn.csv": (SDN, "OFAC SDN", "7001"),
    "sdn_advanced.xml": (ADVANCED, "OFAC SDN", "7001"),
    "un": (UN, "UN", "CDi.900"),
    "eu": (EU, "EU", "EU.1.1"),
    "uk.xml": (UK_XML, "UK", "RUS0001"),
    "uk.csv": (UK_CSV, "UK", "RUS0001"),
    "ftm": (FTM, "OpenSanctions xx_test", "Q1"),
    "simple": (SIMPLE, "OpenSanctions Test List", "Q1"),
}


@pytest.mark.parametrize(("text", "list_", "id_"), FORMATS.values(), ids=FORMATS)
def test_each_format_gives_names_birth_and_countries(text: str, list_: str, id_: str) -> None:
    for data in (text.encode(), b"\xef\xbb\xbf" + text.encode(), gzip.compress(text.encode())):
        found = parse(data, "whatever.bin")
        first = found.records[0]
        assert (found.list, found.part, first.id, first.kind) == (list_, "main", id_, "person")
        assert {"petrov", "ivan"} <= set(first.names[0].lower().replace(",", "").split())
        assert len(first.names) >= 2
        assert {day[:4] for day in first.born} & {"1973", "1970"}
        assert set(first.countries) & {"BG", "IR"}


def test_ofac_csv_in_its_three_files() -> None:
    main, alt, add = (parse(text.encode()) for text in (SDN, ALT, ADD))
    assert [part.part for part in (main, alt, add)] == ["main", "alt", "add"]
    assert [record.kind for record in main.records] == ["person", "organisation", "vessel"]
    assert main.records[0].names == ["PETROV, Ivan", "VANYA"]
    assert main.records[0].born == ["1973-02-12", "1974"]
    assert [record.names for record in alt.records] == [["PETROFF, Iwan"], ["GOLD STAR"]]
    assert [record.countries for record in add.records] == [["CY"], ["RU"]]
    assert parse(SDN.encode(), "cons_prim.csv").list == "OFAC non-SDN"


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("12 Feb 1973", ["1973-02-12"]),
        ("circa 1971", ["1971"]),
        ("Sep 1958", ["1958-09"]),
        ("1956 to 1957", ["1956", "1957"]),
        ("1956 to 1959", ["1956", "1957", "1958", "1959"]),
        ("between 1956 and 1958", ["1956", "1957", "1958"]),
        ("01 Jan 1961 to 31 Dec 1963", ["1961", "1962", "1963"]),
        ("01 Jan 1973 to 31 Dec 1973", ["1973"]),
        ("26 Sep 1946 to 07 Dec 1946", ["1946"]),
        ("01 Feb 1960 to 29 Feb 1960", ["1960-02"]),
        ("1950 to 1964", [str(year) for year in range(1950, 1965)]),
        ("1950 to 1965", []),
        ("1959 to 1956", []),
        ("00/00/1954", ["1954"]),
        ("dd/mm/1974", ["1974"]),
        ("31/02/1954", ["1954"]),
        ("1954-08-19", ["1954-08-19"]),
        ("", []),
        ("unknown", []),
    ],
)
def test_dates_as_lists_write_them(written: str, iso: list[str]) -> None:
    assert days(written) == iso


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Cuba", "CU"),
        ("Korea, North", "KP"),
        ("gb", "GB"),
        ("Syrian Arab Republic", "SY"),
        ("undetermined", ""),
        ("", ""),
    ],
)
def test_countries_as_lists_write_them(written: str, code: str) -> None:
    assert country(written) == code


UN_BORN = "<FROM_YEAR>{}</FROM_YEAR><TO_YEAR>{}</TO_YEAR>"
EU_BORN = '<birthdate yearRangeFrom="{}" yearRangeTo="{}" circa="false"/>'
OFAC_BORN = (
    "<DatePeriod><Start><From><Year>{0}</Year><Month>1</Month><Day>1</Day></From></Start>"
    "<End><To><Year>{1}</Year><Month>12</Month><Day>31</Day></To></End></DatePeriod>"
)
PERIODS = {
    "UN": (UN, re.compile("<FROM_YEAR>.*</TO_YEAR>"), UN_BORN),
    "EU": (EU, re.compile("<birthdate .*?/>"), EU_BORN),
    "OFAC": (ADVANCED, re.compile("<DatePeriod>.*</DatePeriod>"), OFAC_BORN),
    "OFAC's CSV": (SDN, re.compile("DOB 12 Feb 1973; alt. DOB 1974"), "DOB {} to {}"),
}


@pytest.mark.parametrize(("text", "where", "born"), PERIODS.values(), ids=PERIODS)
def test_who_was_born_within_a_range_is_not_told_apart_by_it(
    text: str, where: re.Pattern[str], born: str
) -> None:
    def hits(first: int, last: int, day: str) -> tuple[tuple[str, ...], str]:
        (record, *_) = parse(where.sub(born.format(first, last), text, count=1).encode()).records
        (hit,) = screen(index({"L": [entity_of(record)]}), "Ivan Petrov", day)
        return tuple(record.born), hit.reason

    years, reason = hits(1970, 1973, "1972-05-04")
    assert years == ("1970", "1971", "1972", "1973")
    assert "the birth date agrees" in reason
    assert "born 1970" in hits(1970, 1973, "1974-05-04")[1]
    wide, silent = hits(1950, 1980, "1972-05-04")
    assert (wide, "born" in silent or "birth" in silent) == ((), False)
    assert hits(1972, 1972, "1972-05-04")[0] == ("1972",)


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
HOSTILE = {
    "billion laughs": UN.replace("<CONSOLIDATED", LAUGHS + "<CONSOLIDATED", 1).replace("IVAN", "&b;"),
    "outside entity": UN.replace(
        "<CONSOLIDATED", '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><CONSOLIDATED', 1
    ).replace("IVAN", "&a;"),
    "far doctype": UN.replace("<CONSOLIDATED", "<!--" + "x" * 5000 + "-->" + LAUGHS + "<CONSOLIDATED", 1),
    "cut short": UN[:-200],
    "deep": "<CONSOLIDATED_LIST>" + "<a>" * 5000 + "</a>" * 5000 + "</CONSOLIDATED_LIST>",
    "other xml": "<html><body/></html>",
    "other csv": "a,b,c\n1,2,3\n",
    "no entities": "<CONSOLIDATED_LIST/>",
    "broken json": '{"id": 1',
    "odd json": '{"schema": "Person", "properties": [1]}',
    "nothing": "",
    "zeros": "\x00" * 100,
    "fake zip": "PK\x03\x04 nothing",
    "endless lines": '{"schema": "Person", "properties": ' + "[" * 100_000,
    "endless number": '{"id": ' + "9" * 5_000 + "}",
    "no object": '{"schema": ["Person"]}',
    "far odd row": SDN * 30 + '7001,"' + "x" * 200_000,
    "half a line": SIMPLE.replace("bg;ru", "bg\rru"),
}


def _zipped(*members: tuple[str, str], locked: bool = False, method: int = 0) -> bytes:
    """An archive; its flags and its way of packing may lie."""
    with io.BytesIO() as file:
        with zipfile.ZipFile(file, "w") as archive:
            for name, text in members:
                archive.writestr(name, text)
        data = bytearray(file.getvalue())
    if members:
        listed = data.index(b"PK\x01\x02")
        data[listed + 8], data[listed + 10] = locked, method
    return bytes(data)


PAGE = "\n<!DOCTYPE html>\n<html><head><title>Service unavailable</title></head></html>"
REFUSED = {
    "empty": (b"", "it is empty"),
    "blank": (b" \r\n\n", "it is empty"),
    "page": (PAGE.encode(), "it is a web page"),
    "plain page": (b"<!-- x --><HTML lang='en'>", "it is a web page"),
    "UTF-16": (SDN.encode("utf-16"), "save it as UTF-8"),
    "UTF-16 without mark": (SDN.encode("utf-16-be"), "save it as UTF-8"),
    "UTF-16 XML": (UN.replace("UTF-8", "UTF-16").encode("utf-16"), "save it as UTF-8"),
    "no file": (_zipped(), "without a file"),
    "folder": (_zipped(("lists/", "")), "without a file"),
    "locked": (_zipped(("sdn.csv", SDN), locked=True), "it is locked with a password"),
    "odd packing": (_zipped(("sdn.csv", SDN), method=99), "cannot be unpacked: .*not supported"),
    "page in a zip": (_zipped(("sdn.csv", PAGE)), "it is a web page"),
    "cut": (UN[:-200].encode(), "it is no whole XML: line 7"),
    "entity": (UN.replace("IVAN", "&who;").encode(), "it is no whole XML"),
    "bomb": (HOSTILE["billion laughs"].encode(), "it has a DTD"),
    "huge line": (b"7001," + b"A" * 5_000_000, "it is no CSV: field larger"),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_list_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(ListFileError):
        parse(text.encode())


@pytest.mark.parametrize(("data", "why"), REFUSED.values(), ids=REFUSED)
def test_why_it_is_refused_is_said_and_the_code_is_2(
    data: bytes, why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "sdn.csv").write_bytes(data)
    assert _run(_settings(tmp_path / "home"), "lists", "load", str(tmp_path / "sdn.csv")) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert re.match(f"kycbot: sdn.csv: .*{why}", line)


def test_what_is_odd_in_an_entity_is_left_out() -> None:
    odd = r'{"id": 5, "schema": "Person", "datasets": ["a\ud800"], "properties": {"name": [null, {}, "Ann \ud800"]}}'
    found = parse(odd.encode())
    assert found.list == "OpenSanctions a?"
    assert [(record.id, record.names) for record in found.records] == [("5", ["Ann ?"])]


def test_a_list_may_lie_in_a_folder_of_an_archive() -> None:
    assert parse(_zipped(("lists/", ""), ("lists/sdn.csv", SDN))).list == "OFAC SDN"


def test_names_are_expected_where_nothing_can_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", None)  # as the interpreter has it where it is closed
    assert _run(_settings(tmp_path / "home"), "screen", "--json") == 2
    assert "standard input" in capsys.readouterr().err


def _settings(home: Path) -> Settings:
    return Settings(kyc_home=home, _env_file=None)


def _run(settings: Settings, *arguments: str) -> int:
    import argparse

    parser = argparse.ArgumentParser()
    lists.add(parser.add_subparsers(required=True))
    asked = parser.parse_args(arguments)
    return int(asked.do(settings, asked))


def _screened(
    settings: Settings, text: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> list[dict[str, object]]:
    capsys.readouterr()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert _run(settings, "screen", "--json") == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_load_tells_what_changed_and_screen_answers_line_by_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = _settings(tmp_path / "home")
    assert _run(settings, "screen", "--json") == 2
    assert "no list is loaded" in capsys.readouterr().err
    for name, text in (("b", ALT), ("a", SDN), ("c", ADD), ("d", UN)):
        (tmp_path / name).write_text(text)
    files = [str(tmp_path / name) for name in "bacd"]
    assert _run(settings, "lists", "load", *files) == 0
    assert "OFAC SDN: 3 added, 0 removed, 0 changed, 3 entries" in capsys.readouterr().out
    assert _run(settings, "lists", "load", *reversed(files)) == 0
    assert capsys.readouterr().out.count("nothing changed") == 2
    (tmp_path / "a").write_text(SDN.replace("7003", "7004").replace("12 Feb", "13 Feb"))
    assert _run(settings, "lists", "load", str(tmp_path / "a")) == 0
    out = capsys.readouterr().out
    assert "1 added, 1 removed, 1 changed" in out
    assert ("+ 7004  SEA WOLF" in out, "- 7003  SEA WOLF" in out, "~ 7001  PETROV, Ivan" in out) == (
        True,
    ) * 3
    answers = _screened(
        settings, "Iwan Petroff\t1973-02-13\tRussia\nnobody at all\n\nИван Петров\n", monkeypatch, capsys
    )
    assert [answer["name"] for answer in answers] == ["Iwan Petroff", "nobody at all", "", "Иван Петров"]
    first = answers[0]["hits"]
    assert isinstance(first, list)
    assert [(hit["entity"], hit["list"]) for hit in first] == [("7001", "OFAC SDN"), ("CDi.900", "UN")]
    assert set(first[0]) == {"entity", "matched", "list", "score", "reason"}
    assert answers[1]["hits"] == answers[2]["hits"] == []
    assert [answer.get("unreadable", False) for answer in answers] == [False, False, True, False]
    assert [answer.get("unread") for answer in answers] == [None] * 4
    (lost,) = _screened(settings, "Iwan Petroff\tthe 31st\tAtlantis\n", monkeypatch, capsys)
    assert lost["unread"] == ["born", "country"]
    assert _run(settings, "lists", "show") == 0
    shown = {line.split()[0]: line.split()[-1] for line in capsys.readouterr().out.splitlines()}
    assert (shown["OFAC"], shown["UN"]) == ("a", files[-1].rpartition("/")[2])
    (tmp_path / "d").write_text(
        UN.replace("<CONSOLIDATED_LIST", '<CONSOLIDATED_LIST dateGenerated="2026-02-27T00:00:09Z"')
    )
    assert _run(settings, "lists", "load", str(tmp_path / "d")) == 0
    assert _run(settings, "lists", "show") == 0
    head, *rows = capsys.readouterr().out.splitlines()[1:]
    assert head.split() == ["list", "part", "entries", "loaded", "made", "on", "from"]
    made = {row.split()[0]: row.partition(" UTC  ")[2].split() for row in rows}
    assert (made["OFAC"], made["UN"]) == (["-", "a"], ["2026-02-27", "d"])


def _many(number: int) -> str:
    first = SDN.splitlines()[0]
    return "\n".join(first.replace("7001", str(9000 + n)) for n in range(number)) + "\n"


def test_a_list_that_lost_a_fifth_is_asked_about(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = _settings(tmp_path / "home")
    file, un = tmp_path / "sdn.csv", tmp_path / "un.xml"
    un.write_text(UN)
    for number, extra, code, said in (
        (300, (), 0, "300 added"),
        (241, (), 0, "59 removed"),
        (193, (), 0, "48 removed"),
        (142, (str(un),), 2, "OFAC SDN would lose 51 of 193 entries; is the file whole?"),
        (142, ("--anyway",), 0, "51 removed"),
    ):
        file.write_text(_many(number))
        assert _run(settings, "lists", "load", str(file), *extra) == code, number
        printed = capsys.readouterr()
        assert said in printed.out + printed.err
        assert "UN" not in printed.out  # stored by none of a call that is refused


def test_an_alias_file_alone_is_a_list_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = _settings(tmp_path / "home")
    (tmp_path / "alt").write_text(ALT)
    assert _run(settings, "lists", "load", str(tmp_path / "alt")) == 0
    (answer,) = _screened(settings, "Iwan Petroff\n", monkeypatch, capsys)
    assert answer["hits"]


def test_a_whole_list_takes_the_place_of_the_parts_that_it_came_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = _settings(tmp_path / "home")
    for name, text in (("sdn.csv", SDN), ("alt.csv", ALT), ("sdn.xml", ADVANCED)):
        (tmp_path / name).write_text(text)
    assert _run(settings, "lists", "load", str(tmp_path / "sdn.csv"), str(tmp_path / "alt.csv")) == 0
    assert _run(settings, "lists", "load", str(tmp_path / "sdn.xml")) == 0
    capsys.readouterr()
    assert _run(settings, "lists", "show") == 0
    shown = [line.split()[2:4] for line in capsys.readouterr().out.splitlines()[1:]]
    assert shown == [["alt", "0"], ["main", "1"]]


def test_a_list_is_retired_and_what_is_found_in_it_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = _settings(tmp_path / "home")
    assert _run(settings, "lists", "remove", "UN") == 2
    assert capsys.readouterr().err == "kycbot: no list UN is loaded; none is loaded\n"
    for name, text in (("sdn.csv", SDN), ("alt.csv", ALT), ("un.xml", UN)):
        (tmp_path / name).write_text(text)
    files = [str(tmp_path / name) for name in ("sdn.csv", "alt.csv", "un.xml")]
    assert _run(settings, "lists", "load", *files) == 0
    capsys.readouterr()
    assert _run(settings, "lists", "remove", "OFAC") == 2
    assert capsys.readouterr().err == "kycbot: no list OFAC is loaded; loaded: OFAC SDN, UN\n"
    assert _run(settings, "lists", "remove", "OFAC SDN") == 0
    *gone, last = capsys.readouterr().out.splitlines()
    assert gone[0] == "  - 7001  PETROV, Ivan"
    assert (len(gone), last) == (3, "OFAC SDN: it is retired, and 3 entries went with it")
    (answer,) = _screened(settings, "Ivan Petrov\n", monkeypatch, capsys)
    assert isinstance(answer["hits"], list)
    assert [hit["list"] for hit in answer["hits"]] == ["UN"]
    assert _run(settings, "lists", "show") == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["list", "UN"]
    assert _run(settings, "lists", "remove", "OFAC SDN") == 2
    assert _run(settings, "lists", "remove", "UN") == 0
    assert _run(settings, "lists", "show") == 0
    assert capsys.readouterr().out.splitlines()[-1] == "No list is loaded: nobody is approved by machine."
    assert _run(settings, "lists", "load", files[0]) == 0
    assert "OFAC SDN: 3 added, 0 removed" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (None, "none is loaded"),
        (8, "older than 7 days"),
        (6, "each within 7 days"),
        (-400, "a time that is yet to come"),
    ],
)
def test_the_doctor_says_when_no_list_is_fresh(tmp_path: Path, age: int | None, words: str) -> None:
    settings = _settings(tmp_path / "home")
    asyncio.run(opened(settings, create=True).close())

    async def load(at: datetime) -> None:
        async with watchlists(settings) as kept:
            await kept.load("L", {"main": {"1": Entity("1", ("Ann",))}}, at, "file")

    if age is not None:
        asyncio.run(load(datetime.now(UTC) - timedelta(days=age)))
    said: list[str] = []
    doctor(settings, said.append)
    assert words in said[-1]


@pytest.mark.parametrize(
    ("ages", "said"),
    [
        ((-2, 0), "A list was loaded at a time that is yet to come"),
        ((0, -2), "A list was loaded at a time that is yet to come"),
        ((8, 0), "A list was last loaded more than 7 days ago"),
        ((0, 6), None),
    ],
)
def test_what_was_loaded_in_a_time_to_come_is_not_fresh(
    tmp_path: Path, ages: tuple[int, int], said: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = _settings(tmp_path / "home")

    async def load() -> None:
        async with watchlists(settings) as kept:
            for part, age in zip(("main", "alt"), ages, strict=True):
                at = datetime.now(UTC) - timedelta(days=age)
                await kept.load("L", {part: {"1": Entity("1", ("Ann",))}}, at, "file")

    asyncio.run(load())
    assert _run(settings, "lists", "show") == 0
    lines = capsys.readouterr().out.splitlines()[3:]
    assert [line.partition(",")[0].partition(":")[0] for line in lines] == ([said] if said else [])
    assert all(line.endswith(": nobody is approved by machine.") for line in lines)


@pytest.mark.parametrize(("ahead", "told"), [(0, False), (1, False), (2, True), (4000, True)])
def test_a_list_made_in_a_time_to_come_is_taken_and_told_of(
    tmp_path: Path, ahead: int, told: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = _settings(tmp_path / "home")
    day = f"{datetime.now(UTC) + timedelta(days=ahead):%Y-%m-%d}"
    (tmp_path / "eu.xml").write_text(EU.replace("2026-01-01", day))
    assert _run(settings, "lists", "load", str(tmp_path / "eu.xml")) == 0
    printed = capsys.readouterr()
    assert "EU: 1 added" in printed.out
    assert (f"eu.xml: it was made on {day}, which is yet to come" in printed.err) == told


def test_one_bad_file_stores_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = _settings(tmp_path / "home")
    (tmp_path / "good").write_text(SDN)
    (tmp_path / "bad").write_text("hello")
    assert _run(settings, "lists", "load", str(tmp_path / "good"), str(tmp_path / "bad")) == 2
    assert "bad: it is no list" in capsys.readouterr().err
    assert _run(settings, "lists", "show") == 0
    assert "No list is loaded" in capsys.readouterr().out


SPECIMENS = Path(os.environ.get("KYC_SPECIMENS", "/nowhere")) / "lists"
real = pytest.mark.skipif(not SPECIMENS.is_dir(), reason="KYC_SPECIMENS names no folder with lists/")


@pytest.fixture(scope="module")
def parts() -> dict[str, Part]:
    return {path.name: parse(path.read_bytes(), path.name) for path in sorted(SPECIMENS.iterdir())}


@real
def test_real_lists_are_read_whole(parts: dict[str, Part]) -> None:
    assert len(parts["sdn.csv"].records) > 7_000
    assert len(parts["UN_consolidated.xml"].records) > 1_000
    people = [record for record in parts["sdn.csv"].records if record.kind == "person"]
    assert len(people) > 3_800
    assert sum(bool(record.born) for record in people) > 0.7 * len(people)


@real
def test_every_real_name_finds_its_entity(parts: dict[str, Part]) -> None:
    entities = [entity_of(record) for record in parts["UN_consolidated.xml"].records]
    found = index({"UN": entities})
    people = [entity for entity in entities if entity.kind is Kind.PERSON][::7]
    missed = [e.names for e in people if e.id not in {hit.entity.id for hit in screen(found, e.names[0])}]
    assert not missed
