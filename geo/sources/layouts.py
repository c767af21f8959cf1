"""Which kind of file this is, by its header. The name of a file is never believed.

Names are compared without case, outer white space and order. A shapefile cuts names to ten
characters; a name that is cut is known by what is left of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from geo.cvegeo import fold
from geo.errors import SettingsError, SourceError
from geo.schema import ASSIGNED
from geo.sources import table

Keep = Literal["all", "none"] | Iterable[str]
Family = Literal["acled", "ucdp", "table"]

ACLED_CURRENT = (
    "event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type",
    "sub_event_type", "actor1", "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2",
    "interaction", "civilian_targeting", "iso", "region", "country", "admin1", "admin2", "admin3",
    "location", "latitude", "longitude", "geo_precision", "source", "source_scale", "notes",
    "fatalities", "tags", "timestamp",
)  # fmt: skip
"""ACLED's columns since 2023, in order."""

ACLED_OLD = (
    "data_id", "iso", "event_id_cnty", "event_id_no_cnty", "event_date", "year",
    "time_precision", "event_type", "sub_event_type", "actor1", "assoc_actor_1", "inter1",
    "actor2", "assoc_actor_2", "inter2", "interaction", "region", "country", "admin1", "admin2",
    "admin3", "location", "latitude", "longitude", "geo_precision", "source", "source_scale",
    "notes", "fatalities", "timestamp", "iso3",
)  # fmt: skip
"""ACLED's columns to 2022, in order."""

UCDP_GED = (
    "id", "relid", "year", "active_year", "code_status", "type_of_violence", "conflict_dset_id",
    "conflict_new_id", "conflict_name", "dyad_dset_id", "dyad_new_id", "dyad_name",
    "side_a_dset_id", "side_a_new_id", "side_a", "side_b_dset_id", "side_b_new_id", "side_b",
    "number_of_sources", "source_article", "source_office", "source_date", "source_headline",
    "source_original", "where_prec", "where_coordinates", "where_description", "adm_1", "adm_2",
    "latitude", "longitude", "geom_wkt", "priogrid_gid", "country", "country_id", "region",
    "event_clarity", "date_prec", "date_start", "date_end", "deaths_a", "deaths_b",
    "deaths_civilians", "deaths_unknown", "best", "high", "low", "gwnoa", "gwnob",
)  # fmt: skip
"""The columns of UCDP GED and of its candidate events, in order."""

_ACLED_SIGN = {"event_id_cnty", "event_date", "event_type"}
_UCDP_SIGN = {"id", "type_of_violence", "date_start", "side_a"}
_NEEDED = {
    "acled": ("event_id_cnty", "event_date", "event_type", "latitude", "longitude"),
    "ucdp": (
        "id", "type_of_violence", "side_a", "side_b", "date_start", "latitude", "longitude",
    ),
}  # fmt: skip
_WANTED = {
    "acled": (
        "time_precision", "sub_event_type", "actor1", "actor2", "admin1", "admin2",
        "geo_precision", "fatalities",
    ),
    "ucdp": ("where_prec", "date_prec", "best", "low", "high", "adm_1", "adm_2"),
}  # fmt: skip
_READ = {
    "acled": (
        *_NEEDED["acled"], *_WANTED["acled"], "disorder_type", "civilian_targeting", "iso",
        "iso3", "country", "timestamp", "year",
    ),
    "ucdp": (*_NEEDED["ucdp"], *_WANTED["ucdp"], "country", "country_id", "code_status", "year"),
}  # fmt: skip
# What the contract takes over one to one is not kept a second time.
_TAKEN = {
    "acled": {
        *_NEEDED["acled"], *_WANTED["acled"], "disorder_type", "civilian_targeting",
    },
    "ucdp": {
        "id", "side_a", "side_b", "date_start", "latitude", "longitude", "best", "low", "high",
    },
}  # fmt: skip

_RESERVED = {*(column.name for column in ASSIGNED.columns), "record", "longitude", "latitude"}


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file's columns are to be read.

    Parameters
    ----------
    name
        ``acled``, ``acled-old``, ``acled-curated``, ``ucdp-ged`` or ``table``.
    family
        Which reader understands it.
    columns
        The reader's name of a column, and the file's.
    extras
        Columns kept beyond the contract: the name they get, and the file's.
    absent
        Columns that the reader would have liked.
    """

    name: str
    family: Family
    columns: Mapping[str, str]
    extras: Mapping[str, str]
    absent: tuple[str, ...] = ()

    @property
    def wanted(self) -> list[str]:
        """The file's columns that must be read, each once."""
        return list(dict.fromkeys([*self.columns.values(), *self.extras.values()]))

    @property
    def day(self) -> str:
        """The reader's name of the column with the day of the event."""
        return "date_start" if self.family == "ucdp" else "event_date"

    def states(self, name: str) -> bool:
        """Return whether the file says itself, row by row, what a column of the contract holds.

        An export of a known source does, under names of its own; a table only as far as it has
        the column.
        """
        return self.family != "table" or name in self.columns


def recognize(
    header: Iterable[str], *, columns: Mapping[str, str] | None = None, keep: Keep = "all"
) -> Layout:
    """Return how a file with this header is read.

    Parameters
    ----------
    header
        Names of the columns as the file has them.
    columns
        The contract's names and the file's, where the user says which are which.
    keep
        Which columns beyond the contract are kept: ``"all"``, ``"none"`` or some names; one with
        a ``?`` at its end is kept where the file has it.

    Raises
    ------
    SourceError
        The header is none that is known, holds counts instead of events, lacks a column that is
        needed or has one twice.

    Examples
    --------
    >>> recognize(ACLED_CURRENT).name, recognize(ACLED_OLD).name, recognize(UCDP_GED).name
    ('acled', 'acled-old', 'ucdp-ged')
    >>> recognize(["country", "admin1", "population", "events", "score"])
    Traceback (most recent call last):
    ...
    geo.errors.SourceError: this file holds counts of events by country, admin1, not events;
    events with a day and a place each are needed: ACLED's Data Export Tool or API, UCDP GED, or a
    table of your own
    """
    names = [str(name) for name in header]
    if columns is not None:
        stated = table.own_names(names) | table.checked_columns(columns, names)
        return _table_layout(names, stated, keep)
    normal = {name: _normal(name) for name in names}
    known = set(normal.values())
    _refuse_counts(names, known)
    for family, sign, official in (
        ("acled", _ACLED_SIGN, {*ACLED_CURRENT, *ACLED_OLD}),
        ("ucdp", _UCDP_SIGN, {*UCDP_GED}),
    ):
        whole = {name: _uncut(short, official) for name, short in normal.items()}
        if sign <= set(whole.values()):
            return _known_layout(family, names, whole, keep)  # type: ignore[arg-type]
    own = table.own_names(names)
    if not table.lacking(own):
        return _table_layout(names, own, keep)
    raise SourceError(table.unknown_header(names))


def _normal(name: str) -> str:
    return re.sub(r"[\s\-]+", "_", name.replace("\ufeff", "").strip().casefold())


def _uncut(short: str, official: set[str]) -> str:
    """Return the official name that a shapefile has cut to `short`, or `short` itself."""
    if len(short) != 10 or short in official:
        return short
    whole = [name for name in official if name.startswith(short)]
    return whole[0] if len(whole) == 1 else short


def _known_layout(family: Family, names: list[str], whole: dict[str, str], keep: Keep) -> Layout:
    title = {"acled": "an ACLED export", "ucdp": "UCDP GED", "table": "a table"}[family]
    at = {whole[name]: name for name in reversed(names)}
    times = Counter(whole.values())
    if lacking := [name for name in _NEEDED[family] if name not in at]:
        raise SourceError(
            f"this looks like {title}, but it lacks {', '.join(lacking)}; its columns are "
            f"{table.shown_header(names)}. Export it again with all columns, or say which are "
            "which with columns={...}"
        )
    if twice := [name for name in _READ[family] if times[name] > 1]:
        raise SourceError(
            f"this looks like {title}, but it has {', '.join(map(repr, twice))} more than once "
            "(names are compared without case and outer spaces); delete one of them"
        )
    columns = {name: at[name] for name in _READ[family] if name in at}
    beyond = {
        ("reported_by" if full == "source" else full): name
        for name, full in whole.items()
        if full not in _TAKEN[family]
    }
    name = "ucdp-ged"
    if family == "acled":
        upper = sum(name.isupper() for name in columns.values())
        name = "acled" if "disorder_type" in at else "acled-old"
        name = "acled-curated" if 2 * upper > len(columns) else name
    absent = tuple(name for name in _WANTED[family] if name not in at)
    return Layout(name, family, columns, _kept(beyond, keep), absent)


def _table_layout(names: list[str], columns: dict[str, str], keep: Keep) -> Layout:
    if lacking := table.lacking(columns):
        raise SourceError(
            f"no column is given for {', '.join(lacking)}; its columns are "
            f"{table.shown_header(names)}. Add "
            + ", ".join(f'"{name}": "..."' for name in lacking)
            + " to columns={...}"
        )
    if any(count > 1 for name, count in Counter(names).items() if name in columns.values()):
        raise SourceError("a column that is to be read occurs twice in the header; delete one")
    if "geometry" in columns and {"longitude", "latitude"} & set(columns):
        raise SettingsError("give either geometry or longitude and latitude, not both")
    used = set(columns.values())
    beyond = {name.strip(): name for name in names if name not in used and name.strip()}
    return Layout("table", "table", columns, _kept(beyond, keep))


def _kept(beyond: dict[str, str], keep: Keep) -> dict[str, str]:
    """Return the extra columns to keep, none under a name that the contract uses."""
    safe: dict[str, str] = {}
    for name, at in beyond.items():
        free = f"file_{name}" if name in _RESERVED else name
        while free in safe:
            free += "_"
        safe[free] = at
    if keep == "all":
        return safe
    if keep == "none":
        return {}
    if isinstance(keep, str):
        raise SettingsError(f'keep={keep!r} is not known; give "all", "none" or a list of columns')
    by_name = {name.casefold(): name for name in safe}
    by_name |= {at.strip().casefold(): name for name, at in safe.items()}
    asked = [str(name).strip() for name in keep]
    wanted = [
        name.removesuffix("?")
        for name in asked
        if not name.endswith("?") or name[:-1].casefold() in by_name
    ]
    if strange := [name for name in wanted if name.casefold() not in by_name]:
        raise SettingsError(
            f"keep= names {', '.join(map(repr, strange))}, which the file does not have beyond "
            f"the columns of events; it has {table.shown_header(list(safe))}"
        )
    chosen = {by_name[name.casefold()] for name in wanted}
    return {name: at for name, at in safe.items() if name in chosen}


def _refuse_counts(names: list[str], known: set[str]) -> None:
    """Refuse tables of counts, naming what they are."""
    folded = {fold(name).replace(" ", "_") for name in names}
    what = None
    if {"week", "events"} <= known and known & {"admin1", "centroid_latitude", "country"}:
        what = "weekly counts by state (ACLED's aggregated data)"
    elif {"month", "year", "events"} <= known and "event_date" not in known:
        what = "monthly counts by country or district (as ACLED gives them to HDX)"
    elif {"entidad", "enero", "febrero"} <= folded:
        what = "monthly counts of crimes (SESNSP, incidencia delictiva)"
    elif "events" in known and not known & {"event_date", "date", "longitude", "lon", "latitude"}:
        by = [name for name in ("country", "admin1", "admin2", "year", "week") if name in known]
        what = "counts of events" + (f" by {', '.join(by)}" if by else "")
    if what:
        raise SourceError(
            f"this file holds {what}, not events; events with a day and a place each are needed: "
            "ACLED's Data Export Tool or API, UCDP GED, or a table of your own"
        )
