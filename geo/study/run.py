"""Run a study: read, filter, assign, count, measure, find hotspots, compare.

No statistic of its own: every number comes from a step. After each step the sums are checked.
"""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geo.cvegeo import Level
from geo.errors import DataWarning, ExposureWarning, SettingsError, counted
from geo.sources import boundaries, shipped
from geo.steps.assign import assignment_account, pileups
from geo.steps.count import count_events
from geo.steps.hotspots import find_hotspots
from geo.steps.levels import check_levels
from geo.steps.moran import find_outliers
from geo.steps.neighborhood import FEW_AREAS
from geo.steps.query import Query
from geo.study.account import account_of, conflicts_of
from geo.study.asked import FEW_WHOLE, NONE_WHOLE
from geo.study.atlas import make_atlas
from geo.study.attempts import Attempts
from geo.study.changing import EXTRA_COLUMNS, change_of
from geo.study.conclude import Conclusion, conclude
from geo.study.days import covered_days, latest_periods
from geo.study.given import Given
from geo.study.layers import make_layers
from geo.study.locating import Located, locate, refuse_nothing
from geo.study.manifest import file_entry, versions
from geo.study.memory import give_back
from geo.study.naming import with_names
from geo.study.part import level_of
from geo.study.peopling import measure
from geo.study.results import Results
from geo.study.telling import Progress, collected, silent, told
from geo.study.titles import title_of

LEVELS: tuple[Level, ...] = ("state", "municipality")


def run_study(
    given: Given,
    *,
    progress: Progress | None = None,
    within: str | Sequence[str] = (),
    work: str | PathLike[str] | None = None,
    resume: bool = False,
    **settings: Any,  # noqa: ANN401
) -> Results:
    """Run a whole study and return its tables.

    Parameters
    ----------
    given
        A study, the path of a TOML file that describes one, one or several files of events,
        ``"sample"`` for the made-up data set, an ``EVENTS`` table, or a DataFrame of your own,
        which is read as a file of it would be.
    progress
        Called with a stage, and how much of it is done, while the study runs.
    within
        Names or codes of the areas that the study keeps to, as ``"Sinaloa"``. All others are shown
        as not asked for, never as zero: so is a source read that covers one state. Files that are
        read in batches cannot be kept so.
    work, resume
        A folder in which what came of each batch of large files is kept, and whether what an
        earlier run with the same files and settings left there is used. Files are read in batches
        where they are large (:func:`geo.study.batched.is_large`) or `work` is given: only the
        events that the study keeps stay in memory then.
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
        found = locate(
            given, settings, tell, keep=EXTRA_COLUMNS, within=within, work=work, resume=resume
        )
        refuse_nothing(found)
        give_back()  # what reading and assigning took
        days = covered_days(found)
        left_out = Attempts()
        tables = _tables(found, days, tell, left_out)
        conclusion = _concluded(found, days, tables, tell)
        give_back()
        tell("map", 0, 1)
        atlas = Attempts()("map", lambda: make_atlas(found))
        attempt = Attempts()
        layers = make_layers(found, tell, attempt)
        give_back()
        found = dataclasses.replace(found, warnings=told(found.warnings, caught))
    return Results(
        settings=found.settings,
        title={
            language: title_of(
                found.settings, found.focus, language=language, made_up=found.made_up
            )
            for language in ("en", "es")
        },
        tables={**tables, **conclusion.tables, **layers.tables()},
        findings=conclusion.findings,
        not_done={**left_out.not_done, **conclusion.not_done, **attempt.not_done},
        atlas=atlas,
        emerging=layers.emerging,
        scan=layers.scan,
        surface=layers.surface,
        located=found.located,
        ledger=found.ledger,
        credits=found.credits,
        manifest=_manifest(found, tables["account"]),
        facts=found.source.facts,
        warnings=found.warnings,
        made_up=found.made_up,
        focus=found.focus,
    )


def results_of(given: Results | Query, **settings: Any) -> Results:  # noqa: ANN401
    """Return results as they are, and those of the study with `settings` that a query becomes.

    Raises
    ------
    SettingsError
        Neither of both; the message says what makes results.
    """
    if isinstance(given, Query):
        return run_study(given, **settings)
    if isinstance(given, Results):
        return given
    raise SettingsError(
        f"the results of a study are needed, not a {type(given).__name__}; geo.run_study makes "
        "them of a file, of a table (columns={'event_date': ..., 'longitude': ..., 'latitude': "
        "...}) or of a query"
    )


def _concluded(
    found: Located, days: dict[str, str], tables: Mapping[str, pd.DataFrame], tell: Progress
) -> Conclusion:
    if not found.settings.windows:
        return Conclusion(tables={}, findings=(), not_done={})
    level = level_of(found, None)
    if found.areas_with_rates(level) == frozenset():
        why = NONE_WHOLE.format(level=level)
        return Conclusion(tables={}, findings=(), not_done={"findings": why})
    with warnings.catch_warnings():
        if found.areas_with_rates(level) is not None:
            # Areas that a query cuts or leaves out have no people on purpose; it is told once.
            warnings.filterwarnings("ignore", category=ExposureWarning)
        return conclude(found, days, tables, tell)


def _tables(
    found: Located, days: dict[str, str], tell: Progress, attempt: Attempts
) -> dict[str, pd.DataFrame]:
    study, located = found.settings, found.located
    panels: dict[str, pd.DataFrame] = {}
    measures: dict[str, pd.DataFrame] = {}
    for step, level in enumerate(LEVELS):
        tell("count", step, len(LEVELS))
        panels[level] = count_events(located, level=level, period=study.period, **days)
        measures[level] = measure(panels[level], study, level, days, interval=study.interval)
    check_levels(located, panels["state"], panels["municipality"], period=study.period)
    account = account_of(found.ledger, located, panels)

    tell("hotspots", 0, 1)
    latest = latest_periods(measures["municipality"], study.hotspot_periods)
    whole = found.areas_with_rates("municipality")
    if whole is not None and len(whole) < FEW_AREAS:
        # The rows stay, untested.
        latest = latest.assign(eb_rate=np.nan)
        attempt.not_done["hotspots"] = FEW_WHOLE.format(number=len(whole))
    hotspots = find_hotspots(latest, permutations=study.permutations, seed=study.seed)
    outliers = find_outliers(latest, permutations=study.permutations, seed=study.seed)
    tables = {"account": account, "assignment": assignment_account(located)}
    tables |= {f"measures_{level}": with_names(measures[level], level) for level in LEVELS}
    tables["hotspots_municipality"] = with_names(hotspots, "municipality")
    tables["outliers_municipality"] = with_names(outliers, "municipality")
    if study.windows:
        tell("compare", 0, 1)
        for level in LEVELS:
            name = f"change_{level}"
            if found.areas_with_rates(level) == frozenset():
                attempt.not_done[name] = NONE_WHOLE.format(level=level)
            else:
                tables[name] = change_of(found, days, level=level)
    tables["left_out"] = found.ledger.left_out()
    tables["pileups"] = pileups(located)
    _warn_of_pileups(tables["pileups"], len(located))
    tables["conflicts"] = conflicts_of(located)
    return tables


def _warn_of_pileups(piles: pd.DataFrame, events: int) -> None:
    if len(piles):
        top = piles.iloc[0]
        warnings.warn(
            f"{counted(len(piles), 'coordinate carries', 'coordinates carry')} "
            f"{int(piles['events'].sum()):,} of {counted(events, 'event')}, one of them "
            f"{int(top['events']):,} (table pileups): "
            f"{'it stands' if len(piles) == 1 else 'they stand'} for a place's name, "
            "so read nothing finer than a municipality there",
            DataWarning,
            stacklevel=2,
        )


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
        "actor_names": (None if study.actor_names is None else file_entry(Path(study.actor_names))),
        "account": account.to_dict("records"),
        "warnings": list(found.warnings),
        "credits": [credit.line("en", accessed=study.accessed) for credit in found.credits],
        "versions": versions(),
    }
