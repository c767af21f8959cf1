from __future__ import annotations

import dataclasses
import json
import re
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
import shapely

from geo import crs
from geo.errors import SchemaError, SettingsError, TermsWarning
from geo.periods import labels
from geo.render import label_colors
from geo.render.codec import unpack_block
from geo.render.density_layer import density_block, density_breaks, density_config
from geo.render.geometry import to_grid
from geo.render.ground import load_ground
from geo.render.layers import MapLayers, layers_of
from geo.render.map import EventMap
from geo.render.packed import decode_columns
from geo.render.palette import lightness
from geo.render.points_layer import event_points, points_block, points_config
from geo.render.scan_layer import scan_block
from geo.stats.emerging import NO_PATTERN, PATTERNS
from geo.stats.grid import Grid
from geo.steps.coarsen import coarse_places
from geo.steps.scan import ScanResults, find_clusters
from geo.study.atlas import OUTLIERS, make_atlas
from geo.study.locating import locate_events
from tests import studies, toy
from tests.render.maps import toy_ground, toy_map

CULIACAN = (-107.394, 24.809)
MAZATLAN = (-106.411, 23.249)


# --- events as points -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample():
    return studies.layered()


def decoded(shown):
    return decode_columns(points_block(shown).data)


def located(**columns):
    number = len(next(iter(columns.values())))
    places = ([CULIACAN, MAZATLAN] * number)[:number]
    return locate_events(toy.events(*places, **columns), permutations=0)


@pytest.mark.parametrize("points", ["coarse", "exact"])
def test_points_of_each_month_and_type_are_the_events_of_the_map(sample, points):
    shown = event_points(sample.located, sample.atlas, points)
    columns = decoded(shown)
    names, counts = sample.atlas.levels["state"].splits["event_type"]

    packed = np.zeros((len(sample.atlas.months), len(names)), dtype=int)
    inside = columns["month"] > 0
    np.add.at(packed, (columns["month"][inside] - 1, columns["type"][inside]), 1)

    counted = sample.located[sample.located["cve_ent"].notna()]
    loose = counted[~counted["geo_precision"].isin(["exact", "near"])]
    missing = np.zeros_like(packed)
    at = pd.Index(sample.atlas.months).get_indexer(labels(loose["event_date"], "month"))
    month = loose["time_precision"] != "year"
    np.add.at(missing, (at[month], [names.index(t) for t in loose["event_type"][month]]), 1)
    np.testing.assert_array_equal(packed + missing, counts.sum(axis=0))
    assert shown.left_out == len(loose)
    assert len(shown) + shown.left_out == len(counted)
    assert columns["events"].sum() == len(shown)


def test_coarse_points_lie_on_the_grid_and_exact_ones_where_the_source_has_them(sample):
    placed = sample.located[
        sample.located["geo_precision"].isin(["exact", "near"]) & sample.located["cve_ent"].notna()
    ]
    lon, lat = shapely.get_x(placed.geometry), shapely.get_y(placed.geometry)

    def places(points):
        columns = decoded(event_points(sample.located, sample.atlas, points))
        return set(zip(columns["x"].tolist(), columns["y"].tolist(), strict=True))

    def on_page(lon, lat):
        return set(zip(*(one.tolist() for one in to_grid(lon, lat)), strict=True))

    assert places("exact") == on_page(lon, lat)
    assert places("coarse") == on_page(*coarse_places(lon, lat))
    assert len(places("coarse")) < len(places("exact"))


def test_order_of_the_events_leaves_no_trace_in_the_page(sample):
    shuffled = sample.located.sample(frac=1, random_state=1)

    for points in ("coarse", "exact"):
        first = points_block(event_points(sample.located, sample.atlas, points))
        assert points_block(event_points(shuffled, sample.atlas, points)).data == first.data


def test_event_whose_month_is_not_known_is_packed_without_one_and_counted():
    found = located(
        event_date=["2024-01-05", "2024-06-01", "2024-06-01", "2024-06-09"],
        time_precision=["day", "year", "month", "week"],
    )
    with pytest.warns(UserWarning, match="not counted"):
        atlas = make_atlas(found)

    shown = event_points(found.located, atlas, "exact")
    columns = decoded(shown)

    assert shown.dateless == 1
    assert points_config(shown)["dateless"] == 1
    assert sorted(columns["month"].tolist()) == [0, 1, 6, 6]
    # Days since the first of January: 5 January, 1 June and 9 June.
    assert sorted(columns["day"].tolist()) == [4, 152, 152, 160]
    words = points_config(shown)["precisions"]
    assert sorted(words[at] for at in columns["precision"]) == ["day", "month", "week", "year"]


def test_points_of_a_map_without_months_have_none_and_name_their_types():
    found = located(event_date=["2024-01-05", "2024-06-01"], event_type=["Riots", "Battles"])

    shown = event_points(found.located, None, "coarse")

    assert decoded(shown)["month"].tolist() == [0, 0]
    assert points_config(shown)["types"] == ["Battles", "Riots"]


def test_no_event_with_a_place_gives_an_empty_block():
    found = located(event_date=["2024-01-05"], geo_precision=["state"])

    shown = event_points(found.located, None, "coarse")

    assert (len(shown), shown.left_out) == (0, 1)
    assert {len(values) for values in decoded(shown).values()} == {0}


def test_fifty_thousand_coarse_points_take_less_than_their_share_of_the_file():
    rng = np.random.default_rng(1)
    number = 50_000
    towns = rng.choice(2_465, number, p=_steep(2_465, rng))
    labels_ = rng.uniform([-117, 15], [-87, 32], (2_465, 2))
    lon, lat = (labels_[towns] + rng.normal(0, 0.08, (number, 2))).T
    x, y = to_grid(*coarse_places(lon, lat))
    shown = dataclasses.replace(
        event_points(located(event_date=["2024-01-05"]).located, None, "coarse"),
        x=x,
        y=y,
        month=rng.integers(0, 60, number).astype(float),
        day=np.zeros(number, dtype=int),
        precision=np.zeros(number, dtype=int),
        split={
            "event_type": (tuple("abcdef"), rng.integers(0, 6, number)),
            "actor_class": (tuple("abcde"), rng.integers(0, 5, number)),
        },
    )

    assert len(points_block(shown).payload) < 280_000


def _steep(number, rng):
    weights = rng.pareto(1.1, number) + 0.02
    return weights / weights.sum()


# --- what the file holds ----------------------------------------------------------------------


def contents(text):
    """The page, and what each of its blocks says in JSON."""
    config = json.loads(
        re.search(r'<script type="application/json" id="geo-config">(.*?)</script>', text, re.S)[1]
    )
    found = {}
    for entry in config["blocks"]:
        payload = re.search(rf'id="geo-block-{entry["name"]}">([^<]*)<', text)[1]
        data = unpack_block(payload, entry)
        found[entry["name"]] = (
            json.dumps(json.loads(data), ensure_ascii=False)
            if entry["content"] == "json"
            else decode_columns(data)
        )
    return found


def test_without_being_asked_no_place_of_an_event_is_in_the_file(sample):
    text = EventMap(sample).html()
    blocks = contents(text)

    assert "points" not in blocks
    assert "points" not in json.loads(blocks["setup"])["layers"]
    said = text + " ".join(one for one in blocks.values() if isinstance(one, str))
    shapes = sample.located.geometry.dropna()
    for value in {*shapes.x, *shapes.y}:
        # As text, whole or cut: -107.394 and 107.39.
        digits = f"{abs(value):.4f}".rstrip("0")
        if len(digits.partition(".")[2]) >= 3:
            assert digits not in said
    ids = sample.located["event_id"].sample(200, random_state=1)
    assert not [one for one in ids if one in said]


def test_points_are_put_into_one_file_and_not_into_the_next(sample):
    made = EventMap(sample)

    assert "points" in contents(made.html(points="coarse"))
    assert "points" not in contents(made.html())
    assert made.html() == made.html()


def test_notes_and_actors_of_an_event_never_travel_with_its_point(sample):
    columns = contents(EventMap(sample).html(points="exact"))["points"]

    assert set(columns) == {
        "x", "y", "events", "month", "type", "class", "day", "precision",
    }  # fmt: skip


def test_exact_points_of_real_events_warn_of_the_terms(sample):
    real = dataclasses.replace(sample, made_up=False)

    with pytest.warns(TermsWarning, match="terms of the source"):
        EventMap(real, points="exact")
    EventMap(real, points="coarse")
    EventMap(sample, points="exact")  # made-up events have no terms


def test_points_of_the_study_are_taken_unless_the_map_says_otherwise(sample):
    asked = dataclasses.replace(
        sample, settings=dataclasses.replace(sample.settings, points="coarse")
    )

    assert EventMap(asked).layers.events.points == "coarse"
    assert EventMap(asked, points="none").layers.events is None


def test_points_that_cannot_be_made_are_refused(sample):
    with pytest.raises(SettingsError, match="points is 'all'"):
        EventMap(sample, points="all")
    with pytest.raises(SettingsError, match="from the events of a study"):
        EventMap(toy_map(), ground=toy_ground(), points="coarse")


def test_layers_of_the_study_are_drawn_unless_others_are_given(sample):
    found = layers_of(sample, None, None, None)

    assert (found.clusters, found.density, found.events) == (sample.scan, sample.surface, None)
    other = dataclasses.replace(sample.scan, seed=7)
    assert layers_of(sample, other, None, None).clusters is other
    assert MapLayers().blocks({}) == []


# --- density ----------------------------------------------------------------------------------


def hill(peak=0.02):
    """A round hill in the middle of the country; north-west of it nothing is known."""
    grid = Grid(2_000_000, 1_600_000, 5_000, 140, 140)
    easting, northing = grid.centers()
    away = np.hypot(easting[None, :] - 2_350_000, northing[:, None] - 1_250_000)
    values = peak * np.exp(-((away / 80_000) ** 2) / 2) + 1e-4
    values[:20, :20] = np.nan
    return dataclasses.replace(
        studies.layered().surface, grid=grid, values=values, bandwidth_m=50_000.0
    )


def rings(surface):
    columns = decode_columns(density_block(surface).data)
    ends = np.cumsum(columns["length"])
    return [
        (
            level,
            np.column_stack([columns["x"][end - length : end], columns["y"][end - length : end]]),
        )
        for level, length, end in zip(columns["level"], columns["length"], ends, strict=True)
    ]


def test_ground_above_a_bound_is_inside_its_line():
    surface = hill()
    bounds = density_config(surface)["bounds"]
    lines = rings(surface)

    for level, bound in enumerate(bounds):
        found = [shapely.Polygon(ring) for at, ring in lines if at == level]
        assert len(found) == 1
        # The radius at which the hill falls to the bound, west and south of the top.
        radius = 80_000 * np.sqrt(2 * np.log(0.02 / (bound / 1_000 - 1e-4)))
        for toward in ((-1, 0), (0, -1), (0.6, 0.8)):
            for factor, inside in ((0.96, True), (1.04, False)):
                at = [2_350_000 + factor * radius * toward[0]]
                up = [1_250_000 + factor * radius * toward[1]]
                x, y = to_grid(*crs.unproject(np.array(at), np.array(up)))
                assert found[0].contains(shapely.Point(x[0], y[0])) is inside


def test_shares_of_the_land_are_those_of_the_cells():
    surface = hill()
    told = density_config(surface)
    values = surface.values[np.isfinite(surface.values)] * 1_000

    edges = [-np.inf, *told["bounds"], np.inf]
    by_hand = [((values > a) & (values <= b)).mean() for a, b in pairwise(edges)]
    assert told["shares"] == pytest.approx(by_hand)
    assert sum(told["shares"]) == pytest.approx(1)
    assert list(density_breaks(surface).bounds[1:-1]) == told["bounds"]


def test_density_says_its_window_bandwidth_and_who_is_left_out(sample):
    told = density_config(sample.surface)

    assert (told["start"], told["end"]) == ("2022-01-01", "2025-01-01")
    assert told["bandwidthKm"] == sample.surface.bandwidth_m / 1_000
    assert told["events"] + sum(one["number"] for one in told["leftOut"]) == len(sample.located)
    assert {one["reason"] for one in told["leftOut"]} <= {
        "known.state", "known.unknown", "known.fuzzy", "known.municipality", "outside", "at_sea",
    }  # fmt: skip


def test_surface_that_is_the_same_everywhere_has_one_class_and_no_line():
    flat = hill()
    flat = dataclasses.replace(flat, values=np.full(flat.grid.shape, 0.003))

    assert density_config(flat)["bounds"] == []
    assert rings(flat) == []


def test_surface_that_is_no_density_is_refused(sample):
    other = dataclasses.replace(sample.surface, kind="change")

    with pytest.raises(SettingsError, match="shows change"):
        EventMap(sample, density=other)


# --- clusters ---------------------------------------------------------------------------------


def two_towns(**changes):
    months = ["2024-01", "2024-02", "2024-03", "2024-04"]
    panel = pd.DataFrame(
        {
            "cvegeo": ["01001"] * 4 + ["02001"] * 4,
            "period": months * 2,
            "events": [4, 4, 4, 4, 0, 0, 2, 2],
            "fatalities": 0,
            "fatalities_unknown": 0,
            "complete": True,
            "years": 1 / 12,
        }
    )
    places = pd.DataFrame({"cvegeo": ["01001", "02001"], "lon": [0.5, 1.5], "lat": [0.5, 0.5]})
    given = {"model": "permutation", "max_shares": [0.5], "replicates": 0, "places": places}
    return find_clusters(panel, **(given | changes))


CODES = {"state": ("01", "02"), "municipality": ("01001", "02001")}


def test_cluster_travels_with_its_areas_days_events_and_p():
    found = two_towns()
    told = json.loads(scan_block(found, CODES).data)
    (cluster,) = told["clusters"]
    row = found.clusters.iloc[0]

    assert cluster["center"] == 1
    assert cluster["areas"] == [1]
    assert (cluster["start"], cluster["end"]) == ("2024-03-01", "2024-05-01")
    assert cluster["observed"] == 4
    assert cluster["expected"] == row["expected"] == pytest.approx(4 * 12 / 20)
    assert cluster["radiusKm"] == 0
    assert cluster["p"] is None
    assert (told["start"], told["end"], told["level"]) == (
        "2024-01-01",
        "2024-05-01",
        "municipality",
    )


def test_p_that_allows_for_dispersion_goes_before_the_plain_one(sample):
    told = json.loads(EventMap(sample).layers.blocks(codes())[0].data)
    rows = sample.scan.clusters

    assert [one["p"] for one in told["clusters"]] == rows["p_dispersed"].tolist()
    assert [len(one["areas"]) for one in told["clusters"]] == rows["areas"].tolist()
    first = sample.scan.areas[sample.scan.areas["rank"] == 1]
    assert told["clusters"][0]["radiusKm"] == pytest.approx(first["distance_km"].max(), abs=1e-3)


def codes():
    return {level: load_ground().codes(level) for level in ("state", "municipality")}


def test_of_several_shares_the_smallest_is_drawn():
    both = two_towns(max_shares=[0.9, 0.55])
    told = json.loads(scan_block(both, CODES).data)

    assert set(both.clusters["share_limit"]) == {0.9, 0.55}
    assert told["share"] == 0.55
    assert len(told["clusters"]) == (both.clusters["share_limit"] == 0.55).sum()


def test_scan_that_found_nothing_is_told_as_such():
    empty = two_towns()
    empty = ScanResults(
        **{f.name: getattr(empty, f.name) for f in dataclasses.fields(empty)}
        | {"clusters": empty.clusters.iloc[:0], "areas": empty.areas.iloc[:0]}
    )

    told = json.loads(scan_block(empty, CODES).data)

    assert told["clusters"] == []
    assert told["share"] is None


def test_clusters_of_areas_that_are_not_drawn_are_refused():
    with pytest.raises(SchemaError, match="02001"):
        scan_block(two_towns(), {"state": ("01",), "municipality": ("01001",)})


# --- classes with names -----------------------------------------------------------------------


def test_every_label_has_a_color_of_its_own_and_gray_falls_without_turning():
    assert set(label_colors.EMERGING) == set(PATTERNS)
    assert set(label_colors.OUTLIER) == set(OUTLIERS)
    assert len(set(label_colors.EMERGING.values())) == len(PATTERNS)
    words = list(label_colors.EMERGING)
    at = words.index(NO_PATTERN)
    for kind in (words[:at], words[at + 1 :]):
        shades = [lightness(label_colors.EMERGING[word]) for word in kind]
        assert all(a - b > 4 for a, b in pairwise(shades))


def test_labels_that_occur_and_outliers_travel_as_the_study_has_them(sample):
    blocks = contents(EventMap(sample).html())
    columns = blocks["counts-municipality"]
    measures = {
        one["key"]: one for one in json.loads(blocks["setup"])["levels"]["municipality"]["measures"]
    }
    drawn = codes()["municipality"]

    patterns = [word.removeprefix("emerging.") for word in measures["emerging"]["labels"]]
    found = sample.emerging.table.set_index("cvegeo")["pattern"].reindex(list(drawn))
    assert set(patterns) == set(found.dropna())
    named = [None if np.isnan(at) else patterns[int(at)] for at in columns["emerging"]]
    assert named == [None if pd.isna(one) else one for one in found]

    table = sample.atlas.levels["municipality"]
    shape = (len(drawn), len(sample.atlas.months))
    order = [table.codes.index(code) for code in drawn]
    np.testing.assert_array_equal(columns["outlier"].reshape(shape), table.outlier[order])
    assert [one.removeprefix("outlier.") for one in measures["outliers"]["labels"]] == list(
        OUTLIERS
    )
    months = json.loads(blocks["setup"])["timed"]["emerging"]["months"]
    assert months == [0, 35]
