"""Files that lie beside the project for its developers and are no part of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

_FOLDER = Path(__file__).resolve().parents[2] / "shared"


def path(name: str) -> Path:
    """Return the path of a shared file, or skip the test loudly where there is none."""
    found = _FOLDER / name
    if not found.exists():
        pytest.skip(f"SHARED DATA MISSING: {name} is not beside the project; this test did not run")
    return found


def oracle(name: str) -> dict:
    """Return the oracle of that name."""
    return json.loads(path(f"oracles/{name}.json").read_text(encoding="utf-8"))


def cases(name: str) -> list:
    """Return the cases of an oracle for ``parametrize``: one skipped case where it is missing."""
    if not (_FOLDER / "oracles" / f"{name}.json").exists():
        reason = f"SHARED DATA MISSING: the oracle {name} is not beside the project"
        return [pytest.param({"label": "missing"}, marks=pytest.mark.skip(reason=reason))]
    return oracle(name)["cases"]
