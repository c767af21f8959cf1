"""Whether the verdicts of a study hold when the question is asked otherwise.

Five variants, always the same ones: events whose place is known exactly; the area in focus
without its largest municipality; deaths in place of events; another base; and, for hotspots,
the nearest areas as neighbors. Every verdict that flips is told first.
"""

from __future__ import annotations

import dataclasses
import math
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from geo import schema
from geo.errors import GeoError, GeoWarning
from geo.periods import Window, day
from geo.sources.population import load_population
from geo.study.findings.finding import both
from geo.study.gathering import Parts, gather
from geo.study.locating import Located
from geo.study.phrases import findings as phrases
from geo.study.phrases.phrase import Phrase
from geo.study.placing import Placing, window_hotspots
from geo.study.reasons import reason_in
from geo.study.settings import Language
from geo.study.titles import area_name
from geo.study.verdicts import LARGEST, NOT_DEFINED, Verdict, differs, verdicts_of

PRECISE = "exact places only"
WITHOUT_LARGEST = "without the largest municipality"
DEATHS = "deaths instead of events"
OTHER_BASE = "the window before as base"
NEAREST = "nearest areas as neighbors"
HOTSPOTS = "hotspots"

Note: TypeAlias = Mapping[Language, str]
"""What stands in the way, or what is done otherwise, in each language."""

DRAWS = 499
"""Draws behind the limits of parts; a verdict does not rest on them."""

_SPLITS = ("civilian_targeting", *LARGEST)
_NAMED = 10


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Sensitivity:
    """Whether verdicts hold.

    Attributes
    ----------
    table
        A ``SENSITIVITY`` table; what flips stands first.
    areas
        Areas that are called otherwise in a variant: ``variant``, ``cvegeo``, ``verdict`` and
        ``variant_verdict`` in the comparison window.
    """

    table: pd.DataFrame
    areas: pd.DataFrame


class _NotPossibleError(Exception):
    """A variant that says nothing here."""

    def __init__(self, why: Note) -> None:
        super().__init__(why["en"])
        self.why = why


def _note(phrase: Phrase, **fills: object) -> Note:
    return both(lambda language: phrase.say(language, **fills))


def sensitivity(
    found: Located, days: Mapping[str, str], main: Parts, placed: Placing | None
) -> Sensitivity:
    """Ask every question of a study in each variant, and say which verdicts flip.

    Parameters
    ----------
    found
        The events of the study, with an area in focus and two windows.
    days
        As :func:`geo.study.days.covered_days` returns them.
    main
        What was found of the area in focus.
    placed
        The hotspots of both windows, where they were found.
    """
    windows, focus = found.settings.windows, found.focus
    if windows is None or focus is None:
        nothing = schema.SENSITIVITY.empty()
        return Sensitivity(table=nothing, areas=_areas([]))
    before = {one.question: one for one in verdicts_of(main, focus, windows)}
    rows: list[dict[str, Any]] = []
    moved: list[pd.DataFrame] = []
    for name, vary in _VARIANTS.items():
        with warnings.catch_warnings():
            # What is odd about the events was told once, of all of them.
            warnings.simplefilter("ignore", GeoWarning)
            try:
                other, note = vary(found, days)
                parts = gather(other, days, splits=_SPLITS, draws=DRAWS)
                parts = _without_exact(parts) if name == DEATHS else parts
                rows += _compared(name, before, parts, other, note)
                if name == PRECISE and placed is not None:
                    _, hotspots = window_hotspots(other, days)
                    moved.append(_moved(name, placed, hotspots))
            except (_NotPossibleError, GeoError) as error:
                why = error.why if isinstance(error, _NotPossibleError) else _reason(str(error))
                rows += [_row(question, name, None, one, why) for question, one in before.items()]
    if placed is not None:
        moved.append(_moved_by_nearest(placed))
        rows += [_hotspot_row(placed, one, focus) for one in moved]
    table = pd.DataFrame(rows, columns=list(schema.SENSITIVITY.dtypes))
    table = table.astype(schema.SENSITIVITY.dtypes)
    first = table["flips"].fillna(value=False).astype(bool)
    return Sensitivity(
        table=pd.concat([table[first], table[~first]], ignore_index=True), areas=_areas(moved)
    )


def _precise(found: Located, _: Mapping[str, str]) -> tuple[Located, Note]:
    exact = (found.located["geo_precision"] == "exact").to_numpy(dtype=bool)
    if exact.all():
        raise _NotPossibleError(_note(phrases.NOTE_ALL_EXACT))
    if not exact.any():
        raise _NotPossibleError(_note(phrases.NOTE_NONE_EXACT))
    note = _note(phrases.NOTE_PRECISE, left=int((~exact).sum()), all=len(exact))
    return dataclasses.replace(found, located=found.located[exact]), note


def _without_largest(found: Located, _: Mapping[str, str]) -> tuple[Located, Note]:
    focus, windows, located = found.focus, found.settings.windows, found.located
    if focus is None or len(focus) != 2 or windows is None:
        raise _NotPossibleError(_note(phrases.NOTE_IS_MUNICIPALITY))
    either = windows[0].holds(located["event_date"]) | windows[1].holds(located["event_date"])
    here = located.loc[either & (located["cve_ent"] == focus), "cvegeo"].dropna()
    if here.empty:
        raise _NotPossibleError(_note(phrases.NOTE_NO_MUNICIPALITY))
    sizes = here.value_counts().sort_index()
    largest = str(sizes.idxmax())
    keep = (located["cvegeo"] != largest).fillna(value=True).to_numpy(dtype=bool)
    note = _note(phrases.NOTE_WITHOUT, name=area_name(largest), events=int((~keep).sum()))
    people = _people_without(found, focus, largest)
    return dataclasses.replace(found, located=located[keep], people=people), note


def _people_without(found: Located, focus: str, code: str) -> pd.DataFrame:
    """Return the population of states, that of the focus without one of its municipalities."""
    states = load_population("state", found.settings.population)
    towns = load_population("municipality", found.settings.population)
    gone = towns[towns["cvegeo"] == code].set_index("year")["population"]
    here = states["cvegeo"] == focus
    left = states["population"] - states["year"].map(gone).where(here, 0.0)
    return states.assign(population=left).dropna(subset=["population"])


def _deaths(found: Located, _: Mapping[str, str]) -> tuple[Located, Note]:
    deaths = found.located["fatalities"]
    if not (deaths > 0).any():
        raise _NotPossibleError(_note(phrases.NOTE_NO_DEATHS))
    number = deaths.fillna(0).to_numpy(dtype=np.int64)
    repeated = found.located.loc[found.located.index.repeat(number)].reset_index(drop=True)
    order = repeated.groupby("event_id").cumcount().astype("str")
    # Each death is a row of its own. Deaths of one event are not independent: only what rests
    # on how months or weeks differ may be said of them.
    repeated["event_id"] = repeated["event_id"] + "#" + order
    unknown = int(deaths.isna().sum())
    note = _note(phrases.NOTE_DEATHS)
    if unknown:
        note = _note(phrases.NOTE_DEATHS_UNKNOWN, unknown=unknown)
    return dataclasses.replace(found, located=repeated), note


def _other_base(found: Located, days: Mapping[str, str]) -> tuple[Located, Note]:
    windows = found.settings.windows
    if windows is None:  # sensitivity asks nothing then
        return found, {}
    base, comparison = windows
    years = max(math.ceil(base.years), 1)
    back = pd.DateOffset(years=years)
    earlier = Window((base.start - back).as_unit("us"), (base.end - back).as_unit("us"))
    if comparison.start < base.start:
        raise _NotPossibleError(_note(phrases.NOTE_TURNED))
    if earlier.start < day(days["first"]):
        raise _NotPossibleError(_note(phrases.NOTE_BEGINS, first=days["first"], base=earlier.label))
    study = dataclasses.replace(found.settings, base=earlier.label)
    return dataclasses.replace(found, settings=study), _note(phrases.NOTE_BASE, base=earlier.label)


_VARIANTS: dict[str, Callable[[Located, Mapping[str, str]], tuple[Located, Note]]] = {
    PRECISE: _precise,
    WITHOUT_LARGEST: _without_largest,
    DEATHS: _deaths,
    OTHER_BASE: _other_base,
}
VARIANTS = (*_VARIANTS, NEAREST)
"""The variants, in the order they are made."""


def _without_exact(parts: Parts) -> Parts:
    """Return parts of deaths without what holds for independent events only."""
    change = parts.change
    if change is not None:
        change = change.assign(ratio_low=math.nan, ratio_high=math.nan)
    explained = {
        by: table.assign(ror_low=math.nan, ror_high=math.nan)
        for by, table in parts.explained.items()
    }
    return dataclasses.replace(parts, change=change, explained=explained)


def _compared(
    name: str, before: Mapping[str, Verdict], parts: Parts, other: Located, note: Note
) -> list[dict[str, Any]]:
    windows = other.settings.windows
    if windows is None or other.focus is None:
        return []
    now = {one.question: one for one in verdicts_of(parts, other.focus, windows)}
    why = both(lambda language: "; ".join([note[language], *_reasons(parts, language)]))
    return [
        _row(question, name, now.get(question), main, _noted(note, now.get(question), why))
        for question, main in before.items()
    ]


def _reasons(parts: Parts, language: Language) -> list[str]:
    return [reason_in(language, why) for why in parts.not_done.values()]


def _noted(note: Note, now: Verdict | None, why: Note) -> Note:
    if now is None:
        return why
    if math.isnan(now.placebo_p):
        return note
    placebo = _note(phrases.NOTE_PLACEBO, p=now.placebo_p)
    return both(lambda language: f"{note[language]}; {placebo[language]}")


def _reason(why: str) -> Note:
    return both(lambda language: reason_in(language, why))


def _row(
    question: str, variant: str, now: Verdict | None, main: Verdict, note: Note
) -> dict[str, Any]:
    missing = math.nan
    is_answered = now is not None and now.verdict != NOT_DEFINED
    return {
        "question": question,
        "variant": variant,
        "flips": differs(now, main) if now is not None and is_answered else pd.NA,
        "verdict": "not done" if now is None else now.verdict,
        "main_verdict": main.verdict,
        "value": missing if now is None else now.value,
        "low": missing if now is None else now.low,
        "high": missing if now is None else now.high,
        "main_value": main.value,
        "events": pd.NA if now is None else now.events,
        "note": note["en"],
        "note_es": note["es"],
    }


def _verdict_of_bin(bins: pd.Series) -> pd.Series:
    """Return hotspot, coldspot or neither at 90 %, as :mod:`geo.steps.nearest` calls areas."""
    sign = np.sign(bins.astype("Float64")).fillna(9)
    return sign.map({1: "hotspot", -1: "coldspot", 0: "neither", 9: "not tested"}).astype("str")


def _moved(variant: str, placed: Placing, hotspots: pd.DataFrame) -> pd.DataFrame:
    main, now = (
        _verdict_of_bin(table[table["period"] == placed.comparison].set_index("cvegeo")["gi_bin"])
        for table in (placed.hotspots, hotspots)
    )
    table = pd.DataFrame({"verdict": main, "variant_verdict": now}).rename_axis("cvegeo")
    table = table[table["verdict"] != table["variant_verdict"]].reset_index()
    table.insert(0, "variant", variant)
    table.attrs["variant"] = variant
    return table


def _moved_by_nearest(placed: Placing) -> pd.DataFrame:
    rows = placed.nearest[placed.nearest["period"] == placed.comparison]
    table = rows[["cvegeo", "verdict", "nearest_verdict"]].rename(
        columns={"nearest_verdict": "variant_verdict"}
    )
    table = table.reset_index(drop=True)
    table.insert(0, "variant", NEAREST)
    table.attrs["variant"] = NEAREST
    return table


def _hotspot_row(placed: Placing, moved: pd.DataFrame, focus: str) -> dict[str, Any]:
    here = placed.hotspots[placed.hotspots["period"] == placed.comparison]
    # Those of the state in focus first: they are what a reader looks for.
    codes = sorted(moved["cvegeo"], key=lambda code: (not code.startswith(focus[:2]), code))
    names = [area_name(code) for code in codes[:_NAMED]]
    more = len(codes) - len(names)
    named = "; ".join(names) + (f" (+{more})" if more > 0 else "")
    hot = int((here["gi_bin"] > 0).sum())
    measured = placed.measures[placed.measures["period"] == placed.comparison]
    return {
        "question": HOTSPOTS,
        "variant": moved.attrs["variant"],
        "flips": bool(len(moved)),
        "verdict": f"{len(moved)} areas called otherwise",
        "main_verdict": f"{hot} hotspots at 90 %",
        "value": float(len(moved)),
        "low": math.nan,
        "high": math.nan,
        "main_value": float(hot),
        "events": int(measured["events"].sum()),
        "note": named,
        "note_es": named,
    }


def _areas(moved: list[pd.DataFrame]) -> pd.DataFrame:
    names = ["variant", "cvegeo", "verdict", "variant_verdict"]
    parts = [table for table in moved if len(table)]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=names)
    return table[names].astype("str")
