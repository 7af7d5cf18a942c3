"""Zones to test with: ICAO's own examples, and an encoder written from the layouts and the check digit alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.readers.mrz import LAYOUTS, Format, Mrz, Span, check_digit
from bot.readers.mrz_find import from_text

TODAY = date(2026, 7, 1)

# ICAO Doc 9303, 8th edition: Part 4 appendix A and B, Part 5 appendix A and B, Part 6 appendix A and B, Part 7.
TD3 = """P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<
L898902C36UTO7408122F1204159ZE184226B<<<<<10"""
TD1 = """I<UTOD231458907<<<<<<<<<<<<<<<
7408122F1204159UTO<<<<<<<<<<<6
ERIKSSON<<ANNA<MARIA<<<<<<<<<<"""
TD2 = """I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<
D231458907UTO7408122F1204159<<<<<<<6"""
MRVA = """V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<
L8988901C4XXX4009078F96121096ZE184226B<<<<<<"""
MRVB = """V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<
L8988901C4XXX4009078F9612109<<<<<<<<"""
TD1_LONG = """I<UTOD23145890<7349<<<<<<<<<<<
3407127M9507122UTO<<<<<<<<<<<2
STEVENSON<<PETER<JOHN<<<<<<<<<"""
TD2_LONG = """I<UTOSTEVENSON<<PETER<JOHN<<<<<<<<<<
D23145890<UTO3407127M95071227349<<<8"""
FRENCH = """IDFRABERTHIER<<<<<<<<<<<<<<<<<<<<<<<
8806923102858CORINNE<<<<<<<6512068F6"""
CUT = """P<UTONILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<K
L898902C36UTO7408122F1204159ZE184226B<<<<<10"""


@dataclass(frozen=True)
class Fields:
    """What a zone is to say, and the zone that says it: written from the layouts and the check digit alone."""

    kind: Format
    code: str = "P"
    country: str = "UTO"
    number: str = "L898902C3"
    surname: str = "ERIKSSON"
    given: str = "ANNA<MARIA"
    nationality: str = "UTO"
    birth: str = "740812"
    sex: str = "F"
    expires: str = "120415"
    optional: str = ""

    def zone(self) -> str:
        layout = LAYOUTS[self.kind]
        rows = [["<"] * layout.width for _ in range(layout.rows)]
        for name, span in layout.spans.items():
            _put(rows, span, self._said().get(name, ""))
        for name, span in layout.checks.items():
            if name != "composite" and not (name == "number" and self._runs_on()):
                _put(rows, span, check_digit(layout.spans[name].of(_lines(rows))))
        if layout.composite:
            everything = "".join(span.of(_lines(rows)) for span in layout.composite)
            _put(rows, layout.checks["composite"], check_digit(everything))
        return "\n".join(_lines(rows))

    def _said(self) -> dict[str, str]:
        place = 12 if self.kind is Format.FRENCH else 9
        optional = self.number[place:] + check_digit(self.number) if self._runs_on() else self.optional
        return {
            "code": "ID" if self.kind is Format.FRENCH else self.code,
            "issuing_country": "FRA" if self.kind is Format.FRENCH else self.country,
            "number": self.number[:place],
            "surname": self.surname,
            "given": self.given,
            "names": f"{self.surname}<<{self.given}"[: width(self.kind)],
            "nationality": self.nationality,
            "birth_date": self.birth,
            "sex": self.sex,
            "expires_on": self.expires,
            "optional": optional,
        }

    def _runs_on(self) -> bool:
        return self.kind is not Format.FRENCH and len(self.number) > 9


def _put(rows: list[list[str]], span: Span, text: str) -> None:
    room = span.end - span.start
    assert len(text) <= room
    rows[span.line][span.start : span.end] = text.ljust(room, "<")


def _lines(rows: list[list[str]]) -> list[str]:
    return ["".join(row) for row in rows]


def width(kind: Format) -> int:
    span = LAYOUTS[kind].spans.get("names", Span(0, 0, 0))
    return span.end - span.start


def values(zone: Mrz) -> tuple[str, ...]:
    fields = ("number", "surname", "given_names", "nationality", "birth_date", "sex", "expires_on")
    return tuple(str(getattr(zone, name)) for name in fields)


def read(text: str) -> Mrz:
    zone = from_text(text, TODAY)
    assert zone is not None
    return zone
