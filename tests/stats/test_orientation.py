from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.stats.orientation import orientation

number = st.floats(-1e99, 1e99, allow_nan=False) | st.sampled_from(
    [0.0, -0.0, 5e-324, -5e-324, 1e-160, 0.1, 0.2, 0.3, 1.0, -99.1, 1 + 2**-52]
)
pair = st.tuples(number, number)


def exact(a, b, p):
    (ax, ay), (bx, by), (px, py) = (tuple(map(Fraction, at)) for at in (a, b, p))
    value = (bx - ax) * (py - ay) - (by - ay) * (px - ax)
    return (value > 0) - (value < 0)


@given(st.lists(st.tuples(pair, pair, pair), min_size=1, max_size=20))
def test_side_is_that_of_exact_arithmetic(rows):
    a, b, p = (np.array([row[k] for row in rows]) for k in range(3))

    assert orientation(a, b, p).tolist() == [exact(*row) for row in rows]


@pytest.mark.parametrize("scale", [1.0, 1e-8, 1e-160, 1e-310])
def test_side_of_points_along_a_line_is_that_of_exact_arithmetic(scale):
    rng = np.random.default_rng(4)
    a = rng.normal(size=(3_000, 2)) * scale
    b = a + rng.normal(size=(3_000, 2)) * scale
    p = a + (b - a) * rng.random((3_000, 1))
    p[::3] = (a[::3] + b[::3]) / 2
    p[::7] = a[::7]

    found = orientation(a, b, p)

    expected = [exact(*(at.tolist() for at in row)) for row in zip(a, b, p, strict=True)]
    assert found.tolist() == expected
    assert set(expected) == {-1, 0, 1}
