"""Many tests at once: p-values adjusted so that few of the finds are false.

Arrays in, arrays out. The tests of one map lie along the last axis; each map stands for itself.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from geo.errors import SettingsError
from geo.stats.rates import FloatArray


def benjamini_hochberg(p: ArrayLike) -> FloatArray:
    """Return q-values: among areas with q up to 0.05, about 5 % are expected to be false finds.

    Parameters
    ----------
    p
        p-values of all tests of a map, along the last axis. Missing ones (areas that were not
        tested) stay missing and do not count as tests.

    Returns
    -------
    array
        q-values, never below their p.

    Raises
    ------
    SettingsError
        If a p-value lies outside 0 to 1.

    References
    ----------
    Benjamini, Y., and Hochberg, Y. (1995). Controlling the false discovery rate. *Journal of the
    Royal Statistical Society B* 57, 289-300. For local statistics of neighboring areas: Caldas
    de Castro, M., and Singer, B. H. (2006). *Geographical Analysis* 38, 180-208.

    Examples
    --------
    >>> benjamini_hochberg([0.01, 0.04, 0.03, float("nan")])
    array([0.03, 0.04, 0.04,  nan])
    """
    return _step_up(_probabilities(p), inflation=1.0)


def benjamini_yekutieli(p: ArrayLike) -> FloatArray:
    """Return q-values that hold under any dependence between the tests, at a price in power.

    Parameters
    ----------
    p
        As in :func:`benjamini_hochberg`.

    Returns
    -------
    array
        q-values, never below those of Benjamini and Hochberg.

    References
    ----------
    Benjamini, Y., and Yekutieli, D. (2001). The control of the false discovery rate in multiple
    testing under dependency. *Annals of Statistics* 29, 1165-1188.

    Examples
    --------
    >>> benjamini_yekutieli([0.01, 0.04, 0.03, float("nan")]).round(4)
    array([0.055 , 0.0733, 0.0733,    nan])
    """
    values = _probabilities(p)
    tests = np.sum(~np.isnan(values), axis=-1, keepdims=True)
    harmonic = np.concatenate([[1.0], np.cumsum(1 / np.arange(1, values.shape[-1] + 1))])
    # harmonic[m] is 1 + 1/2 + ... + 1/m; without tests there is nothing to inflate.
    return _step_up(values, inflation=harmonic[tests])


def _probabilities(p: ArrayLike) -> FloatArray:
    values = np.atleast_1d(np.asarray(p, dtype=np.float64))
    if (wrong := (values < 0) | (values > 1)).any():
        raise SettingsError(
            f"{wrong.sum()} of {values.size} p-values lie outside 0 to 1, the first is "
            f"{values[wrong][0]:g}"
        )
    return values


def _step_up(p: FloatArray, *, inflation: float | FloatArray) -> FloatArray:
    order = np.argsort(p, axis=-1, kind="stable")  # missing values come last
    ordered = np.take_along_axis(p, order, axis=-1)
    tests = np.sum(~np.isnan(p), axis=-1, keepdims=True)
    ranks = np.arange(1, p.shape[-1] + 1)
    # The factor first: multiplied and divided one after the other, q may round to below p.
    adjusted = np.where(np.isnan(ordered), 1.0, ordered * (tests / ranks) * inflation)
    smallest = np.minimum.accumulate(adjusted[..., ::-1], axis=-1)[..., ::-1]
    q = np.empty_like(p)
    np.put_along_axis(q, order, np.minimum(smallest, 1.0), axis=-1)
    return np.where(np.isnan(p), np.nan, q)
