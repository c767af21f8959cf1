"""Classes of a legend: few, with round bounds, and every value in exactly one.

One object serves the map, the tables and QGIS, so that a legend can never differ from what is
drawn. It holds numbers only; words are made where they are shown.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from itertools import pairwise
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from numpy.typing import ArrayLike

from geo.errors import DataWarning, SettingsError
from geo.stats.rates import FloatArray

MAX_CLASSES = 5
"""Classes above zero. With zero as a sixth, a reader still tells the colors apart."""

LOW_SHARE = 1 / 3
"""Share of the values above zero that the first class takes, before bounds are rounded."""

HIGH_SHARE = 0.03
"""Share of the values above zero that the last class takes, before bounds are rounded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassBreaks:
    """The classes of a legend, from lowest to highest.

    Parameters
    ----------
    bounds
        Lowest value, bounds between the classes, highest value; ascending. Empty where there is
        no value at all.
    closed
        A value on a bound belongs to the class that ends there; the lowest value belongs to the
        first class.
    zero_class
        Zero is a class of its own, the first, and the next one starts above zero. The lowest
        bound then is 0.
    whole
        Values are whole numbers, so that the class (2, 5] reads 3 to 5.

    Examples
    --------
    >>> classes = ClassBreaks(bounds=(0, 2, 5, 20), zero_class=True, whole=True)
    >>> classes.intervals
    ((0.0, 0.0), (0.0, 2.0), (2.0, 5.0), (5.0, 20.0))
    >>> classes.classify([0, 1, 2, 3, 20, float("nan")])
    array([ 0,  1,  1,  2,  3, -1])
    """

    bounds: tuple[float, ...]
    closed: Literal["right"] = "right"
    zero_class: bool = False
    whole: bool = False

    def __post_init__(self) -> None:
        """Refuse bounds that are no classes."""
        bounds = tuple(float(bound) for bound in self.bounds)
        object.__setattr__(self, "bounds", bounds)
        if not np.isfinite(bounds).all():
            raise SettingsError(f"class bounds must be finite numbers; found {bounds}")
        if self.closed != "right":
            raise SettingsError(f"classes are closed on the right, not {self.closed!r}")
        if self.zero_class and bounds[:1] != (0.0,):
            raise SettingsError(f"with a class for zero the lowest bound is 0; found {bounds}")
        single = len(bounds) == 2 and not self.zero_class and bounds[0] == bounds[1]
        if not single and any(a >= b for a, b in pairwise(bounds)):
            raise SettingsError(f"class bounds must ascend; found {bounds}")
        if len(bounds) == 1 and not self.zero_class:
            raise SettingsError(f"one bound is no class; found {bounds}, give lowest and highest")

    @property
    def intervals(self) -> tuple[tuple[float, float], ...]:
        """Lower and upper bound of each class; the class of zero is (0, 0)."""
        zero = ((0.0, 0.0),) if self.zero_class else ()
        return zero + tuple(pairwise(self.bounds))

    def __len__(self) -> int:
        """Return the number of classes."""
        return len(self.intervals)

    def classify(self, values: ArrayLike) -> npt.NDArray[np.int64]:
        """Return the class of each value, counted from 0; -1 where it is missing (NaN).

        Raises
        ------
        SettingsError
            If a value lies outside the lowest and highest bound (infinity does): it would be
            drawn in a color that the legend does not give it.
        """
        given = np.asarray(values, dtype=np.float64)
        missing = np.isnan(given)
        self._check_covers(given[~missing])
        # The lowest bound is left out of the search: a value on it is in the first class.
        inner = np.asarray(self.bounds if self.zero_class else self.bounds[1:], dtype=np.float64)
        return np.where(missing, -1, np.searchsorted(inner, given, side="left"))

    def counts(self, values: ArrayLike) -> npt.NDArray[np.int64]:
        """Return how many values are in each class; missing ones are in none.

        Examples
        --------
        >>> ClassBreaks(bounds=(0, 2, 5), zero_class=True).counts([0, 0, 1, 2, 2.5, float("nan")])
        array([2, 2, 1])
        """
        classes = self.classify(values)
        return np.bincount(classes[classes >= 0].ravel(), minlength=len(self)).astype(np.int64)

    def to_dict(self) -> dict[str, Any]:
        """Return the classes as plain values, for JSON and TOML.

        Examples
        --------
        >>> ClassBreaks(bounds=(0, 5)).to_dict()
        {'bounds': [0.0, 5.0], 'closed': 'right', 'zero_class': False, 'whole': False}
        """
        return {
            "bounds": list(self.bounds),
            "closed": self.closed,
            "zero_class": self.zero_class,
            "whole": self.whole,
        }

    @classmethod
    def from_dict(cls, plain: dict[str, Any]) -> ClassBreaks:
        """Return the classes that :meth:`to_dict` wrote."""
        return cls(**{**plain, "bounds": tuple(plain["bounds"])})

    def _check_covers(self, finite: FloatArray) -> None:
        if not len(finite):
            return
        if not self.bounds:
            raise SettingsError(f"there are no classes, but {len(finite)} values to classify")
        lowest, highest = self.bounds[0], self.bounds[-1]
        outside = (finite < lowest) | (finite > highest)
        if outside.any():
            raise SettingsError(
                f"{outside.sum()} of {len(finite)} values lie outside the classes "
                f"({lowest:g} to {highest:g}), the first is {finite[outside][0]:g}; make the "
                "classes from all values that are drawn"
            )


def make_breaks(
    values: ArrayLike, *, classes: int = MAX_CLASSES, whole: bool = False
) -> ClassBreaks:
    """Choose classes for values of which most are small and a few are large.

    Event counts and rates have many zeros and a long tail. Equal steps would put nearly all areas
    in the first class; equal shares would hide the few that stand out in a class with a fifth of
    all. Here zero is its own class, the first class above it takes the lowest third of the other
    values, the last one those that stand out (3 %), and bounds between rise by equal factors.
    Each bound then moves to the roundest number (fewest digits, in steps of 1, 2 or 5) within a
    third of the factor to its neighbors. No random start is involved, unlike in natural breaks, and
    neither one extreme value nor a few changed ones move the bounds much.

    Give the values of all periods that are drawn: the classes then are the same for all, and
    colors can be compared.

    Parameters
    ----------
    values
        Zero or more, in any shape. Missing ones (NaN) have no class.
    classes
        How many classes there may be above zero. Ties and few distinct values make fewer:
        a class without a value is never made.
    whole
        The values are whole numbers, and so shall the bounds be.

    Returns
    -------
    ClassBreaks
        The lowest bound is 0, or just below the lowest value if none is 0; the highest bound is
        the highest value, or just above it. With no value at all there are no classes.

    Raises
    ------
    SettingsError
        If a value is negative or infinite, or `classes` is below 1.

    Examples
    --------
    >>> counts = [0] * 50 + [1] * 10 + [2, 2, 3, 3, 4, 6, 7, 9, 11, 19, 30, 52, 118, 839]
    >>> breaks = make_breaks(counts, whole=True)
    >>> breaks.bounds
    (0.0, 1.0, 10.0, 50.0, 400.0, 839.0)
    >>> breaks.counts(counts)
    array([50, 10,  8,  3,  2,  1])
    >>> make_breaks([7, 7, 7]).bounds
    (7.0, 7.0)
    """
    if classes < 1:
        raise SettingsError(f"classes is {classes}; there must be at least one")
    given = np.asarray(values, dtype=np.float64).ravel()
    known = given[~np.isnan(given)]
    if not len(known):
        return ClassBreaks(bounds=(), whole=whole)
    least, most = known.min(), known.max()
    if least < 0 or np.isinf(most):
        raise SettingsError(
            f"values go from {least:g} to {most:g}; these classes are for finite values from zero "
            "upward"
        )
    zero_class = bool(least == 0)
    # Most counts are zero, and sorting is what takes long.
    positive = np.sort(known[known > 0])
    if not len(positive):
        return ClassBreaks(bounds=(0.0,), zero_class=True, whole=whole)

    highest = _rounded(positive[-1], ROUND_CEILING, whole=whole)
    lowest = 0.0 if zero_class else _rounded(positive[0], ROUND_FLOOR, whole=whole)
    if not zero_class and positive[0] == positive[-1]:
        lowest = highest = float(positive[0])
    cuts = _equal_factors(positive, classes - 1)
    cuts = np.unique(np.round(cuts) if whole else cuts)
    rounded = _round_between(cuts[(cuts > lowest) & (cuts < highest)], lowest, highest, whole=whole)
    inner = _without_empty(positive, rounded, lowest=lowest)
    return ClassBreaks(bounds=(lowest, *inner, highest), zero_class=zero_class, whole=whole)


def breaks_from(bounds: ArrayLike, values: ArrayLike, *, whole: bool = False) -> ClassBreaks:
    """Make classes from given bounds, so that they cover the values.

    Parameters
    ----------
    bounds
        Lowest, inner and highest bound. Unsorted or repeated ones are put in order, and the
        lowest and the highest are moved out where values lie beyond them; both with a warning.
        If the lowest is 0 and no value is below it, zero is a class of its own.
    values
        What will be drawn, in any shape.
    whole
        The values are whole numbers.

    Raises
    ------
    SettingsError
        If a bound is not a finite number or there are fewer than two distinct ones.

    Warns
    -----
    DataWarning
        If the bounds had to be changed.

    Examples
    --------
    >>> breaks_from([0, 10, 100], [0, 3, 70]).intervals
    ((0.0, 0.0), (0.0, 10.0), (10.0, 100.0))
    """
    asked = np.asarray(bounds, dtype=np.float64).ravel()
    ordered = np.unique(asked)
    if len(ordered) < 2 or not np.isfinite(ordered).all():
        raise SettingsError(
            f"class bounds must be at least two different finite numbers; found {asked.tolist()}"
        )
    drawn = np.asarray(values, dtype=np.float64).ravel()
    drawn = drawn[np.isfinite(drawn)]
    covering = ordered.copy()
    if len(drawn):
        covering[0] = min(ordered[0], drawn.min())
        covering[-1] = max(ordered[-1], drawn.max())
    if not np.array_equal(asked, covering):
        warnings.warn(
            f"class bounds {asked.tolist()} were changed to {covering.tolist()}: they must ascend "
            "and cover every value",
            DataWarning,
            stacklevel=2,
        )
    return ClassBreaks(bounds=tuple(covering), zero_class=bool(covering[0] == 0), whole=whole)


def _rounded(value: float, direction: str, *, whole: bool) -> float:
    """Round outward to three digits, so that an end of the legend reads well and covers all."""
    exact = Decimal(float(value))
    if whole:
        return float(exact.to_integral_value(direction))
    near = float(Context(prec=3, rounding=direction).plus(exact))
    return near if np.isfinite(near) else float(value)


def _equal_factors(ordered: FloatArray, number: int) -> FloatArray:
    """Return bounds that rise by equal factors from low to high among values above zero."""
    low = float(np.quantile(ordered, LOW_SHARE, method="inverted_cdf"))
    high = max(low, float(np.quantile(ordered, 1 - HIGH_SHARE)))
    if number == 1:
        return np.asarray([np.sqrt(low) * np.sqrt(high)])
    spread: FloatArray = np.geomspace(low, high, number)
    return spread


def _round_between(
    cuts: FloatArray, lowest: float, highest: float, *, whole: bool
) -> npt.NDArray[np.float64]:
    """Move each cut to a round number, by less than a third of the factor to its neighbors."""
    ends = np.concatenate([[lowest], cuts, [highest]])
    logarithms = np.log(ends, out=np.full(len(ends), -np.inf), where=ends > 0)
    steps = np.diff(logarithms)
    reach = np.exp(np.minimum(steps[:-1], steps[1:]) / 3)
    rounded = [
        _roundest(cut, cut / factor, cut * factor, whole=whole)
        for cut, factor in zip(cuts, reach, strict=True)
    ]
    return np.unique(np.asarray(rounded, dtype=np.float64))


def _roundest(cut: float, low: float, high: float, *, whole: bool) -> float:
    """Return the multiple of the largest 1-2-5 step that lies between `low` and `high`."""
    largest = Decimal(float(high)).adjusted()
    smallest = 0 if whole else largest - 15  # what a double can hold
    exact, floor, ceiling = (Decimal(float(bound)) for bound in (cut, low, high))
    for exponent in range(largest, smallest - 1, -1):
        for digit in (5, 2, 1):
            step = Decimal(digit).scaleb(exponent)
            multiple = (exact / step).to_integral_value() * step
            if floor < multiple < ceiling:
                return float(multiple)
    return float(cut)


def _without_empty(positive: FloatArray, cuts: FloatArray, *, lowest: float) -> list[float]:
    """Leave out the bounds that would close an empty class, or leave one above the last."""
    kept: list[float] = []
    below = 0
    for cut in cuts[cuts > lowest]:
        through = int(np.searchsorted(positive, cut, side="right"))
        if below < through < len(positive):
            kept.append(float(cut))
            below = through
    return kept
