"""The parts of a study that hold the area in focus against a mixture of others, and its rings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from geo.errors import SettingsError
from geo.periods import Day
from geo.sources import boundaries
from geo.steps.displacement import compare_ring
from geo.steps.synthetic import synthetic_area
from geo.study.comparing import compared_windows
from geo.study.locating import Located
from geo.study.naming import with_names
from geo.study.part import level_of, measured_whole
from geo.study.spoken_elsewhere import ring_sentence, synthetic_sentence


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Mixing:
    """The area in focus against a mixture of others: tables and what they say.

    ``table``, ``weights`` and ``series`` are those of :func:`geo.steps.synthetic.synthetic_area`;
    the sentences, one a set of donors, are in the language of the study.
    """

    table: pd.DataFrame
    weights: pd.DataFrame
    series: pd.DataFrame
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Ringing:
    """The neighbors of the area in focus against the areas beyond: a ``RING`` table and its say."""

    table: pd.DataFrame
    sentences: tuple[str, ...]


def mixing(
    found: Located,
    days: dict[str, str],
    *,
    event_date: Day | None = None,
    transition_from: Day | None = None,
    donors: Sequence[str] = (),
) -> Mixing:
    """Hold the area in focus against a mixture of others.

    Parameters
    ----------
    found, days, event_date, transition_from, donors
        As in :func:`geo.study.comparing.comparing`.

    Raises
    ------
    GeoError
        No area is in focus, neither windows nor a date are given or both are, or a step refuses.
    """
    focus = _focus(found)
    level = level_of(found, None)
    base, comparison = compared_windows(found, days, event_date, transition_from)
    codes = [boundaries.find_area(name, level=level) for name in donors]
    result = synthetic_area(
        measured_whole(found, days, level),
        focus,
        base=base,
        comparison=comparison,
        donors=codes or None,
    )
    sentences = [
        synthetic_sentence(
            row, base=base.label, comparison=comparison.label, language=found.settings.lang
        )
        for _, row in result.table.iterrows()
    ]
    names = boundaries.area_codes(level).set_index("cvegeo")["name"]
    weights = result.weights.copy()
    weights.insert(3, "donor_name", weights["donor"].map(names).astype("str"))
    return Mixing(
        table=with_names(result.table, level),
        weights=with_names(weights, level),
        series=with_names(result.series, level),
        sentences=tuple(sentences),
    )


def ringing(
    found: Located,
    days: dict[str, str],
    *,
    event_date: Day | None = None,
    transition_from: Day | None = None,
) -> Ringing:
    """Hold the neighbors of the area in focus, and theirs, against the areas beyond.

    Parameters
    ----------
    found, days, event_date, transition_from
        As in :func:`geo.study.comparing.comparing`.

    Raises
    ------
    GeoError
        As :func:`mixing` does.
    """
    focus = _focus(found)
    level = level_of(found, None)
    base, comparison = compared_windows(found, days, event_date, transition_from)
    ring = compare_ring(measured_whole(found, days, level), focus, base=base, comparison=comparison)
    sentence = ring_sentence(
        ring, base=base.label, comparison=comparison.label, language=found.settings.lang
    )
    return Ringing(table=with_names(ring, level), sentences=(sentence,))


def _focus(found: Located) -> str:
    if found.focus is None:
        raise SettingsError("say which area to compare: focus, a state or a municipality")
    return found.focus
