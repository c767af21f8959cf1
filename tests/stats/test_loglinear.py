from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import SettingsError
from geo.stats.loglinear import default_lag, fit_log_linear, long_run_sum

TWO_SIDES = np.column_stack([np.ones(6), [0, 0, 0, 1, 1, 1]])


@given(st.lists(st.integers(0, 40), min_size=6, max_size=6).filter(lambda y: sum(y) > 0))
def test_residuals_leave_nothing_that_the_design_could_explain(events):
    design = np.column_stack([TWO_SIDES, [0, 1, 2, 0, 1, 2]])

    fit = fit_log_linear(design, events, [1, 2, 1, 1, 2, 1])

    if fit.is_defined:
        assert design.T @ (np.array(events) - fit.fitted) == pytest.approx(np.zeros(3), abs=1e-6)


@pytest.mark.parametrize(
    ("events", "defined"),
    [
        pytest.param([1, 0, 0, 0, 0, 2], True, id="an event on either side"),
        pytest.param([0, 0, 0, 1, 2, 3], False, id="none on one side"),
        pytest.param([0, 0, 0, 0, 0, 0], False, id="none at all"),
    ],
)
def test_e6_a_model_without_a_maximum_has_no_coefficients(events, defined):
    fit = fit_log_linear(TWO_SIDES, events)

    assert fit.is_defined == defined
    assert np.isnan(fit.poisson_covariance()).all() != defined


def test_a_maximum_is_seen_where_events_alone_do_not_show_it():
    # Events in two rows for three coefficients; the row between them without any holds the rest.
    design = [[1, -1, 1], [1, 0, 0], [1, 1, 1]]
    touching = [[1, -1, 0], [1, 0, 0], [1, 1, 0.0]]

    assert not fit_log_linear(design, [3, 0, 4]).is_defined
    with pytest.raises(SettingsError, match="3 columns of the model hold only 2"):
        fit_log_linear(touching, [3, 0, 4])
    # Here both ways of the third coefficient empty one row and fill another.
    pulled = [[1, -1, 0], [1, 1, 0], [1, 0, 1], [1, 0, -1]]
    assert fit_log_linear(pulled, [3, 4, 0, 0]).is_defined


def test_rows_without_exposure_change_nothing():
    events, design = [2, 3, 9, 11, 12, 14], TWO_SIDES
    fit = fit_log_linear(design, events)

    padded = fit_log_linear(
        np.vstack([design, [[1, 1], [1, 0]]]), [*events, 500, np.nan], [1] * 6 + [0, 1]
    )

    assert padded.coefficients == pytest.approx(fit.coefficients)
    assert padded.pearson_dispersion == pytest.approx(fit.pearson_dispersion)
    assert padded.robust_covariance() == pytest.approx(fit.robust_covariance())
    assert padded.newey_west_covariance(2) == pytest.approx(fit.newey_west_covariance(2))


def test_every_row_a_cluster_of_its_own_is_the_robust_covariance():
    fit = fit_log_linear(TWO_SIDES, [2, 3, 9, 11, 12, 14])

    assert fit.clustered_covariance(np.arange(6)) == pytest.approx(fit.robust_covariance())
    assert fit.newey_west_covariance(0) == pytest.approx(fit.robust_covariance())


def test_a_design_of_other_length_is_refused():
    with pytest.raises(SettingsError, match="6 rows and there are 5 counts"):
        fit_log_linear(TWO_SIDES, [1] * 5)


@pytest.mark.parametrize("lag", [-1, 3])
def test_a_lag_longer_than_the_series_is_refused(lag):
    with pytest.raises(SettingsError, match="between 0 and 2"):
        long_run_sum(np.ones((3, 1)), lag)


def test_the_default_lag_is_that_of_newey_and_west():
    assert [default_lag(months) for months in (12, 100, 1000)] == [3, 4, 6]
