"""Who fights whom in an area and a period, and over how many groups the violence is spread.

Every event of an area is in the table of pairs once, also those of unidentified groups and those
with one party only. In the measures of fragmentation unidentified groups are no group of their
own: they are told as a share beside.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo import periods, schema
from geo.cvegeo import Level
from geo.errors import BalanceError
from geo.periods import Day, PeriodKind
from geo.stats import fragmentation, rates, ratios
from geo.steps.actor_kinds import GROUP, UNIDENTIFIED, kinds_of_actors
from geo.steps.actor_names import line_of, rename_actors
from geo.steps.count import NOT_STATED, TOO_COARSE, code_column, count_events

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

BETWEEN = " / "
"""What stands between the two names of a pair, as in :mod:`geo.steps.categories`."""

LEAST_TO_RAREFY = 10
"""Periods with fewer appearances of identified groups are not drawn down to."""

_CELL = ["cvegeo", "period"]


def find_dyads(
    located: pd.DataFrame,
    *,
    level: Level = "state",
    period: PeriodKind = "year",
    names: pd.DataFrame | None = None,
    first: Day | int | None = None,
    last: Day | int | None = None,
    data_through: Day | None = None,
    areas: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Count the events of every pair of parties in every area and period.

    The two names of a pair are sorted, so who struck first plays no part. An event of one party
    has that name alone.

    Parameters
    ----------
    located
        An ``ASSIGNED`` table.
    level, period, first, last, data_through, areas
        As in :func:`geo.steps.count.count_events`.
    names
        An ``ACTOR_NAMES`` table that is applied before (:func:`rename_actors`).

    Returns
    -------
    DataFrame
        A ``DYADS`` table in order of code, time, and number of events. ``status`` is against the
        period before: pairs of groups joined by a successor are one. Pairs that had events there
        and have none here are rows with 0 events and status "ended", where the period is complete.

    Raises
    ------
    GeoError
        As :func:`geo.steps.count.count_events` and :func:`rename_actors` do.

    Examples
    --------
    >>> find_dyads(schema.ASSIGNED.empty()).columns[:3].tolist()
    ['cvegeo', 'period', 'dyad']
    """
    table, _ = counted_dyads(
        located, level, period, names, {"first": first, "last": last}, data_through, areas
    )
    return table


def measure_fragmentation(
    located: pd.DataFrame,
    *,
    level: Level = "state",
    period: PeriodKind = "year",
    names: pd.DataFrame | None = None,
    first: Day | int | None = None,
    last: Day | int | None = None,
    data_through: Day | None = None,
    areas: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Say for every area and period over how many armed groups the events are spread.

    A group appears once in each event that it takes part in, on either side; two groups that only
    fight each other count as two equal ones. Concentration is of these appearances; without them
    it is missing. The plain HHI falls as events are added although
    nothing else changes: compare ``hhi_unbiased``, or the columns drawn down to ``rarefied_to``,
    the least number of appearances of any of the area's periods with at least 10.

    Pairs that are new or have ended are those of two named parties, one of them an armed group,
    against the period before. An incomplete period, in which a pair may still come back, has no
    ended ones.

    Parameters
    ----------
    located, level, period, names, first, last, data_through, areas
        As in :func:`find_dyads`.

    Returns
    -------
    DataFrame
        A ``FRAGMENTATION`` table, every area in every period. The interval of the share of
        unidentified groups is exact (Clopper-Pearson) and takes appearances as independent.

    Raises
    ------
    GeoError
        As :func:`find_dyads` does.

    Examples
    --------
    >>> measure_fragmentation(schema.ASSIGNED.empty()).columns[:3].tolist()
    ['cvegeo', 'period', 'events']
    """
    dyads, panel = counted_dyads(
        located, level, period, names, {"first": first, "last": last}, data_through, areas
    )
    if panel.empty:
        return schema.FRAGMENTATION.empty()
    frame = panel[[*_CELL, "events", "complete"]].set_index(_CELL)
    parties = appearances(dyads)
    kinds = dict(list(parties.groupby("kind")))
    known = kinds.get(GROUP, parties.iloc[:0])
    hidden = kinds.get(UNIDENTIFIED, parties.iloc[:0])
    armed = dyads[dyads["kinds"].str.contains(GROUP, regex=False)]
    for column, values in (
        ("group_events", armed.groupby(_CELL)["events"].sum()),
        ("appearances", known.groupby(_CELL)["events"].sum()),
        ("unidentified", hidden.groupby(_CELL)["events"].sum()),
        ("groups", known.groupby(_CELL).size()),
    ):
        frame[column] = values.reindex(frame.index, fill_value=0).astype("int64")
    frame = frame.join(_share(frame["unidentified"], frame["appearances"]))
    frame = frame.join(_concentration(known, frame["appearances"]))
    frame = frame.join(_turnover(dyads, panel, names))
    frame["dyads"] = frame["dyads"].fillna(0)
    order = list(schema.FRAGMENTATION.dtypes)
    return frame.reset_index()[order].astype(schema.FRAGMENTATION.dtypes)


def counted_dyads(
    located: pd.DataFrame,
    level: Level,
    kind: PeriodKind,
    names: pd.DataFrame | None,
    edges: dict[str, Day | int | None],
    data_through: Day | None,
    areas: pd.DataFrame | None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the ``DYADS`` table and the ``PANEL`` table whose events it holds.

    The arguments are those of :func:`find_dyads`; `edges` holds ``first`` and ``last``.
    """
    schema.ASSIGNED.check(located)
    panel = count_events(
        located,
        level=level,
        period=kind,
        first=edges["first"],
        last=edges["last"],
        data_through=data_through,
        areas=areas,
    )
    if panel.empty:
        return schema.DYADS.empty(), panel
    named = located if names is None else rename_actors(located, names)
    column = code_column(level)
    here = named[column].notna() & ~named["time_precision"].isin(TOO_COARSE[kind])
    labels = periods.labels(named["event_date"], kind)
    here &= labels.isin(panel["period"])
    pairs = _pairs(named[here]).assign(cvegeo=named.loc[here, column], period=labels[here])
    table = (
        pairs.groupby([*_CELL, "actor_a", "actor_b"])
        .agg(
            events=("deaths", "size"),
            fatalities=("deaths", "sum"),
            fatalities_unknown=("unknown", "sum"),
        )
        .reset_index()
    )
    if int(table["events"].sum()) != int(panel["events"].sum()):
        raise BalanceError(
            f"{int(panel['events'].sum())} events are in the panel, but the pairs hold "
            f"{int(table['events'].sum())}"
        )
    return _finished(_with_status(table, panel, names), panel), panel


def _pairs(located: pd.DataFrame) -> pd.DataFrame:
    """Return both parties of each event, sorted; one that is not stated comes last."""
    parties = located[["actor1", "actor2"]].astype("str")
    first, second = (parties[name].fillna("").to_numpy(dtype=object) for name in parties)
    swap = (second != "") & ((first == "") | (second < first))
    a, b = np.where(swap, second, first), np.where(swap, first, second)
    deaths = located["fatalities"].to_numpy(dtype=np.float64)
    return pd.DataFrame(
        {
            "actor_a": np.where(a == "", NOT_STATED, a),
            "actor_b": np.where(b == "", NOT_STATED, b),
            "deaths": deaths,
            "unknown": np.isnan(deaths).astype(np.int64),
        },
        index=located.index,
    ).astype({"actor_a": "str", "actor_b": "str"})


def _with_status(
    table: pd.DataFrame, panel: pd.DataFrame, names: pd.DataFrame | None
) -> pd.DataFrame:
    """Add to each pair what it is against the period before, and the pairs that have ended."""
    labels = pd.Index(panel["period"].unique())
    time = labels.get_indexer(pd.Index(table["period"]))
    keyed = table.assign(time=time, line=_lines(table, names))
    seen = pd.MultiIndex.from_frame(keyed[["cvegeo", "line", "time"]])
    before = pd.MultiIndex.from_frame(keyed[["cvegeo", "line"]].assign(time=time - 1)).isin(seen)
    keyed["status"] = np.where(time == 0, "first period", np.where(before, "continued", "new"))
    complete = panel.drop_duplicates("period")["complete"].to_numpy(dtype=bool)
    after = pd.MultiIndex.from_frame(keyed[["cvegeo", "line"]].assign(time=time + 1))
    following = np.minimum(time + 1, len(labels) - 1)
    is_last = (time + 1 < len(labels)) & complete[following] & ~after.isin(seen)
    ended = keyed[is_last].assign(
        period=labels.take(following[is_last]),
        events=0,
        fatalities=0.0,
        fatalities_unknown=0,
        status="ended",
    )
    return pd.concat([keyed, ended], ignore_index=True)


def _lines(table: pd.DataFrame, names: pd.DataFrame | None) -> pd.Series:
    """Return for each pair the pair of lines it belongs to."""
    actors = pd.Index(pd.unique(pd.concat([table["actor_a"], table["actor_b"]])))
    line = line_of(actors, names)
    first, second = table["actor_a"].map(line), table["actor_b"].map(line)
    swap = second < first
    return first.where(~swap, second) + BETWEEN + second.where(~swap, first)


def _finished(table: pd.DataFrame, panel: pd.DataFrame) -> pd.DataFrame:
    kind_a, kind_b = kinds_of_actors(table["actor_a"]), kinds_of_actors(table["actor_b"])
    swap = kind_b < kind_a
    calendar = panel.drop_duplicates("period").reset_index(drop=True)
    place = pd.Index(calendar["period"]).get_indexer(pd.Index(table["period"]))
    alone = table["actor_b"] == NOT_STATED
    full = table.assign(
        dyad=_joined(table["actor_a"], table["actor_b"], alone),
        kinds=_joined(kind_a.where(~swap | alone, kind_b), kind_b.where(~swap, kind_a), alone),
        complete=calendar["complete"].array.take(place),
        place=place,
    ).sort_values(["cvegeo", "place", "events", "dyad"], ascending=[True, True, False, True])
    return full[list(schema.DYADS.dtypes)].astype(schema.DYADS.dtypes).reset_index(drop=True)


def _joined(first: pd.Series, second: pd.Series, alone: pd.Series) -> pd.Series:
    return first.where(alone, first + BETWEEN + second)


def appearances(dyads: pd.DataFrame) -> pd.DataFrame:
    """Return how often each party takes part in events; once where it is on both sides."""
    there = dyads[dyads["events"] > 0]
    sides = [
        there[[*_CELL, side, "events"]].rename(columns={side: "actor"})
        for side in ("actor_a", "actor_b")
    ]
    both = there["actor_a"] == there["actor_b"]
    sides[1] = sides[1][~both]
    parties = pd.concat(sides).groupby([*_CELL, "actor"])["events"].sum().reset_index()
    return parties.assign(kind=kinds_of_actors(parties["actor"]))


def _share(hidden: pd.Series, known: pd.Series) -> pd.DataFrame:
    """Return the share of the hidden, with the exact limits of a binomial share.

    The exact interval of a ratio of two counts, given their sum, is that of the odds.
    """
    low, high = ratios.exact_ratio_interval(
        base_events=known, base_exposure=1.0, comparison_events=hidden, comparison_exposure=1.0
    )
    share = rates.divide(hidden, hidden + known)
    limits = {"share_low": _of_odds(low), "share_high": _of_odds(high)}
    return pd.DataFrame({"unidentified_share": share, **limits}, index=hidden.index)


def _of_odds(odds: FloatArray) -> FloatArray:
    finite = np.where(np.isinf(odds), 0.0, odds)
    return np.where(np.isinf(odds), 1.0, rates.divide(finite, 1 + finite))


def _concentration(known: pd.DataFrame, appearances: pd.Series) -> pd.DataFrame:
    enough = appearances[appearances >= LEAST_TO_RAREFY]
    least = enough.groupby(level="cvegeo").min()
    cells, counts = _wide(known, ["events"])
    drawn = least.reindex(cells.get_level_values("cvegeo")).to_numpy(dtype=np.float64)
    drawn = np.where(appearances.reindex(cells) >= LEAST_TO_RAREFY, drawn, np.nan)
    [matrix] = counts
    return pd.DataFrame(
        {
            "hhi": fragmentation.concentration(matrix),
            "hhi_unbiased": fragmentation.concentration(matrix, unbiased=True),
            "effective_number": fragmentation.effective_number(matrix),
            "effective_shannon": fragmentation.effective_number_shannon(matrix),
            "rarefied_to": pd.array(drawn, dtype="Int64"),
            "groups_rarefied": fragmentation.rarefied_groups(matrix, events=drawn),
            "hhi_rarefied": fragmentation.rarefied_concentration(matrix, events=drawn),
        },
        index=cells,
    )


def _turnover(dyads: pd.DataFrame, panel: pd.DataFrame, names: pd.DataFrame | None) -> pd.DataFrame:
    """Return how many pairs of named parties there are, are new and have ended."""
    kinds = dyads["kinds"].str.split(BETWEEN, regex=False)
    is_named = kinds.map(lambda both: len(both) == 2 and GROUP in both and UNIDENTIFIED not in both)
    named = dyads[(dyads["events"] > 0) & is_named.astype(bool)]
    labels = pd.Index(panel["period"].unique())
    lines = named.assign(line=_lines(named, names)).groupby([*_CELL, "line"])["events"].sum()
    now = lines.rename("after").reset_index()
    place = labels.get_indexer(pd.Index(now["period"]))
    has_next = place + 1 < len(labels)
    earlier = now[has_next].assign(period=labels.take(place[has_next] + 1))
    both = now.merge(
        earlier.rename(columns={"after": "before"}), on=[*_CELL, "line"], how="outer"
    ).fillna({"after": 0, "before": 0})
    cells, (before, after) = _wide(both, ["before", "after"])
    found = fragmentation.turnover(before, after)
    frame = pd.DataFrame(
        {
            "dyads": (after > 0).sum(axis=1),
            "new_dyads": found.is_new.sum(axis=1),
            "ended_dyads": found.is_ended.sum(axis=1),
            "share_in_new": found.share_in_new,
            "share_replaced": found.replaced,
            "share_moved": found.moved,
        },
        index=cells,
    )
    frame = frame.reindex(pd.MultiIndex.from_frame(panel[_CELL]))
    levels = ["dyads", "new_dyads", "ended_dyads"]
    frame[levels] = frame[levels].fillna(0)
    # Without a period before nothing is new; before a period is over nothing has ended.
    starting = frame.index.get_level_values("period") == labels[0]
    frame.loc[starting, frame.columns[1:]] = np.nan
    unfinished = ~panel["complete"].to_numpy(dtype=bool)
    frame.loc[unfinished, ["ended_dyads", "share_replaced", "share_moved"]] = np.nan
    return frame


def _wide(rows: pd.DataFrame, columns: list[str]) -> tuple[pd.MultiIndex, list[FloatArray]]:
    """Return the cells that have rows, and for each column their values side by side."""
    grouped = rows.groupby(_CELL, sort=True)
    cell, place = grouped.ngroup().to_numpy(), grouped.cumcount().to_numpy()
    cells = pd.MultiIndex.from_frame(
        rows[_CELL].iloc[np.unique(cell, return_index=True)[1]].reset_index(drop=True)
    )
    shape = (len(cells), int(place.max()) + 1 if len(place) else 1)
    values = []
    for column in columns:
        matrix = np.zeros(shape)
        matrix[cell, place] = rows[column]
        values.append(matrix)
    return cells, values
