"""What a study gives: tables, the account of every record, and what must be said with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import pandas as pd

from geo.attribution import Credit
from geo.errors import counted
from geo.steps.scan import ScanResults
from geo.steps.surface import Surface
from geo.study.atlas import Atlas
from geo.study.facts import Facts
from geo.study.findings.finding import Finding
from geo.study.layers import Emerging
from geo.study.phrases.written import RECORDS
from geo.study.settings import Language, Study
from geo.study.streamed_ledger import AnyLedger
from geo.study.titles import MADE_UP, area_name, change_sentence


@dataclass(frozen=True, slots=True, eq=False, kw_only=True, repr=False)
class Results:
    """The results of a study. They neither draw nor write themselves.

    Attributes
    ----------
    settings
        The study, as it was run.
    title
        Title in each language, ``en`` and ``es``.
    tables
        Finished tables by name, none with an event's row: ``account``, ``assignment``,
        ``measures_state``, ``measures_municipality``, ``hotspots_municipality``,
        ``outliers_municipality``, ``left_out``, ``pileups``, ``conflicts`` and, where windows are
        compared, ``change_state``, ``change_municipality`` and the tables behind the findings
        (:mod:`geo.study.conclude`), ``findings`` among them.
    located
        The events with their areas (an ``ASSIGNED`` table). Sources may forbid passing them on.
    ledger
        Where every input record went.
    credits
        Who must be credited.
    manifest
        What the results rest on: inputs, versions, settings, account. Plain values, without a
        clock, a user or a path.
    facts
        What was found out while reading.
    warnings
        What makes the results weaker than they look, as sentences.
    made_up
        The events are invented; every output must say so.
    focus
        Code of the area in focus, if any.
    findings
        What was found, each with its number, interval, method and sentences: what flips first.
        None where no windows are compared.
    not_done
        Why a part of the study could not be done, by its name.
    atlas
        Counts by month, for the map; None where no event's month is known.
    emerging, scan, surface
        Labels of emerging hotspots, clusters of a scan, and the density of events; None unless the
        setting ``layers`` asks for them.
    """

    settings: Study
    title: Mapping[Language, str]
    tables: Mapping[str, pd.DataFrame]
    located: gpd.GeoDataFrame
    ledger: AnyLedger
    credits: tuple[Credit, ...]
    manifest: Mapping[str, Any]
    facts: Facts
    warnings: tuple[str, ...] = ()
    made_up: bool = False
    focus: str | None = None
    findings: tuple[Finding, ...] = ()
    not_done: Mapping[str, str] = field(default_factory=dict)
    atlas: Atlas | None = None
    emerging: Emerging | None = None
    scan: ScanResults | None = None
    surface: Surface | None = None

    def __repr__(self) -> str:
        """Return what a reader wants to see first: title, account, and what there is to ask for."""
        parts = [
            f"Results of “{self.title['en']}”",
            self.summary(),
            f"{counted(len(self.tables), 'table', 'tables')} (.tables), "
            f"{counted(len(self.findings), 'finding', 'findings')} (.findings), "
            f"{counted(len(self.warnings), 'warning', 'warnings')} (.warnings)",
        ]
        return "\n".join(parts)

    def credit_lines(self, language: Language = "en") -> list[str]:
        """Return the credits as lines of text, the data first."""
        return [c.line(language, accessed=self.settings.accessed) for c in self.credits]

    def focus_change(self) -> pd.Series | None:
        """Return the row of the ``CHANGE`` table of the area in focus.

        None where no windows are compared or no area is in focus.
        """
        level = "state" if self.focus and len(self.focus) == 2 else "municipality"
        change = self.tables.get(f"change_{level}")
        if change is None or self.focus is None:
            return None
        return change.set_index("cvegeo").loc[self.focus]

    def summary(self, language: Language = "en") -> str:
        """Return the results in one line: the focus, if there is one, and the account."""
        parts = []
        windows, change = self.settings.windows, self.focus_change()
        if change is not None and windows is not None and self.focus is not None:
            base, comparison = (window.label for window in windows)
            sentence = change_sentence(
                change,
                area_name(self.focus),
                base=base,
                comparison=comparison,
                language=language,
            )
            parts.append(f"{sentence}. ")
        warning = f"{MADE_UP[language]}. " if self.made_up else ""
        records = RECORDS.say(language, physical=self.ledger.physical, **self.ledger.counts())
        return f"{warning}{''.join(parts)}{records}"
