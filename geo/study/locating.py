"""The first half of a study: read, filter and assign, every record accounted for."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from geo import attribution, periods
from geo.attribution import Credit
from geo.cvegeo import STATES, Level
from geo.errors import (
    DataWarning,
    MethodWarning,
    PeriodError,
    PrecisionWarning,
    SettingsError,
    counted,
)
from geo.ledger import Ledger
from geo.periods import PeriodKind, day
from geo.sources import boundaries
from geo.sources.frames import NAME
from geo.sources.population import load_population
from geo.steps.assign import assign_areas
from geo.steps.filter import REASONS, filter_events
from geo.study.account import account_of
from geo.study.asked import DOUBTFUL, NOT_ASKED, PARTIAL, Asked, areas_with_rates
from geo.study.asked import NAME as QUERY
from geo.study.batched import Batched, is_large, locate_batched
from geo.study.facts import Facts
from geo.study.given import Given, study_of
from geo.study.reading import Source, read_input, read_table, take_table
from geo.study.settings import Study
from geo.study.streamed_ledger import AnyLedger
from geo.study.telling import Progress, collected, silent, told, warn_of_names

if TYPE_CHECKING:
    from geo.steps.query import Query

FEW_EVENTS = 30
"""With fewer, all in one state may be chance."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Located:
    """Events with their areas, before anything is counted.

    Attributes
    ----------
    settings
        The study.
    source
        What was read, and how.
    located
        An ``ASSIGNED`` table of the events that were kept.
    ledger
        Where every record went, filters included.
    account
        The account so far: records, states, municipalities.
    credits
        Who must be credited.
    warnings
        What makes the events weaker than they look.
    focus
        Code of the area in focus, if any.
    people
        A ``POPULATION`` table in place of that of the settings, if any.
    """

    settings: Study
    source: Source
    located: gpd.GeoDataFrame
    ledger: AnyLedger
    account: pd.DataFrame
    credits: tuple[Credit, ...]
    warnings: tuple[str, ...]
    focus: str | None
    people: pd.DataFrame | None = None

    @property
    def made_up(self) -> bool:
        """Whether the events are invented."""
        return self.source.made_up

    @property
    def facts(self) -> Facts:
        """What was found out while the events were read."""
        return self.source.facts

    def population(self, level: Level) -> pd.DataFrame | None:
        """Return the population that the study was given; None where the shipped one serves.

        Of a query of a part of the country it is that of the areas which are asked for as a whole.
        """
        table, given = self.people, self.settings.population
        whole = self.areas_with_rates(level)
        if table is None and (given is not None or whole is not None):
            table = load_population(level, given)
        if table is None or whole is None:
            return table
        return table[table["cvegeo"].isin(whole)].reset_index(drop=True)

    def areas_with_rates(self, level: Level) -> frozenset[str] | None:
        """Return the areas whose people are those of the events; None: all."""
        return areas_with_rates(self.settings.filters, level)

    def by(self, period: PeriodKind) -> Located:
        """Return the same events, to be counted by another period."""
        return dataclasses.replace(self, settings=dataclasses.replace(self.settings, period=period))


def locate_events(
    given: Given,
    *,
    progress: Progress | None = None,
    keep: Sequence[str] = (),
    within: str | Sequence[str] = (),
    work: str | PathLike[str] | None = None,
    resume: bool = False,
    **settings: Any,  # noqa: ANN401
) -> Located:
    """Read, filter and assign events as a study does, and stop there.

    Parameters
    ----------
    given, progress, within, **settings
        As in :func:`geo.study.run_study`.
    keep
        Columns beyond the contract that stay; of a file, those that it has.
    work, resume
        A folder in which what came of each batch of large files is kept, and whether what an
        earlier run left there is used.

    Raises
    ------
    GeoError
        The input cannot be read, or a setting cannot be meant. An input without a usable event
        is not refused: the account says where its records went.

    Examples
    --------
    >>> found = locate_events("sample")
    >>> found.ledger.physical == sum(found.ledger.counts().values())
    True
    """
    with collected() as caught:
        tell = progress or silent
        found = locate(given, settings, tell, keep=keep, within=within, work=work, resume=resume)
        return dataclasses.replace(found, warnings=told(found.warnings, caught))


def locate(
    given: Given,
    settings: Mapping[str, Any],
    tell: Progress,
    *,
    keep: Sequence[str] = (),
    within: str | Sequence[str] = (),
    work: str | PathLike[str] | None = None,
    resume: bool = False,
) -> Located:
    """Do the work of :func:`locate_events`; warnings go where the caller sends them.

    Of a file's columns beyond the contract those that `keep` names stay, where it has them.
    """
    from geo.steps.query import Query  # loaded late: a stream has no query, and it takes a while

    places = _places(given, within)
    if isinstance(given, Query | pd.DataFrame) and (work is not None or resume):
        raise SettingsError("work= and resume= are for files; these events are in memory already")
    if isinstance(given, Query):
        study = Study.of({"events": NAME, **asking(given, settings)})
        focus = _focus(study)
        source, events, ledger = take_table(given.source, study)
    elif isinstance(given, pd.DataFrame):
        study = Study.of({"events": NAME, **settings})
        focus = _focus(study)
        # What geo.read_events gave is taken as it is; a table of the user's own is read.
        is_read = isinstance(given, gpd.GeoDataFrame) and "event_id" in given
        source, events, ledger = (
            take_table(given, study) if is_read else read_table(given, study, tell, keep=keep)
        )
    else:
        study = study_of(given, settings)
        focus = _focus(study)
        if work is not None or resume or is_large(study.events):
            _refuse_in_batches(places)
            found = locate_batched(study, tell, keep=keep, work=work, resume=resume)
            _warn_of_one_state(found.located, study)
            return _from_batches(study, focus, found)
        source, events, ledger = read_input(study, tell, keep=keep)
    tell("assign", 0, 1)
    kept, ledger = _filtered(study, events, ledger)
    del events  # what the study does not keep need not stay in memory beside what it keeps
    if isinstance(given, Query):
        kept, ledger = _asked(given, kept, ledger, kept["record"].to_numpy() - 1)
    located = assign_areas(kept, tolerance_m=study.tolerance_m, conflicts=study.conflicts)
    warn_of_names(located, study.conflicts)
    if places:
        study, located, ledger = _within(places, study, located, ledger)
    elif not isinstance(given, Query):
        _warn_of_one_state(located, study)
    return Located(
        settings=study,
        source=source,
        located=located,
        ledger=ledger,
        account=account_of(ledger, located, {}),
        credits=_credits(study, source),
        warnings=source.warnings,
        focus=focus,
    )


def _from_batches(study: Study, focus: str | None, found: Batched) -> Located:
    return Located(
        settings=study,
        source=found.source,
        located=found.located,
        ledger=found.ledger,
        account=account_of(found.ledger, found.located, {}),
        credits=_credits(study, found.source),
        warnings=found.source.warnings,
        focus=focus,
    )


def _filtered(
    study: Study, events: gpd.GeoDataFrame, ledger: Ledger
) -> tuple[gpd.GeoDataFrame, Ledger]:
    """Leave out what the study is not about, and write into the ledger why."""
    if not study.filters:
        # Not even a copy: of a million events it would be some 300 MB.
        return events, ledger
    filters = {name: value for name, value in study.filters.items() if name != QUERY}
    kept, left_out = filter_events(events, **filters)
    for reason in left_out.unique():
        ledger = ledger.set_aside(
            left_out.index[left_out == reason],
            fate="filtered",
            reason=reason,
            column=REASONS[reason],
        )
    ledger.check(used=len(kept))
    return kept, ledger


def asking(query: Query, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a study of what a query finds: its words and its days among them."""
    asked = Asked.of(query)
    given = dict(settings.get("filters") or {})
    days = asked.days()
    if "since" in given and "since" in days:
        days["since"] = max(days["since"], str(day(given.pop("since")).date()))
    if "until" in given and "until" in days:
        days["until"] = min(days["until"], str(day(given.pop("until")).date()))
    through = None if query.through is None else str(query.through.date())
    study = {"data_through": through, **settings, "filters": {**days, **given, QUERY: asked}}
    if "period" not in settings:
        study["period"] = _period_from(asked.since)
    return study


def _period_from(since: str | None) -> PeriodKind:
    """Return the longest kind of period that begins on a day; years where it is not said."""
    if since is None:
        return "year"
    for kind in ("year", "quarter", "month", "week", "acled-week"):
        if periods.calendar(kind, since, since)["start"].iloc[0] == day(since):
            return kind
    raise PeriodError(
        f"the query begins on {since}, and a study counts whole periods; begin on the first of a "
        "month, or on a Monday or a Saturday"
    )


def _places(given: Given, within: str | Sequence[str]) -> tuple[str, ...]:
    """Return the areas to keep to; a name that is no area's is refused before anything is read."""
    from geo.steps.query import Query

    places = (within,) if isinstance(within, str) else tuple(within)
    if places and isinstance(given, Query):
        raise SettingsError("within= is for files and tables; ask the query for it: .within(...)")
    for place in places:
        boundaries.find_area(place)
    return places


def _refuse_in_batches(places: tuple[str, ...]) -> None:
    if places:
        raise SettingsError(
            "within= (--within) is not for files that are read in batches, as large ones are and "
            "all with work= (--work): leave that out, cut the file to the area, or ask its events, "
            f"geo.query(geo.read_events(...)).within({places[0]!r})"
        )


def _within(
    places: tuple[str, ...], study: Study, located: gpd.GeoDataFrame, ledger: Ledger
) -> tuple[Study, gpd.GeoDataFrame, Ledger]:
    """Keep to some areas as a query of them does, so that all others are not asked for."""
    from geo.steps.query import query

    asked = query(located).within(*places)
    kept, ledger = _asked(asked, located, ledger, np.arange(len(located)))
    filters = {**study.filters, QUERY: Asked.of(asked)}
    return dataclasses.replace(study, filters=filters), kept, ledger


def _warn_of_one_state(located: gpd.GeoDataFrame, study: Study) -> None:
    """Say that all events lie in one state, so that none elsewhere may mean that none was sought.

    Not where events were chosen by what they are: these may lie in one state of a country.
    """
    states = located["cve_ent"].dropna()
    if len(states) < FEW_EVENTS or set(study.filters) - {"since", "until"}:
        return
    if (states != states.iloc[0]).any():
        return
    name = STATES[states.iloc[0]]
    warnings.warn(
        f"all {len(states):,} events with a state lie in {name}: if the source covers no other, "
        "none elsewhere is no finding, and neither are rates, hotspots and comparisons there; "
        f'keep a study or a map to it with --within "{name}", in Python within={name!r}',
        DataWarning,
        stacklevel=2,
    )


def _asked(
    query: Query, kept: gpd.GeoDataFrame, ledger: Ledger, row: npt.NDArray[np.int64]
) -> tuple[gpd.GeoDataFrame, Ledger]:
    """Leave out what a query does not ask for, or cannot judge, and write that into the ledger.

    `row` says where each of the events stands in those of the query.
    """
    sure, doubtful = query.mask[row], query.doubtful[row]
    for reason, aside in ((DOUBTFUL, doubtful), (NOT_ASKED, ~sure & ~doubtful)):
        ledger = ledger.set_aside(kept["record"][aside], fate="filtered", reason=reason)
    if left := int(doubtful.sum()):
        left_out = "is left out: too little is known of it"
        if left > 1:
            left_out = "are left out: too little is known of them"
        warnings.warn(
            f"{counted(left, 'event')} may belong to what the query asks for and {left_out}",
            PrecisionWarning,
            stacklevel=2,
        )
    if query.is_partial:
        warnings.warn(
            PARTIAL["en"],
            MethodWarning,
            stacklevel=2,
        )
    kept = kept[sure]
    ledger.check(used=len(kept))
    return kept, ledger


def _focus(study: Study) -> str | None:
    return None if study.focus is None else boundaries.find_area(study.focus)


def _credits(study: Study, source: Source) -> tuple[Credit, ...]:
    population = (attribution.INEGI_CENSUS, attribution.CONAPO)
    base = [c for c in attribution.BASE_CREDITS if study.population is None or c not in population]
    if study.population is not None:
        base.append(attribution.given(study.population.name))
    return (source.credit, *base)


def refuse_nothing(found: Located) -> None:
    """Raise :exc:`~geo.errors.SettingsError` where no event is left to count."""
    if len(found.located):
        return
    why = found.ledger.reasons().head(3)
    reasons = ", ".join(f"{row.reason} ({row.records:,})" for row in why.itertuples())
    raise SettingsError(
        f"no event is left to study ({found.ledger.summary()}; "
        f"{reasons or 'the input has no rows'}); look at the quarantine with 'geo check', or "
        "loosen the filters"
    )
