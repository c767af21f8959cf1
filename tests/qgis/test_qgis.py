"""The folder in a real QGIS: does it open, is everything drawn, do the legends agree?"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

import geo
from geo.errors import GeoWarning
from geo.render.choosing import choose
from geo.render.describe import describe
from geo.render.map import EventMap
from geo.sources import boundaries
from tests import shared
from tests.export.qgis_folders import rich, written
from tests.study.test_asked import events

pytestmark = pytest.mark.qgis

PYTHON = "/usr/bin/python3"
"""The Python that Debian's QGIS belongs to."""

HERE = Path(__file__).parent


def run(*args):
    """Run a script in the Python of QGIS, with nothing of ours around it."""
    given = {name: os.environ[name] for name in ("PATH", "HOME", "LC_ALL") if name in os.environ}
    return subprocess.run(
        [PYTHON, *map(str, args)],
        capture_output=True, text=True, check=False,
        env={**given, "QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": "/tmp"},
    )  # fmt: skip


@pytest.fixture(scope="session", autouse=True)
def _has_qgis():
    if not Path(PYTHON).exists() or run("-c", "import qgis.core").returncode:
        pytest.skip("QGIS TESTS DID NOT RUN: there is no QGIS on this machine (python3-qgis)")


@pytest.fixture(scope="session")
def seen(tmp_path_factory):
    """What QGIS makes of the project, moved to another place."""
    moved = tmp_path_factory.mktemp("elsewhere") / "ñ folder"
    shutil.copytree(written(), moved)
    pictures = tmp_path_factory.mktemp("pictures")
    done = run(HERE / "look.py", moved / "sample.qgz", pictures)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), pictures


def by_source(found):
    """Return what was found of each layer, by the name of its table."""
    return {
        layer["source"].rpartition("layername=")[2]: layer for layer in found["layers"].values()
    }


def test_project_opens_from_another_place_with_every_layer_valid(seen):
    found, _ = seen
    layers = by_source(found)

    assert found["opened"]
    assert found["crs"] == "EPSG:6372"
    assert found["in_tree"]
    assert len(layers) == 13
    assert {layer["valid"] for layer in layers.values()} == {True}
    assert {layer["crs"] for layer in layers.values()} == {"EPSG:4326", "EPSG:6372", "EPSG:3857"}
    assert found["visible"] == ["Estados, 2024", "Municipios, 2024"]
    assert set(found["relations"].values()) == {True}
    assert len(found["relations"]) == 4
    assert len(found["themes"]) == 17
    assert found["range"] == ["2022-01-01 00:00:00", "2024-12-31 23:59:59"]
    assert found["step"][0] == 1
    assert layers["municipalities"]["fields"]["crude_rate"] == "Tasa por 100 mil hab."


def test_every_feature_is_drawn_in_every_style(seen):
    found, _ = seen
    for layer in found["layers"].values():
        for name, style in layer.get("styles", {}).items():
            assert style["renderer"] != "singleSymbol", (layer["title"], name)
            assert style["undrawn"] == 0, (layer["title"], name)


@pytest.mark.parametrize(
    ("table", "level", "measures"),
    [
        ("municipalities", "municipality", ("smoothed", "rate", "count")),
        ("states", "state", ("smoothed", "rate", "count")),
        ("hotspots", "municipality", ("hotspots",)),
        ("change_municipality", "municipality", ("change",)),
        ("change_state", "state", ("change",)),
    ],
)
def test_counts_of_the_classes_are_those_of_the_map(seen, table, level, measures):
    styles = by_source(seen[0])[table]["styles"]
    data = describe(rich())
    codes = boundaries.area_codes(level)["cvegeo"].tolist()
    for measure in measures:
        chosen = choose(data, level, measure, "es", codes)
        expected = [[name, n] for name, n in zip(chosen.names, chosen.counts, strict=True)]
        expected.append([chosen.missing, chosen.no_data])
        if chosen.marks_few:
            expected.append(["De estas: pocos eventos", len(chosen.few)])
        assert styles[chosen.title]["classes"] == expected


@pytest.mark.browser
@pytest.mark.parametrize("measure", ["smoothed", "rate", "count", "hotspots", "change"])
def test_counts_of_the_classes_are_those_that_the_page_shows(seen, page, measure):
    """Two programs that share no line: JavaScript in Chromium, C++ in QGIS."""
    title = {
        "smoothed": "Tasa suavizada",
        "rate": "Tasa",
        "count": "Eventos",
        "hotspots": "Puntos calientes (Gi*)",
        "change": "Cambio",
    }[measure]
    table = {"hotspots": "hotspots", "change": "change_municipality"}.get(measure, "municipalities")
    drawn = by_source(seen[0])[table]["styles"][title]["classes"]

    shown = page(measure)

    numbers = [number for _, number in drawn]
    classes = len(shown["classes"])
    assert numbers[:classes] == shown["classes"]
    assert numbers[classes] == shown["noData"]
    if measure == "rate":
        assert numbers[classes + 1] == shown["few"] > 0


@pytest.fixture(scope="module")
def page(chromium, tmp_path_factory):
    """Return what the legend of the page counts, by measure, as the page opens."""
    path = EventMap(rich(), lang="es").save(tmp_path_factory.mktemp("map") / "map.html")
    opened = chromium.new_page()
    opened.goto(Path(path).as_uri())
    opened.wait_for_selector('[data-ready="1"]', timeout=30_000)

    def legend(measure):
        opened.evaluate("(measure) => geoMap.look.set({ measure })", measure)
        return opened.evaluate("() => geoMap.look.legend()")

    yield legend
    opened.close()


def test_pictures_of_themes_differ_and_hold_colors(seen):
    from PIL import Image

    themes = sorted(seen[1].glob("theme-*.png"))
    assert len(themes) == 17
    pictures = {}
    for path in themes:
        with Image.open(path) as picture:
            plain = picture.convert("RGB")
            assert len(plain.getcolors(maxcolors=10**7)) > 50, path.name
            pictures[path.name] = plain.tobytes()
    assert len(set(pictures.values())) >= len(themes) - 1
    with Image.open(seen[1] / "page-0.png") as page_:
        assert page_.width > page_.height > 800


def test_checker_finds_nothing_to_complain_of(tmp_path):
    checker = shared.path("tools/qgis_check.py")
    folder = written()
    data = describe(rich())
    layers, counts = {}, {}
    for table, level, measure in (
        ("municipalities", "municipality", "smoothed"),
        ("states", "state", "smoothed"),
        ("hotspots", "municipality", "hotspots"),
        ("change_municipality", "municipality", "change"),
        ("change_state", "state", "change"),
    ):
        codes = boundaries.area_codes(level)["cvegeo"].tolist()
        chosen = choose(data, level, measure, "es", codes)
        counts[table] = [
            *(
                {"label": name, "features": n}
                for name, n in zip(chosen.names, chosen.counts, strict=True)
            ),
            {"label": chosen.missing, "features": chosen.no_data},
        ]
        layers[table] = {"count": len(codes), "classes": len(counts[table]), "crs": "EPSG:4326"}
    layers["municipalities"]["aliases"] = {"crude_rate": "Tasa por 100 mil hab."}
    for table in ("events", "clusters", "municipalities_by_month", "states_by_year"):
        layers[table] = {"temporal": True}
    expect = tmp_path / "expect.json"
    expect.write_text(json.dumps({"layers": layers}), encoding="utf-8")

    report = tmp_path / "data.json"
    done = run(
        checker, folder / "sample.gpkg", "--expect", expect, "--within=-119,14,-86,33",
        "--frames", "6", "--geometry", "--move", "--json", report,
    )  # fmt: skip
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{failed(report)}"
    found = json.loads(report.read_text(encoding="utf-8"))["inputs"][0]["layers"]
    classes = {layer["name"]: layer.get("classes") for layer in found}
    for table, expected in counts.items():
        assert classes[table] == expected

    report = tmp_path / "project.json"
    # The corners of a surface that is square in meters lie farther out, at sea and in Texas.
    done = run(
        checker, folder / "sample.qgz", folder / "sample.qlr", folder / "density.tif",
        "--within=-120,13,-84,35", "--frames", "6", "--geometry", "--move",
        "--layouts-dir", tmp_path / "pages", "--json", report,
    )  # fmt: skip
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{failed(report)}"
    assert len(list((tmp_path / "pages").glob("*.png"))) == 1


def failed(path):
    """Return what failed in a report of the checker."""
    if not path.exists():
        return "no report"
    return json.loads(path.read_text(encoding="utf-8")).get("failed", [])


def test_processing_script_runs_the_command_without_the_environment_of_qgis(tmp_path):
    root = HERE.parents[1]
    program = tmp_path / "geo"
    code = "from geo.cli import main; main()"
    program.write_text(
        "#!/bin/sh\n"
        '[ -z "$GDAL_DATA$PYTHONHOME_OF_QGIS" ] || exit 9\n'
        f'PYTHONPATH="{root}" exec "{sys.executable}" -c "{code}" "$@"\n',
        encoding="utf-8",
    )
    program.chmod(0o755)
    events = tmp_path / "ñ events.csv"
    rows = ["event_id,event_date,latitude,longitude,event_type,geo_precision,time_precision"]
    rows += [f"{n},2024-0{n % 9 + 1}-11,24.8{n},-107.39,Riots,exact,day" for n in range(30)]
    events.write_text("\n".join(rows) + "\n", encoding="utf-8")
    toml = tmp_path / "study.toml"
    toml.write_text('events = "ñ events.csv"\nsource = "Made-up"\npermutations = 0\n', "utf-8")

    done = run(
        HERE / "run_script.py", root / "docs" / "qgis" / "geo_export.py", program, toml,
        tmp_path / "made",
    )  # fmt: skip

    assert done.returncode == 0, done.stderr[-2000:]
    said = json.loads(done.stdout)
    assert said["done"], said["log"]
    assert (Path(said["output"]) / "manifest.json").is_file()
    assert said["valid"] == 7, said["log"]


def test_what_a_query_did_not_ask_for_is_a_class_of_its_own(tmp_path):
    """One quarter of the strip along the border: 6 states and 65 municipalities, in part."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", GeoWarning)
        strip = geo.query(events()).near("US border", km=50).in_period("2024-Q1")
        found = geo.run_study(strip, permutations=0)
        folder = geo.write_qgis(found, tmp_path / "strip", points="none", name="strip")
    done = run(HERE / "look.py", folder / "strip.qgz")
    assert done.returncode == 0, done.stderr
    layers = by_source(json.loads(done.stdout))

    for table, level, outside, part in (
        ("states", "state", 26, 6),
        ("municipalities", "municipality", 2400, 65),
    ):
        style = layers[table]["styles"]["Events"]
        codes = boundaries.area_codes(level)["cvegeo"].tolist()
        chosen = choose(describe(found), level, "count", "en", codes)
        assert style["undrawn"] == 0
        assert style["classes"] == [
            *([name, n] for name, n in zip(chosen.names, chosen.counts, strict=True)),
            ["No data", 0], ["Not asked", outside], ["Of these: asked in part", part],
        ]  # fmt: skip
        assert sum(chosen.counts) == part
        by_month = layers[f"{table}_by_month"]["styles"]["Events"]
        assert by_month["classes"][-2:] == [
            ["Not asked", 3 * outside], ["Of these: asked in part", 3 * part],
        ]  # fmt: skip
