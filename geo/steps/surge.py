"""Which areas have many more events in the latest weeks than in those before.

The rules are ACLED's: the levels of change of its Trendfinder, and the flags of its Subnational
Surge and Threat Trackers, with their guards against small numbers. The interval beside is ours: a
doubling from one event to two is within chance, and most flags of small areas are.
"""

from __future__ import annotations

import itertools
import warnings
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo import periods, schema
from geo.errors import PeriodError, PeriodWarning
from geo.stats import multiple, ratios

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

VIOLENT = (
    "Battles",
    "Explosions/Remote violence",
    "Violence against civilians",
    "Riots",
)
"""ACLED's event types that its trackers count."""
VIOLENT_TOO = "Excessive force against protesters"

LEAST_MEAN = 1.0
"""Weekly mean over four weeks below which no area is flagged."""
FEW_BEFORE, FEW_NOW = 2.0, 5
"""Weekly mean before and events of the latest week up to which the level is "limited change"."""


class _Rule(NamedTuple):
    name: str
    weeks: int
    base_weeks: int
    has_level: bool
    has_flag: bool


_RULES = (
    _Rule("week against month", 1, 4, has_level=True, has_flag=True),
    _Rule("week against year", 1, 52, has_level=True, has_flag=False),
    _Rule("month against year", 4, 52, has_level=False, has_flag=True),
)


def find_surges(panel: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """Compare the latest week, and the latest four, of every area with the weeks before.

    ``week against month`` is the latest week against the four before it: a level of change, and
    the flag of a surge (at least twice the weekly mean). ``week against year`` is the same against
    52 weeks: a level. ``month against year`` is the latest four weeks against the 52 before them:
    the flag of a threat. Levels: above +25 % large increase, above +10 % moderate increase, below
    -25 % large decrease, else limited change.

    Guards: no flag where the mean of the four weeks (before the latest one; the latest four) is
    below one event; "limited change" where the mean before is at most 2 and the latest week has at
    most 5 events.

    Parameters
    ----------
    panel
        A ``PANEL`` table by week (ISO's or ACLED's), as a rule of :func:`violent_events`. Weeks
        that are not complete are left out.
    confidence
        Two-sided coverage of the intervals.

    Returns
    -------
    DataFrame
        A ``SURGES`` table. Intervals and p are exact for events that happen independently;
        violence comes in bursts, so true uncertainty is larger. Without an event before, the ratio
        is infinite; without any, it is missing.

    Raises
    ------
    PeriodError
        If the panel is not by week, has gaps, or fewer than 5 complete weeks.

    Warns
    -----
    PeriodWarning
        If there are too few weeks for the rules that look at a year.

    Examples
    --------
    >>> panel = pd.DataFrame({
    ...     "cvegeo": "25", "period": ["2024-W01", "2024-W02", "2024-W03", "2024-W04", "2024-W05"],
    ...     "events": [3, 3, 3, 3, 12], "fatalities": 0, "fatalities_unknown": 0, "complete": True,
    ...     "years": 7 / 366,
    ... })
    >>> import warnings
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     found = find_surges(panel)
    >>> found[["rule", "ratio", "ratio_low", "level", "flag"]].values.tolist()
    [['week against month', 4.0, 1.6437, 'large increase', True]]
    """
    schema.PANEL.check(panel)
    counts = _weekly(panel)
    known = counts.shape[1]
    possible = [rule for rule in _RULES if rule.weeks + rule.base_weeks <= known]
    if not possible:
        raise PeriodError(
            f"{known} complete weeks; a surge needs the latest and the four before it"
        )
    if lacking := [rule.name for rule in _RULES if rule not in possible]:
        warnings.warn(
            f"{known} complete weeks are too few for {' and '.join(lacking)}; these rules are left "
            "out",
            PeriodWarning,
            stacklevel=2,
        )
    tables = [_by_rule(counts, rule, confidence) for rule in possible]
    table = pd.concat(tables).sort_values(["cvegeo", "place"], ignore_index=True)
    return table[list(schema.SURGES.dtypes)].astype(schema.SURGES.dtypes)


def violent_events(located: pd.DataFrame) -> pd.DataFrame:
    """Return the events that ACLED's trackers count: all but peaceful or dispersed protests.

    Battles, explosions and remote violence, violence against civilians, riots, and excessive force
    against protesters. Strategic developments are no violence.

    Examples
    --------
    >>> events = pd.DataFrame({
    ...     "event_type": ["Riots", "Protests", "Protests", None],
    ...     "sub_event_type": ["Mob violence", "Peaceful protest", VIOLENT_TOO, None],
    ... })
    >>> violent_events(events).index.tolist()
    [0, 2]
    """
    violent = located["event_type"].isin(VIOLENT) | (located["sub_event_type"] == VIOLENT_TOO)
    return located[violent]


def _weekly(panel: pd.DataFrame) -> pd.DataFrame:
    """Return events, areas × complete weeks in the order of time."""
    used = panel[panel["complete"].astype(bool)]
    counts = used.pivot_table(index="cvegeo", columns="period", values="events", aggfunc="sum")
    edges = {label: periods.bounds(str(label)) for label in counts.columns}
    ordered = sorted(edges, key=lambda label: edges[label])
    wrong = [str(label) for label in ordered if (edges[label][1] - edges[label][0]).days != 7]
    if wrong:
        raise PeriodError(
            f"{wrong[0]} is no week; count events by week or acled-week to look for surges"
        )
    for one, other in itertools.pairwise(ordered):
        if edges[one][1] != edges[other][0]:
            raise PeriodError(f"there is a gap after the week {one}; a series is without")
    return counts[ordered]


def _by_rule(counts: pd.DataFrame, rule: _Rule, confidence: float) -> pd.DataFrame:
    events = counts.to_numpy(dtype=np.float64)
    now = events[:, -rule.weeks :].sum(axis=1)
    before = events[:, -rule.weeks - rule.base_weeks : -rule.weeks].sum(axis=1)
    given = {
        "base_events": before,
        "base_exposure": float(rule.base_weeks),
        "comparison_events": now,
        "comparison_exposure": float(rule.weeks),
    }
    ratio = ratios.rate_ratio(**given)
    low, high = ratios.exact_ratio_interval(**given, confidence=confidence)
    p = ratios.exact_ratio_p(**given, null_ratio=1.0)
    few = (before / rule.base_weeks <= FEW_BEFORE) & (now <= FEW_NOW)
    four_weeks = before / 4 if rule.base_weeks == 4 else now / 4
    quiet = (four_weeks < LEAST_MEAN) & rule.has_flag
    flag = (ratio >= 2) & ~quiet & rule.has_flag
    return pd.DataFrame(
        {
            "cvegeo": counts.index.astype("str"),
            "place": _RULES.index(rule),
            "rule": rule.name,
            "period": str(counts.columns[-1]),
            "events": now,
            "weeks": rule.weeks,
            "base_events": before,
            "base_weeks": rule.base_weeks,
            "ratio": ratio,
            "ratio_low": low,
            "ratio_high": high,
            "p_value": p,
            "q_value": multiple.benjamini_hochberg(p),
            "level": _levels(ratio, few) if rule.has_level else None,
            "flag": pd.array(flag, dtype="boolean"),
            "guarded": pd.array(quiet | (few & rule.has_level), dtype="boolean"),
        }
    )


def _levels(ratio: FloatArray, few: BoolArray) -> npt.NDArray[np.str_]:
    # Not ratio - 1: that would lift 1.1 above its threshold by rounding.
    against = np.where(np.isnan(ratio), 1.0, ratio)
    return np.select(
        [few, against > 1.25, against > 1.10, against < 0.75],
        ["limited change", "large increase", "moderate increase", "large decrease"],
        default="limited change",
    )
