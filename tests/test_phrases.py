"""Both languages say the same, and neither says what caused what."""

from __future__ import annotations

import datetime as dt
import importlib
import inspect
import pkgutil
import re
from typing import get_args

import pytest

from geo.cvegeo import fold
from geo.render.words import words
from geo.schema import GEO_PRECISION, TIME_PRECISION
from geo.sources import acled, ucdp
from geo.sources.acled import DISORDER_OF, SUB_TYPES, TYPE_OF
from geo.stats.emerging import PATTERNS
from geo.steps.categories import ACTOR_CLASSES, OTHER, STATE_ONLY
from geo.steps.count import NOT_STATED
from geo.steps.donors import ALL_OTHERS, CHOSEN, NOT_NEIGHBORS
from geo.steps.filter import filter_events
from geo.study import phrases
from geo.study.change_words import counted_words
from geo.study.labels import label, opening, split_name
from geo.study.phrases import change, counted, findings
from geo.study.phrases.phrase import Phrase
from geo.study.settings import Language
from geo.study.spoken_time import PEOPLE, YEARS

CAUSE = re.compile(r"\bcaus|because|\bdue to|causó|provoc|debid[oa]s? a|a causa de|porque\b")
DENIALS = {"change.ARITHMETIC"}
"""What says that nothing is said of causes."""


def all_phrases():
    for module in pkgutil.iter_modules(phrases.__path__):
        held = vars(importlib.import_module(f"{phrases.__name__}.{module.name}"))
        for name, value in held.items():
            several = value if isinstance(value, dict) else {"": value}
            for key, phrase in several.items():
                if isinstance(phrase, Phrase):
                    yield pytest.param(
                        f"{module.name}.{name}", phrase, id=f"{module.name}.{name}{key or ''}"
                    )


@pytest.mark.parametrize(("name", "phrase"), list(all_phrases()))
def test_both_languages_have_the_same_places_and_say_no_cause(name, phrase):
    assert phrase.places("en") == phrase.places("es")
    for language in get_args(Language):
        assert getattr(phrase, language)
        if name not in DENIALS:
            assert not CAUSE.search(getattr(phrase, language))


def test_english_of_every_phrase_is_not_the_spanish_by_mistake():
    spanish = re.compile(r"\b(eventos|veces|intervalo|tasa|áreas?|periodos?|ningún)\b")
    english = re.compile(r"\b(events|times|interval|rate|areas?|periods?|none|with|the)\b")
    for case in all_phrases():
        name, phrase = case.values
        fields = re.compile(r"\{[^{}]*\}")
        assert not spanish.search(fields.sub("", phrase.en)), name
        assert not english.search(fields.sub("", phrase.es)), name


ALWAYS_SEVERAL = {
    "bands", "before", "draws", "high", "least", "nearest", "permutations", "replicates",
    "weeks_before",
}  # fmt: skip
"""Numbers that a step never has as low as 1."""


@pytest.mark.parametrize(("name", "phrase"), list(all_phrases()))
def test_a_thing_that_is_counted_has_a_word_for_one(name, phrase):
    things = {
        "en": "events areas periods months records appearances pairs rows municipalities days "
        "hotspots questions",
        "es": "eventos áreas periodos meses registros municipios puntos preguntas pares",
    }
    for language, nouns in things.items():
        several = re.compile(rf"\{{(\w+)(?::,)?\}} (?:new )?(?:{'|'.join(nouns.split())})\b")
        found = set(several.findall(getattr(phrase, language)))
        assert found <= ALWAYS_SEVERAL, name


def test_findings_agree_with_one():
    account = {"physical": 1, "used": 1, "filtered": 0, "quarantined": 0, "states": 1, "towns": 1}

    assert findings.ACCOUNT.say("en", **account) == (
        "1 record: 1 used, 0 filtered, 0 quarantined; 1 event counts for a state, 1 for a "
        "municipality"
    )
    assert findings.ACCOUNT.say("es", **account) == (
        "1 registro: 1 usado, 0 filtrados, 0 en cuarentena; 1 evento cuenta para un estado, 1 "
        "para un municipio"
    )
    steady = {"questions": 1, "variants": "x", "undone": 1}
    assert findings.STEADY.say("en", **steady) == (
        "No verdict flips: 1 question, asked with x; 1 could not be asked"
    )
    assert findings.STEADY.say("es", **steady) == (
        "Ningún veredicto cambia: 1 pregunta, hecha con x; 1 no se pudo hacer"
    )
    assert findings.FLIPS.say("en", number=1, file="f").startswith("1 verdict flips when")
    assert findings.FLIPS.say("es", number=1, file="f").startswith("1 veredicto cambia si")
    assert findings.NOTE_DEATHS_UNKNOWN.say("en", unknown=1) == "deaths; 1 event states no number"


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0 eventos"), (1, "1 evento"), (2, "2 eventos"), (12_345, "12,345 eventos")],
)
def test_word_after_a_number_follows_it(number, said):
    assert Phrase("{n:,} events", "{n:evento|eventos}").say("es", n=number) == said


def test_place_that_is_not_filled_is_refused():
    with pytest.raises(KeyError, match="ratio"):
        change.TIMES.say("es", rate=2)


OWN_WORDS = [
    *PATTERNS, *ACTOR_CLASSES, OTHER, STATE_ONLY, NOT_STATED, ALL_OTHERS, NOT_NEIGHBORS, CHOSEN,
    "targeted", "not targeted", "HH", "LL", "HL", "LH", PEOPLE, YEARS,
    *SUB_TYPES, *TYPE_OF, *DISORDER_OF.values(), *ucdp._VIOLENCE.values(),
]  # fmt: skip


@pytest.mark.parametrize("word", OWN_WORDS)
def test_every_word_of_geo_and_of_its_sources_has_a_spanish_one(word):
    assert label(word, "es") != word
    assert label(word, "en") == word


@pytest.mark.parametrize("word", [*SUB_TYPES, *ucdp._VIOLENCE.values()])
def test_types_of_events_are_called_alike_on_the_page_and_in_sentences(word):
    assert words("es")[f"label.{word}"] == label(word, "es")
    assert words("en")[f"label.{word}"] == word


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("consecutive hotspot", "punto caliente consecutivo"),
        ("sporadic coldspot", "punto frío esporádico"),
        ("Battles | targeted", "Enfrentamientos | dirigidos a civiles"),
        ("security forces against group", "fuerzas de seguridad contra grupo"),
        ("Cartel | Banda / not stated", "Cartel | Banda / not stated"),
        ("Culiacán, Sinaloa (25006)", "Culiacán, Sinaloa (25006)"),
    ],
)
def test_own_words_are_put_in_spanish_and_names_stay(word, said):
    assert label(word, "es") == said


def test_event_types_in_spanish_are_read_as_those_types_again():
    spanish = [label(kind, "es") for kind in SUB_TYPES]

    assert [acled._TYPE[fold(word)] for word in spanish] == list(SUB_TYPES)


@pytest.mark.parametrize(
    ("by", "english", "spanish"),
    [
        ("event_type", "event type", "tipo de evento"),
        ("municipality", "municipality", "municipio"),
        ("event_type,actor_class", "event type and actor class",
         "tipo de evento y clase de actores"),
        ("my_column", "my column", "my column"),
    ],
)  # fmt: skip
def test_split_is_called_by_its_name(by, english, spanish):
    assert split_name(by, "en") == english
    assert split_name(by, "es") == spanish


def test_made_up_data_are_said_to_be_so_first():
    assert opening("en", made_up=True) == "Made-up data. "
    assert opening("es", made_up=True) == "Datos inventados. "
    assert opening("es", made_up=False) == ""


# --- which events count -----------------------------------------------------------------------


def test_every_filter_is_said_in_words():
    assert set(counted.FILTERS) == set(inspect.signature(filter_events).parameters) - {"events"}
    assert set(counted.PRECISION) == {*GEO_PRECISION, *TIME_PRECISION}


@pytest.mark.parametrize(
    ("filters", "english", "spanish"),
    [
        ({}, "all events", "todos los eventos"),
        ({"fatal_only": False}, "all events", "todos los eventos"),
        (
            {"since": "2023-01-01", "until": dt.date(2024, 6, 30)},
            "events from 2023-01-01 on, up to 2024-06-30",
            "eventos desde 2023-01-01, hasta 2024-06-30",
        ),
        (
            {"sub_event_types": ["Agreement", "Other"], "civilian_targeting": True},
            "events of sub-type Agreement or Other, targeting civilians",
            "eventos de subtipo Acuerdo u Otro, dirigidos a civiles",
        ),
        (
            {"disorder_types": "Political violence", "actors": {"Banda", "Armada"}},
            "events of disorder type Political violence, with actor Armada or Banda",
            "eventos de tipo de desorden Violencia política, con el actor Armada o Banda",
        ),
        (
            {"geo_precisions": ["exact", "near"], "time_precisions": "day", "sources": "ACLED"},
            "events with place precision exact or near, with date precision day, from source ACLED",
            "eventos con precisión del lugar exacta o cercana, con precisión de la fecha de día, "
            "de la fuente ACLED",
        ),
        ({"kind": 3}, "events with kind = 3", "eventos con kind = 3"),
    ],
)
def test_counted_events_are_said_in_words(filters, english, spanish):
    assert counted_words(filters) == english
    assert counted_words(filters, language="es") == spanish
