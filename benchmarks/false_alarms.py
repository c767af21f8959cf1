"""Ask every default test 200 times about a made-up sample in which there is nothing to be found.

Each sample is drawn as ``geo sample --no-story`` draws it, with its own seed, and goes through the
steps without being written and read. Run as
``OPENBLAS_NUM_THREADS=1 python benchmarks/false_alarms.py 200`` (with more threads, small matrices
take many times as long on a busy machine); the table goes to the standard output.
"""

from __future__ import annotations

import functools
import multiprocessing
import sys
import warnings

import geopandas as gpd
import numpy as np
import pandas as pd

import geo
from geo import schema
from geo.sample import SOURCE, people_by_year
from geo.sample.calm import draw_calm_events
from geo.sample.words import SCENES
from geo.sources.boundaries import area_codes

FOCUS = "25"
SOME_STATES = ("02", "15", "20", "25", "29")
"""Large and small, with few and with many municipalities, for what takes long."""
FIRST_SEED = 1
EVENTS = 12_000
LEVEL = 0.05

Alarms = dict[str, tuple[int, int]]
"""Of each test how many alarms it gave in one sample, and how often it was asked."""

_DAYS = {"data_from": "2022-01-01", "data_through": "2024-12-31"}
_YEARS = {"base": 2023, "comparison": 2024, **_DAYS}


def calm_events(seed: int, events: int = EVENTS) -> gpd.GeoDataFrame:
    """Return the events of a sample without a story as an ``ASSIGNED`` table.

    Each has a municipality; its point is none.
    """
    drawn = draw_calm_events(_people(), events, np.random.default_rng(seed))
    frame = pd.DataFrame(index=range(len(drawn)), columns=list(schema.ASSIGNED.dtypes))
    known = {
        "event_id": [f"MADEUP{number:06d}" for number in range(len(drawn))],
        "event_date": drawn["event_date"],
        "actor1": "Somebody",
        "source": SOURCE,
        "fatalities": 0.0,
        "time_precision": "day",
        "geo_precision": "exact",
        "cve_ent": drawn["cvegeo"].str[:2],
        "cvegeo": drawn["cvegeo"],
        "assigned_by": "inside",
        "distance_m": 0.0,
        "conflict": False,
        "civilian_targeting": [SCENES[row].targeting for row in drawn["scene"]],
    }
    for name in ("event_type", "sub_event_type", "disorder_type"):
        known[name] = [getattr(SCENES[row], name) for row in drawn["scene"]]
    frame = frame.assign(**known).astype(schema.ASSIGNED.dtypes)
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries([None] * len(frame), crs="EPSG:4326"))


def measure_sample(located: gpd.GeoDataFrame, level: str, period: str) -> pd.DataFrame:
    """Return the ``MEASURES`` of a sample by area and period."""
    panel = geo.count_events(
        located, level=level, period=period, first="2022", last="2024", data_through="2024-12-31"
    )
    return geo.add_rates(panel, _exposure(level, period))


def of_change(located: gpd.GeoDataFrame) -> Alarms:
    """Ask whether the rate of a state changed from 2023 to 2024."""
    change = geo.compare_windows(located, **_YEARS)
    focus = change[change["cvegeo"] == FOCUS]
    return {
        "change of a state, quasi-Poisson p": _alarms(change["quasi_p"]),
        "change of Sinaloa, quasi-Poisson p": _alarms(focus["quasi_p"]),
        "change of any state, quasi-Poisson q": _any(change["quasi_q"]),
        "change of a state, exact p": _alarms(change["p_value"]),
        "change of any state, exact q": _any(change["q_value"]),
    }


def of_disproportion(located: gpd.GeoDataFrame) -> Alarms:
    """Ask whether a category grew more than the rest of the events of a state."""
    found: Alarms = {}
    for focus in SOME_STATES:
        targeting = geo.explain_change(
            located, by="civilian_targeting", focus=focus, draws=1, **_YEARS
        ).head(1)
        kinds = geo.explain_change(located, by="event_type", focus=focus, draws=1, **_YEARS)
        _add(
            found,
            {
                "civilian targeting against the rest, quasi-Poisson p": _alarms(
                    targeting["ror_quasi_p"]
                ),
                "civilian targeting against the rest, Fisher p": _alarms(targeting["fisher_p"]),
                "an event type against the rest, quasi-Poisson p": _alarms(kinds["ror_quasi_p"]),
                "an event type against the rest, Fisher p": _alarms(kinds["fisher_p"]),
                "any event type against the rest, q": _any(kinds["q_value"]),
            },
        )
    return found


def of_time(located: gpd.GeoDataFrame, seed: int) -> Alarms:
    """Ask when the rate of a state changed, whether it goes one way, and about a given date."""
    measures = measure_sample(located, "state", "month")
    states = measures["cvegeo"].unique()
    breaks = geo.find_breaks(measures, rng=np.random.default_rng(seed))
    trends = geo.find_trends(measures)
    found: Alarms = {
        "a break in a state": (int(breaks["cvegeo"].nunique()), len(states)),
        "a break in Sinaloa": (int((breaks["cvegeo"] == FOCUS).any()), 1),
        "trend of a state, Mann-Kendall p": _alarms(trends["p_value"]),
        "trend of any state, Mann-Kendall q": _any(trends["q_value"]),
    }
    for date in ("2024-01-01", "2024-07-01"):
        for code in SOME_STATES:
            terms = geo.interrupt_series(measures, code, event_date=date).terms.set_index("term")
            for term in ("level", "slope", "pre-trend"):
                _add(
                    found,
                    {f"{term} at {date}, quasi-Poisson p": _alarms(terms.loc[[term], "p_value"])},
                )
    return found


def of_elsewhere(located: gpd.GeoDataFrame) -> Alarms:
    """Ask whether Sinaloa changed otherwise than the other states."""
    measures = measure_sample(located, "state", "month")
    # Two years before, or there would be one placebo date.
    before = "2022-01-01/2023-12-31"
    table = geo.compare_elsewhere(measures, FOCUS, base=before, comparison=2024).table
    first = table.head(1)
    return {
        "Sinaloa against the others, placebos in space p": _alarms(first["p_in_space"]),
        "Sinaloa against the others, first of the placebos in time": (
            int((first["rank_in_time"] == 1).sum()),
            1,
        ),
        "Sinaloa against the others, quasi-Poisson p": _alarms(first["p_value"]),
    }


def of_places(located: gpd.GeoDataFrame, permutations: int = 99_999) -> Alarms:
    """Ask where high rates lie together, in one year and over all months."""
    measures = measure_sample(located, "municipality", "year")
    year = measures[measures["period"] == "2024"]
    few = min(permutations, 9_999)
    hot = geo.find_hotspots(year, permutations=permutations)
    odd = geo.find_outliers(year, permutations=permutations)
    whole = geo.measure_clustering(year, permutations=min(permutations, 999))
    cube = geo.find_emerging(measure_sample(located, "municipality", "month"), permutations=few)
    labeled = cube["pattern"] != "no pattern"
    return {
        "a municipality's Gi*, permutation p": _alarms(hot["p_value"]),
        "any hotspot or coldspot, q up to 0.05": (int((hot["gi_bin"].abs() >= 2).any()), 1),
        "any hotspot or coldspot, q up to 0.10": (int((hot["gi_bin"] != 0).any()), 1),
        "any outlier, q": (int(odd["is_outlier"].any()), 1),
        "clustering of the map (EB Moran), p": _alarms(whole["p_value"]),
        "a municipality with an emerging label": (int(labeled.sum()), len(cube)),
        "any municipality with an emerging label": (int(labeled.any()), 1),
        "trend of a municipality's Gi*, Mann-Kendall p": _alarms(cube["trend_p"]),
    }


def of_surges(located: gpd.GeoDataFrame) -> Alarms:
    """Ask which states surge in the latest week and month."""
    panel = geo.count_events(
        geo.violent_events(located),
        level="state",
        period="week",
        first="2022-01-03",
        last="2024-12-29",
        data_through="2024-12-31",
    )
    surges = geo.find_surges(panel)
    flags = surges["flag"].fillna(value=False).astype(bool)
    sure = flags & (surges["ratio_low"] > 1)
    month = surges["rule"] == "month against year"
    week = surges["rule"] == "week against month"
    return {
        "a state flagged, week against month": (int(flags[week].sum()), int(week.sum())),
        "the same with an interval above 1": (int(sure[week].sum()), int(week.sum())),
        "a state flagged, month against year": (int(flags[month].sum()), int(month.sum())),
        "the same with an interval above 1 ": (int(sure[month].sum()), int(month.sum())),
        "surge of a state, week against month, exact p": _alarms(surges["p_value"][week]),
        "surge of a state, month against year, exact p": _alarms(surges["p_value"][month]),
    }


def of_all(seed: int) -> Alarms:
    """Ask every test about the sample of that seed."""
    located = calm_events(seed)
    with warnings.catch_warnings():
        # Maps where most areas have no event are what there is.
        warnings.simplefilter("ignore", geo.GeoWarning)
        return {
            **of_change(located),
            **of_disproportion(located),
            **of_time(located, seed),
            **of_elsewhere(located),
            **of_places(located),
            **of_surges(located),
        }


def count_alarms(samples: int, *, processes: int = 2) -> pd.DataFrame:
    """Return of each test how many samples, questions and alarms there were, and their share."""
    found: Alarms = {}
    with multiprocessing.Pool(processes) as pool:
        for one in pool.imap(of_all, range(FIRST_SEED, FIRST_SEED + samples)):
            _add(found, one)
    table = pd.DataFrame(found, index=["alarms", "asked"]).T
    return table.assign(share=table["alarms"] / table["asked"])


def _alarms(p: pd.Series) -> tuple[int, int]:
    return int((p <= LEVEL).sum()), int(p.notna().sum())


def _any(q: pd.Series) -> tuple[int, int]:
    return int((q <= LEVEL).any()), 1


def _add(found: Alarms, more: Alarms) -> None:
    for name, (alarms, asked) in more.items():
        before = found.get(name, (0, 0))
        found[name] = before[0] + alarms, before[1] + asked


@functools.cache
def _people() -> pd.DataFrame:
    return people_by_year(area_codes("municipality")["cvegeo"].sort_values())


@functools.cache
def _exposure(level: str, period: str) -> pd.DataFrame:
    return geo.load_exposure(level, period=period, first="2022-01-01", last="2024-12-31")


if __name__ == "__main__":
    table = count_alarms(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
    print("| test | alarms | asked | share |\n|---|---|---|---|")
    for name, row in table.iterrows():
        print(f"| {name} | {row['alarms']:,.0f} | {row['asked']:,.0f} | {row['share']:.1%} |")
