"""Which numbers the tax offices and company registers of each country give.

First the modules of python-stdnum, which know the check digits, in the order they are tried; then the shapes of those
that it does not know (whole, upper case, without spaces, dots, dashes and slashes). A country in neither: any number.
"""

from __future__ import annotations

TAX = {
    "AD": "nrt",
    "AL": "nipt",
    "AR": "cuit",
    "AT": "tin uid",
    "AU": "tfn abn",
    "AZ": "voen",
    "BE": "nn bis vat",
    "BG": "egn pnf vat",
    "BR": "cpf cnpj",
    "BY": "unp",
    "CA": "sin bn",
    "CH": "ssn uid vat",
    "CL": "rut",
    "CN": "ric uscc",
    "CO": "nit",
    "CR": "cpf cpj cr",
    "CU": "ni",
    "CY": "vat",
    "CZ": "dic rc",
    "DE": "idnr stnr vat",
    "DK": "cpr cvr",
    "DO": "cedula rnc",
    "DZ": "nif",
    "EC": "ci ruc",
    "EE": "ik registrikood kmkr",
    "EG": "tn",
    "ES": "nif dni nie cif",
    "FI": "hetu ytunnus alv",
    "FO": "vn",
    "FR": "nif siren siret tva",
    "GB": "utr vat",
    "GH": "tin",
    "GN": "nifp",
    "GR": "vat",
    "GT": "nit",
    "HR": "oib",
    "HU": "anum",
    "ID": "npwp nik",
    "IE": "pps vat",
    "IL": "idnr hp",
    "IN": "pan gstin",
    "IS": "kennitala vsk",
    "IT": "codicefiscale iva",
    "JP": "in_ cn",
    "KE": "pin",
    "KR": "brn rrn",
    "LI": "peid",
    "LT": "asmens pvm",
    "LU": "tva",
    "LV": "pvn",
    "MA": "ice",
    "MC": "tva",
    "MD": "idno",
    "ME": "pib",
    "MK": "edb",
    "MT": "vat",
    "MU": "nid",
    "MX": "rfc curp",
    "MY": "nric",
    "MZ": "nuit",
    "NL": "bsn btw",
    "NO": "fodselsnummer orgnr mva",
    "NZ": "ird",
    "PE": "ruc",
    "PK": "cnic",
    "PL": "nip pesel",
    "PT": "nif",
    "PY": "ruc",
    "RO": "cnp cui cf",
    "RS": "pib",
    "RU": "inn",
    "SE": "personnummer orgnr vat",
    "SG": "uen",
    "SI": "ddv",
    "SK": "rc dph",
    "SM": "coe",
    "SN": "ninea",
    "SV": "nit",
    "TH": "pin tin moa",
    "TN": "mf",
    "TR": "tckimlik vkn",
    "TW": "ubn",
    "UA": "rntrc edrpou",
    "US": "ssn itin ein",
    "UY": "rut",
    "VE": "rif",
    "VN": "mst",
    "ZA": "tin",
}
TAX_SHAPES = {
    "AL": r"[A-Z][0-9]{8}[A-Z]",
    "CY": r"[0-9]{8}[A-Z]",
    "GB": r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][0-9]{6}[A-D]",  # National Insurance
    "HU": r"8[0-9]{9}",  # adóazonosító jel, a person's
    "LU": r"[12][0-9]{12}",  # matricule, a person's
    "MA": r"[0-9]{7,8}",  # identifiant fiscal
    "MC": r"[0-9]{8,14}",
    "MD": r"[0-9]{13}",
    "ME": r"[0-9]{13}",  # JMBG, a person's
    "MT": r"[0-9]{3,7}[MGAPLHBZ]|[0-9]{9}",  # identity card, or taxpayer's number
    "MU": r"[0-9]{8}",
    "MY": r"(?:IG|SG|OG|C|CS|D|F)[0-9]{8,12}",
    "PE": r"[0-9]{8}",  # DNI, a person's
    "PK": r"[0-9]{7,8}",  # NTN
    "RS": r"[0-9]{13}",  # JMBG, a person's
    "SG": r"[STFGM][0-9]{7}[A-Z]",  # NRIC and FIN
    "SK": r"[0-9]{10}",
    "SM": r"[0-9]{9}",
    "SN": r"[0-9]{7,13}[A-Z0-9]{0,3}",
    "TW": r"[A-Z][A-D1289][0-9]{8}",  # a person's
    "UY": r"[0-9]{7,8}",  # cédula, a person's
    "VN": r"[0-9]{12}",  # a citizen's, the tax number since July 2025
}
REGISTER = {
    "AT": "businessid",
    "AU": "acn abn",
    "BE": "vat",
    "BG": "vat",
    "BR": "cnpj",
    "CH": "uid",
    "CL": "rut",
    "CN": "uscc",
    "CO": "nit",
    "CZ": "dic",
    "DE": "handelsregisternummer",
    "DK": "cvr",
    "EE": "registrikood",
    "ES": "cif",
    "FI": "ytunnus associationid",
    "FR": "siren siret rcs",
    "HR": "oib",
    "HU": "anum",
    "IL": "hp",
    "IS": "kennitala",
    "IT": "iva",
    "JP": "cn",
    "KR": "brn",
    "LV": "pvn",
    "MD": "idno",
    "NO": "orgnr",
    "PE": "ruc",
    "PL": "regon nip",
    "PT": "nif",
    "RO": "onrc cui",
    "RU": "ogrn",
    "SE": "orgnr",
    "SG": "uen",
    "SI": "maticna",
    "TW": "ubn",
    "UA": "edrpou",
}
REGISTER_SHAPES = {
    "CY": r"(?:HE|ΗΕ|AE|B|S|C)?[0-9]{1,6}",
    "DE": r"(?:HRA|HRB|GNR|VR|PR)[0-9]{1,6}[A-Z]{0,3}",  # without its court
    "GB": r"(?:[0-9]{2}|SC|NI|OC|SO|NC|R[0-9C]|IP|SP|RS|CE|CS|LP|SL|NL|FC|SF|NF|GE|GS|OE|ZC|BR)[0-9]{6}",
    "HR": r"[0-9]{8,9}",  # MBS
    "HU": r"[0-9]{10}",  # cégjegyzékszám
    "IE": r"[0-9]{3,6}",
    "IN": r"[LU][0-9]{5}[A-Z]{2}[0-9]{4}[A-Z]{3}[0-9]{6}|[A-Z]{3}[0-9]{4}",  # CIN, LLPIN
    "IT": r"[A-Z]{2}[0-9]{5,7}",  # REA
    "JP": r"[0-9]{12}",  # 会社法人等番号
    "KR": r"[0-9]{13}",
    "LT": r"[0-9]{7}|[0-9]{9}",
    "LU": r"[A-Z][0-9]{1,6}",
    "MT": r"(?:C|OC|P)[0-9]{1,6}",
    "NL": r"[0-9]{8}",  # KvK
    "PL": r"(?:KRS)?[0-9]{10}",
    "SK": r"[0-9]{8}",  # IČO
}
