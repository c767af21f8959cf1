"""A folder that stands for one table: the parts of it, as other programs leave them.

The parts are files of one kind, Parquet or delimited text, read in the order of their names. What
else lies there is told, so that no record is lost without a word.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from geo.errors import SourceError, counted
from geo.sources.gather import shown

PARQUET = (".parquet", ".pq", ".geoparquet")
"""Endings of the names of Parquet files."""

_PLAIN = (".csv", ".tsv", ".tab")
_TEXT = (*_PLAIN, *(f"{ending}.gz" for ending in _PLAIN))
_ALONE = (".xlsx", ".xlsm", ".geojson", ".gpkg", ".shp")
"""Kinds that are read, but not in parts."""

_KINDS = {"Parquet": PARQUET, "CSV": _TEXT, "other kinds": _ALONE}
_NAMED = 5
"""Files that are told by name; of more, how many they are."""


@dataclass(frozen=True, slots=True)
class Inside:
    """What lies in a folder: the parts, in order, and the names of what is not read."""

    parts: tuple[Path, ...]
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Meant:
    """The files that paths stand for, and in a sentence for each folder what is not read in it."""

    files: tuple[Path, ...]
    passed_over: tuple[str, ...]


def look_into(folder: Path) -> Inside:
    """Return what lies in a folder, and in the folders in it.

    Parts are Parquet (``.parquet``, ``.pq``, ``.geoparquet``) or delimited text (``.csv``,
    ``.tsv``, ``.tab``, each also with ``.gz``), in the order of their paths. What is hidden or
    begins with an underscore, as ``_SUCCESS``, is what other programs leave beside the parts: it is
    passed over. A folder that a link leads to is not entered.

    Raises
    ------
    SourceError
        There is no part, parts are of several kinds, or a folder cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     for name in ("part-001.csv", "part-000.csv.gz", "_SUCCESS", "README.md"):
    ...         Path(place, name).touch()
    ...     found = look_into(Path(place))
    >>> [path.name for path in found.parts], found.others
    (['part-000.csv.gz', 'part-001.csv'], ('README.md',))
    """
    kinds: dict[str, list[Path]] = {kind: [] for kind in _KINDS}
    others: list[str] = []
    for path in _files_in(folder):
        kind = _kind_of(path)
        if kind is None or path.is_dir():
            others.append(str(path.relative_to(folder)))
        else:
            kinds[kind].append(path)
    _refuse_unless_one(folder, kinds)
    parts = kinds["Parquet"] or kinds["CSV"]
    return Inside(tuple(parts), tuple(others))


def meant_by(given: Iterable[str | os.PathLike[str]]) -> Meant:
    """Return the files that paths stand for: a folder for its parts, a file for itself.

    A folder is looked into once: what is read and what is told to be passed over are of one moment.

    Examples
    --------
    >>> meant_by(["a.csv"])
    Meant(files=(PosixPath('a.csv'),), passed_over=())
    """
    files: list[Path] = []
    said: list[str] = []
    for path in map(Path, given):
        if not path.is_dir():
            files.append(path)
            continue
        inside = look_into(path)
        files += inside.parts
        if inside.others:
            said.append(_passed_over(path, inside.others))
    return Meant(tuple(files), tuple(said))


def _passed_over(folder: Path, others: tuple[str, ...]) -> str:
    names = ", ".join(shown(name) for name in others[:_NAMED])
    more = f" and {len(others) - _NAMED:,} more" if len(others) > _NAMED else ""
    return (
        f"{shown(folder.resolve().name)}: {counted(len(others), 'file')} in the folder not read, "
        f"as the name is of no part of a table: {names}{more}"
    )


def _files_in(folder: Path) -> list[Path]:
    """Return files, and links to folders, that are neither hidden nor markers, in order."""

    def refuse(error: OSError) -> None:
        raise SourceError(f"{error.filename} cannot be read: {error.strerror}") from error

    found: list[Path] = []
    for place, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith((".", "_"))]
        links = [name for name in folders if Path(place, name).is_symlink()]
        found += [Path(place, one) for one in (*names, *links) if not one.startswith((".", "_"))]
    return sorted(found, key=lambda path: path.relative_to(folder).parts)


def _kind_of(path: Path) -> str | None:
    name = path.name.lower()
    return next((kind for kind, endings in _KINDS.items() if name.endswith(endings)), None)


def _refuse_unless_one(folder: Path, kinds: dict[str, list[Path]]) -> None:
    there = {kind: paths for kind, paths in kinds.items() if paths}
    if not kinds["Parquet"] and not kinds["CSV"]:
        raise SourceError(
            f"{shown(str(folder), 200)} is a folder without a file of Parquet (.parquet) or CSV "
            "(.csv, .tsv, .csv.gz); a folder is read as the parts of one table. Give the files "
            "themselves, if they are of another kind."
        )
    if len(there) > 1:
        listed = ", ".join(
            f"{kind} ({shown(str(paths[0].relative_to(folder)))})" for kind, paths in there.items()
        )
        raise SourceError(
            f"{shown(str(folder), 200)} holds files of several kinds: {listed}. A folder is read "
            "as the parts of one table; give the files that are meant by name, or move the others."
        )
