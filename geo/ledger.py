"""Where every input record went.

A record is *used*, *filtered* (by a wish of the user) or *quarantined* (it could not be read as
an event). Every physical record of every file has exactly one of these fates, with file, line,
column, value and reason; the three add up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.errors import BalanceError
from geo.schema import FATES, LEDGER


@dataclass(frozen=True, slots=True, eq=False)
class Ledger:
    """The fate of every record; made by a reader, sharpened by filters.

    Parameters
    ----------
    records
        A ``LEDGER`` table, one row a physical record.
    physical
        How many physical records the files hold, counted apart from the table.

    Examples
    --------
    >>> ledger = Ledger.of_used("a.csv", records=[1, 2, 3], lines=[2, 3, 4])
    >>> ledger = ledger.set_aside([2], fate="filtered", reason="event_type", column="event_type")
    >>> ledger.counts()
    {'used': 2, 'filtered': 1, 'quarantined': 0}
    """

    records: pd.DataFrame
    physical: int

    @classmethod
    def of_used(cls, file: str, records: npt.ArrayLike, lines: npt.ArrayLike) -> Ledger:
        """Return the ledger of a file all of whose `records` are used so far."""
        number = np.asarray(records, dtype=np.int64)
        n = len(number)
        frame = pd.DataFrame(
            {
                "record": number,
                "file": pd.Categorical.from_codes(
                    np.zeros(n, dtype=np.int8), pd.Index([file], dtype="str")
                ),
                "line": np.asarray(lines, dtype=np.int64),
                "fate": _fates(n),
                "reason": pd.array([None] * n, dtype="str"),
                "column": pd.array([None] * n, dtype="str"),
                "value": pd.array([None] * n, dtype="str"),
            }
        )
        return cls(frame, n)

    @classmethod
    def join(cls, ledgers: Iterable[Ledger]) -> Ledger:
        """Return one ledger of several files, records numbered through.

        Examples
        --------
        >>> a = Ledger.of_used("a.csv", [1, 2], [2, 3])
        >>> b = Ledger.of_used("b.csv", [1], [2])
        >>> Ledger.join([a, b]).records["record"].tolist()
        [1, 2, 3]
        """
        frames, physical = [], 0
        for ledger in ledgers:
            frame = ledger.records.astype({"file": "str"})
            frames.append(frame.assign(record=frame["record"] + physical))
            physical += ledger.physical
        joined = pd.concat(frames, ignore_index=True)
        joined["fate"] = pd.Categorical(joined["fate"], categories=pd.Index(FATES, dtype="str"))
        return cls(joined.astype({"file": "category"}), physical)

    def set_aside(
        self,
        records: npt.ArrayLike,
        *,
        fate: str,
        reason: str | Iterable[str],
        column: str | None = None,
        value: Iterable[Any] | None = None,
    ) -> Ledger:
        """Return a ledger in which `records` have another fate.

        A record that was set aside before keeps its first fate and reason: what went wrong first
        is what the user must mend first.

        Parameters
        ----------
        records
            Numbers of the records.
        fate
            ``"filtered"`` or ``"quarantined"``.
        reason
            One word for all, or one a record.
        column, value
            What decided, where that is one column.
        """
        if fate not in FATES[1:]:
            raise ValueError(f"a record can be set aside as {FATES[1:]}, not as {fate!r}")
        number = np.asarray(records, dtype=np.int64)
        place = pd.Index(self.records["record"]).get_indexer(number)
        if (place < 0).any():
            raise BalanceError(
                f"{int((place < 0).sum())} records to be set aside are not in the ledger"
            )
        frame = self.records.copy()
        fresh = (frame["fate"].to_numpy() == "used")[place]
        here = place[fresh]
        frame.iloc[here, frame.columns.get_loc("fate")] = fate
        frame.iloc[here, frame.columns.get_loc("reason")] = _spread(reason, fresh)
        if column is not None:
            frame.iloc[here, frame.columns.get_loc("column")] = column
        if value is not None:
            frame.iloc[here, frame.columns.get_loc("value")] = _spread(map(_shown, value), fresh)
        return Ledger(frame, self.physical)

    def counts(self) -> dict[str, int]:
        """Return the number of records of each fate, zeros included."""
        found: Mapping[str, int] = self.records["fate"].value_counts().to_dict()
        return {fate: int(found.get(fate, 0)) for fate in FATES}

    def reasons(self) -> pd.DataFrame:
        """Return how often each reason set a record aside: fate, reason, column, records.

        The rows are ordered by fate, then by falling number of records.
        """
        aside = self.records[self.records["fate"] != "used"]
        table = (
            aside.assign(fate=aside["fate"].astype("str"))
            .groupby(["fate", "reason", "column"], dropna=False)
            .size()
            .rename("records")
            .reset_index()
        )
        return table.sort_values(
            ["fate", "records", "reason", "column"],
            ascending=[True, False, True, True],
            ignore_index=True,
        )

    def left_out(self, fate: str = "quarantined") -> pd.DataFrame:
        """Return the records of one fate: record, file, line, reason, column, value."""
        rows = self.records[self.records["fate"] == fate]
        return rows.drop(columns="fate").reset_index(drop=True)

    def check(self, used: int | None = None) -> None:
        """Raise :exc:`~geo.errors.BalanceError` unless every record is there exactly once.

        Parameters
        ----------
        used
            How many events came out of the reader; they must be as many as the used records.
        """
        LEDGER.check(self.records)
        counts = self.counts()
        if sum(counts.values()) != self.physical:
            raise BalanceError(
                f"the files hold {self.physical} records, but {counts['used']} used + "
                f"{counts['filtered']} filtered + {counts['quarantined']} quarantined are "
                f"{sum(counts.values())}"
            )
        if used is not None and used != counts["used"]:
            raise BalanceError(
                f"the ledger has {counts['used']} used records, but {used} events came out"
            )

    def summary(self) -> str:
        """Return the account in one line.

        Examples
        --------
        >>> Ledger.of_used("a.csv", [1, 2], [2, 3]).summary()
        '2 records: 2 used, 0 filtered, 0 quarantined'
        """
        counts = self.counts()
        noun = "record" if self.physical == 1 else "records"
        return f"{self.physical:,} {noun}: " + ", ".join(
            f"{number:,} {fate}" for fate, number in counts.items()
        )


def _fates(n: int) -> pd.Categorical:
    return pd.Categorical.from_codes(np.zeros(n, dtype=np.int8), pd.Index(FATES, dtype="str"))


def _spread(
    given: str | Iterable[str | None], chosen: npt.NDArray[np.bool_]
) -> str | npt.NDArray[np.object_]:
    if isinstance(given, str):
        return given
    return np.asarray(list(given), dtype=object)[chosen]


def _shown(value: object) -> str | None:
    """Return what the ledger keeps of a value: its first 200 characters."""
    if value is None or value is pd.NA:
        return None
    text = str(value)
    return text if len(text) <= 200 else text[:199] + "…"
