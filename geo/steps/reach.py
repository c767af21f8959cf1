"""Which areas are asked for as a whole, in part, or not at all."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reach:
    """Which areas a query asks for in part, and which not at all.

    Attributes
    ----------
    part
        Codes of areas, of both levels, of which only a part is asked for, or only some days.
    outside
        Codes of areas of which nothing is asked for: that they have no event is no finding.
    """

    part: frozenset[str] = frozenset()
    outside: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """Whether any area is not asked for as a whole."""
        return bool(self.part or self.outside)

    def with_events_of(self, counted: Collection[str]) -> Reach:
        """Return the same, but for areas that have events: of these something was asked.

        Examples
        --------
        >>> Reach(outside=frozenset({"25", "26"})).with_events_of({"26"})
        Reach(part=frozenset({'26'}), outside=frozenset({'25'}))
        """
        beyond = self.outside & frozenset(counted)
        return Reach(self.part | beyond, self.outside - beyond) if beyond else self


EVERYWHERE = Reach()
"""Of events of the whole country."""
