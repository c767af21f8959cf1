"""What is said of tables of change as a whole, around the sentences of their rows."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from geo.study.change_words import counted_words
from geo.study.phrases import change as words
from geo.study.settings import Language
from geo.study.titles import area_name

_LEVEL = 0.05


def all_areas_sentence(
    change: pd.DataFrame, filters: Mapping[str, object], *, language: Language = "en"
) -> str:
    """Return how many rates of a ``CHANGE`` table changed by more than chance, and what counts.

    `filters` are those of the study.

    Examples
    --------
    >>> change = pd.DataFrame({"base_events": [5, 6], "comparison_events": [6, 40],
    ...     "q_value": [0.8, 0.001], "quasi_q": [0.9, 0.01]})
    >>> all_areas_sentence(change, {})
    '2 rows: 11 and 46 events; 1 of 2 rates changed by more than chance (q up to 0.05,
    quasi-Poisson, Benjamini-Hochberg); counted: all events'
    """
    monthly = change["quasi_q"].notna().any()
    q = change["quasi_q"] if monthly else change["q_value"]
    return words.OF_ALL.say(
        language,
        rows=len(change),
        before=int(change["base_events"].sum()),
        after=int(change["comparison_events"].sum()),
        changed=int((q <= _LEVEL).sum()),
        tested=int(q.notna().sum()),
        method=(words.QUASI if monthly else words.EXACT).say(language),
        counted=counted_words(filters, language=language),
    )


def more_sentence(number: int, *, language: Language = "en") -> str:
    """Return how many categories are not told, but stand in the table.

    Examples
    --------
    >>> more_sentence(3)
    '3 more categories are in the table'
    """
    return words.MORE_CATEGORIES.say(language, number=number)


def explained_sentence(
    table: pd.DataFrame,
    focus: str | None,
    *,
    base: str,
    comparison: str,
    filters: Mapping[str, object],
    language: Language = "en",
) -> str:
    """Return what is explained: place, windows, events of both, and which events count.

    Parameters
    ----------
    table
        An ``EXPLAINED`` table.
    focus
        Code of the area; the country without one.
    base, comparison
        Labels of the windows.
    filters
        Those of the study.
    language
        In which the sentence is.

    Examples
    --------
    >>> table = pd.DataFrame({"base_events": [100, 140], "comparison_events": [200, 400]})
    >>> explained_sentence(table, "25", base="2023", comparison="2024", filters={})
    'Sinaloa, 2024 against 2023: 240 and 600 events; counted: all events'
    """
    return words.EXPLAINED.say(
        language,
        place=words.COUNTRY.say(language) if focus is None else area_name(focus),
        base=base,
        comparison=comparison,
        before=int(table["base_events"].sum()),
        after=int(table["comparison_events"].sum()),
        counted=counted_words(filters, language=language),
    )


def arithmetic_sentence(draws: int, seed: int, *, language: Language = "en") -> str:
    """Return what the limits of the parts rest on, and what the parts do not say.

    Examples
    --------
    >>> arithmetic_sentence(1999, 7, language="es")
    'Intervalos de los puntos: 1,999 remuestreos de bloques de 4 semanas, semilla 7. Las partes son
    aritmética; no dicen por qué hubo un cambio'
    """
    return words.ARITHMETIC.say(language, draws=draws, seed=seed)
