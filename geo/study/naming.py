"""Names of areas beside their codes."""

from __future__ import annotations

import pandas as pd

from geo.cvegeo import Level
from geo.sources import boundaries


def with_names(table: pd.DataFrame, level: Level) -> pd.DataFrame:
    """Return the table with the names of its areas behind their codes."""
    names = boundaries.area_codes(level).set_index("cvegeo")
    named = table.drop(columns=["name", "state_name"], errors="ignore").copy()
    named.insert(1, "name", named["cvegeo"].map(names["name"]).astype("str"))
    named.insert(2, "state_name", named["cvegeo"].map(names["state_name"]).astype("str"))
    return named
