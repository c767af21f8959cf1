"""A folder of parts is read as naming its files one by one reads them, and nothing is lost."""

from __future__ import annotations

import gzip
import os

import pandas as pd
import pytest

import geo
from geo.errors import OutputError, SourceError
from geo.export.folder import refuse_file, refuse_folder
from geo.sample import make_sample
from geo.sources.folders import look_into, meant_by
from geo.study import locate_events


def touched(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("event_date,longitude,latitude\n2024-01-05,-99.1,19.4\n")
    return folder


def inside(folder):
    return [path.relative_to(folder).as_posix() for path in look_into(folder).parts]


@pytest.mark.parametrize(
    ("names", "parts", "others"),
    [
        pytest.param(["b.csv", "a.csv"], ["a.csv", "b.csv"], (), id="by name"),
        pytest.param(["p-2.csv", "p-10.csv"], ["p-10.csv", "p-2.csv"], (), id="letter by letter"),
        pytest.param(
            ["b.tsv", "a.CSV", "c.csv.gz", "d.tab"],
            ["a.CSV", "b.tsv", "c.csv.gz", "d.tab"],
            (),
            id="all kinds of text",
        ),
        pytest.param(
            ["y=2024/0.parquet", "y=2023/1.pq", "a.geoparquet"],
            ["a.geoparquet", "y=2023/1.pq", "y=2024/0.parquet"],
            (),
            id="folders in it",
        ),
        pytest.param(
            [".a.csv.crc", "._a.csv", "_SUCCESS", "_temporary/0.csv", ".git/x.parquet", "a.csv"],
            ["a.csv"],
            (),
            id="hidden files and markers",
        ),
        pytest.param(
            ["README.md", "a.csv", "b.csv.zst", "c.txt"],
            ["a.csv"],
            ("README.md", "b.csv.zst", "c.txt"),
            id="what is no part is told",
        ),
        pytest.param(["out.csv/part-0.csv"], ["out.csv/part-0.csv"], (), id="a folder's name"),
    ],
)
def test_parts_of_a_folder(tmp_path, names, parts, others):
    touched(tmp_path, *names)

    assert inside(tmp_path) == parts
    assert look_into(tmp_path).others == others
    assert len(meant_by([tmp_path]).passed_over) == bool(others)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        pytest.param([], "without a file of Parquet", id="empty"),
        pytest.param(["_SUCCESS", ".a.csv", "notes.txt"], "without a file of Parquet", id="none"),
        pytest.param(["a.xlsx"], "Give the files themselves", id="another kind"),
        pytest.param(
            ["a.csv", "x/b.parquet"], r"kinds: Parquet \(x/b.parquet\), CSV \(a.csv\)", id="both"
        ),
        pytest.param(["a.csv", "b.gpkg"], r"CSV \(a.csv\), other kinds \(b.gpkg\)", id="beside"),
    ],
)
def test_a_folder_that_is_no_table_is_refused(tmp_path, names, said):
    touched(tmp_path, *names)

    with pytest.raises(SourceError, match=said):
        look_into(tmp_path)


def test_a_folder_behind_a_link_is_told_and_not_entered(tmp_path):
    touched(tmp_path, "parts/a.csv", "elsewhere/b.csv")
    (tmp_path / "parts" / "more").symlink_to(tmp_path / "elsewhere")

    assert inside(tmp_path / "parts") == ["a.csv"]
    assert meant_by([tmp_path / "parts"]).passed_over == (
        "parts: 1 file in the folder not read, as the name is of no part of a table: more",
    )


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    """Records of the sample in four parts of two encodings, some of which repeat across parts."""
    folder = tmp_path_factory.mktemp("parts")
    rows = make_sample().head(900)
    rows = pd.concat([rows, rows.iloc[100:103]])
    rows[:300].to_csv(folder / "part-000.csv", index=False)
    rows[300:600].to_csv(folder / "part-001.tsv", index=False, sep="\t", encoding="utf-16")
    (folder / "part-002").mkdir()
    rows[600:800].to_csv(folder / "part-002" / "part-000.csv", index=False)
    with gzip.open(folder / "part-003.csv.gz", "wt") as file:
        rows[800:].to_csv(file, index=False)
    (folder / "_SUCCESS").touch()
    (folder / "README.md").write_text("From the archive.")
    return folder


def test_a_folder_is_read_as_its_files_are(parts):
    found = geo.read_events_with_ledger(parts)
    named = geo.read_events_with_ledger(look_into(parts).parts)

    pd.testing.assert_frame_equal(found.events, named.events)
    pd.testing.assert_frame_equal(found.ledger.records, named.ledger.records)
    assert found.files == named.files
    assert found.warnings[1:] == named.warnings
    assert "README.md" in found.warnings[0]
    repeated = found.ledger.records.query("reason == 'duplicate'")
    assert repeated["file"].tolist()[-3:] == ["part-003.csv.gz"] * 3
    labels = {
        f"{parts.name}/part-000.csv",
        "part-001.tsv",
        "part-002/part-000.csv",
        "part-003.csv.gz",
    }
    assert set(found.ledger.records["file"]) == {name for name, *_ in found.files} == labels


def test_a_part_without_a_header_is_named(tmp_path):
    touched(tmp_path, "part-000.csv")
    (tmp_path / "part-001.csv").write_text("2024-01-06,-99.1,19.4\n")

    with pytest.raises(SourceError, match=r"part-001\.csv"):
        geo.read_events(tmp_path, geo_precision="exact")


def test_results_are_not_written_into_a_folder_that_is_read(tmp_path):
    touched(tmp_path, "events/a.csv")
    for refuse, place in ((refuse_file, "b.csv"), (refuse_folder, "b"), (refuse_folder, "")):
        with pytest.raises(OutputError, match="lies in the input"):
            refuse(tmp_path / "events" / place, [tmp_path / "events"])
    refuse_file(tmp_path / "b.csv", [tmp_path / "events"])
    refuse_folder(tmp_path / "b", [tmp_path / "events"])


@pytest.mark.parametrize("in_batches", [False, True], ids=["at once", "in batches"])
def test_a_folder_is_looked_through_once(tmp_path, monkeypatch, in_batches):
    make_sample(events=1000).to_csv(tmp_path / "a.csv", index=False)
    (tmp_path / "README.md").touch()
    walked = []
    walk = os.walk

    def counting(place, **how):
        walked.append(place)
        return walk(place, **how)

    monkeypatch.setattr("geo.sources.folders.os.walk", counting)
    if in_batches:
        warned = locate_events(str(tmp_path)).warnings
    else:
        warned = geo.read_events_with_ledger(tmp_path).warnings

    assert walked == [tmp_path]
    assert sum("1 file in the folder not read" in one for one in warned) == 1
