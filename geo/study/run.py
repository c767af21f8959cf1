"""Run a study: read, filter, assign, count, measure, find hotspots, compare.

No statistic of its own: every number comes from a step. After each step the sums are checked.
"""

from __future__ import annotations

import dataclasses
import warnings
from pathlib import Path
from typing import Any

import pandas as pd

from geo import periods
from geo.cvegeo import Level
from geo.errors import DataWarning, PeriodWarning, SettingsError
from geo.periods import Day, day
from geo.sources import boundaries, shipped
from geo.sources.population import load_population
from geo.steps.assign import assignment_account, pileups
from geo.steps.compare import compare_windows
from geo.steps.count import count_events
from geo.steps.hotspots import find_hotspots
from geo.steps.levels import check_levels
from geo.steps.moran import find_outliers
from geo.steps.span import starts_late
from geo.study.account import account_of, conflicts_of
from geo.study.locating import (
    Given,
    Located,
    Progress,
    collected,
    locate,
    refuse_nothing,
    silent,
    told,
)
from geo.study.manifest import file_entry, versions
from geo.study.peopling import measure
from geo.study.results import Results
from geo.study.settings import Study
from geo.study.titles import title_of

LEVELS: tuple[Level, ...] = ("state", "municipality")


def run_study(
    given: Given,
    *,
    progress: Progress | None = None,
    **settings: Any,  # noqa: ANN401
) -> Results:
    """Run a whole study and return its tables.

    Parameters
    ----------
    given
        A study, the path of a TOML file that describes one, one or several files of events,
        ``"sample"`` for the made-up data set, or an ``EVENTS`` table.
    progress
        Called with a stage, and how much of it is done, while the study runs.
    **settings
        Settings of :class:`~geo.study.settings.Study`; they go before those of the TOML file.

    Raises
    ------
    SettingsError
        A setting cannot be meant, or no event is left to study.
    GeoError
        A step refuses its input; the message says why, where and what to do.

    Examples
    --------
    >>> results = run_study("sample", base=2023, comparison=2024, focus="Sinaloa")
    >>> change = results.tables["change_state"].set_index("cvegeo")
    >>> change.loc["25", ["base_events", "comparison_events"]].tolist()
    [240, 600]
    """
    tell = progress or silent
    with collected() as caught:
        found = locate(given, settings, tell)
        refuse_nothing(found)
        tables = _tables(found, tell)
        found = dataclasses.replace(found, warnings=told(found.warnings, caught))
    return Results(
        settings=found.settings,
        title={
            language: title_of(
                found.settings, found.focus, language=language, made_up=found.made_up
            )
            for language in ("en", "es")
        },
        tables=tables,
        located=found.located,
        ledger=found.ledger,
        credits=found.credits,
        manifest=_manifest(found, tables["account"]),
        facts=found.source.facts,
        warnings=found.warnings,
        made_up=found.made_up,
        focus=found.focus,
    )


def _tables(found: Located, tell: Progress) -> dict[str, pd.DataFrame]:
    study, located = found.settings, found.located
    days = covered_days(found)
    panels: dict[str, pd.DataFrame] = {}
    measures: dict[str, pd.DataFrame] = {}
    for step, level in enumerate(LEVELS):
        tell("count", step, len(LEVELS))
        panels[level] = count_events(located, level=level, period=study.period, **days)
        measures[level] = measure(panels[level], study, level, days)
    check_levels(located, panels["state"], panels["municipality"], period=study.period)
    account = account_of(found.ledger, located, panels)

    tell("hotspots", 0, 1)
    latest = latest_periods(measures["municipality"], study.hotspot_periods)
    hotspots = find_hotspots(latest, permutations=study.permutations, seed=study.seed)
    outliers = find_outliers(latest, permutations=study.permutations, seed=study.seed)
    tables = {"account": account, "assignment": assignment_account(located)}
    tables |= {f"measures_{level}": with_names(measures[level], level) for level in LEVELS}
    tables["hotspots_municipality"] = with_names(hotspots, "municipality")
    tables["outliers_municipality"] = with_names(outliers, "municipality")
    if study.windows:
        tell("compare", 0, 1)
        tables |= {f"change_{level}": _change(found, level, days) for level in LEVELS}
    tables["left_out"] = found.ledger.left_out()
    tables["pileups"] = pileups(located)
    _warn_of_pileups(tables["pileups"], len(located))
    tables["conflicts"] = conflicts_of(located)
    return tables


def _warn_of_pileups(piles: pd.DataFrame, events: int) -> None:
    if len(piles):
        top = piles.iloc[0]
        warnings.warn(
            f"{len(piles)} coordinates carry {int(piles['events'].sum()):,} of {events:,} events, "
            f"one of them {int(top['events']):,} ({top['latitude']:g}, {top['longitude']:g}): they "
            "stand for a place's name, so read nothing finer than a municipality there",
            DataWarning,
            stacklevel=2,
        )


def _change(found: Located, level: Level, days: dict[str, str]) -> pd.DataFrame:
    study = found.settings
    own = None if study.population is None else load_population(level, study.population)
    change = compare_windows(
        found.located,
        base=study.base or "",
        comparison=study.comparison or "",
        level=level,
        population=own,
        nearest_year=study.nearest_year,
        data_from=days["first"],
        data_through=days["data_through"],
    )
    return with_names(change, level)


def latest_periods(measures: pd.DataFrame, most: int) -> pd.DataFrame:
    """Return the rows of the latest complete periods, at most so many.

    Examples
    --------
    >>> measures = pd.DataFrame(
    ...     {"period": ["2022", "2023", "2024"], "complete": [True, True, False]}
    ... )
    >>> latest_periods(measures, 1)["period"].tolist()
    ['2023']
    """
    complete = measures[measures["complete"].astype(bool)]
    # Labels of one kind of period sort as time does.
    kept = sorted(complete["period"].unique())[-most:]
    return complete[complete["period"].isin(kept)].reset_index(drop=True)


def covered_days(found: Located) -> dict[str, str]:
    """Return the first and the last day of the panel.

    Where nothing happened at the edge of what the data cover, that is a zero, so the days are
    those of the data and not of the events that were kept.
    """
    study, facts = found.settings, found.source.facts
    first, through = facts.first_day, facts.data_through
    start, end = _period_around(first, study)
    since = study.filters.get("since")
    if not starts_late(found.source.events["event_date"], start, end):
        first = str(start.date())
    elif since is None or day(since) < end:
        _warn_of_late_start(first, study)
    if since is not None:
        first = max(first, _first_of_filter(since, study, facts.first_day))
    if until := study.filters.get("until"):
        through = min(through, str(day(until).date()))
    return {"first": first, "last": through, "data_through": through}


def _warn_of_late_start(first: str, study: Study) -> None:
    warnings.warn(
        f"the data seem to begin on {first}, inside the first {study.period}; its rate is too low",
        PeriodWarning,
        stacklevel=2,
    )


def _first_of_filter(since: Day, study: Study, first_day: str) -> str:
    """Return the first day that is kept; refuse one inside a period of which the data know more.

    Where the data begin no earlier than that day, nothing of the period is left out by it.
    """
    begin = day(since)
    start, _ = _period_around(begin, study)
    if begin != start and first_day < str(begin.date()):
        raise SettingsError(
            f"filters.since = {begin.date()}: the {study.period} that it falls in begins on "
            f"{start.date()}, so its rate would be too low; begin there, or count by a shorter "
            "period"
        )
    return str(begin.date())


def _period_around(first: Day, study: Study) -> tuple[pd.Timestamp, pd.Timestamp]:
    frame = periods.calendar(study.period, first, first)
    return frame["start"].iloc[0], frame["end"].iloc[0]


def with_names(table: pd.DataFrame, level: Level) -> pd.DataFrame:
    """Return the table with the names of its areas behind their codes."""
    names = boundaries.area_codes(level).set_index("cvegeo")
    named = table.drop(columns=["name", "state_name"], errors="ignore").copy()
    named.insert(1, "name", named["cvegeo"].map(names["name"]).astype("str"))
    named.insert(2, "state_name", named["cvegeo"].map(names["state_name"]).astype("str"))
    return named


def _manifest(found: Located, account: pd.DataFrame) -> dict[str, Any]:
    study = found.settings
    return {
        "made_up": found.made_up,
        "inputs": list(found.source.inputs),
        "reading": dataclasses.asdict(found.source.facts),
        "settings": study.public(),
        "seed": study.seed,
        "boundaries": {
            "edition": boundaries.EDITION,
            "sha256": file_entry(shipped.path("arcs-full.parquet"))["sha256"],
        },
        "population": (
            "shipped" if study.population is None else file_entry(Path(study.population))
        ),
        "account": account.to_dict("records"),
        "warnings": list(found.warnings),
        "credits": [credit.line("en", accessed=study.accessed) for credit in found.credits],
        "versions": versions(),
    }
