"""Check that the counts of states and of municipalities are the same events."""

from __future__ import annotations

import pandas as pd

from geo import periods, schema
from geo.errors import BalanceError
from geo.periods import PeriodKind
from geo.steps.count import TOO_COARSE


def check_levels(
    located: pd.DataFrame,
    states: pd.DataFrame,
    municipalities: pd.DataFrame,
    *,
    period: PeriodKind = "year",
) -> pd.DataFrame:
    """Check that each state has the events of its municipalities and those known only to it.

    Parameters
    ----------
    located
        The ``ASSIGNED`` table that both panels were counted from.
    states, municipalities
        ``PANEL`` tables of the same periods; categories are summed up.
    period
        The kind of period of both.

    Returns
    -------
    DataFrame
        One row a state and period: ``cvegeo``, ``period``, ``events`` (of the state),
        ``municipal_events`` and ``state_only_events``. The last two add up to the first.

    Raises
    ------
    BalanceError
        If they do not, anywhere.

    Examples
    --------
    >>> panel = schema.PANEL.empty()
    >>> check_levels(schema.ASSIGNED.empty(), panel, panel).columns.tolist()
    ['cvegeo', 'period', 'events', 'municipal_events', 'state_only_events']
    """
    schema.ASSIGNED.check(located)
    schema.PANEL.check(states)
    schema.PANEL.check(municipalities)
    kind = periods.check_kind(period)
    loose = located["cve_ent"].notna() & located["cvegeo"].isna()
    loose &= ~located["time_precision"].isin(TOO_COARSE[kind])
    labels = periods.labels(located["event_date"], kind)
    loose &= labels.isin(states["period"])

    keys = ["cvegeo", "period"]
    table = states.groupby(keys)["events"].sum().rename("events").to_frame()
    parts = {
        "municipal_events": municipalities.assign(cvegeo=municipalities["cvegeo"].str[:2])
        .groupby(keys)["events"]
        .sum(),
        "state_only_events": pd.DataFrame(
            {"cvegeo": located["cve_ent"][loose], "period": labels[loose]}
        )
        .groupby(keys)
        .size(),
    }
    for name, part in parts.items():
        table = table.join(part.rename(name), how="outer")
    table = table.fillna(0).astype("int64").reset_index()
    table = table.astype({"cvegeo": "str", "period": "str"})
    off = table["events"] != table["municipal_events"] + table["state_only_events"]
    if off.any():
        told = [
            f"{row.cvegeo} in {row.period}: {row.events} events, but {row.municipal_events} in "
            f"municipalities + {row.state_only_events} known only to the state"
            for row in table[off].itertuples()
        ]
        raise BalanceError("States and municipalities do not agree:\n- " + "\n- ".join(told[:10]))
    return table
