from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from geo.errors import SettingsError
from geo.stats.season import seasonal_ratios

MONTH = np.tile(np.arange(1, 13), 3)
YEAR = np.repeat([2022, 2023, 2024], 12)


def season_of(events, exposure=1.0, month=MONTH, year=YEAR):
    return seasonal_ratios(events, exposure, month=month, year=year)


def test_ratios_are_to_the_geometric_mean_whatever_the_level_of_the_years():
    # January has 9 times another month in every year; years stand 1 : 2 : 4.
    year = np.array([90] + [10] * 11)
    found = season_of(np.concatenate([year, 2 * year, 4 * year]))

    mean = 9 ** (1 / 12)
    assert found.ratios.ratio[0] == pytest.approx(9 / mean)
    assert found.ratios.ratio[1:] == pytest.approx([1 / mean] * 11)
    assert found.explained == pytest.approx(1)
    assert found.explained_by_chance == pytest.approx(11 / 33)
    # January comes first each year and eleven months are tied: nothing is left over.
    assert found.p_ranks < 1e-10
    assert found.p < 1e-6


def test_f_is_the_deviance_of_the_months_over_the_dispersion():
    # Of complete years the fitted counts are those of a table without interaction.
    events = np.random.default_rng(3).poisson(20, 36).astype(float)
    found = season_of(events)

    table = events.reshape(3, 12)
    both = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    years = np.repeat(table.mean(axis=1)[:, np.newaxis], 12, axis=1)
    deviance = [2 * np.sum(table * np.log(table / fit)) for fit in (years, both)]
    dispersion = np.sum((table - both) ** 2 / both) / 22
    f = (deviance[0] - deviance[1]) / 11 / max(dispersion, 1)
    assert (found.f, found.df) == (pytest.approx(f), 22)
    assert found.dispersion == pytest.approx(dispersion)
    assert found.p_years == pytest.approx(stats.f.sf(f, 11, 22))
    assert found.explained == pytest.approx(1 - deviance[1] / deviance[0])


def test_ranks_agree_with_friedman_of_scipy():
    events = np.random.default_rng(4).poisson(6, 48).astype(float)
    found = season_of(events, month=np.tile(np.arange(1, 13), 4), year=np.repeat([1, 2, 3, 4], 12))

    chi2 = stats.friedmanchisquare(*events.reshape(4, 12).T).statistic
    f = 3 * chi2 / (4 * 11 - chi2)
    assert found.p_ranks == pytest.approx(stats.f.sf(f, 11, 33))


def test_longer_months_are_not_higher_for_their_days():
    days = np.tile([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], 3)

    found = season_of(10 * days, days)

    assert found.ratios.ratio == pytest.approx(np.ones(12))
    assert found.p_years == 1


def alarms(mean, number=150):
    rng = np.random.default_rng(20240909)
    found = [season_of(rng.poisson(mean)) for _ in range(number)]
    return {
        name: float(np.mean([getattr(one, name) <= 0.05 for one in found]))
        for name in ("p_years", "p_linear", "p_ranks", "p")
    }


@pytest.mark.parametrize(
    ("mean", "fooled"),
    [
        pytest.param(np.where(np.arange(36) < 32, 20, 110), "p_years", id="a rise in one year"),
        pytest.param(20 * 1.03 ** np.arange(36), "p_ranks", id="steady growth"),
        pytest.param(np.full(36, 20.0), None, id="nothing"),
    ],
)
def test_what_does_not_come_back_is_no_season(mean, fooled):
    rate = alarms(mean)

    assert rate["p"] <= 0.05
    if fooled:
        # One test alone takes it for a season far too often; that is why there are three.
        assert rate[fooled] > 0.25


def test_season_that_comes_back_is_found():
    wave = 20 * (1 + 0.4 * np.cos(2 * np.pi * MONTH / 12))

    assert alarms(wave, 60)["p"] > 0.9


@pytest.mark.parametrize(
    "events",
    [
        pytest.param(np.zeros(36), id="no event at all"),
        pytest.param(np.where(MONTH == 5, 0, 3), id="a month that never has one"),
        pytest.param(np.where(YEAR == 2023, 0, 3), id="events in two years alone"),
    ],
)
def test_without_events_in_every_month_or_three_years_nothing_is_told(events):
    found = season_of(events)

    assert np.isnan(found.ratios.ratio).all()
    assert np.isnan([found.f, found.p, found.p_years, found.p_ranks]).all()


def test_e1_fewer_than_three_years_are_refused():
    with pytest.raises(SettingsError, match=r"35 complete months.*from 36 on"):
        season_of(np.where(np.arange(36) == 7, np.nan, 3))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"month": MONTH + 1}, "between 1 and 12"),
        ({"month": MONTH[1:]}, "one series"),
    ],
)
def test_months_that_cannot_be_are_refused(change, said):
    with pytest.raises(SettingsError, match=said):
        season_of(np.full(36, 3), **change)


@given(st.lists(st.integers(1, 40), min_size=36, max_size=36), st.permutations(range(36)))
def test_order_of_months_does_not_matter_and_ratios_multiply_to_one(counts, order):
    events, order = np.array(counts, dtype=float), np.array(order)
    found = season_of(events)
    shuffled = season_of(events[order], month=MONTH[order], year=YEAR[order])

    assert np.prod(found.ratios.ratio) == pytest.approx(1)
    assert shuffled.ratios.ratio == pytest.approx(found.ratios.ratio)
    assert shuffled.p == pytest.approx(found.p, abs=1e-9)
    assert found.p == max(found.p_years, found.p_linear, found.p_ranks)
