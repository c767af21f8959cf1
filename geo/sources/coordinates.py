"""Longitude and latitude written as text, in degrees.

Decimal points, decimal commas, hemisphere letters and degrees-minutes-seconds are read where the
whole column agrees. Coordinates in meters are refused. What the whole table shows to be swapped,
or without its minus sign, is mended and said; single rows of that kind are set aside, because a
row alone has more than one reading.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.crs import FloatArray
from geo.errors import SourceError
from geo.sources.cells import Mask, mask_of, stated
from geo.sources.decisions import POINT, Decisions, Turned
from geo.sources.numbers import plain
from geo.sources.remarks import Count, Example, Remark

WEST, EAST, SOUTH, NORTH = -119.0, -86.0, 14.0, 33.0
"""A box around Mexico with its seas and borders, in degrees."""

_COMMA = r"[+-]?[0-9]+,[0-9]+"
_NUMBER = r"[0-9]+(?:[.,][0-9]*)?"
_ANGLE = (
    r"(?P<before>[NSEWOnsewo])?\s*(?P<sign>[+-])?\s*"
    rf"(?P<d>{_NUMBER})\s*(?P<mark>[°º˚ :])?\s*"
    rf"(?:(?P<m>{_NUMBER})\s*['′’´:]?\s*(?:(?P<s>{_NUMBER})\s*(?:[\"″”]|''|´´|’’)?)?)?\s*"
    r"(?P<after>[NSEWOnsewo])?"
)
_DECIMAL = r"[+-]?[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?"
_WKT = (
    r"^(?i:SRID=4326;)?\s*(?i:POINT)\s*(?i:ZM?|M)?\s*"
    rf"\(\s*(?P<lon>{_DECIMAL})\s+(?P<lat>{_DECIMAL})(?:\s+{_DECIMAL})*\s*\)$"
)
_GEOJSON = (
    r"^\{[^\[\]]*\"coordinates\"\s*:\s*"
    rf"\[\s*(?P<lon>{_DECIMAL})\s*,\s*(?P<lat>{_DECIMAL})\s*(?:,\s*{_DECIMAL}\s*)?\][^\[\]]*\}}$"
)
_RARE = 0.05
"""A way of writing used by fewer of the rows than this is taken for mistakes of those rows."""


@dataclass(frozen=True, slots=True, eq=False)
class Coordinates:
    """Points, NaN exactly where ``reason`` says why there is none.

    The reasons are ``no_coordinates``, ``bad_coordinates``, ``swapped_coordinates`` and
    ``sign_missing``; ``column`` is ``"longitude"`` or ``"latitude"``, whichever decided.
    ``forms`` and ``turned`` are what the columns decided
    (:class:`~geo.sources.decisions.Decisions`), and ``is_open`` says whether another part of them
    might decide it otherwise.
    """

    longitude: FloatArray
    latitude: FloatArray
    reason: npt.NDArray[np.object_]
    column: npt.NDArray[np.object_]
    repairs: tuple[str, ...]
    forms: dict[str, str]
    turned: Turned = ""
    is_open: bool = False


def read_coordinates(
    longitude: pd.Series,
    latitude: pd.Series,
    *,
    home: Mask | None = None,
    lines: Callable[[Mask], str] | None = None,
    settled: Decisions | None = None,
) -> Coordinates:
    """Return the point that each pair of cells states.

    Parameters
    ----------
    longitude, latitude
        The cells of the two columns.
    home
        Which rows are of Mexico as far as their country tells; only they show whether the
        columns are swapped or lack a sign. Everything, if not given.
    lines
        Says where some rows are, for messages.
    settled
        What the whole columns decide, where these are a part of them.

    Raises
    ------
    SourceError
        The coordinates are in meters, or written in ways that do not go together.

    Examples
    --------
    >>> read = read_coordinates(
    ...     pd.Series(["-99.13", "0", ""], dtype="str"), pd.Series(["19.43", "0", ""], dtype="str")
    ... )
    >>> read.longitude, read.reason
    (array([-99.13, nan, nan]), array([None, 'no_coordinates', 'no_coordinates'], dtype=object))
    """
    where = lines or (lambda _: "")
    home = np.ones(len(longitude), dtype=bool) if home is None else home
    lon_cells, lat_cells = stated(longitude), stated(latitude)
    read_lon = _degrees(lon_cells, "longitude", where, settled)
    read_lat = _degrees(lat_cells, "latitude", where, settled)
    lon, lat = read_lon.values, read_lat.values
    repairs = [*read_lon.repairs, *read_lat.repairs]
    is_open = read_lon.is_open or read_lat.is_open
    meters = _in_meters(lon, lat)
    if settled is None:
        _refuse_meters(lon, lat, meters)

    reason = np.full(len(lon), None, dtype=object)
    column = np.full(len(lon), None, dtype=object)
    gone = np.zeros(len(lon), dtype=bool)

    def aside(which: Mask, why: str, decided: str) -> None:
        fresh = which & ~gone
        if fresh.any():
            reason[fresh], column[fresh] = why, decided
            gone[fresh] = True

    aside(mask_of(lon_cells.isna()), "no_coordinates", "longitude")
    aside(mask_of(lat_cells.isna()), "no_coordinates", "latitude")
    aside((lon == 0) & (lat == 0), "no_coordinates", "longitude")
    # One coordinate of exactly zero is a default, not a place: no event of Mexico is near it.
    aside(~np.isfinite(lon) | (lon == 0), "bad_coordinates", "longitude")
    aside(~np.isfinite(lat) | (lat == 0), "bad_coordinates", "latitude")

    usable = home & ~gone
    seems, told = _seem_turned(lon, lat, usable)
    turned = seems if settled is None else settled.turned
    is_known = settled is not None and settled.is_turn_known
    is_open |= (bool(seems) and not is_known) or bool(meters.any())
    lon, lat, stray = _turned(lon, lat, usable, turned)
    repairs += _said_of(turned, told)
    aside(stray["swapped_coordinates"], "swapped_coordinates", "latitude")
    aside(stray["sign_missing"], "sign_missing", "longitude")
    aside(np.abs(lon) > 180, "bad_coordinates", "longitude")
    aside(np.abs(lat) > 90, "bad_coordinates", "latitude")
    return Coordinates(
        np.where(gone, np.nan, lon),
        np.where(gone, np.nan, lat),
        reason,
        column,
        tuple(repairs),
        {"longitude": read_lon.form, "latitude": read_lat.form},
        turned,
        is_open,
    )


def points_in_one_cell(cells: pd.Series, *, is_part: bool = False) -> tuple[pd.Series, pd.Series]:
    """Return longitude and latitude of points that stand in one cell, as WKT or GeoJSON.

    A cell that holds no point is returned as it is, so that it will be set aside with its text.
    A part of a column (`is_part`) may hold none at all.

    Raises
    ------
    SourceError
        Not one of the cells holds a point.

    Examples
    --------
    >>> lon, lat = points_in_one_cell(pd.Series(["POINT (-99.13 19.43)"], dtype="str"))
    >>> lon.tolist(), lat.tolist()
    (['-99.13'], ['19.43'])
    """
    given = stated(cells)
    wkt = given.str.extract(_WKT)
    parts = wkt.where(wkt["lon"].notna(), given.str.extract(_GEOJSON))
    if not is_part and given.notna().any() and not parts["lon"].notna().any():
        example = given.dropna().iloc[0]
        raise SourceError(
            f"the column of points holds none such as POINT (-99.13 19.43), but {example[:60]!r}; "
            "give a column each for longitude and latitude"
        )
    return parts["lon"].fillna(given), parts["lat"].fillna(given)


def near_mexico(lon: FloatArray, lat: FloatArray) -> Mask:
    """Return which points lie in a wide box around Mexico, edges included."""
    return (lon >= WEST) & (lon <= EAST) & (lat >= SOUTH) & (lat <= NORTH)


def rounded(lon: FloatArray, lat: FloatArray) -> Mask:
    """Return which points are given to two decimals or fewer (about a kilometer).

    Examples
    --------
    >>> rounded(np.array([-99.13, -99.1332]), np.array([19.4, 19.4326]))
    array([ True, False])
    """
    return np.asarray((np.round(lon, 2) == lon) & (np.round(lat, 2) == lat))


class _Degrees(NamedTuple):
    """The degrees of a column, and how they are written."""

    values: FloatArray
    repairs: list[str]
    form: str = POINT
    is_open: bool = False


def _degrees(
    cells: pd.Series, column: str, where: Callable[[Mask], str], settled: Decisions | None
) -> _Degrees:
    """Return the degrees of a column, NaN where a cell cannot be read, and what was mended."""
    values = plain(cells)
    given = None if settled is None else settled.form_of(column)
    comma = np.zeros(len(values), dtype=bool)
    angle = np.zeros(len(values), dtype=bool)
    left = mask_of(cells.notna()) & np.isnan(values)
    if not left.any() and given in (None, POINT):
        return _Degrees(values, [])
    rest = cells[left].str.replace("\N{MINUS SIGN}", "-", regex=False)
    comma[left] = mask_of(rest.str.fullmatch(_COMMA))
    angles = _angles(rest)
    angle[left] = ~np.isnan(angles) & ~comma[left]
    other = values.copy()
    other[left] = np.where(comma[left], plain(rest.str.replace(",", ".", regex=False)), angles)
    point = mask_of(cells.str.contains(".", regex=False)) & np.isfinite(values)
    forms = {
        POINT: point,
        "a decimal comma": comma,
        "degrees and hemispheres": angle,
    }
    is_open = bool(comma.any() or angle.any())
    chosen = given or _one_form(forms, cells, column, where)
    if chosen == POINT or (given is None and not is_open):
        return _Degrees(values, [], POINT, is_open)
    used = np.isfinite(values) & ~point | forms[chosen]
    read = _Degrees(np.where(used, other, np.nan), [], chosen, is_open)
    if not forms[chosen].any():
        return read
    repair = Remark(
        "{column}: {n} read with {chosen}, such as {such}",
        column=column,
        n=Count(int(forms[chosen].sum()), "value"),
        chosen=chosen,
        such=Example(cells[forms[chosen]].iloc[0]),
    )
    return read._replace(repairs=[repair])


def _one_form(
    forms: dict[str, Mask], cells: pd.Series, column: str, where: Callable[[Mask], str]
) -> str:
    """Return the way of writing that the column agrees on."""
    n = {form: int(which.sum()) for form, which in forms.items()}
    most = max(n, key=lambda form: n[form])
    if sum(n.values()) - n[most] > _RARE * sum(n.values()):
        said = "; ".join(
            f"{number:,} with {form}, such as {cells[forms[form]].iloc[0]!r} "
            f"({where(forms[form])})".replace(" ()", "")
            for form, number in n.items()
            if number
        )
        raise SourceError(
            f"column {column!r} is written in ways that do not go together: {said}; write all "
            "as decimal degrees with a point, such as -99.1332"
        )
    return most


def _angles(cells: pd.Series) -> FloatArray:
    r"""Return degrees written with hemispheres, or with minutes and seconds; NaN for the rest.

    Examples
    --------
    >>> _angles(pd.Series(["19°25'57\"N", "99.13 W", "99 8 O", "19.43"], dtype="str")).round(4)
    array([ 19.4325, -99.13  , -99.1333,      nan])
    """
    parts = cells.str.extract(f"^{_ANGLE}$")
    letter = parts["after"].fillna(parts["before"]).str.upper()
    d, m, s = (plain(parts[name].str.replace(",", ".", regex=False)) for name in ("d", "m", "s"))
    marked = mask_of(parts["mark"].str.fullmatch("[°º˚]")) | mask_of(parts["m"].notna())
    good = ~np.isnan(d) & (mask_of(letter.notna()) | marked)
    good &= mask_of(parts["before"].isna() | parts["after"].isna())
    m, s = np.nan_to_num(m), np.nan_to_num(s)
    good &= (m < 60) & (s < 60) & ((m == 0) | (d == np.floor(d)))
    size = d + m / 60 + s / 3600
    south_or_west = mask_of(letter.isin(["S", "W", "O"]))
    minus = mask_of(parts["sign"].eq("-"))
    return np.where(good, np.where(south_or_west | minus, -size, size), np.nan)


def _in_meters(lon: FloatArray, lat: FloatArray) -> Mask:
    """Return which coordinates are in meters: UTM, INEGI's conformal conic, Web Mercator."""
    meters = np.isfinite(lon) & np.isfinite(lat) & (np.abs(lon) > 10_000) & (np.abs(lat) > 10_000)
    if not meters.any():
        return meters
    nines = np.isin(np.abs(lon), [9999, 99999, 999999]) | np.isin(np.abs(lat), [9999, 99999])
    return meters & ~nines


def _refuse_meters(lon: FloatArray, lat: FloatArray, meters: Mask) -> None:
    """Refuse coordinates most of which are in meters."""
    both = np.isfinite(lon) & np.isfinite(lat)
    if meters.sum() * 2 <= both.sum():
        return
    east, north = lon[meters][0], lat[meters][0]
    raise SourceError(
        f"the coordinates are in meters, not in degrees (such as {east:.0f}, {north:.0f}); a zone "
        "or a projection is not stated and is not guessed. Convert them to longitude and "
        "latitude (EPSG:4326) first, for example in QGIS with 'Reproject layer'"
    )


def _seem_turned(lon: FloatArray, lat: FloatArray, usable: Mask) -> tuple[Turned, int]:
    """Return what is wrong with all points that tell, and how many of them there are."""
    on_earth = (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
    swapped = usable & near_mexico(lat, lon)
    unsigned = usable & near_mexico(-lon, lat)
    telling = usable & (on_earth | swapped)
    n = int(telling.sum())
    if n and (swapped == telling).all():
        return "swapped", n
    if n and (unsigned == telling).all():
        return "unsigned", n
    return "", n


def _turned(
    lon: FloatArray, lat: FloatArray, usable: Mask, how: Turned
) -> tuple[FloatArray, FloatArray, dict[str, Mask]]:
    """Return the points, mended where all rows agree on what is wrong, and rows that stray."""
    none = np.zeros(len(lon), dtype=bool)
    if how == "swapped":
        return lat, lon, {"swapped_coordinates": none, "sign_missing": none}
    unsigned = usable & near_mexico(-lon, lat)
    if how == "unsigned":
        mended = np.where(unsigned, -lon, lon)
        return mended, lat, {"swapped_coordinates": none, "sign_missing": none}
    swapped = usable & near_mexico(lat, lon)
    return lon, lat, {"swapped_coordinates": swapped, "sign_missing": unsigned}


def _said_of(turned: Turned, number: int) -> list[str]:
    """Return the remark on points that were put right."""
    if not turned or not number:
        return []
    n = Count(number, "record")
    if turned == "swapped":
        return [Remark("longitude and latitude were swapped in all {n}; put right", n=n)]
    return [
        Remark(
            "longitude lacked its minus sign in all {n}; put right (with it, all lie in Mexico's "
            "surroundings)",
            n=n,
        )
    ]
