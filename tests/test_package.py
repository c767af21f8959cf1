"""The package as a user meets it."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import geo

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("name", geo.__all__)
def test_every_public_name_is_there(name):
    assert callable(getattr(geo, name))


def test_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'raed_events'"):
        geo.raed_events  # noqa: B018


def test_python_m_geo_is_the_command_line():
    call = [sys.executable, "-m", "geo"]

    done = subprocess.run([*call, "chek"], capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "Usage: geo [OPTIONS]" in done.stderr
    assert "Did you mean 'check'?" in done.stderr
    said = subprocess.run([*call, "--version"], capture_output=True, text=True, check=True).stdout
    assert said.startswith("geo ")


def test_import_of_the_package_loads_no_heavy_library():
    code = "import sys, geo, geo.cli; print([m for m in ('pandas', 'shapely') if m in sys.modules])"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_functions_that_messages_name_exist():
    named = {
        name
        for path in (ROOT / "geo").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for name in re.findall(r"\bgeo\.([a-z_A-Z]+)\(", node.value)
    }

    assert "load_areas" in named
    assert {name for name in named if not hasattr(geo, name)} == set()
