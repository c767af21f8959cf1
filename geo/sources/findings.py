"""What a reader finds out about the records of its files, until it becomes a ledger.

The first verdict on a record stands: what went wrong first is what the user must mend first.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.errors import BalanceError
from geo.ledger import Ledger
from geo.schema import FATES
from geo.sources.cells import Mask
from geo.sources.decisions import Decisions
from geo.sources.remarks import Count, Places, Remark

_USED, _FILTERED, _QUARANTINED = range(3)
_LONGEST = 200


class Findings:
    """Verdicts on the records of one file, one place a record, and remarks on the whole.

    Parameters
    ----------
    file
        Name of the file, as the ledger shows it.
    record
        Number of each record within the file, from 1.
    line
        First line of each record.

    Attributes
    ----------
    settled
        What the whole file decides, where these are a part of its records.
    grouping, is_open
        What the columns of numbers decide, and whether another part of the file might decide
        anything otherwise.
    """

    def __init__(self, file: str, record: npt.ArrayLike, line: npt.ArrayLike) -> None:
        self.file = file
        self.record = np.asarray(record, dtype=np.int64)
        self.line = np.asarray(line, dtype=np.int64)
        n = len(self.record)
        self.fate = np.zeros(n, dtype=np.int8)
        self.reason = np.full(n, None, dtype=object)
        self.column = np.full(n, None, dtype=object)
        self.value = np.full(n, None, dtype=object)
        self.settled: Decisions | None = None
        self.grouping: dict[str, str] = {}
        self.is_open = False
        self.repairs: list[str] = []
        self.warnings: list[str] = []

    @property
    def used(self) -> Mask:
        """Which records no verdict has set aside."""
        return np.asarray(self.fate == _USED)

    @property
    def sound(self) -> Mask:
        """Which records can be read as events, those of no interest included."""
        return np.asarray(self.fate != _QUARANTINED)

    def quarantine(
        self, which: Mask, reason: str, column: str | None = None, value: pd.Series | None = None
    ) -> int:
        """Set records aside that cannot be read as events; return how many were still in use."""
        return self._judge(which, _QUARANTINED, reason, column, value)

    def filter(
        self, which: Mask, reason: str, column: str | None = None, value: pd.Series | None = None
    ) -> int:
        """Set records aside that are sound but not wanted; return how many were in use."""
        return self._judge(which, _FILTERED, reason, column, value)

    def set_repeats_aside(self, which: Mask, why: str, event_id: pd.Series) -> None:
        """Set records aside that repeat an id."""
        n = self.quarantine(which, why, "event_id", event_id)
        if n and why == "id_conflict":
            self.warnings.append(
                Remark(
                    "{n} an id with other content, and no upload time tells which is "
                    "valid; the first of each id is used",
                    n=Count(n, "record repeats", "records repeat"),
                )
            )

    def note(self, which: Mask, reason: str, column: str, value: pd.Series) -> int:
        """Remark on records that stay in use; the ledger shows the reason beside "used"."""
        return self._judge(which, _USED, reason, column, value)

    def _judge(
        self, which: Mask, fate: int, reason: str, column: str | None, value: pd.Series | None
    ) -> int:
        place = np.flatnonzero(np.asarray(which, dtype=bool) & (self.fate == _USED))
        if not len(place):
            return 0
        self.fate[place] = fate
        self.reason[place] = reason
        self.column[place] = column
        self.value[place] = None if value is None else _shown(value.iloc[place])
        return len(place)

    def lines(self, which: Mask, most: int = 3) -> str:
        """Return where the records are, as words.

        Examples
        --------
        >>> import numpy as np
        >>> found = Findings("a.csv", [1, 2, 3, 4], [2, 3, 4, 5])
        >>> found.lines(np.array([True, True, False, True]), most=2)
        'lines 2, 3 and 1 more'
        """
        return str(self.places(which, most))

    def places(self, which: Mask, most: int = 3) -> Places:
        """Return where the records are."""
        lines = self.line[np.asarray(which, dtype=bool)]
        return Places(tuple(lines[:most].tolist()), len(lines), most)


def ledger_of(
    findings: Findings, rejected: pd.DataFrame, *, numbers: npt.NDArray[np.int64] | None = None
) -> Ledger:
    """Return the ledger of a file: the records judged here and those `rejected` before.

    Parameters
    ----------
    findings
        Verdicts on the records that could be taken apart into cells.
    rejected
        The others: ``record``, ``line``, ``reason``, ``column``, ``value``.
    numbers
        Of the records that these must be, where they are a part of the file.

    Raises
    ------
    BalanceError
        The two together are not the records 1, 2, 3 ... of the file.
    """
    n, m = len(findings.record), len(rejected)
    record = np.concatenate([findings.record, rejected["record"].to_numpy(np.int64)])
    expected = np.arange(1, n + m + 1) if numbers is None else numbers
    if not np.array_equal(np.sort(record), expected):
        raise BalanceError(
            f"{findings.file}: {n:,} records read and {m:,} rejected are not the "
            f"{len(expected):,} records that they must be"
        )
    line = np.concatenate([findings.line, rejected["line"].to_numpy(np.int64)])
    fate = np.concatenate([findings.fate, np.full(m, _QUARANTINED, dtype=np.int8)])
    base = Ledger.of_used(findings.file, record, line).records
    base["fate"] = pd.Categorical.from_codes(fate, pd.Index(FATES, dtype="str"))
    for name, own in (
        ("reason", findings.reason),
        ("column", findings.column),
        ("value", findings.value),
    ):
        late = rejected[name].astype(object).where(rejected[name].fillna("").ne(""), None)
        other = _shown(late) if name == "value" else late.to_numpy()
        base[name] = pd.array(np.concatenate([own, other]), dtype="str")
    ordered = base.sort_values("record", kind="stable", ignore_index=True)
    return Ledger(ordered, n + m)


def split(judged: Findings, parts: Sequence[Findings]) -> None:
    """Write verdicts that were passed on several files together back into each of them."""
    start = 0
    for part in parts:
        place = slice(start, start + len(part.record))
        part.fate, part.reason = judged.fate[place], judged.reason[place]
        part.column, part.value = judged.column[place], judged.value[place]
        start = place.stop


def together(parts: Sequence[Findings]) -> Findings:
    """Return the verdicts on several files one after the other, to be judged together."""
    joined = Findings(
        parts[0].file,
        np.concatenate([part.record for part in parts]),
        np.concatenate([part.line for part in parts]),
    )
    for name in ("fate", "reason", "column", "value"):
        setattr(joined, name, np.concatenate([getattr(part, name) for part in parts]))
    return joined


def _shown(value: pd.Series) -> npt.NDArray[np.object_]:
    """Return the first characters of each value as objects, None where it is missing."""
    text = value.astype("str")
    long = text.str.len().gt(_LONGEST).fillna(value=False)
    cut = text.where(~long, text.str.slice(0, _LONGEST - 1) + "…")
    return np.asarray(cut.astype(object).where(cut.notna(), None), dtype=object)
