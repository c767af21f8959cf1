"""What a study can be made of, and the study that is meant."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pandas as pd

from geo.errors import SettingsError
from geo.study.settings import Study

if TYPE_CHECKING:
    from geo.steps.query import Query

Given: TypeAlias = (
    "Study | str | os.PathLike[str] | Sequence[str | os.PathLike[str]] | pd.DataFrame | Query"
)
"""What a study can be made of."""


def study_of(
    given: Study | str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    settings: Mapping[str, Any],
) -> Study:
    """Return the study that is meant: described, in a TOML file, or files of events.

    Settings given here go before those of the description; filters are added to its filters.
    """
    if isinstance(given, Study):
        base = given
    elif isinstance(given, str | os.PathLike) and Path(given).suffix.lower() == ".toml":
        base = Study.from_toml(given)
    else:
        study = Study.of({"events": given, **settings})
        if described := [e for e in study.events if Path(e).suffix.lower() == ".toml"]:
            raise SettingsError(
                f"{described[0]} describes a study and is given alone; name the files of events "
                'in it, as events = ["a.csv", "b.csv"]'
            )
        return study
    # What is only right together with them is checked anew.
    named = ("base", "comparison", "event_date", "transition_from", "claim")
    together = {name: getattr(base, name) for name in named}
    changed = Study.of({"events": base.events, **together, **settings})
    new = {name: getattr(changed, name) for name in settings}
    if "filters" in new:
        new["filters"] = {**base.filters, **new["filters"]}
    return dataclasses.replace(base, **new)
