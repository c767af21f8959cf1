from __future__ import annotations

import numpy as np
import pytest

from geo.errors import PrecisionWarning
from geo.stats import bayes, rates
from geo.steps.count import count_events
from geo.study.atlas import HOTSPOT_SPAN, SPANS, count_limits, make_atlas, rolling
from geo.study.locating import locate_events
from tests import studies, toy

CULIACAN = (-107.394, 24.809)


@pytest.fixture(scope="module")
def atlas():
    return studies.sample().atlas


def small(rows, **settings):
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    events = toy.events(*[CULIACAN] * len(rows), **columns)
    return make_atlas(locate_events(events, permutations=0, **settings))


def test_months_sum_to_the_events_of_the_panels(atlas):
    results = studies.sample()
    for level, table in atlas.levels.items():
        panel = results.tables[f"measures_{level}"]
        assert table.events.sum() + (atlas.events_left_out if level == "state" else 0) == (
            panel["events"].sum()
        )
        for names, counts in table.splits.values():
            assert counts.shape[2] == len(names)
            np.testing.assert_array_equal(counts.sum(axis=2), table.events)
        assert (table.targeted <= table.stated).all()
        assert (table.stated <= table.events).all()


def test_counts_are_those_of_the_step_by_month(atlas):
    located = studies.sample().located
    panel = count_events(located, level="state", period="month", first="2022-01-01",
                         data_through="2024-12-31")  # fmt: skip
    culiacan = atlas.levels["municipality"].codes.index("25006")

    np.testing.assert_array_equal(atlas.levels["state"].events.ravel(), panel["events"].to_numpy())
    year = atlas.levels["municipality"].events[culiacan, 24:36].sum()
    assert year == 169


def test_windows_of_twelve_months_are_the_years_of_the_study(atlas):
    measures = studies.sample().tables["measures_municipality"]
    for year, at in (("2022", 11), ("2023", 23), ("2024", 35)):
        rows = measures[measures["period"] == year].set_index("cvegeo")
        shown = atlas.window_rates("municipality", 12)
        codes = list(atlas.levels["municipality"].codes)
        here = at - 11
        np.testing.assert_array_equal(shown.events[:, here], rows.loc[codes, "events"])
        np.testing.assert_allclose(shown.crude[:, here], rows.loc[codes, "crude_rate"], rtol=1e-12)
        np.testing.assert_allclose(shown.smoothed[:, here], rows.loc[codes, "eb_rate"], rtol=1e-12)


def test_moments_weigh_to_the_smoothed_rates(atlas):
    table = atlas.levels["municipality"]
    lived = atlas.exposure("municipality")
    for span in SPANS:
        mean, variance = table.prior_mean[span], table.prior_variance[span]
        assert np.isnan(mean[: span - 1]).all()
        counts, people = rolling(table.events, span)[:, -1], rolling(lived, span)[:, -1]
        weight = variance[-1] / (variance[-1] + mean[-1] / people)
        by_hand = 1e5 * (mean[-1] + weight * (counts / people - mean[-1]))
        np.testing.assert_allclose(by_hand, bayes.empirical_bayes_rate(counts, people), rtol=1e-12)


def test_hotspots_are_of_whole_windows_of_a_year(atlas):
    bins = atlas.levels["municipality"].gi_bin

    assert np.isnan(bins[:, : HOTSPOT_SPAN - 1]).all()
    assert np.isfinite(bins[:, HOTSPOT_SPAN - 1 :]).any(axis=0).all()
    assert atlas.levels["state"].gi_bin is None
    assert set(np.unique(bins[np.isfinite(bins)])) <= {-3, -2, -1, 0, 1, 2, 3}


def test_windows_of_the_study_are_found_among_the_months(atlas):
    assert (atlas.base, atlas.comparison) == ((12, 23), (24, 35))
    inside = small(
        [{"event_date": "2023-01-01"}, {"event_date": "2024-12-31"}],
        base="2023-01-15/2023-06-30", comparison="2024",
    )  # fmt: skip
    assert inside.base is None
    assert inside.comparison == (12, 23)


def test_event_whose_month_is_not_known_is_left_out_and_counted():
    rows = [
        {"event_date": "2023-01-01", "time_precision": "day"},
        {"event_date": "2023-01-01", "time_precision": "year"},
    ]
    with pytest.warns(PrecisionWarning, match="1 of 2 events is not counted"):
        made = small(rows, data_through="2023-12-31")

    assert made.levels["state"].events.sum() == 1
    assert made.events_left_out == 1


def test_actors_of_an_area_are_those_of_the_latest_year_each_event_once():
    rows = [
        {"event_date": "2022-03-01", "actor1": "Old", "actor2": "Old"},
        {"event_date": "2023-12-01", "actor1": "B", "actor2": "B"},
        {"event_date": "2023-12-02", "actor1": "B", "actor2": "A"},
        {"event_date": "2023-12-03", "actor1": None, "actor2": "C"},
    ]
    made = small(rows, data_through="2023-12-31", nearest_year=False)
    sinaloa = made.levels["state"].codes.index("25")

    assert made.levels["state"].actors[sinaloa] == (("B", 2), ("A", 1), ("C", 1))
    assert made.levels["state"].actors[0] == ()


def test_no_actor_has_an_event_that_the_area_does_not_count():
    rows = [
        {"event_date": "2023-05-01", "actor1": "A", "time_precision": "day"},
        {"event_date": "2023-01-01", "actor1": "A", "time_precision": "year"},
        {"event_date": "2023-01-01", "actor1": "B", "time_precision": "year"},
    ]
    with pytest.warns(PrecisionWarning, match="2 of 3 events are not counted"):
        made = small(rows, data_through="2023-12-31")
    sinaloa = made.levels["state"].codes.index("25")

    assert made.levels["state"].events[sinaloa].sum() == 1
    assert made.levels["state"].actors[sinaloa] == (("A", 1), ("Group B", 1))


def test_last_month_that_the_data_cut_is_shorter_and_not_complete():
    made = small([{"event_date": "2023-01-01"}], data_through="2023-02-14")

    assert made.complete.tolist() == [True, False]
    assert made.years.tolist() == pytest.approx([31 / 365, 14 / 365])


def test_limits_of_counts_are_those_of_the_rates():
    low, high = count_limits(3)

    expected = rates.exact_interval(3, 2.0, per=1)
    assert (low[3] / 2, high[3] / 2) == pytest.approx(expected)
