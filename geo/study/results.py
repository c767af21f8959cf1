"""What a study gives: tables, the account of every record, and what must be said with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd

from geo.attribution import Credit
from geo.ledger import Ledger
from geo.study.settings import Language, Study
from geo.study.titles import MADE_UP, area_name, change_sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What was found out while the events were read.

    Attributes
    ----------
    layout, encoding, delimiter
        As recognized; None where the kind of file has no such thing.
    source
        Whose data these are.
    first_day, data_through
        First and last day that the data cover, as text.
    repairs
        What was read in the one way it can be meant, as sentences.
    """

    layout: str
    source: str
    encoding: str | None
    delimiter: str | None
    first_day: str
    data_through: str
    repairs: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
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
        compared, ``change_state`` and ``change_municipality``.
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
    """

    settings: Study
    title: Mapping[Language, str]
    tables: Mapping[str, pd.DataFrame]
    located: gpd.GeoDataFrame
    ledger: Ledger
    credits: tuple[Credit, ...]
    manifest: Mapping[str, Any]
    facts: Facts
    warnings: tuple[str, ...] = ()
    made_up: bool = False
    focus: str | None = None

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
        return f"{warning}{''.join(parts)}{self.ledger.summary()}"
