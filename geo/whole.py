"""One way to write a file: whole, beside its place, and then moved there by one rename.

Whoever reads the path sees the old file or the new one, whatever moment a run is killed at. The
name of what lies beside says which process writes it, so that a later run clears what a dead one
left and leaves alone what another one is writing.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import itertools
import os
import platform
import re
import sys
from collections.abc import Callable
from pathlib import Path

_LONGEST_NAME = 255
"""Bytes of the name of a file, on most systems."""

_PART = re.compile(r"\.geo-part-(?P<space>[0-9a-f]{8})-(?P<pid>\d+)-(?P<start>\d+)-\d+-.+", re.S)
_NUMBERS = itertools.count()
"""Two threads may write at once."""


def write_beside(goal: Path, fill: Callable[[Path], object]) -> None:
    """Let `fill` write a file beside `goal` and move it there; its folder must exist.

    A file that is replaced gives its mode to the new one. Whatever goes wrong, an older file is
    untouched and nothing is left beside it.

    Parameters
    ----------
    goal
        Where the file belongs.
    fill
        Gets the path to write, which has the ending of `goal`: that tells some writers the format.

    Raises
    ------
    OSError
        What the machine refuses; and whatever `fill` raises.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_beside(Path(folder) / "a.txt", lambda part: part.write_text("whole"))
    ...     [path.name for path in Path(folder).iterdir()]
    ['a.txt']
    """
    drop_parts_of_the_dead(goal.parent)
    part = goal.with_name(_name_of_part(goal))
    try:
        fill(part)
        with part.open("rb") as written:
            os.fsync(written.fileno())
        if goal.exists():
            part.chmod(goal.stat().st_mode & 0o777)
        part.replace(goal)
    finally:
        with contextlib.suppress(OSError):
            part.unlink()


def drop_parts_of_the_dead(folder: Path) -> None:
    """Delete what killed runs left in a folder; those that still run keep theirs.

    So do runs on other machines that share the folder, and in other containers.
    """
    if sys.platform == "win32":  # there a signal of 0 would end the process
        return
    for part in folder.glob(".geo-part-*"):
        found = _PART.fullmatch(part.name)
        if found is None or found["space"] != _space():
            continue
        if _is_dead(int(found["pid"]), int(found["start"])):
            with contextlib.suppress(OSError):
                part.unlink()


def _name_of_part(goal: Path) -> str:
    pid = os.getpid()
    mark = f".geo-part-{_space()}-{pid}-{_started(pid) or 0}-{next(_NUMBERS)}-"
    name = goal.name
    if len(os.fsencode(name)) > _LONGEST_NAME - len(mark):
        name = hashlib.sha256(os.fsencode(name)).hexdigest()[:32] + goal.suffix[-20:]
    return mark + name


@functools.cache
def _space() -> str:
    """Return a mark of the machine and the container, within which the numbers of processes hold.

    It says nothing of either to whoever sees it.
    """
    try:
        numbers = str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        numbers = ""
    return hashlib.sha256(f"{platform.node()} {numbers}".encode()).hexdigest()[:8]


def _started(pid: int) -> int | None:
    """Return when a process began, in ticks since the machine did; None where that is not told."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        # The name of the program stands in brackets and may hold any sign.
        return int(text.rpartition(")")[2].split()[19])
    except (OSError, ValueError, IndexError):
        return None


def _is_dead(pid: int, start: int) -> bool:
    """Return whether no process has a number, or one that began at another moment has it now."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    began = _started(pid)
    return began is not None and start != 0 and began != start
