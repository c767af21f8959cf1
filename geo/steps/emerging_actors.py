"""Flag the armed groups that are new in an area, have come back, or grow."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo import schema
from geo.cvegeo import Level
from geo.periods import Day, PeriodKind
from geo.stats import multiple, ratios
from geo.steps.actor_kinds import GROUP
from geo.steps.actor_names import line_of
from geo.steps.actors import appearances, counted_dyads
from geo.steps.neighborhood import LEVEL

LEAST_EVENTS = 5
"""Groups with fewer events in the period are not flagged."""

FLAGS = ("new", "returned", "growing")

_CELL = ["cvegeo", "period"]


def find_emerging_actors(
    located: pd.DataFrame,
    *,
    level: Level = "state",
    period: PeriodKind = "year",
    names: pd.DataFrame | None = None,
    least_events: int = LEAST_EVENTS,
    first: Day | int | None = None,
    last: Day | int | None = None,
    data_through: Day | None = None,
    areas: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Say of every identified armed group in an area and a period whether it is new or grows.

    Groups are told by their names, and what counts is the *line* of a group: it and all that a
    table of names joins with it by successors. A group that goes on under another name is not new.
    New is what the source names for the first time; that a group was not named before is no proof
    that it was not there. Unidentified groups, forces and civilians are not in the table.

    ``emergence`` is the first of these that holds:

    - ``"first period"``: of the panel; nothing is known of before.
    - ``"few events"``: the line has fewer than `least_events` in the period.
    - ``"new"``: no event of the line in any earlier period of the panel.
    - ``"returned"``: none in the period before, but earlier.
    - ``"growing"``: more events a year than in the period before, with a q up to 0.05. The p is
      exact for independent events; violence comes in waves, so it is surer than it should be.
    - ``"not flagged"``.

    In an incomplete period groups can be new or have returned already; growth is by the days that
    are covered, and a season may stand in for it.

    Parameters
    ----------
    located
        An ``ASSIGNED`` table.
    level, period, first, last, data_through, areas
        As in :func:`geo.steps.count.count_events`.
    names
        An ``ACTOR_NAMES`` table: its aliases are applied before, its successors make lines.
    least_events
        Fewest events of a line in the period for a flag, 1 or more.

    Returns
    -------
    DataFrame
        An ``EMERGING_ACTORS`` table in order of code, time and number of events: groups with an
        event in the area and period. ``growth_ratio`` is infinite where the period before has no
        event, and missing in the first period.

    Raises
    ------
    GeoError
        As :func:`geo.steps.actors.find_dyads` does.

    Examples
    --------
    >>> find_emerging_actors(schema.ASSIGNED.empty()).columns[:3].tolist()
    ['cvegeo', 'period', 'actor']
    """
    edges = {"first": first, "last": last}
    dyads, panel = counted_dyads(located, level, period, names, edges, data_through, areas)
    groups = appearances(dyads)
    groups = groups[groups["kind"] == GROUP]
    if groups.empty:
        return schema.EMERGING_ACTORS.empty()
    calendar = panel.drop_duplicates("period").reset_index(drop=True)
    labels = pd.Index(calendar["period"])
    line = line_of(pd.Index(groups["actor"].unique()), names)
    found = groups.assign(
        line=groups["actor"].map(line), time=labels.get_indexer(pd.Index(groups["period"]))
    )
    found = found.merge(_lines(dyads, line, labels), on=["cvegeo", "line", "time"])
    of_area = panel.set_index(_CELL)["events"]
    found["share"] = found["events"] / of_area.loc[pd.MultiIndex.from_frame(found[_CELL])].to_numpy(
        dtype=np.float64
    )
    found = _with_growth(found, calendar["years"].to_numpy(dtype=np.float64))
    found["first_period"] = labels.take(found["first_time"])
    found["periods_before"] = found["time"]
    found["complete"] = calendar["complete"].array.take(found["time"])
    found["emergence"] = _emergence(found, max(least_events, 1))
    names_of = _oldest_names(groups["actor"], line, names)
    found["line"] = found["line"].map(names_of)
    found = found.sort_values(
        ["cvegeo", "time", "events", "actor"], ascending=[True, True, False, True]
    )
    found["previous_events"] = found["previous_events"].astype("Int64").mask(found["time"] == 0)
    order = list(schema.EMERGING_ACTORS.dtypes)
    return found[order].astype(schema.EMERGING_ACTORS.dtypes).reset_index(drop=True)


def _lines(dyads: pd.DataFrame, line: pd.Series, labels: pd.Index) -> pd.DataFrame:
    """Return the events of each line in each area and period, and those before."""
    joined = dyads.assign(
        **{side: dyads[side].map(line).fillna("") for side in ("actor_a", "actor_b")}
    )
    # An event between two parts of a line is one event of the line.
    counted = appearances(joined).rename(columns={"actor": "line", "events": "line_events"})
    counted = counted[counted["line"] != ""]
    counted["time"] = labels.get_indexer(pd.Index(counted["period"]))
    counted = counted.sort_values(["cvegeo", "line", "time"], ignore_index=True)
    each = counted.groupby(["cvegeo", "line"])
    counted["events_before"] = each["line_events"].cumsum() - counted["line_events"]
    counted["first_time"] = each["time"].transform("min")
    follows = each["time"].shift() == counted["time"] - 1
    counted["previous_events"] = each["line_events"].shift().where(follows, 0).astype("int64")
    return counted.drop(columns=["period", "kind"])


def _with_growth(found: pd.DataFrame, years: npt.NDArray[np.float64]) -> pd.DataFrame:
    time = found["time"].to_numpy()
    before = np.where(time > 0, years[np.maximum(time - 1, 0)], np.nan)
    sides = {
        "base_events": found["previous_events"].to_numpy(dtype=np.float64),
        "base_exposure": before,
        "comparison_events": found["line_events"].to_numpy(dtype=np.float64),
        "comparison_exposure": np.where(time > 0, years[time], np.nan),
    }
    low, high = ratios.exact_ratio_interval(**sides)
    p = np.asarray(ratios.exact_ratio_p(**sides, null_ratio=1.0))
    # Parts of one line share its test, which counts once.
    once = ~found.duplicated([*_CELL, "line"]).to_numpy()
    q = pd.Series(np.nan, index=found.index)
    for each in np.unique(time):
        tests = once & (time == each)
        q[tests] = multiple.benjamini_hochberg(p[tests])
    whole = found.assign(_q=q).groupby([*_CELL, "line"])["_q"].transform("first")
    return found.assign(
        growth_ratio=ratios.rate_ratio(**sides),
        growth_low=low,
        growth_high=high,
        p_value=p,
        q_value=whole.to_numpy(dtype=np.float64),
    )


def _emergence(found: pd.DataFrame, least_events: int) -> npt.NDArray[np.str_]:
    grown = (found["growth_ratio"] > 1) & (found["q_value"] <= LEVEL)
    cases = {
        "first period": found["time"] == 0,
        "few events": found["line_events"] < least_events,
        "new": found["events_before"] == 0,
        "returned": found["previous_events"] == 0,
        "growing": grown,
    }
    return np.select(list(cases.values()), list(cases), default="not flagged")


def _oldest_names(actors: pd.Series, line: pd.Series, names: pd.DataFrame | None) -> dict[str, str]:
    """Return how the oldest group of each line is written."""
    written = list(actors.unique())
    if names is not None:
        written += [*names["name"].dropna(), *names["successor"].dropna()]
    known = line_of(pd.Index(sorted(set(written))), names)
    oldest: dict[str, str] = {}
    for actor, key in known.items():
        if line_of(pd.Index([actor]), None).iloc[0] == key:
            oldest.setdefault(key, str(actor))
    return {key: oldest.get(key, key) for key in line.unique()}
