"""What is done with rows of a Parquet file that are beyond doubt, without making text of them.

A table of points whose columns are stored as numbers, days and words needs no reading: a row whose
point lies around Mexico, whose day is one of the calendar's and whose deaths are a whole number
would be read as just that. Those rows are counted as arrays. All others go the long way
(:mod:`geo.study.batch_work`), with their number and place in the file, and both are added.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from geo.periods import ordinals
from geo.sources.coordinates import near_mexico, rounded
from geo.sources.dates import EARLIEST, LATEST
from geo.sources.decisions import PLAIN, Decisions
from geo.sources.gather import CELL_LIMIT
from geo.sources.table import NO_IDS
from geo.sources.weakness import Weakness
from geo.stats.cube import Cube, FloatArray
from geo.steps.count import NOT_STATED
from geo.steps.span import DayCounts
from geo.study.batch_work import FilePlan, Plan, finder_for
from geo.study.outcome import Counted, Evidence, Outcome

BoolArray = npt.NDArray[np.bool_]

_PLACED = ("exact", "near", "municipality")
_NEEDED = {"event_date", "longitude", "latitude"}
_ALLOWED = _NEEDED | {"event_type", "sub_event_type", "disorder_type", "admin2", "fatalities"}
_MOST_DEATHS = 1_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """The rows of a batch that are beyond doubt, as arrays; ``sound`` says which these are."""

    sound: BoolArray
    lon: FloatArray
    lat: FloatArray
    days: npt.NDArray[np.datetime64]
    deaths: FloatArray
    group: npt.NDArray[np.intp]
    groups: list[str]


def can_be_fast(file: FilePlan, plan: Plan, schema: pa.Schema, *, has_sink: bool) -> bool:
    """Return whether rows of this file can be counted without making text of them.

    That is so for a table of points without ids, names of states and actors, all of whose places
    and days are known well, that is neither filtered nor given out.
    """
    columns = file.layout.columns
    wanted = set(columns)
    options = plan.options
    return (
        file.layout.family == "table"
        and wanted >= _NEEDED
        and wanted <= _ALLOWED
        and not (has_sink or plan.filters or file.aside)
        and file.decisions == PLAIN  # equal, not the same: it may have traveled
        and options.geo_precision in _PLACED
        and options.time_precision == "day"
        and (plan.category is None or plan.category in wanted & _ALLOWED - _NEEDED - {"fatalities"})
        and all(_is_typed(name, schema.field(column).type) for name, column in columns.items())
    )


def points_of(batch: pa.RecordBatch, file: FilePlan, plan: Plan) -> Points:
    """Return the rows of a batch that are beyond doubt."""
    columns = {name: batch.column(column) for name, column in file.layout.columns.items()}
    lon, lat = (_floats(columns[name]) for name in ("longitude", "latitude"))
    days = columns["event_date"].cast(pa.timestamp("us"), safe=False).to_numpy(zero_copy_only=False)
    days = days.astype("datetime64[D]")
    latest = LATEST if plan.options.accessed is None else min(LATEST, plan.options.accessed)
    with np.errstate(invalid="ignore"):
        # Around Mexico a point is neither swapped nor without its sign, nor at zero.
        sound = near_mexico(lon, lat) & (days >= EARLIEST) & (days <= latest)
        deaths = np.full(len(lon), np.nan)
        if "fatalities" in columns:
            deaths = _floats(columns["fatalities"])
            whole = (deaths >= 0) & (deaths <= _MOST_DEATHS) & (deaths == np.floor(deaths))
            sound &= (whole & ~np.signbit(deaths)) | np.isnan(deaths)
    for name, column in columns.items():
        if name not in (*_NEEDED, "fatalities"):
            sound &= _short(column)
    group, groups = _groups(columns.get(plan.category or ""), len(lon))
    return Points(sound, lon[sound], lat[sound], days[sound], deaths[sound], group[sound], groups)


def count_points(points: Points, file: FilePlan, plan: Plan) -> tuple[Outcome, BoolArray]:
    """Count points that lie in an area; return what came of them, and which rows they are."""
    finder = finder_for(plan)
    first, several, _ = finder.covering(points.lon, points.lat)
    inside = first >= 0
    border = np.zeros(len(first), dtype=bool)
    border[several] = True
    n = int(inside.sum())
    at_border = int((border & inside).sum())
    how = Counter({"inside": n - at_border, "border": at_border})
    how = +how
    days, deaths, group = points.days[inside], points.deaths[inside], points.group[inside]
    number = ordinals(days, plan.period)
    times, place = np.unique(number, return_inverse=True)
    assigned = Counter(dict(zip(times.tolist(), np.bincount(place).tolist(), strict=True)))
    used = np.unique(group)
    names = [points.groups[i] for i in used.tolist()]
    narrow = np.searchsorted(used, group)
    counted = {}
    for level, codes in plan.levels.items():
        own = finder.codes if level == "municipality" else finder.states
        area = codes.get_indexer(own)[first[inside]]
        counted[level] = Counted(
            cube=Cube.of(area, number, narrow, names, deaths, areas=len(codes)),
            coarse=Counter(),
            assigned=assigned,
            words=frozenset(["day"] if n else []),
        )
    dated = DayCounts.of_days(days)
    counted_rows = points.sound.copy()
    counted_rows[points.sound] = inside
    return (
        Outcome(
            records=n,
            fates=Counter({("used", "", ""): n}),
            repairs=(NO_IDS,),
            weakness=Weakness(
                events=n, rounded=int(rounded(points.lon[inside], points.lat[inside]).sum())
            ),
            account=Counter(
                {
                    (level, word, ""): times_
                    for level in ("state", "municipality")
                    for word, times_ in how.items()
                }
            ),
            how=how,
            counted=counted,
            names=frozenset(names),
            days=dated,
            evidence={
                file.number: Evidence(
                    first_day=dated.days[0], last_day=dated.days[-1], years=_years(dated)
                )
                if n
                else Evidence()
            },
        ),
        counted_rows,
    )


def knowing(file: FilePlan, *, has_points: bool) -> FilePlan:
    """Return the plan for the other rows: that points lie as they should is known by now."""
    if not has_points:
        return file
    known: Decisions = dataclasses.replace(file.decisions, is_turn_known=True)
    return dataclasses.replace(file, decisions=known)


def _years(dated: DayCounts) -> frozenset[int]:
    years = np.unique(dated.days.astype("datetime64[Y]")).astype(int) + 1970
    return frozenset(years.tolist())


def _is_typed(name: str, kind: pa.DataType) -> bool:
    if name in ("longitude", "latitude"):
        return bool(pa.types.is_float64(kind))
    if name == "event_date":
        return bool(pa.types.is_date(kind) or (pa.types.is_timestamp(kind) and kind.tz is None))
    if name == "fatalities":
        return bool(pa.types.is_integer(kind) or pa.types.is_float64(kind))
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _floats(column: pa.Array) -> FloatArray:
    numbers = column if pa.types.is_float64(column.type) else column.cast(pa.float64(), safe=False)
    return np.asarray(numbers.to_numpy(zero_copy_only=False), dtype=np.float64)


def _short(column: pa.Array) -> BoolArray | np.bool_:
    """Return which cells are not longer than any cell may be."""
    words = column.dictionary if pa.types.is_dictionary(column.type) else column
    longest = pc.max(pc.binary_length(words)).as_py()
    return np.bool_((longest or 0) <= CELL_LIMIT)


def _groups(column: pa.Array | None, rows: int) -> tuple[npt.NDArray[np.intp], list[str]]:
    """Return the place of each row's category, and the categories."""
    if column is None:
        return np.zeros(rows, dtype=np.intp), [""]
    coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    words: Sequence[str | None] = coded.dictionary.to_pylist()
    named = [NOT_STATED if word is None or not word.strip() else word for word in words]
    groups = sorted({*named, NOT_STATED})
    place = np.array([groups.index(word) for word in [*named, NOT_STATED]], dtype=np.intp)
    codes = coded.indices.fill_null(len(named)).to_numpy(zero_copy_only=False)
    return place[codes], groups
