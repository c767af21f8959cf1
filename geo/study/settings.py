"""The settings of a study: from keyword arguments or from one commented TOML file."""

from __future__ import annotations

import dataclasses
import inspect
import math
import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from geo.errors import GeoError, SettingsError
from geo.periods import KINDS, PeriodKind, Window, day
from geo.schema import GEO_PRECISION, TIME_PRECISION
from geo.sources.remote import is_url, without_secrets
from geo.steps.assign import TOLERANCE_M, Conflicts
from geo.steps.coarsen import POINTS, Points
from geo.steps.filter import filter_events
from geo.steps.measure import Interval
from geo.steps.neighborhood import PERMUTATIONS, Inference
from geo.steps.window_months import Method
from geo.study.asked import Asked
from geo.study.written import no_setting, read_settings, refuse

Language = Literal["en", "es"]
Detail = Literal["low", "standard", "high"]
"""How closely the borders of a page are drawn."""

SAMPLE = "sample"
"""What stands for the made-up data set where a file of events is asked for."""

SEED = 20240909
LAYERS = ("emerging", "scan", "density")
"""What can be made for a map beside its measures (:mod:`geo.study.layers`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """What a study rests on. Holds no data; :func:`geo.study.run_study` runs it.

    Parameters
    ----------
    events
        The files of events, or ``"sample"`` for the made-up data set.
    title
        Title of the map; made from focus and windows where empty.
    period
        ``year``, ``quarter``, ``month``, ``week`` (ISO) or ``acled-week`` (Saturday to Friday).
    base, comparison
        The two windows that are compared: ``2023``, ``2024-Q1`` or two days, both included
        (``2024-09-09/2024-12-31``). Both or neither.
    focus
        The state or municipality that the summary speaks of.
    event_date
        A day of the comparison window on which something is known to have begun; the rate from it
        on is told beside that of the whole window.
    transition_from
        An earlier day on which "before" ends. What lies between both days is neither.
    claim
        A ratio that somebody states, as 2.5, to be held against the intervals.
    interval
        Interval of rates: ``exact`` (Garwood), ``mid-p`` or ``byar``.
    method
        The second interval of a change beside the quasi-Poisson one: ``quasi-poisson`` (none),
        ``negative-binomial`` or ``newey-west``.
    actor_names
        A table of names of actors: name, alias, from, to, successor.
    filters
        What :func:`geo.steps.filter.filter_events` keeps, by its arguments; of a query also
        what it asks for.
    population
        A table of cvegeo, year and population that takes the place of the shipped one.
    nearest_year
        Let a year outside the population table borrow the nearest one.
    data_through
        Last day that the source covers; the last event where it is not given.
    tolerance_m
        How far in meters from the nearest area a point may lie and still be given to it.
    conflicts
        Which state counts where point and source disagree: ``point`` or ``admin1``.
    hotspot_periods
        How many of the latest complete periods are searched for hotspots.
    permutations
        Number of permutations that the p-values of hotspots and outliers rest on; 0 takes them
        from the normal tail.
    source
        Whose data these are, where the file does not say it.
    columns
        Names of the file's columns by the names of the contract, for unknown layouts.
    geo_precision, time_precision
        How well places and dates are known, where no column of the file says so.
    date_order
        ``dmy`` or ``mdy``, where a date like 03/04/2024 could be either.
    encoding, delimiter, sheet
        How the text is encoded and parted, and which sheet holds the events, where that is not
        clear.
    accessed
        The day on which the data were downloaded; stands in the credit.
    layers
        What is made for the map beside its measures: ``emerging`` (labels of emerging hotspots),
        ``scan`` (clusters of a scan), ``density`` (a surface). Each takes some seconds.
    points
        How events are shown as points on the map: ``none``, ``coarse`` (on a grid of 5 km) or
        ``exact``. Terms of use may forbid passing exact points on.
    lang
        Language of the map at first sight: ``en`` or ``es``.
    detail, plain, zip
        How the page is written (:meth:`geo.EventMap.save`): how closely its borders are drawn
        (``low``, ``standard`` or ``high``), its data as readable text, and an archive beside it.
    tiles, tiles_credit
        Background of the page, ``https://HOST/{z}/{x}/{y}.png``, and whom to credit for it.
    out
        Folder that the results are written into.
    keep_assigned
        Write the events with their areas as well. They may not be redistributed.
    seed
        Seed of everything random, reported with the results.

    Raises
    ------
    SettingsError
        Settings that cannot be meant, all of them at once.
    """

    events: tuple[str, ...]
    title: str = ""
    period: PeriodKind = "year"
    base: str | None = None
    comparison: str | None = None
    focus: str | None = None
    event_date: str | None = None
    transition_from: str | None = None
    claim: float | None = None
    interval: Interval = "exact"
    method: Method = "quasi-poisson"
    actor_names: Path | None = None
    filters: Mapping[str, Any] = field(default_factory=dict)
    population: Path | None = None
    nearest_year: bool = False
    data_through: str | None = None
    tolerance_m: float = TOLERANCE_M
    conflicts: Conflicts = "point"
    hotspot_periods: int = 12
    permutations: int = PERMUTATIONS
    source: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    geo_precision: str | None = None
    time_precision: str | None = None
    date_order: Literal["dmy", "mdy"] | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    accessed: str | None = None
    layers: tuple[str, ...] = ()
    points: Points = "none"
    lang: Language = "en"
    detail: Detail = "standard"
    plain: bool = False
    zip: bool = False
    tiles: str | None = None
    tiles_credit: str | None = None
    out: Path | None = None
    keep_assigned: bool = False
    seed: int = SEED

    def __post_init__(self) -> None:
        """Refuse settings that contradict one another or that no step could follow."""
        refuse(_faults(self))

    @classmethod
    def of(cls, given: Mapping[str, Any], *, folder: Path | None = None) -> Study:
        """Return the study of settings as a user writes them.

        Parameters
        ----------
        given
            Settings by name. Whole numbers and dates may stand where text is meant.
        folder
            Where relative paths start; the current folder unless given.

        Raises
        ------
        SettingsError
            A name that is not a setting, or a value that cannot be meant.

        Examples
        --------
        >>> Study.of({"events": "a.csv", "base": 2023, "comparison": 2024}).base
        '2023'
        >>> Study.of({"events": "a.csv", "focu": "Sinaloa"})
        Traceback (most recent call last):
        ...
        geo.errors.SettingsError: This study cannot be run:
        - there is no setting 'focu'; did you mean 'focus'?
        """
        study = cls(**read_settings(given))
        return study if folder is None else study.within(folder)

    @classmethod
    def from_toml(cls, path: str | os.PathLike[str]) -> Study:
        """Return the study that a TOML file describes; its paths are relative to that file.

        Without ``out`` the results go into ``out/<name of the file>`` beside it.

        Raises
        ------
        SettingsError
            The file is no TOML, or a setting cannot be meant.
        """
        file = Path(path)
        try:
            given = tomllib.loads(file.read_text(encoding="utf-8-sig"))
        except OSError as error:
            raise SettingsError(f"{file} cannot be read: {error.strerror or error}") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(f"{file} is not a TOML file in UTF-8: {error}") from error
        given.setdefault("out", f"out/{file.stem}")
        try:
            return cls.of(given, folder=file.parent)
        except SettingsError as error:
            raise SettingsError(f"{file}: {error}") from error

    def within(self, folder: Path) -> Study:
        """Return the study with its relative paths taken from `folder`."""
        return dataclasses.replace(
            self,
            events=tuple(e if e == SAMPLE or is_url(e) else str(folder / e) for e in self.events),
            population=self.population and folder / self.population,
            actor_names=self.actor_names and folder / self.actor_names,
            out=self.out and folder / self.out,
        )

    @property
    def is_sample(self) -> bool:
        """Whether the events are the made-up data set."""
        return self.events == (SAMPLE,)

    @property
    def windows(self) -> tuple[Window, Window] | None:
        """The base and the comparison window, or None where nothing is compared."""
        if self.base is None or self.comparison is None:
            return None
        return Window.parse(self.base), Window.parse(self.comparison)

    def reading(self) -> dict[str, Any]:
        """Return how the files are read, as :func:`geo.read_events_with_ledger` is told it."""
        told = {name: getattr(self, name) for name in _OF_READING}
        return {**told, "columns": dict(self.columns) or None}

    def public(self) -> dict[str, Any]:
        """Return the settings for a manifest: plain values, file names without folders."""
        shown = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        shown |= {
            "events": [Path(without_secrets(e)).name for e in self.events],
            "population": self.population and self.population.name,
            "actor_names": self.actor_names and self.actor_names.name,
            "filters": {name: _plain(value) for name, value in self.filters.items()},
            "columns": dict(self.columns),
            "layers": list(self.layers),
        }
        # Where the results lie and how a page is written is no part of them.
        return {name: value for name, value in shown.items() if name not in _OF_FILES}


_OF_READING = (
    "columns", "geo_precision", "time_precision", "date_order", "accessed", "encoding", "delimiter",
    "sheet",
)  # fmt: skip
_OF_FILES = frozenset({"out", "detail", "plain", "zip", "tiles", "tiles_credit"})


def _faults(study: Study) -> list[str]:
    faults = [*_contradictions(study), *_wrong_values(study)]
    return faults or _out_of_order(study)


def _contradictions(study: Study) -> list[str]:
    faults = []
    if not study.events:
        faults.append("no file of events is given")
    if SAMPLE in study.events and not study.is_sample:
        faults.append('"sample" cannot be read together with files')
    if (study.base is None) != (study.comparison is None):
        given, missing = ("comparison", "base") if study.base is None else ("base", "comparison")
        faults.append(f"{given} is given without {missing}; give both or neither")
    if study.base is None and study.comparison is None:
        faults += [
            f"{name} is given, and nothing is compared; give base and comparison, too"
            for name in ("event_date", "claim")
            if getattr(study, name) is not None
        ]
    if study.transition_from is not None and study.event_date is None:
        faults.append(
            "transition_from is given without event_date; a transition lies between two dates"
        )
    if (study.tiles is None) != (study.tiles_credit is None):
        given, missing = ("tiles", "tiles_credit")[:: 1 if study.tiles else -1]
        faults.append(f"{given} is given without {missing}; name a background and whom to credit")
    return faults


def _out_of_order(study: Study) -> list[str]:
    """Return what is wrong with days that each can be read."""
    faults: list[str] = []
    windows = study.windows
    if study.event_date is None or windows is None:
        return faults
    event = day(study.event_date)
    if not windows[1].start <= event < windows[1].end:
        faults.append(
            f"event_date = {study.event_date!r} lies outside the comparison window "
            f"{windows[1].label}; give a day of that window"
        )
    if study.transition_from is not None and not day(study.transition_from) < event:
        faults.append(
            f"transition_from = {study.transition_from!r} is not before event_date = "
            f"{study.event_date!r}"
        )
    return faults


def _wrong_values(study: Study) -> list[str]:
    faults = []
    for name, words in _WORDS.items():
        value = getattr(study, name)
        if value is not None and value not in words:
            faults.append(f"{name} = {value!r}: choose {', '.join(words)}")
    for name, check in _CHECKS.items():
        value = getattr(study, name)
        if value is not None:
            try:
                check(value)
            except GeoError as error:
                faults.append(f"{name} = {value!r}: {error}")
    faults += [
        no_setting(name, _FILTERS, "filters.")
        for name, value in study.filters.items()
        if name not in _FILTERS and not isinstance(value, Asked)
    ]
    faults += [
        f"layers = {name!r}: choose {', '.join(LAYERS)}"
        for name in study.layers
        if name not in LAYERS
    ]
    if not 0 <= study.tolerance_m <= 100_000:
        faults.append(f"tolerance_m = {study.tolerance_m!r}: give 0 to 100,000 meters")
    if study.seed < 0:
        faults.append(f"seed = {study.seed!r}: give 0 or more")
    if study.claim is not None and not 0 < study.claim < math.inf:
        faults.append(f"claim = {study.claim!r}: a ratio lies above zero: 2.5 is +150 %")
    if study.hotspot_periods < 1:
        faults.append(f"hotspot_periods = {study.hotspot_periods!r}: give 1 or more")
    return faults


_WORDS: dict[str, tuple[str, ...]] = {
    "period": KINDS,
    "conflicts": get_args(Conflicts),
    "lang": get_args(Language),
    "detail": get_args(Detail),
    "points": POINTS,
    "interval": get_args(Interval),
    "method": get_args(Method),
    "date_order": ("dmy", "mdy"),
    "geo_precision": GEO_PRECISION,
    "time_precision": TIME_PRECISION,
}
_CHECKS: dict[str, Callable[[Any], object]] = {
    "base": Window.parse,
    "comparison": Window.parse,
    "data_through": day,
    "event_date": day,
    "transition_from": day,
    "accessed": day,
    "permutations": lambda number: Inference(permutations=number),
}
_FILTERS = tuple(inspect.signature(filter_events).parameters)[1:]


def _plain(value: object) -> object:
    if isinstance(value, Asked):
        return value.public()
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(entry) for entry in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)
