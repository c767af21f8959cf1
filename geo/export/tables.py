"""Write results as tables: CSV and Parquet, the ledger, and a manifest that lists every file.

CSV is UTF-8 with a byte order mark, so that a spreadsheet shows ``Culiacán``; cells that a
spreadsheet would run are neutralized (:mod:`geo.export.text`). Every table says in its last column
whose data it rests on, or that they are made up. Event rows are never written, unless the study
asks for them: a source may forbid passing them on.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from geo.errors import OutputError
from geo.export.findings import FILES, findings_json, findings_text
from geo.export.folder import MADE_BY, MANIFEST, write_file, write_folder
from geo.export.text import is_text, neutral_table
from geo.study import Located, Results

FORMATS = (".csv", ".parquet", ".gpkg")


def write_tables(
    results: Results,
    folder: str | os.PathLike[str],
    *,
    overwrite: bool = False,
    more: Mapping[str, Callable[[Path], object]] | None = None,
) -> Path:
    """Write the tables of a study, its ledger and its manifest into a folder of their own.

    The folder appears complete or not at all. The same results give the same bytes.

    Parameters
    ----------
    results
        What :func:`geo.study.run_study` returned.
    folder
        Where they belong. A folder that `geo` made before is replaced.
    overwrite
        Also write into a folder that `geo` did not make; its other files stay.
    more
        Further files by name, each with the function that writes it to a path; the map, as a
        rule.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    OutputError
        The folder cannot be written, is taken, holds an input, or another run is writing to it.
    """
    goal = Path(folder)

    def fill(part: Path) -> None:
        tables = part / "tables"
        tables.mkdir()
        for name, table in results.tables.items():
            said = with_source(table, results)
            _write_csv(said, tables / f"{name}.csv")
            said.to_parquet(tables / f"{name}.parquet", index=False)
        _write_csv(with_source(results.ledger.records, results), part / "ledger.csv")
        (part / "CREDITS.txt").write_text(credits_text(results), encoding="utf-8")
        if results.findings:
            (part / "findings.json").write_text(findings_json(results), encoding="utf-8")
            for language, name in FILES.items():
                (part / name).write_text(findings_text(results, language), encoding="utf-8")
        if results.settings.keep_assigned:
            results.located.to_parquet(part / "assigned.parquet", index=False)
        for name, write in (more or {}).items():
            write(part / name)
        _write_manifest(results.manifest, part)

    inputs = [] if results.settings.is_sample else [Path(e) for e in results.settings.events]
    study = results.settings
    inputs += [path for path in (study.population, study.actor_names) if path is not None]
    write_folder(goal, fill, inputs=inputs, overwrite=overwrite)
    return goal


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
            _write_csv(with_coordinates(frame), part, raw=raw)
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


def credits_text(results: Results) -> str:
    """Return who must be credited, in English and Spanish, as the text of a file."""
    lines: list[str] = []
    for language in ("en", "es"):
        lines += [results.title[language], *results.credit_lines(language), ""]
    return "\n".join(lines)


def _write_csv(frame: pd.DataFrame, path: Path, *, raw: bool = False) -> None:
    safe = frame if raw else neutral_table(frame)
    safe.to_csv(
        path, index=False, encoding="utf-8-sig", lineterminator="\n", quoting=_quoting(safe)
    )


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
    frame.to_file(path, driver="GPKG", layer=layer, engine="pyogrio")


def _write_manifest(manifest: Mapping[str, Any], folder: Path) -> None:
    """Write the manifest: what it says of the study, and every file of the folder."""
    outputs = [
        {
            "name": path.relative_to(folder).as_posix(),
            "bytes": path.stat().st_size,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]
    whole = {"made_by": MADE_BY, **manifest, "outputs": outputs}
    text = json.dumps(whole, ensure_ascii=False, indent=2) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")
