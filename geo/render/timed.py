"""What a map says over time: counts by month, and classes fixed over all windows.

The page sums counts and divides sums; everything else it shows is given here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo import periods
from geo.cvegeo import Level
from geo.errors import SchemaError
from geo.render.codec import Block, columns_block, json_block
from geo.render.label_colors import EMERGING
from geo.render.packed import Packed
from geo.render.reach import asked_column
from geo.render.text import clean
from geo.sources.population import census
from geo.stats import bayes, rates
from geo.stats.breaks import ClassBreaks, make_breaks
from geo.steps.reach import EVERYWHERE, Reach
from geo.study.atlas import (
    HOTSPOT_SPAN,
    SPANS,
    SPLITS,
    Atlas,
    LevelAtlas,
    count_limits,
    covered_windows,
    rolling,
)
from geo.study.layers import Emerging

FloatArray = npt.NDArray[np.float64]

ALL = "all"
"""The category of all events."""

RATIO_BOUNDS = (0.25, 0.5, 0.8, 1.25, 2.0, 4.0)
"""Inner bounds of the classes of change, symmetric on the scale of ratios."""

SHARE = ClassBreaks(bounds=(0.0, 0.2, 0.4, 0.6, 0.8, 1.0), zero_class=True)
"""Classes of a share."""

LEAST_EVENTS = 5
"""A change of fewer events, both windows together, is not told."""

MOST_COUNTED = 5_000
"""Counts up to this have an interval in the page; larger windows are given none."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Timed:
    """The numbers of a map over time, and what stands beside them.

    Attributes
    ----------
    atlas
        Counts by month.
    change
        ``CHANGE`` tables by level, where windows are compared.
    events
        Days on which something began, with ``event`` or ``transition``.
    emerging
        Labels of emerging hotspots of municipalities, where the study made them.
    reach
        Which areas are asked for in part, and which not at all.
    """

    atlas: Atlas
    change: Mapping[Level, pd.DataFrame]
    events: tuple[tuple[dt.date, str], ...] = ()
    emerging: Emerging | None = None
    reach: Reach = EVERYWHERE

    @property
    def spans(self) -> tuple[int, ...]:
        """Lengths of windows that the data are long enough for."""
        return tuple(span for span in SPANS if span <= len(self.atlas.months))

    @property
    def categories(self) -> dict[str, tuple[str, ...]]:
        """Names of the categories of each split, those of both levels.

        A second split of one category would say nothing that the first does not.
        """
        splits = self._splits()
        return {by: names for by, (names, _) in splits.items() if by == SPLITS[0] or len(names) > 1}

    def _splits(self) -> Mapping[str, tuple[tuple[str, ...], Any]]:
        # The states have every event that a municipality has.
        return self.atlas.levels["state"].splits

    def asked(self, level: Level) -> npt.NDArray[np.bool_]:
        """Return of which areas of a level, in the order of the atlas, anything is asked."""
        codes = self.atlas.levels[level].codes
        return np.array([code not in self.reach.outside for code in codes], dtype=bool)

    def has_hotspots(self, level: Level) -> bool:
        """Return whether hotspots were looked for at a level, and any area was tested."""
        bins = self.atlas.levels[level].gi_bin
        return bins is not None and bool(np.isfinite(bins).any())

    def has_outliers(self, level: Level) -> bool:
        """Return whether outliers were looked for at a level, and any area was tested."""
        classes = self.atlas.levels[level].outlier
        return classes is not None and bool(np.isfinite(classes).any())

    def has_rates(self, level: Level) -> bool:
        """Return whether the people of any area of a level are known."""
        return bool(np.isfinite(self.atlas.levels[level].population).any())

    def patterns(self, level: Level) -> tuple[str, ...] | None:
        """Return the labels of emerging hotspots that occur, cold ones first; None without any."""
        if self.emerging is None or level != "municipality":
            return None
        have = set(self.emerging.table["pattern"].dropna())
        return tuple(word for word in EMERGING if word in have) or None

    def counts(self, level: Level, split: str, name: str) -> npt.NDArray[np.int64]:
        """Return events of areas × months in a category; none where the level has it not."""
        names, counts = self.atlas.levels[level].splits[split]
        if name not in names:
            return np.zeros_like(self.atlas.levels[level].events)
        found: npt.NDArray[np.int64] = counts[:, :, names.index(name)]
        return found


def timed_breaks(timed: Timed, level: Level) -> dict[str, dict[int, dict[str, ClassBreaks]]]:
    """Return the classes of counts, rates and smoothed rates by window and category.

    They are made of the values of all windows together, so that colors can be compared over time,
    and of the areas of which anything is asked. A level of which no area has people has counts
    only.
    """
    atlas, table = timed.atlas, timed.atlas.levels[level]
    asked = timed.asked(level)
    found: dict[str, dict[int, dict[str, ClassBreaks]]] = {"count": {}}
    if has_rates := timed.has_rates(level):
        found |= {"rate": {}, "smoothed": {}}
    by_category = {ALL: table.events} | {
        f"{by}:{at}": timed.counts(level, by, name)
        for by, names in timed.categories.items()
        for at, name in enumerate(names)
    }
    for span in timed.spans:
        sums = {key: covered_windows(counts, span) for key, counts in by_category.items()}
        found["count"][span] = {key: make_breaks(of[asked], whole=True) for key, of in sums.items()}
        if not has_rates:
            continue
        lived = atlas.window_exposure(level, span)
        found["rate"][span] = {
            key: make_breaks(rates.crude_rate(of, lived)) for key, of in sums.items()
        }
        smoothed = bayes.empirical_bayes_rate(sums[ALL].T, lived.T)
        found["smoothed"][span] = {ALL: make_breaks(smoothed)}
    return found


def timed_config(timed: Timed) -> dict[str, Any]:
    """Return what the scripts are told of months, windows and categories."""
    atlas = timed.atlas
    return {
        "months": {
            "labels": list(atlas.months),
            "complete": [bool(one) for one in atlas.complete],
            "years": [float(length) for length in atlas.years],
            "yearOf": [int(at) for at in atlas.year_of],
        },
        "spans": list(timed.spans),
        "hotspotSpan": HOTSPOT_SPAN if len(atlas.months) >= HOTSPOT_SPAN else None,
        "categories": {
            by: [clean(name) for name in names] for by, names in timed.categories.items()
        },
        "base": None if atlas.base is None else list(atlas.base),
        "comparison": None if atlas.comparison is None else list(atlas.comparison),
        "events": [{"day": day.isoformat(), "kind": kind} for day, kind in timed.events],
        "emerging": None if timed.emerging is None else _emerging(timed.emerging, atlas.months),
        "prior": {
            level: {
                str(span): {
                    "mean": _listed(table.prior_mean[span]),
                    "variance": _listed(table.prior_variance[span]),
                }
                for span in timed.spans
            }
            for level, table in atlas.levels.items()
        },
        "datelessEvents": atlas.events_left_out,
    }


def _emerging(emerging: Emerging, months: Sequence[str]) -> dict[str, Any]:
    """Return what the labels rest on, and which months of the map they are of."""
    start, end = periods.bounds(emerging.first)[0], periods.bounds(emerging.last)[1]
    inside = [
        at
        for at, label in enumerate(months)
        if start <= periods.bounds(label)[0] and periods.bounds(label)[1] <= end
    ]
    return {
        "months": [inside[0], inside[-1]],
        "kind": emerging.kind,
        "periods": emerging.periods,
        "permutations": emerging.permutations,
        "seed": emerging.seed,
    }


def _listed(values: FloatArray) -> list[float | None]:
    return [None if np.isnan(value) else float(value) for value in values]


def timed_blocks(timed: Timed, codes: Mapping[Level, Sequence[str]]) -> list[Block]:
    """Return the blocks of counts, people, intervals, actors and change.

    Parameters
    ----------
    timed
        What the map says over time.
    codes
        The areas that are drawn, by level, in their order.

    Raises
    ------
    SchemaError
        The counts hold areas that are not drawn.
    """
    blocks = []
    most = 0
    for level, table in timed.atlas.levels.items():
        rows = _rows(level, table.codes, codes[level])
        blocks.append(columns_block(f"counts-{level}", _counts(timed, level, rows, codes[level])))
        blocks.append(json_block(f"actors-{level}", _actors(table, rows)))
        if (change := timed.change.get(level)) is not None:
            blocks.append(columns_block(f"change-{level}", _change(change, codes[level])))
        longest = max(timed.spans)
        most = max(most, int(rolling(table.events, longest).max(initial=0)))
    low, high = count_limits(min(most, MOST_COUNTED))
    limits = {"low": Packed("curve", low), "high": Packed("curve", high)}
    return [*blocks, columns_block("limits", limits)]


def _rows(level: Level, have: Sequence[str], drawn: Sequence[str]) -> npt.NDArray[np.intp]:
    """Return the row of each drawn area; -1 where it has none."""
    place = {code: at for at, code in enumerate(have)}
    if strange := sorted(set(have) - set(drawn)):
        raise SchemaError(
            f"{len(strange)} areas of the {level} level are not in the boundaries: "
            f"{', '.join(strange[:5])}; take the codes from geo.load_areas({level!r})"
        )
    return np.array([place.get(code, -1) for code in drawn], dtype=np.intp)


def _taken(values: npt.NDArray[Any], rows: npt.NDArray[np.intp]) -> npt.NDArray[Any]:
    """Return the rows of areas, zeros where an area has none."""
    padded = np.concatenate([values, np.zeros((1, *values.shape[1:]), dtype=values.dtype)])
    return padded[rows]


def _counts(
    timed: Timed, level: Level, rows: npt.NDArray[np.intp], drawn: Sequence[str]
) -> dict[str, Packed]:
    table = timed.atlas.levels[level]
    counts = {
        f"{by}:{at}": timed.counts(level, by, name)
        for by, names in timed.categories.items()
        for at, name in enumerate(names)
        # Every event is in one category: the first of a further split is what its others leave.
        if at > 0 or by == SPLITS[0]
    }
    counts["targeted"] = table.targeted
    unstated = table.events - table.stated
    is_mostly_stated = np.count_nonzero(unstated) < np.count_nonzero(table.stated)
    counts |= {"unstated": unstated} if is_mostly_stated else {"stated": table.stated}
    columns = {key: Packed("sparse", _taken(of, rows).ravel()) for key, of in counts.items()}
    columns["state_only"] = Packed("sparse", _taken(table.state_only, rows))
    if table.gi_bin is not None:
        bins = np.where(rows[:, None] < 0, np.nan, _taken(table.gi_bin, rows))
        columns["gi_bin"] = Packed("optional", bins.ravel() + 3)
    if table.outlier is not None:
        classes = np.where(rows[:, None] < 0, np.nan, _taken(table.outlier, rows))
        columns["outlier"] = Packed("optional", classes.ravel())
    if (patterns := timed.patterns(level)) is not None and timed.emerging is not None:
        labels = timed.emerging.table.set_index("cvegeo")["pattern"].reindex(list(table.codes))
        place = {word: at for at, word in enumerate(patterns)}
        named = labels.map(place).to_numpy(dtype=np.float64, na_value=np.nan)
        columns["emerging"] = Packed("optional", np.where(rows < 0, np.nan, _taken(named, rows)))
    if timed.reach:
        columns["asked"] = asked_column(drawn, timed.reach)
    return columns | _people(timed, level, rows)


def _people(timed: Timed, level: Level, rows: npt.NDArray[np.intp]) -> dict[str, Packed]:
    """Return the population by year; of municipalities what parts the state's, if it stays.

    The shipped figures are the state's times the share in the census: one whole number an area in
    place of a number a year.
    """
    people = timed.atlas.levels[level].population
    known = np.concatenate([people, np.full((1, people.shape[1]), np.nan)])[rows]
    if level == "municipality":
        counted = census(timed.atlas.levels[level].codes)
        if counted is not None and (rows >= 0).all() and _parts(timed, counted):
            return {"census": Packed("whole", counted[rows])}
        if (share := _shares(timed)) is not None:
            return {"share": Packed("number", np.concatenate([share, [np.nan]])[rows])}
    return {
        f"people:{at}": Packed("number", known[:, at])
        for at in range(len(timed.atlas.calendar_years))
    }


def _parts(timed: Timed, counted: FloatArray) -> bool:
    """Return whether each municipality has the state's people by its part in the census."""
    states, towns = (timed.atlas.levels[level] for level in ("state", "municipality"))
    place = {code: at for at, code in enumerate(states.codes)}
    state = np.array([place[code[:2]] for code in towns.codes])
    total = np.bincount(state, weights=counted, minlength=len(states.codes))[state]
    made = counted[:, None] * states.population[state] / total[:, None]
    return bool(np.isclose(made, towns.population, rtol=1e-12, atol=0).all())


def _shares(timed: Timed) -> FloatArray | None:
    """Return the share of each municipality in its state's people, if it is the same every year."""
    states, towns = (timed.atlas.levels[level] for level in ("state", "municipality"))
    place = {code: at for at, code in enumerate(states.codes)}
    of_state = states.population[[place[code[:2]] for code in towns.codes]]
    with np.errstate(divide="ignore", invalid="ignore"):
        share: FloatArray = towns.population[:, 0] / of_state[:, 0]
    made = share[:, None] * of_state
    same = np.isclose(made, towns.population, rtol=1e-12, atol=0, equal_nan=True)
    return share if same.all() else None


def _actors(table: LevelAtlas, rows: npt.NDArray[np.intp]) -> dict[str, Any]:
    names: dict[str, int] = {}
    top = []
    for row in rows:
        flat: list[int] = []
        for name, number in table.actors[row] if row >= 0 else ():
            flat += [names.setdefault(clean(name), len(names)), number]
        top.append(flat)
    return {"names": list(names), "top": top}


_CHANGE = {
    "ratio": "rate_ratio",
    "low": "ratio_low",
    "high": "ratio_high",
    "quasi_low": "quasi_low",
    "quasi_high": "quasi_high",
}


def _change(change: pd.DataFrame, codes: Sequence[str]) -> dict[str, Packed]:
    """Return the rows of areas with enough events to be told; ``area`` says which these are."""
    rows = change.set_index("cvegeo").reindex(list(codes))
    told = (rows["base_events"] + rows["comparison_events"] >= LEAST_EVENTS).to_numpy(dtype=bool)
    rows = rows[told]
    columns = {"area": Packed("delta", np.flatnonzero(told))}
    for name, column in _CHANGE.items():
        values = rows[column].to_numpy(dtype=np.float64, na_value=np.nan)
        columns[name] = Packed("number", np.where(np.isinf(values), -1.0, values))
    for name in ("base_events", "comparison_events", "rank"):
        columns[name] = Packed("optional", rows[name].to_numpy(dtype=np.float64, na_value=np.nan))
    return columns
