"""Read the features of a GeoJSON file as text, one after another.

The file is never held in memory as a whole, and numbers keep the digits that they are written
with.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from geo.errors import SourceError, counted
from geo.sources.gather import (
    CELL_LIMIT,
    ColumnChoice,
    Gathered,
    Gatherer,
    choose_columns,
    shown,
)
from geo.sources.octets import LONGEST_LINE
from geo.sources.points import project, replace_names, to_degrees
from geo.sources.text import Text, examine, text_blocks

_BATCH = 8192
_DEFAULT_CRS = "OGC:CRS84"


def read_geojson(
    path: Path,
    *,
    columns: ColumnChoice = None,
    progress: Callable[[float], None] = lambda _: None,
) -> Gathered:
    """Return all features of a feature collection: their properties and their points in degrees.

    A property that a feature lacks is blank. A nested one is written as JSON.

    Parameters
    ----------
    path
        A GeoJSON file.
    columns
        The columns to keep.
    progress
        Called with the share that is done.

    Raises
    ------
    SourceError
        If it is no feature collection, or cut or damaged.
    CRSError
        If it names an unknown coordinate reference system.
    """
    text = examine(path, progress=lambda done: progress(0.1 * done / path.stat().st_size))
    header: dict[str, None] = {}
    collection = _Collection(text, lambda share: progress(0.1 + 0.4 * share))
    for feature in collection.features():
        header.update(dict.fromkeys(_properties(feature)))
    transformer = to_degrees(_crs_name(collection.members), path.name)
    names, _, gone = replace_names(list(header))
    keep = choose_columns(names, columns, path.name)
    gatherer = Gatherer(names, keep)
    kept = [(i, names[i]) for i in keep if i < len(names) - 2]
    singles = number = 0
    rows: list[list[str]] = []
    lines: list[int] = []
    for number, feature in enumerate(
        _Collection(text, lambda share: progress(0.5 + 0.5 * share)).features(), 1
    ):
        lon, lat, reason, is_single = _point(feature.get("geometry"))
        if not reason and lon and transformer is not None:
            lon, lat = _projected(lon, lat, transformer)
            reason = "" if lon else "not_finite"
        row = [""] * len(names)
        row[-2:] = lon, lat
        properties = _properties(feature)
        for i, name in kept:
            row[i] = _cell(properties.get(name))
        if not reason and max(map(len, row)) > CELL_LIMIT:
            reason = "cell_too_long"
        if reason or len(rows) == _BATCH:
            gatherer.add_rows(rows, lines)
            rows, lines = [], []
        if reason:
            is_place = reason != "cell_too_long"
            value = json.dumps(feature.get("geometry"))[:400] if is_place else ""
            gatherer.reject(number, reason, value, "geometry" if is_place else "")
        else:
            rows.append(row)
            lines.append(number)
            singles += is_single
    gatherer.add_rows(rows, lines)
    repairs = [f"column {shown(column)} left out: the geometry counts" for column in gone]
    if singles:
        repairs.append(f"{counted(singles, 'collection')} of one point read as that point")
    return gatherer.finish(
        physical_lines=number, repairs=(*text.repairs, *repairs), encoding=text.encoding
    )


class _Collection:
    """A feature collection, read piece by piece. ``members`` holds what is not a feature."""

    def __init__(self, text: Text, progress: Callable[[float], None]) -> None:
        self.members: dict[str, Any] = {}
        self._name = text.path.name
        self._length = text.length
        size = max(text.size, 1)
        self._blocks = text_blocks(text, lambda done: progress(done / size))
        self._decode = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)
        self._buffer = ""
        self._place = 0
        self._before = 0

    def features(self) -> Iterator[dict[str, Any]]:
        """Yield the features; afterwards the other members are known."""
        self._take("{")
        has_features, go_on = False, not self._ahead("}")
        while go_on:
            key = self._value()
            self._take(":")
            if key == "features":
                if has_features:
                    raise self._broken("a second list of features")
                has_features = True
                yield from self._list()
            else:
                self.members[str(key)] = self._value()
            go_on = self._ahead(",")
        self._take("}")
        if self._peek():
            raise self._broken(
                "more after the end of the collection (one feature a line is not read: "
                "convert it to a feature collection)"
            )
        if not has_features or self.members.get("type") != "FeatureCollection":
            raise SourceError(
                f"{self._name} is no GeoJSON feature collection; its type is "
                f"{shown(self.members.get('type'))!r}. Export the layer as GeoJSON again."
            )

    def _list(self) -> Iterator[dict[str, Any]]:
        self._take("[")
        if self._ahead("]"):
            return
        while True:
            feature = self._value()
            if not isinstance(feature, dict):
                raise self._broken("a feature that is no object")
            yield feature
            if not self._ahead(","):
                self._take("]")
                return

    def _value(self) -> Any:  # noqa: ANN401
        """Return the next JSON value, reading on until it is whole."""
        self._peek()
        while True:
            try:
                value, end = self._decode.raw_decode(self._buffer, self._place)
            except json.JSONDecodeError as error:
                if not self._more():
                    raise self._broken(error.msg, error.pos) from error
            except RecursionError as error:
                raise self._broken("values nested too deeply") from error
            else:
                # A number at the end of a block may go on in the next.
                if end < len(self._buffer) or not self._more():
                    self._place = end
                    return value

    def _peek(self) -> str:
        """Return the next character that is not blank; "" at the end."""
        while True:
            while self._place < len(self._buffer):
                character = self._buffer[self._place]
                if character not in " \t\r\n":
                    return character
                self._place += 1
            if not self._more():
                return ""

    def _ahead(self, character: str) -> bool:
        """Take the character if it comes next. A closing one is only looked at in an object."""
        if self._peek() != character:
            return False
        if character != "}":
            self._place += 1
        return True

    def _take(self, character: str) -> None:
        found = self._peek()
        if found != character:
            raise self._broken(f"{shown(found)!r} instead of {character!r}")
        self._place += 1

    def _more(self) -> bool:
        """Read a block more, unless there is none."""
        block = next(self._blocks, None)
        if block is None:
            return False
        if len(self._buffer) - self._place > LONGEST_LINE:
            raise self._broken(f"a value of more than {LONGEST_LINE // 1_000_000} MB")
        self._before += self._place
        self._buffer = self._buffer[self._place :] + block
        self._place = 0
        return True

    def _broken(self, what: str, place: int | None = None) -> SourceError:
        at = self._before + (self._place if place is None else place)
        return SourceError(
            f"{self._name} is cut or damaged GeoJSON: {what}, at character {at:,}; the file ends "
            f"at byte {self._length:,}. Export or download it again."
        )


def _crs_name(members: dict[str, Any]) -> str | None:
    """Return the coordinate reference system, by the old member ``crs`` where there is one."""
    if "crs" not in members:
        return _DEFAULT_CRS
    try:
        return str(members["crs"]["properties"]["name"])
    except (TypeError, KeyError):
        return None


def _properties(feature: dict[str, Any]) -> dict[str, Any]:
    """Return the properties, and the feature's own id where they have none."""
    given = feature.get("properties")
    properties = given if isinstance(given, dict) else {}
    if "id" in feature and "id" not in properties:
        return {"id": feature["id"], **properties}
    return properties


def _point(geometry: object) -> tuple[str, str, str, bool]:
    """Return longitude, latitude, what is wrong, and whether it was a collection of one point.

    Examples
    --------
    >>> _point({"type": "Point", "coordinates": ["-99.10", "19.4"]})
    ('-99.10', '19.4', '', False)
    >>> _point(None)
    ('', '', '', False)
    """
    if geometry is None:
        return "", "", "", False
    if not isinstance(geometry, dict):
        return "", "", "not_a_point", False
    place, kind = geometry.get("coordinates"), geometry.get("type")
    is_single = False
    if kind == "MultiPoint" and isinstance(place, list) and len(place) == 1:
        is_single, place = True, place[0]
    elif kind != "Point":
        return "", "", "not_a_point", False
    if place == [] or place is None:
        return "", "", "", False
    if not isinstance(place, list) or len(place) < 2:
        return "", "", "not_a_point", False
    lon, lat = place[0], place[1]
    if not (_is_number(lon) and _is_number(lat)):
        return "", "", "not_finite", False
    return lon, lat, "", is_single


def _is_number(text: object) -> bool:
    try:
        return isinstance(text, str) and bool(np.isfinite(float(text)))
    except ValueError:
        return False


def _projected(lon: str, lat: str, transformer: Any) -> tuple[str, str]:  # noqa: ANN401
    """Return a point in degrees; blank where that is impossible."""
    x, y = project(np.array([float(lon)]), np.array([float(lat)]), np.array([True]), transformer)
    if not (np.isfinite(x[0]) and np.isfinite(y[0])):
        return "", ""
    return repr(float(x[0])), repr(float(y[0]))


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value, ensure_ascii=False)
