"""What weakens the events that are used, counted so that batches of a file can be added."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from geo.errors import counted
from geo.sources.cells import mask_of
from geo.sources.coordinates import near_mexico, rounded
from geo.sources.findings import Findings

_ROUNDED = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Weakness:
    """How many of the used events are weak, and in which way.

    Examples
    --------
    >>> one = Weakness(events=2, away=1)
    >>> one.sentences(), (one + one).sentences()
    (('1 event far from Mexico; it will have no area',),
    ('2 events far from Mexico; they will have no area',))
    """

    events: int = 0
    geo_unknown: int = 0
    time_unknown: int = 0
    deaths_unreadable: int = 0
    example: str = ""
    away: int = 0
    rounded: int = 0

    @classmethod
    def of(cls, findings: Findings, table: pd.DataFrame) -> Weakness:
        """Return the weakness of records that were judged."""
        used = findings.used
        noted = used & (findings.reason == "fatalities_unreadable")
        lon, lat = (table[name].to_numpy()[used] for name in ("longitude", "latitude"))
        return cls(
            events=int(used.sum()),
            geo_unknown=int((used & mask_of(table["geo_precision"].eq("unknown"))).sum()),
            time_unknown=int((used & mask_of(table["time_precision"].eq("unknown"))).sum()),
            deaths_unreadable=int(noted.sum()),
            example=str(findings.value[np.flatnonzero(noted)[0]]) if noted.any() else "",
            away=int((~near_mexico(lon, lat)).sum()),
            rounded=int(rounded(lon, lat).sum()),
        )

    def __add__(self, other: Weakness) -> Weakness:
        summed = {f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)}
        return Weakness(**{**summed, "example": self.example or other.example})

    def sentences(self) -> tuple[str, ...]:
        """Return what the user must know of it."""
        said = [
            f"{name}: not stated or not known in {unknown:,} of {counted(self.events, 'event')}"
            f"{cure}"
            for name, unknown, cure in (
                ("geo_precision", self.geo_unknown, self._of_places()),
                ("time_precision", self.time_unknown, ""),
            )
            if unknown
        ]
        if self.deaths_unreadable:
            said.append(
                f"fatalities: {counted(self.deaths_unreadable, 'event')} with a number of deaths "
                f"that cannot be read, such as {self.example!r}; taken as not stated"
            )
        if self.away:
            they = "it" if self.away == 1 else "they"
            said.append(f"{counted(self.away, 'event')} far from Mexico; {they} will have no area")
        if self.rounded > _ROUNDED * self.events:
            said.append(
                f"coordinates: {self.rounded / self.events:.0%} of "
                f"{counted(self.events, 'event')} given to two decimals or fewer, about a "
                "kilometer: near a border the municipality may be wrong"
            )
        return tuple(said)

    def _of_places(self) -> str:
        """Return what follows from places not known, and the cure where none is."""
        they = "it counts" if self.geo_unknown == 1 else "they count"
        said = f"; {they} for no municipality"
        if self.geo_unknown < self.events:
            return said
        return (
            f"{said}. If all places are known so well, say --geo-precision exact (in Python "
            'geo_precision="exact")'
        )
