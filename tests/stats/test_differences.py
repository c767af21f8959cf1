from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import ExposureError, SettingsError
from geo.stats.differences import rate_difference, rate_difference_interval


def interval(before, lived_before, after, lived_after, **how):
    low, high = rate_difference_interval(
        base_events=before, base_exposure=lived_before,
        comparison_events=after, comparison_exposure=lived_after, **{"per": 1, **how},
    )  # fmt: skip
    return float(low), float(high)


@pytest.mark.parametrize(
    ("counts", "limits"),
    [
        pytest.param((10, 1, 25, 1), (2.8256939231166, 27.9928971960531), id="ten, then 25"),
        pytest.param((0, 1, 5, 1), (-0.0008675032138, 11.6683320793227), id="E6 none before"),
        pytest.param((0, 2, 0, 1), (-1.8444397270570, 3.6888794541139), id="none at all"),
        pytest.param((3, 2.5, 0, 1.5), (-3.5069092278969, 1.4372790449386), id="none after"),
        pytest.param((240, 31.4, 600, 31.66), (9.499392236801, 13.143815056260), id="many"),
    ],
)
def test_limits_are_those_of_another_program(counts, limits):
    """statsmodels 0.15, confint_poisson_2indep(compare="diff", method="mover", "exact-c")."""
    assert interval(*counts) == pytest.approx(limits, rel=1e-9)


@pytest.mark.parametrize(
    ("counts", "dispersion", "df", "limits"),
    [
        ((24, 1, 72, 1), 2.5, 22, (14.695629223129, 83.989825177235)),
        ((0, 1, 72, 1), 8 / 3 * 12 / 11, 11, (41.300823901143, 111.041195470652)),
    ],
)
def test_dispersed_limits_are_those_of_as_many_independent_events(counts, dispersion, df, limits):
    """Chi-squared quantiles of the count / dispersion, worked out apart with scipy.stats."""
    assert interval(*counts, dispersion=dispersion, df=df) == pytest.approx(limits, rel=1e-9)


def test_with_many_events_the_reach_is_the_quasi_poisson_one():
    low, high = interval(40_000, 1, 90_000, 1, dispersion=4, df=22)

    # 2.073873 x root of 4 x (40,000 + 90,000)
    assert (high - low) / 2 == pytest.approx(2.073873 * 721.11, rel=0.01)


def test_dispersion_below_one_makes_nothing_surer_and_a_missing_one_says_nothing():
    assert interval(10, 1, 25, 1, dispersion=0.2) == interval(10, 1, 25, 1)
    assert np.isnan(interval(10, 1, 25, 1, dispersion=np.nan)).all()


@pytest.mark.parametrize("lived", [0, np.nan], ids=["E2 nobody", "E1 not known"])
def test_without_exposure_there_is_no_difference(lived):
    assert np.isnan(interval(3, lived, 5, 1)).all()
    difference = rate_difference(
        base_events=3, base_exposure=lived, comparison_events=5, comparison_exposure=1
    )
    assert np.isnan(difference)


def test_what_cannot_be_meant_is_refused():
    with pytest.raises(ExposureError, match="negative"):
        interval(1, -1, 1, 1)
    with pytest.raises(SettingsError, match="df must be above zero"):
        interval(1, 1, 1, 1, df=0)
    with pytest.raises(SettingsError, match="confidence"):
        interval(1, 1, 1, 1, confidence=95)


counts = st.integers(0, 500)
times = st.floats(0.1, 100)


@given(counts, times, counts, times, st.floats(1, 50))
def test_interval_holds_the_difference_turns_with_the_sides_and_grows_with_dispersion(
    before, lived_before, after, lived_after, dispersion
):
    low, high = interval(before, lived_before, after, lived_after)
    turned = interval(after, lived_after, before, lived_before)
    wide = interval(before, lived_before, after, lived_after, dispersion=dispersion)

    difference = after / lived_after - before / lived_before
    assert low < difference < high
    assert turned == pytest.approx((-high, -low))
    # A lower limit of few events may stop at zero: the whole interval grows all the same.
    assert wide[1] - wide[0] >= (high - low) * (1 - 1e-9)
    assert np.isfinite(wide).all()


def test_interval_of_months_in_waves_holds_as_often_as_it_says():
    rng = np.random.default_rng(20240909)
    draws = 4_000
    months = [rng.poisson(rng.gamma(2, mean / 2, (draws, 12))) for mean in (5.0, 10.0)]
    expected = [side.mean(axis=1, keepdims=True) for side in months]
    squares = sum(
        ((side - mean) ** 2 / mean).sum(axis=1) for side, mean in zip(months, expected, strict=True)
    )
    totals = [side.sum(axis=1) for side in months]

    def held(**how):
        low, high = rate_difference_interval(
            base_events=totals[0], base_exposure=12,
            comparison_events=totals[1], comparison_exposure=12, per=1, **how,
        )  # fmt: skip
        return np.mean((low <= 5) & (high >= 5))

    assert held(dispersion=squares / 22, df=22) > 0.93
    assert held() < 0.7
