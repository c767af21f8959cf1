"""How the hotspots of two windows differ: which are new, which stayed, which are gone.

That an area is a hotspot in one window and not in the other is no proof that it changed: each may
lie just beside the limit. How much its rate changed is told by :mod:`geo.steps.compare`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo import schema
from geo.errors import SettingsError

NOT_TESTED = "not tested"
NEITHER = "neither"


def compare_hotspots(
    hotspots: pd.DataFrame, *, base: str, comparison: str, least_bin: int = 2
) -> pd.DataFrame:
    """Say of each area whether it is a hotspot or coldspot in one window, the other or both.

    Parameters
    ----------
    hotspots
        A ``HOTSPOTS`` table that holds both windows.
    base, comparison
        Their labels, as they stand in ``period``.
    least_bin
        The lowest bin that counts as a hotspot: 2 is q up to 0.05.

    Returns
    -------
    DataFrame
        A ``HOTSPOT_CHANGE`` table in order of code. ``"not tested"`` where one of the windows was
        not tested.

    Raises
    ------
    SettingsError
        If a window is not in the table.

    Examples
    --------
    >>> hotspots = pd.DataFrame({
    ...     "cvegeo": ["01001", "01002"] * 2, "period": ["2023"] * 2 + ["2024"] * 2,
    ...     "value": 1.0, "gi_star": 1.0, "p_analytic": 0.5, "p_value": 0.5, "q_value": 0.5,
    ...     "gi_bin": pd.array([0, 3, 2, 0], dtype="Int64"),
    ... })
    >>> compare_hotspots(hotspots, base="2023", comparison="2024")["difference"].tolist()
    ['new hotspot', 'no longer a hotspot']
    """
    schema.HOTSPOTS.check(hotspots)
    sides = {}
    for label in (base, comparison):
        rows = hotspots[hotspots["period"] == label]
        if rows.empty and len(hotspots):
            raise SettingsError(
                f"the hotspots have no period {label!r}; they have "
                f"{', '.join(sorted(hotspots['period'].unique())[:5])}"
            )
        sides[label] = rows.set_index("cvegeo")["gi_bin"]
    codes = sorted(set(sides[base].index) | set(sides[comparison].index))
    before, after = (sides[label].reindex(codes).astype("Int64") for label in (base, comparison))
    words = np.full(len(codes), NEITHER, dtype=object)
    for name, sign in (("coldspot", -1), ("hotspot", 1)):  # what is hot now is told first
        was = (sign * before >= least_bin).fillna(value=False).to_numpy(dtype=bool)
        now = (sign * after >= least_bin).fillna(value=False).to_numpy(dtype=bool)
        words[was & ~now & (words == NEITHER)] = f"no longer a {name}"
        words[was & now] = f"{name} in both"
        words[~was & now] = f"new {name}"
    words[(before.isna() | after.isna()).to_numpy()] = NOT_TESTED
    return pd.DataFrame(
        {
            "cvegeo": pd.Series(codes, dtype="str"),
            "base_bin": before.array,
            "comparison_bin": after.array,
            "difference": pd.Series(words, dtype="str"),
        }
    )
