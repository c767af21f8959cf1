"""Areas in focus and the areas they are compared with, as checked tables of areas × months.

Arrays in, arrays out. Shared by :mod:`geo.stats.did` and :mod:`geo.stats.placebos`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numpy.typing import ArrayLike

from geo.errors import SettingsError
from geo.stats.loglinear import BoolArray, LogLinearFit, fit_log_linear
from geo.stats.rates import FloatArray, counts_and_exposure
from geo.stats.ratios import rate_ratio


@dataclass(frozen=True, slots=True)
class TwoWayFit:
    """A model with an effect of each area and each month, and the area of each of its rows."""

    model: LogLinearFit
    area: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Compared:
    """Counts of areas × months and which areas are compared; made by :meth:`of`.

    Attributes
    ----------
    counts, times
        Events and exposure; both 0 in cells left out.
    used
        Which cells have a count and an exposure.
    focus, donors
        Of each area, whether it is in focus, and whether it is compared with.
    """

    counts: FloatArray
    times: FloatArray
    used: BoolArray
    focus: BoolArray
    donors: BoolArray

    @classmethod
    def of(
        cls, events: ArrayLike, exposure: ArrayLike, focus: ArrayLike, donors: ArrayLike | None
    ) -> Compared:
        """Check counts and choices, and refuse areas that are both in focus and compared with."""
        counts, times = counts_and_exposure(events, exposure)
        chosen: BoolArray = np.asarray(focus, dtype=bool)
        others: BoolArray = ~chosen if donors is None else np.asarray(donors, dtype=bool)
        if counts.ndim != 2 or chosen.shape != counts.shape[:1] or others.shape != chosen.shape:
            raise SettingsError(
                f"counts have the shape {counts.shape}, focus {chosen.shape} and donors "
                f"{others.shape}; counts are areas x months, the others one truth value an area"
            )
        if (both := chosen & others).any():
            raise SettingsError(
                f"{both.sum()} areas are in focus and donors at once, the first at position "
                f"{int(np.argmax(both))}; an area is not compared with itself"
            )
        if not chosen.any() or not others.any():
            raise SettingsError(
                f"{chosen.sum()} areas in focus and {others.sum()} donors; there must be one of "
                "each"
            )
        used: BoolArray = (times > 0) & ~np.isnan(counts)
        return cls(np.where(used, counts, 0.0), np.where(used, times, 0.0), used, chosen, others)

    def sums(self, areas: BoolArray, months: BoolArray) -> tuple[float, float]:
        """Return events and exposure of these areas in these months."""
        cells = np.ix_(areas, months)
        return float(self.counts[cells].sum()), float(self.times[cells].sum())

    def growth_ratio(
        self, focus: BoolArray, donors: BoolArray, *, before: BoolArray, after: BoolArray
    ) -> float:
        """Return (focus after / before) / (donors after / before), of rates.

        0 or infinite where one sum leaves that, NaN where nothing is left to divide.
        """
        growth = []
        for areas in (focus, donors):
            (n0, t0), (n1, t1) = self.sums(areas, before), self.sums(areas, after)
            growth.append(
                rate_ratio(
                    base_events=n0,
                    base_exposure=t0,
                    comparison_events=n1,
                    comparison_exposure=t1,
                )
            )
        return float(ratio_of_growth(*growth))

    def two_way_fit(self, areas: BoolArray, *, treated: BoolArray | None) -> TwoWayFit | None:
        """Fit an effect of each area and each month, and a last one of the treated cells.

        Areas and months without an event are left out, as they say nothing of a change. None where
        fewer than two of either are left, or the treated cells cannot be told from an effect.
        """
        rows = np.flatnonzero(areas & (self.counts.sum(axis=1) > 0))
        columns = np.flatnonzero(self.counts[areas].sum(axis=0) > 0)
        if rows.size < 2 or columns.size < 2:
            return None
        cells = np.ix_(rows, columns)
        area, month = (part.ravel() for part in np.indices((rows.size, columns.size)))
        design = [area[:, np.newaxis] == np.arange(rows.size)]
        design.append(month[:, np.newaxis] == np.arange(1, columns.size))
        if treated is not None:
            design.append(treated[cells].reshape(-1, 1))
        matrix = np.column_stack(design).astype(np.float64)
        within = matrix[self.used[cells].ravel()]
        if np.linalg.matrix_rank(within) < matrix.shape[1]:
            return None
        model = fit_log_linear(matrix, self.counts[cells].ravel(), self.times[cells].ravel())
        return TwoWayFit(model, area)


def ratio_of_growth(focus: ArrayLike, donors: ArrayLike) -> FloatArray:
    """Divide two ratios that may be 0 or infinite; NaN where that says nothing.

    Examples
    --------
    >>> ratio_of_growth([4.0, 4.0, 0.0], [2.0, 0.0, 0.0])
    array([ 2., inf, nan])
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.asarray(focus) / np.asarray(donors), dtype=np.float64)


def checked_window(after: ArrayLike, months: int) -> BoolArray:
    """Return which months are after, and refuse windows without any month."""
    side: BoolArray = np.asarray(after, dtype=bool)
    if side.shape != (months,) or side.all() or not side.any():
        raise SettingsError(
            f"after has the shape {side.shape} and holds {int(side.sum())} months, of {months}; it "
            "must say of each month whether it lies after, and some must on either side"
        )
    return side
