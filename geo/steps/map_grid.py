"""Where each row of a panel stands in maps x areas."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.errors import SchemaError

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class MapGrid:
    """Where each row of a panel stands in maps x areas: one map a period (and category).

    Maps and areas are sorted, so that results do not depend on the order of the rows.
    """

    codes: pd.Index
    map_count: int
    area: npt.NDArray[np.intp]
    map: npt.NDArray[np.intp]

    @classmethod
    def of(cls, panel: pd.DataFrame) -> MapGrid:
        """Return the grid of a table with ``cvegeo``, ``period`` and perhaps ``category``."""
        area, codes = pd.factorize(panel["cvegeo"].astype("str"), sort=True)
        names = ["period", "category"] if "category" in panel.columns else ["period"]
        number = panel.groupby(names, sort=True, dropna=False).ngroup().to_numpy(dtype=np.intp)
        return cls(pd.Index(codes), int(number.max(initial=-1)) + 1, area, number)

    def maps(self, values: npt.ArrayLike) -> FloatArray:
        """Spread one value a row over maps x areas; NaN where there is no row."""
        spread = np.full((self.map_count, len(self.codes)), np.nan)
        spread[self.map, self.area] = np.asarray(values, dtype=np.float64)
        return spread

    def rows(self, maps: FloatArray) -> FloatArray:
        """Take back, for each row, its value from maps x areas."""
        taken: FloatArray = maps[self.map, self.area]
        return taken

    def check_complete(self) -> None:
        """Raise :exc:`~geo.errors.SchemaError` if an area has no row in one of the maps."""
        lacking = self.map_count * len(self.codes) - len(self.area)
        if lacking:
            raise SchemaError(
                f"the panel lacks {lacking} of {self.map_count} x {len(self.codes)} rows: every "
                "area must be there in every period (and category), with 0 where nothing "
                "happened; count_events makes it so"
            )
