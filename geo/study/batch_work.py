"""What is done with one batch of records: understand, filter, assign, count.

A function of the batch and of the plan and of nothing else, so that it gives the same on every
machine, in every order, and when it is done again.
"""

from __future__ import annotations

import hashlib
import warnings
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from geo.errors import BalanceError, GeoWarning, SourceError
from geo.ledger import Ledger
from geo.periods import PeriodKind, ordinals
from geo.sample import is_made_up
from geo.sources import ucdp
from geo.sources.cells import mask_of
from geo.sources.decisions import PLAIN, Decisions
from geo.sources.events import CONTENT, used_events
from geo.sources.findings import Findings, ledger_of
from geo.sources.gather import Gathered
from geo.sources.hashes import HashArray, hashed
from geo.sources.layouts import Layout
from geo.sources.options import Options
from geo.sources.understanding import Understood, understand
from geo.sources.uploads import last_upload
from geo.sources.weakness import Weakness
from geo.stats.cube import Cube
from geo.steps.assign import Conflicts, assign_by, assignment_account
from geo.steps.count import CODE_COLUMN, TOO_COARSE, category_of, whole_deaths
from geo.steps.filter import REASONS, Filtered, Seen, filter_part
from geo.steps.placing import Finder, finder_of, shipped_finder
from geo.steps.span import DayCounts
from geo.study.outcome import NO_DAY, Counted, Evidence, Outcome
from geo.study.telling import told, warn_of_names

Sink = Callable[[gpd.GeoDataFrame], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePlan:
    """How one file is read.

    ``aside`` says of records whose id repeats why they are set aside; ``prefix`` stands before ids
    that are only the number of a record.
    """

    number: int
    label: str
    layout: Layout
    source: str
    prefix: str = ""
    decisions: Decisions = PLAIN
    aside: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is done with every batch.

    ``levels`` maps each level that is counted to the codes of its areas; ``areas_hash`` is that
    of the areas of the user (:func:`hash_of_areas`).
    """

    options: Options
    filters: Mapping[str, Any] = field(default_factory=dict)
    tolerance_m: float
    conflicts: Conflicts = "point"
    areas: gpd.GeoDataFrame | None = None
    areas_hash: str = ""
    period: PeriodKind = "year"
    category: str | None = None
    levels: Mapping[str, pd.Index] = field(default_factory=dict)


def work(
    batch: Gathered,
    file: FilePlan,
    plan: Plan,
    sink: Sink | None = None,
    *,
    numbers: npt.NDArray[np.int64] | None = None,
) -> Outcome:
    """Return what comes of a batch.

    Parameters
    ----------
    batch
        Records of one file.
    file, plan
        How the file is read, and what is done.
    sink
        Is given the ``ASSIGNED`` table of the batch, with the ``record`` and the ``line`` of each
        event in its file.
    numbers
        Of the records of the batch, where they are not a run of the file.

    Raises
    ------
    SourceError, SettingsError
        The file is none of events, or what is asked for cannot be meant.
    """
    found = understood(batch, file, plan.options)
    findings = found.findings
    table = found.table
    _set_aside(findings, table["event_id"], file.aside)
    if table["event_id"][findings.used].duplicated().any():
        # Which of them count is settled with the other batches; then this one is done again.
        return Outcome(
            records=len(batch.frame) + len(batch.rejected),
            evidence={file.number: _evidence(found, file)},
            ids=_ids(found, file),
            is_made_up=is_made_up(table["event_id"]),
        )
    weakness = Weakness.of(findings, table)
    ledger = ledger_of(
        findings, batch.rejected, numbers=numbers_of(batch) if numbers is None else numbers
    )
    events = used_events(table, findings, findings.record, file.source)
    if len(events) != ledger.counts()["used"]:
        raise BalanceError(f"{file.label}: {len(events)} events came of other used records")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", GeoWarning)
        kept, ledger, seen = _filtered(events, ledger, plan)
        located = assign_by(
            kept, finder_for(plan), tolerance_m=plan.tolerance_m, conflicts=plan.conflicts
        )
        warn_of_names(located, plan.conflicts)
    if sink is not None:
        at = np.searchsorted(findings.record, located["record"])
        sink(located.assign(line=findings.line[at]))
    names = category_of(located, plan.category)
    looks, place = alike(findings, table)
    return Outcome(
        records=len(batch.frame) + len(batch.rejected),
        fates=_fates(ledger),
        aside=_aside(ledger),
        repairs=tuple(findings.repairs),
        warnings=tuple(findings.warnings),
        later_warnings=told((), caught),
        weakness=weakness,
        account=Counter(
            {
                (level, outcome, reason): int(n)
                for level, outcome, reason, n in assignment_account(located).itertuples(index=False)
            }
        ),
        how=Counter({str(k): int(n) for k, n in located["assigned_by"].value_counts().items()}),
        counted={
            level: _counted(located, names, level, codes, plan.period)
            for level, codes in plan.levels.items()
        },
        names=frozenset(names.unique()),
        days=DayCounts.of(located["event_date"]),
        days_read=DayCounts.of(events["event_date"]),
        seen=seen,
        evidence={file.number: _evidence(found, file)},
        ids=_ids(found, file),
        alike=looks,
        alike_ids=pa.array(table["event_id"].iloc[place].to_numpy(dtype=object), pa.large_string()),
        is_made_up=is_made_up(table["event_id"]),
    )


_finders: dict[str, Finder] = {}


def finder_for(plan: Plan) -> Finder:
    """Return the areas of a plan, made ready once in each process and not for each batch."""
    if plan.areas is None:
        return shipped_finder()
    if plan.areas_hash not in _finders:
        ready = finder_of(plan.areas)
        _finders.clear()  # one may be large, and the next stream has its own
        _finders[plan.areas_hash] = ready
    return _finders[plan.areas_hash]


def hash_of_areas(areas: gpd.GeoDataFrame) -> str:
    """Return what tells a table of areas from every other: a hash of codes, states and shapes."""
    states = areas["cve_ent"] if "cve_ent" in areas else areas["cvegeo"].str[:2]
    digest = hashlib.sha256(str(areas.crs).encode())
    for code, state, shape in zip(areas["cvegeo"], states, areas.geometry.to_wkb(), strict=True):
        digest.update(f"{code} {state} ".encode() + (shape or b"-"))
    return digest.hexdigest()


def understood(batch: Gathered, file: FilePlan, options: Options) -> Understood:
    """Return what the records of a batch say, before repeats are set aside."""
    findings = Findings(file.label, batch.frame.index.to_numpy(), batch.line)
    findings.settled = file.decisions
    try:
        found = understand(batch.frame, file.layout, options, findings)
    except SourceError as error:
        raise SourceError(f"{file.label}: {error}") from error
    if file.prefix:
        found.table["event_id"] = file.prefix + found.table["event_id"]
    return found


def repeats(
    batch: Gathered, file: FilePlan, options: Options, hashes: HashArray
) -> tuple[pd.DataFrame, npt.NDArray[np.float64] | None]:
    """Return the records of a batch whose id may repeat, and when they were uploaded.

    The table has the columns that make two records the same, ``event_id``, ``fate``, ``record``,
    ``file``, ``tells`` (of Mexico and dated) and the point as it is written.
    """
    found = understood(batch, file, options)
    which = np.isin(_whole_ids(found) | np.uint64(1), hashes)
    rows = found.table.loc[which, [*CONTENT, "event_id"]].assign(
        fate=found.findings.fate[which],
        record=found.findings.record[which],
        file=file.number,
        tells=(found.home & mask_of(found.table["event_date"].notna()))[which],
    )
    for name in ("longitude", "latitude"):
        written = found.frame[name] if name in found.frame else found.frame["geometry"]
        rows[f"written_{name}"] = written[which]
    uploaded = None if found.uploaded is None else found.uploaded[which]
    return rows, uploaded


def alike(findings: Findings, table: pd.DataFrame) -> tuple[HashArray, npt.NDArray[np.intp]]:
    """Return a hash of what makes two exactly known events look alike, and where these are."""
    exact = findings.used & mask_of(table["time_precision"].eq("day"))
    exact &= mask_of(table["geo_precision"].eq("exact")) & mask_of(table["actor1"].notna())
    place = np.flatnonzero(exact)
    rows = table.iloc[place]
    whole = np.zeros(len(place), dtype=np.uint64)
    for name in ("event_date", "longitude", "latitude", "fatalities"):
        numbers = rows[name].to_numpy()
        plain = numbers.astype("datetime64[us]") if name == "event_date" else numbers + 0.0
        whole = _mixed(whole, plain.view(np.uint64))
    for name in ("event_type", "sub_event_type", "actor1", "actor2"):
        codes, distinct = pd.factorize(rows[name])
        known = np.append(hashed(pd.Series(distinct, dtype="str")), np.uint64(1))
        whole = _mixed(whole, known[codes])
    return whole, place


def numbers_of(batch: Gathered) -> npt.NDArray[np.int64]:
    """Return the numbers of the records of a batch that is a run of the file."""
    first = min(
        [*batch.frame.index[:1].tolist(), *batch.rejected["record"].head(1).tolist()], default=1
    )
    return np.arange(first, first + len(batch.frame) + len(batch.rejected))


def _mixed(whole: HashArray, part: HashArray) -> HashArray:
    """Return hashes of what was hashed so far and of one thing more."""
    with np.errstate(over="ignore"):
        mixed = (whole ^ part) * np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(32))) * np.uint64(0xD6E8FEB86659FD93)
    return np.asarray(mixed ^ (mixed >> np.uint64(29)), dtype=np.uint64)


def _set_aside(findings: Findings, event_id: pd.Series, aside: Mapping[int, str]) -> None:
    """Write into the findings what was found out about ids that repeat."""
    if not aside:
        return
    reason = np.array([aside.get(record) for record in findings.record.tolist()], dtype=object)
    for why in ("duplicate", "superseded", "id_conflict"):
        findings.set_repeats_aside(reason == why, why, event_id)


def _filtered(
    events: gpd.GeoDataFrame, ledger: Ledger, plan: Plan
) -> tuple[gpd.GeoDataFrame, Ledger, Mapping[str, Seen]]:
    if not plan.filters:
        return events, ledger, {}
    found: Filtered
    found, seen = filter_part(events, plan.filters)
    for reason in found.left_out.unique():
        ledger = ledger.set_aside(
            found.left_out.index[found.left_out == reason],
            fate="filtered",
            reason=reason,
            column=REASONS[reason],
        )
    return found.kept, ledger, seen


def _fates(ledger: Ledger) -> Counter[tuple[str, str, str]]:
    fates: Counter[tuple[str, str, str]] = Counter()
    for fate, reason, column, n in ledger.reasons().itertuples(index=False):
        fates[str(fate), _text(reason), _text(column)] = int(n)
    fates["used", "", ""] = ledger.counts()["used"]
    return fates


def _text(value: object) -> str:
    return "" if pd.isna(value) else str(value)


def _aside(ledger: Ledger) -> pd.DataFrame:
    rows = ledger.records
    odd = rows["fate"].ne("used") | rows["reason"].notna()
    return rows[odd].astype({"file": "str", "fate": "str"}).reset_index(drop=True)


def _counted(
    located: gpd.GeoDataFrame, names: pd.Series, level: str, codes: pd.Index, kind: PeriodKind
) -> Counted:
    area = located[CODE_COLUMN[level]]
    placed = area.notna().to_numpy()
    number = ordinals(located["event_date"].to_numpy(dtype="datetime64[D]"), kind)
    coarse = located["time_precision"].isin(TOO_COARSE[kind]).to_numpy()
    chosen = placed & ~coarse
    groups = sorted(names.unique())
    place = codes.get_indexer(pd.Index(area[chosen]))
    if (place < 0).any():
        strange = sorted(set(area[chosen][place < 0]))
        raise BalanceError(f"events lie in areas that are not counted by: {', '.join(strange)}")
    cube = Cube.of(
        place,
        number[chosen],
        pd.Index(groups).get_indexer(pd.Index(names[chosen])),
        groups,
        whole_deaths(located["fatalities"])[chosen],
        areas=len(codes),
    )
    return Counted(
        cube=cube,
        coarse=Counter(number[placed & coarse].tolist()),
        assigned=Counter(number[placed].tolist()),
        words=frozenset(located["time_precision"][placed].unique()),
    )


def _evidence(found: Understood, file: FilePlan) -> Evidence:
    days = found.table["event_date"].to_numpy(dtype="datetime64[D]")
    days = days[~np.isnat(days)]
    return Evidence(
        is_open=found.is_open,
        uploaded=last_upload(found.uploaded),
        first_day=days.min() if len(days) else NO_DAY,
        last_day=days.max() if len(days) else NO_DAY,
        years=frozenset((np.unique(days.astype("datetime64[Y]")).astype(int) + 1970).tolist()),
        is_clear=ucdp.all_clear(found.frame) if file.layout.family == "ucdp" else None,
    )


def _whole_ids(found: Understood) -> HashArray:
    """Return the hash of each id, its last bit free; 0 where there is none."""
    ids = found.table["event_id"]
    hashes = hashed(ids.fillna(""))
    hashes[mask_of(ids.isna())] = 0
    return np.asarray(hashes & ~np.uint64(1))


def _ids(found: Understood, file: FilePlan) -> HashArray:
    if not file.layout.states("event_id"):
        return np.empty(0, np.uint64)  # numbers of records do not repeat
    hashes = _whole_ids(found)
    tells = found.home & mask_of(found.table["event_date"].notna())
    return np.asarray((hashes | tells.astype(np.uint64))[hashes != 0])
