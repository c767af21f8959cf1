"""Files of every kind from end to end, and files that nobody would write."""

import gzip
import io
import tempfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.errors import GeoError, SourceError
from geo.schema import EVENTS
from geo.sources.events import read_events_with_ledger
from tests.sources.rows import (
    ACLED_CURRENT,
    ACLED_OLD,
    BASE,
    OLD,
    UCDP_GED,
    acled,
    fates,
    ged,
    write,
)

ROWS = acled({}, {"actor2": 'Núñez, "El Ñ"'}, {"latitude": "", "longitude": ""})


def frame() -> pd.DataFrame:
    return pd.DataFrame([{c: row.get(c, "") for c in ACLED_CURRENT} for row in ROWS]).astype("str")


def as_typed() -> pd.DataFrame:
    """The same rows as a library would hold them: numbers, dates and missing values."""
    typed = frame()
    for name in ("latitude", "longitude", "fatalities", "iso", "year", "geo_precision"):
        typed[name] = pd.to_numeric(typed[name])
    typed["event_date"] = pd.to_datetime(typed["event_date"])
    return typed


def save_points(path: Path, *, cut: int | None = None, **options) -> None:
    typed = as_typed()
    if cut:  # as GIS programs do: text for date and time, names cut to ten characters
        typed = typed.drop(columns=["assoc_actor_1", "assoc_actor_2"])
        typed["event_date"] = typed["event_date"].astype("str")
    points = gpd.points_from_xy(typed.pop("longitude"), typed.pop("latitude"), crs="EPSG:4326")
    table = gpd.GeoDataFrame(typed, geometry=points)
    table.loc[table["event_id_cnty"] == "MEX3", "geometry"] = None
    table = table.rename(columns=lambda name: name[:cut])
    table.to_file(path, engine="pyogrio", **options)


WRITERS = {
    "plain.csv": lambda path: write(path, ROWS),
    "packed.csv.gz": lambda path: path.write_bytes(
        gzip.compress(frame().to_csv(index=False).encode())
    ),
    "latin1.csv": lambda path: path.write_bytes(frame().to_csv(index=False).encode("latin-1")),
    "utf16.csv": lambda path: path.write_bytes(frame().to_csv(index=False).encode("utf-16")),
    "semicolon.csv": lambda path: frame().to_csv(path, index=False, sep=";"),
    "tab.tsv": lambda path: frame().to_csv(path, index=False, sep="\t"),
    "sheet.xlsx": lambda path: as_typed().to_excel(path, index=False),
    "typed.parquet": lambda path: as_typed().to_parquet(path),
    "points.geojson": lambda path: save_points(path, driver="GeoJSON"),
    "points.gpkg": lambda path: save_points(path, driver="GPKG"),
}


@pytest.mark.parametrize("name", WRITERS)
def test_every_kind_of_file_gives_the_same_events(tmp_path, name):
    WRITERS[name](tmp_path / name)

    reading = read_events_with_ledger(tmp_path / name)
    events = reading.events

    assert reading.layout == "acled"
    assert events["event_id"].tolist() == ["MEX1", "MEX2"]
    assert events["actor2"].tolist() == ["Group Two", 'Núñez, "El Ñ"']
    assert events["event_date"].dt.strftime("%Y-%m-%d").tolist() == ["2024-09-09"] * 2
    assert events["fatalities"].tolist() == [2, 2]
    assert events["geo_precision"].tolist() == ["exact", "exact"]
    assert [(p.x, p.y) for p in events.geometry] == [(-107.3938, 24.8064)] * 2
    assert [why for _, _, why in fates(reading)] == [None, None, "no_coordinates"]


def test_a14_a_shapefile_with_its_short_names_gives_the_same_events(tmp_path):
    save_points(tmp_path / "points.shp", cut=10, driver="ESRI Shapefile", encoding="UTF-8")

    reading = read_events_with_ledger(tmp_path / "points.shp")

    assert reading.layout == "acled"
    assert reading.events["sub_event_type"].tolist() == ["Armed clash"] * 2
    assert reading.events["geo_precision"].tolist() == ["exact"] * 2
    assert [why for _, _, why in fates(reading)] == [None, None, "no_coordinates"]


def test_a9_records_that_are_not_whole_are_in_the_account(tmp_path):
    file = write(tmp_path / "events.csv", acled({}, {"actor2": "x"}))
    with file.open("a") as stream:
        stream.write("MEX3,2024-09-09\n")

    reading = read_events_with_ledger(file)

    assert fates(reading) == [
        (2, "used", None),
        (3, "used", None),
        (4, "quarantined", "too_few_fields"),
    ]


def test_a9_numbers_of_records_hold_across_records_that_are_not_whole(tmp_path):
    file = write(tmp_path / "events.csv", acled({}))
    header, row = file.read_text().splitlines()
    file.write_text("\n".join([header, "torn,row", row, row.replace("MEX1", "MEX2")]) + "\n")

    reading = read_events_with_ledger(file)

    assert reading.events["record"].tolist() == [2, 3]
    assert reading.ledger.records["record"].tolist() == [1, 2, 3]


def test_a9_numbers_of_records_hold_across_files(tmp_path):
    first, second = tmp_path / "a.csv", write(tmp_path / "b.csv", acled({"event_id_cnty": "B"}))
    header, row = second.read_text().splitlines()
    first.write_text("\n".join([header, "torn,row", row.replace("B,", "A,", 1)]) + "\n")

    reading = read_events_with_ledger([first, second])

    assert reading.events[["event_id", "record"]].to_numpy().tolist() == [["A", 2], ["B", 3]]
    assert reading.ledger.records["record"].tolist() == [1, 2, 3]


def test_files_of_the_same_name_are_told_apart(tmp_path):
    for folder, day in (("a", "2024-09-09"), ("b", "2024-09-10")):
        (tmp_path / folder).mkdir()
        write(tmp_path / folder / "events.csv", [BASE | {"event_date": day, "event_id_cnty": day}])

    paths = [tmp_path / folder / "events.csv" for folder in ("a", "b")]

    reading = read_events_with_ledger(paths)
    files = reading.ledger.records["file"].astype(str).tolist()
    assert files == ["a/events.csv", "b/events.csv"]


def test_progress_is_told(tmp_path):
    told = []

    read_events_with_ledger(
        write(tmp_path / "a.csv", ROWS), progress=lambda done, total: told.append((done, total))
    )

    assert told[-1][0] == told[-1][1] > 0


def test_the_events_are_the_same_whatever_columns_are_kept(tmp_path):
    file = write(tmp_path / "a.csv", acled({}, {"event_id_cnty": "MEX1", "notes": "other"}, {}))

    whole, bare = (read_events_with_ledger(file, keep=keep) for keep in ("all", "none"))

    assert fates(whole) == fates(bare)
    assert "notes" in whole.events
    assert list(bare.events) == [
        *(c.name for c in EVENTS.columns if c.name != "geometry"), "record", "geometry",
    ]  # fmt: skip
    pd.testing.assert_frame_equal(
        pd.DataFrame(whole.events[list(bare.events)]), pd.DataFrame(bare.events)
    )


ODD = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["", " ", "NA", "nan", "inf", "1e309", "-0", "0", "9999", "-999", "19,43", "19.43N", "3.5",
         "10+", "2024-02-31", "03/04/2024", "13/04/2024", "04/13/2024", "sep-24", "2024-W36",
         "45544", "1725840000", "Guatemala", "Battles", "Attack", "MEX1", "=1+1", '"', "a\nb",
         "\x00", "\u2028", "<script>", "99.13", "-99.13", "24.8", "484", "70", "1.234", "1,234"]
    ),
)  # fmt: skip
CHANGES = st.lists(
    st.dictionaries(st.sampled_from(sorted({*OLD, *ged({})[0]})), ODD, max_size=5), max_size=6
)


def balanced(file: Path) -> None:
    """Read a file; either it is refused, or every record is accounted for."""
    try:
        reading = read_events_with_ledger(file)
    except GeoError:
        return
    EVENTS.check(reading.events)
    counts = reading.ledger.counts()
    assert sum(counts.values()) == reading.ledger.physical == len(reading.ledger.records)
    assert counts["used"] == len(reading.events)
    used = reading.ledger.records.loc[reading.ledger.records["fate"] == "used", "record"]
    assert reading.events["record"].tolist() == used.tolist()
    assert reading.events.geometry.notna().all()


LAYOUTS = {
    "current": (BASE, "event_id_cnty", ACLED_CURRENT),
    "old": (OLD, "event_id_cnty", ACLED_OLD),
    "ged": (ged({})[0], "id", UCDP_GED),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.filterwarnings("ignore::geo.errors.DataWarning")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(changes=CHANGES)
def test_any_cells_are_refused_or_accounted_for(layout, changes):
    base, key, header = LAYOUTS[layout]
    rows = [base, *(base | {key: f"MEX{i}"} | one for i, one in enumerate(changes, 2))]
    with tempfile.TemporaryDirectory() as folder:
        balanced(write(Path(folder, "events.csv"), rows, header))


@pytest.mark.filterwarnings("ignore::geo.errors.DataWarning")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    cuts=st.lists(
        st.tuples(st.integers(0, 2_000), st.integers(0, 40), st.binary(max_size=8)), max_size=4
    )
)
def test_any_bytes_are_refused_or_accounted_for(cuts):
    content = io.StringIO()
    frame().to_csv(content, index=False)
    data = content.getvalue().encode()
    for start, length, put in cuts:
        data = data[:start] + put + data[start + length :]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "events.csv")
        file.write_bytes(data)
        balanced(file)


def test_a11_b14_a_file_is_what_it_holds_and_not_what_it_is_called(tmp_path):
    file = tmp_path / "ACLED_sample.csv"
    file.write_text("country,admin1,population,events,score\nMexico,Sinaloa,3000000,17,0.4\n")

    with pytest.raises(SourceError, match=r"ACLED_sample\.csv: this file holds counts of events"):
        read_events_with_ledger(file)
