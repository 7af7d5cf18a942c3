"""Files as they come: whatever a row is like, the others are read, and it is said which was not."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from bot.cli.monitor import replay, replay_file
from bot.cli.rows import Rows
from bot.monitoring import RowError, transaction

HEADER = "id,seller,at,amount,currency,direction,counterparty,counterparty_country,method,card"
GOOD = "{},s,2026-03-01T10:00:00Z,5.00,EUR,in,p,DE,card,c"

FIELDS: dict[str, object] = {
    "id": "1",
    "seller": "s",
    "at": "2026-03-01T10:00:00Z",
    "amount": "5",
    "currency": "EUR",
    "direction": "in",
}


def read(text: str) -> tuple[list[tuple[str, float, float]], list[str], int]:
    """Id, time and euro of what was taken; what was said; and how many rows were refused."""
    said: list[str] = []
    rows = Rows(io.StringIO(text, newline=""), said.append)
    assert not rows.trouble
    return [(one.id, one.at, one.euro) for one in rows], said, rows.refused


AT = 1772359200.0  # 2026-03-01T10:00:00Z


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (HEADER, GOOD.format("1")),
        (HEADER.upper(), GOOD.format("1")),
        ("id,seller,at,amount,currency,direction", "1,s,2026-03-01T10:00:00Z,5,EUR,in"),
        ("direction,id,seller,at,amount,currency", "in,1,s,2026-03-01T10:00:00Z,5,EUR"),
        (HEADER, "1,s,2026-03-01T12:00:00+02:00,5,eur,IN,,,,"),
        (HEADER, "1,s,2026-03-01 10:00:00,5,EUR,in,,,,"),
        (HEADER, "1,s,2026-03-01T10:00:00.000Z,5,EUR,in,,,,,,,"),
        (HEADER + ",note", GOOD.format("1") + ",hello"),
        (HEADER.replace(",", ";"), GOOD.format("1").replace(",", ";").replace("5.00", "5,00")),
        (HEADER.replace(",", "\t"), GOOD.format("1").replace(",", "\t")),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_ways_to_write_the_same_row(header: str, row: str, end: str) -> None:
    assert read(header + end + row + end) == ([("1", AT, 5.0)], [], 0)


def test_a_column_that_comes_twice_is_no_header() -> None:
    rows = Rows(io.StringIO(f"{HEADER},amount\n", newline=""), print)
    assert rows.trouble == "line 1: column amount twice"


def test_a_day_alone_is_its_midnight() -> None:
    assert read(f"{HEADER}\n1,s,2026-03-01,5,EUR,in,,,,\n")[0] == [("1", AT - 36_000, 5.0)]


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("2,s,2026-03-01,-5,EUR,in,,,,", "amount is no number from 0 up"),
        ("2,s,soon,5,EUR,in,,,,", "at is no time"),
        ("2,s,2026-03-01,5,EUR,sideways,,,,", "direction is «sideways»"),
        ("2,s,2026-03-01", "amount is missing"),
        ("2,s,2026-03-01,5,EUR,in,p,DE,card,c,more", "11 cells for 10 columns"),
        ('2,s,2026-03-01,5,EUR,in,"p,DE,card,c', "a quote opens that is not closed"),
        ('"' + "x" * 200_000, "a cell is longer than 131,072 characters"),
        (
            "2,s,2026-03-01,5,EUR,in,M\udcfcller,,,",
            "counterparty is no UTF-8: «M\\udcfcller»; save the file as UTF-8",
        ),
        ("2\0,s,2026-03-01,5,EUR,in,,,,", "id has a sign that nobody can read: «2\\x00»; leave it out"),
        ("2,s,2026-03-01,5\0,EUR,in,,,,", "amount is no number from 0 up: «5\\x00»"),
        ("2,s,2026-03-01,5,\udcff\udcfe,in,,,,", "currency is no code of three letters: «\\udcff\\udcfe»"),
        ("1,s,2026-03-01T10:00:00Z,6.00,EUR,in,p,DE,card,c", "came before with other content"),
        ("1,s,2026-03-01T10:00:00Z,5.00,USD,in,p,DE,card,c", "came before with other content"),
    ],
)
def test_a_bad_row_is_named_and_loses_no_other(bad: str, said: str) -> None:
    taken, words, refused = read(
        "\n".join([HEADER, GOOD.format("1"), bad, GOOD.format("3"), GOOD.format("4"), ""])
    )
    assert [one[0] for one in taken] == ["1", "3", "4"]
    assert (len(words), refused) == (1, 1)
    assert words[0].startswith("line 3: ")
    assert said in words[0]


def test_a_quote_never_closed_loses_one_row_of_many() -> None:
    rows = [GOOD.format(n) for n in range(50)]
    rows[7] = rows[7].replace("p,DE", '"p,DE')
    taken, words, refused = read("\n".join([HEADER, *rows]))
    assert ([one[0] for one in taken], refused) == ([str(n) for n in range(50) if n != 7], 1)
    assert words[0].startswith("line 9: ")


def test_a_line_break_within_quotes_is_one_row() -> None:
    broken = '"2\n3",s,2026-03-01T10:00:00Z,60000,EUR,in,p,DE,card,c'
    taken, words, refused = read("\n".join([HEADER, GOOD.format("1"), broken, GOOD.format("4")]))
    assert ([one[0] for one in taken], refused) == (["1", "4"], 1)
    assert words == ["line 3: id has a sign that nobody can read: «2\\n3»; leave it out"]


def test_many_bad_rows_are_counted_and_not_all_told() -> None:
    taken, words, refused = read("\n".join([HEADER, *["no,row"] * 100, GOOD.format("1")]))
    assert (len(taken), len(words), refused) == (1, 20, 100)


@pytest.mark.parametrize("card", ["N/A", "none", "-", "null", "****"])
def test_a_placeholder_is_no_card_that_all_buyers_share(card: str) -> None:
    assert transaction({**FIELDS, "card": card}).card == ""
    assert transaction({**FIELDS, "card": card, "counterparty": card}).counterparty == ""


@pytest.mark.parametrize(
    ("written", "code"), [("IRN", "IR"), ("364", "IR"), ("deu", "DE"), ("UK", "GB"), ("DE", "DE"), ("", "")]
)
def test_countries_by_their_other_codes(written: str, code: str) -> None:
    assert transaction({**FIELDS, "counterparty_country": written}).counterparty_country == code


def test_the_same_row_twice_counts_once_and_is_no_trouble() -> None:
    assert read("\n".join([HEADER, GOOD.format("1"), GOOD.format("1").replace("5.00", "5")])) == (
        [("1", AT, 5.0)], [], 0,
    )  # fmt: skip


def test_the_summary_counts_what_was_refused(capsys: pytest.CaptureFixture[str]) -> None:
    text = "\n".join([HEADER, GOOD.format("1"), "no,row", GOOD.format("3")])
    assert replay(io.StringIO(text), as_json=True) == 1
    summary = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (summary["transactions"], summary["refused"]) == (2, 1)


@pytest.mark.parametrize(
    ("rows", "code", "said"),
    [
        (["no,row", "2"], 1, "kycbot: every row was refused"),
        ([], 0, "kycbot: there are no transactions in it"),
        (["no,row", GOOD.format("1")], 1, "kycbot: 1 of 2 rows were refused"),
        ([GOOD.format("1").replace(",p,", ",Müller\xa0& Söhne,")], 0, ""),
    ],
)
def test_how_it_ends(rows: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert replay(io.StringIO("\n".join([HEADER, *rows])), as_json=True) == code
    printed = capsys.readouterr()
    assert [line for line in printed.err.splitlines() if line.startswith("kycbot")] == [said] * bool(said)
    summary = json.loads(printed.out.splitlines()[-1])
    assert list(summary) == ["transactions", "alerts", "tx_per_s", *(["refused"] if code else [])]


@pytest.mark.parametrize(
    ("encoding", "code", "said"),
    [
        ("utf-8", 0, ""),
        ("utf-8-sig", 0, ""),
        ("utf-16-le", 2, "is written in UTF-16; save it as UTF-8"),
        ("utf-16-be", 2, "is written in UTF-16; save it as UTF-8"),
        ("cp1252", 1, "line 3: counterparty is no UTF-8: «M\\udcfcller»; save the file as UTF-8"),
    ],
)
def test_ways_to_encode_a_file(
    encoding: str, code: int, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "money.csv"
    rows = [HEADER, GOOD.format("1"), GOOD.format("2").replace(",p,", ",Müller,"), GOOD.format("3")]
    mark = "\ufeff" if encoding.startswith("utf-16") else ""
    file.write_text(mark + "\n".join(rows), encoding=encoding)
    assert replay_file(file, as_json=True) == code
    printed = capsys.readouterr()
    assert said in printed.err
    assert bool(said) == bool(printed.err)
    taken = json.loads(printed.out.splitlines()[-1])["transactions"] if printed.out else 0
    assert taken == {0: 3, 1: 2, 2: 0}[code]


@pytest.mark.parametrize(
    "amount", [10**400, float("inf"), -5, "1e400"], ids=["huge", "endless", "negative", "power"]
)
def test_no_amount_is_too_odd_to_be_named(amount: float | str) -> None:
    row = {
        "id": "1",
        "seller": "s",
        "at": "2026-03-01",
        "currency": "EUR",
        "direction": "in",
        "amount": amount,
    }
    with pytest.raises(RowError) as trouble:
        transaction(row)
    assert trouble.value.field == "amount"


def test_a_file_of_noise_is_said_to_have_no_columns(capsys: pytest.CaptureFixture[str]) -> None:
    assert replay(io.StringIO("\x00\x07noise\n\x00"), as_json=True) == 2
    assert "no column" in capsys.readouterr().err


def test_a_replay_names_bad_rows_and_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    file = (
        f"{HEADER}\n"
        "a,s,2026-03-01T10:00:00Z,6000,EUR,in,p,DE,card,c\n"
        "a,s,2026-03-01T10:00:00Z,6000,EUR,in,p,DE,card,c\n"
        "b,s,yesterday,6000,EUR,in,p,DE,card,c\n"
        "c,s,2026-03-01 11:00,-5,EUR,in,p,DE,card,c\n"
        "d,s,2026-03-01 11:00,5,XXQ,in,p,DE,card,c\n"
        "\n"
        "e,s,2026-03-01 11:00,5,EUR\n"
    )
    assert replay(io.StringIO(file), as_json=True) == 1
    said = capsys.readouterr()
    alert, summary = map(json.loads, said.out.splitlines())
    assert (summary["transactions"], summary["alerts"]) == (2, 1)
    assert alert == {
        "seller": "s",
        "rule": "single_large",
        "kind": "quiet",
        "at": "2026-03-01T10:00:00Z",
        "why": "6,000 euro came in at once, on 2026-03-01",
        "transactions": ["a"],
    }
    assert [line.split(":")[0] for line in said.err.splitlines()] == [
        "line 4",
        "line 5",
        "line 6",
        "line 8",
        "kycbot",
    ]


def test_a_file_without_its_columns_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert replay(io.StringIO("id,amount\n1,2\n"), as_json=True) == 2
    assert "no column seller, at, currency, direction" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "field"),
    [
        *(({name: ""}, name) for name in FIELDS),
        *(({name: 5}, name) for name in ("id", "at", "currency")),
        ({"amount": "1e5"}, "amount"),
        ({"amount": "NaN"}, "amount"),
        ({"amount": float("inf")}, "amount"),
        ({"amount": True}, "amount"),
        ({"amount": "-1"}, "amount"),
        ({"amount": "٣"}, "amount"),
        ({"at": "0001-01-01"}, "at"),
        ({"currency": "EURO"}, "currency"),
        ({"direction": "up"}, "direction"),
        ({"counterparty_country": "DEUT"}, "counterparty_country"),
        ({"id": "x" * 300}, "id"),
        ({"card": "x" * 300}, "card"),
    ],
)
def test_what_is_no_transaction_names_its_field(change: dict[str, object], field: str) -> None:
    with pytest.raises(RowError) as told:
        transaction(FIELDS | change)
    assert told.value.field == field


@pytest.mark.parametrize(("amount", "kept"), [(5, "5"), (5.1, "5.1"), ("5.10", "5.10"), (0.1 + 0.2, "0.3")])
def test_amounts_as_they_are_kept(amount: object, kept: str) -> None:
    assert transaction(FIELDS | {"amount": amount}).amount == kept
