"""Write a whole folder or a whole file, or leave the old one untouched.

Everything is written beside its place and then swapped in with one rename. Whatever moment a run
is killed at, the old results or the new ones are there, complete.
"""

from __future__ import annotations

import contextlib
import ctypes
import ctypes.util
import errno
import hashlib
import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from geo.errors import OutputError
from geo.export.text import is_reserved
from geo.whole import write_beside

MANIFEST = "manifest.json"
HIDDEN_MANIFEST = "_manifest.json"
"""The manifest of a folder of Parquet files: those who read the folder as a table pass over it."""

MADE_BY = "geo"
"""What the manifest of a folder that `geo` made says under ``made_by``."""

_LONGEST_NAME = 255
"""Bytes of the name of a file or folder, on most systems."""

_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""Control characters, line separators, and what turns the direction of reading."""


def write_folder(
    folder: Path,
    fill: Callable[[Path], object],
    *,
    inputs: Iterable[Path] = (),
    overwrite: bool = False,
) -> None:
    """Let `fill` write into a new folder and put that in the place of `folder`.

    A folder that `geo` made before (its manifest says so) is replaced. Files in it that the
    manifest does not list are the user's own and are kept.

    Parameters
    ----------
    folder
        Where the results belong; its parents are made.
    fill
        Gets the path of an empty folder and writes every file, the manifest among them.
    inputs
        Files that were read; they may not lie in `folder`.
    overwrite
        Also write into a folder that `geo` did not make. Its other files are kept.

    Raises
    ------
    OutputError
        The place cannot be written to, is taken, holds an input, or another run is writing.
    """
    with speaking_errors(folder):
        refuse_folder(folder, inputs, overwrite=overwrite)
        goal = folder.resolve()
        goal.parent.mkdir(parents=True, exist_ok=True)
        with _lock(_beside(goal, "lock"), folder):
            _recover(goal)
            part = _beside(goal, "part")
            _drop(part)
            try:
                part.mkdir()
                fill(part)
                if goal.exists():
                    _keep_own_files(goal, part)
                _swap(part, goal)
            finally:
                _drop(part)


def write_file(
    path: Path,
    fill: Callable[[Path], object],
    *,
    inputs: Iterable[Path] = (),
    overwrite: bool = False,
) -> None:
    """Let `fill` write a file beside `path` and rename it.

    Raises
    ------
    OutputError
        The file exists and `overwrite` is not set, is one of the `inputs`, or cannot be written.
    """
    with speaking_errors(path):
        refuse_file(path, inputs, overwrite=overwrite)
        goal = path.resolve()
        goal.parent.mkdir(parents=True, exist_ok=True)
        write_beside(goal, fill)


def refuse_file(path: Path, inputs: Iterable[Path] = (), *, overwrite: bool = False) -> None:
    """Raise :exc:`~geo.errors.OutputError` where a file may not be written; before any work."""
    _refuse_name(path)
    goal = path.resolve()
    inputs = list(inputs)
    if goal in {given.resolve() for given in inputs}:
        raise OutputError(f"{path} is the input; the result needs another name")
    _refuse_inside(path, inputs)
    if goal.is_dir():
        raise OutputError(f"{path} is a folder; give the name of a file")
    if goal.exists() and not overwrite:
        raise OutputError(f"{path} exists; choose another name or allow it with --overwrite")


def refuse_folder(folder: Path, inputs: Iterable[Path] = (), *, overwrite: bool = False) -> None:
    """Raise :exc:`~geo.errors.OutputError` where results may not be written; before any work."""
    _refuse_name(folder)
    goal = folder.resolve()
    if goal.exists() and not goal.is_dir():
        raise OutputError(f"{folder} is a file; give a folder for the results")
    if goal == Path.cwd() or goal in Path.cwd().parents:
        raise OutputError(
            f"{folder} is the folder you are in, or holds it; give a folder for the results "
            "alone, as --out results"
        )
    inputs = list(inputs)
    _refuse_inside(folder, inputs)
    for given in inputs:
        if goal in given.resolve().parents:
            raise OutputError(
                f"{folder} holds the input {given.name}; give another folder for the results"
            )
    if goal.is_dir() and not overwrite and not is_ours(goal) and any(goal.iterdir()):
        raise OutputError(
            f"{folder} holds files that geo did not make; choose another folder, or allow it with "
            "--overwrite (files of other names stay)"
        )


def _refuse_inside(path: Path, inputs: Iterable[Path]) -> None:
    """Refuse a place in a folder that is read as a whole."""
    goal = path.resolve()
    for given in inputs:
        if given.resolve() in (goal, *goal.parents) and given.is_dir():
            raise OutputError(
                f"{path} lies in the input {given}, and would be read with it the next time; give "
                "another place"
            )


def _refuse_name(path: Path) -> None:
    """Refuse a name that some system cannot have, or that nobody can see whole."""
    hidden = _UNSEEN.findall(str(path))
    if hidden:
        shown = ", ".join(sorted({f"U+{ord(letter):04X}" for letter in hidden}))
        raise OutputError(
            f"{str(path)!r} holds a character that is not seen ({shown}); give a name without it"
        )
    if any("\ud800" <= letter <= "\udfff" for letter in str(path.absolute())):
        raise OutputError(
            f"{str(path)!r}, or a folder above it, has a name that is not UTF-8; give another"
        )
    if is_reserved(path.name):
        raise OutputError(
            f"{path.name} is a name that Windows keeps for itself; give another, as {path.name}-1"
        )
    if len(os.fsencode(path.name)) > _LONGEST_NAME:
        raise OutputError(
            f"{path.name[:40]}... is a name of {len(os.fsencode(path.name))} bytes; most systems "
            f"take {_LONGEST_NAME}, so give a shorter one"
        )


def is_ours(folder: Path) -> bool:
    """Return whether the manifest in a folder says that `geo` made it."""
    return read_manifest(folder).get("made_by") == MADE_BY


def read_manifest(folder: Path) -> dict[str, object]:
    """Return what the manifest of a folder says; nothing where there is none."""
    for name in (MANIFEST, HIDDEN_MANIFEST):
        try:
            read = json.loads((folder / name).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        return read if isinstance(read, dict) else {}
    return {}


def _keep_own_files(old: Path, new: Path) -> None:
    """Link the files of `old` that its manifest does not list into `new`, empty folders too."""
    listed = read_manifest(old).get("outputs")
    made = {MANIFEST, HIDDEN_MANIFEST} if is_ours(old) else set()
    if isinstance(listed, list):
        made |= {str(entry.get("name")) for entry in listed if isinstance(entry, dict)}
    # What SQLite keeps beside a database is part of it: beside another one it would corrupt that.
    made |= {f"{name}{ending}" for name in made for ending in ("-wal", "-shm", "-journal")}
    for place, folders, names in os.walk(old):
        if not folders and not names:
            (new / Path(place).relative_to(old)).mkdir(parents=True, exist_ok=True)
        links = [name for name in folders if (Path(place) / name).is_symlink()]
        for name in (*names, *links):
            source = Path(place) / name
            relative = source.relative_to(old)
            target = new / relative
            if relative.as_posix() in made or target.exists():
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(source, target, follow_symlinks=False)
            except OSError:
                shutil.copy2(source, target, follow_symlinks=False)


def _swap(part: Path, goal: Path) -> None:
    """Put `part` in the place of `goal`; what was there ends at `part`, to be deleted."""
    if not goal.exists():
        part.rename(goal)
    elif not _exchange(part, goal):
        # Two renames where the system has no exchange; _recover mends a kill between them.
        aside = _aside(goal)
        goal.rename(aside)
        part.rename(goal)
        _drop(aside)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; return False where the system cannot."""
    if not sys.platform.startswith("linux"):
        return False
    name = ctypes.util.find_library("c")
    rename = getattr(ctypes.CDLL(name, use_errno=True), "renameat2", None) if name else None
    if rename is None:
        return False
    here, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    return bool(rename(here, os.fsencode(one), here, os.fsencode(other), exchange) == 0)


def _aside(goal: Path) -> Path:
    return _beside(goal, "old")


def _beside(goal: Path, use: str) -> Path:
    """Return a path beside `goal` for a use of ours; a long name is shortened to fit there."""
    name = goal.name
    if len(os.fsencode(name)) > _LONGEST_NAME - len(".") - len(".geo-lock"):
        name = hashlib.sha256(os.fsencode(name)).hexdigest()[:32]
    return goal.parent / f".{name}.geo-{use}"


def _recover(goal: Path) -> None:
    aside = _aside(goal)
    if aside.exists() and not goal.exists():
        aside.rename(goal)
    _drop(aside)


def _drop(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


@contextlib.contextmanager
def _lock(path: Path, folder: Path) -> Iterator[None]:
    """Hold a lock that ends with the process, however that ends."""
    handle = _locked(path, folder)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(handle)


def _locked(path: Path, folder: Path) -> int:
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        if not _try_lock(handle):
            os.close(handle)
            raise OutputError(
                f"another run is writing into {folder}; wait for it or give another folder"
            )
        # The holder before may have deleted the file that was opened here.
        try:
            if os.path.samestat(os.fstat(handle), path.stat()):
                return handle
        except FileNotFoundError:
            pass
        os.close(handle)


def _try_lock(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt  # exists on Windows only

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # exists everywhere else

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextlib.contextmanager
def speaking_errors(place: Path) -> Iterator[None]:
    """Turn what the machine refuses into an :exc:`~geo.errors.OutputError` with a cure."""
    try:
        yield
    except OutputError as error:
        # What was written by others names a place that is no one's but ours.
        cause = error.__cause__
        if isinstance(cause, OSError) and cause.errno in _NO_ROOM:
            raise OutputError(f"{place} cannot be written: {_cure(cause, place)}") from cause
        raise
    except OSError as error:
        raise OutputError(f"{place} cannot be written: {_cure(error, place)}") from error


_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def _cure(error: OSError, place: Path) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        free = shutil.disk_usage(_existing(place)).free
        return (
            f"the disk is full ({free / 1e6:,.0f} MB free, more is needed); the old files are "
            "untouched. Make room, or write to another disk with --out"
        )
    if error.errno == errno.EFBIG:
        return (
            "a file grew larger than this disk or your quota takes; the old files are untouched. "
            "Write to another disk with --out"
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return (
            f"no permission to write there ({error.strerror}); give a folder of your own, as one "
            "in your home folder or in the folder for temporary files"
        )
    if error.errno == errno.ENAMETOOLONG:
        return "the name is too long; give a shorter one"
    return f"{error.strerror or error}; give another place"


def _existing(place: Path) -> Path:
    return next((p for p in (place, *place.resolve().parents) if p.exists()), Path.cwd())
