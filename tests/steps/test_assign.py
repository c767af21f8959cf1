"""Every event once, in the area its point lies in, and only where it may count."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import cvegeo, schema
from geo.errors import SchemaError, SettingsError
from geo.sources import boundaries
from geo.stats.locate import AreaIndex
from geo.steps.assign import assign_areas, assignment_account, pileups
from tests import shared

CULIACAN = (-107.394, 24.809)
MAZATLAN = (-106.42, 23.23)


def events(*points, precision="exact", admin1=None) -> gpd.GeoDataFrame:
    """Events at the points, all of one precision unless a list is given."""
    n = len(points)
    frame = schema.EVENTS.empty().drop(columns="geometry")
    spread = precision if isinstance(precision, list) else [precision] * n
    named = admin1 if isinstance(admin1, list) else [admin1] * n
    rows = pd.DataFrame(
        {
            "event_id": [f"E{i}" for i in range(n)],
            "event_date": pd.Timestamp("2024-09-09"),
            "time_precision": "day",
            "geo_precision": spread,
            "admin1": named,
            "source": "toy",
        }
    )
    rows = rows.reindex(columns=frame.columns).astype(schema.EVENTS.dtypes)
    shapes = [shapely.Point(p) if p is not None else None for p in points]
    return gpd.GeoDataFrame(rows, geometry=gpd.GeoSeries(shapes, crs="EPSG:4326"))


def squares() -> gpd.GeoDataFrame:
    """Three squares of 0.1 degree in two states, codes out of order.

    0.1 +-------+-------+-------+
        | 25002 | 25001 | 26001 |
    0.0 +-------+-------+-------+
       0.0     0.1     0.2     0.3
    """
    codes = ["25002", "25001", "26001"]
    shapes = [shapely.box(i / 10, 0, (i + 1) / 10, 0.1) for i in range(3)]
    return gpd.GeoDataFrame(
        {
            "cvegeo": pd.array(codes, dtype="str"),
            "name": pd.array(codes, dtype="str"),
            "state_name": pd.array(["S", "S", "T"], dtype="str"),
            "level": pd.array(["municipality"] * 3, dtype="str"),
            "area_km2": [1.0, 1.0, 1.0],
        },
        geometry=gpd.GeoSeries(shapes, crs="EPSG:4326"),
    )


@pytest.mark.parametrize(
    ("point", "code", "how"),
    [
        pytest.param((0.05, 0.05), "25002", "inside", id="inside"),
        pytest.param((0.1, 0.05), "25001", "border", id="c5 shared border: the lower code"),
        pytest.param((0.2, 0.05), "25001", "border", id="c5 border of two states"),
        pytest.param((0.2, 0.1), "25001", "border", id="c5 corner"),
        pytest.param((0.0, 0.05), "25002", "inside", id="c5 outer edge"),
        pytest.param((-0.01, 0.05), "25002", "nearest", id="c6 1.1 km outside"),
        pytest.param((0.1, 0.11), "25001", "nearest", id="c6 as near to two: the lower code"),
        pytest.param((-0.03, 0.05), None, "none", id="c6 3.3 km outside"),
        pytest.param((-30.0, 0.05), None, "none", id="far away"),
    ],
)
def test_event_goes_to_the_area_that_covers_its_point(point, code, how):
    [row] = assign_areas(events(point), squares()).to_dict("records")

    assert (row["cvegeo"] if code else None) == code
    assert (row["cve_ent"] if code else None) == (code[:2] if code else None)
    assert row["assigned_by"] == how
    assert row["reason"] is np.nan if code else row["reason"] == "offshore"


def test_c6_moved_event_says_how_far():
    located = assign_areas(events((-0.01, 0.05), (0.05, 0.05)), squares())

    # 0.01 degree of longitude at the equator is 1,113 meters.
    assert located["distance_m"].round().tolist() == [1113.0, 0.0]


@pytest.mark.parametrize("case", shared.cases("point_in_area"), ids=lambda c: c.get("label"))
def test_point_in_area_agrees_with_the_oracle(case):
    given_areas = shared.oracle("point_in_area")["areas"]
    shapes = {code: shapely.Polygon(ring) for code, ring in given_areas["simple"].items()}
    for code, rings in given_areas["with_hole"].items():
        shapes[code] = shapely.Polygon(rings["shell"], [rings["hole"]] if "hole" in rings else [])
    # One unit is 0.01 degree, about 1.1 km near the equator; two units are 2.2 km.
    degrees = [shapely.transform(shape, lambda at: at / 100) for shape in shapes.values()]
    areas = gpd.GeoDataFrame(
        {name: pd.array(list(shapes), dtype="str") for name in ("cvegeo", "name", "state_name")}
        | {"level": pd.array(["municipality"] * len(shapes), dtype="str"), "area_km2": 1.0},
        geometry=gpd.GeoSeries(degrees, crs="EPSG:4326"),
    )
    point = None if case["x"] is None else (case["x"] / 100, case["y"] / 100)

    located = assign_areas(events(point), areas.iloc[::-1], tolerance_m=2_300)

    assert located["cvegeo"].astype(object).where(located["cvegeo"].notna(), None).tolist() == [
        case["expected"]
    ]


# Corners, edges and middles: free floats would never land on a border.
grid = st.tuples(
    st.sampled_from([-0.05, 0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.31]),
    st.sampled_from([-0.01, 0.0, 0.05, 0.1]),
)


@settings(max_examples=40)
@given(st.lists(grid), st.permutations(range(3)), st.randoms(use_true_random=False))
def test_every_event_is_kept_once_whatever_the_order(points, order, shuffle):
    rows = list(range(len(points)))
    shuffle.shuffle(rows)
    given_events = events(*points)

    located = assign_areas(given_events, squares())
    other = assign_areas(given_events.iloc[rows], squares().iloc[order])

    assert located["event_id"].tolist() == given_events["event_id"].tolist()
    pd.testing.assert_frame_equal(
        pd.DataFrame(other.sort_values("event_id").drop(columns="geometry")),
        pd.DataFrame(located.sort_values("event_id").drop(columns="geometry")),
    )


@pytest.mark.parametrize(
    ("precision", "admin1", "cve_ent", "municipality", "how", "reason"),
    [
        pytest.param("exact", "Sinaloa", "25", "25006", "inside", None, id="exact"),
        pytest.param("near", "Sinaloa", "25", "25006", "inside", None, id="near"),
        pytest.param("municipality", None, "25", "25006", "inside", None, id="municipality"),
        pytest.param("state", "Sinaloa", "25", None, "admin1", "state_only", id="state"),
        pytest.param("state", "Sonora", "26", None, "admin1", "state_only", id="state, named"),
        pytest.param("state", None, "25", None, "inside", "state_only", id="state, not named"),
        pytest.param("fuzzy", "Sinaloa", "25", None, "admin1", "fuzzy_place", id="fuzzy, named"),
        pytest.param("fuzzy", None, None, None, "none", "fuzzy_place", id="fuzzy, not named"),
        pytest.param("country", "Sinaloa", None, None, "none", "country_only", id="country"),
        pytest.param("water", None, None, None, "none", "country_only", id="water"),
        pytest.param(
            "unknown", "Sinaloa", "25", None, "admin1", "unknown_precision", id="b15 not stated"
        ),
    ],
)
def test_place_counts_only_for_the_area_that_is_known(
    precision, admin1, cve_ent, municipality, how, reason
):
    located = assign_areas(events(CULIACAN, precision=precision, admin1=admin1))

    [row] = located.astype(object).where(located.notna(), None).to_dict("records")
    assert (row["cve_ent"], row["cvegeo"]) == (cve_ent, municipality)
    assert (row["assigned_by"], row["reason"]) == (how, reason)
    assert row["point_cvegeo"] == "25006"


@pytest.mark.parametrize(
    ("conflicts", "cve_ent", "municipality", "reason"),
    [("point", "25", "25006", None), ("admin1", "26", None, "conflict")],
)
def test_c8_state_that_differs_from_the_point_is_marked_and_settled(
    conflicts, cve_ent, municipality, reason
):
    located = assign_areas(events(CULIACAN, admin1="Sonora"), conflicts=conflicts)

    [row] = located.astype(object).where(located.notna(), None).to_dict("records")
    assert row["conflict"] is True
    assert (row["cve_ent"], row["cvegeo"], row["reason"]) == (cve_ent, municipality, reason)


def test_event_without_coordinates_counts_for_the_state_it_names():
    located = assign_areas(events(None, None, admin1=["Sinaloa", None]))

    assert located["cve_ent"].tolist() == ["25", np.nan]
    assert located["reason"].tolist() == ["no_coordinates"] * 2


@pytest.mark.parametrize(
    ("point", "reason"),
    [
        pytest.param((-117.1611, 32.7157), "other_country", id="c7 San Diego"),
        pytest.param((-90.5069, 14.6349), "other_country", id="c7 Guatemala City"),
        pytest.param((-88.7713, 17.2514), "other_country", id="c7 Belize"),
        pytest.param((-110.0, 20.0), "offshore", id="c6 the Pacific"),
        pytest.param((-92.0, 24.0), "offshore", id="c6 the Gulf"),
    ],
)
def test_point_far_outside_has_no_area_and_a_reason(point, reason):
    located = assign_areas(events(point, admin1="Sinaloa"))

    assert located["cve_ent"].isna().all()
    assert located["reason"].tolist() == [reason]


def test_account_adds_up_at_both_levels():
    located = assign_areas(
        events(
            CULIACAN,
            MAZATLAN,
            (-110.0, 20.0),
            precision=["exact", "state", "exact"],
            admin1="Sinaloa",
        )
    )

    table = assignment_account(located)

    assert table.groupby("level")["events"].sum().to_dict() == {"municipality": 3, "state": 3}
    assert table[table["level"] == "municipality"].values.tolist() == [
        ["municipality", "inside", "", 1],
        ["municipality", "unassigned", "offshore", 1],
        ["municipality", "unassigned", "state_only", 1],
    ]


@pytest.mark.parametrize("bad", [-1, float("nan"), float("inf")])
def test_impossible_tolerance_is_refused(bad):
    with pytest.raises(SettingsError, match="tolerance must be 0 meters or more"):
        assign_areas(events(CULIACAN), tolerance_m=bad)


def test_table_that_is_no_events_table_is_refused():
    with pytest.raises(SchemaError, match="Not a valid events table"):
        assign_areas(events(CULIACAN).drop(columns="geo_precision"))


def test_c9_coordinate_with_many_events_is_listed():
    many = events(
        *[CULIACAN] * 30, *[(-107.0 + i / 100, 25.0) for i in range(30)], precision="exact"
    )

    [row] = pileups(many, at_least=20, share=0.1).to_dict("records")

    assert (row["longitude"], row["latitude"], row["events"]) == (*CULIACAN, 30)
    assert row["share"] == 0.5


def test_c5_border_points_of_all_municipalities_are_counted_once():
    """Vertices, edge midpoints and three-way corners of every municipality."""
    areas = boundaries.load_areas("municipality")
    rng = np.random.default_rng(20240909)
    arcs = boundaries.load_arcs("full")
    start = arcs.arc_start[:-1]
    corners = np.column_stack([arcs.lon[start], arcs.lat[start]])
    pick = rng.choice(len(arcs.lon) - 1, 80_000, replace=False)
    vertices = np.column_stack([arcs.lon[pick], arcs.lat[pick]])
    inner = np.setdiff1d(pick, arcs.arc_start[1:] - 1)
    middles = np.column_stack(
        [(arcs.lon[inner] + arcs.lon[inner + 1]) / 2, (arcs.lat[inner] + arcs.lat[inner + 1]) / 2]
    )
    points = np.vstack([corners, vertices, middles])
    assert len(points) >= 100_000
    codes = areas.sort_values("cvegeo")["cvegeo"].to_numpy()
    index = AreaIndex.of(np.asarray(areas.sort_values("cvegeo").geometry.array))

    first, covering = index.covering(points[:, 0], points[:, 1])

    # Every vertex lies on the border of at least one area: none is lost.
    assert (covering[: len(corners) + len(vertices)] >= 1).all()
    order = rng.permutation(len(points))[:20_000]
    again, _ = index.covering(points[order, 0], points[order, 1])
    assert (again == first[order]).all()
    # An independent way to the lowest code: all pairs, then the least.
    some = rng.choice(len(points), 3_000, replace=False)
    pairs = index.tree.query(shapely.points(points[some]), predicate="intersects")
    lowest = pd.Series(codes[pairs[1]]).groupby(pairs[0]).min()
    assert (codes[first[some[lowest.index]]] == lowest.to_numpy()).all()
    moved, meters = index.nearest(points[first < 0, 0], points[first < 0, 1], 2_000)
    assert (moved >= 0).all()
    assert (meters < 0.1).all()
    located = assign_areas(events(*points[order], precision="exact"))
    assert located["event_id"].is_unique
    assert located["cvegeo"].notna().all()
    covered = first[order] >= 0
    assert (located["cvegeo"].to_numpy()[covered] == codes[first[order]][covered]).all()


def test_states_of_municipalities_are_the_32():
    areas = boundaries.area_codes("municipality")

    assert set(areas["cvegeo"].str[:2]) == set(cvegeo.STATES)
