"""All that a study says in the end: the tables behind its findings, and the findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from geo.study.attempts import Attempts
from geo.study.beside import look_beside
from geo.study.comparing_others import Mixing, Ringing, mixing, ringing
from geo.study.days import covered_days, whole_periods
from geo.study.findings.beside import (
    emerging_findings,
    spread_findings,
    targeting_findings,
)
from geo.study.findings.change import change_findings
from geo.study.findings.context import Context
from geo.study.findings.finding import Finding, findings_table
from geo.study.findings.others import (
    account_finding,
    elsewhere_findings,
    group_findings,
    ring_findings,
    synthetic_findings,
    week_findings,
)
from geo.study.findings.parts import part_findings
from geo.study.findings.place import place_findings
from geo.study.findings.steadiness import flips
from geo.study.findings.time import time_findings
from geo.study.gathering import Parts, gather
from geo.study.grouping import grouping
from geo.study.locating import Located
from geo.study.naming import with_names
from geo.study.part import level_of
from geo.study.placing import Placing, placing
from geo.study.sensitivity import Sensitivity, sensitivity
from geo.study.surging import surging
from geo.study.telling import Progress


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Conclusion:
    """What a study finds.

    Attributes
    ----------
    tables
        The tables that the findings come from, and ``findings`` itself.
    findings
        In the order they are told: what flips first.
    not_done
        Why a part could not be done, by its name.
    """

    tables: Mapping[str, pd.DataFrame]
    findings: tuple[Finding, ...]
    not_done: Mapping[str, str]


def conclude(
    found: Located,
    days: Mapping[str, str],
    made: Mapping[str, pd.DataFrame],
    tell: Progress,
) -> Conclusion:
    """Ask everything of a study that compares two windows, and word what was found.

    A part that refuses its input is left out with the reason; the others stand.

    Parameters
    ----------
    found
        The events with their areas, and a study with two windows.
    days
        As :func:`geo.study.days.covered_days` returns them.
    made
        The tables that the study has made already, by name.
    tell
        Told how far it is.
    """
    windows = found.settings.windows
    if windows is None:
        raise ValueError("a study without windows has nothing to conclude")
    attempt = Attempts()
    tell("parts", 0, 1)
    level = level_of(found, None)
    parts = gather(found, days, change=made[f"change_{level}"])
    attempt.not_done.update(parts.not_done)
    tell("place", 0, 1)
    placed = attempt("place", lambda: placing(found, days))
    grouped = attempt("actors", lambda: grouping(found, days))
    weekly = attempt("weeks", lambda: _weekly(found))
    by_period = tuple(
        _asked_of(found, made[name]) for name in ("hotspots_municipality", "measures_municipality")
    )
    around = attempt("ring", lambda: _ringed(found)) if found.focus is not None else None
    mixed = attempt("synthetic", lambda: _mixed(found)) if found.focus is not None else None
    beside = look_beside(found, days, placed, by_period, attempt)
    tell("sensitivity", 0, 1)
    steady = sensitivity(found, days, parts, placed)
    context = Context(found=found, days=days, base=windows[0], comparison=windows[1])
    groups = None if grouped is None else grouped[0]
    surges, counted = (None, 0) if weekly is None else weekly
    findings = (
        *flips(context, steady),
        account_finding(context),
        *change_findings(context, parts),
        *part_findings(context, parts),
        *targeting_findings(context, beside),
        *time_findings(context, parts),
        *elsewhere_findings(context, parts),
        *ring_findings(context, around),
        *synthetic_findings(context, mixed),
        *place_findings(context, placed),
        *spread_findings(context, beside),
        *group_findings(context, groups),
        *emerging_findings(context, beside),
        *week_findings(context, surges, counted),
    )
    tables = {
        **{f"explained_{by.replace(',', '_')}": table for by, table in parts.explained.items()},
        **_timed(parts),
        **_placed(placed),
        **_steady(steady),
    }
    if grouped is not None:
        tables |= {"fragmentation": grouped[0], "dyads": grouped[1]}
    if surges is not None:
        tables["surges"] = surges
    if around is not None:
        tables["ring"] = around.table
    if mixed is not None:
        tables |= {
            "synthetic": mixed.table,
            "synthetic_weights": mixed.weights,
            "synthetic_series": mixed.series,
        }
    tables |= beside.tables(level)
    tables["findings"] = findings_table(findings)
    return Conclusion(tables=tables, findings=findings, not_done=attempt.not_done)


def _asked_of(found: Located, table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of municipalities that a query asks for as a whole; all without one."""
    whole = found.areas_with_rates("municipality")
    return table if whole is None else table[table["cvegeo"].isin(whole)]


def _weekly(found: Located) -> tuple[pd.DataFrame, int]:
    weekly = whole_periods(found, "acled-week")
    return surging(weekly, covered_days(weekly))


def _ringed(found: Located) -> Ringing:
    monthly = whole_periods(found, "month")
    return ringing(monthly, covered_days(monthly))


def _mixed(found: Located) -> Mixing:
    monthly = whole_periods(found, "month")
    return mixing(monthly, covered_days(monthly))


def _timed(parts: Parts) -> dict[str, pd.DataFrame]:
    tables = {}
    if (timed := parts.timing) is not None:
        tables = {"series": timed.series, "breaks": timed.breaks, "trends": timed.trends}
        if timed.terms is not None:
            tables["interrupted"] = timed.terms
    if (elsewhere := parts.elsewhere) is not None:
        tables |= {"elsewhere": elsewhere.table, "placebos": elsewhere.placebos}
    return tables


def _placed(placed: Placing | None) -> dict[str, pd.DataFrame]:
    if placed is None:
        return {}
    tables = {
        "measures_windows": placed.measures,
        "hotspots_windows": placed.hotspots,
        "outliers_windows": placed.outliers,
        "hotspots_nearest": placed.nearest,
        "hotspot_change": placed.difference,
    }
    named = {name: with_names(table, "municipality") for name, table in tables.items()}
    return {**named, "clustering": placed.clustering}


def _steady(steady: Sensitivity) -> dict[str, pd.DataFrame]:
    if steady.table.empty:
        return {}
    return {
        "sensitivity": steady.table,
        "sensitivity_areas": with_names(steady.areas[["cvegeo", "variant", "verdict",
                                                      "variant_verdict"]], "municipality"),
    }  # fmt: skip
