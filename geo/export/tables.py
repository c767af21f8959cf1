"""Write results as tables: CSV and Parquet, the ledger, and a manifest that lists every file.

Every table says in its last column whose data it rests on, or that they are made up. Event rows
are never written, unless the study asks for them: a source may forbid passing them on. How a single
table is written, :mod:`geo.export.table` says.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, get_args

import pandas as pd

from geo.cvegeo import iso_codes, p_codes
from geo.errors import SettingsError
from geo.export.areas import ENDINGS, SHAPED, Shaped, level_of_areas, with_shapes, write_shaped
from geo.export.datapackage import PACKAGE, Written, package_text
from geo.export.dictionary import Described, describe
from geo.export.findings import FILES, findings_json, findings_text
from geo.export.folder import MADE_BY, MANIFEST, write_folder
from geo.export.names import file_names
from geo.export.notes import notes_of
from geo.export.table import with_source, write_csv
from geo.export.workbook import refuse_workbook, write_workbook
from geo.sources.boundaries import area_codes, area_sizes
from geo.steps.query import Query
from geo.study import Results
from geo.study.manifest import file_entry
from geo.study.run import LEVELS, results_of

Format = Literal["csv", "xlsx", "parquet", "geoparquet", "geojson", "flatgeobuf"]
"""How tables are written."""

Codes = Literal["iso", "pcode"]
"""Codes of areas beside INEGI's."""

WORKBOOK = "tables.xlsx"


def write_tables(
    results: Results | Query,
    folder: str | os.PathLike[str],
    *,
    formats: Sequence[Format] = ("csv", "parquet"),
    codes: Sequence[Codes] = (),
    raw: bool = False,
    overwrite: bool = False,
    more: Mapping[str, Callable[[Path], object]] | None = None,
) -> Path:
    """Write the tables of a study, its ledger and its manifest into a folder of their own.

    The folder appears complete or not at all. The same results give the same bytes.
    ``datapackage.json`` says of every file what its columns hold, and whose data they are.

    Parameters
    ----------
    results
        What :func:`geo.study.run_study` returned, or a query.
    folder
        Where they belong. A folder that `geo` made before is replaced.
    formats
        ``csv`` and ``parquet``: a file a table, in ``tables/``. ``xlsx``: one workbook,
        ``tables.xlsx``, with notes and a dictionary of the columns in front. ``geoparquet``,
        ``geojson`` and ``flatgeobuf``: the tables of all areas of a level with their shapes, as
        on the map, in ``areas/``.
    codes
        Further codes beside ``cvegeo``: ``iso`` (column ``iso_3166_2``, the state as ``MX-SIN``)
        and ``pcode`` (``MX25``, ``MX25006``).
    raw
        Leave cells of CSV as they are that a spreadsheet would run.
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
    SettingsError
        A format or a code that is not known.
    OutputError
        The folder cannot be written, is taken, holds an input, or another run is writing to it;
        or a table has more rows than a sheet holds.
    """
    goal = Path(folder)
    _refuse_unknown("format", formats, get_args(Format))
    _refuse_unknown("code", codes, get_args(Codes))
    if not formats:
        raise SettingsError(f"no format is given; choose some of {', '.join(get_args(Format))}")
    results = results_of(results)
    tables = _described(results, codes)
    if "xlsx" in formats:
        refuse_workbook(tables)

    def fill(part: Path) -> None:
        written = [
            one
            for kind in dict.fromkeys(formats)
            for one in _write(tables, part, kind, results, raw=raw)
        ]
        records = describe("ledger", with_source(results.ledger.records, results))
        write_csv(records.frame, part / "ledger.csv", raw=raw)
        written.append(Written(records, "csv", "ledger.csv"))
        (part / "CREDITS.txt").write_text(credits_text(results), encoding="utf-8")
        if results.findings:
            (part / "findings.json").write_text(findings_json(results), encoding="utf-8")
            for language, name in FILES.items():
                (part / name).write_text(findings_text(results, language), encoding="utf-8")
        if results.settings.keep_assigned:
            results.located.to_parquet(part / "assigned.parquet", index=False)
            events = describe("assigned", results.located)
            written.append(Written(events, "geoparquet", "assigned.parquet"))
        for name, write in (more or {}).items():
            write(part / name)
        (part / PACKAGE).write_text(package_text(results, written, part), encoding="utf-8")
        _write_manifest(results.manifest, part)

    inputs = [] if results.settings.is_sample else [Path(e) for e in results.settings.events]
    study = results.settings
    inputs += [path for path in (study.population, study.actor_names) if path is not None]
    write_folder(goal, fill, inputs=inputs, overwrite=overwrite)
    return goal


def _refuse_unknown(what: str, given: Sequence[str], known: Sequence[str]) -> None:
    if isinstance(given, str):
        raise SettingsError(f"{given!r} is one text; give a list of {what}s, as [{given!r}]")
    for word in given:
        if word not in known:
            raise SettingsError(f"{word!r} is no {what} of tables; choose of {', '.join(known)}")


def _described(results: Results, codes: Sequence[Codes]) -> list[Described]:
    """Return the tables of a study, the areas first, as they are written."""
    areas = pd.concat(
        [
            area_codes(level).assign(level=level).merge(area_sizes(level), on="cvegeo")
            for level in LEVELS
        ],
        ignore_index=True,
    ).astype({"level": "str"})
    return [
        describe(name, with_source(with_codes(frame, codes), results))
        for name, frame in {"areas": areas, **results.tables}.items()
    ]


def with_codes(frame: pd.DataFrame, codes: Sequence[Codes]) -> pd.DataFrame:
    """Return a table with further codes of its areas behind ``cvegeo``; others stay as they are.

    Examples
    --------
    >>> with_codes(pd.DataFrame({"cvegeo": ["25006"]}), ["iso", "pcode"]).iloc[0].tolist()
    ['25006', 'MX-SIN', 'MX25006']
    """
    if "cvegeo" not in frame.columns:
        return frame
    coded = frame.copy()
    made = {"iso": ("iso_3166_2", iso_codes), "pcode": ("pcode", p_codes)}
    for name, make in [made[code] for code in reversed(list(made)) if code in codes]:
        values = make(coded["cvegeo"])
        coded = coded.drop(columns=name, errors="ignore")
        coded.insert(list(coded.columns).index("cvegeo") + 1, name, values)
    return coded


def _write(
    tables: Sequence[Described], part: Path, kind: Format, results: Results, *, raw: bool
) -> list[Written]:
    """Write the tables in one format; return what was written."""
    if kind == "xlsx":
        language = results.settings.lang
        sheets = write_workbook(
            tables, part / WORKBOOK, notes=notes_of(results, language), language=language
        )
        return [Written(table, kind, WORKBOOK, sheets[table.name]) for table in tables]
    names = file_names(table.name for table in tables)
    if kind in SHAPED:
        return _write_shaped(tables, part, kind, names)
    (part / "tables").mkdir(exist_ok=True)
    written = []
    for table in tables:
        path = f"tables/{names[table.name]}.{kind}"
        if kind == "csv":
            write_csv(table.frame, part / path, raw=raw)
        else:
            table.frame.to_parquet(part / path, index=False)
        written.append(Written(table, kind, path))
    return written


def _write_shaped(
    tables: Sequence[Described], part: Path, kind: Shaped, names: Mapping[str, str]
) -> list[Written]:
    (part / "areas").mkdir(exist_ok=True)
    written = []
    for table in tables:
        level = level_of_areas(table.frame, table.key)
        if level is None:
            continue
        shaped = with_shapes(table.frame, level)
        path = f"areas/{names[table.name]}.{ENDINGS[kind]}"
        write_shaped(shaped, part / path, kind=kind, layer=names[table.name])
        written.append(Written(describe(table.name, shaped), kind, path))
    return written


def credits_text(results: Results) -> str:
    """Return who must be credited, in English and Spanish, as the text of a file."""
    lines: list[str] = []
    for language in ("en", "es"):
        lines += [results.title[language], *results.credit_lines(language), ""]
    return "\n".join(lines)


def _write_manifest(manifest: Mapping[str, Any], folder: Path) -> None:
    """Write the manifest: what it says of the study, and every file of the folder."""
    outputs = [
        file_entry(path) | {"name": path.relative_to(folder).as_posix()}
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]
    whole = {"made_by": MADE_BY, **manifest, "outputs": outputs}
    text = json.dumps(whole, ensure_ascii=False, indent=2) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")
