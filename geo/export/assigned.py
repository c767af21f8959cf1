"""Write assigned events that do not fit into memory: one file, or the parts of one of Parquet.

What a file holds is what :func:`geo.export.table.write_table` writes of the table of all events.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
from collections.abc import Callable, Sequence
from os import PathLike
from pathlib import Path
from typing import Any, Protocol

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from geo import __version__
from geo.errors import OutputError
from geo.export.assigned_geopackage import write_parts_as_geopackage
from geo.export.folder import (
    HIDDEN_MANIFEST,
    MADE_BY,
    refuse_file,
    refuse_folder,
    write_file,
    write_folder,
)
from geo.export.text import neutral_table
from geo.sources.batches import ROWS
from geo.sources.remote import is_url
from geo.study.given import study_of
from geo.study.manifest import file_entry
from geo.study.parts import AssignedParts
from geo.study.stream_files import paths_of
from geo.study.streamed import Streamed
from geo.study.streaming import EngineName, Giving, Source, engine_of, stream_events
from geo.study.telling import Progress, silent

ROW_GROUP = 131_072
"""Rows of a row group of Parquet, which are in memory together."""

_ENDINGS = (".csv", ".parquet", ".gpkg")


class Writable(Protocol):
    """What takes text: an open file."""

    def write(self, text: str, /) -> object:
        """Take text."""


def assign_stream(  # noqa: PLR0913
    source: Source,
    output: str | PathLike[str] | Writable,
    *,
    areas: gpd.GeoDataFrame | None = None,
    engine: EngineName = "here",
    scheduler: str | None = None,
    work: str | PathLike[str] | None = None,
    resume: bool = False,
    rows: int = ROWS,
    overwrite: bool = False,
    raw: bool = False,
    progress: Progress | None = None,
    **settings: Any,  # noqa: ANN401
) -> Streamed:
    r"""Assign events to their areas and write them, in memory that does not grow with them.

    The rows are those of :func:`geo.read_events_with_ledger` and :func:`geo.assign_areas`, in the
    order of their records, whatever the batches, the engine and the interruptions were. The file
    is there when all is done, or not at all.

    Parameters
    ----------
    source
        Files of events (CSV, Parquet and what else :func:`geo.read_events` reads), folders of
        CSV or Parquet files, or the settings of a study.
    output
        A file (``.csv``, ``.parquet``, ``.gpkg``); a name without an ending for a folder of
        Parquet files, a part for each batch; or an open text stream, which takes CSV.
    areas, engine, scheduler, work, resume, rows, progress
        As in :func:`geo.count_stream`. The workers of a cluster write into `work`, which all
        machines must see under the same path.
    overwrite
        Replace a file that exists. A folder that was made here is replaced in any case.
    raw
        Leave cells of CSV as they are that a spreadsheet would run.
    **settings
        As in :func:`geo.run_study`: filters, tolerance, how a plain table is to be read.

    Returns
    -------
    Streamed
        The account of every record; ``panel`` is None.

    Raises
    ------
    OutputError
        An ending that is not known, or a place that cannot be written.
    GeoError
        As reading and assigning do. Batches that fail are named together
        (:exc:`~geo.errors.BatchError`), when all others are done.

    Examples
    --------
    >>> import io
    >>> import tempfile
    >>> text = "event_date,longitude,latitude\n2024-09-09,-107.39,24.81\n"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file, written = Path(folder) / "events.csv", io.StringIO()
    ...     _ = file.write_text(text)
    ...     found = assign_stream(file, written, geo_precision="exact", time_precision="day")
    >>> pd.read_csv(io.StringIO(written.getvalue()), dtype="str")["cvegeo"].tolist()
    ['25006']
    >>> found.ledger.summary()
    '1 record: 1 used, 0 filtered, 0 quarantined'
    """
    tell = progress or silent
    given = study_of(source, settings)
    folders = [Path(one) for one in given.events if not is_url(one) and Path(one).is_dir()]
    inputs = [*folders, *(path for path in paths_of(given.events)[0] if isinstance(path, Path))]
    goal = Path(output) if isinstance(output, (str, PathLike)) else None
    if goal is not None:
        _refuse(goal, inputs, overwrite=overwrite)

    def give(parts: AssignedParts, found: Streamed) -> None:
        tell("write", 0, max(parts.rows, 1))

        def done(so_far: int) -> None:
            tell("write", so_far, max(parts.rows, 1))

        if goal is None:
            assert not isinstance(output, (str, PathLike))
            write_parts_as_csv(parts, output, raw=raw, done=done)
        elif not goal.suffix:
            write_folder(
                goal,
                lambda folder: _write_parts(parts, folder, found),
                inputs=inputs,
                overwrite=overwrite,
            )
        else:
            write_file(
                goal,
                lambda path: _write_whole(parts, path, layer=goal.stem, raw=raw, done=done),
                inputs=inputs,
                overwrite=overwrite,
            )

    return stream_events(
        given,
        {},
        areas=areas,
        giving=Giving(give=give),
        engine=engine_of(engine, scheduler),
        work=work,
        resume=resume,
        rows=rows,
        progress=progress,
    )


def write_parts_as_csv(
    parts: AssignedParts,
    file: Writable,
    *,
    raw: bool = False,
    done: Callable[[int], None] = lambda _: None,
) -> None:
    """Write assigned events as CSV to an open file, points as ``longitude`` and ``latitude``.

    Parameters
    ----------
    parts
        The events.
    file
        Is written as it is: opened without translation of line ends.
    raw
        Leave cells as they are that a spreadsheet would run.
    done
        Told how many rows are written.
    """
    # Python's writer leaves a cell with a carriage return bare, and readers then see two rows.
    quoting = csv.QUOTE_NONNUMERIC if parts.is_torn else csv.QUOTE_MINIMAL
    written = 0
    for number, table in enumerate(parts.tables()):
        frame = _with_coordinates(table)
        safe = frame if raw else neutral_table(frame)
        text = safe.to_csv(index=False, header=number == 0, lineterminator="\n", quoting=quoting)
        file.write(text)
        written += table.num_rows
        done(written)


def _with_coordinates(table: pa.Table) -> pd.DataFrame:
    points = shapely.from_wkb(np.asarray(table.column("geometry").to_pylist(), dtype=object))
    frame: pd.DataFrame = table.drop_columns(["geometry"]).to_pandas()
    return frame.assign(longitude=shapely.get_x(points), latitude=shapely.get_y(points))


def _write_whole(
    parts: AssignedParts, path: Path, *, layer: str, raw: bool, done: Callable[[int], None]
) -> None:
    if path.suffix.lower() == ".csv":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            write_parts_as_csv(parts, file, raw=raw, done=done)
        return
    if path.suffix.lower() == ".gpkg":
        write_parts_as_geopackage(parts, path, layer=layer, done=done)
        return
    written, waiting = 0, []
    with pq.ParquetWriter(path, parts.schema, compression="snappy") as writer:
        for table in parts.tables():
            waiting.append(table)
            while sum(map(len, waiting)) >= ROW_GROUP:
                whole = pa.concat_tables(waiting)
                writer.write_table(whole.slice(0, ROW_GROUP).combine_chunks())
                waiting = [whole.slice(ROW_GROUP)]
                written += ROW_GROUP
                done(written)
        rest = pa.concat_tables(waiting)
        if len(rest) or not written:
            writer.write_table(rest.combine_chunks())


def _write_parts(parts: AssignedParts, folder: Path, found: Streamed) -> None:
    outputs = []
    for path in parts.paths:
        goal = folder / path.name.replace("batch-", "part-")
        try:
            os.link(path, goal)
        except OSError:
            shutil.copyfile(path, goal)
        outputs.append(file_entry(goal))
    about = {
        "made_by": MADE_BY,
        "version": __version__,
        "made_up": found.made_up,
        "credit": found.credit.name,
        "inputs": list(found.inputs),
        "records": {"physical": found.ledger.physical, **found.ledger.counts()},
        "account": found.account.to_dict("records"),
        "repairs": [str(one) for one in found.repairs],
        "warnings": [str(one) for one in found.warnings],
        "outputs": outputs,
    }
    text = json.dumps(about, ensure_ascii=False, indent=2) + "\n"
    (folder / HIDDEN_MANIFEST).write_text(text, encoding="utf-8")


def _refuse(goal: Path, inputs: Sequence[Path], *, overwrite: bool) -> None:
    """Refuse a place that could not be written in the end, before the work begins."""
    if not goal.suffix:
        refuse_folder(goal, inputs, overwrite=overwrite)
        return
    if goal.suffix.lower() not in _ENDINGS:
        raise OutputError(
            f"{goal.name}: events that are streamed are written as {', '.join(_ENDINGS)}, or as a "
            f"folder of Parquet files (a name without an ending), not as {goal.suffix}"
        )
    refuse_file(goal, inputs, overwrite=overwrite)
