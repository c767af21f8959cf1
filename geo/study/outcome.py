"""What came of a batch of records: counts, the account of rows, and what they say of the file.

Outcomes of batches add up to that of the whole, whatever the batches are. They can be kept in a
file, so that a stream that was interrupted goes on where it was, and sent from one machine to
another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from geo.schema import LEDGER
from geo.sources import ucdp
from geo.sources.remarks import joined
from geo.sources.weakness import Weakness
from geo.stats.cube import Cube
from geo.steps.filter import Seen
from geo.steps.span import DayCounts

NO_DAY = np.datetime64("NaT")
NOTHING_ASIDE = LEDGER.empty()
"""A ``LEDGER`` table without rows: making one takes longer than adding a batch."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Counted:
    """The located events of a batch, counted at one level.

    ``cube`` has every event with an area whose date is known well enough; ``coarse`` the numbers
    of the others by period, ``assigned`` those of all, and ``words`` how well dates are known.
    """

    cube: Cube
    coarse: Counter[int]
    assigned: Counter[int]
    words: frozenset[str]

    def __add__(self, other: Counted) -> Counted:
        return Counted(
            cube=self.cube + other.cube,
            coarse=self.coarse + other.coarse,
            assigned=self.assigned + other.assigned,
            words=self.words | other.words,
        )


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Evidence:
    """What a batch says of its file that only the whole can judge.

    Attributes
    ----------
    is_open
        Whether another part of the file might decide anything otherwise than it was decided here.
    uploaded
        Latest time of upload in seconds, NaN if none is stated.
    first_day, last_day
        Of all records with a believable date.
    years
        Years of all records with a date.
    is_clear
        Of UCDP's ``code_status``: whether all are clear; None if none is stated.
    """

    is_open: bool = False
    uploaded: float = np.nan
    first_day: np.datetime64 = NO_DAY
    last_day: np.datetime64 = NO_DAY
    years: frozenset[int] = frozenset()
    is_clear: bool | None = None

    def __add__(self, other: Evidence) -> Evidence:
        clear = [one for one in (self.is_clear, other.is_clear) if one is not None]
        return Evidence(
            is_open=self.is_open or other.is_open,
            uploaded=float(np.fmax(self.uploaded, other.uploaded)),
            first_day=np.fmin(self.first_day, other.first_day),
            last_day=np.fmax(self.last_day, other.last_day),
            years=self.years | other.years,
            is_clear=all(clear) if clear else None,
        )


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Outcome:
    """What came of a batch of records, or of several.

    Attributes
    ----------
    records
        Physical records, whole or not.
    fates
        How many of them had each fate, by fate, reason and column.
    aside
        A ``LEDGER`` table of the records that are not used, or used with a remark.
    repairs, warnings, later_warnings
        Sentences (:mod:`geo.sources.remarks`); the last are of the steps after the reading.
    weakness
        What weakens the used events.
    account
        Events by level, outcome and reason (:func:`geo.steps.assign.assignment_account`).
    how
        Events by the way in which they were assigned.
    counted
        By level, the events that have an area.
    names
        Categories of all located events.
    days, days_read
        Days of all located events; and of all that were read, before any filter.
    seen
        What the filters by words found.
    evidence
        By number of the file.
    ids, alike
        Hashes of the ids, whose last bit says whether the record is of Mexico and dated; and of
        what makes two events look alike.
    alike_ids
        The ids of the latter.
    is_made_up
        Whether an id is of the made-up sample.
    part
        Hash of the file with the assigned events of the batch (:class:`geo.study.parts.Parts`);
        nothing where none was written.
    """

    records: int = 0
    fates: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    aside: pd.DataFrame = field(default_factory=NOTHING_ASIDE.copy)
    repairs: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    later_warnings: tuple[str, ...] = ()
    weakness: Weakness = field(default_factory=Weakness)
    account: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    how: Counter[str] = field(default_factory=Counter)
    counted: Mapping[str, Counted] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    days: DayCounts = field(default_factory=lambda: DayCounts.of_days(np.empty(0, "M8[D]")))
    days_read: DayCounts = field(default_factory=lambda: DayCounts.of_days(np.empty(0, "M8[D]")))
    seen: Mapping[str, Seen] = field(default_factory=dict)
    evidence: Mapping[int, Evidence] = field(default_factory=dict)
    ids: npt.NDArray[np.uint64] = field(default_factory=lambda: np.empty(0, np.uint64))
    alike: npt.NDArray[np.uint64] = field(default_factory=lambda: np.empty(0, np.uint64))
    alike_ids: pa.Array = field(default_factory=lambda: pa.array([], pa.large_string()))
    is_made_up: bool = False
    part: str = ""

    @property
    def used(self) -> int:
        """How many records are used."""
        return sum(n for (fate, _, _), n in self.fates.items() if fate == "used")


def covered_days(found: Evidence) -> tuple[np.datetime64, np.datetime64]:
    """Return the first and the last day that a file covers, as far as it shows; NaT for none."""
    last = found.last_day
    if ucdp.covers_whole_years(len(found.years), is_clear=found.is_clear):
        last = np.datetime64(f"{last.astype('datetime64[Y]')}-12-31")
    return found.first_day, last


def summed(outcomes: list[Outcome], *, with_hashes: bool = False) -> Outcome:
    """Return the outcome of several batches, given in the order of their records.

    Hashes are left out, unless they are asked for: they are compared elsewhere.
    """
    whole = Outcome()
    if with_hashes and outcomes:
        whole = Outcome(
            ids=np.concatenate([one.ids for one in outcomes]),
            alike=np.concatenate([one.alike for one in outcomes]),
            alike_ids=pa.concat_arrays([one.alike_ids for one in outcomes]),
        )
    if not outcomes:
        return whole
    counted: dict[str, Counted] = {}
    seen: dict[str, Seen] = {}
    evidence: dict[int, Evidence] = {}
    fates: Counter[tuple[str, str, str]] = Counter()
    account: Counter[tuple[str, str, str]] = Counter()
    how: Counter[str] = Counter()
    for one in outcomes:
        fates.update(one.fates)
        account.update(one.account)
        how.update(one.how)
        for level, more in one.counted.items():
            counted[level] = counted[level] + more if level in counted else more
        for name, words in one.seen.items():
            seen[name] = seen[name].and_also(words) if name in seen else words
        for file, says in one.evidence.items():
            evidence[file] = evidence[file] + says if file in evidence else says
    frames = [one.aside for one in outcomes if len(one.aside)]
    aside = pd.concat(frames, ignore_index=True) if frames else whole.aside
    return replace(
        whole,
        records=sum(one.records for one in outcomes),
        fates=fates,
        aside=aside,
        repairs=joined(one.repairs for one in outcomes),
        warnings=joined(one.warnings for one in outcomes),
        later_warnings=joined(one.later_warnings for one in outcomes),
        weakness=sum((one.weakness for one in outcomes), Weakness()),
        account=account,
        how=how,
        counted=counted,
        names=frozenset().union(*(one.names for one in outcomes)),
        days=sum((one.days for one in outcomes), whole.days),
        days_read=sum((one.days_read for one in outcomes), whole.days_read),
        seen=seen,
        evidence=evidence,
        is_made_up=any(one.is_made_up for one in outcomes),
    )
