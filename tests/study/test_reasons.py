"""Why a part of a study was not done is said in Spanish, too."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from geo.sources.weakness import Weakness
from geo.steps import windows
from geo.study.asked import FEW_WHOLE, NONE_WHOLE, PARTIAL
from geo.study.reasons import (
    reason_in,
    spanish_reasons,
    spanish_warnings,
    warning_in,
)
from geo.study.run import LEVELS, run_study
from tests import studies

GEO = Path(__file__).resolve().parents[2] / "geo"
GAP = re.compile(r"\{\w*\}")


def texts_of(path):
    """Return every text of a module, with ``{}`` where a value goes in."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.JoinedStr):
            parts = [part.value if isinstance(part, ast.Constant) else "{}" for part in node.values]
            yield GAP.sub("{}", "".join(parts))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield GAP.sub("{}", node.value)


def test_every_reason_that_has_a_spanish_one_is_a_message_of_a_step():
    said = {text for room in ("stats", "steps", "study") for path in (GEO / room).rglob("*.py")
            for text in texts_of(path)}  # fmt: skip

    for english in spanish_reasons():
        assert GAP.sub("{}", english) in said, english


def test_every_value_of_a_reason_stands_in_the_spanish_one():
    for english, spanish in spanish_reasons().items():
        assert sorted(GAP.findall(spanish)) == sorted(GAP.findall(english)), english
        assert reason_in("en", english) == english
        assert reason_in("es", english) == spanish


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        (
            "no complete month lies wholly in the window 2024-09; the data have 2022-01 to 2024-12",
            "ningún mes completo está por entero en la ventana 2024-09; los datos tienen 2022-01 a "
            "2024-12",
        ),
        (
            "4 donors (all others) for 25; a comparison needs 5, so that one can be held against "
            "the other",
            "4 donantes (todas las demás) para 25; una comparación necesita 5, para contrastar "
            "unos con otros",
        ),
        ("there is {code} in a text", "there is {code} in a text (en inglés)"),
    ],
)
def test_reason_is_said_in_spanish_with_its_values(english, spanish):
    assert reason_in("es", english) == spanish


def test_values_of_a_reason_are_no_gaps():
    why = "no period of {window} {0} is complete; say until when the data go (data_through)"

    assert reason_in("es", why).startswith("ningún periodo de {window} {0} está completo;")


def test_reasons_of_a_query_of_a_part_are_said_in_spanish():
    assert reason_in("es", FEW_WHOLE.format(number=18)).startswith(
        "la consulta abarca por completo 18 municipios, y un estadístico local necesita 30;"
    )
    for level, spanish in zip(LEVELS, ("estado", "municipio"), strict=True):
        assert f"ninguna área del nivel {spanish}," in reason_in(
            "es", NONE_WHOLE.format(level=level)
        )


def test_every_value_of_a_warning_stands_in_the_spanish_one():
    for english, spanish in spanish_warnings().items():
        assert sorted(GAP.findall(spanish)) == sorted(GAP.findall(english)), english
        assert warning_in("en", english) == english
        assert warning_in("es", english) == spanish


@pytest.mark.parametrize("n", [1, 2])
def test_warnings_of_weak_events_are_said_in_spanish_for_one_and_for_several(n):
    weak = Weakness(
        events=n, geo_unknown=n, time_unknown=n, deaths_unreadable=n, example="x", away=n, rounded=n
    )

    for sentence in weak.sentences():
        said = warning_in("es", sentence)
        assert "(en inglés)" not in said
        assert not re.search(r"\b(event|events|not|they|it)\b", said)
    assert (
        "en 1 de 1 evento; no cuenta para ningún municipio. Si todos"
        if n == 1
        else "en 2 de 2 eventos; no cuentan para ningún municipio. Si todos"
    ) in warning_in("es", weak.sentences()[0])
    loose = f"{windows.loose_events(n)} how much the months differ"
    assert "solo se conoce el año" in warning_in("es", loose)


def test_the_warning_of_a_query_of_a_part_is_its_spanish_sentence():
    assert warning_in("es", PARTIAL["en"]) == PARTIAL["es"]


def test_every_warning_of_the_sample_is_said_in_spanish():
    found = studies.sample()
    sinaloa = found.located[found.located["cve_ent"] == "25"].drop(columns="record")
    short = run_study(sinaloa, permutations=99, period="month")

    assert any("lie in Sinaloa" in one for one in short.warnings)
    for warning in (*found.warnings, *short.warnings):
        assert "(en inglés)" not in warning_in("es", warning), warning


def test_a_warning_without_a_spanish_sentence_is_marked():
    assert warning_in("es", "something odd") == "something odd (en inglés)"
