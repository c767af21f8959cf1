"""Read all physical records of one file, of any kind, as text.

Nothing is interpreted here: a cell is the text that stands in the file. What the file is, is
found out from its content; a file that is not what its name says is refused and named.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.errors import BalanceError, GeoError, SettingsError, SourceError
from geo.sources import columnar, geofiles, workbook
from geo.sources.delimited import read_delimited
from geo.sources.gather import REASONS, ColumnChoice, Gathered, shown
from geo.sources.octets import changed_while_read, fingerprint
from geo.sources.remote import without_secrets
from geo.sources.sniff import NAMES, what_is, what_is_packed
from geo.sources.text import examine

__all__ = ["REASONS", "Records", "read_records"]

_REMOTE = re.compile(r"[a-z][a-z0-9+.-]+:/|[/\\]?vsi[a-z0-9_]+[/\\]|<", re.I)
_KINDS = {
    "text": "csv",
    "gzip": "csv",
    "xlsx": "xlsx",
    "parquet": "parquet",
    "geojson": "geojson",
    "geopackage": "geopackage",
    "shapefile": "shapefile",
}
_SUFFIXES = {
    ".csv": "text",
    ".tsv": "text",
    ".tab": "text",
    ".txt": "text",
    ".gz": "gzip",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".geoparquet": "parquet",
    ".geojson": "geojson",
    ".gpkg": "geopackage",
    ".shp": "shapefile",
}
"""What a file must be if its name says so; other names say nothing."""

_USUAL = {
    "text": ".csv",
    "gzip": ".csv.gz",
    "xlsx": ".xlsx",
    "parquet": ".parquet",
    "geojson": ".geojson",
    "geopackage": ".gpkg",
    "shapefile": ".shp",
}
_NEVER = frozenset({".pkl", ".pickle", ".joblib", ".npy", ".dill"})
_CURES = {
    "html": "Log in, download the data again and look at the file before you use it.",
    "json-rows": "Ask the service for CSV (ACLED: _format=csv), or give its rows to geo in Python "
    "as a DataFrame, which takes the place of a file: pandas.DataFrame(rows).",
    "json": "Read its text: it says what the service refused.",
    "zip": "Unpack it and give the file inside.",
    "pickle": "It is never loaded. Save the table as CSV or Parquet.",
    "xls": "Open it and save it as .xlsx.",
    "xlsb": "Open it and save it as .xlsx.",
    "ods": "Open it and save it as .xlsx.",
    "dbf": "Give the .shp file beside it, or save the table as CSV.",
    "kml": "Convert it to GeoPackage, for example in QGIS.",
    "vrt": "Give the data file itself.",
    "folder": "Give one file in it.",
    "empty": "There is nothing to read: download or export it again.",
}


@dataclass(frozen=True, slots=True, eq=False)
class Records:
    """All physical records of one file as text, each with its place.

    Parameters
    ----------
    frame
        The whole records. Columns have the names of the file, in its order; every cell is text,
        a blank or missing one ``""``. The index is the number of the record in the file, from 1,
        counted over all records, so that the numbers of rejected records are missing in it.
    line
        First physical line of each row of `frame`; for XLSX the row of the sheet, for Parquet
        and geographic files the number of the row, from 1.
    rejected
        The records that are not whole: record, line, reason (a key of :data:`REASONS`), column,
        value (at most 200 characters).
    file
        Name of the file, without its folder.
    kind
        csv, xlsx, parquet, geojson, geopackage or shapefile; table for one that is in memory.
    encoding, delimiter, sheet
        How it was read, where that applies (for GeoPackage the layer is the sheet).
    physical_lines
        Lines of the file, header and titles included; sheet rows; or rows.
    sha256, size
        Hash and size in bytes of the file; for a shapefile of its parts .shp, .shx, .dbf, .prj
        and .cpg, one after another.
    repairs
        What was repaired or found odd, in words.
    """

    frame: pd.DataFrame
    line: npt.NDArray[np.int64]
    rejected: pd.DataFrame
    file: str
    kind: str
    encoding: str | None
    delimiter: str | None
    sheet: str | None
    physical_lines: int
    sha256: str
    size: int
    repairs: tuple[str, ...]

    def __len__(self) -> int:
        """Return the number of physical records, whole or not."""
        return len(self.frame) + len(self.rejected)


def read_records(
    path: str | Path,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    columns: ColumnChoice = None,
    progress: Callable[[int, int], None] | None = None,
) -> Records:
    r"""Read all physical records of a file.

    Reads delimited text (also packed with gzip), XLSX, Parquet, GeoJSON, GeoPackage and
    Shapefile. Points become two text columns ``longitude`` and ``latitude`` in EPSG:4326, which
    take the place of columns of these names; a missing geometry gives blanks, and anything but
    one point is rejected.

    Parameters
    ----------
    path
        A local file.
    encoding
        Encoding of a text file or shapefile; found out if not given.
    delimiter
        Delimiter of a text file; found out if not given.
    sheet
        Sheet of a workbook or layer of a GeoPackage; needed if several hold data.
    columns
        Names of the columns to keep, or a function that is given all names and returns those to
        keep. Long texts that are not kept cost no memory.
    progress
        Called with the bytes done and the bytes of the file.

    Returns
    -------
    Records
        Whole and rejected records; together they are all that the file holds.

    Raises
    ------
    SourceError
        If the file is missing, empty, cut, damaged or not what its name says, if it changes while
        it is read, or if it can be read in two ways.
    CRSError
        If points are in an unknown coordinate reference system.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "events.csv")
    ...     _ = file.write_text("id;date\n7;2024-01-05\n8;2024-01-06;?\n9;2024-01-07\n")
    ...     records = read_records(file)
    >>> records.frame["id"].to_dict()
    {1: '7', 3: '9'}
    >>> records.rejected[["record", "line", "reason"]].values.tolist()
    [[2, 3, 'too_many_fields']]
    >>> records.repairs
    ('delimiter is semicolon',)
    """
    file = local_file(path)
    kind = kind_of(file)
    report = progress or _silent
    try:
        if kind in ("text", "gzip"):
            _refuse(sheet=sheet, kind=kind)
            return _read_text(file, kind, encoding, delimiter, columns, report)
        _refuse(delimiter=delimiter, kind=kind)
        if kind != "shapefile":
            _refuse(encoding=encoding, kind=kind)
        return _read_other(file, kind, encoding, sheet, columns, report)
    except GeoError:
        raise
    except MemoryError as error:
        raise SourceError(
            f"{file.name} does not fit into memory. Keep fewer columns, or cut it in parts."
        ) from error
    except OSError as error:
        raise SourceError(f"{file.name} cannot be read: {shown(error, 200)}") from error


def _read_text(
    file: Path,
    kind: str,
    encoding: str | None,
    delimiter: str | None,
    columns: ColumnChoice,
    report: Callable[[int, int], None],
) -> Records:
    size = file.stat().st_size
    # Finding the encoding takes about a fifth of the time.
    text = examine(
        file,
        packed=kind == "gzip",
        encoding=encoding,
        progress=lambda done: report(done // 5, size),
    )
    gathered = read_delimited(
        text,
        delimiter=delimiter,
        columns=columns,
        progress=lambda done: report(size // 5 + done * 4 // 5, size),
    )
    report(size, size)
    return _records(file, "csv", gathered, text.sha256, text.size)


def _read_other(
    file: Path,
    kind: str,
    encoding: str | None,
    sheet: str | None,
    columns: ColumnChoice,
    report: Callable[[int, int], None],
) -> Records:
    parts = list(geofiles.parts_of(file).values()) if kind == "shapefile" else [file]
    sha256, size = fingerprint(parts)

    def share(done: float) -> None:
        report(int(size * min(done, 1.0)), size)

    share(0)
    if kind == "xlsx":
        gathered = workbook.read_workbook(file, sheet=sheet, columns=columns, progress=share)
    elif kind == "parquet":
        _refuse(sheet=sheet, kind=kind)
        gathered = columnar.read_parquet(file, columns=columns, progress=share)
    elif kind == "geopackage":
        gathered = geofiles.read_geopackage(file, layer=sheet, columns=columns, progress=share)
    elif kind == "geojson":
        _refuse(sheet=sheet, kind=kind)
        gathered = geofiles.read_geojson(file, columns=columns, progress=share)
    else:
        _refuse(sheet=sheet, kind=kind)
        gathered = geofiles.read_shapefile(file, encoding=encoding, columns=columns, progress=share)
    if fingerprint(parts) != (sha256, size):
        raise changed_while_read(file.name)
    if not gathered.frame.shape[0] + len(gathered.rejected):
        raise SourceError(f"{file.name} has no rows.")
    report(size, size)
    return _records(file, _KINDS[kind], gathered, sha256, size)


def _records(file: Path, kind: str, gathered: Gathered, sha256: str, size: int) -> Records:
    records = Records(
        frame=gathered.frame,
        line=gathered.line,
        rejected=gathered.rejected,
        file=file.name,
        kind=kind,
        encoding=gathered.encoding,
        delimiter=gathered.delimiter,
        sheet=gathered.sheet,
        physical_lines=gathered.physical_lines,
        sha256=sha256,
        size=size,
        repairs=gathered.repairs,
    )
    numbers = np.concatenate([records.frame.index, records.rejected["record"]])
    if not np.array_equal(np.sort(numbers), np.arange(1, len(records) + 1)):
        raise BalanceError(f"the records of {file.name} do not number 1 to {len(records):,}")
    return records


def _silent(done: int, total: int) -> None:
    """Report nothing."""


def _refuse(*, kind: str, **options: str | None) -> None:
    for option, value in options.items():
        if value is not None:
            raise SettingsError(f"{option}= has no meaning for {NAMES[kind]}; leave it out.")


def local_file(path: str | Path) -> Path:
    """Return the path of a file that exists on this computer."""
    given = str(path)
    if _REMOTE.match(given):
        raise SourceError(
            f"{shown(without_secrets(given))} is not a local file. Download it first: nothing is "
            "fetched from a network, and no path is read that leads through another file."
        )
    if any("\ud800" <= letter <= "\udfff" for letter in given):
        raise SourceError(
            f"{shown(given, 200)} is a name that is not UTF-8 (\\udc stands before each odd byte), "
            "so that no ledger could name the file. Rename it, or its folder, first."
        )
    file = Path(path)
    if "\0" in given or not file.exists():
        raise SourceError(f"there is no file {shown(given, 200)}.")
    if not file.is_file():
        raise SourceError(f"{shown(given, 200)} is not a file. {_CURES['folder']}")
    return file


def kind_of(file: Path) -> str:
    """Return what the file is, or refuse what cannot be read or is not what its name says."""
    suffix, name = file.suffix.lower(), shown(file.name, 200)
    if suffix in _NEVER:
        raise SourceError(f"{name} is named as {NAMES['pickle']}. {_CURES['pickle']}")
    try:
        kind = what_is(file)
    except OSError as error:
        raise SourceError(f"{name} cannot be read: {shown(error, 200)}") from error
    if kind not in _KINDS:
        raise SourceError(
            f"{name} is {NAMES[kind]}. "
            + _CURES.get(kind, "Save the events as CSV, XLSX, Parquet, GeoJSON or GeoPackage.")
            + _beginning(file, kind)
        )
    said = _SUFFIXES.get(suffix, kind)
    if said != kind:
        raise SourceError(
            f"{name} is {NAMES[kind]} and not {NAMES[said]}. "
            f"Rename it to {shown(file.stem, 100)}{_USUAL[kind]}."
        )
    if kind == "gzip" and (inside := what_is_packed(file)) not in ("text", "binary"):
        cure = "Unpack it first." if inside in _KINDS else _CURES.get(inside, "")
        raise SourceError(f"{name} is a gzip archive that holds {NAMES[inside]}. {cure}".rstrip())
    return kind


def _beginning(file: Path, kind: str) -> str:
    """Return the first words of an answer that was saved in place of the data."""
    if kind not in ("html", "json"):
        return ""
    with file.open("rb") as stream:
        head = stream.read(400).decode("utf-8", "replace")
    return f" It begins: {shown(' '.join(head.split()), 120)}"
