import pytest

from geo.errors import SettingsError, SourceError
from geo.sources.layouts import ACLED_CURRENT, ACLED_OLD, UCDP_GED, recognize


def test_b13_the_three_sources_have_the_number_of_columns_they_publish():
    assert (len(ACLED_CURRENT), len(ACLED_OLD), len(UCDP_GED)) == (31, 31, 49)


@pytest.mark.parametrize(
    ("header", "name"),
    [
        pytest.param(ACLED_CURRENT, "acled", id="current"),
        pytest.param(ACLED_OLD, "acled-old", id="to 2022"),
        pytest.param([c.upper() for c in ACLED_CURRENT], "acled-curated", id="upper case"),
        pytest.param([*ACLED_CURRENT, "population_best"], "acled", id="with population"),
        pytest.param([*ACLED_OLD, "countycode"], "acled-old", id="with a column of its owner"),
        pytest.param(ACLED_CURRENT[::-1], "acled", id="in another order"),
        pytest.param([f" {c.title()} " for c in ACLED_CURRENT], "acled", id="padded"),
        pytest.param([f"\ufeff{c}" for c in ACLED_CURRENT], "acled", id="with a byte order mark"),
        pytest.param([c[:10] for c in ACLED_CURRENT if "assoc" not in c], "acled", id="shapefile"),
        pytest.param(UCDP_GED, "ucdp-ged", id="GED"),
        pytest.param(UCDP_GED[::-1], "ucdp-ged", id="GED in another order"),
        pytest.param(["event_date", "longitude", "latitude", "x"], "table", id="own names"),
    ],
)  # fmt: skip
def test_a10_b13_a_source_is_known_by_its_columns_whatever_their_case_and_order(header, name):
    assert recognize(header).name == name


@pytest.mark.parametrize(
    ("header", "what"),
    [
        pytest.param(
            ["WEEK", "REGION", "COUNTRY", "ADMIN1", "EVENT_TYPE", "SUB_EVENT_TYPE", "EVENTS",
             "FATALITIES", "POPULATION_EXPOSURE", "DISORDER_TYPE", "ID", "CENTROID_LATITUDE",
             "CENTROID_LONGITUDE"],
            "weekly counts by state",
            id="ACLED aggregated",
        ),
        pytest.param(
            ["Country", "Month", "Year", "Events", "Fatalities"], "monthly counts", id="HDX"
        ),
        pytest.param(
            ["Año", "Clave_Ent", "Entidad", "Tipo de delito", "Enero", "Febrero"],
            "monthly counts of crimes",
            id="SESNSP",
        ),
        pytest.param(
            ["country", "admin1", "population", "events", "score"],
            "counts of events by country, admin1",
            id="an 'ACLED sample' that is none",
        ),
    ],
)  # fmt: skip
def test_b14_counts_given_where_events_are_expected_are_refused_by_name(header, what):
    with pytest.raises(SourceError, match=f"this file holds {what}.*, not events"):
        recognize(header)


def test_b13_an_unknown_header_is_refused_with_a_line_to_paste():
    with pytest.raises(SourceError) as error:
        recognize(["Folio", "Fecha", "Lon", "Lat", "Muertos", "Estado", "Color"])

    said = str(error.value)
    assert 'its columns are "Folio", "Fecha", "Lon", "Lat", "Muertos", "Estado", "Color"' in said
    assert (
        'columns={"event_date": "Fecha", "longitude": "Lon", "latitude": "Lat", '
        '"event_id": "Folio", "admin1": "Estado", "fatalities": "Muertos"}'
    ) in said


def test_f7_a_header_that_commands_a_terminal_is_shown_without_its_commands():
    with pytest.raises(SourceError) as error:
        recognize(["\x1b[31mFecha\x07", "b\u202ec"])

    assert str(error.value).isprintable()


@pytest.mark.parametrize("gone", ["latitude", "longitude"])
def test_b13_an_export_without_a_needed_column_is_refused_by_its_name(gone):
    with pytest.raises(SourceError, match=f"ACLED export, but it lacks {gone}"):
        recognize([name for name in ACLED_CURRENT if name != gone])


def test_a14_only_a_name_of_ten_characters_can_be_a_name_that_was_cut():
    with pytest.raises(SourceError, match="lacks latitude"):
        recognize([name.replace("latitude", "latitud") for name in ACLED_CURRENT])


def test_a10_a_needed_column_that_stands_twice_is_refused():
    with pytest.raises(SourceError, match="'latitude' more than once"):
        recognize([*ACLED_CURRENT, "LATITUDE"])


def test_keep_chooses_the_columns_beyond_the_contract():
    everything = recognize(ACLED_CURRENT)

    assert everything.extras["reported_by"] == "source"
    assert "notes" in everything.extras
    assert "actor1" not in everything.extras
    assert recognize(ACLED_CURRENT, keep="none").extras == {}
    assert "notes" not in recognize(ACLED_CURRENT, keep="none").wanted
    assert list(recognize(ACLED_CURRENT, keep=["inter1?", "nota?", "admin1?"]).extras) == ["inter1"]
    assert dict(recognize(ACLED_CURRENT, keep=["Notes", "source"]).extras) == {
        "reported_by": "source",
        "notes": "notes",
    }
    with pytest.raises(SettingsError, match="'nota'"):
        recognize(ACLED_CURRENT, keep=["nota"])


def test_a_column_under_a_name_of_the_contract_is_kept_under_another():
    header = ["event_date", "longitude", "latitude", "geometry", "source", "cvegeo"]

    assert dict(recognize(header).extras) == {
        "file_geometry": "geometry",
        "file_source": "source",
        "file_cvegeo": "cvegeo",
    }


def test_columns_that_are_stated_win_over_what_the_header_looks_like():
    chosen = recognize(
        ["Fecha", "x", "y", "event_type"],
        columns={"event_date": "fecha", "longitude": "x", "latitude": "y"},
    )

    assert dict(chosen.columns) == {
        "event_date": "Fecha",
        "longitude": "x",
        "latitude": "y",
        "event_type": "event_type",
    }


@pytest.mark.parametrize(
    ("columns", "error", "said"),
    [
        ({"date": "Fecha"}, SettingsError, "'date', which events do not have"),
        ({"event_date": "Fehca"}, SourceError, "no column 'Fehca' for 'event_date'; is it 'Fecha'"),
        ({"event_date": "Fecha"}, SourceError, "no column is given for longitude, latitude"),
        ({"longitude": "x", "latitude": "x"}, SettingsError, "'x' for both longitude and latitude"),
    ],
)
def test_columns_that_cannot_be_meant_are_refused(columns, error, said):
    with pytest.raises(error, match=said):
        recognize(["Fecha", "x"], columns=columns)
