"""Rates smoothed by other means than the global empirical Bayes rate, as columns beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.errors import SettingsError
from geo.stats import local_bayes
from geo.steps.map_grid import MapGrid
from geo.steps.neighborhood import links_of

FloatArray = npt.NDArray[np.float64]

Smoothing = Literal["local", "gamma"]
"""``local`` empirical Bayes over neighbors, or a ``gamma`` prior with posterior intervals."""

_COLUMNS: dict[str, tuple[str, ...]] = {
    "local": ("local_eb_rate",),
    "gamma": ("gamma_rate", "gamma_low", "gamma_high"),
}


def check_smoothing(asked: Sequence[str]) -> None:
    """Raise :exc:`~geo.errors.SettingsError` for a smoothing that there is not.

    Examples
    --------
    >>> check_smoothing(["local"])
    """
    words = get_args(Smoothing)
    if isinstance(asked, str) or any(name not in words for name in asked):
        raise SettingsError(
            f"smoothing is {asked!r}; give some of {', '.join(map(repr, words))}, as ('gamma',). "
            "The global empirical Bayes rate is always there"
        )


def smoothed_columns(
    grid: MapGrid,
    events: FloatArray,
    exposure: FloatArray,
    asked: Sequence[Smoothing],
    *,
    neighbors: pd.DataFrame | None = None,
    per: float = 100_000,
    confidence: float = 0.95,
) -> dict[str, FloatArray]:
    """Return the columns of the smoothings that are asked for, one value a row of the grid.

    Parameters
    ----------
    grid
        Where the rows stand in maps x areas.
    events, exposure
        One value a row.
    asked
        Which ones.
    neighbors
        For ``local``; the shipped ones of the level unless given.
    per, confidence
        As in :func:`geo.steps.measure.add_rates`.

    Raises
    ------
    SettingsError
        If there is no such smoothing, or no two of the areas are neighbors.

    Examples
    --------
    >>> panel = pd.DataFrame({"cvegeo": ["01", "02", "03"], "period": "2024"})
    >>> found = smoothed_columns(
    ...     MapGrid.of(panel), np.array([5.0, 5.0, 6.0]), np.array([100.0] * 3), ["gamma"], per=1
    ... )
    >>> found["gamma_rate"].round(4)
    array([0.0533, 0.0533, 0.0533])
    """
    check_smoothing(asked)
    columns: dict[str, FloatArray] = {}
    if not len(grid.codes):
        return {name: np.empty(0) for word in asked for name in _COLUMNS[word]}
    maps = grid.maps(events), grid.maps(exposure)
    if "local" in asked:
        links = links_of(grid.codes, neighbors)
        smooth = local_bayes.local_empirical_bayes_rate(*maps, links, per=per)
        columns["local_eb_rate"] = grid.rows(smooth)
    if "gamma" in asked:
        gamma = local_bayes.poisson_gamma_rate(*maps, per=per, confidence=confidence)
        found = gamma.rate, gamma.rate_low, gamma.rate_high
        columns |= zip(_COLUMNS["gamma"], map(grid.rows, found), strict=True)
    return columns
