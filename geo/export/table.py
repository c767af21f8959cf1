"""Write one table: CSV, Parquet or GeoPackage.

CSV is UTF-8 with a byte order mark, so that a spreadsheet shows ``Culiacán``; cells that a
spreadsheet would run are neutralized (:mod:`geo.export.text`).
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from geo.errors import OutputError
from geo.export.folder import write_file
from geo.export.text import is_text, neutral_table

if TYPE_CHECKING:
    from geo.study import Located, Results

NO_CLOCK = "1980-01-01T00:00:00Z"
"""When a GeoPackage says that it was written: what changes from run to run stands in no file."""

FORMATS = (".csv", ".parquet", ".gpkg")
_PIECE = 131_072
"""Rows of CSV that are made text at a time."""


def write_table(
    frame: pd.DataFrame,
    path: str | os.PathLike[str],
    *,
    inputs: Iterable[Path] = (),
    overwrite: bool = False,
    raw: bool = False,
) -> Path:
    """Write one table; the ending of `path` says how (``.csv``, ``.parquet``, ``.gpkg``).

    Parameters
    ----------
    frame
        Any table. Points become the columns ``longitude`` and ``latitude`` in CSV.
    path
        The file; it appears complete or not at all.
    inputs
        Files that were read; `path` may not be one of them.
    overwrite
        Replace a file that exists.
    raw
        Leave cells as they are that a spreadsheet would run (CSV only).

    Raises
    ------
    OutputError
        An ending that is not known, or a place that cannot be written.
    """
    goal = Path(path)
    kind = goal.suffix.lower()
    if kind not in FORMATS:
        raise OutputError(
            f"{goal.name}: tables are written as {', '.join(FORMATS)}, not as {kind or 'nothing'}"
        )

    def fill(part: Path) -> None:
        if kind == ".csv":
            write_csv(with_coordinates(frame), part, raw=raw)
        elif kind == ".parquet":
            frame.to_parquet(part, index=False)
        else:
            _write_geopackage(frame, part, layer=goal.stem)

    write_file(goal, fill, inputs=inputs, overwrite=overwrite)
    return goal


def csv_text(frame: pd.DataFrame, *, raw: bool = False) -> str:
    """Return a table as CSV text, for standard output (without byte order mark).

    Examples
    --------
    >>> csv_text(pd.DataFrame({"name": ["=1+1"], "change": [-5]})).splitlines()
    ['name,change', "'=1+1,-5"]
    """
    safe = with_coordinates(frame)
    safe = safe if raw else neutral_table(safe)
    return str(safe.to_csv(index=False, lineterminator="\n", quoting=_quoting(safe)))


def with_coordinates(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose points are two columns, ``longitude`` and ``latitude``."""
    if not isinstance(frame, gpd.GeoDataFrame):
        return frame
    points = frame.geometry
    plain = pd.DataFrame(frame.drop(columns=points.name))
    return plain.assign(longitude=points.x, latitude=points.y)


def with_source(frame: pd.DataFrame, results: Results | Located) -> pd.DataFrame:
    """Return a table with the column ``source``: whose data it rests on, and of which day."""
    if results.made_up:
        said = "MADE-UP DATA, no real event"
    else:
        accessed = results.settings.accessed or "date not stated"
        said = f"{results.facts.source}, accessed {accessed}"
    return frame.assign(source=pd.Series(said, index=frame.index, dtype="str"))


def write_csv(frame: pd.DataFrame, path: Path, *, raw: bool = False) -> None:
    """Write a table as CSV, UTF-8 with a byte order mark; `raw` leaves cells as they are."""
    quoting = _quoting(frame)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        # In pieces: as text, a ledger of millions of records would take a gigabyte at once.
        for at in range(0, max(len(frame), 1), _PIECE):
            piece = frame.iloc[at : at + _PIECE]
            safe = piece if raw else neutral_table(piece)
            safe.to_csv(file, index=False, header=at == 0, lineterminator="\n", quoting=quoting)


def _quoting(frame: pd.DataFrame) -> int:
    """Return how cells are quoted: all text where one holds a carriage return.

    Python's writer leaves such a cell bare, and readers then see two rows.
    """
    torn = any(
        frame[name].astype("str").str.contains("\r", regex=False).any()
        for name in frame.columns
        if is_text(frame[name])
    )
    return csv.QUOTE_NONNUMERIC if torn else csv.QUOTE_MINIMAL


def _write_geopackage(frame: pd.DataFrame, path: Path, *, layer: str) -> None:
    if not isinstance(frame, gpd.GeoDataFrame):
        raise OutputError("this table has no points; write it as .csv or .parquet")
    # In memory first: on a disk that fills up, GDAL may leave the spatial index out silently. The
    # date of the last change would be the only thing in the file that differs from run to run.
    import pyogrio

    made = io.BytesIO()
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": NO_CLOCK})
    try:
        frame.to_file(made, driver="GPKG", layer=layer, engine="pyogrio")
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
    path.write_bytes(made.getbuffer())
