"""A file is written whole, and what a killed run left beside it is cleared by the next."""

from __future__ import annotations

import os
import re
import signal
import stat
import subprocess
import sys
import textwrap
import threading

import pytest

from geo import whole
from geo.render.files import write_whole
from geo.whole import drop_parts_of_the_dead, write_beside

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are asked by a signal")


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def part_of(pid, start, *, space=None, number=0, name="map.html"):
    return f".geo-part-{space or whole._space()}-{pid}-{start}-{number}-{name}"


@pytest.fixture(scope="module")
def dead():
    """The number of a process that is no more, and when it began."""
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    began = whole._started(child.pid)
    child.communicate(b"\n")
    return child.pid, began or 0


WRITER = """
    import sys, time
    from pathlib import Path
    from geo.whole import write_beside

    def fill(part):
        part.write_text("half")
        print("writing", flush=True)
        time.sleep(60)

    write_beside(Path(sys.argv[1]), fill)
"""


@pytest.fixture
def writing(tmp_path):
    """Another process amid writing a file of the folder."""
    code = textwrap.dedent(WRITER)
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "other.html")], stdout=subprocess.PIPE
    )
    process.stdout.readline()
    yield process
    process.kill()
    process.communicate()


def test_what_a_running_process_writes_is_left_alone_and_what_a_killed_one_left_is_cleared(
    tmp_path, writing
):
    write_whole(tmp_path / "map.html", "new")
    alive = names(tmp_path)
    assert len(alive) == 2
    assert re.fullmatch(rf"\.geo-part-[0-9a-f]{{8}}-{writing.pid}-\d+-\d+-other\.html", alive[0])

    writing.send_signal(signal.SIGKILL)
    writing.wait()
    assert len(names(tmp_path)) == 2
    write_whole(tmp_path / "map.html", "newer")
    assert names(tmp_path) == ["map.html"]


def test_a_part_of_a_dead_run_is_cleared_whatever_file_it_was_of(tmp_path, dead):
    (tmp_path / part_of(*dead)).write_text("half")
    (tmp_path / part_of(*dead, number=7, name="a b-c.csv")).write_text("half")

    write_beside(tmp_path / "x.txt", lambda part: part.write_text("x"))

    assert names(tmp_path) == ["x.txt"]


def test_a_part_of_a_process_whose_number_another_one_has_now_is_cleared(tmp_path):
    began = whole._started(os.getpid())
    if began is None:
        pytest.skip("this system does not tell when a process began")
    (tmp_path / part_of(os.getpid(), began + 1)).write_text("half")
    (tmp_path / part_of(os.getpid(), began)).write_text("being written")

    drop_parts_of_the_dead(tmp_path)

    assert names(tmp_path) == [part_of(os.getpid(), began)]


@pytest.mark.parametrize(
    "name",
    [
        "-{pid}-{start}-0-map.html",
        "-00000000-{pid}-{start}-0-map.html",
        "-{space}-{pid}-map.html",
        "-{space}-{pid}-{start}-0-",
        "-{space}-x-{start}-0-map.html",
        "-{space}-{pid}-{start}-map.html",
        "ial.html",
    ],
)
def test_no_file_is_deleted_that_is_not_surely_of_a_dead_run_of_ours(tmp_path, dead, name):
    pid, start = dead
    odd = ".geo-part" + name.format(pid=pid, start=start, space=whole._space())
    (tmp_path / odd).write_text("not ours, or of another machine")

    drop_parts_of_the_dead(tmp_path)

    assert names(tmp_path) == [odd]


def test_a_folder_that_bears_such_a_name_stays(tmp_path, dead):
    (tmp_path / part_of(*dead)).mkdir()

    drop_parts_of_the_dead(tmp_path)

    assert names(tmp_path) == [part_of(*dead)]


def test_a_file_that_is_replaced_gives_its_mode_to_the_new_one(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    path.chmod(0o640)

    write_beside(path, lambda part: part.write_text("new"))

    assert (path.read_text(), stat.S_IMODE(path.stat().st_mode)) == ("new", 0o640)


def test_a_new_file_has_the_mode_that_the_mask_gives(tmp_path):
    before = os.umask(0o027)
    try:
        write_beside(tmp_path / "a.txt", lambda part: part.write_text("x"))
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "a.txt").stat().st_mode) == 0o640


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "real.html").write_text("old")
    (tmp_path / "link.html").symlink_to("real.html")

    write_whole(tmp_path / "link.html", "new")

    assert (tmp_path / "link.html").is_symlink()
    assert (tmp_path / "real.html").read_text() == "new"


def test_two_threads_may_write_one_file_at_once(tmp_path):
    both = threading.Barrier(2)

    def fill(part):
        part.write_text(part.name)
        both.wait(10)

    threads = [
        threading.Thread(target=write_beside, args=(tmp_path / "a.txt", fill)) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert names(tmp_path) == ["a.txt"]
    assert re.fullmatch(r"\.geo-part-.*-a\.txt", (tmp_path / "a.txt").read_text())


@pytest.mark.parametrize("name", ["x" * 250 + ".html", "ñ" * 120 + ".html"])
def test_the_name_of_a_part_is_no_longer_than_a_system_takes(tmp_path, name):
    seen = []
    write_beside(tmp_path / name, lambda part: [seen.append(part), part.write_text("x")])

    assert seen[0].suffix == ".html"
    assert (tmp_path / name).read_text() == "x"


def test_what_fails_leaves_nothing_beside(tmp_path):
    def refuse(part):
        part.write_text("half")
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        write_beside(tmp_path / "a.txt", refuse)
    assert names(tmp_path) == []
