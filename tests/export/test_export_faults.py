"""An export that is killed, or that the disk or the system refuses, leaves the old folder whole."""

from __future__ import annotations

import errno
import os
import pickle
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from geo.errors import OutputError
from geo.export import tables as module
from geo.export.folder import write_file, write_folder
from geo.export.table import write_table
from geo.export.tables import write_tables
from tests import studies
from tests.export.fault_inputs import EVERY, digest, small

ROOT = Path(__file__).resolve().parents[2]


class Full:
    """A disk that is full from the n-th call of a writing function on."""

    def __init__(self, monkeypatch, last):
        self.calls, self.last = 0, last
        for name in ("write_csv", "write_workbook", "write_shaped", "package_text",
                     "_write_manifest", "findings_text", "credits_text"):  # fmt: skip
            self.wrap(monkeypatch, module, name)
        for name in ("write_text", "write_bytes", "mkdir"):
            self.wrap(monkeypatch, Path, name)
        self.wrap(monkeypatch, module.pd.DataFrame, "to_parquet")
        self.wrap(monkeypatch, os, "link")

    def wrap(self, monkeypatch, owner, name):
        given = getattr(owner, name)

        def refusing(*args, **kwargs):
            self.calls += 1
            if self.calls == self.last:
                raise OSError(errno.ENOSPC, "No space left on device")
            return given(*args, **kwargs)

        monkeypatch.setattr(owner, name, refusing)


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    """Return the path of the small results, which other processes read."""
    path = tmp_path_factory.mktemp("given") / "small"
    path.write_bytes(pickle.dumps(small()))
    return path


def test_i2_a_disk_that_is_full_at_any_file_leaves_the_old_folder_whole(tmp_path):
    out = tmp_path / "out"
    results, formats = small(), ("csv", "geoparquet")
    write_tables(results, out, formats=formats)
    (out / "mine.txt").write_text("mine")
    old = digest(out)
    with pytest.MonkeyPatch.context() as patch:
        counted = Full(patch, last=-1)
        write_tables(results, out, formats=formats)
        assert digest(out) == old
    assert counted.calls > 15

    for call in range(1, counted.calls + 1):
        with pytest.MonkeyPatch.context() as patch:
            full = Full(patch, last=call)
            try:
                write_tables(results, out, formats=formats, codes=["iso"])
            except OutputError as error:
                assert "disk is full" in str(error)  # noqa: PT017  only some calls refuse
            else:
                # What a link cannot do, a copy does.
                assert full.calls >= call
                write_tables(results, out, formats=formats)
        assert digest(out) == old, call
        assert sorted(path.name for path in tmp_path.iterdir()) == ["out"], call


LIMITED = textwrap.dedent(
    """
    import pickle, resource, sys
    from pathlib import Path
    from geo.errors import OutputError
    from geo.export.table import write_table
    from geo.export.tables import write_tables
    from tests.export.fault_inputs import EVERY, digest

    out = Path(sys.argv[1])
    results = pickle.loads(Path(sys.argv[2]).read_bytes())
    located = results.located.head(200)
    write_tables(results, out / "all", formats=EVERY)
    write_table(located, out / "a.gpkg")
    old = digest(out)
    most = resource.getrlimit(resource.RLIMIT_FSIZE)
    refused = 0
    for kind in (*EVERY, "gpkg"):
        goal = (out / "all") if kind != "gpkg" else (out / "a.gpkg")
        files = [goal] if kind == "gpkg" else [p for p in goal.rglob("*") if p.is_file()]
        sizes = sorted({path.stat().st_size for path in files})
        limits = {0, 4096, *(size - 1 for size in sizes[::3])}
        for limit in sorted(limits):
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, most[1]))
            try:
                if kind == "gpkg":
                    write_table(located, goal, overwrite=True)
                else:
                    write_tables(results, goal, formats=[kind])
            except OutputError as error:
                refused += 1
                assert "old files are untouched" in str(error), error
                assert digest(out) == old, (kind, limit)
            else:
                resource.setrlimit(resource.RLIMIT_FSIZE, most)
                if kind == "gpkg":
                    assert digest(out) == old, (kind, limit)
                else:
                    write_tables(results, goal, formats=EVERY)
                    assert digest(out) == old, (kind, limit)
            finally:
                resource.setrlimit(resource.RLIMIT_FSIZE, most)
    print(refused)
    """
)


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of the size of files on Windows")
def test_i2_a_file_that_may_not_grow_at_any_byte_leaves_the_old_files_whole(given, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path), str(given)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 20
    # Nothing that a library left half done speaks up later.
    assert "Exception ignored" not in done.stderr


KILLED = textwrap.dedent(
    """
    import pickle, sys
    from pathlib import Path
    from geo.export.tables import write_tables
    from tests.export.fault_inputs import EVERY

    results = pickle.loads(Path(sys.argv[2]).read_bytes())
    print("ready", flush=True)
    while True:
        write_tables(results, sys.argv[1], formats=EVERY)
    """
)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL on this system")
def test_i1_export_killed_at_any_moment_leaves_the_folder_whole_and_no_litter(given, tmp_path):
    out = tmp_path / "out"
    expected = digest(write_tables(small(), out, formats=EVERY))
    for number in range(3):
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(out), str(given)], stdout=subprocess.PIPE, cwd=ROOT
        )
        process.stdout.readline()
        time.sleep(0.11 + 0.47 * number)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        assert digest(out) == expected
    write_tables(small(), out, formats=EVERY)
    assert digest(out) == expected
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="who runs this may write anywhere"
)
def test_i3_folder_that_may_not_be_written_is_said_with_a_cure(tmp_path):
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(OutputError, match=r"no permission .* folder of your own"):
            write_tables(small(), tmp_path / "out", formats=EVERY)
    finally:
        tmp_path.chmod(0o755)


# Names -------------------------------------------------------------------------------------------


def fill(part):
    (part / "manifest.json").write_text('{"made_by": "geo", "outputs": []}')


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("x" * 250, id="250 letters"),
        pytest.param("ñ" * 127, id="254 bytes"),
        pytest.param("a 'quoted' \"name\"; DROP TABLE x; --", id="quotes"),
        pytest.param("Ñuu Savi", id="accents and a blank"),
        pytest.param("${x}]]>&<b>", id="markup"),
        pytest.param("-rf", id="an option"),
        pytest.param(".hidden", id="a dot in front"),
    ],
)
def test_g4_odd_names_that_a_system_takes_are_taken(tmp_path, name):
    write_folder(tmp_path / name, fill)
    write_folder(tmp_path / name, fill)
    write_file(tmp_path / name / "a.csv", lambda part: part.write_text("x"))

    assert [path.name for path in tmp_path.iterdir()] == [name]
    long = "y" * 250
    write_file(tmp_path / name / f"{long}.csv", lambda part: part.write_text(part.suffix))
    assert (tmp_path / name / f"{long}.csv").read_text() == ".csv"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a\x00b", r"U\+0000"),
        ("a\nb", r"U\+000A"),
        ("a\x1b[31mb", r"U\+001B"),
        ("a\u202eb", r"U\+202E"),
        ("con", "con is a name that Windows keeps for itself; give another, as con-1"),
        ("NUL.txt", "Windows keeps"),
        ("lpt1", "Windows keeps"),
        ("a\udcf1o", "has a name that is not UTF-8"),
        ("x" * 256, "a name of 256 bytes; most systems take 255"),
        ("ñ" * 128, "a name of 256 bytes"),
    ],
)
def test_g4_names_that_some_system_cannot_have_are_refused(tmp_path, name, said):
    with pytest.raises(OutputError, match=said):
        write_folder(tmp_path / name, fill)
    with pytest.raises(OutputError, match=said):
        write_file(tmp_path / name, lambda part: part.write_text("x"))
    assert list(tmp_path.iterdir()) == []


def test_g4_a_folder_above_and_back_is_the_folder_it_leads_to(tmp_path):
    (tmp_path / "a").mkdir()

    write_folder(tmp_path / "a" / ".." / "b", fill)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_g4_a_folder_that_is_a_link_is_written_where_it_leads(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")

    write_folder(tmp_path / "link", fill)

    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "manifest.json").exists()


def test_j9_geopackage_of_one_table_has_no_clock(tmp_path):
    located = studies.sample().located.head(5)

    one = write_table(located, tmp_path / "a.gpkg").read_bytes()
    again = write_table(located, tmp_path / "b" / "a.gpkg").read_bytes()

    assert one == again
