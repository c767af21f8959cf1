"""No result hangs on the order of the rows that it is made from: one law, every public step."""

from __future__ import annotations

import dataclasses
import functools
import inspect
import warnings

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

import geo
from geo import schema
from geo.errors import GeoWarning
from tests import toy
from tests.board import CODES, board
from tests.steps.series import measures

YEARS = {"base": 2023, "comparison": 2024, "data_from": "2022-01-01", "data_through": "2024-12-31"}
SPAN = {"first": "2022", "last": "2024", "data_through": "2024-12-31"}
SINALOA = [f"25{number:03}" for number in range(1, 19)]


@functools.cache
def land():
    areas = geo.load_areas("municipality")
    return areas[areas["cvegeo"].isin(SINALOA)].reset_index(drop=True)


@functools.cache
def located():
    """Return events of Sinaloa, some without a municipality, a number of deaths or a sharp date."""
    rng = np.random.default_rng(1)
    towns = rng.normal((-107.4, 24.9), 0.3, (25, 2))
    days = pd.Timestamp("2022-01-01") + pd.to_timedelta(rng.integers(0, 1096, 400), unit="D")
    events = toy.located(
        {
            "code": "25" if rng.random() < 0.05 else SINALOA[int(rng.integers(18))],
            "event_date": day,
            "event_type": str(rng.choice(["Battles", "Violence against civilians", "Protests"])),
            "actor1": str(rng.choice(["A", "B", "C"])),
            "actor2": str(rng.choice(["D", "E", "F"])),
            "civilian_targeting": bool(rng.random() < 0.4),
            "fatalities": float(rng.choice([0, 1, 4, np.nan])),
            "time_precision": str(rng.choice(["day", "day", "day", "month"])),
        }
        for day in days
    )
    points = gpd.points_from_xy(*towns[rng.integers(0, 25, len(events))].T, crs="EPSG:4326")
    return events.set_geometry(gpd.GeoSeries(points, index=events.index))


def events():
    return located()[[*schema.EVENTS.dtypes, "geometry"]]


@functools.cache
def counted(level="municipality", period="year", **span):
    codes = land() if level == "municipality" else pd.DataFrame({"cvegeo": ["25"]})
    return geo.count_events(located(), level=level, period=period, areas=codes, **{**SPAN, **span})


def weeks():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", GeoWarning)  # dates known to the month count in no week
        return counted("state", "week", first="2022-01-03", last="2024-12-29")


@functools.cache
def exposure():
    return geo.load_exposure("municipality", period="year", first="2022-01-01", last="2024-12-31")


@functools.cache
def many(length=12):
    """Return measures of 64 areas by month, with ties and with areas without an event."""
    counts = np.random.default_rng(2).negative_binomial(1, 0.2, (len(CODES), length))
    table = measures(dict(zip(CODES, counts.tolist(), strict=True)), people=60_000.0)
    return table.assign(eb_rate=table["crude_rate"].round(1))


@functools.cache
def states():
    counts = np.random.default_rng(3).negative_binomial(3, 0.1, (6, 36))
    return measures(dict(zip(["25", "08", "10", "18", "26", "01"], counts.tolist(), strict=True)))


@functools.cache
def country():
    codes = sorted(geo.load_population("municipality")["cvegeo"].unique())
    rates = np.random.default_rng(4).lognormal(size=len(codes)).round(1)
    frame = pd.DataFrame({"cvegeo": codes, "period": "2024", "eb_rate": rates, "events": 1})
    frame = frame.assign(fatalities=0, fatalities_unknown=0, complete=True, years=1.0)
    return frame.astype(schema.PANEL.dtypes)


def people():
    table = geo.load_population("municipality")
    return table[table["cvegeo"].isin(SINALOA)]


def places():
    grid = np.array([(number % 8, number // 8) for number in range(64)])
    return pd.DataFrame({"cvegeo": CODES, "lon": -107 + grid[:, 0] / 9, "lat": 25 + grid[:, 1] / 9})


def rng():
    return np.random.default_rng(7)


def in_order(exposures):
    """Return exposures by area and period; they come in the order of the panel."""
    return exposures.sort_values(["cvegeo", "period"], ignore_index=True)


FEW = {"permutations": 99}
NAMES = pd.DataFrame({"name": ["Alpha", "Delta"], "alias": ["A", "D"], "from": ["", "2023-01-01"]})
EVENT = {"event_date": "2023-07-01"}
WIDE = {"cell_m": 20_000.0, "bandwidth_m": 40_000.0}
YEAR_OF = {"data_from": "2022-01-01", "data_through": "2024-12-31", "window": 2024}

STEPS = {
    "add_rates": (counted, lambda t: geo.add_rates(t, exposure())),
    "area_exposure": (counted, lambda t: in_order(geo.area_exposure(t, areas=land()))),
    "assign_areas": (events, lambda t: geo.assign_areas(t, areas=land())),
    "assignment_account": (located, geo.assignment_account),
    "changed_verdicts": (country, lambda t: geo.changed_verdicts(t, hot_country(), **FEW)),
    "cluster_points": (
        located, lambda t: geo.cluster_points(t, reach_m=9e3, reach_days=30, min_events=4),
    ),
    "compare_elsewhere": (
        states,
        lambda t: geo.compare_elsewhere(t, "25", base=2022, comparison=2023, donors=["01", "08"]),
    ),
    "compare_ring": (
        states, lambda t: geo.compare_ring(t, "25", base=2022, comparison=2023, orders=1),
    ),
    "compare_targeting": (located, lambda t: geo.compare_targeting(t, **YEARS)),
    "compare_windows": (
        located, lambda t: geo.compare_windows(t, **YEARS, category="event_type", claim=2.5),
    ),
    "count_events": (
        located, lambda t: geo.count_events(t, category="actor1", period="month", **SPAN),
    ),
    "cut_series": (states, lambda t: geo.cut_series(t, breaks(), areas=["25"])),
    "density_change": (
        located, lambda t: geo.density_change(t, areas=land(), **YEARS, **WIDE),
    ),
    "event_density": (
        located, lambda t: geo.event_density(t, areas=land(), **YEAR_OF, cell_m=20_000.0),
    ),
    "explain_change": (
        located, lambda t: geo.explain_change(t, by="dyad", focus="25", draws=99, **YEARS),
    ),
    "filter_events": (located, lambda t: geo.filter_events(t, actors=["A"], since="2023-01-01")),
    "find_breaks": (states, lambda t: geo.find_breaks(t, rng=rng())),
    "find_clusters": (
        many, lambda t: geo.find_clusters(t, replicates=19, places=places(), max_areas=9),
    ),
    "find_dyads": (located, lambda t: geo.find_dyads(t, **SPAN)),
    "find_emerging": (many, lambda t: geo.find_emerging(t, board(), **FEW)),
    "find_emerging_actors": (located, lambda t: geo.find_emerging_actors(t, **SPAN)),
    "find_hotspots": (many, lambda t: geo.find_hotspots(t, board(), **FEW)),
    "find_near_repeats": (located, lambda t: geo.find_near_repeats(t, **FEW)),
    "find_neighbors": (land, geo.find_neighbors),
    "find_outliers": (many, lambda t: geo.find_outliers(t, board(), **FEW)),
    "find_pre_trend": (states, lambda t: geo.find_pre_trend(t, "25", **EVENT)),
    "find_season": (states, geo.find_season),
    "find_surges": (weeks, geo.find_surges),
    "find_trends": (states, geo.find_trends),
    "given_exposure": (counted, lambda t: in_order(geo.given_exposure(t, cars(), column="cars"))),
    "interrupt_series": (states, lambda t: geo.interrupt_series(t, "25", **EVENT)),
    "lorenz_curves": (counted, geo.lorenz_curves),
    "measure_clustering": (many, lambda t: geo.measure_clustering(t, board(), **FEW)),
    "measure_concentration": (counted, geo.measure_concentration),
    "measure_fatalities": (
        located,
        lambda t: geo.measure_fatalities(
            t, exposure(), rng=rng(), draws=99, areas=land(), **SPAN
        ),
    ),
    "measure_fragmentation": (located, lambda t: geo.measure_fragmentation(t, **SPAN)),
    "measure_targeting": (located, lambda t: geo.measure_targeting(t, **SPAN)),
    "pileups": (located, lambda t: geo.pileups(t, at_least=5)),
    "predict_periods": (many, lambda t: geo.predict_periods(hot_board(), t, areas=squares())),
    "query": (located, lambda t: geo.query(t).near("coast", km=60).since("2023-01-01").to_frame()),
    "relative_risk": (
        located, lambda t: geo.relative_risk(t, people(), areas=land(), **YEAR_OF, **WIDE),
    ),
    "rename_actors": (located, lambda t: geo.rename_actors(t, geo.read_actor_names(NAMES))),
    "show_points": (located, lambda t: geo.show_points(t, points="coarse").points),
    "sql": (
        located,
        lambda t: geo.sql("select event_id, cvegeo from events where fatalities > 0 order by 1", t),
    ),
    "split_composition": (
        located,
        lambda t: geo.split_composition(
            t, focus="25", draws=99, rng=rng(), **YEARS
        ),
    ),
    "study_event": (
        states, lambda t: geo.study_event(t, "25", **EVENT, donors=["01", "08", "10"]),
    ),
    "synthetic_area": (
        states,
        lambda t: geo.synthetic_area(
            t, "25", base=2022, comparison=2023, donors=["01", "08", "10"]
        ),
    ),
    "violent_events": (located, geo.violent_events),
}  # fmt: skip
"""Of each public step the table that it takes, and a call of it."""

WITHOUT_A_TABLE = {"area_rings", "locate_points", "nearest_areas"}


@functools.cache
def hot_country():
    return geo.find_hotspots(country(), **FEW)


@functools.cache
def hot_board():
    return geo.find_hotspots(many(), board(), **FEW)


@functools.cache
def breaks():
    return geo.find_breaks(states(), rng=rng())


def squares():
    return pd.DataFrame({"cvegeo": CODES, "area_km2": 100.0})


def cars():
    return pd.DataFrame({"cvegeo": SINALOA, "cars": np.arange(18) * 100.0 + 50})


@pytest.mark.parametrize("name", STEPS)
def test_order_of_rows_changes_nothing(name):
    make, step = STEPS[name]
    table = make()
    order = np.random.default_rng(20240909).permutation(len(table))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", GeoWarning)
        straight, mixed = step(table), step(table.iloc[order])

    assert_same(mixed, straight)


def test_every_public_step_is_put_to_the_law():
    steps = {
        name
        for name, home in geo._HOME.items()
        if home.startswith("geo.steps.") and inspect.isfunction(getattr(geo, name))
    }

    assert steps - WITHOUT_A_TABLE == set(STEPS)


def assert_same(one, other):
    """Compare two results; rows that keep the label they came with may stand in any order."""
    assert type(one) is type(other)
    if isinstance(one, pd.DataFrame):
        pd.testing.assert_frame_equal(one.sort_index(), other.sort_index(), rtol=1e-9)
    elif isinstance(one, pd.Series):
        pd.testing.assert_series_equal(one.sort_index(), other.sort_index(), rtol=1e-9)
    elif isinstance(one, np.ndarray):
        np.testing.assert_allclose(one, other, rtol=1e-9)
    elif dataclasses.is_dataclass(one):
        for field in dataclasses.fields(one):
            assert_same(getattr(one, field.name), getattr(other, field.name))
    elif isinstance(one, tuple):
        for part, of_other in zip(one, other, strict=True):
            assert_same(part, of_other)
    elif isinstance(one, float):
        assert one == pytest.approx(other, rel=1e-9, nan_ok=True)
    else:
        assert one == other
