"""Records that state the same event more than once.

The same id with the same content is kept once. Of several versions of an id the latest is kept,
if the source says when each was uploaded; else the first, and the conflict is said. Events that
look alike under two ids are counted and never merged.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.crs import FloatArray
from geo.errors import SourceError, counted
from geo.sources.cells import mask_of
from geo.sources.findings import Findings

_MONADIC = 0.2
"""A file in which more than this share of the ids have one row an actor is a monadic export."""


def refuse_monadic(
    event_id: pd.Series,
    actor1: pd.Series,
    actor2: pd.Series,
    same: list[pd.Series],
    *,
    ids: int | None = None,
) -> None:
    """Refuse an export with one row an actor, whose ids repeat by design.

    Parameters
    ----------
    event_id, actor1, actor2
        Columns of the file, of the rows that are of interest.
    same
        Columns that do not differ between the rows of one event, such as date and place.
    ids
        Number of different ids in the file, where these are only the rows whose id repeats.

    Raises
    ------
    SourceError
        Many ids stand on two rows that agree in all but the actors.
    """
    repeated = (event_id.duplicated(keep=False) & event_id.notna()).to_numpy()
    if not repeated.any():
        return
    rows = pd.DataFrame({"id": event_id[repeated], "one": actor1[repeated].fillna("")})
    rows["two"] = actor2[repeated].fillna("")
    rows["rest"] = pd.util.hash_pandas_object(
        pd.concat([column[repeated] for column in same], axis=1), index=False
    )
    by_id = rows.groupby("id")
    distinct = by_id.agg({"one": "nunique", "two": "nunique", "rest": "nunique"})
    low, high = rows["one"].where(rows["one"] <= rows["two"], rows["two"]), rows["one"]
    high = high.where(rows["one"] > rows["two"], rows["two"])
    pairs = (low + "\0" + high).groupby(rows["id"]).nunique()
    alone = rows["two"].eq("").groupby(rows["id"]).all()
    monadic = (distinct["one"] > 1) & (distinct["rest"] == 1) & (pairs.eq(1) | alone)
    n = int(monadic.sum())
    ids = event_id.nunique() if ids is None else ids
    if n <= _MONADIC * ids:
        return
    raise SourceError(
        f"this is a monadic export: {counted(n, 'id')} of {ids:,} stand on several rows, one an "
        "actor, so each event would be counted once for each of its actors; export the data "
        "again as dyadic (one row an event; export_type=dyadic)"
    )


def set_aside_repeats(
    findings: Findings,
    event_id: pd.Series,
    content: pd.DataFrame,
    timestamp: FloatArray | None,
) -> None:
    """Keep one record of each id; the ledger says what the others are.

    Records that are sound but filtered take part: a later version that lies in another country
    takes the place of an earlier one in Mexico.

    Parameters
    ----------
    findings
        Verdicts so far; the repeats are quarantined as ``duplicate`` (same content),
        ``superseded`` (an earlier version) or ``id_conflict`` (nothing says which is valid).
    event_id
        Id of each record.
    content
        What makes two records of an id the same.
    timestamp
        When each version was uploaded, in seconds; NaN where it is not stated.
    """
    among = findings.sound & mask_of(event_id.notna())
    repeated = among & mask_of(event_id.where(among).duplicated(keep=False))
    place = np.flatnonzero(repeated)
    if not len(place):
        return
    rows = pd.DataFrame(
        {
            "id": event_id.iloc[place].to_numpy(),
            "content": pd.util.hash_pandas_object(
                content.iloc[place].assign(fate=findings.fate[place]), index=False
            ).to_numpy(),
            "time": np.nan if timestamp is None else timestamp[place],
        }
    )
    reason = _reasons(rows)
    for why in ("duplicate", "superseded", "id_conflict"):
        which = np.zeros(len(event_id), dtype=bool)
        which[place[reason == why]] = True
        findings.set_repeats_aside(which, why, event_id)


def _reasons(rows: pd.DataFrame) -> npt.NDArray[np.object_]:
    """Return why each row is not the one to keep of its id; None for the one that is."""
    by_id = rows.groupby("id", sort=False)
    latest = by_id["time"].transform("max")
    # Without a time on every version of an id, none of them can be called the latest.
    timed = by_id["time"].transform("count").eq(by_id["id"].transform("size"))
    candidate = ~timed | rows["time"].eq(latest)
    order = np.arange(len(rows))
    first = pd.Series(np.where(candidate, order, len(rows))).groupby(rows["id"]).transform("min")
    keeper = first.to_numpy()
    same = rows["content"].to_numpy() == rows["content"].to_numpy()[keeper]
    older = timed.to_numpy() & (rows["time"] < latest).to_numpy()
    reason = np.full(len(rows), "id_conflict", dtype=object)
    reason[older] = "superseded"
    reason[same] = "duplicate"
    reason[keeper == order] = None
    return reason


def warn_of_likely_repeats(findings: Findings, events: pd.DataFrame) -> None:
    """Count events that agree in day, exact place, type and actors under different ids.

    Parameters
    ----------
    findings
        Verdicts so far; a warning is added.
    events
        All records in the words of the contract, with ``longitude`` and ``latitude``.
    """
    exact = findings.used & mask_of(events["time_precision"].eq("day"))
    exact &= mask_of(events["geo_precision"].eq("exact"))
    # Without a named actor on at least one side, agreement says little.
    exact &= mask_of(events["actor1"].notna())
    key = [
        "event_date", "longitude", "latitude", "event_type", "sub_event_type", "actor1", "actor2",
        "fatalities",
    ]  # fmt: skip
    rows = events.loc[exact, key]
    later = rows.duplicated().to_numpy()
    if not later.any():
        return
    place = np.flatnonzero(exact)[later]
    example = events["event_id"].iloc[place[0]]
    they = "it is" if len(place) == 1 else "they are"
    findings.warnings.append(
        f"{counted(len(place), 'event')} may repeat another under a second id (same day, place, "
        f"type, actors and deaths), such as {example!r}; {they} counted"
    )
