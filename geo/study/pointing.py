"""The events of the area in focus, where a part of a study looks at events and not at areas."""

from __future__ import annotations

import geopandas as gpd

from geo.errors import SettingsError
from geo.steps.count import code_column
from geo.study.locating import Located
from geo.study.part import level_of
from geo.study.settings import Language
from geo.study.titles import area_name

COUNTRY: dict[Language, str] = {"en": "Mexico", "es": "México"}


def place_of(found: Located, language: Language) -> str:
    """Return what the area in focus is called; the country without one."""
    return COUNTRY[language] if found.focus is None else area_name(found.focus)


def events_in_focus(found: Located) -> gpd.GeoDataFrame:
    """Return the events of the area in focus, all events without one.

    Raises
    ------
    SettingsError
        If the area has no event.
    """
    if found.focus is None:
        return found.located
    codes = found.located[code_column(level_of(found, None))]
    here = found.located[(codes == found.focus).fillna(value=False).to_numpy(dtype=bool)]
    if here.empty:
        raise SettingsError(
            f"no event lies in {area_name(found.focus)}; choose another focus or loosen the filters"
        )
    return here
