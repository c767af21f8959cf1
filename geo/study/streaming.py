"""Count or assign events that do not fit into memory: batch by batch, here or on many machines.

The result is that of reading everything at once with :func:`geo.read_events_with_ledger`,
:func:`geo.assign_areas` and :func:`geo.count_events`; only the memory does not grow with the rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd

from geo import periods, schema
from geo.attribution import Credit
from geo.cvegeo import Level
from geo.errors import BalanceError, SettingsError
from geo.periods import Day, PeriodKind
from geo.sources import boundaries
from geo.sources.batches import ROWS
from geo.sources.events import credit_of
from geo.sources.folders import passed_over
from geo.sources.layouts import Keep
from geo.sources.options import options_of
from geo.sources.remote import is_url
from geo.sources.several import all_of, remarks_on
from geo.steps.count import (
    code_column,
    empty_panel,
    grid_of,
    panel_of,
    refuse_large,
    sorted_codes,
    warn_of_coarse,
)
from geo.steps.filter import refuse_unseen
from geo.steps.span import DayCounts
from geo.study.batch_work import Plan, hash_of_areas
from geo.study.facts import Facts
from geo.study.given import study_of
from geo.study.here import HereAndNow
from geo.study.memory import give_back
from geo.study.outcome import Counted, Outcome, covered_days, summed
from geo.study.parts import AssignedParts, Parts
from geo.study.repeating import likely_repeats
from geo.study.settings import Study
from geo.study.settling import work_through
from geo.study.stream import Engine, Stream
from geo.study.stream_files import StreamFile, files_of
from geo.study.streamed_ledger import StreamedLedger, records_before
from geo.study.telling import Progress, collected, silent, told
from geo.study.workplace import refuse_in_input, work_folder

EngineName = Literal["here", "dask"]
Source = Study | str | PathLike[str] | Sequence[str | PathLike[str]]

_OPTIONS = (
    "columns", "geo_precision", "time_precision", "date_order", "accessed", "encoding", "delimiter",
    "sheet",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Streamed:
    """What came of a stream.

    Attributes
    ----------
    panel
        A ``PANEL`` table; None where nothing was to be counted.
    ledger
        Where every record went.
    account
        Events by ``level``, ``outcome``, ``reason`` (:func:`geo.assignment_account`).
    how
        Events by the way in which they were assigned.
    credit
        Who must be credited.
    made_up
        Whether the events are invented.
    repairs, warnings
        What was mended, and what weakens the result, as sentences.
    facts
        What was found out about the files.
    days
        How many events were read of each day, before any filter.
    before
        By number of the file, how many records come before its first.
    inputs
        Name, size and SHA-256 of each file.
    """

    panel: pd.DataFrame | None
    ledger: StreamedLedger
    account: pd.DataFrame
    how: Mapping[str, int]
    credit: Credit
    made_up: bool
    repairs: tuple[str, ...]
    warnings: tuple[str, ...]
    facts: Facts
    days: DayCounts
    before: Mapping[int, int]
    inputs: tuple[dict[str, Any], ...]


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
        return _panel(
            outcome,
            level,
            codes,
            kind,
            category,
            first=first,
            last=last,
            data_through=data_through,
        )

    return stream_events(
        source,
        settings,
        levels={level: codes},
        period=kind,
        category=category,
        areas=areas,
        finish=finish,
        engine=engine_of(engine, scheduler),
        work=work,
        resume=resume,
        rows=rows,
        progress=progress,
    )


def stream_events(  # noqa: PLR0913
    source: Source,
    settings: Mapping[str, Any],
    *,
    levels: Mapping[str, pd.Index] | None = None,
    period: PeriodKind = "year",
    category: str | None = None,
    areas: gpd.GeoDataFrame | None = None,
    finish: Callable[[Outcome], pd.DataFrame] | None = None,
    give: Callable[[AssignedParts, Streamed], None] | None = None,
    keep: Keep = "none",
    with_place: bool = False,
    engine: Engine | None = None,
    work: str | PathLike[str] | None = None,
    resume: bool = False,
    rows: int = ROWS,
    progress: Progress | None = None,
) -> Streamed:
    """Read, filter and assign events in batches; count them, or give them to `give`.

    Parameters
    ----------
    source, settings, areas, engine, work, resume, rows, progress
        As in :func:`count_stream`.
    levels, period, category
        What is counted: the codes of each level, by which period and by which column.
    finish
        Makes a panel of the outcome.
    give
        Is given the assigned events, in the order of their records, and what else came of the
        stream, when all is done. The events are kept in `work`; without it they are gone
        afterwards.
    keep
        Columns beyond the contract that are given, too.
    with_place
        Whether the events are given with their ``record`` and ``line`` in their file.
    """
    tell = progress or silent
    study = study_of(source, settings)
    if study.is_sample:
        raise SettingsError("the made-up sample is not streamed; write it with 'geo sample' first")
    if rows < 1:
        raise SettingsError(f"rows must be 1 or more, not {rows}")
    if resume and work is None:
        raise SettingsError("resume=True needs the folder work= of the run that was interrupted")
    if category is not None and category not in schema.ASSIGNED.dtypes:
        raise SettingsError(
            f"there is no column {category!r} to count by; streamed events have "
            f"{', '.join(schema.ASSIGNED.dtypes)}"
        )
    if work is not None:
        refuse_in_input(Path(work), study.events)
    options = options_of(
        **{name: getattr(study, name) or None for name in _OPTIONS},
        keep=keep,
    )
    if areas is not None:
        schema.AREAS.check(areas)
    with (
        collected() as caught,
        work_folder(None if work is None else Path(work)) as folder,
        ThreadPoolExecutor(1, thread_name_prefix="geo-hash") as beside,
    ):
        files = files_of(
            study.events,
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
            period=period,
            category=category,
            levels=levels or {},
        )
        stream = Stream(
            files,
            plan,
            folder,
            source=study.source,
            tell=tell,
            parts=None if give is None else Parts(folder, with_place=with_place),
            resume=resume,
            is_kept=work is not None,
        )
        work_through(stream, engine or HereAndNow())
        parts = stream.by_file()
        give_back()  # before the panel, which is large
        whole = summed(list(parts.values()))
        refuse_unseen(whole.seen)
        ledger = StreamedLedger.of(parts, whole)
        alike = likely_repeats(stream)
        panel = None if finish is None else finish(whole)
        _check(ledger, whole)
        credit = credit_of(
            stream.plans[0].layout.family,
            study.source,
            [file.label for file in files],
            made_up=whole.is_made_up,
        )
        repairs = remarks_on(
            [(file.label, (*file.about.repairs, *parts[file.number].repairs)) for file in files]
        )
        streamed = Streamed(
            panel=panel,
            ledger=ledger,
            account=_account(whole),
            how=dict(whole.how),
            credit=credit,
            made_up=whole.is_made_up,
            repairs=repairs,
            warnings=told(
                (
                    *passed_over(one for one in study.events if not is_url(one)),
                    *remarks_on([(file.label, parts[file.number].warnings) for file in files]),
                    *whole.weakness.sentences(),
                    *([alike] if alike else []),
                    *whole.later_warnings,
                ),
                caught,
            ),
            facts=_facts(files, whole, credit.name, study.data_through, repairs),
            days=whole.days_read,
            before=records_before(parts),
            inputs=tuple(
                {"name": file.label, "bytes": file.about.size, "sha256": file.about.sha256}
                for file in files
            ),
        )
        if give is not None:
            given = stream.assigned()
            if given.rows != whole.used:
                raise BalanceError(
                    f"{whole.used:,} events are used, but the parts hold {given.rows:,}"
                )
            give(given, streamed)
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
    outcome: Outcome,
    level: str,
    codes: pd.Index,
    kind: PeriodKind,
    category: str | None,
    *,
    first: Day | int | None,
    last: Day | int | None,
    data_through: Day | None,
) -> pd.DataFrame:
    grid = grid_of(outcome.days, kind, first=first, last=last, data_through=data_through)
    if grid is None or level not in outcome.counted:
        return empty_panel(category)
    found: Counted = outcome.counted[level]
    groups = pd.Index(sorted(outcome.names)) if category else pd.Index([""])
    refuse_large(len(codes), len(grid), len(groups))
    times = periods.ordinals(grid["start"].to_numpy(dtype="datetime64[D]"), kind)
    inside = set(times.tolist())
    coarse = sum(n for time, n in found.coarse.items() if time in inside)
    assigned = sum(n for time, n in found.assigned.items() if time in inside)
    warn_of_coarse(coarse, assigned, lambda: set(found.words), kind)
    counts = found.cube.taken(times, list(groups))
    if int(counts[0].sum()) != assigned - coarse:
        raise BalanceError(
            f"{assigned - coarse} events were to be counted, but the panel holds "
            f"{int(counts[0].sum())}"
        )
    panel = panel_of(counts, codes, grid, groups)
    return panel if category else panel.drop(columns="category")


def _account(whole: Outcome) -> pd.DataFrame:
    rows = sorted((*key, n) for key, n in whole.account.items())
    table = pd.DataFrame(rows, columns=["level", "outcome", "reason", "events"])
    return table.astype({"level": "str", "outcome": "str", "reason": "str", "events": "int64"})


def _check(ledger: StreamedLedger, whole: Outcome) -> None:
    ledger.check(used=sum(whole.how.values()))
    by_level: Counter[str] = Counter()
    for (level, _, _), n in whole.account.items():
        by_level[level] += n
    for level, n in by_level.items():
        if n != whole.used:
            raise BalanceError(
                f"{whole.used:,} events are used, but {n:,} are in the {level} level"
            )


def _facts(
    files: list[StreamFile],
    whole: Outcome,
    source: str,
    through: str | None,
    repairs: tuple[str, ...],
) -> Facts:
    covered = [covered_days(whole.evidence[file.number]) for file in files]
    first = min((first for first, _ in covered if not np.isnat(first)), default=None)
    last = max((last for _, last in covered if not np.isnat(last)), default=None)
    return Facts(
        layout=all_of(file.layout.name for file in files) or "",
        source=source,
        encoding=all_of(file.about.encoding for file in files),
        delimiter=all_of(file.about.delimiter for file in files),
        first_day="" if first is None else str(first),
        data_through=through or ("" if last is None else str(last)),
        repairs=repairs,
    )
