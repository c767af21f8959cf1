"""Count or assign events that do not fit into memory: batch by batch, here or on many machines.

The result is that of reading everything at once with :func:`geo.read_events_with_ledger`,
:func:`geo.assign_areas` and :func:`geo.count_events`; only the memory does not grow with the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any, Literal

import geopandas as gpd
import pandas as pd

from geo import periods, schema
from geo.cvegeo import Level
from geo.errors import BalanceError, SettingsError
from geo.periods import Day, PeriodKind
from geo.sources import boundaries
from geo.sources.batches import ROWS
from geo.sources.layouts import Keep
from geo.sources.options import options_of
from geo.steps.count import (
    code_column,
    empty_panel,
    grid_of,
    panel_of,
    refuse_large,
    sorted_codes,
    warn_of_coarse,
)
from geo.study.batch_work import Plan, hash_of_areas
from geo.study.given import study_of
from geo.study.here import HereAndNow
from geo.study.outcome import Counted, Outcome
from geo.study.parts import AssignedParts, Parts
from geo.study.settings import Study
from geo.study.settling import work_through
from geo.study.stream import Engine, Stream
from geo.study.stream_files import files_of, paths_of
from geo.study.streamed import Streamed, streamed_of
from geo.study.telling import Progress, collected, silent
from geo.study.workplace import refuse_in_input, work_folder

EngineName = Literal["here", "dask"]
Source = Study | str | PathLike[str] | Sequence[str | PathLike[str]]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Counting:
    """What is counted of a stream.

    Attributes
    ----------
    levels
        The codes of the areas of each level.
    period, category
        By which period, and by which column of the contract.
    finish
        Makes a panel of the outcome.
    """

    levels: Mapping[str, pd.Index] = field(default_factory=dict)
    period: PeriodKind = "year"
    category: str | None = None
    finish: Callable[[Outcome], pd.DataFrame] | None = None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Giving:
    """To whom the assigned events of a stream are given, and what of them.

    Attributes
    ----------
    give
        Is given the events, in the order of their records, and what else came of the stream.
    keep
        Columns beyond the contract that are given, too.
    with_place
        Whether the events are given with their ``record`` and ``line`` in their file.
    """

    give: Callable[[AssignedParts, Streamed], None]
    keep: Keep = "none"
    with_place: bool = False


NOTHING = Counting()
"""Nothing is counted."""


def count_stream(  # noqa: PLR0913
    source: Source,
    *,
    level: Level = "municipality",
    period: PeriodKind = "year",
    category: str | None = None,
    first: Day | int | None = None,
    last: Day | int | None = None,
    data_through: Day | None = None,
    areas: gpd.GeoDataFrame | None = None,
    engine: EngineName = "here",
    scheduler: str | None = None,
    work: str | PathLike[str] | None = None,
    resume: bool = False,
    rows: int = ROWS,
    progress: Progress | None = None,
    **settings: Any,  # noqa: ANN401
) -> Streamed:
    r"""Count the events of every area in every period, in memory that does not grow with them.

    Parameters
    ----------
    source
        Files of events (CSV, Parquet and what else :func:`geo.read_events` reads), folders of
        CSV or Parquet files, or the settings of a study.
    level, period, category, first, last, data_through
        As in :func:`geo.count_events`; `category` is a column of the contract.
    areas
        An ``AREAS`` table of municipalities to assign by; INEGI's of 2019 unless given.
    engine
        ``"here"``, or ``"dask"`` for Parquet on several processes or machines.
    scheduler
        Address of a Dask scheduler, as ``tcp://10.0.0.1:8786``; processes of this machine unless
        given.
    work, resume
        A folder in which what came of each batch is kept, and whether what an earlier run with
        the same input and settings left there is used.
    rows
        About how many records are worked on at a time.
    progress
        Told how far the work is.
    **settings
        As in :func:`geo.run_study`: filters, tolerance, how a plain table is to be read.

    Returns
    -------
    Streamed
        The panel, and the account of every record.

    Raises
    ------
    GeoError
        As reading, assigning and counting do. Batches that fail are named together
        (:exc:`~geo.errors.BatchError`), when all others are done.

    Examples
    --------
    >>> import tempfile
    >>> text = "event_date,longitude,latitude\n2024-09-09,-107.39,24.81\n"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "events.csv"
    ...     _ = file.write_text(text)
    ...     found = count_stream(file, level="state", geo_precision="exact", time_precision="day")
    >>> found.panel.query("events > 0")[["cvegeo", "period", "events"]].values.tolist()
    [['25', '2024', 1]]
    >>> found.ledger.summary()
    '1 record: 1 used, 0 filtered, 0 quarantined'
    """
    kind = periods.check_kind(period)
    code_column(level)
    codes = sorted_codes(boundaries.area_codes(level) if areas is None else _codes(areas, level))

    def finish(outcome: Outcome) -> pd.DataFrame:
        grid = grid_of(outcome.days, kind, first=first, last=last, data_through=data_through)
        if grid is None or level not in outcome.counted:
            return empty_panel(category)
        groups = sorted(outcome.names) if category else [""]
        panel = _panel(outcome.counted[level], codes, grid, kind, groups)
        return panel if category else panel.drop(columns="category")

    return stream_events(
        source,
        settings,
        counting=Counting(levels={level: codes}, period=kind, category=category, finish=finish),
        areas=areas,
        engine=engine_of(engine, scheduler),
        work=work,
        resume=resume,
        rows=rows,
        progress=progress,
    )


def stream_events(
    source: Source,
    settings: Mapping[str, Any],
    *,
    counting: Counting = NOTHING,
    giving: Giving | None = None,
    areas: gpd.GeoDataFrame | None = None,
    engine: Engine | None = None,
    work: str | PathLike[str] | None = None,
    resume: bool = False,
    rows: int = ROWS,
    progress: Progress | None = None,
) -> Streamed:
    """Read, filter and assign events in batches; count them, or give them to somebody.

    Parameters
    ----------
    source, settings, areas, engine, work, resume, rows, progress
        As in :func:`count_stream`.
    counting
        What is counted.
    giving
        To whom the assigned events are given when all is done. They are kept in `work`; without
        it they are gone afterwards.
    """
    tell = progress or silent
    study = study_of(source, settings)
    if study.is_sample:
        raise SettingsError("the made-up sample is not streamed; write it with 'geo sample' first")
    if rows < 1:
        raise SettingsError(f"rows must be 1 or more, not {rows}")
    if resume and work is None:
        raise SettingsError("resume=True needs the folder work= of the run that was interrupted")
    if counting.category is not None and counting.category not in schema.ASSIGNED.dtypes:
        raise SettingsError(
            f"there is no column {counting.category!r} to count by; streamed events have "
            f"{', '.join(schema.ASSIGNED.dtypes)}"
        )
    if work is not None:
        refuse_in_input(Path(work), study.events)
    options = options_of(
        **{name: value or None for name, value in study.reading().items()},
        keep="none" if giving is None else giving.keep,
    )
    if areas is not None:
        schema.AREAS.check(areas)
    with (
        collected() as caught,
        work_folder(None if work is None else Path(work)) as folder,
        ThreadPoolExecutor(1, thread_name_prefix="geo-hash") as beside,
    ):
        paths, passed_over = paths_of(study.events)
        files = files_of(
            paths,
            options,
            rows=rows,
            tell=lambda done, size: tell("stream", done, max(size, 1)),
            beside=beside,
        )
        plan = Plan(
            options=options,
            filters=study.filters,
            tolerance_m=study.tolerance_m,
            conflicts=study.conflicts,
            areas=areas,
            areas_hash="" if areas is None else hash_of_areas(areas),
            period=counting.period,
            category=counting.category,
            levels=counting.levels,
        )
        stream = Stream(
            files,
            plan,
            folder,
            source=study.source,
            tell=tell,
            parts=None if giving is None else Parts(folder, with_place=giving.with_place),
            resume=resume,
            is_kept=work is not None,
        )
        work_through(stream, engine or HereAndNow())
        streamed = streamed_of(stream, study, counting.finish, passed_over, caught)
        if giving is not None:
            given, used = stream.assigned(), streamed.ledger.counts()["used"]
            if given.rows != used:
                raise BalanceError(f"{used:,} events are used, but the parts hold {given.rows:,}")
            giving.give(given, streamed)
        return streamed


def engine_of(engine: str, scheduler: str | None) -> Engine:
    """Return the engine of this name.

    Raises
    ------
    SettingsError
        A name that is not known, or a scheduler where none is used.
    """
    if engine == "dask":
        from geo.study.spread import OnDask

        return OnDask(scheduler)
    if engine != "here":
        raise SettingsError(f"there is no engine {engine!r}; choose 'here' or 'dask'")
    if scheduler is not None:
        raise SettingsError("a scheduler is for engine='dask'; leave it out, or choose that engine")
    return HereAndNow()


def _codes(areas: gpd.GeoDataFrame, level: str) -> pd.DataFrame:
    if level == "municipality":
        return pd.DataFrame(areas[["cvegeo"]])
    states = areas["cve_ent"] if "cve_ent" in areas else areas["cvegeo"].str[:2]
    return pd.DataFrame({"cvegeo": states.drop_duplicates()})


def _panel(
    found: Counted, codes: pd.Index, grid: pd.DataFrame, kind: PeriodKind, groups: list[str]
) -> pd.DataFrame:
    refuse_large(len(codes), len(grid), len(groups))
    times = periods.ordinals(grid["start"].to_numpy(dtype="datetime64[D]"), kind)
    inside = set(times.tolist())
    coarse = sum(n for time, n in found.coarse.items() if time in inside)
    assigned = sum(n for time, n in found.assigned.items() if time in inside)
    warn_of_coarse(coarse, assigned, lambda: set(found.words), kind)
    counts = found.cube.taken(times, groups)
    if int(counts[0].sum()) != assigned - coarse:
        raise BalanceError(
            f"{assigned - coarse} events were to be counted, but the panel holds "
            f"{int(counts[0].sum())}"
        )
    return panel_of(counts, codes, grid, pd.Index(groups))
