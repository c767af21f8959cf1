"""The change of a study: two windows compared, and what the difference is made of."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from geo.cvegeo import Level
from geo.errors import ExposureWarning, SettingsError
from geo.periods import Day
from geo.sources.actor_names import read_actor_names
from geo.steps.actor_names import rename_actors
from geo.steps.categories import By
from geo.steps.compare import compare_windows
from geo.steps.explain import explain_change
from geo.steps.window_months import Method
from geo.study.locating import Located
from geo.study.naming import with_names

EXTRA_COLUMNS = ("inter1", "inter2")
"""ACLED's types of actors, which a split by classes of actors reads where a file has them."""


def change_of(
    found: Located,
    days: Mapping[str, str],
    *,
    level: Level,
    category: str | None = None,
    claim: float | None = None,
    event_date: Day | None = None,
    method: Method | None = None,
) -> pd.DataFrame:
    """Return the ``CHANGE`` table of a study's windows, with the names of the areas.

    Parameters
    ----------
    found
        The events with their areas.
    days
        As :func:`geo.study.days.covered_days` returns them.
    level, category, claim, event_date, method
        As in :func:`geo.steps.compare.compare_windows`; claim, date and
        method are those of the study unless given.

    Raises
    ------
    SettingsError
        If the study has no windows.
    """
    study = found.settings
    with warnings.catch_warnings():
        if found.areas_with_rates(level) is not None:
            # Areas that a query cuts or leaves out have no people on purpose; it is told once.
            warnings.filterwarnings("ignore", category=ExposureWarning)
        change = compare_windows(
            found.located,
            **compared(found, days, level),
            level=level,
            category=category,
            claim=study.claim if claim is None else claim,
            event_date=study.event_date if event_date is None else event_date,
            method=study.method if method is None else method,
        )
    return with_names(change, level)


def explanation_of(
    found: Located,
    days: Mapping[str, str],
    *,
    splits: Sequence[By],
    top: int | None = None,
    draws: int,
) -> dict[By, pd.DataFrame]:
    """Return the ``EXPLAINED`` table of each split of the focus, or of the country without one.

    Parameters
    ----------
    found, days
        As in :func:`change_of`.
    splits, top, draws
        As `by`, `top` and `draws` of :func:`geo.steps.explain.explain_change`; each split is drawn
        from the seed of the study anew, so that it does not depend on the others.
    """
    level: Level = "municipality" if found.focus and len(found.focus) == 5 else "state"
    located = found.located
    if (path := found.settings.actor_names) is not None:
        located = rename_actors(located, read_actor_names(path))
    return {
        by: explain_change(
            located,
            **compared(found, days, level),
            by=by,
            focus=found.focus,
            top=top,
            draws=draws,
            rng=np.random.default_rng(found.settings.seed),
        )
        for by in splits
    }


def compared(found: Located, days: Mapping[str, str], level: Level) -> dict[str, Any]:
    """Return what the steps that compare two windows ask for, of a study.

    Raises
    ------
    SettingsError
        If the study has no windows.
    """
    study = found.settings
    if study.base is None or study.comparison is None:
        raise SettingsError(
            "nothing is compared: give base and comparison (--base 2023 --comparison 2024)"
        )
    return {
        "base": study.base,
        "comparison": study.comparison,
        "population": found.population(level),
        "nearest_year": study.nearest_year,
        "data_from": days["first"],
        "data_through": days["data_through"],
    }
