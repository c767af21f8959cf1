"""Where the shipped data files lie, and whether they are the ones this version was made with.

In an installed package the folder is ``geo/_boundaries``; in a checkout it is ``boundaries``
beside the package.
"""

from __future__ import annotations

import functools
import hashlib
import tomllib
from pathlib import Path

import pandas as pd
import pyarrow as pa

from geo.errors import BoundariesError

_PACKAGE = Path(__file__).resolve().parents[1]
FOLDERS = (_PACKAGE / "_boundaries", _PACKAGE.parent / "boundaries")

CURE = "install geo again, or make the file anew with 'python boundaries/rebuild.py'"


@functools.cache
def path(name: str) -> Path:
    """Return the path of a data file whose content is what SOURCES.toml promises.

    Raises
    ------
    BoundariesError
        If the file is missing, damaged or from another version.
    """
    found = folder() / name
    try:
        with found.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise BoundariesError(
            f"{found} cannot be read ({error.strerror or error}); {CURE}"
        ) from error
    promised = _promised(folder()).get(name, digest)
    if digest != promised:
        raise BoundariesError(
            f"{found} is damaged or from another version: its SHA-256 begins with {digest[:12]}, "
            f"SOURCES.toml has {promised[:12]}; {CURE}"
        )
    return found


def folder() -> Path:
    """Return the folder of the data files.

    Raises
    ------
    BoundariesError
        If there is none.
    """
    for candidate in FOLDERS:
        if (candidate / "SOURCES.toml").is_file():
            return candidate
    raise BoundariesError(
        "the shipped boundaries are not there; looked in "
        f"{' and '.join(map(str, FOLDERS))}; install geo again"
    )


@functools.cache
def _promised(where: Path) -> dict[str, str]:
    try:
        described = tomllib.loads((where / "SOURCES.toml").read_text(encoding="utf-8"))
        return {output["file"]: output["sha256"] for output in described["output"]}
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise BoundariesError(f"{where / 'SOURCES.toml'} is damaged ({error}); {CURE}") from error


def read_table(name: str) -> pd.DataFrame:
    """Return a shipped Parquet or CSV file as a new table; CSV columns are all text."""
    found = path(name)
    try:
        if found.suffix == ".parquet":
            return pd.read_parquet(found)
        return pd.read_csv(found, dtype="str", keep_default_na=False, encoding="utf-8")
    except (pa.ArrowException, OSError, ValueError) as error:
        raise BoundariesError(f"{found} is damaged ({error}); {CURE}") from error


@functools.cache
def areas() -> pd.DataFrame:
    """Return the table of areas at both levels; shared by all callers, so read-only.

    ``cvegeo``, ``level``, ``name``, ``state_name``, ``cve_ent``, ``area_km2``, ``lon``, ``lat``.
    """
    return read_table("areas.parquet")


@functools.cache
def splits() -> pd.DataFrame:
    """Return the municipalities made after the boundaries; shared by all callers, so read-only.

    ``cvegeo``, ``name``, ``parent`` (the municipality that had most of it), ``parent_name``,
    ``created`` (year), ``first_edition``, ``note``.
    """
    return read_table("splits.csv")
