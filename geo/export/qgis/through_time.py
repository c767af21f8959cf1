"""The layers of areas through time: a row an area and a period, joined to the areas by a view."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geo import periods
from geo.export.qgis.areas import ORDER, joined, period_times
from geo.export.qgis.fields import fields
from geo.export.qgis.legends import COLUMNS, bin_classes, bin_words, classes_from
from geo.export.qgis.parts import CODE, Layer, Temporal
from geo.export.qgis.reach import emptied
from geo.export.qgis.words import word
from geo.periods import PeriodKind
from geo.render.describe import reach_of
from geo.render.mapdata import Level
from geo.render.text import Language
from geo.render.words import say
from geo.stats.breaks import ClassBreaks, make_breaks
from geo.stats.reliability import is_reliable
from geo.steps.reach import Reach
from geo.study.atlas import Atlas
from geo.study.results import Results

STEPS: Mapping[PeriodKind, tuple[int, str]] = {
    "year": (1, "y"),
    "quarter": (3, "mon"),
    "month": (1, "mon"),
    "week": (1, "wk"),
    "acled-week": (1, "wk"),
}
"""How far the clock goes on with each period, and in which of QGIS's units."""

_IN_NAME = {"acled-week": "week"}


def period_layers(results: Results, level: Level, language: Language) -> tuple[Layer, ...]:
    """Return the areas by the period of the study and, of longer ones, also by month."""
    kind, reach = results.settings.period, reach_of(results)
    made = [_layer(_of_study(results, level), kind, level, language, reach)]
    if kind in ("year", "quarter") and results.atlas is not None:
        made.append(_layer(of_atlas(results.atlas, level), "month", level, language, reach))
    return tuple(made)


def finest(results: Results) -> PeriodKind:
    """Return the shortest period that there is a layer of."""
    kind = results.settings.period
    return "month" if kind in ("year", "quarter") and results.atlas is not None else kind


def _of_study(results: Results, level: Level) -> pd.DataFrame:
    table = results.tables[f"measures_{level}"]
    hotspots = results.tables.get(f"hotspots_{level}")
    if hotspots is None:
        return table
    found = hotspots[[CODE, "period", "gi_bin"]]
    return table.merge(found, on=[CODE, "period"], how="left", validate="one_to_one")


def of_atlas(atlas: Atlas, level: Level) -> pd.DataFrame:
    """Return counts and rates by month, as the map shows them."""
    table = atlas.levels[level]
    shown = atlas.window_rates(level, 1)
    months = len(atlas.months)
    population = table.population[:, atlas.year_of]
    return pd.DataFrame(
        {
            CODE: np.repeat(np.array(table.codes, dtype=object), months),
            "period": np.tile(np.array(atlas.months, dtype=object), len(table.codes)),
            "complete": np.tile(atlas.complete, len(table.codes)),
            "events": table.events.ravel(),
            "population": population.ravel(),
            "exposure": atlas.exposure(level).ravel(),
            "crude_rate": shown.crude.ravel(),
            "eb_rate": shown.smoothed.ravel(),
            "reliable": is_reliable(table.events, population).ravel(),
        }
    )


def _layer(
    table: pd.DataFrame, kind: PeriodKind, level: Level, language: Language, reach: Reach
) -> Layer:
    table = emptied(table, table[CODE], reach)
    start, end = period_times(table["period"])
    enough = table["reliable"].fillna(value=False).astype(bool)
    some = (table["events"] > 0) & table["crude_rate"].notna()
    # By period, so that what a step of the clock shows lies together in the file.
    rows = table.assign(start=start, end=end, few_events=~enough & some).sort_values(
        ["start", CODE], kind="stable", ignore_index=True
    )
    names = [CODE, "period", "start", "end", "complete", "events", "population", "exposure"]
    names += ["crude_rate"]
    if "rate_low" in rows.columns:
        names += ["rate_low", "rate_high"]
    names += ["eb_rate", "few_events"]
    classes = [
        classes_from(
            key,
            breaks,
            title=say(language, f"measure.{key}"),
            field_name=COLUMNS[key],
            language=language,
            marks_few=key == "rate",
        )
        for key, breaks in period_breaks(rows).items()
    ]
    if "gi_bin" in rows.columns:
        rows = emptied(rows.assign(gi_class=bin_words(rows["gi_bin"])), rows[CODE], reach)
        names.append("gi_class")
        classes.append(bin_classes(language))
    by = word(language, f"by.{kind}")
    return joined(
        f"{'states' if level == 'state' else 'municipalities'}_by_{_IN_NAME.get(kind, kind)}",
        level,
        word(language, f"layer.by.{level}", by=by),
        word(language, "abstract.time"),
        fields(tuple(names), language),
        rows[names],
        classes,
        language,
        temporal=Temporal("start", "end"),
        reach=reach,
    )


def period_breaks(table: pd.DataFrame) -> dict[str, ClassBreaks]:
    """Return classes of the values of all periods together, as over time on the map."""
    return {
        key: make_breaks(
            table[COLUMNS[key]].to_numpy(dtype=np.float64, na_value=np.nan), whole=key == "count"
        )
        for key in ORDER
    }


def covered(table: pd.DataFrame) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first and the last second of the periods of a table."""
    labels = sorted(table["period"].unique())
    start, _ = periods.bounds(labels[0])
    _, after = periods.bounds(labels[-1])
    return start, after - pd.Timedelta(seconds=1)
