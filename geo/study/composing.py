"""The part of a study that splits a change into what rates did and where people live."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.cvegeo import Level
from geo.errors import SettingsError
from geo.steps.composition import Whole, split_composition
from geo.study.changing import compared
from geo.study.locating import Located
from geo.study.naming import with_names
from geo.study.spoken_season import composition_sentence


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Composing:
    """A change as rates and people: a ``COMPOSITION`` table, its sums and what they say."""

    table: pd.DataFrame
    whole: Whole
    sentence: str


def composing(found: Located, days: Mapping[str, str], *, draws: int) -> Composing:
    """Split the change of the state in focus by municipality, of the country by state.

    Parameters
    ----------
    found, days
        As in :func:`geo.study.changing.change_of`.
    draws
        As in :func:`geo.steps.composition.split_composition`, from the seed of the study.

    Raises
    ------
    GeoError
        The focus is a municipality, the study has no windows, or the step refuses its input.
    """
    study, focus = found.settings, found.focus
    if focus is not None and len(focus) != 2:
        raise SettingsError(
            f"focus = {study.focus!r} is a municipality, which has no parts; name a state, or none "
            "for the country by state"
        )
    level: Level = "state" if focus is None else "municipality"
    given, windows = compared(found, days, level), study.windows
    if windows is None:
        raise SettingsError("nothing is compared: give base and comparison")
    table, whole = split_composition(
        found.located,
        **given,
        level=level,
        focus=focus,
        draws=draws,
        rng=np.random.default_rng(study.seed),
    )
    sentence = composition_sentence(
        whole,
        focus,
        level=level,
        base=windows[0].label,
        comparison=windows[1].label,
        draws=draws,
        seed=study.seed,
        language=study.lang,
    )
    return Composing(table=with_names(table, level), whole=whole, sentence=sentence)
