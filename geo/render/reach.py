"""Which areas a query asks for, as the page is told of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from geo.render.packed import Packed
from geo.steps.reach import Reach


def asked_column(codes: Sequence[str], reach: Reach) -> Packed:
    """Return of each area whether it is asked for as a whole (0), in part (1) or not at all (2).

    Examples
    --------
    >>> reach = Reach(part=frozenset({"25"}), outside=frozenset({"26"}))
    >>> asked_column(["06", "25", "26"], reach).values.tolist()
    [0, 1, 2]
    """
    given = [1 if code in reach.part else 2 if code in reach.outside else 0 for code in codes]
    return Packed("whole", np.array(given, dtype=np.int64))
