"""The numbers behind the map of a study: counts of areas by month, and what they are measured by.

Whatever the map shows for a window of months is a sum of these counts, a quotient of two sums, or
one of the results that are given here; it computes no statistic.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo import periods
from geo.cvegeo import Level
from geo.errors import ExposureError
from geo.periods import Window
from geo.sources.population import load_population
from geo.stats import bayes, rates
from geo.steps.categories import split_events
from geo.steps.count import TOO_COARSE, count_events
from geo.steps.hotspots import find_hotspots
from geo.steps.measure import add_rates
from geo.steps.moran import find_outliers
from geo.steps.neighborhood import FEW_AREAS
from geo.study.days import covered_days, whole_periods
from geo.study.locating import Located

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

SPANS = (1, 3, 12)
"""Lengths of the windows that a reader can choose, in months; each ends with a month."""

HOTSPOT_SPAN = 12
"""Months of a window that hotspots are looked for in: in a single month hardly any area has any."""

OUTLIERS = ("none", "LL", "LH", "HL", "HH")
"""What an area is among its neighbors: nothing significant, low or high among low or high ones."""

MOST_MONTHS = 120
"""Months that a map holds; of longer data the latest."""

SPLITS = ("event_type", "actor_class")
"""The splits that a map can be filtered by."""

TOP_ACTORS = 5


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class LevelAtlas:
    """What is known of the areas of one level, month by month.

    Attributes
    ----------
    codes
        CVEGEO of each area, ascending.
    events
        Events of areas × months.
    splits
        For each split its categories, and events of areas × months × categories.
    targeted, stated
        Events that targeted civilians, and events that state whether they did; areas × months.
    population
        People of areas × calendar years; NaN where not known.
    prior_mean, prior_variance
        By span, for the window that ends with each month: mean and variance of the underlying
        rates (Marshall), per person-year. NaN where the window is not wholly covered.
    gi_bin
        Bin of the window of :data:`HOTSPOT_SPAN` months that ends with each month, areas × months;
        NaN where not tested. None at the level of states.
    outlier
        Position in :data:`OUTLIERS` of what local Moran's I of the same windows says; NaN where
        not tested. None at the level of states.
    actors
        The actors with most events in the latest window, by area: name and number.
    state_only
        Events that are known only to the state, by area (0 for municipalities).
    """

    codes: tuple[str, ...]
    events: IntArray
    splits: Mapping[str, tuple[tuple[str, ...], IntArray]]
    targeted: IntArray
    stated: IntArray
    population: FloatArray
    prior_mean: Mapping[int, FloatArray]
    prior_variance: Mapping[int, FloatArray]
    gi_bin: FloatArray | None
    outlier: FloatArray | None
    actors: tuple[tuple[tuple[str, int], ...], ...]
    state_only: IntArray


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class WindowRates:
    """Counts and rates of the windows that end with each month, areas × months.

    Attributes
    ----------
    events, crude, smoothed
        Events; events per 100,000 person-years; the same, empirical Bayes.
    """

    events: FloatArray
    crude: FloatArray
    smoothed: FloatArray


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Atlas:
    """The numbers behind a map.

    Attributes
    ----------
    months
        Labels of the months, in order.
    complete, years
        Whether the data cover each month wholly, and its length in years as covered.
    calendar_years
        The years of the columns of the population.
    year_of
        Column of the population of each month.
    levels
        By level.
    base, comparison
        First and last month of the windows that the study compares, by position; None where they
        are no whole months of these data.
    events_left_out
        Events with an area that are in no month: their date is known less well.
    """

    months: tuple[str, ...]
    complete: BoolArray
    years: FloatArray
    calendar_years: tuple[int, ...]
    year_of: IntArray
    levels: Mapping[Level, LevelAtlas]
    base: tuple[int, int] | None
    comparison: tuple[int, int] | None
    events_left_out: int = 0

    def exposure(self, level: Level) -> FloatArray:
        """Return person-years of areas × months."""
        exposure: FloatArray = self.levels[level].population[:, self.year_of] * self.years
        return exposure

    def window_exposure(self, level: Level, span: int) -> FloatArray:
        """Return person-years of the windows of `span` months that the data cover."""
        return covered_windows(self.exposure(level), span)

    def window_rates(self, level: Level, span: int) -> WindowRates:
        """Return what the page shows of windows of `span` months, those that the data cover."""
        lived = self.window_exposure(level, span)
        counts = covered_windows(self.levels[level].events, span)
        return WindowRates(
            events=counts,
            crude=rates.crude_rate(counts, lived),
            smoothed=bayes.empirical_bayes_rate(counts.T, lived.T).T,
        )


def count_limits(most: int) -> tuple[FloatArray, FloatArray]:
    """Return the exact 95 % limits of every count up to `most` (Garwood).

    Examples
    --------
    >>> low, high = count_limits(1)
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.0, 0.025], [3.689, 5.572])
    """
    number = np.arange(most + 1)
    return rates.exact_interval(number, np.ones(len(number)), per=1)


def make_atlas(found: Located) -> Atlas:
    """Count events by month for a map, at both levels.

    Parameters
    ----------
    found
        The events with their areas.

    Raises
    ------
    GeoError
        As :func:`geo.steps.count.count_events` and :func:`geo.steps.hotspots.find_hotspots` do.

    Examples
    --------
    >>> from geo.study.locating import locate_events
    >>> atlas = make_atlas(locate_events("sample", permutations=0))
    >>> atlas.months[0], len(atlas.months), int(atlas.levels["state"].events.sum())
    ('2022-01', 36, 12031)
    """
    monthly = whole_periods(found, "month")
    days = _latest(covered_days(monthly))
    grid = periods.calendar("month", days["first"], days["last"], data_through=days["data_through"])
    months = tuple(grid["period"])
    years = sorted({int(label[:4]) for label in months})
    atlas = Atlas(
        months=months,
        complete=grid["complete"].to_numpy(dtype=bool),
        years=grid["years"].to_numpy(dtype=np.float64),
        calendar_years=tuple(years),
        year_of=np.array([years.index(int(label[:4])) for label in months], dtype=np.int64),
        levels={
            level: _level(monthly, days, level, grid, years) for level in ("state", "municipality")
        },
        base=_span_of(found.settings.windows and found.settings.windows[0], months),
        comparison=_span_of(found.settings.windows and found.settings.windows[1], months),
    )
    counted = int(atlas.levels["state"].events.sum())
    inside = monthly.located["event_date"].between(
        pd.Timestamp(days["first"]), pd.Timestamp(days["last"])
    )
    with_state = monthly.located["cve_ent"].notna() & inside
    return dataclasses.replace(atlas, events_left_out=int(with_state.sum()) - counted)


def _latest(days: dict[str, str]) -> dict[str, str]:
    """Return the days of at most so many months, the latest."""
    last = pd.Timestamp(days["last"])
    begin = (last - pd.DateOffset(months=MOST_MONTHS - 1)).replace(day=1)
    return {**days, "first": max(days["first"], str(begin.date()))}


def _level(
    found: Located, days: dict[str, str], level: Level, grid: pd.DataFrame, years: list[int]
) -> LevelAtlas:
    located = _inside(found.located, days)
    shape = (-1, len(grid))
    panel = count_events(located, level=level, period="month", **days)
    codes = tuple(panel["cvegeo"].unique())
    events = panel["events"].to_numpy().reshape(shape)
    splits = {}
    for by in SPLITS:
        names, counts = _split(located, by, level, days, len(grid))
        splits[by] = (names, counts)
    names, counts = _split(located, "civilian_targeting", level, days, len(grid))
    targeted, other = (
        counts[:, :, names.index(word)] if word in names else np.zeros_like(events)
        for word in ("targeted", "not targeted")
    )
    population = _population(found, level, codes, years)
    exposure = population[:, [years.index(int(m[:4])) for m in grid["period"]]]
    exposure = exposure * grid["years"].to_numpy(dtype=np.float64)
    means, variances = {}, {}
    for span in SPANS:
        sums, people = rolling(events, span), rolling(exposure, span)
        mean, variance = bayes.prior_moments(sums.T, people.T)
        short = np.arange(len(grid)) < span - 1
        means[span] = np.where(short, np.nan, mean)
        variances[span] = np.where(short, np.nan, variance)
    tested = _tested(found, panel, exposure, grid) if level == "municipality" else (None, None)
    return LevelAtlas(
        codes=codes,
        events=events,
        splits=splits,
        targeted=targeted,
        stated=targeted + other,
        population=population,
        prior_mean=means,
        prior_variance=variances,
        gi_bin=tested[0],
        outlier=tested[1],
        actors=_actors(located, level, codes, grid),
        state_only=_state_only(located, level, codes),
    )


def rolling(values: npt.NDArray[Any], span: int) -> FloatArray:
    """Return, for each month, the sum of the `span` months that end with it.

    At the beginning fewer months are summed; whoever shows these must not.

    Examples
    --------
    >>> rolling(np.array([[1, 2, 3, 4]]), 3).tolist()
    [[1.0, 3.0, 6.0, 9.0]]
    """
    if np.issubdtype(values.dtype, np.integer):
        totals = np.cumsum(values, axis=1, dtype=np.int64)
        totals[:, span:] -= totals[:, :-span].copy()
        return totals.astype(np.float64)
    # Sums of their own, not differences of running totals: equal months give equal sums.
    return np.stack(
        [values[:, max(0, at - span + 1) : at + 1].sum(axis=1) for at in range(values.shape[1])],
        axis=1,
    )


def covered_windows(values: npt.NDArray[Any], span: int) -> FloatArray:
    """Return the sums of the windows of `span` months that the data cover.

    Examples
    --------
    >>> covered_windows(np.array([[1, 2, 3, 4]]), 3).tolist()
    [[6.0, 9.0]]
    """
    return rolling(values, span)[:, span - 1 :]


def _inside(located: pd.DataFrame, days: dict[str, str]) -> pd.DataFrame:
    inside = located["event_date"] >= pd.Timestamp(days["first"])
    return located if inside.all() else located[inside.to_numpy()]


def _split(
    located: pd.DataFrame, by: str, level: Level, days: dict[str, str], months: int
) -> tuple[tuple[str, ...], IntArray]:
    """Return the categories of a split, most frequent first, and their counts."""
    named = located.assign(**{_CATEGORY: split_events(located, by)})
    panel = count_events(named, level=level, period="month", category=_CATEGORY, **days)
    names = tuple(panel["category"].unique())
    counts = panel["events"].to_numpy().reshape(-1, months, len(names))
    order = np.argsort(-counts.sum(axis=(0, 1)), kind="stable")
    return tuple(names[at] for at in order), counts[:, :, order]


_CATEGORY = "map_category"


def _population(
    found: Located, level: Level, codes: tuple[str, ...], years: list[int]
) -> FloatArray:
    """Return people of areas × years; a year that is not known is missing, or the nearest.

    Areas that a query does not ask for as a whole have none: their people are not its events'.
    """
    if found.areas_with_rates(level) == frozenset():
        return np.full((len(codes), len(years)), np.nan)
    table = found.population(level)
    if table is None:
        table = load_population(level)
    wide = table.pivot_table(index="cvegeo", columns="year", values="population", aggfunc="sum")
    wide = wide.reindex(list(codes))
    known = list(wide.columns)
    if not known:
        raise ExposureError("the population table has no year")
    chosen = years
    if found.settings.nearest_year:
        chosen = [min(known, key=lambda one: abs(one - year)) for year in years]
    people: FloatArray = wide.reindex(columns=chosen).to_numpy(dtype=np.float64)
    return people


def _tested(
    found: Located, panel: pd.DataFrame, exposure: FloatArray, grid: pd.DataFrame
) -> tuple[FloatArray, FloatArray]:
    """Return bins of hotspots, and outliers, of the windows that end with each complete month."""
    study, months = found.settings, len(grid)
    shape = exposure.shape
    events = panel["events"].to_numpy().reshape(shape)
    sums, people = rolling(events, HOTSPOT_SPAN), rolling(exposure, HOTSPOT_SPAN)
    years = rolling(grid["years"].to_numpy(dtype=np.float64)[None, :], HOTSPOT_SPAN)[0]
    bins, outlier = np.full(shape, np.nan), np.full(shape, np.nan)
    complete = grid["complete"].to_numpy(dtype=bool)
    ends = [at for at in range(HOTSPOT_SPAN - 1, months) if complete[at]]
    ends = [at for at in ends if (people[:, at] > 0).any()]
    codes = np.asarray(panel["cvegeo"].unique())
    whole = found.areas_with_rates("municipality")
    among = np.full(len(codes), fill_value=True) if whole is None else np.isin(codes, [*whole])
    if not ends or (whole is not None and among.sum() < FEW_AREAS):
        return bins, outlier
    codes, sums, people = codes[among], sums[among], people[among]
    labels = grid["period"].to_numpy()[ends]
    whole = pd.DataFrame(
        {
            "cvegeo": pd.Series(np.tile(codes, len(ends)), dtype="str"),
            "period": pd.Series(np.repeat(labels, len(codes)), dtype="str"),
            "events": sums[:, ends].T.ravel().astype(np.int64),
            "fatalities": 0,
            "fatalities_unknown": 0,
            "complete": pd.array([True] * (len(codes) * len(ends)), dtype="boolean"),
            "years": np.repeat(years[ends], len(codes)),
        }
    )
    lived = people[:, ends].T.ravel()
    measured = add_rates(
        whole,
        pd.DataFrame(
            {
                "cvegeo": whole["cvegeo"],
                "period": whole["period"],
                "population": lived / whole["years"].to_numpy(),
                "exposure": lived,
                "years": whole["years"],
                "origin": pd.Series("given", index=whole.index, dtype="str"),
            }
        ),
    )
    hotspots = find_hotspots(measured, permutations=study.permutations, seed=study.seed)
    found_bins = hotspots["gi_bin"].to_numpy(dtype=np.float64, na_value=np.nan)
    tested = np.ix_(np.flatnonzero(among), np.array(ends))
    bins[tested] = found_bins.reshape(len(ends), len(codes)).T
    unlike = find_outliers(measured, permutations=study.permutations, seed=study.seed)
    outlier[tested] = outlier_classes(unlike).reshape(len(ends), len(codes)).T
    return bins, outlier


def outlier_classes(outliers: pd.DataFrame) -> FloatArray:
    """Return the position in :data:`OUTLIERS` of each row of an ``OUTLIERS`` table.

    Examples
    --------
    >>> rows = pd.DataFrame({"quadrant": ["HH", "HL", "LL", None],
    ...     "is_outlier": pd.array([False, True, False, None], dtype="boolean"),
    ...     "is_cluster": pd.array([True, False, False, None], dtype="boolean")})
    >>> outlier_classes(rows).tolist()
    [4.0, 3.0, 0.0, nan]
    """
    sure = outliers["is_outlier"] | outliers["is_cluster"]
    place = {word: at for at, word in enumerate(OUTLIERS)}
    named = outliers["quadrant"].map(place).to_numpy(dtype=np.float64, na_value=np.nan)
    told = np.where(sure.fillna(value=False).to_numpy(dtype=bool), named, 0.0)
    classes: FloatArray = np.where(sure.isna().to_numpy(dtype=bool), np.nan, told)
    return classes


def _actors(
    located: pd.DataFrame, level: Level, codes: tuple[str, ...], grid: pd.DataFrame
) -> tuple[tuple[tuple[str, int], ...], ...]:
    """Return the actors with most events in the latest twelve months, by area."""
    column = "cve_ent" if level == "state" else "cvegeo"
    begin = periods.bounds(grid["period"].iloc[max(0, len(grid) - 12)])[0]
    # As in the counts, an event whose month is not known is in no window.
    loose = located["time_precision"].isin(TOO_COARSE["month"])
    counted = (located["event_date"] >= begin) & ~loose & located[column].notna()
    # An event in which a group meets itself is one event of it.
    sides = [
        located.loc[counted, [column, "event_id", side]].rename(columns={side: "actor"})
        for side in ("actor1", "actor2")
    ]
    both = pd.concat(sides, ignore_index=True).dropna(subset=["actor"])
    both = both.drop_duplicates([column, "event_id", "actor"])
    counts = both.groupby([column, "actor"]).size().rename("events").reset_index()
    counts = counts.sort_values(
        [column, "events", "actor"], ascending=[True, False, True], kind="stable"
    )
    top = counts.groupby(column).head(TOP_ACTORS)
    by_code: dict[str, list[tuple[str, int]]] = {}
    for code, actor, number in top.itertuples(index=False):
        by_code.setdefault(str(code), []).append((str(actor), int(number)))
    return tuple(tuple(by_code.get(code, ())) for code in codes)


def _state_only(located: pd.DataFrame, level: Level, codes: tuple[str, ...]) -> IntArray:
    if level == "municipality":
        return np.zeros(len(codes), dtype=np.int64)
    loose = located["cve_ent"].notna() & located["cvegeo"].isna()
    counts = located.loc[loose, "cve_ent"].value_counts()
    return np.array([int(counts.get(code, 0)) for code in codes], dtype=np.int64)


def _span_of(window: Window | None, months: tuple[str, ...]) -> tuple[int, int] | None:
    """Return the first and last month of a window that is made of whole months."""
    if window is None:
        return None
    inside = [
        at
        for at, label in enumerate(months)
        if window.start <= periods.bounds(label)[0] and periods.bounds(label)[1] <= window.end
    ]
    if not inside or sum(_days(months[at]) for at in inside) != window.days:
        return None
    return inside[0], inside[-1]


def _days(label: str) -> int:
    start, end = periods.bounds(label)
    return int((end - start).days)
