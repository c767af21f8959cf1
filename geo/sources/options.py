"""What the user says about files of events, and how a file is read that it is said about.

An option is checked by itself when it is given, and against a file when its header is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from geo.errors import PeriodError, SettingsError, SourceError
from geo.periods import day
from geo.schema import GEO_PRECISION, TIME_PRECISION
from geo.sources.decisions import Order
from geo.sources.layouts import Keep, Layout, recognize


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the user says about a file."""

    columns: Mapping[str, str] | None = None
    geo_precision: str | None = None
    time_precision: str | None = None
    date_order: Order | None = None
    accessed: np.datetime64 | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    keep: Keep = "all"


def options_of(
    *,
    columns: Mapping[str, str] | None = None,
    geo_precision: str | None = None,
    time_precision: str | None = None,
    date_order: Order | None = None,
    accessed: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    keep: Keep = "all",
) -> Options:
    """Return what the user says about files, checked; as in :func:`geo.read_events_with_ledger`."""
    return Options(
        columns=columns,
        geo_precision=_one_of("geo_precision", geo_precision, GEO_PRECISION),
        time_precision=_one_of("time_precision", time_precision, TIME_PRECISION),
        date_order=_one_of("date_order", date_order, ("dmy", "mdy")),  # type: ignore[arg-type]
        accessed=_day("accessed", accessed),
        encoding=encoding,
        delimiter=delimiter,
        sheet=sheet,
        keep=keep if isinstance(keep, str) else tuple(keep),
    )


class Chooser:
    """Chooses the columns of a file by its header, and remembers the layout."""

    layout: Layout

    def __init__(self, options: Options, label: str) -> None:
        self._options, self._label = options, label

    def __call__(self, header: list[str]) -> list[str]:
        """Return the columns to keep."""
        try:
            self.layout = recognize(header, columns=self._options.columns, keep=self._options.keep)
        except SourceError as error:
            raise SourceError(f"{self._label}: {error}") from error
        return self.layout.wanted


def check_options(layout: Layout, options: Options) -> None:
    """Refuse what the user says about a file that says it itself."""
    for name in ("geo_precision", "time_precision"):
        given = getattr(options, name)
        if given is not None and layout.states(name):
            raise SettingsError(
                f"{name}={given!r} is for tables that do not state it; this file does, row by row"
            )


def _one_of(name: str, value: str | None, allowed: tuple[str, ...]) -> str | None:
    if value is not None and value not in allowed:
        raise SettingsError(f"{name}={value!r} is not known; it may be {', '.join(allowed)}")
    return value


def _day(name: str, value: str | None) -> np.datetime64 | None:
    if value is None:
        return None
    try:
        return np.datetime64(day(value).date())
    except PeriodError:
        raise SettingsError(f"{name}={value!r} is not a day such as 2025-01-15") from None
