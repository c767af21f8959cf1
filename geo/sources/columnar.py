"""Read a Parquet file as text, and turn typed columns into text in general."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import shapely

from geo.errors import GeoError, SourceError
from geo.sources.gather import (
    CELL_LIMIT,
    ColumnChoice,
    Gathered,
    Gatherer,
    choose_columns,
    shown,
)
from geo.sources.points import coordinate_text, points_of, replace_names, to_degrees
from geo.sources.remarks import Count, Remark
from geo.sources.remote import Remote

_BATCH = 32_768
_WHOLE = 1e15
_CRS84 = "OGC:CRS84"
"""What GeoParquet means where it names no coordinate reference system."""


def read_parquet(
    path: Path,
    *,
    columns: ColumnChoice = None,
    progress: Callable[[float], None] = lambda _: None,
) -> Gathered:
    """Return all rows of a Parquet file as text; points of a GeoParquet file in degrees.

    Missing values, NaN among them, become blank; dates ``YYYY-MM-DD``, with the time of day where
    it is not midnight; whole numbers have no decimal point, also where they are stored as floats.

    Parameters
    ----------
    path
        A Parquet file.
    columns
        The columns to keep.
    progress
        Called with the share that is done.

    Raises
    ------
    SourceError
        If the file is cut, damaged or encrypted.
    """
    with opened(path) as file:
        reading = Columnar(file, path.name, columns)
        for share in reading.steps():
            progress(share)
        return reading.finish()


@contextlib.contextmanager
def opened(path: Path | Remote) -> Iterator[pq.ParquetFile]:
    """Open a Parquet file; what is wrong with it is told in plain words.

    Raises
    ------
    SourceError
        If the file is cut, damaged or encrypted.
    """
    with path.open("rb") as stream:
        _check_ends(stream, path.name)
        stream.seek(0)
        # A local file is read by its path: several parts of it at a time.
        where = stream if isinstance(path, Remote) else path
        try:
            # Without a buffer ahead the memory does not grow with the file.
            with pq.ParquetFile(where, pre_buffer=False) as file:
                yield file
        except GeoError:
            raise
        except (pa.ArrowException, OSError, ValueError, shapely.errors.ShapelyError) as error:
            if isinstance(path, Remote):
                with path.speaking():
                    raise
            raise SourceError(
                f"{path.name} is a damaged Parquet file ({shown(error, 160)}). Write it again."
            ) from error


def text_column(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return a typed column as text, missing values as blank.

    Examples
    --------
    >>> text_column(pa.array([484.0, 19.4, None, float("nan")])).to_pylist()
    ['484', '19.4', '', '']
    >>> text_column(pa.array(["01", None]).dictionary_encode()).to_pylist()
    ['01', '']
    """
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    kind = array.type
    if pa.types.is_dictionary(kind):
        array = array.dictionary_decode()
        kind = array.type
    if pa.types.is_floating(kind):
        text = _float_text(array)
    elif pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        text = _time_text(array)
    elif pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        text = pa.array([_nested_text(v) for v in array.to_pylist()], pa.large_string())
    else:
        text = array.cast(pa.large_string())
    return text.fill_null("")


class Columnar:
    """A Parquet file that is read step by step, as a whole or some of its row groups.

    Parameters
    ----------
    file, name
        The file (:func:`opened`), and what it is called in messages.
    columns
        The columns to keep.
    groups
        The row groups to read; all unless given.
    """

    def __init__(
        self,
        file: pq.ParquetFile,
        name: str,
        columns: ColumnChoice,
        groups: Sequence[int] | None = None,
    ) -> None:
        self._file, self._name = file, name
        about = file.metadata
        self._groups = list(range(about.num_row_groups)) if groups is None else list(groups)
        first = self._groups[0] if self._groups else 0
        self.start = sum(about.row_group(i).num_rows for i in range(first))
        self.total = sum(about.row_group(i).num_rows for i in self._groups)
        header = [str(column) for column in file.schema_arrow.names]
        self._geometry, crs = _geometry_of(file, name)
        self._repairs: list[str] = []
        taken = list(range(len(header)))
        own = header
        if self._geometry is not None:
            taken = [i for i, column in enumerate(header) if column != self._geometry]
            own, kept, gone = replace_names([header[i] for i in taken])
            taken = [taken[i] for i in kept]
            self._repairs += [
                f"column {shown(column)} left out: the geometry counts" for column in gone
            ]
        keep = choose_columns(own, columns, name)
        self.gatherer = Gatherer(own, keep, before=self.start)
        self.wanted = [header[taken[i]] for i in keep if i < len(taken)]
        self._transformer = to_degrees(crs, name) if self._geometry is not None else None
        self._singles = 0

    @property
    def repairs(self) -> tuple[str, ...]:
        """What was read in the one way it can be meant, as sentences."""
        n = Count(self._singles, "collection")
        one = [Remark("{n} of one point read as that point", n=n)]
        return (*self._repairs, *(one if self._singles else []))

    def typed(self, rows: int) -> Iterator[tuple[int, pa.RecordBatch]]:
        """Yield the rows as they are stored, and how many of the file come before them."""
        columns = self.wanted if self._geometry is None else [*self.wanted, self._geometry]
        at = self.start
        if self.total:
            for batch in self._file.iter_batches(
                batch_size=rows, row_groups=self._groups, columns=columns
            ):
                yield at, batch
                at += batch.num_rows
        if at != self.start + self.total:
            raise SourceError(
                f"{self._name} promises {self.total:,} rows but holds {at - self.start:,}: it is "
                "damaged."
            )

    def add(self, at: int, batch: pa.RecordBatch) -> None:
        """Gather rows as text; `at` rows of the file come before them."""
        arrays = [text_column(batch.column(column)) for column in self.wanted]
        shapes = None
        if self._geometry is not None:
            wkb = batch.column(self._geometry).to_pylist()
            shapes = shapely.from_wkb(np.asarray(wkb, dtype=object))
        self._singles += add_batch(
            self.gatherer, arrays, shapes, self._transformer, at, batch.num_rows
        )

    def steps(self, rows: int = _BATCH) -> Iterator[float]:
        """Read all rows, and stop now and then so that they can be taken; yield the share done."""
        for at, batch in self.typed(rows):
            self.add(at, batch)
            yield (at - self.start + batch.num_rows) / self.total

    def finish(self) -> Gathered:
        """Return the rows that were not taken."""
        return self.gatherer.finish(physical_lines=self.total, repairs=self.repairs)


def add_batch(
    gatherer: Gatherer,
    arrays: list[pa.Array],
    shapes: Any,  # noqa: ANN401
    transformer: Any,  # noqa: ANN401
    at: int,
    rows: int,
) -> int:
    """Hand over a batch of typed rows that follow row `at`; return how many points were multi.

    Parameters
    ----------
    gatherer
        Takes the rows. The coordinates are the last two columns of its header.
    arrays
        The columns to keep as text, without the coordinates.
    shapes
        Geometry of each row; None if the file has none.
    transformer
        Projects points to degrees; None if they are so.
    at, rows
        Rows before the batch, and in it.
    """
    wrong = np.full(rows, "", dtype=object)
    singles = 0
    if shapes is not None:
        lon, lat, wrong, singles = points_of(shapes, transformer)
        places = {len(gatherer.header) - 2: lon, len(gatherer.header) - 1: lat}
        arrays = arrays + [coordinate_text(places[i]) for i in gatherer.keep if i in places]
    for array in arrays:
        too_long = pc.greater(pc.utf8_length(array), CELL_LIMIT).to_numpy(zero_copy_only=False)
        wrong[(wrong == "") & too_long] = "cell_too_long"
    lines = np.arange(at + 1, at + rows + 1)
    begin = 0
    for bad in [*np.flatnonzero(wrong != "").tolist(), rows]:
        if bad > begin:
            gatherer.add_columns([a[begin:bad] for a in arrays], lines[begin:bad])
        if bad < rows:
            value = shapes[bad].wkt if wrong[bad].startswith("not_") else ""
            gatherer.reject(int(lines[bad]), wrong[bad], value, "geometry" if value else "")
        begin = bad + 1
    return singles


def _check_ends(file: BinaryIO, name: str) -> None:
    """Refuse a file without the mark that ends every Parquet file."""
    head = file.read(4)
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 4))
    tail = file.read(4)
    if b"PARE" in (head, tail):
        raise SourceError(f"{name} is encrypted. Save it without encryption.")
    if tail != b"PAR1" or size < 12:
        raise SourceError(
            f"{name} is cut: a Parquet file ends with PAR1, this one ends at byte {size:,} "
            "without. Download or write it again."
        )


def _geometry_of(file: pq.ParquetFile, name: str) -> tuple[str | None, object]:
    """Return the geometry column of a GeoParquet file and its coordinate reference system."""
    # Writers that learn the extent only at the end put it beside Arrow's schema, not into it.
    packed = {**(file.metadata.metadata or {}), **(file.schema_arrow.metadata or {})}.get(b"geo")
    if packed is None:
        return None, None
    try:
        about = json.loads(packed)
        primary = str(about["primary_column"])
        column = about["columns"][primary]
        encoding = column.get("encoding", "WKB")
        crs = column.get("crs", _CRS84)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SourceError(f"{name} has damaged GeoParquet metadata. Write it again.") from error
    if encoding != "WKB" or primary not in file.schema_arrow.names:
        raise SourceError(
            f"{name} stores its geometry as {shown(encoding)}; only WKB is read. "
            "Write it again with geopandas or as GeoPackage."
        )
    return primary, json.dumps(crs) if isinstance(crs, dict) else crs


def _float_text(array: pa.Array) -> pa.Array:
    """Return numbers as the shortest text that reads back the same; NaN as missing."""
    nan = pc.is_nan(array)
    array = pc.if_else(nan, pa.scalar(None, array.type), array)
    whole = pc.and_(
        pc.less(pc.abs(array), pa.scalar(_WHOLE, array.type)), pc.equal(pc.floor(array), array)
    )
    # Minus zero keeps its sign.
    whole = pc.and_(whole, pc.invert(pc.and_(pc.equal(array, 0), pc.less(pc.divide(1, array), 0))))
    integers = pc.if_else(whole, array, pa.scalar(0, array.type)).cast(pa.int64())
    return pc.if_else(whole, integers.cast(pa.large_string()), array.cast(pa.large_string()))


def _time_text(array: pa.Array) -> pa.Array:
    """Return dates as ISO text; the time of day, and the zone, only where they say something.

    GeoPackage and pandas store plain dates as midnight in UTC, so that is read as a date.
    """
    if pa.types.is_date(array.type):
        return array.cast(pa.large_string())
    values = array.cast(pa.timestamp("us", array.type.tz), safe=False).to_pylist()
    return pa.array([None if v is None else _instant_text(v) for v in values], pa.large_string())


def _instant_text(instant: dt.datetime) -> str:
    if instant.time() == dt.time() and not instant.utcoffset():
        return instant.date().isoformat()
    return instant.isoformat(sep=" ")


def _nested_text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, bytes):
        return value.hex()
    return json.dumps(value, ensure_ascii=False, default=str)
