"""What tables and columns hold is said in Spanish, too."""

from __future__ import annotations

import re

import pytest

from geo import schema
from geo.export import dictionary
from geo.schema.meanings import meaning_in, spanish_meanings

UNITS = {
    "people", "years", "km2", "km", "m", "areas", "degrees", "person-years", "days", "weeks",
    "deaths", "events", "pairs of events", "events per 100,000 person-years",
    "deaths per 100,000 person-years", "events per 100,000 person-years, per year",
}  # fmt: skip
COLUMNS = [*schema.BESIDE, *(column for table in schema.TABLES for column in table.columns)]
MEANINGS = {table.meaning for table in schema.TABLES} | {column.meaning for column in COLUMNS}


def test_every_meaning_and_unit_has_a_spanish_one_and_none_is_left_over():
    spanish = spanish_meanings()

    assert set(spanish) == MEANINGS | UNITS
    for english, text in spanish.items():
        assert text, english
        assert text == text.strip(), english
        assert not text.endswith("."), english


def test_units_that_are_written_are_those_that_have_a_spanish_name():
    written = {
        dictionary._unit_of(table, column)
        for table in (None, *schema.TABLES)
        for column in (COLUMNS if table is None else table.columns)
    }

    assert written - {""} <= UNITS
    assert set(dictionary._UNITS.values()) | set(dictionary._UNITS_OF_TABLE.values()) <= {
        "",
        *UNITS,
    }


def test_numbers_and_names_of_columns_are_the_same_in_both_languages():
    names = {column.name for column in COLUMNS if "_" in column.name}
    for english, text in spanish_meanings().items():
        assert re.findall(r"\d[\d,.]*\b", text) == re.findall(r"\d[\d,.]*\b", english), english
        for name in names & set(re.findall(r"\w+", english)):
            assert name in text, english


def test_texts_that_are_alike_in_both_languages_are_names_and_formulas():
    alike = {english for english, text in spanish_meanings().items() if english == text}

    assert all(re.search(r" [-/] |^(km2|km|m)$", text) for text in alike), sorted(alike)


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        ("empirical Bayes rate (Marshall)", "tasa suavizada, de Bayes empírico (Marshall)"),
        ("lower limit, 95 %", "límite inferior, 95 %"),
        ("events per 100,000 person-years", "eventos por 100,000 personas-año"),
        ("a column of my own", "a column of my own"),
    ],
)
def test_meaning_is_given_in_the_language_that_is_asked_for(english, spanish):
    assert meaning_in("es", english) == spanish
    assert meaning_in("en", english) == english
