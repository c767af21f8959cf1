import numpy as np
import pytest

from geo.errors import SettingsError
from geo.render.mapdata import MEASURES, LevelData
from geo.render.paint import classes_of, few_events, legend_of, paint_of, paints
from geo.render.palette import HOTSPOT, MISSING, ZERO, lightness, sequential
from geo.stats.breaks import ClassBreaks
from tests.render.maps import NAN, country_map, table, toy_levels

COUNT, RATE, SMOOTHED, HOTSPOTS = MEASURES


def level(*rows, **breaks):
    filled = [(c, c, c, n, p, p, r, r, r, r, ok) for c, n, p, r, ok in rows]
    return LevelData(table(*filled), breaks)


def test_zero_is_a_class_of_its_own_and_a_bound_belongs_to_the_class_it_closes():
    data = level(
        ("01", 0, 9.0, 0.0, False),
        ("02", 1, 9.0, 5.0, False),
        ("03", 1, 9.0, 5.1, False),
        ("04", 0, NAN, NAN, False),
        rate=ClassBreaks(bounds=(0, 5, 10), zero_class=True),
    )
    paint = paint_of(data, RATE)

    assert classes_of(data, paint).tolist() == [0, 1, 2, -1]
    assert paint.colors[0] == ZERO
    assert legend_of(data, paint, areas=4).counts == (1, 1, 1)
    assert legend_of(data, paint, areas=4).no_data == 1


def test_few_events_marks_rates_of_some_events_and_neither_zero_nor_no_data():
    data = level(
        ("01", 0, 9.0, 0.0, False),
        ("02", 3, 9.0, 5.0, False),
        ("03", 50, 9e4, 5.0, True),
        ("04", 3, NAN, NAN, False),
        rate=ClassBreaks(bounds=(0, 5), zero_class=True),
        count=ClassBreaks(bounds=(0, 50), zero_class=True),
    )

    assert few_events(data, paint_of(data, RATE)).tolist() == [False, True, False, False]
    assert few_events(data, paint_of(data, COUNT)).tolist() == [False] * 4


def test_hotspot_bins_are_painted_hot_and_cold_and_an_untested_area_has_no_data():
    data = toy_levels()["municipality"]
    paint = paint_of(data, HOTSPOTS)

    assert paint.colors[6] == HOTSPOT[3] == "#930f1e"
    assert classes_of(data, paint).tolist() == [6, -1]


@pytest.mark.parametrize(("name", "areas"), [("state", 32), ("municipality", 2465)])
def test_classes_and_no_data_add_up_to_all_areas(name, areas):
    data = country_map().levels[name]

    for paint in paints(name, data).values():
        legend = legend_of(data, paint, areas=areas)
        assert sum(legend.counts) + legend.no_data == areas
        assert legend.few_events <= sum(legend.counts)


def test_hotspots_are_offered_for_municipalities_only():
    levels = toy_levels()

    assert list(paints("state", levels["state"])) == ["count", "rate", "smoothed"]
    assert list(paints("municipality", levels["municipality"]))[-1] == "hotspots"


@pytest.mark.parametrize("classes", range(1, 8))
def test_classes_above_zero_darken_step_by_step(classes):
    steps = [lightness(color) for color in (ZERO, *sequential(classes))]

    assert (np.diff(steps) < -3).all()
    assert MISSING not in sequential(classes)


def test_more_classes_than_colors_are_refused():
    with pytest.raises(SettingsError, match="fewer class breaks"):
        sequential(8)


def test_e8_all_values_zero_or_equal_or_missing_are_one_class_or_none():
    zero = level(("01", 0, 9.0, 0.0, False), count=ClassBreaks(bounds=(0,), zero_class=True))
    equal = level(("01", 7, 9.0, 7.0, True), rate=ClassBreaks(bounds=(7, 7)))
    nothing = level(("01", 0, NAN, NAN, False), rate=ClassBreaks(bounds=()))

    assert legend_of(zero, paint_of(zero, COUNT), areas=1).counts == (1,)
    assert legend_of(equal, paint_of(equal, RATE), areas=1).counts == (1,)
    assert legend_of(nothing, paint_of(nothing, RATE), areas=1).counts == ()
    assert legend_of(nothing, paint_of(nothing, RATE), areas=1).no_data == 1
