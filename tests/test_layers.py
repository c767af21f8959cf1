"""Imports point one way: a room imports only from rooms before its own."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

GEO = Path(__file__).resolve().parents[1] / "geo"

LAYERS = [
    ["errors"],
    ["whole"],
    ["crs"],
    ["schema"],
    ["cvegeo"],
    ["periods"],
    ["ledger"],
    ["attribution"],
    ["stats"],
    ["sources"],
    ["steps"],
    ["sample"],
    ["study"],
    ["render", "export"],
    ["cli"],
    ["__main__"],
]
RANK = {room: rank for rank, rooms in enumerate(LAYERS) for room in rooms}
ONLY_IN = {
    "folium": "render",
    "branca": "render",
    "matplotlib": "render",
    "click": "cli",
    "rich": "cli",
}
SHIPPED_DEFAULTS = {"geo.sources.area_grids", "geo.sources.boundaries", "geo.sources.population"}
"""All that a step may ask of the sources: what the package ships, and what is made of it."""
LOOK = {
    f"geo.render.{name}"
    for name in (
        "choosing", "chosen", "describe", "ground", "label_colors", "mapdata", "paint", "palette",
        "text", "words", "wording",
    )
}  # fmt: skip
"""All that a file for QGIS may ask of the map: classes, colors and words, so that no legend can
differ from what the map shows."""


def imported(path: Path) -> set[str]:
    """Return every module that a file imports, also inside its functions, in full."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            base = node.module or ""
            names |= {f"{base}.{alias.name}" for alias in node.names}
    return names


def room_of(name: str) -> str | None:
    parts = name.split(".")
    return parts[1] if parts[0] == "geo" and len(parts) > 1 and parts[1] in RANK else None


def files() -> list[Path]:
    return sorted(p for p in GEO.rglob("*.py") if p.parent != GEO or p.stem != "__init__")


@pytest.mark.parametrize("path", files(), ids=lambda p: str(p.relative_to(GEO)))
def test_imports_point_one_way(path):
    here = path.relative_to(GEO).with_suffix("").parts[0]
    assert here in RANK, f"{here} has no place among the rooms"
    for name in imported(path):
        there = room_of(name)
        if here == "export" and there == "render":
            assert path.parent.name == "qgis", f"only files for QGIS may import {name}"
            assert any(name == one or name.startswith(f"{one}.") for one in LOOK) or (
                name == "geo.render"
            ), f"a file for QGIS must not import {name}"
        elif there is not None and there != here:
            assert RANK[there] < RANK[here], f"{here} must not import {name}"
        root = name.split(".")[0]
        if root in ONLY_IN:
            assert here == ONLY_IN[root], f"{here} must not import {root}"
        if here == "steps" and there == "sources":
            assert any(name.startswith(known) for known in SHIPPED_DEFAULTS), (
                f"a step must not import {name}: files are read by sources"
            )


def test_files_for_qgis_are_written_without_the_libraries_that_draw():
    code = (
        "import sys, geo.export.qgis.write;"
        "sys.exit(bool({'folium', 'branca', 'matplotlib', 'contourpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False)
    assert done.returncode == 0


def test_rule_sees_an_import_inside_a_function(tmp_path):
    path = tmp_path / "module.py"
    path.write_text("def f():\n    from geo.render import words\n", encoding="utf-8")

    assert imported(path) == {"geo.render.words"}
    assert room_of("geo.render.words") == "render"
