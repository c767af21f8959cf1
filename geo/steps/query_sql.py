"""Ask events and areas in SQL, with DuckDB, which reads the tables where they are.

A statement only reads, and only these tables: no file, no network, no setting, no variable of the
program. DuckDB is an extra (``pip install 'geo[sql]'``); functions of geometry need its spatial
extension, too, as a package (``pip install 'geo[spatial]'``): nothing is fetched when it runs.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from geo import schema
from geo.crs import STORED
from geo.errors import SettingsError
from geo.sources import boundaries
from geo.sources.population import load_population
from geo.steps.query import Query
from geo.steps.query_index import EventIndex

if TYPE_CHECKING:
    import duckdb

NAMES = ("events", "municipalities", "states", "neighbors", "population", "lines")
"""The tables that a statement can read."""

_SHIPPED: dict[str, Callable[[], pd.DataFrame]] = {
    "municipalities": lambda: boundaries.load_areas("municipality"),
    "states": lambda: boundaries.load_areas("state"),
    "neighbors": lambda: pd.concat(
        [boundaries.load_neighbors("state"), boundaries.load_neighbors("municipality")]
    ),
    "population": lambda: pd.concat([load_population("state"), load_population("municipality")]),
    "lines": boundaries.load_lines,
}
_CLOSED = (
    "SET temp_directory = ''",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)
_OPENS = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
}
_REACHES_OUT = re.compile(
    r"\b(?:st_read\w*|st_drivers|read_\w+|\w+_scan\w*|sniff_csv|glob)\b", re.I
)
_NAME = re.compile(r"[A-Za-z_]\w*\Z")


def sql(
    statement: str,
    events: gpd.GeoDataFrame | Query | None = None,
    *,
    tables: Mapping[str, pd.DataFrame] | None = None,
) -> pd.DataFrame:
    """Return what a SELECT statement gives.

    Parameters
    ----------
    statement
        One SELECT statement, in DuckDB's SQL.
    events
        The table ``events``: an ``EVENTS`` or ``ASSIGNED`` table, or what a query finds. It has
        the columns of ``ASSIGNED``, ``longitude`` and ``latitude``.
    tables
        Further tables by name, such as rates; they go before those below.

    Returns
    -------
    DataFrame
        Text is ``str``, dates ``datetime64``. A GeoDataFrame where a column is a geometry.

    Raises
    ------
    SettingsError
        DuckDB is missing, or the statement does not only read these tables, or is wrong.

    Notes
    -----
    Beside ``events`` there are ``municipalities`` and ``states`` (cvegeo, name, state_name,
    area_km2, cve_ent), ``neighbors`` (focal, neighbor), ``population`` (cvegeo, year, population)
    and ``lines`` (the borders and the coast). Areas, lines and events have a ``geometry`` where
    the spatial extension is installed.

    Examples
    --------
    >>> found = sql("select name from states where cvegeo = '25'")
    >>> found["name"].tolist()
    ['Sinaloa']
    """
    engine = _engine()
    if found := _REACHES_OUT.search(statement):
        raise SettingsError(
            f"the statement names {found[0]!r}, which reads from outside; it can read the tables "
            f"{', '.join(NAMES)} only"
        )
    given = dict(tables or {})
    for name in given:
        if not _NAME.match(name):
            raise SettingsError(f"{name!r} is no name of a table; use letters, digits and _")
    spatial = _spatial_file(engine.__version__)
    connection = engine.connect(":memory:", config=_OPENS)
    try:
        is_spatial = _load_spatial(connection, statement, spatial)
        for name in (*given, *(other for other in NAMES if other not in given)):
            if re.search(rf"\b{name}\b", statement, re.IGNORECASE):
                table = given[name] if name in given else _table(name, events)
                _register(connection, name, table, is_spatial=is_spatial)
        for closing in _CLOSED:
            connection.execute(closing)
        return _result(connection, statement, engine)
    except engine.Error as error:
        raise SettingsError(_told(error, is_spatial=spatial is not None)) from error
    finally:
        connection.close()


def _engine() -> Any:  # noqa: ANN401
    try:
        return importlib.import_module("duckdb")
    except ImportError:
        raise SettingsError(
            "SQL needs the package duckdb, which is not installed; install it with "
            "\"pip install 'geo[sql]'\", or ask with geo.query(events)"
        ) from None


def _spatial_file(version: str) -> Path | None:
    """Return the file of DuckDB's spatial extension made for a version, if a package holds it."""
    found = importlib.util.find_spec("duckdb_extension_spatial")
    for folder in () if found is None else found.submodule_search_locations or ():
        for file in Path(folder).rglob(f"v{version}/spatial.duckdb_extension"):
            return file
    return None


def _load_spatial(connection: duckdb.DuckDBPyConnection, statement: str, file: Path | None) -> bool:
    if file is None or not re.search(r"\bst_\w|geometry", statement, re.IGNORECASE):
        return False
    connection.load_extension(str(file))
    return True


def _table(name: str, events: gpd.GeoDataFrame | Query | None) -> pd.DataFrame:
    if name != "events":
        return _SHIPPED[name]()
    if events is None:
        raise SettingsError(
            "the statement asks for events, and none are given; pass them as geo.sql(..., events)"
        )
    index = events if isinstance(events, Query) else EventIndex.of(events)
    located = index.to_located() if isinstance(index, Query) else index.located
    schema.ASSIGNED.check(located)
    points = located.geometry
    return located.assign(longitude=points.x, latitude=points.y)


def _register(
    connection: duckdb.DuckDBPyConnection, name: str, table: pd.DataFrame, *, is_spatial: bool
) -> None:
    shape = table.geometry.name if isinstance(table, gpd.GeoDataFrame) else None
    plain = pd.DataFrame(table.drop(columns=shape) if shape else table).reset_index(drop=True)
    if shape is None or not is_spatial:
        connection.register(name, plain)
        return
    column = '"' + str(shape).replace('"', '""') + '"'
    connection.register(f"_{name}", plain.assign(**{shape: table.geometry.to_wkb().to_numpy()}))
    connection.execute(
        f'CREATE VIEW "{name}" AS SELECT * REPLACE (ST_GeomFromWKB({column}) AS {column}) '
        f'FROM "_{name}"'
    )


def _result(
    connection: duckdb.DuckDBPyConnection,
    statement: str,
    engine: Any,  # noqa: ANN401
) -> pd.DataFrame:
    statements = connection.extract_statements(statement)
    if len(statements) != 1 or statements[0].type != engine.StatementType.SELECT:
        raise SettingsError("give one SELECT statement; others could change something")
    cursor = connection.execute(statements[0])
    kinds = {str(name): str(kind) for name, kind, *_ in cursor.description}
    frame: pd.DataFrame = cursor.df()
    shapes = [name for name, kind in kinds.items() if kind.startswith("GEOMETRY")]
    for name in shapes:
        cells = [None if cell is None else bytes(cell) for cell in frame[name]]
        frame[name] = gpd.GeoSeries.from_wkb(pd.Series(cells, dtype=object), crs=STORED)
    return gpd.GeoDataFrame(frame, geometry=shapes[0], crs=STORED) if shapes else frame


def _told(error: Exception, *, is_spatial: bool) -> str:
    words = " ".join(str(error).split("LINE 1")[0].split("Please try installing")[0].split())
    cure = f"the tables are {', '.join(NAMES)}, and those passed as tables="
    if re.search(r"\bst_\w+", words, re.IGNORECASE) and not is_spatial:
        cure = "functions of geometry need \"pip install 'geo[spatial]'\""
    return f"DuckDB cannot answer: {words}; {cure}"
