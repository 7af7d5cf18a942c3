"""Cards without a zone, by their rows as a recogniser gives them."""

from __future__ import annotations

import pytest

from bot.readers import local

CHINA = [
    "姓名 王小明",
    "性别 男 民族 汉",
    "出生 1990年3月7日",
    "住址 北京市东城区",
    "公民身份号码 11010119900307451X",
]
BACK = ["中华人民共和国", "居民身份证", "签发机关 北京市公安局", "有效期限 2015.05.05-2035.05.05"]
AADHAAR = ["GOVERNMENT OF INDIA", "Ravi Kumar Sharma", "DOB: 15/08/1985", "MALE", "XXXX XXXX 1234"]
PAN = [
    "INCOME TAX DEPARTMENT GOVT. OF INDIA",
    "Name",
    "RAVI SHARMA",
    "Date of Birth",
    "15/08/1985",
    "ABCPS1234K",
]
CNH = [
    "REPUBLICA FEDERATIVA DO BRASIL", "CARTEIRA NACIONAL DE HABILITACAO", "NOME", "JOAO DA SILVA",
    "CPF 529.982.247-25", "DATA NASCIMENTO 01/02/1980", "VALIDADE", "03/04/2029", "No REGISTRO 01234567890",
]  # fmt: skip
SLIP = [
    "FEDERAL REPUBLIC OF NIGERIA", "NATIONAL IDENTITY MANAGEMENT SYSTEM", "NIN: 1234 567 8901",
    "Surname: OKAFOR", "First Name: CHINEDU", "Middle Name: EMEKA",
]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "fields"),
    [
        (
            CHINA,
            {
                "type": "id_card",
                "issuing_country": "CHN",
                "number": "11010119900307451X",
                "surname": "王",
                "given_names": "小明",
                "birth_date": "1990-03-07",
            },
        ),
        (BACK, {"type": "id_card", "issuing_country": "CHN", "expires_on": "2035-05-05", "side": "back"}),
        (
            AADHAAR,
            {
                "type": "id_card",
                "issuing_country": "IND",
                "number": "XXXXXXXX1234",
                "surname": "SHARMA",
                "given_names": "RAVI KUMAR",
                "birth_date": "1985-08-15",
            },
        ),
        (
            PAN,
            {
                "type": "id_card",
                "issuing_country": "IND",
                "number": "ABCPS1234K",
                "surname": "SHARMA",
                "given_names": "RAVI",
                "birth_date": "1985-08-15",
            },
        ),
        (
            CNH,
            {
                "type": "driving_licence",
                "issuing_country": "BRA",
                "number": "01234567890",
                "personal_number": "52998224725",
                "surname": "DA SILVA",
                "given_names": "JOAO",
                "birth_date": "1980-02-01",
                "expires_on": "2029-04-03",
            },
        ),
        (
            SLIP,
            {
                "type": "id_card",
                "issuing_country": "NGA",
                "number": "12345678901",
                "surname": "OKAFOR",
                "given_names": "CHINEDU EMEKA",
            },
        ),
        (["REPUBLIC OF UTOPIA", "IDENTITY CARD"], {}),
        ([], {}),
    ],
)
def test_cards(rows: list[str], fields: dict[str, str]) -> None:
    assert local.read(rows) == fields


def test_the_front_of_an_american_licence() -> None:
    rows = [
        "CALIFORNIA DRIVER LICENSE",
        "DL I1234568",
        "EXP 08/31/2029",
        "LN CARDHOLDER",
        "FN IMA",
        "DOB 08/31/1977",
    ]
    assert {name: value for name, value in local.america(rows).items() if value} == {
        "number": "I1234568",
        "surname": "CARDHOLDER",
        "given_names": "IMA",
        "birth_date": "1977-08-31",
        "expires_on": "2029-08-31",
    }
