"""Keep assigned events in parts, a Parquet file for each batch, each whole or not there.

A batch that is done again replaces its part, whoever does it: the same batch gives the same bytes.
So neither a run that is interrupted nor a worker that dies can double or lose a row.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import io
import json
import os
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyarrow as pa
import pyarrow.parquet as pq

from geo.errors import BatchError
from geo.study.batch_work import Sink
from geo.study.kept_batches import Key
from geo.study.outcome import Outcome

_OWN = b"geo_assigned"
"""Under which a part says of its text what the writer of all parts must know."""


class Parts:
    """A folder with the assigned events of each batch; it may be sent to other machines.

    Parameters
    ----------
    folder
        Must exist, and be seen under the same path by all who work on batches.
    with_place
        Whether ``record`` and ``line``, the place of each event in its file, are kept, too.
    """

    def __init__(self, folder: Path, *, with_place: bool = False) -> None:
        self.folder = folder
        self.with_place = with_place

    def path(self, key: Key) -> Path:
        """Return where the part of a batch is."""
        return self.folder / f"batch-{key[0]:04d}-{key[1]:06d}.parquet"

    def is_whole(self, key: Key, mark: str) -> bool:
        """Return whether the part of a batch is there, as it was when it got this mark."""
        try:
            with self.path(key).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == mark
        except OSError:
            return False

    def made(self, key: Key, make: Callable[[Sink], Outcome]) -> Outcome:
        """Return what `make` makes of a batch, with the mark of the part that it gave."""
        writer = _Writer(self.path(key), with_place=self.with_place)
        try:
            outcome = make(writer.add)
            return dataclasses.replace(outcome, part=writer.finish())
        finally:
            writer.drop()

    def clear(self, keys: Sequence[Key] = ()) -> None:
        """Delete what was left half done, and all parts but those of `keys`."""
        kept = {self.path(key) for key in keys}
        for path in [*self.folder.glob("batch-*.parquet"), *self.folder.glob("batch-*.half")]:
            if path not in kept:
                path.unlink(missing_ok=True)


class AssignedParts:
    """The assigned events of a stream, in the order of their records.

    Parameters
    ----------
    paths
        The parts, in order.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        self.paths = list(paths)
        self.rows = 0
        self.is_torn = False
        self._abouts: list[dict[str, Any]] = []
        for path in self.paths:
            with _reading(path) as file:
                self.rows += file.metadata.num_rows
                about = file.metadata.metadata
                self.is_torn |= bool(json.loads(about[_OWN])["is_torn"])
                self._abouts.append(json.loads(about[b"geo"]))
        if not self.paths:
            raise BatchError("there is no part to write; start again")

    @property
    def schema(self) -> pa.Schema:
        """The columns of all parts, with what GeoParquet says of the whole."""
        with _reading(self.paths[0]) as file:
            schema = file.schema_arrow
        own = {name: value for name, value in schema.metadata.items() if name not in (_OWN, b"geo")}
        about = _joined(self._abouts)
        return schema.with_metadata({**own, b"geo": json.dumps(about).encode()})

    def tables(self) -> Iterator[pa.Table]:
        """Yield the rows, some at a time."""
        for _, table in self.by_file():
            yield table

    def by_file(self) -> Iterator[tuple[int, pa.Table]]:
        """Yield the number of the file that they come from, and the rows, some at a time."""
        schema = self.schema
        for path in self.paths:
            number = int(path.stem.split("-")[1])
            with _reading(path) as file:
                for group in range(file.num_row_groups):
                    table = file.read_row_group(group)
                    yield number, table.replace_schema_metadata(schema.metadata)


@contextlib.contextmanager
def _reading(path: Path) -> Iterator[pq.ParquetFile]:
    try:
        with pq.ParquetFile(path, pre_buffer=False) as file:
            yield file
    except FileNotFoundError as error:
        raise BatchError(f"{path.name} was deleted while the stream ran; start again") from error


class _Writer:
    """Writes the part of one batch, a row group for each table, beside its place."""

    def __init__(self, path: Path, *, with_place: bool) -> None:
        self._path = path
        self._left_out = [] if with_place else ["record", "line"]
        # A worker that was given up may still write: it must not write into this file.
        self._half = path.with_name(f"{path.stem}-{uuid.uuid4().hex}.half")
        self._writer: pq.ParquetWriter | None = None
        self._abouts: list[dict[str, Any]] = []
        self._is_torn = False

    def add(self, located: gpd.GeoDataFrame) -> None:
        """Write an ``ASSIGNED`` table."""
        rows = located.drop(columns=self._left_out)
        table = pa.table(rows.to_arrow(index=False, geometry_encoding="WKB"))
        self._abouts.append(_about(rows))
        self._is_torn |= _has_return(table)
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._half, table.schema, compression="snappy")
        self._writer.write_table(table)

    def finish(self) -> str:
        """Put the part in its place; return its mark, nothing where nothing was given."""
        if self._writer is None:
            self._path.unlink(missing_ok=True)
            return ""
        about = {
            "geo": json.dumps(_joined(self._abouts)),
            _OWN.decode(): json.dumps({"is_torn": self._is_torn}),
        }
        self._writer.add_key_value_metadata(about)
        self._writer.close()
        with self._half.open("rb") as file:
            mark = hashlib.file_digest(file, "sha256").hexdigest()
        os.replace(self._half, self._path)  # noqa: PTH105
        return mark

    def drop(self) -> None:
        """Delete what is left half done."""
        with contextlib.suppress(Exception):
            if self._writer is not None and self._half.exists():
                self._writer.close()
        self._half.unlink(missing_ok=True)


def _about(rows: gpd.GeoDataFrame) -> dict[str, Any]:
    """Return what GeoParquet says of a table, as geopandas writes it."""
    made = io.BytesIO()
    rows.iloc[:0].to_parquet(made, index=False)
    about: dict[str, Any] = json.loads(
        pq.read_schema(pa.BufferReader(made.getbuffer())).metadata[b"geo"]
    )
    points = rows.geometry
    own = about["columns"][points.name]
    own["geometry_types"] = ["Point"] if points.notna().any() else []
    if not points.isna().all() and not points.is_empty.all():
        own["bbox"] = points.total_bounds.tolist()
    return about


def _joined(abouts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what GeoParquet says of several tables together."""
    whole: dict[str, Any] = json.loads(json.dumps(abouts[0]))
    for name, own in whole["columns"].items():
        each = [about["columns"][name] for about in abouts]
        own["geometry_types"] = sorted({kind for one in each for kind in one["geometry_types"]})
        boxes = [one["bbox"] for one in each if "bbox" in one]
        own.pop("bbox", None)
        if boxes:
            west, south, east, north = zip(*boxes, strict=True)
            own["bbox"] = [min(west), min(south), max(east), max(north)]
    return whole


def _has_return(table: pa.Table) -> bool:
    """Return whether a cell of text holds a carriage return, which tears a row of CSV."""
    import pyarrow.compute as pc

    text = [
        c for c in table.columns if pa.types.is_string(c.type) or pa.types.is_large_string(c.type)
    ]
    return any(bool(pc.any(pc.match_substring(column, "\r")).as_py()) for column in text)
