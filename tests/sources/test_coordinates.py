import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import SourceError
from geo.sources.coordinates import read_coordinates
from tests.sources.rows import text

NAN = float("nan")


def read(lon, lat, **options):
    return read_coordinates(text(*lon), text(*lat), **options)


@pytest.mark.parametrize(
    ("lon", "lat", "reason", "column"),
    [
        ("", "19.43", "no_coordinates", "longitude"),
        ("-99.13", "NA", "no_coordinates", "latitude"),
        ("0", "0", "no_coordinates", "longitude"),
        ("0.0", "19.43", "bad_coordinates", "longitude"),
        ("9999", "19.43", "bad_coordinates", "longitude"),
        ("-999", "-999", "bad_coordinates", "longitude"),
        ("-99.13", "91", "bad_coordinates", "latitude"),
        ("inf", "19.43", "bad_coordinates", "longitude"),
        ("-99.13", "1e309", "bad_coordinates", "latitude"),
        ("west", "19.43", "bad_coordinates", "longitude"),
        ("-99.132.608", "19.43", "bad_coordinates", "longitude"),
        ("19.43", "-99.13", "swapped_coordinates", "latitude"),
        ("99.13", "19.43", "sign_missing", "longitude"),
        ("19.43", "99.13", "bad_coordinates", "latitude"),
    ],
)
def test_c1_c2_c3_b7_a_row_without_a_believable_point_is_set_aside(lon, lat, reason, column):
    points = read(["-100.5", lon], ["20.25", lat])

    np.testing.assert_array_equal(points.longitude, [-100.5, NAN])
    np.testing.assert_array_equal(points.latitude, [20.25, NAN])
    assert points.reason.tolist() == [None, reason]
    assert points.column.tolist() == [None, column]
    assert points.repairs == ()


def test_c1_columns_swapped_in_all_rows_are_put_right_and_said():
    points = read(["19.43", "20.5", ""], ["-99.13", "-87", ""])

    np.testing.assert_array_equal(points.longitude, [-99.13, -87, NAN])
    np.testing.assert_array_equal(points.latitude, [19.43, 20.5, NAN])
    assert points.repairs == ("longitude and latitude were swapped in all 2 records; put right",)


def test_c2_a_sign_that_the_whole_column_lacks_is_put_right_and_said():
    points = read(["99.13", "107.4", "9999"], ["19.43", "24.8", "20"])

    np.testing.assert_array_equal(points.longitude, [-99.13, -107.4, NAN])
    assert points.repairs[0].startswith("longitude lacked its minus sign in all 2 records")


def test_c2_rows_of_other_countries_do_not_tell_what_is_wrong():
    points = read(["99.13", "2.35"], ["19.43", "48.85"], home=np.array([True, False]))

    np.testing.assert_array_equal(points.longitude, [-99.13, 2.35])


def test_c7_a_point_elsewhere_on_earth_stays():
    points = read(["-99.13", "2.35"], ["19.43", "48.85"])

    np.testing.assert_array_equal(points.longitude, [-99.13, 2.35])
    assert points.reason.tolist() == [None, None]


@pytest.mark.parametrize(
    ("lon", "lat"),
    [
        (["-99,1332", "-100"], ["19,4326", "20"]),
        (["99.1332W", "100 W"], ["19.4326N", "20 N"]),
        (["99.1332° O", "100° O"], ["N 19.4326", "N 20"]),
        (["99°07'59.52\"W", "100°W"], ["19°25'57.36\"N", "20°0'N"]),
        (["-99 07 59.52", "-100 0 0"], ["19 25 57.36", "20 0 0"]),
        (["\N{MINUS SIGN}99.1332", "-100"], ["19.4326", "20"]),
    ],
)
def test_b1_c4_degrees_are_read_in_every_way_that_the_whole_column_agrees_on(lon, lat):
    points = read(lon, lat)

    np.testing.assert_allclose(points.longitude, [-99.1332, -100], atol=1e-9)
    np.testing.assert_allclose(points.latitude, [19.4326, 20], atol=1e-9)


@pytest.mark.parametrize("other", ["-100,25", "100.25W"])
def test_b1_c4_a_column_written_in_two_ways_is_refused(other):
    with pytest.raises(SourceError, match="'longitude' is written in ways that do not go together"):
        read(["-99.13", other], ["19.43", "20.1"])


def test_c4_minutes_beyond_sixty_are_no_angle():
    assert read(["99°75'W", "99°15'W"], ["19°10'N", "19°10'N"]).reason.tolist() == [
        "bad_coordinates",
        None,
    ]


@pytest.mark.parametrize(
    ("east", "north"),
    [
        pytest.param("486000", "2147000", id="UTM zone 14"),
        pytest.param("2500000.5", "829000.5", id="INEGI's conic projection"),
        pytest.param("-11035000", "2205000", id="Web Mercator"),
    ],
)
def test_c4_meters_are_refused_with_the_way_out(east, north):
    with pytest.raises(SourceError, match=r"in meters, not in degrees .*EPSG:4326"):
        read([east] * 3, [north] * 3)


cells = st.one_of(
    st.text(max_size=12),
    st.floats(-200, 200).map(str),
    st.sampled_from(
        ["", "0", "-99.13", "19.43", "99,13", "-999", "19°25'N", "99W", "nan", "1e400"]
    ),
)


@settings(deadline=None)
@given(st.lists(st.tuples(cells, cells)))
def test_c3_any_text_gives_a_point_on_earth_or_a_reason_or_is_refused(pairs):
    try:
        points = read([lon for lon, _ in pairs], [lat for _, lat in pairs])
    except SourceError:
        return
    found = np.array([why is None for why in points.reason], dtype=bool)
    assert (np.abs(points.longitude[found]) <= 180).all()
    assert (np.abs(points.latitude[found]) <= 90).all()
    assert np.isnan(points.longitude[~found]).all()
