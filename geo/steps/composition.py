"""Say how much of a change of a rate is what rates did, and how much is where people live.

A country's rate may rise although no area's does: people move to where it is high. This is
arithmetic; it says nothing of why either changed.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from geo import schema
from geo.cvegeo import Level
from geo.errors import (
    AreaError,
    BalanceError,
    ExposureError,
    ExposureWarning,
    PrecisionWarning,
)
from geo.periods import Day, Window
from geo.sources import boundaries
from geo.sources import population as populations
from geo.stats import bootstrap, composition, decomposition, rates
from geo.steps import windows
from geo.steps.count import code_column, sorted_codes
from geo.steps.explain import SEED
from geo.steps.series import PER
from geo.steps.window_counts import IntArray, WindowCounts
from geo.steps.windows import BoolArray, FloatArray

_EXACT = 1e-9
_ALIKE = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """The change that is split, per 100,000 person-years, and the sums of both of its parts.

    Limits are missing where a window is too short to draw weeks from. ``shows_moves`` is false
    where the people of all parts of a state (or of all states) grow alike in the table.
    """

    areas: int
    base_events: int
    comparison_events: int
    base_rate: float
    comparison_rate: float
    rate_effect: float
    rate_effect_low: float
    rate_effect_high: float
    composition_effect: float
    composition_effect_low: float
    composition_effect_high: float
    shows_moves: bool


class Composition(NamedTuple):
    """What :func:`split_composition` finds: a ``COMPOSITION`` table and its sums."""

    table: pd.DataFrame
    whole: Whole


def split_composition(  # noqa: PLR0913
    located: pd.DataFrame,
    *,
    base: str | int | Window,
    comparison: str | int | Window,
    level: Level = "municipality",
    focus: str | None = None,
    population: pd.DataFrame | None = None,
    nearest_year: bool = False,
    areas: pd.DataFrame | None = None,
    data_from: Day | None = None,
    data_through: Day | None = None,
    confidence: float = 0.95,
    draws: int = bootstrap.REPLICATES,
    rng: np.random.Generator | None = None,
) -> Composition:
    """Split the change of a rate into what its areas' rates did and what their people did.

    Of each area: the mean of its shares of the people times the change of its rate, and the mean
    of its rates times the change of its share (Kitagawa). All of them add up to the change of the
    whole, in events per 100,000 person-years.

    Parameters
    ----------
    located
        An ``ASSIGNED`` table.
    base, comparison, nearest_year, data_from, data_through, confidence
        As in :func:`geo.steps.compare.compare_windows`.
    level
        The parts: states, or municipalities.
    focus
        Code of a state, whose municipalities are the parts; the whole country without one.
    population
        A ``POPULATION`` table of the level; the shipped one unless given.
    areas
        A table with a column ``cvegeo`` of all areas; the shipped ones unless given.
    draws, rng
        As in :func:`geo.steps.explain.explain_change`.

    Returns
    -------
    Composition
        The table is in order of code and has every area of the whole. Limits come from drawing
        4-week blocks of each window anew, missing where a window is shorter than 8 weeks; the
        people are taken as known. Areas without a population and without an event are left out.

    Raises
    ------
    ExposureError
        If the population of an area is known in one window alone, or in none and it has events.
    AreaError
        If `focus` is no state, or no area is left.
    BalanceError
        If the parts do not add up to the change.
    GeoError
        As :func:`geo.steps.compare.compare_windows` does.

    Warns
    -----
    PrecisionWarning
        If events are known to the state only, and so are in no municipality.
    ExposureWarning
        If areas without population and events are left out, or the table lets all parts grow alike
        (the shipped one of municipalities does so within a state), so that no move shows.

    References
    ----------
    Kitagawa, E. M. (1955). Components of a difference between two rates. *Journal of the American
    Statistical Association* 50, 1168-1194.

    Examples
    --------
    >>> table, whole = split_composition(
    ...     schema.ASSIGNED.empty(), base="2023", comparison="2024", level="state"
    ... )
    >>> len(table), whole.rate_effect
    (32, 0.0)
    """
    schema.ASSIGNED.check(located)
    codes = _parts(level, focus, areas)
    table = populations.load_population(level) if population is None else population
    schema.POPULATION.check(table)
    days = windows.settle_windows(
        located["event_date"], base, comparison, data_from=data_from, data_through=data_through
    )
    by_year = windows.population_by_year(table, codes)
    for window in days:
        windows.check_years(by_year, window, nearest_year=nearest_year)
    here = located if focus is None else located[(located["cve_ent"] == focus).fillna(value=False)]
    places = here[code_column(level)]
    names = pd.Series("", index=here.index, dtype="str")
    counts = WindowCounts.of(here, places, codes, names, days)
    _tell_loose(here, level, days)
    lived = [windows.person_years(by_year, window) for window in days]
    events = [counts.count(inside) for inside in (counts.in_base, counts.in_comparison)]
    known = _known(codes, lived, events[0] + events[1], days)
    sides = {
        "base_events": events[0][known].astype(np.float64),
        "base_exposure": lived[0][known],
        "comparison_events": events[1][known].astype(np.float64),
        "comparison_exposure": lived[1][known],
    }
    by_rate, by_people = decomposition.kitagawa(**sides, per=PER)
    found = pd.DataFrame({"cvegeo": pd.Series(codes[known], dtype="str"), **sides})
    for side in ("base", "comparison"):
        n, t = sides[f"{side}_events"], sides[f"{side}_exposure"]
        found[f"{side}_rate"] = rates.crude_rate(n, t)
        found[f"{side}_share"] = rates.divide(t, t.sum())
    found["rate_effect"], found["composition_effect"] = by_rate, by_people
    found["effect"] = by_rate + by_people
    whole = [
        float(rates.crude_rate(sides[f"{side}_events"].sum(), sides[f"{side}_exposure"].sum()))
        for side in ("base", "comparison")
    ]
    _check_balance(found, whole)
    shows_moves = _shows_moves(found, level, focus)
    weekly = (
        counts.by_week(counts.in_base, days[0])[:, known],
        counts.by_week(counts.in_comparison, days[1])[:, known],
    )
    limits, of_whole = _drawn(weekly, sides, confidence, draws, rng)
    found = found.assign(**limits)[list(schema.COMPOSITION.dtypes)]
    return Composition(
        found.astype(schema.COMPOSITION.dtypes),
        Whole(
            areas=len(found),
            base_events=int(found["base_events"].sum()),
            comparison_events=int(found["comparison_events"].sum()),
            base_rate=whole[0],
            comparison_rate=whole[1],
            rate_effect=float(by_rate.sum()),
            composition_effect=float(by_people.sum()),
            shows_moves=shows_moves,
            **of_whole,
        ),
    )


def _parts(level: Level, focus: str | None, areas: pd.DataFrame | None) -> pd.Index:
    codes = sorted_codes(boundaries.area_codes(level) if areas is None else areas)
    if focus is None:
        return codes
    if len(focus) != 2 or level != "municipality":
        raise AreaError(
            f"focus = {focus!r} with level = {level!r}: what is split is the country, or a state "
            "into its municipalities"
        )
    codes = codes[codes.str[:2] == focus]
    if codes.empty:
        raise AreaError(f"there is no area in {focus!r}; give the two digits of a state")
    return codes


def _tell_loose(here: pd.DataFrame, level: Level, days: tuple[Window, Window]) -> None:
    """Warn of events that lie in a state and in no municipality."""
    if level != "municipality":
        return
    dates = here["event_date"]
    within = days[0].holds(dates) | days[1].holds(dates)
    if loose := int((within & here["cvegeo"].isna() & here["cve_ent"].notna()).sum()):
        warnings.warn(
            f"{loose} events are known to the state only; they are in no municipality, and so not "
            "in the rates that are split",
            PrecisionWarning,
            stacklevel=3,
        )


def _known(
    codes: pd.Index, lived: list[FloatArray], events: IntArray, days: tuple[Window, Window]
) -> BoolArray:
    """Return the areas whose people are known in both windows, and refuse what cannot be split."""
    there = [people > 0 for people in lived]
    known: BoolArray = there[0] & there[1]
    broken = ~known & (there[0] | there[1] | (events > 0))
    if broken.any() or not known.any():
        lost = codes[broken] if broken.any() else codes
        more = f" and {len(lost) - 10} more" if len(lost) > 10 else ""
        raise ExposureError(
            f"the population of {len(lost)} of {len(codes)} areas is not known in both "
            f"{days[0].label} and {days[1].label}: {', '.join(lost[:10])}{more}. Where people live "
            "is half of what is split; give a table that has both, or allow the nearest year "
            "(nearest_year=True)"
        )
    if not known.all():
        lost = codes[~known]
        warnings.warn(
            f"no population is known for {len(lost)} of {len(codes)} areas, and nothing happened "
            f"there; they are left out: {', '.join(lost[:10])}{' ...' if len(lost) > 10 else ''}",
            ExposureWarning,
            stacklevel=3,
        )
    return known


def _shows_moves(found: pd.DataFrame, level: Level, focus: str | None) -> bool:
    """Return whether people can be seen to move; warn where those of all parts grow alike.

    Tables that hand the people of a state down to its municipalities do so.
    """
    growth = found["comparison_exposure"] / found["base_exposure"]
    group = found["cvegeo"].str[:2] if level == "municipality" else pd.Series("", found.index)
    spread = growth.groupby(group).max() - growth.groupby(group).min()
    alike = len(found) > 1 and bool((spread <= _ALIKE).all())
    if alike:
        what = (
            "the municipalities of each state, so only moves from state to state show"
            if level == "municipality" and focus is None
            else "all of these areas, so no move from one to another shows"
        )
        warnings.warn(
            f"the population table lets the people grow by the same share in {what}",
            ExposureWarning,
            stacklevel=3,
        )
    return not alike


def _check_balance(found: pd.DataFrame, whole: list[float]) -> None:
    change = whole[1] - whole[0]
    added = float(found["effect"].sum())
    scale = max(1.0, *whole)
    if not abs(added - change) <= _EXACT * scale:
        raise BalanceError(
            f"the parts add up to {added:g} per 100,000 person-years, and the whole changed by "
            f"{change:g}"
        )


def _drawn(
    weekly: tuple[FloatArray, FloatArray],
    sides: dict[str, FloatArray],
    confidence: float,
    draws: int,
    rng: np.random.Generator | None,
) -> tuple[dict[str, FloatArray], dict[str, float]]:
    """Return limits of each area and of the whole; missing where a window is too short."""
    names = ("rate_effect", "composition_effect")
    nothing = np.full(weekly[0].shape[1], np.nan)
    areas = dict.fromkeys(names, (nothing, nothing))
    whole = dict.fromkeys(names, (np.nan, np.nan))
    if min(map(len, weekly)) >= 2 * bootstrap.BLOCK_WEEKS:
        found = composition.composition_intervals(
            *weekly,
            base_exposure=sides["base_exposure"],
            comparison_exposure=sides["comparison_exposure"],
            rng=np.random.default_rng(SEED) if rng is None else rng,
            replicates=draws,
            confidence=confidence,
        )
        areas = {name: getattr(found, name) for name in names}
        whole = {names[0]: found.rate_total, names[1]: found.composition_total}
    ends = ("low", "high")
    return (
        {f"{n}_{end}": v for n in names for end, v in zip(ends, areas[n], strict=True)},
        {f"{n}_{end}": v for n in names for end, v in zip(ends, whole[n], strict=True)},
    )
