"""Where every record of a stream went: the numbers of all, the rows of those that are odd."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd

from geo.errors import BalanceError, counted
from geo.ledger import Ledger
from geo.schema import FATES, LEDGER
from geo.study.outcome import Outcome


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class StreamedLedger:
    """Where every record of a stream went: the numbers of all, the rows of those set aside.

    Parameters
    ----------
    physical
        How many records the files hold.
    fates
        How many had each fate, by fate, reason and column.
    aside
        A ``LEDGER`` table of the records that are not used, or used with a remark.
    used
        ``record``, ``file`` and ``line`` of the used ones; None where they were not asked for.
    """

    physical: int
    fates: Mapping[tuple[str, str, str], int]
    aside: pd.DataFrame
    used: pd.DataFrame | None = None

    @classmethod
    def of(cls, parts: Mapping[int, Outcome], whole: Outcome) -> StreamedLedger:
        """Return the ledger of what came of each file, records numbered through."""
        frames, before = [], records_before(parts)
        for number, outcome in parts.items():
            frames.append(outcome.aside.assign(record=outcome.aside["record"] + before[number]))
        aside = pd.concat(frames, ignore_index=True).astype(LEDGER.dtypes)
        aside = aside.sort_values("record", ignore_index=True)
        return cls(physical=whole.records, fates=dict(whole.fates), aside=aside)

    @property
    def records(self) -> pd.DataFrame:
        """A ``LEDGER`` table, one row a physical record, made anew each time it is asked for.

        Raises
        ------
        BalanceError
            The used records were not asked for, or are not those of the account.
        """
        if self.used is None:
            raise BalanceError("this stream kept no list of its used records")
        plain = self.used[~self.used["record"].isin(self.aside["record"])]
        rows = pd.concat(
            [plain.astype({"file": "str"}).assign(fate=FATES[0]), self.aside], ignore_index=True
        )
        rows = rows.sort_values("record", ignore_index=True)[list(LEDGER.dtypes)]
        if not np.array_equal(rows["record"], np.arange(1, self.physical + 1)):
            raise BalanceError(
                f"the files hold {self.physical:,} records, but {len(rows):,} are in the ledger"
            )
        rows["fate"] = pd.Categorical(rows["fate"], categories=pd.Index(FATES, dtype="str"))
        text = dict.fromkeys(("reason", "column", "value"), "str")
        return rows.astype({"file": "category", **text})

    def counts(self) -> dict[str, int]:
        """Return the number of records of each fate, zeros included."""
        found: Counter[str] = Counter()
        for (fate, _, _), n in self.fates.items():
            found[fate] += n
        return {fate: found[fate] for fate in FATES}

    def reasons(self) -> pd.DataFrame:
        """Return how often each reason set a record aside, as :meth:`geo.Ledger.reasons` does."""
        rows = [(*key, n) for key, n in self.fates.items() if key[0] != "used"]
        table = pd.DataFrame(rows, columns=["fate", "reason", "column", "records"])
        table = table.astype({"fate": "str", "reason": "str", "column": "str", "records": "int64"})
        table["column"] = table["column"].mask(table["column"].eq(""))
        return table.sort_values(
            ["fate", "records", "reason", "column"],
            ascending=[True, False, True, True],
            ignore_index=True,
        )

    def left_out(self, fate: str = "quarantined") -> pd.DataFrame:
        """Return the records of one fate: record, file, line, reason, column, value."""
        rows = self.aside[self.aside["fate"] == fate]
        return rows.drop(columns="fate").reset_index(drop=True).astype({"file": "category"})

    def check(self, used: int) -> None:
        """Raise :exc:`~geo.errors.BalanceError` unless every record is there exactly once."""
        LEDGER.check(self.aside)
        counts = self.counts()
        aside = self.aside["fate"].value_counts()
        if sum(counts.values()) != self.physical or counts["used"] != used:
            raise BalanceError(
                f"the files hold {self.physical:,} records, of which {used:,} are used, but the "
                f"account has {self.summary()}"
            )
        for fate in FATES[1:]:
            if int(aside.get(fate, 0)) != counts[fate]:
                raise BalanceError(
                    f"{counts[fate]:,} records are {fate}, but {int(aside.get(fate, 0)):,} are "
                    "listed"
                )

    def summary(self) -> str:
        """Return the account in one line.

        Examples
        --------
        >>> fates = {("used", "", ""): 2}
        >>> StreamedLedger(physical=2, fates=fates, aside=LEDGER.empty()).summary()
        '2 records: 2 used, 0 filtered, 0 quarantined'
        """
        said = ", ".join(f"{n:,} {fate}" for fate, n in self.counts().items())
        return f"{counted(self.physical, 'record')}: {said}"


AnyLedger: TypeAlias = Ledger | StreamedLedger
"""The ledger of what was read at once, or in batches."""


def records_before(parts: Mapping[int, Outcome]) -> dict[int, int]:
    """Return by file how many records come before its first.

    Examples
    --------
    >>> records_before({0: Outcome(records=5), 1: Outcome(records=2)})
    {0: 0, 1: 5}
    """
    before, found = 0, {}
    for number, outcome in parts.items():
        found[number] = before
        before += outcome.records
    return found
