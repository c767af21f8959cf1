from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from geo.errors import OutputError
from geo.export import folder as module
from geo.export.folder import is_ours, write_file, write_folder


def fill(text, *names):
    def write(part):
        for name in names or ("a.txt",):
            (part / name).write_text(text)
        outputs = [{"name": name} for name in names or ("a.txt",)]
        (part / "manifest.json").write_text(json.dumps({"made_by": "geo", "outputs": outputs}))

    return write


def names(folder):
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def test_folder_is_made_with_its_parents(tmp_path):
    write_folder(tmp_path / "x" / "out", fill("new"))

    assert names(tmp_path) == ["x/out/a.txt", "x/out/manifest.json"]


def test_folder_of_geo_is_replaced_and_leaves_no_litter(tmp_path):
    write_folder(tmp_path / "out", fill("old", "a.txt", "gone.txt"))
    write_folder(tmp_path / "out", fill("new"))

    assert names(tmp_path) == ["out/a.txt", "out/manifest.json"]
    assert (tmp_path / "out" / "a.txt").read_text() == "new"


def test_files_that_the_user_put_beside_the_results_are_kept(tmp_path):
    out = tmp_path / "out"
    write_folder(out, fill("old"))
    (out / "own").mkdir()
    (out / "own" / "map.qgz").write_text("mine")
    (out / "own" / "empty").mkdir()
    (out / "link").symlink_to("a.txt")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "far.txt").write_text("far")
    (out / "linked").symlink_to(tmp_path / "elsewhere")

    write_folder(out, fill("new"))

    assert (out / "own" / "map.qgz").read_text() == "mine"
    assert (out / "own" / "empty").is_dir()
    assert (out / "link").is_symlink()
    assert (out / "linked").is_symlink()
    assert (tmp_path / "elsewhere" / "far.txt").read_text() == "far"
    assert (out / "a.txt").read_text() == "new"


def test_g4_folder_that_geo_did_not_make_is_refused_and_untouched(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("mine")

    with pytest.raises(OutputError, match=r"holds files that geo did not make.*--overwrite"):
        write_folder(tmp_path / "out", fill("new"))
    assert names(tmp_path) == ["out/thesis.txt"]


def test_g4_overwrite_writes_into_a_foreign_folder_and_keeps_its_files(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("mine")
    (tmp_path / "out" / "a.txt").write_text("mine too")

    write_folder(tmp_path / "out", fill("new"), overwrite=True)

    assert (tmp_path / "out" / "thesis.txt").read_text() == "mine"
    assert (tmp_path / "out" / "a.txt").read_text() == "new"


@pytest.mark.parametrize("manifest", ["{", "[]", '{"made_by": "someone"}', ""])
def test_manifest_of_another_program_does_not_make_a_folder_ours(tmp_path, manifest):
    (tmp_path / "manifest.json").write_text(manifest)

    assert not is_ours(tmp_path)


def test_empty_folder_may_be_used(tmp_path):
    (tmp_path / "out").mkdir()

    write_folder(tmp_path / "out", fill("new"))

    assert names(tmp_path / "out") == ["a.txt", "manifest.json"]


def test_g5_folder_that_holds_the_input_is_refused(tmp_path):
    events = tmp_path / "out" / "events.csv"
    events.parent.mkdir()
    events.write_text("x")

    with pytest.raises(OutputError, match=r"holds the input events\.csv"):
        write_folder(tmp_path / "out", fill("new"), inputs=[events], overwrite=True)
    assert names(tmp_path) == ["out/events.csv"]


def test_g4_folder_that_is_a_file_or_the_current_one_is_refused(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("x")
    monkeypatch.chdir(tmp_path)

    with pytest.raises(OutputError, match="is a file"):
        write_folder(tmp_path / "file", fill("new"))
    with pytest.raises(OutputError, match="folder you are in"):
        write_folder(tmp_path, fill("new"), overwrite=True)


def test_i1_failed_run_leaves_the_old_folder_whole_and_no_litter(tmp_path):
    write_folder(tmp_path / "out", fill("old"))

    def broken(part):
        (part / "a.txt").write_text("half")
        raise ValueError("a defect")

    with pytest.raises(ValueError, match="a defect"):
        write_folder(tmp_path / "out", broken)
    assert names(tmp_path) == ["out/a.txt", "out/manifest.json"]
    assert (tmp_path / "out" / "a.txt").read_text() == "old"


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        pytest.param(errno.ENOSPC, r"disk is full .* MB free", id="I2 disk full"),
        pytest.param(errno.EROFS, "no permission .* folder of your own", id="I3 read-only"),
        pytest.param(errno.EACCES, "no permission", id="I3 no permission"),
        pytest.param(errno.ENAMETOOLONG, "name is too long", id="G4 long name"),
        pytest.param(errno.EIO, "another place", id="any other"),
    ],
)
def test_i2_i3_what_the_machine_refuses_is_said_with_a_cure(tmp_path, number, expected):
    write_folder(tmp_path / "out", fill("old"))

    def refuse(part):
        (part / "a.txt").write_text("half")
        raise OSError(number, os.strerror(number))

    with pytest.raises(OutputError, match=expected) as caught:
        write_folder(tmp_path / "out", refuse)
    assert caught.value.exit_code == 3
    assert names(tmp_path) == ["out/a.txt", "out/manifest.json"]
    assert (tmp_path / "out" / "a.txt").read_text() == "old"


def test_i4_second_run_into_the_same_folder_is_refused(tmp_path):
    def again(part):
        fill("first")(part)
        with pytest.raises(OutputError, match="another run is writing"):
            write_folder(tmp_path / "out", fill("second"))

    write_folder(tmp_path / "out", again)

    assert (tmp_path / "out" / "a.txt").read_text() == "first"
    assert names(tmp_path) == ["out/a.txt", "out/manifest.json"]


def test_i4_lock_of_a_killed_run_does_not_hold(tmp_path):
    (tmp_path / ".out.geo-lock").write_text("")
    (tmp_path / ".out.geo-part").mkdir()
    (tmp_path / ".out.geo-part" / "half").write_text("half")

    write_folder(tmp_path / "out", fill("new"))

    assert names(tmp_path) == ["out/a.txt", "out/manifest.json"]


def test_i1_system_without_exchange_swaps_too_and_mends_a_kill_between(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_exchange", lambda *_: False)
    write_folder(tmp_path / "out", fill("old"))
    write_folder(tmp_path / "out", fill("new"))
    assert (tmp_path / "out" / "a.txt").read_text() == "new"

    (tmp_path / "out").rename(tmp_path / ".out.geo-old")

    def see(part):
        assert (tmp_path / "out" / "a.txt").read_text() == "new"
        fill("newest")(part)

    write_folder(tmp_path / "out", see)
    assert names(tmp_path) == ["out/a.txt", "out/manifest.json"]


KILLED = textwrap.dedent(
    """
    import json, sys
    from pathlib import Path
    from geo.export.folder import write_folder

    def fill(part):
        for i in range(20):
            (part / f"{i}.txt").write_text(sys.argv[2] * 1000)
        outputs = [{"name": f"{i}.txt"} for i in range(20)]
        (part / "manifest.json").write_text(json.dumps({"made_by": "geo", "outputs": outputs}))

    print("ready", flush=True)
    while True:
        write_folder(Path(sys.argv[1]), fill)
    """
)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL on this system")
def test_i1_killed_at_any_moment_the_folder_is_whole(tmp_path):
    out = tmp_path / "out"
    for number in range(12):
        letter = "abcdefghijkl"[number]
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(out), letter], stdout=subprocess.PIPE
        )
        process.stdout.readline()
        time.sleep(0.003 + 0.0047 * number)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        if not out.exists():
            continue
        texts = {path.read_text() for path in out.glob("*.txt")}
        assert len(list(out.glob("*.txt"))) == 20
        assert len(texts) == 1
        assert len(texts.pop()) == 1000
        assert is_ours(out)
    assert out.exists()


def test_file_is_written_beside_and_renamed(tmp_path):
    write_file(tmp_path / "x" / "a.csv", lambda part: part.write_text("new"))

    assert names(tmp_path) == ["x/a.csv"]


def test_g4_file_that_exists_is_kept_without_overwrite(tmp_path):
    (tmp_path / "a.csv").write_text("old")

    with pytest.raises(OutputError, match=r"exists.*--overwrite"):
        write_file(tmp_path / "a.csv", lambda part: part.write_text("new"))
    assert (tmp_path / "a.csv").read_text() == "old"

    write_file(tmp_path / "a.csv", lambda part: part.write_text("new"), overwrite=True)
    assert (tmp_path / "a.csv").read_text() == "new"


def test_g5_output_that_is_the_input_is_refused_even_with_overwrite(tmp_path, monkeypatch):
    (tmp_path / "a.csv").write_text("old")
    monkeypatch.chdir(tmp_path)

    with pytest.raises(OutputError, match="is the input"):
        write_file(
            tmp_path / "a.csv",
            lambda part: part.write_text("new"),
            inputs=[tmp_path / ".." / tmp_path.name / "a.csv"],
            overwrite=True,
        )
    assert names(tmp_path) == ["a.csv"]


def test_i2_file_that_fails_half_way_leaves_the_old_one(tmp_path):
    (tmp_path / "a.csv").write_text("old")

    def refuse(part):
        part.write_text("half")
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OutputError, match="disk is full"):
        write_file(tmp_path / "a.csv", refuse, overwrite=True)
    assert names(tmp_path) == ["a.csv"]
    assert (tmp_path / "a.csv").read_text() == "old"
