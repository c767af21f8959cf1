"""Bands of distance: their events, land, people and rates."""

from __future__ import annotations

import functools
import warnings

import geopandas as gpd
import numpy as np
import pytest
import shapely

import geo
from geo import schema
from geo.errors import GeoWarning, PrecisionWarning, SettingsError
from geo.sources import boundaries
from geo.steps.query_bands import edges_of
from tests import toy

ZOCALO = shapely.Point(-99.1332, 19.4326)


@functools.cache
def events():
    rng = np.random.default_rng(5)
    labels = boundaries.load_labels().iloc[::7]
    at = zip(
        labels["lon"] + rng.normal(0, 0.02, len(labels)),
        labels["lat"] + rng.normal(0, 0.02, len(labels)),
        strict=True,
    )
    dates = [f"2024-{month:02}-15" for month in rng.integers(1, 13, len(labels))]
    table = toy.events(*at, event_date=dates)
    return geo.assign_areas(table.astype(schema.EVENTS.dtypes))


def asked():
    return geo.query(events(), data_through="2024-12-31").between("2024-01-01", "2024-12-31")


def test_bands_count_what_queries_by_distance_count_and_keep_the_contract():
    table = asked().bands("US border", [25, 50, 300])

    schema.DISTANCE_BANDS.check(table)
    near = [asked().near("US border", km).count() for km in (25, 50, 300)]
    assert table["events"].cumsum().tolist() == near
    assert table[["from_km", "to_km"]].values.tolist() == [[0, 25], [25, 50], [50, 300]]


def test_bands_to_the_end_of_the_country_hold_all_its_land_and_people():
    table = asked().bands(gpd.GeoSeries([ZOCALO], crs="EPSG:4326"), [100, 1_000, 4_000])
    people = geo.load_population("municipality")
    people = people.loc[people["year"] == 2024, "population"].sum()

    assert table["population"].sum() == pytest.approx(people)
    assert table["land_km2"].sum() == pytest.approx(boundaries.area_sizes()["area_km2"].sum())
    assert table["events"].sum() == len(events())


def test_people_of_a_strip_lie_between_those_wholly_in_it_and_those_who_reach_into_it():
    table = asked().bands("US border", [25, 50, 100, 200])

    assert (table["population_low"] <= table["population"] + 1e-6).all()
    assert (table["population"] <= table["population_high"] + 1e-6).all()
    assert (table["population_low"] < table["population_high"]).all()


def test_land_of_a_band_is_that_of_a_buffer_but_for_cells_at_its_edge():
    state = boundaries.load_areas("state").set_index("cvegeo").geometry
    plane = gpd.GeoSeries([boundaries.line_shape("us")], crs="EPSG:4326").to_crs("EPSG:6372")
    sonora = gpd.GeoSeries([state["26"]], crs="EPSG:4326").to_crs("EPSG:6372")
    strip = shapely.intersection(sonora[0], plane[0].simplify(50).buffer(50e3)).area / 1e6

    table = asked().within("Sonora").bands("US border", [50])

    assert table["land_km2"].iloc[0] == pytest.approx(strip, rel=0.02)


def test_rate_is_events_over_person_years_with_its_interval():
    row = asked().bands("coast", [50]).iloc[0]

    # The data begin with the first event, on the 15th of January.
    assert row["exposure"] == pytest.approx(row["population"] * 352 / 366)
    assert row["crude_rate"] == pytest.approx(1e5 * row["events"] / row["exposure"])
    assert row["rate_low"] < row["crude_rate"] < row["rate_high"]


def test_events_without_a_place_of_their_own_are_in_no_band_and_told():
    loose = events().assign(geo_precision=["municipality"] + ["exact"] * (len(events()) - 1))
    query = geo.query(loose, data_through="2024-12-31")

    with pytest.warns(PrecisionWarning, match=r"1 of \d+ events is in no band"):
        table = query.bands("US border", [4_000])
    with warnings.catch_warnings():
        warnings.simplefilter("error", GeoWarning)
        whole = query.bands("US border", [4_000], include_municipal=True)

    assert whole["events"].sum() - table["events"].sum() == 1


@pytest.mark.parametrize("edges", [[], [50, 25], [25, 25], [-5, 10], [float("nan")]])
def test_edges_that_do_not_rise_are_refused(edges):
    with pytest.raises(SettingsError):
        edges_of(edges)


def test_bands_of_a_strip_are_refused():
    with pytest.raises(SettingsError, match="without the distance"):
        asked().near("US border", 50).bands("coast")
