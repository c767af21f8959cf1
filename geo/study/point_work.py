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
from geo.steps.assign import Placed, place_points
from geo.steps.count import NOT_STATED
from geo.steps.placing import Finder
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
    """The rows of a batch that are beyond doubt, as arrays; ``sound`` says which these are.

    ``days`` are counted from 1970-01-01; ``deaths`` is None where no column states them.
    """

    sound: BoolArray
    lon: FloatArray
    lat: FloatArray
    days: npt.NDArray[np.int64]
    deaths: FloatArray | None
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
    days = _days(columns["event_date"])
    latest = LATEST if plan.options.accessed is None else min(LATEST, plan.options.accessed)
    # Around Mexico a point is neither swapped nor without its sign, nor at zero.
    sound = near_mexico(lon, lat)
    sound &= (days >= EARLIEST.astype(np.int64)) & (days <= latest.astype(np.int64))
    deaths = None
    if "fatalities" in columns:
        deaths = _floats(columns["fatalities"])
        whole = (deaths >= 0) & (deaths <= _MOST_DEATHS) & (deaths == np.floor(deaths))
        sound &= (whole & ~np.signbit(deaths)) | np.isnan(deaths)
    for name, column in columns.items():
        if name not in (*_NEEDED, "fatalities"):
            sound &= _short(column)
    group, groups = _groups(columns.get(plan.category or ""), len(lon))
    if sound.all():
        return Points(sound, lon, lat, days, deaths, group, groups)
    few = None if deaths is None else deaths[sound]
    return Points(sound, lon[sound], lat[sound], days[sound], few, group[sound], groups)


def count_points(points: Points, file: FilePlan, plan: Plan) -> Outcome:
    """Assign points to their areas and count them."""
    n = len(points.lon)
    if not n:
        return Outcome()
    finder = finder_for(plan)
    placed = place_points(finder, points.lon, points.lat, plan.tolerance_m)
    dated = DayCounts.of_days(points.days.astype("datetime64[D]"))
    used = np.flatnonzero(np.bincount(points.group, minlength=len(points.groups)))
    names = [points.groups[i] for i in used.tolist()]
    how, account = _account(placed, n)
    return Outcome(
        records=n,
        fates=Counter({("used", "", ""): n}),
        repairs=(NO_IDS,),
        weakness=Weakness(events=n, rounded=int(rounded(points.lon, points.lat).sum())),
        account=account,
        how=how,
        counted=_counted(points, placed, dated, finder, plan),
        names=frozenset(names),
        days=dated,
        days_read=dated,
        evidence={
            file.number: Evidence(
                first_day=dated.days[0], last_day=dated.days[-1], years=_years(dated)
            )
        },
    )


def _account(placed: Placed, n: int) -> tuple[Counter[str], Counter[tuple[str, str, str]]]:
    """Return how points were assigned, and that at each level: all of them are known exactly."""
    abroad = int(placed.is_abroad.sum())
    border, moved, lost = len(placed.border), len(placed.moved), len(placed.lost)
    how = Counter(
        {"inside": n - border - moved - lost, "border": border, "nearest": moved, "none": lost}
    )
    outcomes = {(word, ""): times for word, times in how.items() if word != "none"}
    outcomes["unassigned", "other_country"] = abroad
    outcomes["unassigned", "offshore"] = lost - abroad
    account = Counter(
        {
            (level, *outcome): times
            for level in ("state", "municipality")
            for outcome, times in outcomes.items()
        }
    )
    return +how, +account  # without zeros


def _counted(
    points: Points, placed: Placed, dated: DayCounts, finder: Finder, plan: Plan
) -> dict[str, Counted]:
    """Return the points that have an area, counted at each level."""
    first, days, group, deaths = placed.first, points.days, points.group, points.deaths
    if len(placed.lost):
        has_area = first >= 0
        first, days, group = first[has_area], days[has_area], group[has_area]
        deaths = None if deaths is None else deaths[has_area]
        dated = DayCounts.of_days(days.astype("datetime64[D]"))
    n = len(first)
    # There are few days: what period each belongs to is asked once.
    begin = dated.days[0].astype(np.int64) if n else 0
    periods_of_days = ordinals(dated.days, plan.period)
    assigned: Counter[int] = Counter()
    for period, times in zip(periods_of_days.tolist(), dated.counts.tolist(), strict=True):
        assigned[period] += times
    table = np.zeros(int(dated.days[-1].astype(np.int64) - begin) + 1 if n else 0, dtype=np.int64)
    table[dated.days.astype(np.int64) - begin] = periods_of_days
    number = table[days - begin]
    counted = {}
    for level, codes in plan.levels.items():
        own = finder.codes if level == "municipality" else finder.states
        counted[level] = Counted(
            cube=Cube.of(
                codes.get_indexer(own)[first],
                number,
                group,
                points.groups,
                deaths,
                areas=len(codes),
            ),
            coarse=Counter(),
            assigned=assigned,
            words=frozenset(["day"] if n else []),
        )
    return counted


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


def _days(column: pa.Array) -> npt.NDArray[np.int64]:
    """Return days since 1970-01-01; a missing one is before all others."""
    if not pa.types.is_date32(column.type):
        column = column.cast(pa.timestamp("us"), safe=False)
        days = column.to_numpy(zero_copy_only=False).astype("datetime64[D]")
        return np.asarray(days.astype(np.int64))  # NaT is the least of all numbers
    missing = np.iinfo(np.int32).min
    days = column.view(pa.int32()).fill_null(missing).to_numpy()
    return np.asarray(days, dtype=np.int64)


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
