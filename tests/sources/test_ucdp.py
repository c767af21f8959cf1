import numpy as np
import pytest

from geo.sources.events import read_events_with_ledger
from tests import shared
from tests.sources.rows import UCDP_GED, fates, ged, write


@pytest.fixture
def read(tmp_path):
    def one(*changes):
        return read_events_with_ledger(write(tmp_path / "ged.csv", ged(*changes), UCDP_GED))

    return one


def test_a_row_of_ged_has_every_word_of_the_contract(read):
    reading = read({"type_of_violence": "3"})
    row = reading.events.iloc[0]

    assert (reading.layout, reading.source, reading.credit.key) == ("ucdp-ged", "UCDP GED", "ucdp")
    assert row[["event_id", "event_type", "actor1", "actor2", "admin1", "admin2"]].tolist() == [
        "1",
        "One-sided violence",
        "Group One",
        "Group Two",
        "Sinaloa",
        "Culiacán",
    ]
    assert row["civilian_targeting"] is True or bool(row["civilian_targeting"])
    assert row[["fatalities", "fatalities_low", "fatalities_high"]].tolist() == [2, 1, 3]
    assert str(row["event_date"].date()) == "2023-09-09"
    assert row["dyad_name"] == "Group One - Group Two"
    assert row["date_end"] == "2023-09-09 00:00:00.000"


@pytest.mark.parametrize(
    ("column", "code", "name", "word"),
    [
        *[("where_prec", str(i), "geo_precision", word) for i, word in enumerate(
            ["unknown", "exact", "near", "municipality", "state", "fuzzy", "country", "water",
             "unknown"])],
        *[("date_prec", str(i), "time_precision", word) for i, word in enumerate(
            ["unknown", "day", "week", "week", "month", "year", "unknown"])],
        *[("type_of_violence", str(i), "event_type", word) for i, word in enumerate(
            ["State-based conflict", "Non-state conflict", "One-sided violence"], 1)],
    ],
)  # fmt: skip
def test_b15_codes_are_put_in_words_and_unknown_ones_are_never_exact(
    read, column, code, name, word
):
    assert read({column: code}).events[name].tolist() == [word]


def test_b12_an_unknown_type_of_violence_is_quarantined(read):
    assert fates(read({}, {"type_of_violence": "4"}))[1] == (3, "quarantined", "unknown_type")


def test_rows_of_other_countries_are_filtered(read):
    reading = read({}, {"country_id": "90", "country": "Guatemala"})

    assert fates(reading)[1] == (3, "filtered", "other_country")


def test_a_second_header_line_is_quarantined(read):
    reading = read({name: name for name in UCDP_GED}, {}, {"latitude": "24.9"})

    assert [why for _, _, why in fates(reading)] == ["repeated_header", None, None]


@pytest.mark.parametrize(
    ("given", "place"),
    [("Sinaloa state", "Sinaloa"), ("Ciudad de México", "Ciudad de México"),
     ("México state", "México"), ("", None)],
)  # fmt: skip
def test_d4_the_word_state_is_no_part_of_the_name(read, given, place):
    [found] = read({"adm_1": given}).events["admin1"]

    assert (found if place else None) == place


@pytest.mark.parametrize("word", ["municipality", "Municipality", "municpality", "municiplaity",
                                  "muncipality", "muicipality"])  # fmt: skip
def test_d4_the_word_municipality_is_no_part_of_the_name_however_it_is_spelled(read, word):
    assert read({"adm_2": f"Bocoyna {word}"}).events["admin2"].tolist() == ["Bocoyna"]


def test_a_yearly_release_is_complete_to_the_end_of_its_last_year(read):
    reading = read({"date_start": "2022-03-01", "year": "2022"}, {})

    assert str(reading.data_through.date()) == "2023-12-31"
    assert str(reading.data_from.date()) == "2022-03-01"


def test_candidate_events_reach_as_far_as_their_last_event(read):
    reading = read({"date_start": "2022-03-01", "code_status": "Check date"}, {})

    assert str(reading.data_through.date()) == "2023-09-09"


def test_a_release_of_a_single_year_may_be_unfinished(read):
    assert str(read({}, {"latitude": "24.9"}).data_through.date()) == "2023-09-09"


def test_odd_death_counts_are_kept_as_given_and_said(read):
    reading = read({"low": "5"}, {"best": "9", "latitude": "24.9"})

    assert reading.events["fatalities_low"].tolist() == [5, 1]
    assert reading.events["fatalities"].tolist() == [2, 9]
    assert "1 record with low > best; the figures are kept as given" in reading.warnings
    assert "1 record with best > high; the figures are kept as given" in reading.warnings


@pytest.fixture(scope="module")
def mexico():
    return read_events_with_ledger(shared.path("data/ucdp-ged-mexico.csv.gz"))


def test_the_published_file_comes_out_whole(mexico):
    assert mexico.ledger.counts() == {"used": 18_957, "filtered": 0, "quarantined": 0}
    assert mexico.sha256 == "644505ef26e712acd5ffe333651fa09ecc2957104b77715e98bbf7b98cd9d0fa"
    assert str(mexico.data_through.date()) == "2023-12-31"
    assert mexico.repairs == ()


def test_the_published_file_has_the_published_counts(mexico):
    events = mexico.events

    assert events["geo_precision"].value_counts().to_dict() == {
        "exact": 13_329,
        "near": 968,
        "municipality": 3_612,
        "state": 890,
        "fuzzy": 133,
        "country": 25,
    }
    assert events["time_precision"].value_counts().to_dict() == {
        "day": 16_576,
        "week": 1_399,
        "month": 572,
        "year": 410,
    }
    assert events["event_type"].value_counts().to_dict() == {
        "Non-state conflict": 18_696,
        "One-sided violence": 226,
        "State-based conflict": 35,
    }
    assert int(events["fatalities"].sum()) == 140_695
    assert int((events["fatalities"] == 0).sum()) == 613
    assert int(events["admin1"].isna().sum()) == 39
    assert int(events["admin2"].isna().sum()) == 1_090
    assert int((events["event_date"].dt.year == 2023).sum()) == 2_838
    state = events["geo_precision"] == "state"
    assert int(events.loc[state, "fatalities"].sum()) == 90_186
    assert not events["admin1"].dropna().str.contains("state").any()
    assert not events["admin2"].dropna().str.contains("lity|aity").any()
    np.testing.assert_array_equal(events["civilian_targeting"].sum(), 226)


def test_the_published_file_has_the_published_oddities(mexico):
    assert "17 records with low > best; the figures are kept as given" in mexico.warnings
    assert "78 records with best > high; the figures are kept as given" in mexico.warnings
