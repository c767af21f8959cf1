import pytest

from geo.errors import SettingsError, SourceError
from geo.sources.events import read_events_with_ledger
from tests.sources.rows import acled, fates, write

SPANISH = """Folio,Fecha,Lon,Lat,Tipo,Muertos,Estado,Observaciones
7,3 de septiembre de 2024,-107.3938,24.8064,Homicidio,1,Sinaloa,en la calle
8,4 de septiembre de 2024,-107.4012,24.7991,Robo,,Sinaloa,
"""
COLUMNS = {
    "event_id": "Folio",
    "event_date": "Fecha",
    "longitude": "Lon",
    "latitude": "Lat",
    "event_type": "Tipo",
    "fatalities": "Muertos",
    "admin1": "Estado",
}


@pytest.fixture
def read(tmp_path):
    def one(content, **options):
        file = tmp_path / "hechos.csv"
        file.write_text(content, encoding="utf-8")
        return read_events_with_ledger(file, **options)

    return one


def test_any_table_is_read_by_the_columns_that_the_user_states(read):
    reading = read(SPANISH, columns=COLUMNS, geo_precision="exact", time_precision="day")
    row = reading.events.iloc[0]

    assert reading.layout == "table"
    assert reading.source == "hechos.csv"
    assert reading.credit.line("es") == "Fuente: hechos.csv; consultado: fecha no indicada"
    assert str(row["event_date"].date()) == "2024-09-03"
    assert row[
        ["event_id", "event_type", "admin1", "geo_precision", "time_precision"]
    ].tolist() == [
        "7",
        "Homicidio",
        "Sinaloa",
        "exact",
        "day",
    ]
    assert row["Observaciones"] == "en la calle"
    assert reading.events["fatalities"].isna().tolist() == [False, True]
    assert not any("precision" in said for said in reading.warnings)


def test_a_table_without_a_mapping_is_refused_and_never_guessed(read):
    with pytest.raises(SourceError, match=r'hechos\.csv: .*columns=\{"event_date": "Fecha"'):
        read(SPANISH)


def test_b8_first_records_of_two_tables_without_ids_are_not_one_event(tmp_path):
    head = "event_date,longitude,latitude\n"
    files = [tmp_path / "may.csv", tmp_path / "june.csv"]
    files[0].write_text(f"{head}2024-05-01,-107.3938,24.8064\n2024-05-01,-99.1332,19.4326\n")
    files[1].write_text(f"{head}2024-06-01,-107.3938,24.8064\n")

    reading = read_events_with_ledger(files)

    assert reading.ledger.counts() == {"used": 3, "filtered": 0, "quarantined": 0}
    assert reading.events["event_id"].tolist() == ["may.csv:1", "may.csv:2", "june.csv:1"]
    again = read_events_with_ledger([files[0], files[0]])
    assert again.ledger.counts() == {"used": 2, "filtered": 0, "quarantined": 2}


def test_the_contracts_own_names_need_no_mapping_and_records_are_their_own_ids(read):
    reading = read("event_date,longitude,latitude\n2024-09-09,-107.3938,24.8064\n")

    assert reading.events["event_id"].tolist() == ["1"]
    assert "event_id: no column holds it; the number of the record is used" in reading.repairs


def test_b15_a_precision_that_nobody_states_is_unknown_and_said(read):
    reading = read(SPANISH, columns=COLUMNS)

    assert reading.events["geo_precision"].tolist() == ["unknown", "unknown"]
    assert reading.events["time_precision"].tolist() == ["unknown", "unknown"]
    [said] = [said for said in reading.warnings if "they count for no municipality" in said]
    assert "say --geo-precision exact" in said


def test_b15_a_column_of_precision_holds_the_words_of_the_contract(read):
    content = (
        "event_date,longitude,latitude,geo_precision\n"
        "2024-09-09,-107.3938,24.8064,Municipality\n"
        "2024-09-10,-107.3938,24.8064,1\n"
    )

    reading = read(content)

    assert reading.events["geo_precision"].tolist() == ["municipality", "unknown"]
    [said] = [said for said in reading.warnings if "another word" in said]
    assert said.startswith("geo_precision: 1 record with another word than exact, near")
    assert "such as '1'" in said
    assert not any("--geo-precision" in said for said in reading.warnings)
    with pytest.raises(SettingsError, match="this file does, row by row"):
        read(content, geo_precision="exact")


def test_b2_the_order_of_day_and_month_is_asked_for_once(read):
    content = "event_date,longitude,latitude\n03/04/2024,-107.3938,24.8064\n"

    with pytest.raises(SourceError, match=r'hechos\.csv: .*date_order="dmy"'):
        read(content)
    reading = read(content, date_order="dmy")
    assert str(reading.events["event_date"].iloc[0].date()) == "2024-04-03"


def test_b4_nothing_happens_after_the_download(read):
    content = (
        "event_date,longitude,latitude\n"
        "2024-09-09,-107.3938,24.8064\n"
        "2024-09-10,-107.3938,24.8064\n"
    )

    reading = read(content, accessed="2024-09-09")

    assert fates(reading) == [(2, "used", None), (3, "quarantined", "date_out_of_range")]


def test_b9_a_table_can_state_the_time_of_upload(read):
    content = (
        "event_id,event_date,longitude,latitude,fatalities,subido\n"
        "a,2024-09-09,-107.3938,24.8064,1,2024-10-02T10:00:00\n"
        "a,2024-09-09,-107.3938,24.8064,2,2024-10-01T10:00:00\n"
    )

    reading = read(content, columns={"timestamp": "subido"})

    assert reading.events["fatalities"].tolist() == [1]
    assert fates(reading)[1] == (3, "quarantined", "superseded")


@pytest.mark.parametrize(
    "cell",
    [
        "POINT (-107.3938 24.8064)",
        "SRID=4326;POINT Z(-107.3938 24.8064 12)",
        '"{""type"":""Point"",""coordinates"":[-107.3938, 24.8064]}"',
    ],
)
def test_c4_a_point_in_one_cell_is_read(read, cell):
    content = f"event_date,geom,note\n2024-09-09,{cell},a\n2024-09-10,LINE,b\n"

    reading = read(content, columns={"geometry": "geom"})

    assert [(p.x, p.y) for p in reading.events.geometry] == [(-107.3938, 24.8064)]
    assert fates(reading)[1] == (3, "quarantined", "bad_coordinates")
    assert reading.ledger.left_out()[["column", "value"]].values.tolist() == [["geom", "LINE"]]


def test_c4_a_column_of_points_without_points_is_refused(read):
    with pytest.raises(SourceError, match="holds none such as POINT"):
        read("event_date,geometry\n2024-09-09,19.43 / -99.13\n")


def test_a_known_source_keeps_its_credit(read):
    reading = read(SPANISH, columns=COLUMNS, source="UCDP GED")

    assert reading.credit.key == "ucdp"
    assert reading.events["source"].tolist() == ["UCDP GED"] * 2


@pytest.mark.parametrize(
    "options",
    [{"geo_precision": "precise"}, {"date_order": "ymd"}, {"accessed": "yesterday"},
     {"accessed": "2024-09"}, {"keep": "some"}, {"columns": {"when": "Fecha"}}],
)  # fmt: skip
def test_an_option_that_cannot_be_meant_is_refused(read, options):
    with pytest.raises(SettingsError):
        read(SPANISH, **({"columns": COLUMNS} | options))


def test_files_of_different_sources_are_not_read_together(tmp_path):
    other = write(tmp_path / "acled.csv", acled({}))
    (tmp_path / "own.csv").write_text("event_date,longitude,latitude\n2024-09-09,-107.3,24.8\n")

    with pytest.raises(SourceError, match="different sources"):
        read_events_with_ledger([other, tmp_path / "own.csv"])
