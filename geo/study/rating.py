"""The rates of a part of a study as somebody asks for them: interval, smoothing, denominator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geo.cvegeo import Level
from geo.errors import SettingsError
from geo.sources.denominator import read_denominator
from geo.stats.bootstrap import REPLICATES
from geo.steps.count import count_events
from geo.steps.denominator import area_exposure, given_exposure
from geo.steps.fatalities import measure_fatalities
from geo.steps.measure import Interval, add_rates
from geo.steps.smoothing import Smoothing
from geo.study.locating import Located
from geo.study.naming import with_names
from geo.study.peopling import has_people, measure, person_years

PEOPLE, KM2 = "people", "km2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """How rates are made.

    Attributes
    ----------
    interval, smoothing
        As in :func:`geo.steps.measure.add_rates`.
    denominator
        ``"people"``, ``"km2"``, or the path of a table of the user's own.
    column
        The column of that table; may be left out where it has one figure.
    per
        Rates are per so many units: 100,000 people, or 1 of another denominator, unless given.
    """

    interval: Interval = "exact"
    smoothing: tuple[Smoothing, ...] = ()
    denominator: str = PEOPLE
    column: str | None = None
    per: float | None = None

    def __post_init__(self) -> None:
        """Refuse a column without a table to take it from."""
        if self.column is not None and self.denominator in (PEOPLE, KM2):
            raise SettingsError(
                f"denominator_column = {self.column!r} is given with the denominator "
                f"{self.denominator}; name the table that has it (--denominator FILE)"
            )

    @property
    def inputs(self) -> list[Path]:
        """The table of the denominator, where it is one of the user's."""
        return [] if self.denominator in (PEOPLE, KM2) else [Path(self.denominator)]

    @property
    def units(self) -> float:
        """What rates are per."""
        if self.per is not None:
            return self.per
        return 100_000.0 if self.denominator == PEOPLE else 1.0


def rates_of(found: Located, days: Mapping[str, Any], level: Level, how: Rating) -> pd.DataFrame:
    """Return the ``MEASURES`` table of the events, by the period of the study, with names.

    Parameters
    ----------
    found
        The events with their areas.
    days
        As :func:`geo.study.days.covered_days` returns them.
    level
        States or municipalities.
    how
        How rates are made.

    Raises
    ------
    GeoError
        The denominator cannot be read or used, or a step refuses its input.
    """
    panel = count_events(found.located, level=level, period=found.settings.period, **days)
    options: dict[str, Any] = {"interval": how.interval, "smoothing": how.smoothing}
    if how.denominator == PEOPLE:
        measures = measure(
            panel, found.settings, level, days, people=found.people, per=how.units, **options
        )
    else:
        exposure = _exposure(panel, found, days, level, how)
        if (whole := found.areas_with_rates(level)) is not None:
            panel = panel[panel["cvegeo"].isin(whole)]
        measures = add_rates(panel, exposure, per=how.units, **options)
    return with_names(measures, level)


def fatalities_of(
    found: Located,
    days: Mapping[str, Any],
    level: Level,
    how: Rating,
    *,
    draws: int = REPLICATES,
) -> pd.DataFrame:
    """Return the ``FATALITY_RATES`` table of the events, with names.

    Parameters
    ----------
    found, days, level, how
        As in :func:`rates_of`; interval and smoothing play no part.
    draws
        How often events are drawn, from the seed of the study.
    """
    study = found.settings
    if how.denominator == PEOPLE:
        exposure, _ = person_years(study, level, days, people=found.people)
    else:
        panel = count_events(found.located, level=level, period=study.period, **days)
        exposure = _exposure(panel, found, days, level, how)
    table = measure_fatalities(
        found.located,
        exposure,
        level=level,
        period=study.period,
        rng=np.random.default_rng(study.seed),
        draws=draws,
        per=how.units,
        **days,
    )
    return with_names(table, level)


def fatality_sentence(table: pd.DataFrame, *, draws: int, seed: int) -> str:
    """Return what a ``FATALITY_RATES`` table says in all.

    Examples
    --------
    >>> from geo import schema
    >>> fatality_sentence(schema.FATALITY_RATES.empty(), draws=1999, seed=1)
    'no events'
    """
    best = table[table["estimate"] == "best"]
    if best.empty:
        return "no events"
    sums = table.groupby("estimate")["fatalities"].sum()
    range_ = f" ({sums['low']:,.0f} to {sums['high']:,.0f})" if "low" in sums.index else ""
    unknown, empty = int(best["fatalities_unknown"].sum()), int((best["limit_high"].isna()).sum())
    return (
        f"{best['cvegeo'].nunique():,} areas x {best['period'].nunique():,} periods: "
        f"{sums['best']:,.0f} deaths{range_} in {int(best['deadly_events'].sum()):,} of "
        f"{int(best['events'].sum()):,} events; {unknown:,} events do not state a number and add "
        f"none. 95 % intervals from events drawn {draws:,} times (seed {seed}); {empty:,} rows "
        "without a stated death have no upper limit"
    )


def _exposure(
    panel: pd.DataFrame, found: Located, days: Mapping[str, Any], level: Level, how: Rating
) -> pd.DataFrame:
    """Return the exposure of a denominator that is not people, with the people beside it."""
    study = found.settings
    people = None
    if has_people(study, level, days, people=found.people):
        people, _ = person_years(study, level, days, people=found.people)
    if how.denominator == KM2:
        return area_exposure(panel, people=people)
    table, column, table_level = read_denominator(Path(how.denominator), how.column)
    if table_level != level:
        raise SettingsError(
            f"{Path(how.denominator).name} holds codes of a {table_level}, and rates are asked for "
            f"by {level}; give --level {table_level}, or another table"
        )
    return given_exposure(panel, table, column=column, people=people)
