"""The account of a study: where everything went at each step, and that the sums agree."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import pandas as pd

from geo.errors import BalanceError
from geo.steps.assign import assignment_account
from geo.steps.count import CODE_COLUMN
from geo.study.streamed_ledger import AnyLedger

COLUMNS = ("step", "outcome", "reason", "number")


def account_of(
    ledger: AnyLedger, located: gpd.GeoDataFrame, panels: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Return the account: ``step``, ``outcome``, ``reason``, ``number``.

    The steps are ``records`` (used, filtered, quarantined), ``state`` and ``municipality``
    (assigned in each way, or unassigned with the reason), ``panel state`` and
    ``panel municipality`` (counted, or assigned but not counted: outside the periods, or with a
    date known less well than the periods are long).

    Raises
    ------
    BalanceError
        Something was lost or doubled between two steps.
    """
    ledger.check(used=len(located))
    counts = ledger.counts()
    reasons = ledger.reasons()
    parts = [
        pd.DataFrame({"step": ["records"], "outcome": ["used"], "number": [counts["used"]]}),
        reasons.groupby(["fate", "reason"], dropna=False)["records"]
        .sum()
        .reset_index()
        .rename(columns={"fate": "outcome", "records": "number"})
        .assign(step="records"),
        assignment_account(located).rename(columns={"level": "step", "events": "number"}),
    ]
    for level, panel in panels.items():
        assigned = int(located[CODE_COLUMN[level]].notna().sum())
        counted = int(panel["events"].sum())
        if counted > assigned:
            raise BalanceError(
                f"{counted:,} events are in the {level} panel, but only {assigned:,} were assigned"
            )
        parts.append(
            pd.DataFrame(
                {
                    "step": f"panel {level}",
                    "outcome": ["counted", "not counted"],
                    "number": [counted, assigned - counted],
                }
            )
        )
    account = pd.concat(parts, ignore_index=True).reindex(columns=list(COLUMNS))
    account["reason"] = account["reason"].fillna("").astype("str")
    account = account.astype({"step": "str", "outcome": "str", "number": "int64"})
    check_account(account, ledger.physical)
    return account


def check_account(account: pd.DataFrame, physical: int) -> None:
    """Raise :exc:`~geo.errors.BalanceError` unless the sums of the account agree.

    Examples
    --------
    >>> rows = [("records", "used", "", 2), ("records", "quarantined", "bad_date", 1)]
    >>> check_account(pd.DataFrame(rows, columns=list(COLUMNS)), physical=3)
    >>> check_account(pd.DataFrame(rows, columns=list(COLUMNS)), physical=4)
    Traceback (most recent call last):
    ...
    geo.errors.BalanceError: 4 records were read, but the account has 3
    """
    step = account.groupby("step")["number"].sum()
    if step.get("records", 0) != physical:
        raise BalanceError(
            f"{physical:,} records were read, but the account has {step.get('records', 0):,}"
        )
    used = _number(account, "records", "used")
    for level in CODE_COLUMN:
        if level in step and step[level] != used:
            raise BalanceError(
                f"{used:,} events were used, but {step[level]:,} are in the account of the "
                f"{level} level"
            )


def _number(account: pd.DataFrame, step: str, outcome: str) -> int:
    rows = account[(account["step"] == step) & (account["outcome"] == outcome)]
    return int(rows["number"].sum())


def conflicts_of(located: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the events whose source names another state than the one their point lies in."""
    rows = located[located["conflict"].fillna(value=False).astype(bool)]
    columns = ["event_id", "admin1", "point_cvegeo", "cve_ent", "cvegeo"]
    return pd.DataFrame(rows[columns]).sort_values("event_id", ignore_index=True)
