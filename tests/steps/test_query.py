"""Queries: each kind beside a plain answer of pandas and geopandas, on the sample and on UCDP."""

from __future__ import annotations

import functools
import warnings

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

import geo
from geo import crs, schema
from geo.errors import (
    AreaError,
    CRSError,
    DataWarning,
    GeoWarning,
    PeriodError,
    PrecisionWarning,
    SchemaError,
    SettingsError,
)
from geo.sources import boundaries
from geo.steps.coarsen import PLACED
from geo.steps.query import query
from geo.steps.query_logic import common_areas
from tests import shared, toy

BORDER = "US border"
ROAD = shapely.LineString([(-107.39, 24.80), (-106.42, 23.24), (-104.89, 21.51)])


@functools.cache
def sample():
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        path = geo.write_sample(Path(folder) / "events.csv")
        return geo.assign_areas(geo.read_events_with_ledger(path).events)


@functools.cache
def ucdp():
    path = shared.path("data/ucdp-ged-mexico.csv.gz")
    return geo.assign_areas(geo.read_events_with_ledger(path).events)


@pytest.fixture(params=["sample", "ucdp"])
def events(request):
    return {"sample": sample, "ucdp": ucdp}[request.param]()


@pytest.fixture(autouse=True)
def _quiet():
    """Left-out events are asked for by number where they matter."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", GeoWarning)
        yield


def ids(frame):
    return set(frame["event_id"])


def plain_distances(events, line):
    """Return geodesic meters to a line, by PROJ's projection around each point."""
    from pyproj import Transformer

    at = shapely.get_coordinates(line)
    meters = []
    for point in events.geometry:
        around = Transformer.from_crs(
            "EPSG:4326", f"+proj=aeqd +lat_0={point.y} +lon_0={point.x} +ellps=GRS80",
            always_xy=True,
        )  # fmt: skip
        flat = shapely.linestrings(np.column_stack(around.transform(at[:, 0], at[:, 1])))
        meters.append(shapely.distance(flat, shapely.Point(0, 0)))
    return np.array(meters)


# Where.


@pytest.mark.parametrize("place", ["Sinaloa", "Culiacán, Sinaloa", 25006, "Tijuana", "chihuahua"])
def test_within_an_area_is_what_was_assigned_to_it(events, place):
    code = geo.find_area(place)
    column = "cve_ent" if len(code) == 2 else "cvegeo"

    found = geo.query(events).within(place)

    assert ids(found.to_frame()) == ids(events[events[column] == code])


def test_within_a_municipality_tells_the_events_known_only_to_its_state(events):
    asked = geo.query(events).within("Culiacán, Sinaloa")
    loose = events[(events["cve_ent"] == "25") & events["cvegeo"].isna()]
    lost = events[
        events["cve_ent"].isna()
        & events["reason"].isin(
            ["country_only", "unknown_precision", "fuzzy_place", "no_coordinates"]
        )
    ]

    assert asked.left_out == len(loose) + len(lost)
    assert geo.query(events).within("Sinaloa").left_out == len(lost)


def test_within_several_areas_is_any_of_them(events):
    found = geo.query(events).within("Sonora", "Chihuahua").to_frame()

    assert ids(found) == ids(events[events["cve_ent"].isin(["26", "08"])])


def test_within_a_shape_is_sjoin_of_the_events_with_a_place_of_their_own(events):
    shape = gpd.GeoSeries([shapely.box(-108.5, 24, -106, 26)], crs="EPSG:4326")
    placed = events[events["geo_precision"].isin(PLACED)]
    expected = gpd.sjoin(placed, gpd.GeoDataFrame(geometry=shape), predicate="intersects")

    for given_shape in (shape, shape.to_crs("EPSG:6372")):
        asked = geo.query(events).within(given_shape)
        close = ids(asked.to_frame()) ^ ids(expected)
        assert len(close) <= 0.002 * len(expected)  # a straight edge in meters is none in degrees
    assert asked.left_out == int((~events["geo_precision"].isin(PLACED)).sum())
    assert ids(geo.query(events).within(shape[0], crs="EPSG:4326").to_frame()) == ids(expected)


def test_near_the_border_is_the_true_distance_to_it(events):
    placed = events[events["geo_precision"].isin(PLACED)]
    some = placed[placed["cve_ent"].isin(["02", "08", "28"])].sample(40, random_state=1)
    meters = plain_distances(some, boundaries.line_shape("us"))

    for km in (5, 50, 200):
        found = ids(geo.query(events).near(BORDER, km=km).to_frame())
        clear = np.abs(meters - 1e3 * km) > 0.1
        assert found & ids(some[clear]) == ids(some[clear & (meters <= 1e3 * km)])


def test_near_the_border_agrees_with_a_buffer_in_the_plane_but_at_its_edge(events):
    placed = events[events["geo_precision"].isin(PLACED)]
    line = gpd.GeoSeries([boundaries.line_shape("us")], crs="EPSG:4326").to_crs("EPSG:6372")[0]
    planar = placed.geometry.to_crs("EPSG:6372").distance(line)

    found = ids(geo.query(events).near(BORDER, km=50).to_frame())

    # The plane is off by 0.7 % in length at most, so only that close to the edge may they differ.
    assert ids(placed[planar < 50e3 * 0.99]) <= found <= ids(placed[planar <= 50e3 * 1.01])


def test_only_events_with_a_place_of_their_own_are_near_anything(events):
    near = geo.query(events).near(BORDER, km=50)
    municipal = geo.query(events).near(BORDER, km=50, include_municipal=True)
    loose = events["geo_precision"] == "municipality"

    assert set(near.to_frame()["geo_precision"]) <= set(PLACED)
    assert set(municipal.to_frame()["geo_precision"]) <= {*PLACED, "municipality"}
    assert ids(near.to_frame()) <= ids(municipal.to_frame())
    if loose.any():
        # Those of municipalities that lie wholly farther away are no doubt.
        far = events["cvegeo"].str[:2].isin(["31", "23", "07"])
        assert 0 < near.left_out <= int((~events["geo_precision"].isin(PLACED) & ~far).sum())
        assert not near.doubtful[(loose & far).to_numpy()].any()


def test_left_out_events_are_told_once_the_result_is_asked_for():
    asked = geo.query(sample()).near(BORDER, km=50)
    with warnings.catch_warnings():
        warnings.simplefilter("error", GeoWarning)
        assert asked.left_out > 0  # the number itself is no result
        with pytest.raises(PrecisionWarning) as told:
            asked.to_frame()
    assert str(told.value).startswith(f"{asked.left_out} of 12,037 events may belong")


def test_near_an_area_holds_what_lies_in_it_and_around(events):
    shape = boundaries.load_areas().set_index("cvegeo").geometry["25006"]
    placed = events[events["geo_precision"].isin(PLACED)]
    planar = gpd.GeoSeries([shape], crs="EPSG:4326").to_crs("EPSG:6372")[0]
    meters = placed.geometry.to_crs("EPSG:6372").distance(planar)

    found = ids(geo.query(events).near("Culiacán, Sinaloa", km=30).to_frame())

    assert ids(placed[meters == 0]) <= found
    assert ids(placed[meters < 30e3 * 0.99]) <= found <= ids(placed[meters <= 30e3 * 1.01])


@pytest.mark.parametrize("form", ["degrees", "meters", "mercator"])
def test_a_corridor_is_the_same_in_whatever_reference_system_the_line_comes(events, form):
    code = {"degrees": "EPSG:4326", "meters": "EPSG:6372", "mercator": "EPSG:3857"}[form]
    road = gpd.GeoSeries([shapely.segmentize(ROAD, 0.01)], crs="EPSG:4326").to_crs(code)
    placed = events[events["geo_precision"].isin(PLACED)]
    here = placed[placed["cve_ent"].isin(["25", "18"])]
    meters = plain_distances(here.sample(min(60, len(here)), random_state=2), ROAD)
    some = here.sample(min(60, len(here)), random_state=2)

    found = ids(geo.query(events).along(road, km=8).to_frame())

    clear = np.abs(meters - 8e3) > 20  # the chords of a cut line are not its geodesics
    assert found & ids(some[clear]) == ids(some[clear & (meters <= 8e3)])


def test_distance_of_a_point_is_that_of_the_geod(events):
    place = shapely.Point(-99.1332, 19.4326)
    placed = events[events["geo_precision"].isin(PLACED)]
    meters = crs.GEOD.inv(
        placed.geometry.x,
        placed.geometry.y,
        *np.broadcast_arrays(place.x, place.y, placed.index)[:2],
    )[2]

    found = geo.query(events).near(place, km=40, crs="EPSG:4326")
    told = found.with_distance(gpd.GeoSeries([place], crs="EPSG:4326"), "far_m").to_frame()

    assert ids(found.to_frame()) == ids(placed[np.asarray(meters) <= 40e3])
    expected = pd.Series(meters, index=placed["event_id"])
    np.testing.assert_allclose(told["far_m"], expected[told["event_id"]], atol=1e-3)


def test_distance_column_is_missing_where_the_place_is_not_its_own(events):
    found = geo.query(events).with_distance(BORDER).to_frame()
    placed = events["geo_precision"].isin(PLACED)

    assert (found["border_m"].notna() == placed).all()
    assert found.drop(columns="border_m").equals(events)
    within = set(found.loc[found["border_m"] <= 50e3, "event_id"])
    assert within == ids(geo.query(events).near(BORDER, km=50).to_frame())


@pytest.mark.parametrize("k", [1, 7, 200])
def test_nearest_are_the_first_by_distance_and_id(events, k):
    asked = geo.query(events).in_period(2022)
    table = asked.with_distance("coast", "m").to_frame().dropna(subset=["m"])
    table = table.assign(m=table["m"].round(3)).sort_values(["m", "event_id"])

    found = asked.nearest(k, "coast").to_frame()

    assert ids(found) == ids(table.head(k))
    shuffled = geo.query(events.sample(frac=1, random_state=3)).in_period(2022)
    assert ids(shuffled.nearest(k, "coast").to_frame()) == ids(found)


def test_neighborhoods_are_those_of_the_shipped_neighbors(events):
    pairs = boundaries.load_neighbors("municipality")
    ring = set(pairs.loc[pairs["focal"] == "25006", "neighbor"])
    second = set(pairs.loc[pairs["focal"].isin(ring), "neighbor"]) - ring - {"25006"}
    asked = geo.query(events)

    for found, codes in (
        (asked.touching("Culiacán, Sinaloa"), ring),
        (asked.ring("Culiacán, Sinaloa", 2), second),
        (asked.around("Culiacán, Sinaloa", 2), {"25006"} | ring | second),
    ):
        assert ids(found.to_frame()) == ids(events[events["cvegeo"].isin(codes)])


def test_busy_areas_are_those_with_enough_of_the_events_asked_for(events):
    year = events[events["event_date"].dt.year == 2022]
    counts = year["cvegeo"].value_counts()
    busy = counts[counts >= 20].index

    found = geo.query(events).in_period(2022).in_busy_areas(20)

    assert ids(found.to_frame()) == ids(year[year["cvegeo"].isin(busy)])
    assert len(found) > 0


def test_rings_of_the_toy_country():
    rings = geo.area_rings("25003", 2, neighbors=toy.neighbors())

    assert rings[["cvegeo", "order"]].values.tolist() == [["25003", 0], ["10001", 1], ["25002", 2]]


# When.


def test_days_are_compared_as_days(events):
    day = events["event_date"]
    asked = geo.query(events)

    for found, expected in (
        (asked.since("2022-03-05"), day >= "2022-03-05"),
        (asked.before("2022-03-05"), day < "2022-03-05"),
        (asked.between("2022-03-05", "2022-04-05"), (day >= "2022-03-05") & (day <= "2022-04-05")),
        (asked.in_period("2022-Q2"), day.dt.to_period("Q") == "2022Q2"),
        (asked.in_period(2022), day.dt.year == 2022),
    ):
        assert ids(found.to_frame()) == ids(events[expected])


# What and who.


def test_types_parties_and_precision_are_words_of_their_columns(events):
    kind = events["event_type"].dropna().mode()[0]
    actor = events["actor1"].dropna().mode()[0]
    other = events.loc[events["actor1"] == actor, "actor2"].dropna().mode()[0]
    asked = geo.query(events)
    a, b = events["actor1"], events["actor2"]
    pair = ((a == actor) & (b == other)) | ((a == other) & (b == actor))

    for found, expected in (
        (asked.of_type(kind.upper()), events["event_type"] == kind),
        (asked.involving(actor), (a == actor) | (b == actor)),
        (asked.between_actors(other, actor), pair),
        (
            asked.precise_to("municipality"),
            events["geo_precision"].isin(["exact", "near", "municipality"]),
        ),
        (asked.dated_to("week"), events["time_precision"].isin(["day", "week"])),
        (asked.with_fatalities(3), events["fatalities"] >= 3),
        (asked.with_fatalities(1, 2), events["fatalities"].between(1, 2)),
    ):
        assert ids(found.to_frame()) == ids(events[expected])
        assert 0 < len(found) < len(events)


def test_part_of_a_name_is_taken_only_when_it_is_said():
    events = toy.events(
        (0.5, 0.5), (0.5, 0.5), (0.5, 0.5),
        actor1=["Sinaloa Cartel", "Sinaloa Cartel: Chapitos", "Other"],
    )  # fmt: skip
    asked = geo.query(events)

    assert asked.involving("sinaloa cartel").count() == 1
    assert asked.involving("Cartel", part=True).count() == 2
    with pytest.raises(SettingsError, match=r"2 names hold it.*part=True"):
        asked.involving("Cartel")


def test_classes_of_actors_are_told_by_names():
    events = toy.events(
        (0.5, 0.5), (0.5, 0.5), (0.5, 0.5),
        actor1=["Police Forces of Mexico", "Civilians (Mexico)", None],
        actor2=["Group B", None, None],
    )  # fmt: skip
    asked = geo.query(events)

    assert asked.of_actor_class("state forces").mask.tolist() == [True, False, False]
    assert asked.of_actor_class("civilians", "group").mask.tolist() == [True, True, False]
    assert asked.of_actor_class("not stated").mask.tolist() == [False, False, True]


def test_disorder_types_and_tags_are_parts_of_their_cells():
    events = toy.events(
        *[(0.5, 0.5)] * 3,
        disorder_type=["Political violence", "Political violence; Demonstrations", None],
        tags=["crowd size=around 100; local administrators", "crowd size=no report", None],
    )
    asked = geo.query(events.astype({"tags": "str"}))

    assert asked.of_disorder("demonstrations").mask.tolist() == [False, True, False]
    assert asked.of_disorder("Political violence").mask.tolist() == [True, True, False]
    assert asked.tagged("crowd size").mask.tolist() == [True, True, False]
    assert asked.tagged("local administrators").mask.tolist() == [True, False, False]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("FOSA", [True, False, False]),
        ("Culiacán", [False, True, False]),
        ("culiacan", [False, True, False]),
        ("100.5", [False, False, False]),
        ("a.*n", [False, False, False]),
        ("(a+)+$", [True, False, False]),
    ],
)
def test_notes_are_searched_as_text_in_any_spelling(text, found):
    notes = ["una fosa (a+)+$", "en CULIACÁN hoy", None]
    events = toy.events(*[(0.5, 0.5)] * 3).assign(notes=pd.Series(notes, dtype="str"))

    assert geo.query(events).mentioning(text).mask.tolist() == found


def test_what_is_not_stated_is_neither_found_nor_silently_dropped():
    events = toy.events(
        *[(0.5, 0.5)] * 3, fatalities=[2.0, 0.0, None], civilian_targeting=[True, False, None]
    )

    for asked in (
        geo.query(events).with_fatalities(1),
        geo.query(events).targeting_civilians(),
    ):
        assert asked.mask.tolist() == [True, False, False]
        assert asked.doubtful.tolist() == [False, False, True]


# Sets.


def test_sets_of_queries_are_sets_of_events(events):
    asked = geo.query(events)
    one, two = asked.in_period(2022), asked.within("Chihuahua")
    a, b = ids(one.to_frame()), ids(two.to_frame())
    loose = set(events["event_id"][two.doubtful])

    assert ids((one & two).to_frame()) == a & b
    assert ids((one | two).to_frame()) == a | b
    assert ids((one - two).to_frame()) == a - b - loose  # in doubt it may lie in Chihuahua
    assert set(events["event_id"][(one - two).doubtful]) == a & loose


@given(st.lists(st.sampled_from([1, 0, None]), min_size=1, max_size=6), st.data())
def test_doubt_goes_through_sets_as_in_logic(deaths, data):
    """Whatever the deaths not stated are, what is sure stays and what is not found stays out."""
    events = toy.events(*[(0.5, 0.5)] * len(deaths)).assign(
        fatalities=pd.Series(deaths, dtype="float64")
    )
    kinds = ["Battles" if data.draw(st.booleans()) else "Riots" for _ in deaths]
    events["event_type"] = pd.Series(kinds, dtype="str")

    def ask(table):
        asked = geo.query(table)
        battle = asked.between("2000-01-01", "2100-01-01")
        if "Battles" in kinds:
            battle = asked.of_type("Battles")
        fatal = asked.with_fatalities(1)
        return [fatal & battle, fatal | battle, battle - fatal, fatal - battle]

    filled = events.assign(
        fatalities=[
            float(data.draw(st.sampled_from([0, 1])) if value is None else value)
            for value in deaths
        ]
    )
    for asked, known in zip(ask(events), ask(filled), strict=True):
        assert not (asked.mask & ~known.mask).any()
        assert not (known.mask & ~(asked.mask | asked.doubtful)).any()
        assert not known.doubtful.any()


# What it is.


def test_a_query_is_lazy_immutable_and_blind_to_later_changes():
    events = toy.events((0.5, 0.5), (0.5, 0.5), event_type=["Battles", "Riots"])
    before = events.copy()
    asked = geo.query(events)
    battles = asked.of_type("Battles")

    events.loc[:, "event_type"] = "Riots"

    assert asked.count() == 2
    assert battles.count() == 1
    assert battles.to_frame()["event_type"].tolist() == ["Battles"]
    assert asked.source.equals(before)


def test_the_result_is_an_ordinary_table_in_the_order_of_the_events(events):
    found = geo.query(events).in_period(2022).to_frame()

    assert type(found) is gpd.GeoDataFrame
    assert found.equals(events[events["event_date"].dt.year == 2022])
    schema.EVENTS.check(found)
    found["fatalities"] = 0.0  # nobody else's


def test_results_do_not_hang_on_the_order_of_the_rows(events):
    mixed = events.sample(frac=1, random_state=4)

    def ask(table):
        asked = geo.query(table).near("coast", km=20).since("2021-01-01")
        return asked, geo.query(table).in_period(2022)

    (near, year), (near_mixed, year_mixed) = ask(events), ask(mixed)

    assert ids(near.to_frame()) == ids(near_mixed.to_frame())
    pd.testing.assert_frame_equal(year.count("state"), year_mixed.count("state"))
    pd.testing.assert_frame_equal(year.series(), year_mixed.series())


def test_nothing_in_nothing_out_with_types():
    asked = geo.query(schema.EVENTS.empty())
    found = asked.near(BORDER, km=50).within("Sinaloa").of_type("Battles").involving("X")

    assert found.count() == 0
    assert found.to_frame().dtypes.equals(schema.EVENTS.empty().dtypes)
    assert found.count("event_type").dtypes["events"] == "int64"


def test_an_empty_result_is_said_and_no_error():
    asked = geo.query(sample()).since("2200-01-01")

    with warnings.catch_warnings():
        warnings.simplefilter("error", GeoWarning)
        with pytest.raises(DataWarning, match="no event is found: events since 2200-01-01"):
            asked.to_frame()
        assert asked.count() == 0


WORDS = [
    (lambda q: q, "all events", "todos los eventos"),
    (
        lambda q: q.within("culiacan, sinaloa").since("2024-09-09").of_type("battles"),
        "events in Culiacán, Sinaloa, since 2024-09-09, of type Battles",
        "eventos en Culiacán, Sinaloa, desde 2024-09-09, de tipo Enfrentamientos",
    ),
    (
        lambda q: q.near("frontera norte", "30 mi").in_period("2024-Q1"),
        "events within 48.28032 km of the US border, in 2024-Q1",
        "eventos a no más de 48.28032 km de la frontera con Estados Unidos, en 2024-Q1",
    ),
    (
        lambda q: q.along(ROAD, 5, crs="EPSG:4326", name="Mex 15{}").with_fatalities(),
        "events within 5 km along “Mex 15{}”, with at least 1 death",
        "eventos a no más de 5 km a lo largo de “Mex 15{}”, con al menos 1 muerte",
    ),
    (
        lambda q: q.within("Sonora") | q.before("2023-01-01"),
        "events either (in Sonora) or (before 2023-01-01)",
        "eventos ya sea (en Sonora) o (antes de 2023-01-01)",
    ),
    (
        lambda q: q.in_period(2024).nearest(3, "coast"),
        "events among the 3 nearest to the coast of those (in 2024)",
        "eventos entre los 3 más cercanos a la costa de aquellos (en 2024)",
    ),
    (
        lambda q: q.in_period(2024).in_busy_areas(20),
        "events in 2024, in municipalities with at least 20 of these",
        "eventos en 2024, en municipios con al menos 20 de estos",
    ),
    (
        lambda q: q.touching("Sinaloa").of_actor_class("civilians").precise_to("exact"),
        "events in areas that touch Sinaloa, with civilians as a party, whose place is known "
        "exactly",
        "eventos en áreas que colindan con Sinaloa, con civiles como parte, cuyo lugar se conoce "
        "con exactitud",
    ),
]


@pytest.mark.parametrize(("ask", "english", "spanish"), WORDS)
def test_a_query_says_what_it_asks_for_in_both_languages(ask, english, spanish):
    asked = ask(geo.query(sample()))

    assert str(asked) == asked.words() == english
    assert asked.words("es") == spanish
    assert english in repr(asked)


# Counts and rates.


def test_counts_add_up_to_the_events_and_say_what_is_not_stated(events):
    asked = geo.query(events)

    for by in ("state", "municipality", "year", ["event_type", "month"], "actor2"):
        table = asked.count(by)
        assert table["events"].sum() == asked.count()
        deaths = events["fatalities"].sum()
        assert table["fatalities"].sum() == deaths
    table = asked.count("municipality").set_index("cvegeo")
    assert table.loc["not stated", "events"] == events["cvegeo"].isna().sum()
    expected = events["cvegeo"].value_counts()
    assert table.loc["25006", "events"] == expected["25006"]
    assert table.loc["25006", "name"] == "Culiacán"


def test_rate_is_events_over_the_person_years_of_the_days_asked_for():
    asked = geo.query(sample()).within("Sinaloa").since("2024-09-09")
    events = sample()
    inside = (events["cve_ent"] == "25") & (events["event_date"] >= "2024-09-09")
    # A date known to the week or month that reaches over the edge is told and not counted.
    [row] = asked.rate().to_dict("records")
    people = geo.load_population("state").set_index(["cvegeo", "year"])["population"]["25", 2024]

    assert row["period"] == "2024-09-09/2024-12-31"
    assert row["exposure"] == pytest.approx(people * 114 / 366)
    assert inside.sum() - 5 <= row["events"] <= inside.sum()
    assert row["crude_rate"] == pytest.approx(1e5 * row["events"] / row["exposure"])
    assert row["rate_low"] < row["crude_rate"] < row["rate_high"]


def test_rate_of_a_year_is_that_of_the_steps():
    located = sample()
    panel = geo.count_events(located, level="state", period="year")
    usual = geo.add_rates(panel, geo.load_exposure("state", period="year"))
    usual = usual[usual["period"] == "2024"].set_index("cvegeo")

    found = geo.query(located).in_period(2024).rate().set_index("cvegeo")

    pd.testing.assert_series_equal(found["crude_rate"], usual["crude_rate"])
    pd.testing.assert_series_equal(found["rate_high"], usual["rate_high"])
    assert len(found) == 32


def test_rate_by_municipality_has_the_areas_of_the_query_zeros_included():
    found = geo.query(sample()).within("Sinaloa").in_period(2024).rate("municipality")

    assert len(found) == 18
    assert (found["cvegeo"].str[:2] == "25").all()


def test_series_has_every_period_and_adds_up():
    asked = geo.query(sample()).within("Sinaloa").between("2024-01-15", "2024-12-31")
    table = asked.series("month")

    assert table["period"].tolist() == [f"2024-{month:02}" for month in range(1, 13)]
    assert table["complete"].tolist() == [False] + [True] * 11
    assert table["years"].iloc[0] == pytest.approx(17 / 366)
    assert table["events"].sum() == asked.count()


def test_rate_of_a_strip_is_refused_with_the_cure():
    with pytest.raises(SettingsError, match=r"\.bands\("):
        geo.query(sample()).near(BORDER, km=50).rate()
    with pytest.raises(SettingsError, match=r"\.bands\("):
        geo.query(sample()).nearest(5, "coast").rate()


def test_state_rate_of_a_municipality_is_refused():
    with pytest.raises(SettingsError, match='rate\\(level="municipality"\\)'):
        geo.query(sample()).within("Culiacán, Sinaloa").rate("state")


# Bad input.


@pytest.mark.parametrize(
    ("ask", "error", "said"),
    [
        (lambda q: q.within("Juárez"), AreaError, "one of 5 municipalities.*08037 Juárez"),
        (lambda q: q.within("Culiacna"), AreaError, "nearest names are 25006 Culiacán"),
        (lambda q: q.within("25999"), AreaError, "somewhere in Sinaloa"),
        (lambda q: q.within(99), AreaError, "not a code"),
        (lambda q: q.within("San Quintín, Baja California"), AreaError, "made in 2020"),
        (lambda q: q.within(), SettingsError, "no place"),
        (lambda q: q.within("Sinaloa", "Tijuana"), SettingsError, "join two queries"),
        (lambda q: q.within(ROAD, crs="EPSG:4326"), SettingsError, "near"),
        (lambda q: q.near("Canada border", 5), AreaError, "'US border'"),
        (lambda q: q.near(BORDER, -1), SettingsError, "0 km or more"),
        (lambda q: q.near(BORDER, float("nan")), SettingsError, "0 km or more"),
        (lambda q: q.near(BORDER, float("inf")), SettingsError, "0 km or more"),
        (lambda q: q.near(BORDER, True), SettingsError, "0 km or more"),
        (lambda q: q.near(BORDER, "5 leagues"), SettingsError, "unit 'leagues' is not known"),
        (lambda q: q.near(BORDER, "1,5 km"), SettingsError, "comma"),
        (lambda q: q.near(BORDER, "far"), SettingsError, "is not a distance"),
        (lambda q: q.near(BORDER, None), SettingsError, "not a number of kilometers"),
        (lambda q: q.near(BORDER, 50_000), SettingsError, "farther than any two places"),
        (lambda q: q.along(ROAD, 5), CRSError, 'crs="EPSG:4326"'),
        (lambda q: q.along(gpd.GeoSeries([ROAD]), 5), CRSError, "set_crs"),
        (lambda q: q.along(ROAD, 5, crs="EPSG:0"), CRSError, "no coordinate reference system"),
        (
            lambda q: q.along(shapely.LineString([(2e6, 9e5), (2e6, 8e5)]), 5, crs="EPSG:4326"),
            CRSError,
            "no degrees",
        ),
        (lambda q: q.along("Sinaloa", 5), SettingsError, "is no line"),
        (lambda q: q.along(shapely.LineString(), 5, crs="EPSG:4326"), SettingsError, "is empty"),
        (lambda q: q.near((1, 2), 5), SettingsError, "shapely.Point"),
        (lambda q: q.nearest(0, "coast"), SettingsError, "k is 0"),
        (lambda q: q.in_busy_areas(0), SettingsError, "at_least is 0"),
        (lambda q: q.ring("Sinaloa", 0), SettingsError, "order of a ring"),
        (lambda q: q.ring("Sinaloa", 40), SettingsError, "farthest is"),
        (lambda q: q.between("2024-02-01", "2024-01-01"), PeriodError, "turn them round"),
        (lambda q: q.since("03/04/2024"), PeriodError, "write it as"),
        (lambda q: q.in_period("2024-13"), PeriodError, "is not a period"),
        (lambda q: q.of_type("Batles"), SettingsError, "nearest are 'Battles'"),
        (lambda q: q.of_type(), SettingsError, "no event type is given"),
        (lambda q: q.involving("Nobody at all"), SettingsError, "no event has the actor"),
        (lambda q: q.of_actor_class("army"), SettingsError, "'state forces'"),
        (lambda q: q.precise_to("good"), SettingsError, "'municipality'"),
        (lambda q: q.dated_to("hour"), SettingsError, "'day'"),
        (lambda q: q.with_fatalities(-1), SettingsError, "from 0 up"),
        (lambda q: q.with_fatalities(3, 2), SettingsError, "below at_least"),
        (lambda q: q.mentioning("x", column="nots"), SettingsError, "no column 'nots'"),
        (lambda q: q.mentioning("  "), SettingsError, "is empty"),
        (lambda q: q.count("colour"), SettingsError, "no column 'colour'"),
        (lambda q: q.count([]), SettingsError, "by is empty"),
        (lambda q: q.with_distance(BORDER, "fatalities"), SettingsError, "already"),
        (lambda q: q & geo.query(schema.EVENTS.empty()), SettingsError, "different tables"),
        (lambda q: q | 5, SettingsError, "joins with a query"),
        (lambda q: q.words("fr"), SettingsError, "'en' or 'es'"),
        (lambda q: q.in_period(1900).rate(), PeriodError, "none of the days"),
    ],
)
def test_what_cannot_be_meant_is_refused_when_it_is_asked(ask, error, said):
    with pytest.raises(error, match=said):
        ask(geo.query(sample()))


@pytest.mark.parametrize("column", ["notes", "tags"])
def test_a_column_that_the_reader_did_not_keep_is_said_with_the_cure(column):
    asked = geo.query(toy.events((0.5, 0.5)))

    with pytest.raises(SettingsError, match=rf"no column '{column}'.*keep='all'"):
        asked.mentioning("x") if column == "notes" else asked.tagged("x")


def test_a_table_that_breaks_the_contract_is_refused():
    with pytest.raises(SchemaError):
        geo.query(toy.events((0.5, 0.5)).drop(columns="event_id"))


def test_a_query_knows_which_areas_it_asks_for_as_a_whole():
    every = query(schema.EVENTS.empty())
    sinaloa = every.within("Sinaloa")

    assert every.whole_areas is None
    assert {"25", "25006"} <= sinaloa.whole_areas
    assert {code[:2] for code in sinaloa.whole_areas} == {"25"}
    # Events known to the state only are not asked: no state is whole.
    assert every.within("Culiacán, Sinaloa").whole_areas == {"25006"}
    assert sinaloa.near("US border", km=50).whole_areas == frozenset()
    assert sinaloa.in_busy_areas(2).whole_areas == frozenset()


def test_what_is_taken_away_is_not_asked():
    every = query(schema.EVENTS.empty())
    rest = (every - every.within("Culiacán, Sinaloa")).whole_areas

    assert "25" not in rest
    assert "25006" not in rest
    assert {"26", "25001"} <= rest
    # Other events of Sinaloa are asked for.
    assert (every - every.within("Sinaloa").targeting_civilians()).whole_areas is None


def test_areas_of_two_levels_are_joined_whichever_comes_first():
    every = query(schema.EVENTS.empty())
    either = every.within("Sonora") | every.within("Culiacán, Sinaloa")

    assert common_areas(either._conditions) == {"26", "25006"}
    for one in (either & every.within("Nogales, Sonora"), every.within("Nogales, Sonora") & either):
        assert common_areas(one._conditions) == {"26043"}


def test_busy_areas_of_a_strip_are_no_whole_areas():
    strip = query(schema.EVENTS.empty()).near("US border", km=50).in_busy_areas(2)

    with pytest.raises(SettingsError, match="parts of areas"):
        strip.rate()
