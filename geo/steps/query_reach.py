"""Where anything is asked for: areas outside a query have no number of events, not even zero.

An area is left out only where no event of it can be meant; one that a query merely touches is
asked for in part.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence

from geo.sources import boundaries
from geo.steps.query_index import EventIndex
from geo.steps.query_logic import Codes, Condition, common, common_areas


def reach_of(conditions: Sequence[Condition], index: EventIndex) -> Codes:
    """Return the areas that conditions ask for, wholly or in part; None: all.

    Codes are of either level: a state stands for its municipalities.
    """
    told = [one.reach(index) for one in conditions if one.reach is not None]
    return common((common_areas(conditions), *told))


def reached_by_either(one: Codes, other: Codes) -> Codes:
    """Return the areas that one or the other reaches; None: all."""
    return None if one is None or other is None else one | other


def of_both_levels(codes: Iterable[str]) -> frozenset[str]:
    """Return areas with the municipalities of the states among them.

    Examples
    --------
    >>> found = of_both_levels({"06", "25006"})
    >>> "06010" in found, "25006" in found, "25" in found, "25001" in found
    (True, True, False, False)
    """
    given = frozenset(codes)
    parts = boundaries.area_codes("municipality")["cvegeo"]
    return given | frozenset(parts[parts.str[:2].isin(given)])


def cut_areas(conditions: Sequence[Condition], reach: Codes) -> frozenset[str]:
    """Return the areas of both levels of which only a part is asked for, or only some days.

    Parameters
    ----------
    conditions
        What is asked.
    reach
        Where, as :func:`reach_of` tells.
    """
    whole = every_area() if reach is None else of_both_levels(reach)
    held = frozenset(code[:2] for code in whole)
    if any(one.cuts_areas or one.uneven for one in conditions):
        return whole | held
    return held - whole


@functools.cache
def every_area() -> frozenset[str]:
    """Return the codes of all areas of both levels."""
    return of_both_levels(boundaries.area_codes("state")["cvegeo"])
