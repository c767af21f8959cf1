from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import SettingsError
from geo.stats.multiple import benjamini_hochberg, benjamini_yekutieli
from tests.shared import oracle

METHODS = {"bh": benjamini_hochberg, "by": benjamini_yekutieli}
probabilities = st.lists(st.floats(0, 1) | st.just(np.nan))


def test_e12_area_that_was_not_tested_is_no_test():
    assert benjamini_hochberg([0.01, np.nan, 0.02]).tolist()[::2] == [0.02, 0.02]
    assert np.isnan(benjamini_hochberg([0.01, np.nan, 0.02])[1])


@pytest.mark.parametrize("adjust", METHODS.values(), ids=METHODS)
@pytest.mark.parametrize("p", [[], [np.nan, np.nan]], ids=["empty", "nothing tested"])
def test_e8_without_a_test_there_is_no_q_value(adjust, p):
    assert np.isnan(adjust(p)).tolist() == [True] * len(p)


@pytest.mark.parametrize("wrong", [-0.01, 1.01, np.inf])
def test_a_p_value_outside_0_to_1_is_refused(wrong):
    with pytest.raises(SettingsError, match="1 of 2 p-values lie outside 0 to 1"):
        benjamini_hochberg([0.5, wrong])


@given(probabilities)
def test_q_is_never_below_p_nor_above_1_and_keeps_the_order(p):
    p = np.array(p)
    tested = ~np.isnan(p)

    q, careful = benjamini_hochberg(p), benjamini_yekutieli(p)

    assert (np.isnan(q) == ~tested).all()
    assert (p[tested] <= q[tested]).all()
    assert (q[tested] <= careful[tested]).all()
    assert (careful[tested] <= 1).all()
    assert (np.diff(q[tested][np.argsort(p[tested])]) >= 0).all()


@given(probabilities, st.data())
def test_a_smaller_p_raises_no_q(p, data):
    p = np.array(p)
    smaller = p * [data.draw(st.floats(0, 1)) for _ in p]

    for adjust in METHODS.values():
        before, after = adjust(p), adjust(smaller)
        assert (after <= before * (1 + 1e-12))[~np.isnan(p)].all()


@given(probabilities, st.randoms(use_true_random=False))
def test_order_of_tests_changes_nothing(p, random):
    order = list(range(len(p)))
    random.shuffle(order)

    np.testing.assert_array_equal(
        benjamini_hochberg(np.array(p)[order]), benjamini_hochberg(p)[order]
    )


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1) | st.just(np.nan)), min_size=1))
def test_each_map_is_adjusted_by_itself(pairs):
    maps = np.array(pairs).T
    for adjust in METHODS.values():
        for one, adjusted in zip(maps, adjust(maps), strict=True):
            np.testing.assert_array_equal(adjusted, adjust(one))


def test_q_values_agree_with_r():
    known = oracle("fdr")
    for row in known["cases"]:
        p = np.array(row["p"], dtype=float)
        for name, adjust in METHODS.items():
            q = adjust(p)
            np.testing.assert_allclose(
                q, np.array(row[name], dtype=float), rtol=0, atol=known["tolerance"]["abs"]
            )
            assert (q <= 0.05).sum() == row[f"{name}_rejected_05"]
