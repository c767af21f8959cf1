"""What only a whole column can decide, so that a file can be read in batches.

Whether 03/04/2024 is in March or in April, whether 45,000 is a date, whether longitude and latitude
are swapped: a row alone does not tell. A batch is read with what most files have (:data:`PLAIN`),
and says whether anything in it might be decided otherwise; only then the columns in question are
read as a whole (:func:`geo.sources.columns.decide`), and the batches again with what they decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

Order = Literal["dmy", "mdy"]
Turned = Literal["", "swapped", "unsigned"]
POINT = "a decimal point"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """How the columns of a file are to be read.

    Parameters
    ----------
    latest
        Last believable day; None where each batch decides by itself.
    order
        What comes first in 03/04/2024; None where no such date was seen.
    has_numbers
        Whether bare numbers are dates.
    forms
        How longitude and latitude are written.
    turned, is_turn_known
        Whether they are swapped, or longitudes lack their sign; and whether rows beside these
        have shown it already.
    grouping
        By column of numbers: ``no`` separators of thousands, ``commas`` only, or ``all``.
    """

    latest: np.datetime64 | None = None
    order: Order | None = None
    has_numbers: bool = False
    forms: Mapping[str, str] = field(default_factory=dict)
    turned: Turned = ""
    is_turn_known: bool = False
    grouping: Mapping[str, str] = field(default_factory=dict)

    def form_of(self, column: str) -> str:
        """Return how a coordinate is written."""
        return self.forms.get(column, POINT)

    def grouping_of(self, column: str) -> str:
        """Return how the thousands of a column are parted."""
        return self.grouping.get(column, "no")


PLAIN = Decisions()
"""What most files have."""
