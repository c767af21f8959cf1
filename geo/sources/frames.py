"""Read a table that is in memory as if it were a file: every cell as text, every row a record."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from geo.errors import SourceError, counted
from geo.sources.columnar import add_batch, text_column
from geo.sources.gather import ColumnChoice, Gatherer, choose_columns, shown
from geo.sources.points import replace_names, to_degrees
from geo.sources.records import Records

NAME = "a table of events"
"""What stands in the ledger, and in messages, for a table that came without a file."""


def read_frame(
    table: pd.DataFrame,
    *,
    columns: ColumnChoice = None,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> Records:
    """Return all rows of a DataFrame as text, as a Parquet file of them would be read.

    Nothing is understood here but the types of pandas: missing values become blank, dates
    ``YYYY-MM-DD`` with the time of day where it is not midnight, whole numbers have no decimal
    point. The points of a GeoDataFrame become ``longitude`` and ``latitude`` in degrees.

    The line of a row is its label where the index has whole numbers from 0, each once, so that
    ``table.loc[line]`` finds it again; else its place, from 1.

    Parameters
    ----------
    table
        The table; it is not changed.
    columns
        Names of the columns to keep, or a function that picks them from all names.
    progress
        Called with the rows done and the rows there are.

    Raises
    ------
    SourceError
        The table has no rows, or a column that is to be kept twice.
    CRSError
        Points are in an unknown coordinate reference system.

    Examples
    --------
    >>> table = pd.DataFrame({"day": [pd.Timestamp("2024-09-09"), pd.NaT], "n": [1, None]}, [7, 9])
    >>> records = read_frame(table)
    >>> records.frame.values.tolist(), records.line.tolist()
    ([['2024-09-09', '1'], ['', '']], [7, 9])
    """
    rows = len(table)
    if not rows:
        raise SourceError(f"{NAME} has no rows.")
    progress(0, rows)
    header = [_column_name(name) for name in table.columns]
    taken = list(range(len(header)))
    repairs: list[str] = []
    shapes = transformer = None
    if isinstance(table, gpd.GeoDataFrame):
        geometry = _geometry_at(table)
        repairs, header, taken = _without_geometry(header, geometry)
        shapes = np.asarray(table.iloc[:, geometry].to_numpy(), dtype=object)
        transformer = to_degrees(table.crs, NAME)
    keep = choose_columns(header, columns, NAME)
    gatherer = Gatherer(header, keep)
    arrays = [_as_text(table.iloc[:, taken[i]]) for i in keep if i < len(taken)]
    singles = add_batch(gatherer, arrays, shapes, transformer, 0, rows)
    if singles:
        repairs.append(f"{counted(singles, 'collection')} of one point read as that point")
    gathered = gatherer.finish(physical_lines=rows, repairs=repairs)
    sha256, size = _fingerprint(gathered.frame)
    progress(rows, rows)
    labels = _labels(table.index)
    rejected = gathered.rejected
    return Records(
        frame=gathered.frame,
        line=labels[gathered.line - 1],
        rejected=rejected.assign(line=labels[rejected["line"].to_numpy() - 1]),
        file=NAME,
        kind="table",
        encoding=None,
        delimiter=None,
        sheet=None,
        physical_lines=rows,
        sha256=sha256,
        size=size,
        repairs=gathered.repairs,
    )


def _column_name(name: object) -> str:
    return " ".join(str(part) for part in name) if isinstance(name, tuple) else str(name)


def _geometry_at(table: gpd.GeoDataFrame) -> int:
    name = table._geometry_column_name
    at = [i for i, column in enumerate(table.columns) if column == name]
    if len(at) != 1:
        raise SourceError(
            f"{NAME} is a GeoDataFrame without a geometry; name its column with set_geometry()"
        )
    return at[0]


def _without_geometry(header: list[str], geometry: int) -> tuple[list[str], list[str], list[int]]:
    """Return what is left out, the header with the coordinates last, and what it is taken from."""
    others = [i for i in range(len(header)) if i != geometry]
    own, kept, gone = replace_names([header[i] for i in others])
    said = [f"column {shown(column)} left out: the geometry counts" for column in gone]
    return said, own, [others[i] for i in kept]


def _labels(index: pd.Index) -> npt.NDArray[np.int64]:
    """Return the line of each row."""
    if pd.api.types.is_integer_dtype(index.dtype) and index.is_unique and not index.hasnans:
        labels: npt.NDArray[np.int64] = index.to_numpy(dtype=np.int64)
        if (labels >= 0).all():
            return labels
    return np.arange(1, len(index) + 1)


def _as_text(column: pd.Series) -> pa.Array:
    try:
        array = _one_chunk(pa.Array.from_pandas(column))
        if pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
            return array.cast(pa.large_string()).fill_null("")
        # Arrow would give the number that stands for a month or a span, not what it is called.
        if not (isinstance(array.type, pa.BaseExtensionType) or pa.types.is_duration(array.type)):
            return text_column(array).cast(pa.large_string())
    except (pa.ArrowException, ValueError, TypeError):
        pass  # columns of mixed values, and types that Arrow does not know
    return pa.array([_cell_text(value) for value in column], pa.large_string())


def _one_chunk(array: pa.Array | pa.ChunkedArray) -> pa.Array:
    # Columns of text that pandas read in pieces, or joined with concat, lie in several.
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _cell_text(value: object) -> str:
    if value is None or value is pd.NaT or value is pd.NA:
        return ""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, bool | int | float | dt.date | np.generic):
        return _typed_text(value)
    return str(value).encode("utf-8", "replace").decode("utf-8")


def _typed_text(value: Any) -> str:  # noqa: ANN401
    plain = value.item() if isinstance(value, np.generic) else value
    try:
        return str(text_column(pa.array([plain]))[0].as_py())
    except (pa.ArrowException, OverflowError, ValueError, TypeError):
        return str(plain)


def _fingerprint(frame: pd.DataFrame) -> tuple[str, int]:
    """Return the SHA-256 and the bytes of the cells that were read, with their names."""
    digest, size = hashlib.sha256(), 0
    for name in frame.columns:
        cells = "\x1f".join([str(name), *frame[name].tolist(), "\x1e"]).encode("utf-8")
        digest.update(cells)
        size += len(cells)
    return digest.hexdigest(), size
