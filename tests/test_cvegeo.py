"""Codes and names of states."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import cvegeo
from geo.errors import AreaError


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("Sinaloa", "25", id="official"),
        pytest.param("Sinaloa state", "25", id="UCDP adds the word state"),
        pytest.param("Michoacan de Ocampo", "16", id="d2 ACLED without accents"),
        pytest.param("MICHOACÁN", "16", id="d2 upper case, everyday"),
        pytest.param("Nuevo  León", "19", id="d2 doubled space"),
        pytest.param("Nuevo\N{NO-BREAK SPACE}León", "19", id="d2 no-break space"),
        pytest.param("Nuevo Leo\N{COMBINING ACUTE ACCENT}n", "19", id="d2 NFD"),
        pytest.param("SİNALOA", "25", id="d2 Turkish capital i"),
        pytest.param("Mexico", "15", id="d4 the state, not the country"),
        pytest.param("Estado de Mexico", "15", id="d4"),
        pytest.param("Edomex", "15", id="d4 Edomex"),
        pytest.param("Nvo. Leon", "19", id="d4 abbreviated"),
        pytest.param("Distrito Federal", "09", id="d4 former name"),
        pytest.param("CDMX", "09", id="d4 abbreviation"),
        pytest.param("Coahuila", "05", id="d4 everyday"),
        pytest.param("MX-SIN", "25", id="iso"),
        pytest.param("9", "09", id="code without its zero"),
        pytest.param("Texas", None, id="no state of Mexico"),
        pytest.param("Sinalao", None, id="d4 a typo is not guessed"),
        pytest.param("", None, id="blank"),
        pytest.param(None, None, id="missing"),
    ],
)
def test_state_is_known_by_every_usual_spelling(text, code):
    assert cvegeo.state_code(text) == code


def test_no_spelling_means_two_states():
    forms = {
        cvegeo.fold(name): code
        for code, names in cvegeo._ALIASES.items()
        for name in (*names, cvegeo.STATES[code], cvegeo.ISO_CODES[code])
    }
    assert all(cvegeo.state_code(form) == code for form, code in forms.items())


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert cvegeo.fold(cvegeo.fold(text)) == cvegeo.fold(text)


@pytest.mark.parametrize("value", [1001, "1001", "01001", "1001.0", "1.001E+03", " 01001 "])
def test_d1_code_is_repaired_where_one_reading_is_possible(value):
    assert cvegeo.normal_code(value, "municipality") == "01001"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("25", "5 digits are expected"),
        ("25006.5", "5 digits are expected"),
        ("abc", "5 digits are expected"),
        ("33001", "states run from 01 to 32"),
        ("25999", "somewhere in Sinaloa"),
        ("25000", "somewhere in Sinaloa"),
        ("99998", "states run from 01 to 32"),
        (None, "5 digits are expected"),
    ],
)
def test_d6_code_of_no_municipality_is_refused(value, words):
    with pytest.raises(AreaError, match=words):
        cvegeo.normal_code(value, "municipality")


def test_level_is_told_by_the_length_of_the_codes():
    assert cvegeo.level_of(pd.Series(["01", "25"])) == "state"
    assert cvegeo.level_of(pd.Series(["01001"])) == "municipality"
    with pytest.raises(AreaError, match="found lengths"):
        cvegeo.level_of(pd.Series(["01", "25006"]))
