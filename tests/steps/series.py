"""Monthly measures that are written out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo import periods, schema


def measures(counts, *, first="2022-01-01", people=1_200_000.0, incomplete=0):
    """Return a ``MEASURES`` table of months with the same person-years each.

    `counts` has a list of events for each area; `incomplete` of the last months are.
    """
    length = len(next(iter(counts.values())))
    last = pd.Timestamp(first) + pd.DateOffset(months=length - 1)
    labels = periods.calendar("month", first, last)["period"]
    parts = []
    for code, events in counts.items():
        frame = pd.DataFrame({"cvegeo": code, "period": labels, "events": events})
        frame["complete"] = np.arange(length) < length - incomplete
        parts.append(frame)
    table = pd.concat(parts, ignore_index=True)
    table["years"] = 1 / 12
    table["population"], table["exposure"] = people, people / 12
    table["crude_rate"] = 100_000 * table["events"] / table["exposure"]
    table["reliable"] = False
    whole = table.reindex(columns=list(schema.MEASURES.dtypes))
    for name in ("fatalities", "fatalities_unknown"):
        whole[name] = 0
    return whole.astype(schema.MEASURES.dtypes)
