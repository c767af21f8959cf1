"""``geo scan`` and ``geo density``."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
import rasterio
from click.testing import CliRunner

from geo.cli import main


def run(*args):
    return CliRunner().invoke(main, list(map(str, args)))


def rows_in(path):
    return list(csv.DictReader(Path(path).read_text(encoding="utf-8-sig").splitlines()))


def example(command, which=0):
    """Return the arguments of an example of the help, and the beginning of what it says."""
    lines = [line.strip() for line in run(command, "--help").output.splitlines()]
    places = [n for n, line in enumerate(lines) if line.startswith(f"$ geo {command}")]
    start = places[which]
    said = [line for line in lines[start + 1 : [*places, None][which + 1]] if line]
    return lines[start].split()[2:], " ".join(said).split("...")[0].strip(" ,;")


def test_example_of_scan_finds_what_still_goes_on_since_the_planted_day(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    args, said = example("scan")

    done = run(*args)

    assert done.exit_code == 0, done.output
    last = done.stderr.splitlines()[-1]
    assert last.startswith(said)
    assert "p from 19 replicates, seed 20240909" in last
    rows = rows_in("clusters.csv")
    assert list(rows[0])[:5] == ["share_limit", "rank", "center", "name", "state_name"]
    assert (rows[0]["center"][:2], rows[0]["first"], rows[0]["last"]) == (
        "25", "2024-09", "2024-12",
    )  # fmt: skip
    assert {row["source"] for row in rows} == {"MADE-UP DATA, no real event"}


@pytest.fixture
def events(tmp_path):
    """Events in Culiacán every month, many more in the last, and some far away."""
    rows = ["event_date,latitude,longitude,geo_precision"]
    for month in range(1, 7):
        rows += [f"2024-0{month}-11,24.809,-107.394,exact"] * (2 if month < 6 else 12)
        rows += [f"2024-0{month}-{12 if month < 6 else 30},20.97,-89.62,exact"] * 3
    rows += ["2024-01-30,19.43,-99.13,near"]
    path = tmp_path / "events.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_members_are_the_areas_of_the_clusters(events, tmp_path):
    done = run("scan", events, "--members", "--model", "permutation", "--share", "0.9",
               "--replicates", "39", "--lang", "es", "-o", tmp_path / "areas.csv")  # fmt: skip

    assert done.exit_code == 0, done.output
    rows = rows_in(tmp_path / "areas.csv")
    assert list(rows[0])[:5] == ["share_limit", "rank", "cvegeo", "name", "state_name"]
    first = [row for row in rows if row["rank"] == "1" and row["observed"] != "0"]
    assert [(row["name"], row["observed"]) for row in first] == [("Culiacán", "12")]
    assert "2024-01 a 2024-06 (6 periodos), 3 áreas, 41 eventos: " in done.stderr
    assert "con hasta el 90 % de los eventos en un conglomerado" in done.stderr
    assert "p de 39 réplicas, semilla 20240909" in done.stderr


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(["--over", "space-time", "--replicates", "99999"], "minutes with 2", id="E10"),
        pytest.param(["--model", "permutation", "--over", "space"], "cannot scan space", id="both"),
        pytest.param(["--share", "3"], "max_share must lie in", id="share"),
        pytest.param(["--period", "year"], "no period is complete", id="short"),
    ],
)
def test_scan_that_cannot_be_made_is_refused_and_nothing_is_written(events, args, said, tmp_path):
    done = run("scan", events, *args, "-o", tmp_path / "out.csv")

    assert done.exit_code == 1
    assert said in done.stderr
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize(("which", "name"), [(0, "density.tif"), (1, "change.tif")])
def test_examples_of_density_write_what_they_say(which, name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    args, said = example("density", which)

    done = run(*args)

    assert done.exit_code == 0, done.output
    assert done.stderr.splitlines()[-1].startswith(said)
    with rasterio.open(name) as file:
        values = file.read(1, masked=True)
        tags = file.tags()
        assert file.crs.to_epsg() == 6372
    assert tags["MADE_UP"] == "MADE-UP DATA, no real event"
    if which == 0:
        # Cells of 100 km², a whole year.
        assert float(values.sum(dtype=np.float64)) * 100 == pytest.approx(4_231, rel=1e-4)
    else:
        assert (tags["BASE_PERIOD"], tags["PERIOD"]) == ("2023", "2024")
        assert values.max() == pytest.approx(np.log(3.5), abs=0.02)


def test_relative_risk_says_its_people_and_that_it_is_no_test(events, tmp_path):
    done = run("density", events, "--kind", "relative-risk", "--cell-km", 20, "--bandwidth-km", 60,
               "--lang", "es", "-o", tmp_path / "rr.tif")  # fmt: skip

    assert done.exit_code == 0, done.output
    last = done.stderr.splitlines()[-1]
    assert last.startswith("2024-01-01/2024-06-30: 41 eventos en relación con 132,")
    assert "sin prueba" in last
    with rasterio.open(tmp_path / "rr.tif") as file:
        assert file.units == ("natural logarithm of observed / expected events",)
        assert file.tags()["KIND"] == "relative-risk"


def test_near_places_are_left_out_below_25_km_and_said(events, tmp_path):
    done = run("density", events, "--cell-km", 10, "--bandwidth-km", 20, "-o", tmp_path / "d.tif")

    assert done.exit_code == 0, done.output
    assert "Warning: 1 of 41 events is left out of the surface" in done.stderr
    assert done.stderr.splitlines()[-1].endswith("; 1 event left out (place known nearly 1)")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(["--cell-km", "0.1"], "more than the limit of 2 GiB", id="E10 memory"),
        pytest.param(["--cell-km", "50", "--bandwidth-km", "20"], "less than 1.75", id="E10 cell"),
        pytest.param(["--kind", "change"], "give base and comparison", id="no windows"),
        pytest.param(
            ["--kind", "change", "--adaptive"], "adaptive bandwidth is for", id="adaptive"
        ),
        pytest.param(
            ["--base", "2023", "--comparison", "2024"], "a density is of one window", id="windows"
        ),
        pytest.param(
            ["--kind", "change", "--window", "2024"], "a change has two windows", id="window"
        ),
        pytest.param(["-o", "density.png"], "must end in .tif or .tiff", id="ending"),
    ],
)
def test_density_that_cannot_be_drawn_is_refused_and_nothing_is_written(
    events, args, said, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)

    done = run("density", events, *args)

    assert done.exit_code == 1
    assert said in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["events.csv"]


def test_raster_that_exists_is_not_replaced_unasked(events, tmp_path):
    path = tmp_path / "d.tif"
    path.write_bytes(b"mine")

    done = run("density", events, "-o", path)

    assert done.exit_code in (1, 3)
    assert "exists" in done.stderr
    assert path.read_bytes() == b"mine"
