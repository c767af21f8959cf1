"""INEGI's codes and the names of the states, as text.

A code is text with its leading zeros: two digits for a state (``09``), five for a municipality
(``09015``), whose first two are the state. Names are compared folded: without accents, case,
punctuation and doubled spaces, so that the spelling of a source does not matter.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

import pandas as pd

from geo.errors import AreaError

Level = Literal["state", "municipality"]

DIGITS: dict[str, int] = {"state": 2, "municipality": 5}
"""Length of a code at each level."""

STATES: dict[str, str] = {
    "01": "Aguascalientes",
    "02": "Baja California",
    "03": "Baja California Sur",
    "04": "Campeche",
    "05": "Coahuila de Zaragoza",
    "06": "Colima",
    "07": "Chiapas",
    "08": "Chihuahua",
    "09": "Ciudad de México",
    "10": "Durango",
    "11": "Guanajuato",
    "12": "Guerrero",
    "13": "Hidalgo",
    "14": "Jalisco",
    "15": "México",
    "16": "Michoacán de Ocampo",
    "17": "Morelos",
    "18": "Nayarit",
    "19": "Nuevo León",
    "20": "Oaxaca",
    "21": "Puebla",
    "22": "Querétaro",
    "23": "Quintana Roo",
    "24": "San Luis Potosí",
    "25": "Sinaloa",
    "26": "Sonora",
    "27": "Tabasco",
    "28": "Tamaulipas",
    "29": "Tlaxcala",
    "30": "Veracruz de Ignacio de la Llave",
    "31": "Yucatán",
    "32": "Zacatecas",
}
"""Official name of each state by its code."""

EVERYDAY_NAMES: dict[str, str] = {
    "05": "Coahuila",
    "15": "Estado de México",
    "16": "Michoacán",
    "30": "Veracruz",
}
"""Names people use where they differ from the official ones; for labels and look-up."""

ISO_CODES: dict[str, str] = {
    "01": "MX-AGU",
    "02": "MX-BCN",
    "03": "MX-BCS",
    "04": "MX-CAM",
    "05": "MX-COA",
    "06": "MX-COL",
    "07": "MX-CHP",
    "08": "MX-CHH",
    "09": "MX-CMX",
    "10": "MX-DUR",
    "11": "MX-GUA",
    "12": "MX-GRO",
    "13": "MX-HID",
    "14": "MX-JAL",
    "15": "MX-MEX",
    "16": "MX-MIC",
    "17": "MX-MOR",
    "18": "MX-NAY",
    "19": "MX-NLE",
    "20": "MX-OAX",
    "21": "MX-PUE",
    "22": "MX-QUE",
    "23": "MX-ROO",
    "24": "MX-SLP",
    "25": "MX-SIN",
    "26": "MX-SON",
    "27": "MX-TAB",
    "28": "MX-TAM",
    "29": "MX-TLA",
    "30": "MX-VER",
    "31": "MX-YUC",
    "32": "MX-ZAC",
}
"""ISO 3166-2 code of each state."""

_ALIASES: dict[str, tuple[str, ...]] = {
    "01": ("Ags",),
    "02": ("BC", "B.C.", "Baja California Norte", "Baja Calif"),
    "03": ("BCS", "B.C.S.", "Baja Calif Sur"),
    "04": ("Camp",),
    "05": ("Coah",),
    "06": ("Col",),
    "07": ("Chis",),
    "08": ("Chih",),
    "09": ("CDMX", "D.F.", "DF", "Distrito Federal", "Mexico City", "Cd de México", "Cd. México"),
    "10": ("Dgo",),
    "11": ("Gto",),
    "12": ("Gro",),
    "13": ("Hgo",),
    "14": ("Jal",),
    "15": (
        "Edomex",
        "Edo. Mex.",
        "Edo. de México",
        "Edo México",
        "Mex",
        "State of Mexico",
        "Mexico State",
    ),
    "16": ("Mich",),
    "17": ("Mor",),
    "18": ("Nay",),
    "19": ("N.L.", "NL", "Nvo. León", "Nvo León"),
    "20": ("Oax",),
    "21": ("Pue",),
    "22": ("Qro", "Querétaro de Arteaga", "Querétaro Arteaga"),
    "23": ("Q. Roo", "QRoo", "Q.R."),
    "24": ("S.L.P.", "SLP", "San Luis"),
    "25": ("Sin",),
    "26": ("Son",),
    "27": ("Tab",),
    "28": ("Tamps", "Tamaulipas"),
    "29": ("Tlax", "Tlaxcala de Xicohténcatl"),
    "30": ("Ver", "Veracruz-Llave", "Veracruz Llave"),
    "31": ("Yuc",),
    "32": ("Zac",),
}


def fold(text: str) -> str:
    """Return `text` as names are compared: no accents, case, punctuation or doubled spaces.

    The result does not depend on the language of the machine.

    Examples
    --------
    >>> fold("  Culiacán\N{NO-BREAK SPACE} ROSALES ")
    'culiacan rosales'
    >>> fold("San Pedro Mixtepec -Dto. 22-") == fold("san pedro mixtepec dto 22")
    True
    >>> fold("Peñón") == fold("PEÑO\N{COMBINING ACUTE ACCENT}N")
    True
    """
    plain = unicodedata.normalize("NFKD", text).replace("İ", "i").replace("ı", "i")
    bare = "".join(c for c in plain if not unicodedata.combining(c)).casefold()
    return " ".join(re.sub(r"[^\w]+", " ", bare).split())


def _spellings() -> dict[str, str]:
    found: dict[str, str] = {}
    for code, name in STATES.items():
        names = {name, *_ALIASES[code], ISO_CODES[code], ISO_CODES[code][3:], code}
        names |= {EVERYDAY_NAMES.get(code, name)}
        for spelling in names:
            for form in (spelling, f"{spelling} state", f"Estado de {spelling}"):
                found.setdefault(fold(form), code)
    # "Estado de México" is the state; "México" alone is its official name. "Mexico City" and
    # "Ciudad de México" are the capital. The ISO code MX-COL is Colima, and "Col" too.
    return found


_CODE_OF = _spellings()


def state_code(text: str | None) -> str | None:
    """Return the code of the state that `text` names, or None where it names none.

    Official and everyday names, usual abbreviations, ISO 3166-2 codes and INEGI's code itself are
    known, in any case, with or without accents; "Sinaloa state" and "Estado de Sinaloa" too.
    The name "México" is that of the state: as a field of a state it never means the country.

    Examples
    --------
    >>> state_code("Veracruz"), state_code("VERACRUZ DE IGNACIO DE LA LLAVE")
    ('30', '30')
    >>> state_code("Distrito Federal"), state_code("Edomex"), state_code("Nvo. Leon")
    ('09', '15', '19')
    >>> state_code("Sinalona") is None
    True
    """
    if text is None or text is pd.NA or not isinstance(text, str):
        return None
    folded = fold(text)
    if folded.isdigit() and len(folded) == 1:
        folded = f"0{folded}"
    return _CODE_OF.get(folded)


def state_codes(names: pd.Series) -> pd.Series:
    """Return the code of each name of a column, missing where none is known; same index.

    Examples
    --------
    >>> state_codes(pd.Series(["Sinaloa", None, "Texas"])).tolist()
    ['25', nan, nan]
    """
    place, distinct = pd.factorize(names)
    codes = pd.array([*map(state_code, distinct), None], dtype="str")
    return pd.Series(codes.take(place), index=names.index, name=names.name)


def state_name(code: str) -> str:
    """Return the official name of a state.

    Raises
    ------
    AreaError
        There is no state of that code.
    """
    try:
        return STATES[code]
    except KeyError:
        raise AreaError(f"{code!r} is not the code of a state; codes run from 01 to 32") from None


_WHOLE = re.compile(r"\s*(\d+)(?:\.0*)?\s*\Z")
_SCIENTIFIC = re.compile(r"\s*\d(?:\.\d+)?[eE]\+?\d{1,2}\s*\Z")


def normal_code(value: object, level: Level) -> str:
    """Return a code as text with its leading zeros, from whatever a spreadsheet made of it.

    ``1001``, ``"1001.0"`` and ``"1.001E+03"`` all become ``"01001"``.

    Raises
    ------
    AreaError
        The value is no code of that level: not a whole number, too long, a state outside 01 to
        32, or one of INEGI's words for "somewhere in the state" (municipality 000, 998, 999).

    Examples
    --------
    >>> normal_code(1001, "municipality"), normal_code("1001.0", "municipality")
    ('01001', '01001')
    >>> normal_code("1.001E+03", "municipality"), normal_code(9, "state")
    ('01001', '09')
    >>> normal_code("25999", "municipality")
    Traceback (most recent call last):
    ...
    geo.errors.AreaError: '25999' means "somewhere in Sinaloa": it belongs to the state but to no
    municipality
    """
    digits = DIGITS[level]
    text = str(value)
    if _SCIENTIFIC.match(text) and float(text).is_integer():
        text = str(int(float(text)))
    found = _WHOLE.match(text)
    # A state's code has one digit less only; a municipality's likewise: 1001 is 01001, but 25 is
    # no municipality.
    if not found or len(found[1]) not in (digits, digits - 1):
        raise AreaError(f"{text!r} is not the code of a {level}: {digits} digits are expected")
    code = found[1].zfill(digits)
    if code[:2] not in STATES:
        raise AreaError(f"{code!r} is not a code of Mexico: states run from 01 to 32")
    if level == "municipality" and code[2:] in ("000", "998", "999"):
        raise AreaError(
            f'{code!r} means "somewhere in {STATES[code[:2]]}": it belongs to the state but to no '
            "municipality"
        )
    return code


def level_of(codes: pd.Series) -> Level:
    """Return the level that a column of codes is of, by their length.

    Raises
    ------
    AreaError
        The codes are of both levels, of neither, or there are none.
    """
    lengths = set(codes.dropna().str.len().unique())
    for level, digits in DIGITS.items():
        if lengths == {digits}:
            return level  # type: ignore[return-value]
    raise AreaError(
        "codes must all have 2 digits (states) or all 5 (municipalities); "
        f"found lengths {sorted(lengths)}"
    )


def iso_codes(codes: pd.Series) -> pd.Series:
    """Return the ISO 3166-2 code of the state of each area; missing where there is no area.

    Examples
    --------
    >>> iso_codes(pd.Series(["25", "25006", None])).tolist()
    ['MX-SIN', 'MX-SIN', nan]
    """
    return codes.astype("str").str[:2].map(ISO_CODES).astype("str")


def p_codes(codes: pd.Series) -> pd.Series:
    """Return the P-code of each area, as humanitarian data sets name it; missing where none is.

    Examples
    --------
    >>> p_codes(pd.Series(["25", "25006", None])).tolist()
    ['MX25', 'MX25006', nan]
    """
    return ("MX" + codes.astype("str")).astype("str")
