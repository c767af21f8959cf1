import numpy as np
import pytest

from geo.errors import DataWarning, SourceError
from geo.sources.acled import SUB_TYPES
from geo.sources.events import read_events, read_events_with_ledger
from tests.sources.rows import ACLED_CURRENT, ACLED_OLD, BASE, OLD, acled, fates, write


@pytest.fixture
def read(tmp_path):
    def one(*changes, header=ACLED_CURRENT, rows=None, **options):
        file = write(tmp_path / "events.csv", rows or acled(*changes), header)
        return read_events_with_ledger(file, **options)

    return one


def column(reading, name):
    values = reading.events[name].astype(object)
    return values.where(values.notna(), None).tolist()


def test_b13_a_row_of_the_current_layout_has_every_word_of_the_contract(read):
    reading = read({"civilian_targeting": "Civilian targeting"}, {"actor2": "Group Six"})
    first = reading.events.iloc[0]

    assert (reading.layout, reading.source, reading.credit.key) == ("acled", "ACLED", "acled")
    assert first["event_id"] == "MEX1"
    assert str(first["event_date"].date()) == "2024-09-09"
    assert first[["event_type", "sub_event_type", "disorder_type"]].tolist() == [
        "Battles",
        "Armed clash",
        "Political violence",
    ]
    assert first[["actor1", "actor2", "admin1", "admin2"]].tolist() == [
        "Group One",
        "Group Two",
        "Sinaloa",
        "Culiacan",
    ]
    assert first["fatalities"] == 2
    assert np.isnan(first["fatalities_low"])
    assert (first.geometry.x, first.geometry.y) == (-107.3938, 24.8064)
    assert column(reading, "civilian_targeting") == [True, False]
    assert column(reading, "reported_by") == ["A newspaper", "A newspaper"]
    assert reading.events["record"].tolist() == [1, 2]
    assert (reading.repairs, reading.warnings) == ((), ())
    assert str(reading.data_through.date()) == "2024-09-09"


def test_b13_b12_the_old_layout_gets_words_for_its_numbers_and_its_disorder_type(read):
    reading = read(rows=[OLD], header=ACLED_OLD)

    assert reading.layout == "acled-old"
    assert column(reading, "disorder_type") == ["Political violence"]
    assert column(reading, "civilian_targeting") == [None]  # not stated, not "no"
    assert column(reading, "inter1") == ["Political militia"]
    assert column(reading, "inter2") == ["Civilians"]
    assert column(reading, "interaction") == ["Political militia-Civilians"]
    assert column(reading, "data_id") == ["900001"]
    assert any("follows from event and sub-event type" in said for said in reading.repairs)


def test_b13_upper_case_columns_are_the_same_columns(read):
    rows = [{name.upper(): cell for name, cell in BASE.items()}]

    reading = read(rows=rows, header=tuple(name.upper() for name in ACLED_CURRENT))

    assert reading.layout == "acled-curated"
    assert column(reading, "actor1") == ["Group One"]
    assert column(reading, "notes") == ["Shots, in a street."]


@pytest.mark.parametrize(
    ("kind", "sub", "disorder"),
    [
        ("Battles", "Armed clash", "Political violence"),
        ("Explosions/Remote violence", "Air/drone strike", "Political violence"),
        ("Violence against civilians", "Attack", "Political violence"),
        ("Protests", "Peaceful protest", "Demonstrations"),
        ("Protests", "Protest with intervention", "Demonstrations"),
        ("Protests", "Excessive force against protesters", "Political violence; Demonstrations"),
        ("Riots", "Violent demonstration", "Demonstrations"),
        ("Riots", "Mob violence", "Political violence"),
        ("Strategic developments", "Other", "Strategic developments"),
    ],
)
def test_b13_disorder_type_follows_from_the_sub_event_type(read, kind, sub, disorder):
    reading = read({"event_type": kind, "sub_event_type": sub, "disorder_type": ""})

    assert column(reading, "disorder_type") == [disorder]


def test_b12_the_codebook_has_25_pairs_and_all_are_read(read):
    pairs = [(kind, sub) for kind, subs in SUB_TYPES.items() for sub in subs]

    reading = read(*[{"event_type": k, "sub_event_type": s, "disorder_type": ""} for k, s in pairs])

    assert len(pairs) == 25
    assert list(zip(column(reading, "event_type"), column(reading, "sub_event_type"),
                    strict=True)) == pairs  # fmt: skip
    assert None not in column(reading, "disorder_type")


@pytest.mark.parametrize(
    ("kind", "sub", "read_as"),
    [
        ("BATTLES", "armed  clash", ("Battles", "Armed clash")),
        ("Batallas", "Enfrentamiento armado", ("Battles", "Armed clash")),
        ("Violencia contra civiles", "Ataque", ("Violence against civilians", "Attack")),
        ("Remote violence", "Grenade", ("Explosions/Remote violence", "Grenade")),
        ("Battle-No change of territory", "", ("Battles", "Armed clash")),
        ("", "Mob violence", ("Riots", "Mob violence")),
        ("Protests", "", ("Protests", None)),
    ],
)
def test_b12_other_spellings_languages_and_codebooks_are_read_and_said(read, kind, sub, read_as):
    reading = read({"event_type": kind, "sub_event_type": sub})

    assert (column(reading, "event_type")[0], column(reading, "sub_event_type")[0]) == read_as
    assert reading.repairs or sub == ""


@pytest.mark.parametrize(
    ("kind", "sub", "reason"),
    [
        ("Tsunami", "Armed clash", "unknown_type"),
        ("Riots/Protests", "", "unknown_type"),  # two types today: not guessed
        ("", "", "unknown_type"),
        ("Battles", "Food fight", "unknown_type"),
        ("Battles", "Peaceful protest", "type_mismatch"),
    ],
)
def test_b12_a_type_that_is_in_no_codebook_is_quarantined(read, kind, sub, reason):
    reading = read({}, {"event_type": kind, "sub_event_type": sub})

    assert fates(reading) == [(2, "used", None), (3, "quarantined", reason)]


def test_b12_the_misspelled_demonstrations_are_repaired_and_said(read):
    reading = read({"event_type": "Protests", "sub_event_type": "Peaceful protest",
                    "disorder_type": "Demostrations"})  # fmt: skip

    assert column(reading, "disorder_type") == ["Demonstrations"]
    assert any("disorder_type: 1 label" in said for said in reading.repairs)


@pytest.mark.parametrize(
    ("cell", "word"),
    [("1", "exact"), ("2", "near"), ("3", "state"), ("1.0", "exact"), ("", "unknown"),
     ("4", "unknown"), ("0", "unknown"), ("1.5", "unknown"), ("high", "unknown")],
)  # fmt: skip
def test_b15_a_precision_out_of_range_is_unknown_and_never_exact(read, cell, word):
    reading = read({"geo_precision": cell})

    assert column(reading, "geo_precision") == [word]
    assert any("geo_precision" in said for said in reading.warnings) == (word == "unknown")


@pytest.mark.parametrize(
    ("cell", "word"),
    [("1", "day"), ("2", "week"), ("3", "month"), ("", "unknown"), ("7", "unknown")],
)
def test_b15_time_precision_is_put_in_words(read, cell, word):
    assert column(read({"time_precision": cell}), "time_precision") == [word]


def test_b15_a_date_without_a_day_is_not_known_to_the_day_whatever_the_code_says(read):
    assert column(read({"event_date": "sep-24"}), "time_precision") == ["month"]


@pytest.mark.parametrize("cell", ["10+", "unknown", "-1", "3.5"])
def test_b6_an_unreadable_number_of_deaths_keeps_the_event_and_is_noted(read, cell):
    reading = read({}, {"fatalities": cell})

    np.testing.assert_array_equal(reading.events["fatalities"], [2, np.nan])
    assert fates(reading) == [(2, "used", None), (3, "used", "fatalities_unreadable")]
    assert reading.ledger.records["value"].tolist()[1] == cell
    assert any(repr(cell) in said for said in reading.warnings)


@pytest.mark.parametrize(
    "change",
    [
        {"country": "Guatemala", "iso": "320"},
        {"country": "Guatemala", "iso": ""},
        {"country": "", "iso": "320"},
    ],
)
def test_an_event_of_another_country_is_filtered_and_not_judged(read, change):
    reading = read({}, change | {"event_date": "2024-02-31", "latitude": "16.93"})

    assert fates(reading) == [(2, "used", None), (3, "filtered", "other_country")]


@pytest.mark.parametrize("country", ["México", "MEXICO", " Mexico ", ""])
def test_d2_mexico_is_mexico_in_every_spelling(read, country):
    assert len(read({"country": country, "iso": ""}).events) == 1


def test_b4_nothing_happens_after_the_last_upload(read):
    reading = read({}, {"event_date": "2024-12-25"}, {"event_date": "2024-12-26"},
                   {"event_date": "1996-12-31"})  # fmt: skip

    assert [(fate, why) for _, fate, why in fates(reading)] == [
        ("used", None),
        ("used", None),
        ("quarantined", "date_out_of_range"),
        ("quarantined", "date_out_of_range"),
    ]
    assert str(reading.data_through.date()) == "2024-12-25"


def test_b4_the_ledger_says_line_column_and_value(read):
    reading = read({"notes": "two\nlines"}, {"event_date": "2024-02-31"})
    row = reading.ledger.left_out().iloc[0]

    assert row[["record", "file", "line", "reason", "column", "value"]].tolist() == [
        2, "events.csv", 4, "impossible_date", "event_date", "2024-02-31",
    ]  # fmt: skip


def test_b8_the_same_record_twice_counts_once(read):
    reading = read({}, {"event_id_cnty": "MEX1"}, {"event_id_cnty": " MEX1"})

    assert [why for _, _, why in fates(reading)] == [None, "duplicate", "duplicate"]
    assert reading.events["event_id"].tolist() == ["MEX1"]


def test_b9_of_two_versions_the_later_upload_counts(read):
    reading = read(
        {"event_id_cnty": "A", "fatalities": "1", "timestamp": "1735000000"},
        {"event_id_cnty": "A", "fatalities": "3", "timestamp": "1735000200"},
        {"event_id_cnty": "A", "fatalities": "2", "timestamp": "1735000100"},
    )

    assert [why for _, _, why in fates(reading)] == ["superseded", None, "superseded"]
    assert reading.events["fatalities"].tolist() == [3]


def test_b9_a_later_version_in_another_country_takes_the_event_out_of_mexico(read):
    reading = read(
        {"event_id_cnty": "A", "timestamp": "1735000000"},
        {"event_id_cnty": "A", "timestamp": "1735000200", "country": "Guatemala", "iso": "320"},
    )

    assert [why for _, _, why in fates(reading)] == ["superseded", "other_country"]


@pytest.mark.parametrize("time", ["", "1735000000"])
def test_b9_without_a_time_that_tells_the_first_counts_and_the_conflict_is_said(read, time):
    reading = read(
        {"event_id_cnty": "A", "fatalities": "1", "timestamp": time},
        {"event_id_cnty": "A", "fatalities": "3", "timestamp": time},
    )

    assert [why for _, _, why in fates(reading)] == [None, "id_conflict"]
    assert any("1 record repeats an id with" in said for said in reading.warnings)


def test_b10_one_event_under_two_ids_is_counted_twice_and_said(read):
    reading = read({}, {}, {"actor2": "Group Three"})

    assert len(reading.events) == 3
    [said] = [said for said in reading.warnings if "1 event may repeat" in said]
    assert "'MEX2'" in said
    assert said.endswith("; it is counted")


MONADIC = [
    {"event_id_cnty": "A"},
    {"event_id_cnty": "A", "actor1": "Group Two", "actor2": "Group One"},
    {"event_id_cnty": "B", "event_date": "2024-09-10"},
]


def test_b11_a_monadic_export_is_refused_with_the_reason(read):
    with pytest.raises(SourceError, match=r"events\.csv: this is a monadic export: 1 id of 2"):
        read(*MONADIC)


def test_b11_a_monadic_export_without_second_actors_is_refused(read):
    with pytest.raises(SourceError, match="monadic"):
        read(*[one | {"actor2": ""} for one in MONADIC])


def test_b11_versions_that_differ_in_more_than_the_actors_are_no_monadic_export(read):
    reading = read(MONADIC[0], MONADIC[1] | {"event_date": "2024-09-11"}, MONADIC[2])

    assert [why for _, _, why in fates(reading)] == [None, "id_conflict", None]


def test_b11_a_file_without_the_second_actor_that_repeats_no_id_is_read(read):
    header = tuple(name for name in ACLED_CURRENT if name != "actor2")

    reading = read({}, {"event_date": "2024-09-10"}, header=header)

    assert len(reading.events) == 2
    assert any("no column actor2" in said for said in reading.warnings)


def test_b12_a_record_without_an_id_is_quarantined(read):
    assert fates(read({}, {"event_id_cnty": " "}))[1] == (3, "quarantined", "no_event_id")


def test_f1_f2_text_stays_as_it_is(read):
    hostile = "<script>alert(1)</script> ${1} `x` {{7}} \\ \u2028 =1+1 \u202e"

    reading = read({"notes": hostile, "actor1": hostile, "admin1": hostile})

    assert column(reading, "notes") == [hostile]
    assert column(reading, "actor1") == [hostile]
    assert column(reading, "admin1") == [hostile]


def test_a_year_that_contradicts_the_date_is_said(read):
    assert any("1 record with another year" in said for said in read({"year": "2020"}).warnings)


def test_c10_coordinates_rounded_to_a_kilometer_are_said(read):
    warnings = read({"latitude": "24.8", "longitude": "-107.39"}, {}).warnings

    assert any("50% of 2 events given to two decimals" in said for said in warnings)


def test_the_reader_says_what_it_left_out_and_only_then(tmp_path):
    whole = write(tmp_path / "whole.csv", acled({}, {"event_date": "2024-09-10"}))
    odd = write(tmp_path / "odd.csv", acled({}, {"latitude": ""}, {"country": "Belize", "iso": ""}))

    assert len(read_events(whole)) == 2
    with pytest.warns(DataWarning, match=r"odd\.csv: 2 records of 3 left out: 1 other_country, "
                      "1 no_coordinates"):  # fmt: skip
        assert len(read_events(odd)) == 1


def test_several_files_are_one_table_and_a_repeat_between_them_counts_once(tmp_path):
    first = write(tmp_path / "a.csv", acled({}, {"event_date": "2024-09-10"}))
    earlier = {"event_id_cnty": "MEX2", "timestamp": "1600000000", "event_date": "2020-01-01"}
    old = [OLD | {"event_id_cnty": "MEX9"}, OLD | earlier]
    second = write(tmp_path / "b.csv", old, ACLED_OLD)

    reading = read_events_with_ledger([first, second])

    assert reading.events["event_id"].tolist() == ["MEX1", "MEX2", "MEX9"]
    assert reading.events["record"].tolist() == [1, 2, 3]
    table = reading.ledger.records
    assert table["record"].tolist() == [1, 2, 3, 4]
    assert table["file"].astype(str).tolist() == ["a.csv", "a.csv", "b.csv", "b.csv"]
    assert [why for _, _, why in fates(reading)] == [None, None, None, "superseded"]
    assert reading.layout == "acled, acled-old"
    assert len(reading.sha256.split()) == 2


def test_a_file_with_no_usable_record_gives_no_events_and_the_whole_account(read):
    reading = read({"latitude": ""}, {"latitude": "0", "longitude": "0"})

    assert len(reading.events) == 0
    assert reading.events["event_date"].dtype == "datetime64[us]"
    assert reading.ledger.counts() == {"used": 0, "filtered": 0, "quarantined": 2}
