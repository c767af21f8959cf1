"""Make every data file of this folder from its sources.

Usage, with the packages of ``pip install -e '.[rebuild]'`` and, without ``--world-atlas``, npm::

    python boundaries/rebuild.py --figures ../shared/figures [--world-atlas world-atlas-2.0.2.tgz]

The same inputs and library versions give the same bytes. ``--check`` makes the files elsewhere
and says which differ from the shipped ones. SOURCES.toml says which inputs are accepted.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyproj
import shapely
from _rebuild import (
    attributes,
    basemap,
    cities,
    display,
    files,
    inputs,
    layer,
    lines,
    neighbors,
    population,
    states,
    topology,
)

from geo.crs import STORED
from geo.cvegeo import STATES
from geo.sources.arcs import Arcs

FULL_SCALE = 1e7
DISPLAY_SCALE = 1e5
BASEMAP_SCALE = 1e4
INEGI = "INEGI, Marco Geoestadístico, septiembre 2019"
NATURAL_EARTH = "Made with Natural Earth"
MARK = "# --- outputs (written by rebuild.py; do not edit)\n"
OUTPUTS: dict[str, tuple[str, ...]] = {
    "areas.parquet": ("municipalities",),
    "arcs-full.parquet": ("municipalities",),
    "arcs-display.parquet": ("municipalities",),
    "arcs-fine.parquet": ("municipalities",),
    "lines.parquet": ("municipalities",),
    "neighbors.parquet": ("municipalities",),
    "population-census-2020.csv": ("census",),
    "population-states-2015-2026.csv": ("state-midyear",),
    "basemap.parquet": ("countries-50m",),
    "arcs-basemap.parquet": ("countries-50m",),
    "countries.parquet": ("countries-10m", "countries-110m"),
    "cities.csv": ("geonames", "municipalities"),
}
"""Each data file and the inputs it is made from."""


def build(given: inputs.Inputs, out: Path) -> None:
    """Write all data files into `out`."""
    log = _Log()
    mun = layer.read_municipalities(given["municipalities"])
    codes, state_of = mun["cvegeo"].to_list(), mun["cve_ent"].to_numpy(dtype=object)
    original = mun.to_crs(STORED).geometry.to_numpy()
    log("read")

    # Unions are made of the stored municipalities, not of the original ones, so that the two
    # levels agree to the last digit.
    write_full(topology.rings_of(original, FULL_SCALE), codes, out / "arcs-full.parquet")
    stored = Arcs.read(out / "arcs-full.parquet").to_polygons()
    both = [*stored, *states.unions(stored, state_of)]
    log("states joined")
    write_full(topology.rings_of(both, FULL_SCALE), [*codes, *STATES], out / "arcs-full.parquet")
    write_lines(both[len(codes) :], out / "lines.parquet")
    log("full resolution")

    simple = display.simplified(mun, display.TOLERANCE_M)
    write_display(simple, codes, out / "arcs-display.parquet")
    write_display(display.simplified(mun, display.FINE_M), codes, out / "arcs-fine.parquet")
    log("display geometry")

    files.write_table(
        attributes.areas_table(mun, stored, simple), out / "areas.parquet", credit=INEGI
    )
    files.write_table(neighbors.neighbors(mun), out / "neighbors.parquet", credit=INEGI)
    log("names and neighbors")

    census = population.census(given["census"], inputs.HERE / "splits.csv", codes)
    files.write_csv(census, out / "population-census-2020.csv")
    midyear = population.state_midyear(given["state-midyear"], list(STATES))
    files.write_csv(midyear, out / "population-states-2015-2026.csv")
    names, shapes = basemap.drawn(given["countries-50m"])
    files.write_table(names, out / "basemap.parquet", credit=NATURAL_EARTH)
    cut = topology.cut(topology.rings_of([*shapes.values()], BASEMAP_SCALE))
    table = topology.to_table(cut, list(shapes), BASEMAP_SCALE, NATURAL_EARTH)
    files.write_arcs(table, out / "arcs-basemap.parquet")
    abroad = basemap.countries(given["countries-10m"], given["countries-110m"])
    files.write_table(abroad, out / "countries.parquet", credit=NATURAL_EARTH)
    places = cities.cities(given["geonames"], inputs.HERE / "cities-chosen.csv", mun)
    files.write_csv(places, out / "cities.csv")
    log("population, basemap, cities")


def write_display(simple: display.Polygons, codes: list[str], path: Path) -> None:
    """Write simplified municipalities as arcs."""
    rings = topology.start_at_forks(topology.rings_of(display.in_degrees(simple), DISPLAY_SCALE))
    table = topology.to_table(topology.cut(rings), codes, DISPLAY_SCALE, f"{INEGI}, simplified")
    files.write_arcs(table, path)


def write_full(rings: topology.Rings, codes: list[str], path: Path) -> None:
    """Write full-resolution arcs, and make sure that they decode to the same rings."""
    table = topology.to_table(topology.cut(rings), codes, FULL_SCALE, INEGI)
    files.write_arcs(table, path)
    arcs = Arcs.read(path)
    vertices, ring = arcs.ring_vertices()
    same = (
        (ring == rings.ring).all()
        and (arcs.lon[vertices] == rings.lon / FULL_SCALE).all()
        and (arcs.lat[vertices] == rings.lat / FULL_SCALE).all()
    )
    if not same:
        raise SystemExit(f"{path.name} does not decode to the rings it was made from")


def write_lines(states: list[shapely.Geometry], path: Path) -> None:
    """Write the borders and the coast of the country that the states make."""
    table = lines.lines_table(np.array(states, dtype=object), FULL_SCALE, INEGI)
    files.write_arcs(table, path)


def outputs_text(folder: Path) -> str:
    """Return the part of SOURCES.toml that describes the data files in `folder`."""
    versions = {
        "shapely": shapely.__version__,
        "geos": shapely.geos_version_string,
        "pyproj": pyproj.__version__,
        "proj": pyproj.proj_version_str,
        "pyarrow": pa.__version__,
        "pandas": pd.__version__,
    }
    lines = [MARK, "\n[made_with]\n", *(f'{name} = "{v}"\n' for name, v in versions.items())]
    for name, sources in OUTPUTS.items():
        made_from = ", ".join(f'"{source}"' for source in sources)
        lines += [
            "\n[[output]]\n",
            f'file = "{name}"\n',
            f"from = [{made_from}]\n",
            f"bytes = {(folder / name).stat().st_size}\n",
            f'sha256 = "{inputs.sha256(folder / name)}"\n',
        ]
    return "".join(lines)


class _Log:
    def __init__(self) -> None:
        self.start = time.perf_counter()

    def __call__(self, done: str) -> None:
        print(f"{time.perf_counter() - self.start:6.1f} s  {done}", file=sys.stderr)


def main() -> None:
    """Parse the command line, build, and put the files in place or compare them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--figures", type=Path, default=inputs.HERE / "../../shared/figures")
    parser.add_argument("--world-atlas", type=Path, help="world-atlas as npm pack writes it")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    options = parser.parse_args()

    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        given = inputs.collect(options.figures, options.world_atlas, work)
        out = work / "out"
        out.mkdir()
        build(given, out)
        made = outputs_text(out)
        hand, _, shipped = inputs.SOURCES.read_text(encoding="utf-8").partition(MARK)
        if options.check:
            if made != MARK + shipped:
                raise SystemExit("The files made differ from those that SOURCES.toml describes")
            print("The files made are those that SOURCES.toml describes")
            return
        for name in OUTPUTS:
            shutil.copyfile(out / name, inputs.HERE / name)
        inputs.SOURCES.write_text(hand + made, encoding="utf-8", newline="\n")
    total = sum((inputs.HERE / name).stat().st_size for name in OUTPUTS)
    print(f"{len(OUTPUTS)} files, {total / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
