"""On which side of a line a point lies, without a rounding error.

Three stages, each for what the one before cannot decide: doubles with an error bound (Shewchuk
1997), exact sums of products of doubles, whole numbers. Nothing is ever "nearly" on a line.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
SignArray = npt.NDArray[np.int8]

_BOUND = (3.0 + 16.0 * 2.0**-53) * 2.0**-53
"""Error of the plain determinant relative to the sum of its two products (ccwerrboundA)."""

_TINY = 1e-200
"""Products nearer to zero than this may lose digits below the smallest double."""

_SPLIT = 2.0**27 + 1.0


def orientation(start: FloatArray, end: FloatArray, point: FloatArray) -> SignArray:
    """Return on which side of directed lines points lie: 1 left, -1 right, 0 on the line.

    Parameters
    ----------
    start, end, point
        Two columns, longitude and latitude; finite and below 1e100 in size.

    Returns
    -------
    array
        One sign a row, always that of the determinant in exact arithmetic. 0 as well where
        `start` is `end`.

    References
    ----------
    Shewchuk, J. R. (1997). Adaptive precision floating-point arithmetic and fast robust geometric
    predicates. *Discrete & Computational Geometry* 18, 305-363.

    Examples
    --------
    >>> west, east = np.array([[0.0, 0.0]] * 3), np.array([[1.0, 0.0]] * 3)
    >>> orientation(west, east, np.array([[5.0, 1.0], [5.0, 0.0], [5.0, -5e-324]])).tolist()
    [1, 0, -1]

    In doubles, 0.1 + 0.2 is a little more than 0.3, and the middle of both is not on the line:

    >>> orientation(np.zeros((1, 2)), np.array([[0.3, 0.3]]), np.array([[0.1, 0.1]])).tolist()
    [0]
    >>> orientation(np.zeros((1, 2)), np.array([[0.3, 0.1 + 0.2]]), np.array([[0.1, 0.1]])).tolist()
    [-1]
    """
    along, to_point = end - start, point - start
    left = along[:, 0] * to_point[:, 1]
    right = along[:, 1] * to_point[:, 0]
    determinant = left - right
    size = np.abs(left) + np.abs(right)
    sign = np.sign(determinant).astype(np.int8)

    flat = ((along[:, 0] == 0) | (to_point[:, 1] == 0)) & (
        (along[:, 1] == 0) | (to_point[:, 0] == 0)
    )
    certain = flat | ((np.abs(determinant) > _BOUND * size) & (size > _TINY))
    open_rows = np.flatnonzero(~certain)
    if len(open_rows):
        sign[open_rows] = _exact(start[open_rows], end[open_rows], point[open_rows])
    return sign


def _exact(start: FloatArray, end: FloatArray, point: FloatArray) -> SignArray:
    along, to_point = end - start, point - start
    whole = (_tail(end, start, along) == 0) & (_tail(point, start, to_point) == 0)
    high, low = _product(along, to_point[:, ::-1])
    # Dekker's product is exact unless a part of it falls below the smallest double.
    large = (np.abs(high) > _TINY) | (along == 0) | (to_point[:, ::-1] == 0)
    simple = (whole & large).all(axis=1)

    terms = np.column_stack([low[:, 0], -low[:, 1], high[:, 0], -high[:, 1]])
    sign = _sign_of_sum(terms)
    for row in np.flatnonzero(~simple):
        sign[row] = _rational(start[row], end[row], point[row])
    return sign


def _rational(start: FloatArray, end: FloatArray, point: FloatArray) -> int:
    (ax, ay), (bx, by), (px, py) = (
        (Fraction(float(pair[0])), Fraction(float(pair[1]))) for pair in (start, end, point)
    )
    determinant = (bx - ax) * (py - ay) - (by - ay) * (px - ax)
    return (determinant > 0) - (determinant < 0)


def _tail(minuend: FloatArray, subtrahend: FloatArray, difference: FloatArray) -> FloatArray:
    """Return what rounding took from a difference (Shewchuk's Two-Diff)."""
    virtual = minuend - difference
    around = difference + virtual
    tail: FloatArray = (minuend - around) + (virtual - subtrahend)
    return tail


def _product(one: FloatArray, other: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return products as two doubles each, whose sum is exact (Dekker)."""
    high = one * other
    one_high, one_low = _halves(one)
    other_high, other_low = _halves(other)
    rest = high - one_high * other_high - one_low * other_high - one_high * other_low
    return high, one_low * other_low - rest


def _halves(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    scaled = _SPLIT * values
    high = scaled - (scaled - values)
    return high, values - high


def _sign_of_sum(terms: FloatArray) -> SignArray:
    """Return the sign of the exact sum of each row (Shewchuk's Grow-Expansion)."""
    parts: list[FloatArray] = []
    for term in terms.T:
        carried = term
        grown = []
        for part in parts:
            carried, rest = _sum(carried, part)
            grown.append(rest)
        parts = [*grown, carried]
    # The parts do not overlap and grow in size, so the last that is not zero has the sign.
    sign = np.zeros(len(terms), dtype=np.int8)
    for part in parts:
        sign = np.where(part != 0, np.sign(part), sign).astype(np.int8)
    return sign


def _sum(one: FloatArray, other: FloatArray) -> tuple[FloatArray, FloatArray]:
    total = one + other
    virtual = total - one
    return total, (one - (total - virtual)) + (other - virtual)
