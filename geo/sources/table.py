"""Any table of events, by the names of its columns.

A column is used if the user says which it is, or if it has the contract's own name. Usual English
and Spanish names are only suggested, because a column that is called ``fecha`` may be the day of
the report.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

import numpy as np
import pandas as pd

from geo.cvegeo import fold
from geo.errors import SettingsError, SourceError
from geo.schema import GEO_PRECISION, TIME_PRECISION
from geo.sources.cells import mapped, mask_of, missing, present, trimmed, words
from geo.sources.findings import Findings
from geo.sources.numbers import judged_counts
from geo.sources.remarks import Count, Example, Remark

NO_IDS = "event_id: no column holds it; the number of the record is used"
"""What is said of a table without ids."""

REQUIRED = ("event_date", "longitude", "latitude")
"""What every table of events must have."""

_TEXT = ("event_type", "sub_event_type", "disorder_type", "actor1", "actor2", "admin1", "admin2")
_COUNTS = ("fatalities", "fatalities_low", "fatalities_high")
NAMES = (
    *REQUIRED,
    "geometry",
    "event_id",
    *_TEXT,
    *_COUNTS,
    "civilian_targeting",
    "time_precision",
    "geo_precision",
    "country",
    "timestamp",
)
"""What a column of a table can be. ``geometry`` holds points as WKT or GeoJSON and takes the place
of longitude and latitude. ``country`` and ``timestamp`` (the time of upload of a version
of a row, in seconds since 1970 or as ISO text) decide which rows count and are not kept."""

_USUAL = {
    "event_date": "date fecha fecha_evento fecha_hecho fecha_de_los_hechos fecha_hechos dia day "
    "event_day fecha_inicio date_start datetime fecha_hora",
    "longitude": "lon long lng longitud x coord_x",
    "latitude": "lat latitud y coord_y",
    "event_id": "id folio event_id_cnty id_evento clave identificador",
    "event_type": "type tipo tipo_evento tipo_de_evento category categoria delito tipo_de_delito",
    "sub_event_type": "subtype subtipo subtipo_de_delito subcategoria",
    "actor1": "actor actor_1 grupo grupo_armado perpetrador",
    "actor2": "actor_2 victima objetivo",
    "fatalities": "deaths muertos muertes fallecidos victimas_mortales defunciones killed best",
    "admin1": "state estado entidad nom_ent entidad_federativa adm_1 provincia",
    "admin2": "municipality municipio nom_mun adm_2 alcaldia",
    "geo_precision": "precision where_prec",
    "country": "pais nation",
}
_YES = {"true", "yes", "si", "1", "verdadero", "civilian targeting", "t", "y", "s"}
_NO = {"false", "no", "0", "falso", "f", "n"}


def checked_columns(columns: Mapping[str, str], header: Iterable[str]) -> dict[str, str]:
    """Return the user's mapping with the names as the header spells them.

    Raises
    ------
    SettingsError
        A name that events do not have, or one column for both coordinates.
    SourceError
        A column that the file does not have.

    Examples
    --------
    >>> checked_columns({"event_date": "Fecha "}, ["fecha", "lon"])
    {'event_date': 'fecha'}
    """
    names = list(header)
    by_name: dict[str, str] = {}
    for name in reversed(names):
        by_name[name.strip().casefold()] = name
    strange = [name for name in columns if name not in NAMES]
    if strange:
        raise SettingsError(
            f"columns= names {', '.join(map(repr, strange))}, which events do not have; they "
            f"have {', '.join(NAMES)}"
        )
    found = {}
    for name, given in columns.items():
        exact = given if given in names else by_name.get(str(given).strip().casefold())
        if exact is None:
            close = get_close_matches(str(given), names, n=1)
            hint = f"; is it {close[0]!r}?" if close else "."
            raise SourceError(
                f"the file has no column {given!r} for {name!r}{hint} Its columns are "
                f"{shown_header(names)}"
            )
        found[name] = exact
    if "longitude" in found and found["longitude"] == found.get("latitude"):
        raise SettingsError(
            f"columns= gives {found['longitude']!r} for both longitude and latitude; each needs "
            "a column of its own"
        )
    return found


def own_names(header: Iterable[str]) -> dict[str, str]:
    """Return the columns that have the contract's own names."""
    own = {name.strip(): name for name in header if name.strip() in NAMES}
    if "longitude" in own and "latitude" in own:
        own.pop("geometry", None)
    return own


def lacking(columns: Iterable[str]) -> list[str]:
    """Return which of the columns are not given that a table of events must have.

    Examples
    --------
    >>> lacking(["event_date", "latitude"]), lacking(["event_date", "geometry"])
    (['longitude'], [])
    """
    given = set(columns)
    if "geometry" in given:
        given |= {"longitude", "latitude"}
    return [name for name in REQUIRED if name not in given]


def suggested(header: Iterable[str]) -> dict[str, str]:
    """Return what the columns may be, by their usual names; never used without being confirmed.

    Examples
    --------
    >>> suggested(["Fecha", "LON", "lat", "Municipio"])
    {'event_date': 'Fecha', 'longitude': 'LON', 'latitude': 'lat', 'admin2': 'Municipio'}
    """
    by_name: dict[str, str] = {}
    for name in header:
        by_name.setdefault(fold(name).replace(" ", "_"), name)
    found = {}
    for name in NAMES:
        for usual in (name, *_USUAL.get(name, "").split()):
            if usual in by_name:
                found[name] = by_name[usual]
                break
    return found


def unknown_header(header: Iterable[str]) -> str:
    """Return the message for a header that is none of the known ones."""
    names = list(header)
    found = suggested(names)
    mapping = {name: found.get(name, "...") for name in REQUIRED} | found
    said = ", ".join(f'"{name}": {_quoted(column)}' for name, column in mapping.items())
    return (
        "this is no export of ACLED or UCDP, and columns are not guessed; its columns are "
        f"{shown_header(names)}. Say which are which: columns={{{said}}}"
    )


def shown_header(names: list[str], most: int = 60) -> str:
    """Return the names of the columns for a message, without anything a terminal obeys."""
    shown = ", ".join(
        _quoted(name if len(name) <= 40 else name[:39] + "…") for name in names[:most]
    )
    return shown + (f" and {len(names) - most:,} more" if len(names) > most else "")


def _quoted(name: str) -> str:
    return '"' + "".join(c if c.isprintable() and c != '"' else "?" for c in name) + '"'


def translate(
    frame: pd.DataFrame,
    findings: Findings,
    *,
    geo_precision: str | None = None,
    time_precision: str | None = None,
) -> dict[str, pd.Series]:
    """Return the columns of the contract, but for date and point.

    Parameters
    ----------
    frame
        The file's columns under the contract's names.
    findings
        Verdicts so far.
    geo_precision, time_precision
        How well place and date of all rows are known, where no column says so.
    """
    out: dict[str, pd.Series] = {}
    if "event_id" in frame:
        out["event_id"] = trimmed(frame["event_id"])
    else:
        out["event_id"] = pd.Series(findings.record, index=frame.index).astype("str")
        findings.repairs.append(NO_IDS)
    for name in _TEXT:
        out[name] = present(frame[name]) if name in frame else missing(frame.index)
    for name in _COUNTS:
        out[name] = _counts(frame, name, findings)
    out["civilian_targeting"] = _claim(frame, findings)
    for name, allowed, given in (
        ("geo_precision", GEO_PRECISION, geo_precision),
        ("time_precision", TIME_PRECISION, time_precision),
    ):
        out[name] = _precision(frame, name, findings, allowed=allowed, given=given)
    return out


def _counts(frame: pd.DataFrame, name: str, findings: Findings) -> pd.Series:
    if name not in frame:
        return pd.Series(np.nan, index=frame.index, dtype="float64")
    return pd.Series(judged_counts(frame[name], name, findings), index=frame.index)


def _claim(frame: pd.DataFrame, findings: Findings) -> pd.Series:
    name = "civilian_targeting"
    if name not in frame:
        return pd.Series(pd.NA, index=frame.index, dtype="boolean")
    given = trimmed(frame[name])
    known = dict.fromkeys(_YES, True) | dict.fromkeys(_NO, False)
    claim = mapped(given, lambda text: known.get(fold(text))).astype("boolean")
    strange = mask_of(given.notna() & claim.isna())
    if strange.any():
        findings.warnings.append(
            Remark(
                "{name}: {n} with an unknown word, such as {such}; taken as not stated",
                name=name,
                n=Count(int(strange.sum()), "record"),
                such=Example(given[strange].iloc[0]),
            )
        )
    return claim


def _precision(
    frame: pd.DataFrame,
    name: str,
    findings: Findings,
    *,
    allowed: tuple[str, ...],
    given: str | None,
) -> pd.Series:
    if name not in frame:
        return pd.Series(given or "unknown", index=frame.index, dtype="str")
    stated = trimmed(frame[name])
    known = {word: word for word in allowed}
    found = words(stated, lambda text: known.get(fold(text)))
    strange = mask_of(stated.notna() & found.isna())
    if strange.any():
        findings.warnings.append(
            Remark(
                f"{{name}}: {{n}} with another word than {', '.join(allowed)}, such as {{such}}; "
                "taken as not known, so write these words there",
                name=name,
                n=Count(int(strange.sum()), "record"),
                such=Example(stated[strange].iloc[0]),
            )
        )
    return found.fillna("unknown")
