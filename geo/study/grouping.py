"""The part of a study that says over how many groups events are spread, and who fights whom."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from geo.sources.actor_names import read_actor_names
from geo.steps.actors import find_dyads, measure_fragmentation
from geo.study.locating import Located
from geo.study.naming import with_names
from geo.study.part import level_of


def grouping(found: Located, days: Mapping[str, str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the ``FRAGMENTATION`` and the ``DYADS`` table of a study.

    Of states all are there; of municipalities the one in focus alone.

    Parameters
    ----------
    found
        The events with their areas.
    days
        As :func:`geo.study.days.covered_days` returns them.
    """
    study, level = found.settings, level_of(found, None)
    names = None if study.actor_names is None else read_actor_names(study.actor_names)
    groups = measure_fragmentation(
        found.located, level=level, period=study.period, names=names, **days
    )
    pairs = find_dyads(found.located, level=level, period=study.period, names=names, **days)
    if level == "municipality":
        groups, pairs = (
            table[table["cvegeo"] == found.focus].reset_index(drop=True)
            for table in (groups, pairs)
        )
    return with_names(groups, level), with_names(pairs, level)
