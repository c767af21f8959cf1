"""UCDP GED's codes in the words of the contract, candidate events included."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from geo.sources.cells import code, mapped, mask_of, missing, present, trimmed, words
from geo.sources.findings import Findings
from geo.sources.numbers import judged_counts
from geo.sources.remarks import Count, Remark

EARLIEST = np.datetime64("1989-01-01")
"""First day that GED covers."""

COUNTRY = 70
"""Mexico in the numbers of Gleditsch and Ward."""

_VIOLENCE = {1: "State-based conflict", 2: "Non-state conflict", 3: "One-sided violence"}
_WHERE = {
    1: "exact",
    2: "near",
    3: "municipality",
    4: "state",
    5: "fuzzy",
    6: "country",
    7: "water",
}
_TIME = {1: "day", 2: "week", 3: "week", 4: "month", 5: "year"}
# The published file has "municpality", "municiplaity" and other slips.
_STATE_SUFFIX = re.compile(r"\s+state\s*$", re.IGNORECASE)
_MUNICIPALITY_SUFFIX = re.compile(r"\s+mu[nicp]+[ality]+\s*$", re.IGNORECASE)


def translate(frame: pd.DataFrame, findings: Findings) -> dict[str, pd.Series]:
    """Return the columns of the contract, but for date and point; judge the type.

    Parameters
    ----------
    frame
        The file's columns under UCDP's own names.
    findings
        Verdicts so far; another ``type_of_violence`` than 1, 2, 3 is quarantined as
        ``unknown_type``.
    """
    violence = mapped(trimmed(frame["type_of_violence"]), code)
    kind = words(trimmed(frame["type_of_violence"]), lambda text: _VIOLENCE.get(code(text) or 0))
    findings.quarantine(
        mask_of(kind.isna()), "unknown_type", "type_of_violence", frame["type_of_violence"]
    )
    deaths = {
        name: _deaths(frame, column, findings)
        for name, column in (
            ("fatalities", "best"),
            ("fatalities_low", "low"),
            ("fatalities_high", "high"),
        )
    }
    low, best, high = deaths["fatalities_low"], deaths["fatalities"], deaths["fatalities_high"]
    for said, odd in (("low > best", low > best), ("best > high", best > high)):
        if n := int((mask_of(odd) & findings.used).sum()):
            findings.warnings.append(
                Remark(
                    "{n} with {said}; the figures are kept as given",
                    n=Count(n, "record"),
                    said=said,
                )
            )
    empty = missing(frame.index)
    return {
        "event_id": trimmed(frame["id"]),
        "event_type": kind,
        "sub_event_type": empty,
        "disorder_type": empty,
        "actor1": present(frame["side_a"]),
        "actor2": present(frame["side_b"]),
        "civilian_targeting": violence.eq(3).astype("boolean").mask(violence.isna()),
        **deaths,
        "time_precision": _coded(frame, "date_prec", _TIME),
        "geo_precision": _coded(frame, "where_prec", _WHERE),
        "admin1": _place(frame, "adm_1", _STATE_SUFFIX),
        "admin2": _place(frame, "adm_2", _MUNICIPALITY_SUFFIX),
    }


def all_clear(frame: pd.DataFrame) -> bool | None:
    """Return whether all events are checked (``Clear``); None where none says it.

    Examples
    --------
    >>> all_clear(pd.DataFrame({"code_status": ["Clear", "Check type of violence"]}))
    False
    """
    if "code_status" not in frame:
        return None
    status = trimmed(frame["code_status"]).dropna()
    return bool(status.str.casefold().eq("clear").all()) if len(status) else None


def covers_whole_years(years: int, *, is_clear: bool | None) -> bool:
    """Return whether this is a yearly release, complete to the end of its last year.

    Candidate files hold events that are not yet ``Clear``, and single years.

    Examples
    --------
    >>> covers_whole_years(2, is_clear=True), covers_whole_years(1, is_clear=True)
    (True, False)
    """
    return bool(is_clear) and years > 1


def _deaths(frame: pd.DataFrame, column: str, findings: Findings) -> pd.Series:
    if column not in frame:
        return pd.Series(np.nan, index=frame.index, dtype="float64")
    return pd.Series(judged_counts(frame[column], column, findings), index=frame.index)


def _coded(frame: pd.DataFrame, column: str, of: dict[int, str]) -> pd.Series:
    if column not in frame:
        return pd.Series("unknown", index=frame.index, dtype="str")
    found = words(trimmed(frame[column]), lambda text: of.get(code(text) or 0))
    return found.fillna("unknown")


def _place(frame: pd.DataFrame, column: str, suffix: re.Pattern[str]) -> pd.Series:
    if column not in frame:
        return missing(frame.index)
    return words(present(frame[column]), lambda text: suffix.sub("", text))
