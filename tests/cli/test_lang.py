"""``--lang es``: what the commands say of a study, in Spanish."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner

from geo.cli import main

WINDOWS = ("--base", "2023", "--comparison", "2024")
SINALOA = ("--focus", "Sinaloa")
STUDY = """
events = "sample"
lang = "es"
base = 2023
comparison = 2024
focus = "Sinaloa"
"""


def run(*args):
    return CliRunner().invoke(main, [str(arg) for arg in args])


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(
            ["change", "sample", *WINDOWS, *SINALOA],
            "Datos inventados. Sinaloa: 240 eventos en 2023, 600 en 2024; 7.64 y 18.95 por 100,000 "
            "personas-año: 2.48 veces (+148 %); intervalo de 95 % 1.20-5.15 (cuasi-Poisson",
            id="change",
        ),
        pytest.param(
            ["change", "sample", *WINDOWS, *SINALOA, "--category", "event_type"],
            "Datos inventados. Sinaloa, Violencia contra civiles: 77 eventos en 2023, 265 en 2024",
            id="change by category",
        ),
        pytest.param(
            ["explain", "sample", *WINDOWS, *SINALOA, "--by", "actor_class", "--draws", "99"],
            "Datos inventados. Sinaloa, 2024 frente a 2023: 240 y 600 eventos; se contaron: todos "
            "los eventos Por clase de actores, de +148 % en total: contra civiles +79 puntos",
            id="explain",
        ),
        pytest.param(
            ["compare", "sample", *WINDOWS, *SINALOA],
            "Datos inventados. Sinaloa frente a 31 áreas de comparación (todas las demás), 240 "
            "eventos en 2023 (12 meses) y 600 en 2024 (12): más de lo esperado según ellas",
            id="compare",
        ),
        pytest.param(
            ["actors", "sample", *SINALOA],
            "Datos inventados. Sinaloa: en 2023, una concentración como la de 6.9 grupos de igual "
            "tamaño (HHI 0.146, insesgado 0.140; n = 154 apariciones de 7 grupos)",
            id="actors",
        ),
        pytest.param(
            ["surge", "sample", "--violent", "--until", "2024-10-04"],
            "Datos inventados. Semana del 2024-09-28, 32 áreas, 6,493 eventos contados: 2 áreas "
            "marcadas con repunte (semana frente a mes), 0 de ellas con un intervalo por encima",
            id="surge",
        ),
        pytest.param(
            ["trend", "sample", *SINALOA],
            "Datos inventados. Sinaloa, 1,068 eventos en 36 periodos completos, de 2022-01 a "
            "2024-12: 1 quiebre hallado, a partir de 2024-09",
            id="trend",
        ),
        pytest.param(
            ["hotspots", "sample", "--permutations", "0"],
            "Datos inventados. 2024, 2,465 áreas puestas a prueba, 4,231 eventos: ",
            id="hotspots",
        ),
    ],
)
def test_command_says_in_spanish_what_it_found(args, said, tmp_path):
    done = run(*args, "--lang", "es", "-o", tmp_path / "table.csv")

    assert done.exit_code == 0, done.output
    lines = [line for line in done.stderr.splitlines() if not line.startswith("Advertencia: ")]
    assert said in " ".join(lines)
    assert not re.search(r"\b(events|interval|times|Made-up|counted)\b", " ".join(lines))
    assert not re.search(r"causó|provoc|debido a", " ".join(lines))


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(
            ["study", "sample", *WINDOWS, *SINALOA, "-o"],
            "DATOS INVENTADOS. Sinaloa: 240 eventos en 2023, 600 en 2024 (2.50 veces);",
            id="study",
        ),
        pytest.param(
            ["study", "sample", *WINDOWS, *SINALOA, "-o"],
            ". 12,161 registros: 12,037 usados, 4 filtrados, 120 en cuarentena; escrito en ",
            id="account",
        ),
        pytest.param(
            ["map", "sample", "--measure", "count", "-o"],
            "out.png: 12,037 eventos, 2022-01-01 a 2024-12-31",
            id="map",
        ),
        pytest.param(
            ["export", "sample", "--tables"],
            " tablas de 12,037 eventos, en csv y xlsx",
            id="export",
        ),
    ],
)
def test_what_is_written_is_said_in_spanish_with_every_warning(args, said, tmp_path):
    place = tmp_path / ("out.png" if args[0] == "map" else "out")
    done = run(*args, place, "--lang", "es")

    assert done.exit_code == 0, done.output
    told = done.stderr.replace(str(place.parent), "")
    lines = told.splitlines()
    warned = [line for line in lines if line.startswith("Advertencia: ")]
    assert len(warned) >= 5
    assert said in " ".join(lines)
    assert "(en inglés)" not in told
    assert not re.search(r"\b(Warning|events|records|written|used|to|of|the)\b", told)
    assert (
        "Advertencia: fatalities: 5 eventos con un número de muertes que no se puede leer, como "
        "'10+'; se toma como no indicado"
    ) in warned


def test_language_of_a_study_file_is_that_of_the_sentences(tmp_path):
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")

    spanish = run("change", tmp_path / "study.toml", "-o", tmp_path / "a.csv")
    english = run("change", tmp_path / "study.toml", "--lang", "en", "-o", tmp_path / "b.csv")

    assert "Datos inventados. Sinaloa: 240 eventos en 2023" in spanish.stderr
    assert "Made-up data. Sinaloa: 240 events in 2023" in english.stderr


def test_tables_are_the_same_in_both_languages(tmp_path):
    for language in ("en", "es"):
        done = run("actors", "sample", "--lang", language, "-o", tmp_path / f"{language}.csv")
        assert done.exit_code == 0, done.output

    assert (tmp_path / "en.csv").read_bytes() == (tmp_path / "es.csv").read_bytes()


def test_other_languages_are_refused():
    done = run("trend", "sample", *SINALOA, "--lang", "fr")

    assert done.exit_code != 0
    assert done.stdout == ""
    assert "'fr' is not one of 'en', 'es'" in done.stderr
