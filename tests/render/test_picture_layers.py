"""Pictures of what a study makes beside its measures: labels, a density, the clusters of a scan."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from geo import crs
from geo.errors import SettingsError
from geo.render import legend, palette
from geo.render.choices import choose_any, choose_density
from geo.render.circles import clusters_of
from geo.render.density_layer import density_config
from geo.render.describe import describe
from geo.render.ground import load_ground
from geo.render.label_colors import EMERGING, OUTLIER
from geo.render.mapdata import Period
from geo.render.picture import draw_map
from geo.render.scan_layer import scan_content
from geo.render.words import say
from geo.study.atlas import OUTLIERS
from tests import studies

SVG = "{http://www.w3.org/2000/svg}text"
CODES = load_ground().codes("municipality")


@pytest.fixture(scope="module")
def results():
    return studies.layered()


@pytest.fixture(scope="module")
def data(results):
    return describe(results)


def texts(path):
    return ["".join(node.itertext()) for node in ET.parse(path).getroot().iter(SVG)]


def colors_of(path):
    drawn = np.asarray(Image.open(path).convert("RGB")).reshape(-1, 3)
    found, counts = np.unique(drawn, axis=0, return_counts=True)
    return {
        "#" + bytes(color.tolist()).hex(): int(n) for color, n in zip(found, counts, strict=True)
    }


def test_outliers_are_those_of_the_last_year_of_the_study(results, data, tmp_path):
    chosen = choose_any(data, "municipality", "outliers", "en", CODES)
    table = results.atlas.levels["municipality"]
    last = dict(zip(table.codes, table.outlier[:, -1], strict=True))

    assert results.atlas.months[-1] == "2024-12"
    assert chosen.colors == tuple(OUTLIER[word] for word in OUTLIERS)
    assert chosen.classes == {code: at for code, at in last.items() if not np.isnan(at)}
    assert sum(chosen.counts) + chosen.no_data == len(CODES)
    said = texts(draw_map(results, tmp_path / "a.svg", measure="outliers"))
    assert "Outliers (local Moran) by municipality, 2024" in said
    for word, number in zip(OUTLIERS, chosen.counts, strict=True):
        at = said.index(say("en", f"outlier.{word}"))
        assert said[at + 1] == f"{number:,}"
    assert f"{int(table.events[:, 24:].sum()):,} events on the map" in " ".join(said)


def test_labels_of_emerging_hotspots_are_those_of_the_study(results, data, tmp_path):
    chosen = choose_any(data, "municipality", "emerging", "es", CODES)
    table = results.emerging.table.set_index("cvegeo")["pattern"].dropna()
    words = data.timed.patterns("municipality")

    assert [words[at] for at in chosen.classes.values()] == table[list(chosen.classes)].tolist()
    assert set(chosen.classes) == set(table.index)
    assert chosen.colors == tuple(EMERGING[word] for word in words)
    said = texts(draw_map(results, tmp_path / "a.svg", measure="emerging", lang="es"))
    assert "Puntos calientes emergentes por municipio, ene 2022 a dic 2024" in said
    assert say("es", "legend.notTested") in said
    assert "12 trimestres" in " ".join(said)


def test_cold_labels_have_lines_and_hot_ones_have_none(data):
    marks = ["new coldspot", "new hotspot", "no pattern"]
    table = data.timed.emerging.table.assign(pattern=None)
    table["pattern"] = [marks[at % 3] for at in range(len(table))]
    emerging = dataclasses.replace(data.timed.emerging, table=table)
    other = dataclasses.replace(data, timed=dataclasses.replace(data.timed, emerging=emerging))

    chosen = choose_any(other, "municipality", "emerging", "en", CODES)

    lined = [chosen.names[at] for at in chosen.lined]
    assert lined == ["New coldspot"]
    hatches = {row.name: row.hatch for row in legend._rows(chosen)}
    assert hatches["New coldspot"] == legend.LINED_HATCH
    assert (hatches["New hotspot"], hatches["No pattern"]) == (None, None)


def test_a_picture_of_one_state_counts_its_areas_alone(data):
    chosen = choose_any(data, "municipality", "outliers", "en", CODES, state="25")

    assert {code[:2] for code in chosen.classes} == {"25"}
    assert sum(chosen.counts) + chosen.no_data == 18
    assert chosen.heading.startswith("Sinaloa · Outliers")


def test_density_has_the_classes_and_the_shares_of_the_page(results, tmp_path):
    told = density_config(results.surface)
    chosen = choose_density(results.surface, "municipality", "en", None)

    bounds = told["bounds"]
    assert chosen.names[0] == f"up to {bounds[0]:,.12g}"
    assert chosen.names[-1] == f"> {bounds[-1]:,.12g}"
    assert chosen.contours.shares == tuple(told["shares"])
    assert sum(chosen.contours.shares) == pytest.approx(1)
    assert len(chosen.contours.above) == len(bounds)
    path = draw_map(results, tmp_path / "a.png", measure="density")
    found = colors_of(path)
    ramp = palette.sequential(len(bounds) + 1)
    assert chosen.colors == ramp
    land = {color: found.get(color, 0) for color in ramp}
    total = sum(land.values())
    for color, share in zip(ramp, told["shares"], strict=True):
        # Lines, names and Mercator-free cells: what is drawn is what was counted, roughly.
        assert land[color] / total == pytest.approx(share, abs=0.03)


def test_density_says_what_it_is_and_what_is_not_in_it(results, tmp_path):
    told = density_config(results.surface)
    said = " ".join(texts(draw_map(results, tmp_path / "a.svg", measure="density", lang="es")))

    assert f"{told['events']:,} eventos" in said
    assert say("es", "density.kernel.gaussian") in said
    left = sum(one["number"] for one in told["leftOut"])
    assert f"Quedan fuera: {left:,}" in said
    assert say("es", "static.land") in said
    # No sentence about areas: none has a color.
    assert "cuentan para un municipio" not in said


def test_clusters_are_listed_with_place_days_and_ratio(results, tmp_path):
    codes = {level: load_ground().codes(level) for level in ("state", "municipality")}
    told = [one for one in scan_content(results.scan, codes)["clusters"] if one["p"] <= 0.05]
    path = draw_map(results, tmp_path / "a.svg", clusters=results.scan)
    said = texts(path)

    assert len(told) > 1
    for one in told:
        assert str(one["rank"]) in said
        assert f"{one['observed'] / one['expected']:,.2f} times" in said
    assert "Culiacán, Sinaloa · Jul 2024 to Dec 2024" in " ".join(said)
    assert "Smoothed rate by municipality, 2024" in said
    assert "Kulldorff" in " ".join(said)


def test_a_circle_lies_around_the_middle_of_its_cluster_and_holds_its_areas(results):
    period = Period("2024", dt.date(2024, 1, 1), dt.date(2025, 1, 1), complete=True)
    drawn = clusters_of(results.scan, load_ground(), "en", period).circles
    first = results.scan.clusters.sort_values(["share_limit", "rank"]).iloc[0]
    members = results.scan.areas.query("rank == 1 and share_limit == @first.share_limit")
    labels = load_ground().named("municipality").loc[first["center"]]
    east, north = crs.project(np.array([labels["lon"]]), np.array([labels["lat"]]))

    assert (drawn[0].east, drawn[0].north) == (east[0], north[0])
    assert drawn[0].radius_m == pytest.approx(members["distance_km"].max() * 1_000, abs=1)
    assert [one.rank for one in drawn] == sorted(one.rank for one in drawn)


def test_a_cluster_of_other_months_has_dashes_and_one_of_another_state_is_not_listed(results):
    ground = load_ground()
    long_ago = Period("1999", dt.date(1999, 1, 1), dt.date(2000, 1, 1), complete=True)

    drawn = clusters_of(results.scan, ground, "en", long_ago, state="25")

    assert [one.name.split(" · ")[0] for one in drawn.circles] == ["Culiacán, Sinaloa"]
    assert not drawn.circles[0].is_now
    assert not clusters_of(results.scan, ground, "en", long_ago, state="31").circles


def test_without_a_cluster_the_picture_says_so(results, tmp_path):
    none = dataclasses.replace(
        results.scan, clusters=results.scan.clusters.iloc[:0], areas=results.scan.areas.iloc[:0]
    )

    said = texts(draw_map(results, tmp_path / "a.svg", clusters=none, level="state"))

    assert "No cluster was found." in said


@pytest.mark.parametrize("size", [(4, 4), (7, 9), (30, 6)], ids=str)
def test_any_size_holds_the_list_of_clusters_inside_the_sheet(results, size, tmp_path):
    path = draw_map(
        results, tmp_path / "a.svg", measure="density", clusters=results.scan, size=size
    )
    root = ET.parse(path).getroot()
    _, _, width, height = map(float, root.get("viewBox").split())
    for node in root.iter(SVG):
        place = re.search(r"translate\(([-\d.]+) ([-\d.]+)\)", node.get("transform", ""))
        x, y = map(float, place.groups()) if place else (float(node.get("x")), float(node.get("y")))
        assert 0 <= x <= width
        assert 0 < y < height


def test_same_layers_give_the_same_bytes(results, tmp_path):
    one, other = (
        draw_map(results, tmp_path / f"{at}.svg", measure="density", clusters=results.scan)
        for at in range(2)
    )

    assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"measure": "outliers", "category": "Battles"}, "'outliers' is told of all events only"),
        ({"measure": "density", "category": "Battles"}, "a density is of all events"),
        ({"measure": "emerging", "level": "state"}, "cannot show 'emerging'; choose count"),
    ],
    ids=["labels of a category", "density of a category", "labels of states"],
)
def test_layers_that_cannot_be_drawn_are_refused(results, wrong, message, tmp_path):
    with pytest.raises(SettingsError, match=message):
        draw_map(results, tmp_path / "a.svg", **wrong)


def test_a_surface_that_is_no_density_is_refused(results, tmp_path):
    risk = dataclasses.replace(results.surface, kind="risk")

    with pytest.raises(SettingsError, match="the map draws a density"):
        draw_map(results, tmp_path / "a.svg", measure="density", density=risk)
