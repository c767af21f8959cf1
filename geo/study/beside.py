"""What a study tells beside its main question: targeting elsewhere, new groups, few places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from geo.sources.actor_names import read_actor_names
from geo.steps.concentration import measure_concentration
from geo.steps.emerging_actors import find_emerging_actors
from geo.steps.prediction import predict_periods
from geo.steps.targeting import compare_targeting, measure_targeting
from geo.study.attempts import Attempts
from geo.study.locating import Located
from geo.study.naming import with_names
from geo.study.part import level_of
from geo.study.placing import Placing
from geo.study.rating import Rating, fatalities_of


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Beside:
    """Tables beside the main question; None where one could not be made.

    Attributes
    ----------
    targeting, targeting_change
        ``TARGETING`` by period and ``TARGETING_CHANGE`` between the windows, of every area.
    emerging_actors
        The ``EMERGING_ACTORS`` table.
    concentration
        ``CONCENTRATION`` of events over municipalities, in both windows.
    prediction
        Whether the hotspots of a period held the next one's events (``PREDICTION``).
    fatalities
        The ``FATALITY_RATES`` table.
    """

    targeting: pd.DataFrame | None
    targeting_change: pd.DataFrame | None
    emerging_actors: pd.DataFrame | None
    concentration: pd.DataFrame | None
    prediction: pd.DataFrame | None
    fatalities: pd.DataFrame | None

    def tables(self, level: str) -> dict[str, pd.DataFrame]:
        """Return the tables that were made, by name."""
        named = {
            "targeting": self.targeting,
            "targeting_change": self.targeting_change,
            "emerging_actors": self.emerging_actors,
            "concentration": self.concentration,
            "prediction": self.prediction,
            f"fatalities_{level}": self.fatalities,
        }
        return {name: table for name, table in named.items() if table is not None}


def look_beside(
    found: Located,
    days: Mapping[str, str],
    placed: Placing | None,
    periods: tuple[pd.DataFrame, pd.DataFrame],
    attempt: Attempts,
) -> Beside:
    """Make the tables beside the main question.

    Parameters
    ----------
    found
        The events with their areas, and a study with two windows.
    days
        As :func:`geo.study.days.covered_days` returns them.
    placed
        What was found of both windows.
    periods
        ``HOTSPOTS`` and ``MEASURES`` of municipalities, by period.
    attempt
        Remembers what could not be done.
    """
    study, level = found.settings, level_of(found, None)
    base, comparison = study.windows or (None, None)
    first, last, through = (days[name] for name in ("first", "last", "data_through"))

    def targeting() -> pd.DataFrame:
        table = measure_targeting(
            found.located,
            level=level,
            period=study.period,
            first=first,
            last=last,
            data_through=through,
        )
        return with_names(table, level)

    def targeting_change() -> pd.DataFrame:
        table = compare_targeting(
            found.located,
            base=base or "",
            comparison=comparison or "",
            level=level,
            data_from=first,
            data_through=through,
        )
        return with_names(table, level)

    def emerging() -> pd.DataFrame:
        names = None if study.actor_names is None else read_actor_names(study.actor_names)
        table = find_emerging_actors(
            found.located,
            level=level,
            period=study.period,
            names=names,
            first=first,
            last=last,
            data_through=through,
        )
        if level == "municipality":
            table = table[table["cvegeo"] == found.focus].reset_index(drop=True)
        return with_names(table, level)

    return Beside(
        targeting=attempt("targeting", targeting),
        targeting_change=attempt("targeting", targeting_change),
        emerging_actors=attempt("actors", emerging),
        concentration=(
            None
            if placed is None
            else attempt("concentration", lambda: measure_concentration(placed.measures))
        ),
        prediction=(
            None if placed is None else attempt("prediction", lambda: predict_periods(*periods))
        ),
        fatalities=attempt("deaths", lambda: fatalities_of(found, days, level, Rating())),
    )
